"""What is left of one word as the networks read on: a curve for each network above the text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.charts import scene as s
from rnn_core.charts.words.rows import END, START, WIDTH, Labels, Plot, Text, draw_row, layout, line
from rnn_core.charts.words.verdict import BETWEEN, name_of

HEIGHTS = {1: 150.0, 2: 110.0, 3: 90.0}  # of a curve, by how many there are
KEY = 34.0
# Curves of less than this, in log-odds, do not fill the picture: it is a word that never counted for much.
LEAST = 2.0


def left_behind(
    *, left: Mapping[str, ArrayLike], words: Sequence[str], word: int, labels: Labels, unknown: Collection[int] = (),
    cut: Collection[int] = (),
) -> s.Scene:  # fmt: skip
    """Draw by how much one word moves the verdict, when it is read and after each later word, in log-odds.

    All networks share one scale; zero, in the middle, is where the word makes no difference. Below stand the words, of
    a long text this one alone; a click on one picks "word:7", counted from 0.

    Args:
        left: by network, (words + 1,): the score with the word less that without it; NaN before it.
        words: of the text.
        word: which one is meant, counted from 0; it is framed.
        labels: for and against "positive" (the ends of the axis), bag_of_words (its name), end (with
            {network} and {value}), alt.
        unknown, cut: as of `verdict`.
    """
    curves = {name: np.asarray(values, np.float64) for name, values in left.items()}
    largest = max(LEAST, *(float(np.nanmax(np.abs(values), initial=0.0)) for values in curves.values()))
    places = layout(words)
    text = Text(words, [0.0] * len(words), list(words), word + 1, unknown, cut)
    marks: list[s.Mark] = [*_names(curves, labels)]
    y = KEY
    for staff in places.staves:
        plot = Plot(places, staff, y, HEIGHTS[len(places.staves)])
        marks += _axes(plot, largest, labels)
        for name, values in curves.items():
            points = plot.points(0.5 + values / (2 * largest))
            marks.append(s.path(line(points), w=3, c=f"{name} {name}-dash"))
            here = len(points) > 0 and staff.start <= word < staff.stop
            x, at = points[0].tolist() if here else (0.0, 0.0)
            marks.append(s.circle(x, at, 5 if here else 0, c=f"{name}-fill"))
        y += plot.high + 8
        if places.aligned:
            marks += draw_row(text, places, staff, y)
            y += places.high + BETWEEN
    if not places.aligned:  # all words of a long text stand below the verdict already
        a = "start" if word < len(words) / 2 else "end"
        marks.append(s.text(places.x(word), y + 12, words[word], a=a, z=15, c="strong"))
        y += 20 + BETWEEN
    return s.scene(WIDTH, y - BETWEEN + 4, labels["alt"], marks)


def _names(curves: Mapping[str, np.ndarray], labels: Labels) -> Iterator[s.Mark]:
    wide = WIDTH / max(len(curves), 4)
    for number, (network, values) in enumerate(curves.items()):
        x = number * wide
        yield s.path(f"M{x + 10} 11H{x + 40}", w=3, c=f"{network} {network}-dash")
        end = ("+" if values[-1] > 0 else "") + s.short(float(values[-1]))
        said = labels["end"].format(network=name_of(network, labels), value=end)
        yield s.text(x + 48, 16, said, z=15, c=f"strong {network}")


def _axes(plot: Plot, largest: float, labels: Labels) -> Iterator[s.Mark]:
    yield s.rect(START, plot.y, END - START, plot.high, r=4, c="panel")
    yield s.path(f"M{START} {plot.y + plot.high / 2:.1f}H{END}", w=1, c="dashed over")
    for share, said in ((0.0, labels["against"]), (0.5, "0"), (1.0, labels["for"])):
        yield s.text(START - 7, plot.y + plot.high * (1 - share) + 5, said, a="end", z=15, c="quiet")
    yield s.text(START + 6, plot.y + 17, f"+{s.short(largest)}", z=13, c="quiet halo-panel")
    yield s.text(START + 6, plot.y + plot.high - 7, s.short(-largest), z=13, c="quiet halo-panel")
