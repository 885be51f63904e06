"""A program as a picture: the lines that run now are marked, and below it stands what it prints."""

from collections.abc import Sequence

from rnn_core.charts import scene as s

LINE, SIZE = 24.0, 14.0


def listing(*, lines: Sequence[str], marked: Sequence[int], shapes: Sequence[tuple[str, str]], label: str) -> s.Scene:
    """Draw the program.

    Args:
        lines: of the program.
        marked: which of them run now, counted from 0.
        shapes: expressions and what they print, as far as the program has come.
        label: what it is, for a reader who cannot see it.
    """
    width = max(max(len(text) for text in lines) * SIZE * 0.605 + 28, 380)
    marks: list[s.Mark] = [s.rect(0, 0, width, len(lines) * LINE + 14, r=8, c="panel")]
    for i, code in enumerate(lines):
        y = 7 + i * LINE
        marks.append(s.rect(5, y, width - 10, LINE, r=5, c="marked" if i in marked else "clear"))
        marks.append(s.text(14, y + 17, code, z=SIZE, c="mono strong" if i in marked else "mono"))
    y = len(lines) * LINE + 42
    for name, value in shapes:
        marks.append(s.text(14, y, name, z=SIZE, c="mono quiet"))
        marks.append(s.text(width - 14, y, value, a="end", z=17, c="mono strong state"))
        y += 28
    return s.scene(width, y - 10, label, marks)
