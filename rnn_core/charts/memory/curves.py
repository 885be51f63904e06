"""How much reaches each timestep, one curve for each state of each cell, on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rnn_core.cells.registry import CELLS
from rnn_core.charts import scene as s
from rnn_core.explain.gradient import PRECISION

WIDTH = 840.0
KEY = 56.0  # the height of the row that names the curves
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


@dataclass(frozen=True)
class _Plot:
    """Where the curves stand: the box, how many timesteps it is wide, and the decade at its upper end."""

    box: s.Box
    timesteps: int
    high: float

    @property
    def right(self) -> float:
        return self.box.x + self.box.w

    @property
    def bottom(self) -> float:
        return self.box.y + self.box.h

    def x(self, t: float) -> float:
        return self.box.x + self.box.w * (t - 1) / max(self.timesteps - 1, 1)

    def y(self, value: float) -> float:
        """Where a length stands; what lies beyond an end, and NaN, stands at that end."""
        return float(self.heights(np.array(math.inf if math.isnan(value) else value)))

    def heights(self, lengths: np.ndarray) -> np.ndarray:
        """Where each of these lengths stands, NaN where it is NaN."""
        with np.errstate(divide="ignore"):
            decades = np.clip(np.log10(lengths), LOW, self.high)
        return self.box.y + self.box.h * (self.high - decades) / (self.high - LOW)


def curves(
    *, drawn: Sequence[Curve], at: int, here: str, labels: Labels, forwards: bool = False, words: Sequence[str] = (),
    height: float,
) -> s.Scene:  # fmt: skip
    """Draw curves from timestep 1 to the last; a click on a name picks "cell:gru".

    Args:
        drawn: the curves, a cell's behind one another.
        at: the timestep to which has been walked, from 1; on it stand the numbers.
        here: the cell whose matrices are shown beside.
        labels: timestep, loss, precision (what the line stands for), beside (what the thin lines are), state_h and
            state_c (behind the cell's name), open (with {cell}), hidden, alt.
        forwards: whether it was walked from the first timestep on.
        words: what was read at each timestep, if it has a name.
        height: of the picture.
    """
    box = s.Box(74, KEY + 12, WIDTH - 74 - 52, height - KEY - 12 - 30)
    plot = _Plot(box, len(drawn[0].lengths), _high(drawn))
    marks: list[s.Mark] = [*_axes(plot, labels, words, at), *_walked(plot, at, forwards)]
    marks += _names(drawn, here, labels)
    for curve in drawn:
        marks += _curve(plot, curve, forwards)
    marks += _cursor(plot, drawn, at, labels)
    hidden = any(not curve.known for curve in drawn)
    middle = box.x + box.w / 2, box.y + box.h / 2
    marks.append(s.text(*middle, labels["hidden"] if hidden else "", a="middle", z=20, c="quiet"))
    return s.scene(WIDTH, height, labels["alt"], marks)


def _high(drawn: Sequence[Curve]) -> float:
    """The upper end of the axis, in decades: enough for every number that is one, or all if there are others."""
    largest = 0.0
    for curve in (curve for curve in drawn if curve.known):  # the axis tells nothing of what is hidden
        for lengths in (curve.lengths, curve.lengths if curve.beside is None else curve.beside):
            finite = lengths[np.isfinite(lengths) & (lengths > 0)]
            largest = max(largest, float(np.log10(finite.max())) if len(finite) else 0.0)
    return next((high for high in HIGH if largest <= high), HIGH[-1])


def _axes(plot: _Plot, labels: Labels, words: Sequence[str], at: int) -> Iterator[s.Mark]:
    box, lost = plot.box, plot.y(PRECISION)
    yield s.rect(*box, r=4, c="panel")
    yield s.rect(box.x, lost, box.w, plot.bottom - lost, c="below")
    each = next(each for each in (1, 2, 3, 4, 6, 12, 24, 48, 96) if (plot.high - LOW) / each <= box.h / 36)
    for decade in range(-int(-LOW // each) * each, int(plot.high) + 1, each):
        y = plot.y(10.0**decade)
        yield s.path(f"M{box.x} {y:.1f}H{plot.right}", w=2 if decade == 0 else 1, c="thin")
        yield s.text(box.x - 8, y + 5, "1" if decade == 0 else f"10{raised(decade)}", a="end", z=15, c="quiet")
    yield s.path(f"M{box.x} {lost:.1f}H{plot.right}", w=1.5, c="dashed over")
    yield s.text(box.x + 8, lost + 18, labels["precision"], z=14, c="quiet halo-panel")
    yield s.text(box.x + 8, box.y + 18, labels["beside"], z=14, c="quiet halo-panel")
    yield from s.sequence_axis(s.Box(box.x, plot.bottom, box.w, 22), at, plot.timesteps, words, labels["timestep"])


def raised(number: int) -> str:
    """Return a number as an exponent."""
    return "".join("⁻" if c == "-" else "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(number))


def _walked(plot: _Plot, at: int, forwards: bool) -> Iterator[s.Mark]:
    """What has been walked already is tinted."""
    here = plot.x(at)
    start, end = (plot.box.x, here) if forwards else (here, plot.right)
    yield s.rect(start, plot.box.y, max(end - start, 0.0), plot.box.h, c="walked")


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


def _curve(plot: _Plot, curve: Curve, forwards: bool) -> Iterator[s.Mark]:
    look = f"{curve.cell} {_dash(curve)}"
    beside = curve.beside if curve.known and curve.beside is not None else None
    yield s.path("" if beside is None else _line(plot, beside), w=1.5, c=f"{curve.cell} dashed")
    yield s.path(_line(plot, curve.lengths) if curve.known else "", w=3, c=look)
    start = 0 if forwards else plot.timesteps - 1
    size = float(curve.lengths[start])
    shown = not curve.known and size > 0
    yield s.circle(plot.x(start + 1), plot.y(size) if shown else 0.0, 5 if shown else 0, c=f"{curve.cell}-fill")


def _line(plot: _Plot, lengths: np.ndarray) -> str:
    """The curve as a path; it ends where it leaves below, what overflows runs along the edge, NaN leaves a gap."""
    chosen = np.unique(np.linspace(0, plot.timesteps - 1, min(plot.timesteps, POINTS)).round().astype(int))
    pieces: list[list[str]] = []
    before = math.nan
    for i, y in zip(chosen.tolist(), plot.heights(lengths[chosen]).tolist(), strict=True):
        # From point to point, unless there is none, or both lie below.
        joined = not math.isnan(before) and min(before, y) < plot.bottom
        if not math.isnan(y):
            pieces += [] if joined else [[]]
            pieces[-1].append(f"{plot.x(i + 1):.1f} {y:.1f}")
        before = y
    return "".join("M" + "L".join(piece) for piece in pieces if len(piece) > 1)


def _cursor(plot: _Plot, drawn: Sequence[Curve], at: int, labels: Labels) -> Iterator[s.Mark]:
    """A line at the timestep that has been reached, with the number of each curve on it."""
    x = plot.x(at)
    yield s.path(f"M{x:.1f} {plot.box.y - 6}V{plot.bottom}", w=1.5, c="over")
    yield s.text(WIDTH - 2, plot.bottom + 22, labels["loss"], a="end", z=14, c="strong")
    values = [float(curve.lengths[at - 1]) for curve in drawn]
    lowest = plot.bottom - 4
    places = _apart([lowest if math.isnan(value) else plot.y(value) for value in values], lowest)
    left = x > plot.right - 90
    for curve, value, place in zip(drawn, values, places, strict=True):
        dotted = curve.known and not math.isnan(value)
        yield s.circle(x, plot.y(value) if dotted else 0.0, 5 if dotted else 0, c=f"{curve.cell}-fill")
        name = f"{curve.state} " if CELLS[curve.cell].memory == "c" else ""
        yield s.text(x + (-11 if left else 11), place + 5, name + figure(value) if curve.known else "",
                     a="end" if left else "start", z=15, c=f"strong {curve.cell} halo-panel")  # fmt: skip


def _apart(places: Sequence[float], lowest: float, gap: float = 17.0) -> list[float]:
    """Move texts that would overlap apart, in their order from above, none below the lowest place."""
    moved = list(places)
    order = sorted(range(len(moved)), key=lambda i: moved[i])
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + gap)
    # What has been moved out below moves up again, and what lies in its way; all others stay where their curves are.
    end = lowest
    for i in reversed(order):
        moved[i] = min(moved[i], end)
        end = moved[i] - gap
    return moved


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
    return f"{mantissa}·10{raised(int(exponent))}"
