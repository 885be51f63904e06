"""How much reaches each timestep, one curve for each state of each cell, on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_core.cells.registry import CELLS
from rnn_core.charts import scene as s
from rnn_core.explain.gradient import PRECISION

WIDTH, HEIGHT = 840.0, 392.0
KEY = 62.0  # the height of the row that names the curves
PLOT = s.Box(74, KEY + 14, WIDTH - 74 - 52, HEIGHT - KEY - 14 - 34)
LOW = -12.0  # decades; what is smaller has left the picture
# The upper end is one of these, so that the axis seldom changes; what is larger still ends there.
HIGH = (1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 192.0, 308.0)
POINTS = 420

Labels = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve.

    Attributes:
        cell: whose.
        state: "h" or "c".
        lengths: (timesteps,), from `Reach.lengths`.
        said: how soon it is halved, in words; blank if that is not known yet.
        beside: the same of another network, dashed; or of one loss alone.
        known: whether it may be shown; if not, there is its first point alone.
    """

    cell: str
    state: str
    lengths: np.ndarray
    said: str = ""
    beside: np.ndarray | None = None
    known: bool = True

    @property
    def pick(self) -> str:
        return f"cell:{self.cell}"


def curves(
    *, drawn: Sequence[Curve], at: int, here: str, labels: Labels, forwards: bool = False, words: Sequence[str] = ()
) -> s.Scene:
    """Draw curves from timestep 1 to the last; a click on a name picks "cell:gru", one on the axis "to:37".

    Args:
        drawn: the curves, a cell's behind one another.
        at: the timestep to which has been walked, from 1; on it stand the numbers.
        here: the cell whose matrices are shown beside.
        labels: axis, timestep, loss (or nudge), precision (what the line stands for), outside (what stands at a curve
            that has left below), states ("h" and "c" by "state_h", "state_c"), hidden, alt.
        forwards: whether it was walked from the first timestep on.
        words: what was read at each timestep, if it has a name.
    """
    timesteps = len(drawn[0].lengths)
    high = _high(drawn)
    marks: list[s.Mark] = [*_axes(high, timesteps, labels, words, at), *_walked(at, timesteps, forwards)]
    marks += _names(drawn, here, labels)
    for curve in drawn:
        marks += _curve(curve, timesteps, high, forwards)
    marks += _cursor(drawn, at, timesteps, high, labels)
    if any(not curve.known for curve in drawn):
        middle = PLOT.x + PLOT.w / 2
        marks.append(s.text(middle, PLOT.y + PLOT.h / 2, labels["hidden"], a="middle", z=20, c="quiet"))
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def _high(drawn: Sequence[Curve]) -> float:
    """The upper end of the axis, in decades: enough for every number that is one, or all if there are others."""
    largest = 0.0
    for curve in drawn:
        for lengths in filter(lambda given: given is not None, (curve.lengths, curve.beside)):
            finite = lengths[np.isfinite(lengths) & (lengths > 0)]
            largest = max(largest, float(np.log10(finite.max())) if len(finite) else 0.0)
    return next((high for high in HIGH if largest <= high), HIGH[-1])


def _x(t: float, timesteps: int) -> float:
    return PLOT.x + PLOT.w * (t - 1) / max(timesteps - 1, 1)


def _y(value: float, high: float) -> float:
    """Where a length stands; what lies beyond an end stands at that end."""
    decades = LOW if value <= 0 else math.log10(value) if math.isfinite(value) else high
    return PLOT.y + PLOT.h * (high - min(max(decades, LOW), high)) / (high - LOW)


