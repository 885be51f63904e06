"""Three answers to what a word has done to the verdict, side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.charts import scene as s
from rnn_core.charts.words.rows import END, START, WIDTH, Labels, Layout, Text, draw_row, layout

NAME, LANE, BETWEEN = 22.0, 48.0, 6.0
NAMES = ("step", "left_out", "saliency")


def beside(
    *, step: ArrayLike, saliency: ArrayLike, left_out: ArrayLike | None, words: Sequence[str], at: int, labels: Labels,
    unknown: Collection[int] = (), cut: Collection[int] = (),
) -> s.Scene:  # fmt: skip
    """Draw three rows of bars, one column for each word: up where it speaks for "positive", down for "negative".

    Each row is scaled to its own largest number, for the three are not in the same units. A click on a word picks
    "word:7", counted from 0.

    Args:
        step: by how much the score moved at each word, (words,); NaN where there is none.
        saliency: gradient × input, likewise.
        left_out: what the score loses without each word, likewise; None if that is not known yet.
        words: of the text.
        at: how many words have been read: the last of them is framed, and its numbers stand on the picture.
        labels: step, left_out, saliency (the rows' names), number (with {value}, of the word that is framed, and
            {largest}), ask (instead of left_out's bars), alt.
        unknown, cut: as of `verdict`.
    """
    places = layout(words)
    given = dict(zip(NAMES, (step, left_out, saliency), strict=True))
    values = {name: None if v is None else np.nan_to_num(np.asarray(v, np.float64)) for name, v in given.items()}
    text = Text(words, [0.0] * len(words), list(words), at, unknown, cut)
    marks: list[s.Mark] = []
    y = 4.0
    for staff in places.staves:
        for name in NAMES:
            marks += _lane(places, staff, name, values[name], at, y, labels)
            y += NAME + LANE + BETWEEN
        if places.aligned:
            marks += draw_row(text, places, staff, y)
            y += places.high + BETWEEN
    return s.scene(WIDTH, y, labels["alt"], marks)


def _lane(
    places: Layout, staff: range, name: str, values: np.ndarray | None, at: int, y: float, labels: Labels
) -> Iterator[s.Mark]:
    title, y = y + 17, y + NAME
    middle, half = y + LANE / 2, LANE / 2 - 3
    largest = 0.0 if values is None else float(np.abs(values).max(initial=0.0))
    here = at - 1 if at - 1 in staff else None
    yield s.rect(START, y, END - START, LANE, r=4, c="panel")
    yield s.rect(*_column(places, here, y) if here is not None else (0, 0, 0, 0), r=3, c="marked")
    for sign in (1, -1):
        bars = [] if values is None or not largest else [i for i in staff if values[i] * sign > 0]
        wide = (END - START) / max(len(places.lefts), 1)
        path = "".join(
            f"M{_middle(places, i):.1f} {middle:.1f}v{-half * float(values[i]) / largest:.1f}"  # type: ignore[index]
            for i in bars
        )
        yield s.path(path, v=sign, w=22 if places.aligned else max(0.8 * wide, 1.0), c="bars")
    yield s.path(f"M{START} {middle}H{END}", w=1, c="thin")
    yield s.text(START, title, labels[name], z=15, c="strong")
    said = ""
    if values is None:
        said = labels["ask"]
    elif len(values) and (staff.start == 0 or here is not None):
        value = s.short(values[at - 1]) if at else "–"
        said = labels["number"].format(value=value, largest=s.short(largest))
    yield s.text(END, title, said, a="end", z=15, c="quiet")


def _middle(places: Layout, word: int) -> float:
    """Where a word's column stands."""
    if places.aligned:
        return places.x(word)
    return (places.x(word) + places.x(word - 1)) / 2


def _column(places: Layout, word: int, y: float) -> tuple[float, float, float, float]:
    if places.aligned:
        return places.lefts[word], y, places.widths[word], LANE
    wide = max(places.x(word) - places.x(word - 1), 3.0)
    return _middle(places, word) - wide / 2, y, wide, LANE
