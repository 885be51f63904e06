"""The verdict after each word: a curve for each network above the text that it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.registry import CELLS
from rnn_core.charts import scene as s
from rnn_core.charts.words.rows import END, START, WIDTH, Labels, Plot, Text, draw_row, layout, line
from rnn_core.numbers import percent

KEY = 58.0  # the height of the row that names the curves
BETWEEN = 14.0
HEIGHTS = {1: 206.0, 2: 134.0, 3: 106.0}  # of a curve, by how many there are
# A step of this size in the log-odds takes the full colour, unless the text has larger ones: where no word says
# anything, none shall look as if it did.
LEAST = 2.0


def verdict(
    *, readings: Mapping[str, ArrayLike], words: Sequence[str], steps: Sequence[float], here: str, at: int,
    labels: Labels, before: Mapping[str, ArrayLike] | None = None, hidden: Collection[str] = (),
    unknown: Collection[int] = (), cut: Collection[int] = (),
) -> s.Scene:  # fmt: skip
    """Draw how likely each network holds "positive" after each word; below stand the words, coloured by their steps.

    A click on a word picks "word:7", counted from 0; on a network's name, "network:gru".

    Args:
        readings: by network, P(positive) before the first word and after each, (words + 1,).
        words: of the text, also those that are not read: there the curves stay what they are.
        steps: by how much each word moved the log-odds of the network `here`, (words,).
        here: the network whose steps colour the words.
        at: how many words have been read: the last of them is framed, and its numbers stand on the picture.
        labels: positive, negative, bag_of_words (its name), says (with {share}), open (with {network}), word (with
            {word}, {before}, {after} and {step}), unknown and cut (said of a word), hidden, alt.
        before: the same of the text before an edit, drawn pale; NaN where it had no such word, see `carried`.
        hidden: networks whose curve may not be shown yet.
        unknown: words that the network does not know.
        cut: words that were cut away.
    """
    curves = {name: np.asarray(values, np.float64) for name, values in readings.items()}
    others = {name: np.asarray(values, np.float64) for name, values in (before or {}).items()}
    places = layout(words)
    known = {} if here in hidden else {here: curves[here]}
    text = Text(words, _shades(steps, here in hidden), _tips(words, steps, known.get(here), unknown, cut, labels), at,
                unknown, cut)  # fmt: skip
    marks: list[s.Mark] = [*_names(curves, here, at, hidden, labels)]
    y = KEY
    for staff in places.staves:
        plot = Plot(places, staff, y, HEIGHTS[len(places.staves)])
        marks += _axes(plot, labels)
        for name, values in curves.items():
            marks += _curve(plot, name, values, others.get(name), name in hidden, name == here)
        marks += _cursor(plot, curves, at, hidden)
        y += plot.high + 8
        if places.aligned:
            marks += draw_row(text, places, staff, y)
            y += places.high + BETWEEN
    if hidden:
        marks.append(s.text((START + END) / 2, KEY + 60, labels["hidden"], a="middle", z=18, c="quiet halo-panel"))
    if not places.aligned:
        for number, row in enumerate(places.rows):
            marks += draw_row(text, places, row, y + 4 + number * places.high)
        y += 4 + len(places.rows) * places.high + BETWEEN
    return s.scene(WIDTH, y - BETWEEN + 4, labels["alt"], marks)


def _shades(steps: Sequence[float], hidden: bool) -> list[float]:
    array = np.zeros(len(steps)) if hidden else np.nan_to_num(np.asarray(steps, np.float64))
    # No eye tells finer ones apart, and a word whose shade stays is not drawn anew.
    return np.round(array / max(float(np.abs(array).max(initial=0.0)), LEAST), 2).tolist()


def _tips(
    words: Sequence[str], steps: Sequence[float], curve: np.ndarray | None, unknown: Collection[int],
    cut: Collection[int], labels: Labels,
) -> list[str]:  # fmt: skip
    tips = []
    for i, word in enumerate(words):
        if i in cut or i in unknown:
            tips.append(f"{word}\n{labels['cut' if i in cut else 'unknown']}")
        elif curve is None:
            tips.append(word)
        else:
            step = ("+" if steps[i] > 0 else "") + s.short(steps[i])
            said = {"before": percent(float(curve[i])), "after": percent(float(curve[i + 1])), "step": step}
            tips.append(labels["word"].format(word=word, **said))
    return tips


def name_of(network: str, labels: Labels) -> str:
    """What a network is called on a picture."""
    return CELLS[network].label if network in CELLS else labels[network]


def _names(
    curves: Mapping[str, np.ndarray], here: str, at: int, hidden: Collection[str], labels: Labels
) -> Iterator[s.Mark]:
    """A key: each network's line, its name, and what it says at this word; the others can be picked."""
    wide = WIDTH / max(len(curves), 4)
    for number, (network, values) in enumerate(curves.items()):
        x, name = number * wide, name_of(network, labels)
        yield s.rect(x, 0, wide - 8, KEY - 10, r=8, c=f"{network}-tint" if network == here else "clear",
                     tip=None if network == here else labels["open"].format(network=name),
                     pick=None if network == here else f"network:{network}")  # fmt: skip
        yield s.path(f"M{x + 10} 17H{x + 40}", w=3.5, c=f"{network} {network}-dash")
        yield s.text(x + 48, 22, name, z=16, c=f"strong {network}")
        share = "?" if network in hidden else labels["says"].format(share=percent(float(values[at])))
        yield s.text(x + 48, 42, share, z=15)


def _axes(plot: Plot, labels: Labels) -> Iterator[s.Mark]:
    yield s.rect(START, plot.y, END - START, plot.high, r=4, c="panel")
    for share, said in ((0.0, labels["negative"]), (0.5, "50%"), (1.0, labels["positive"])):
        y = plot.y + plot.high * (1 - share)
        yield s.path(f"M{START} {y:.1f}H{END}", w=1, c="dashed over" if share == 0.5 else "thin")
        yield s.text(START - 7, y + 5, said, a="end", z=15, c="quiet")


def _curve(
    plot: Plot, network: str, values: np.ndarray, before: np.ndarray | None, hidden: bool, here: bool
) -> Iterator[s.Mark]:
    yield s.path("" if before is None or hidden else line(plot.points(before)), w=2, c=f"{network} faint")
    points = plot.points(values)
    # A long text's curves cross often: there the one that is looked at stands out.
    wide = (4.0 if here else 2.5) if plot.places.aligned else (2.5 if here else 1.5)
    aside = "" if here or plot.places.aligned else " faint"
    yield s.path("" if hidden else line(points), w=wide, c=f"{network} {network}-dash{aside}")
    first = hidden and plot.words.start == 0 and len(points) > 0
    x, y = points[0].tolist() if first else (0.0, 0.0)
    yield s.circle(x, y, 5 if first else 0, c=f"{network}-fill")


def _cursor(
    plot: Plot, curves: Mapping[str, np.ndarray], at: int, hidden: Collection[str]
) -> Iterator[s.Mark]:  # fmt: skip
    """A line at the word that has been reached, and a dot on each curve."""
    first, last = plot.words.start, plot.words.stop
    there = first < at <= last or at == first == 0
    x = plot.place(at, 0.0)[0] if there else 0.0
    yield s.path(f"M{x:.1f} {plot.y - 5:.1f}V{plot.y + plot.high + 8:.1f}" if there else "", w=1.5, c="over")
    for network, values in curves.items():
        dotted = there and network not in hidden
        place = plot.place(at, float(values[at])) if dotted else (0.0, 0.0)
        yield s.circle(*place, 5.5 if dotted else 0, c=f"{network}-fill")