def _axes(high: float, timesteps: int, labels: Labels, words: Sequence[str], at: int) -> Iterator[s.Mark]:
    bottom, right = PLOT.y + PLOT.h, PLOT.x + PLOT.w
    yield s.rect(*PLOT, r=4, c="panel")
    lost = _y(PRECISION, high)
    yield s.rect(PLOT.x, lost, PLOT.w, bottom - lost, c="below")
    each = next(each for each in (1, 2, 3, 4, 6, 12, 24, 48, 96) if (high - LOW) / each <= 7)
    for decade in range(-int(-LOW // each) * each, int(high) + 1, each):
        y = _y(10.0**decade, high)
        yield s.path(f"M{PLOT.x} {y:.1f}H{right}", w=2 if decade == 0 else 1, c="thin")
        yield s.text(PLOT.x - 8, y + 5, "1" if decade == 0 else f"10{_raised(decade)}", a="end", z=15, c="quiet")
    yield s.path(f"M{PLOT.x} {lost:.1f}H{right}", w=1.5, c="dashed over")
    yield s.text(PLOT.x + 8, lost + 18, labels["precision"], z=14, c="quiet")
    yield from s.sequence_axis(s.Box(PLOT.x, bottom, PLOT.w, 22), at, timesteps, words, labels["timestep"])


def _raised(number: int) -> str:
    return "".join("⁻" if c == "-" else "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(number))


def _walked(at: int, timesteps: int, forwards: bool) -> Iterator[s.Mark]:
    """What has been walked already is tinted."""
    here = _x(at, timesteps)
    start, end = (PLOT.x, here) if forwards else (here, PLOT.x + PLOT.w)
    yield s.rect(start, PLOT.y, max(end - start, 0.0), PLOT.h, c="walked")


def _names(drawn: Sequence[Curve], here: str, labels: Labels) -> Iterator[s.Mark]:
    """A key: each curve's line, its name, and how soon it is halved; the cells can be picked."""
    wide = WIDTH / max(len(drawn), 3)
    by_cell: dict[str, list[int]] = {}
    for number, curve in enumerate(drawn):
        by_cell.setdefault(curve.cell, []).append(number)
    for cell, numbers in by_cell.items():
        x, w = numbers[0] * wide, len(numbers) * wide - 8
        alone = len(by_cell) == 1
        tip = None if alone or cell == here else labels["open"].format(cell=CELLS[cell].label)
        yield s.rect(x, 0, w, KEY - 6, r=8, c=f"{cell}-tint" if cell == here and not alone else "clear", tip=tip,
                     pick=None if alone or cell == here else f"cell:{cell}")  # fmt: skip
    for number, curve in enumerate(drawn):
        x = number * wide + 10
        yield s.path(f"M{x} 20H{x + 26}", w=3.5, c=f"{curve.cell} {_dash(curve)}")
        name = CELLS[curve.cell].label + labels[f"state_{curve.state}"]
        yield s.text(x + 34, 25.5, name, z=16, c=f"strong {curve.cell}")
        yield s.text(x + 34, 46, curve.said if curve.known else "?", z=15)


def _dash(curve: Curve) -> str:
    return "carry-dash" if curve.state == "c" else f"{curve.cell}-dash"


def _curve(curve: Curve, timesteps: int, high: float, forwards: bool) -> Iterator[s.Mark]:
    look = f"{curve.cell} {_dash(curve)}"
    beside = curve.beside if curve.known and curve.beside is not None else None
    yield s.path("" if beside is None else _line(beside, high), w=1.5, c=f"{curve.cell} dashed")
    yield s.path(_line(curve.lengths, high) if curve.known else "", w=3, c=look)
    start = 0 if forwards else timesteps - 1
    size = float(curve.lengths[start])
    if not curve.known and size > 0:
        yield s.circle(_x(start + 1, timesteps), _y(size, high), 5, c=f"{curve.cell}-fill")


def _line(lengths: np.ndarray, high: float) -> str:
    """The curve as a path; what has left below or overflows ends at the edge, NaN leaves a gap."""
    timesteps = len(lengths)
    chosen = np.unique(np.linspace(0, timesteps - 1, min(timesteps, POINTS)).round().astype(int))
    pieces, pen = [], "M"
    for i in chosen:
        value = float(lengths[i])
        if math.isnan(value):
            pen = "M"
            continue
        pieces.append(f"{pen}{_x(i + 1, timesteps):.1f} {_y(value, high):.1f}")
        pen = "L"
    return "".join(pieces)


def _cursor(drawn: Sequence[Curve], at: int, timesteps: int, high: float, labels: Labels) -> Iterator[s.Mark]:
    """A line at the timestep that has been reached, with the number of each curve on it."""
    x = _x(at, timesteps)
    yield s.path(f"M{x:.1f} {PLOT.y - 6}V{PLOT.y + PLOT.h}", w=1.5, c="over")
    yield s.text(WIDTH - 2, PLOT.y + PLOT.h + 22, labels["loss"], a="end", z=14, c="strong")
    places = _apart([_y(float(curve.lengths[at - 1]), high) for curve in drawn])
    left = x > PLOT.x + PLOT.w - 90
    for curve, place in zip(drawn, places, strict=True):
        value = float(curve.lengths[at - 1])
        shown = curve.known and not (math.isnan(value) and not np.isnan(curve.lengths).any())
        yield s.circle(x, _y(value, high), 5 if shown and value > 0 else 0, c=f"{curve.cell}-fill")
        yield s.text(x + (-11 if left else 11), place + 5, figure(value) if shown else "", a="end" if left else "start",
                     z=15, c=f"strong {curve.cell} halo-panel")  # fmt: skip


def _apart(places: list[float], gap: float = 17.0) -> list[float]:
    """Move texts that would overlap apart, in their order from above."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, after in zip(order, order[1:], strict=False):
        moved[after] = max(moved[after], moved[before] + gap)
    over = max((moved[i] for i in order), default=0.0) - (PLOT.y + PLOT.h - 4)
    return [place - max(over, 0.0) for place in moved]


def figure(value: float) -> str:
    """Return a length as it stands on a picture: short, with its power of ten where it needs one.

    >>> figure(1.0), figure(0.031), figure(4.2e-9), figure(float("inf")), figure(0.0)
    ('1.0', '0.031', '4.2·10⁻⁹', '∞', '0')
    """
    if not math.isfinite(value) or value == 0:
        return {True: "NaN", False: "∞" if value > 0 else "0"}[math.isnan(value)]
    if 0.01 <= abs(value) < 1000:
        text = f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}"
        return f"{value:.1f}" if text in ("1", "2", "3", "4", "5", "6", "7", "8", "9") else text
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·10{_raised(int(exponent))}"
