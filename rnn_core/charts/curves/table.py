"""The data of a chart of curves, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.charts.curves.points import Ground, Line, Points
from rnn_core.charts.palette import LOOKS, Look

RING = 0.045  # half a ring's height, and a little more, as a share of the chart's
NEAR = 0.15  # words of moments nearer than this, as a share of the epochs, would lie on one another
APART = 0.077  # the distance of two texts one above the other, as a share of the chart's
COLUMNS = ("kind", "network", "look", "series", "x", "y", "low", "high", "value", "text")
# Rows of a kind are drawn by the layers of that kind. A line's text stands to the left of its last point ("end"), or
# to the right where there is no room to the left ("begin"). A moment's mark stands on its line, its word beside it.
KINDS = ("guessing", "batch", "train", "validation", "band", "best", "article", "end", "begin", "moment", "word")


def rows(lines: Sequence[Line], ground: Ground, article: Mapping[str, ArrayLike] | None = None) -> dict[str, list]:
    """Return the chart's data as columns.

    Args:
        lines: what is compared.
        ground: axes and the level of guessing.
        article: network → validation per epoch, laid under the curves; none by default.

    Returns:
        COLUMNS, by name. `kind` says what a row is: "frame" or one of KINDS. A row without a series is not drawn:
        each kind has one, since Vega warns of a layer that has no rows, at every update.
    """
    table = _Table(ground)
    for name, values in (article or {}).items():
        history = np.asarray(values, float)
        line = Line(name, LOOKS[name], f"article {name}", (Points(validation=history),))
        table.add("article", line, np.arange(1, len(history) + 1), history)
    for line in lines:
        _curves(table, line)
    table.make_room()
    _moments(table, lines)
    _ends(table, lines)
    return table.columns


class _Table:
    """Columns that grow, on one ground."""

    def __init__(self, ground: Ground):
        self.ground = ground
        self.columns: dict[str, list] = {name: [] for name in COLUMNS}
        nothing = Line("", LOOKS["simple_rnn"], "", ())
        # A little room, so that marks at the edge are whole.
        self.frame = nothing
        self.add("frame", nothing, [0, 1.04 * ground.epochs], [ground.low, ground.high])
        for kind in KINDS:
            self.add(kind, nothing, [0], [ground.low])
        if ground.guessing is not None:
            level = Line("", LOOKS["simple_rnn"], "guessing", (), text=f"- - - {ground.guessing.text}")
            self.add("guessing", level, [0], [ground.guessing.value])

    def add(self, kind: str, line: Line, x: ArrayLike, y: ArrayLike, **more: ArrayLike) -> None:
        """Add a row per known value of y; `more` may give `low`, `high` and the `value` that y stands for."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        known, cap = np.isfinite(y), np.inf if kind == "frame" else self.ground.cap
        count = int(known.sum())
        same = {"kind": kind, "network": line.network, "look": look_name(line.look), "series": line.series,
                "text": line.text if kind in ("guessing", "end", "begin") else
                line.moment.text if kind == "word" and line.moment else ""}  # fmt: skip
        for name, constant in same.items():
            self.columns[name] += [constant] * count
        self.columns["x"] += x[known].tolist()
        self.columns["value"] += np.asarray(more.get("value", y), float)[known].tolist()
        for name in ("y", "low", "high"):
            self.columns[name] += np.minimum(np.asarray(more.get(name, y), float)[known], cap).tolist()

    def make_room(self) -> None:
        """Let the axis reach beyond the outermost values: marks there must be whole, and so must the ring."""
        kinds, series, drawn = (self.columns[name] for name in ("kind", "series", "y"))
        marked = [y for kind, of, y in zip(kinds, series, drawn, strict=True) if of and kind in ("train", "validation")]
        if marked:
            low, high = self.reach()
            room = RING * (high - low)
            self.add("frame", self.frame, [0, 0], [min(low, min(marked) - room), max(high, max(marked) + room)])

    def reach(self) -> tuple[float, float]:
        """The lowest and the highest value that the axis shows."""
        return min(self.ground.low, *self.columns["y"]), max(self.ground.high, *self.columns["y"])


def look_name(look: Look) -> str:
    """Name a look in the data; the spec gives each name its dash and its mark."""
    return " ".join(map(str, look.dash))


def _curves(table: _Table, line: Line) -> None:
    """A line's points: of batches, in training, in validation, its best epoch or the range over its seeds."""
    if len(line.points) == 1:
        table.add("batch", line, line.points[0].batch_epoch, line.points[0].batch)
    epoch, mean, _low, _high = across_seeds([points.train for points in line.points])
    table.add("train", line, epoch, mean)
    epoch, mean, low, high = across_seeds([points.validation for points in line.points])
    table.add("validation", line, epoch, mean)
    if len(line.points) > 1:
        table.add("band", line, epoch, mean, low=low, high=high)
    elif line.best_epoch is not None and line.best_epoch <= len(mean):
        table.add("best", line, [line.best_epoch], [mean[line.best_epoch - 1]])


def _moments(table: _Table, lines: Sequence[Line]) -> None:
    """The marks of moments on the validation curves, and their words, one above the other where they are close."""
    low, high = table.reach()
    placed: list[tuple[float, float]] = []
    for line in lines:
        if line.moment is None or len(line.points) != 1:
            continue
        x, values = line.moment.epoch, np.asarray(line.points[0].validation, float)
        if not 1 <= x <= len(values) or not np.isfinite(values[x - 1]):
            continue
        value = float(values[x - 1])
        table.add("moment", line, [x], [value])
        y = min(value, table.ground.cap)
        near = sorted(other for at, other in placed if abs(at - x) < NEAR * table.ground.epochs)
        for other in near:
            if abs(y - other) < APART * (high - low):
                y = other + APART * (high - low)
        placed.append((x, y))
        table.add("word", line, [x], [y], value=[value])


def _ends(table: _Table, lines: Sequence[Line]) -> None:
    """The texts at the lines' ends, moved apart where they would lie on one another."""
    low, high = table.reach()
    ends: list[tuple[float, float, Line]] = []
    for line in lines:
        epoch, mean, _low, _high = across_seeds([points.validation for points in line.points])
        known = np.flatnonzero(np.isfinite(mean))
        if line.text and known.size:
            ends.append((float(epoch[known[-1]]), float(mean[known[-1]]), line))
    apart = APART * (high - low)
    heights = spread([min(y, table.ground.cap) for _x, y, _line in ends], apart, high - 2 * apart)
    for (x, value, line), y in zip(ends, heights, strict=True):
        kind = "end" if x > table.ground.epochs / 2 else "begin"
        table.add(kind, line, [x], [y], value=[value])


def spread(heights: Sequence[float], apart: float, top: float = np.inf) -> list[float]:
    """Move heights by as little as keeps each `apart` from the one below: up, but none of them beyond `top`.

    >>> spread([1.0, 0.5, 0.5], 0.25), spread([1.0, 1.0], 0.25, top=1.0)
    ([1.0, 0.5, 0.75], [0.75, 1.0])
    """
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda i: heights[i])
    below = -np.inf
    for i in order:
        moved[i] = below = max(moved[i], below + apart)
    above = top + apart
    for i in reversed(order):
        moved[i] = above = min(moved[i], above - apart)
    return moved


def across_seeds(curves: Sequence[ArrayLike]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return epochs, mean, smallest and largest value over those curves that have come that far."""
    arrays = [np.asarray(curve, float) for curve in curves]
    longest = max((len(array) for array in arrays), default=0)
    if longest == 0:
        return (np.empty(0),) * 4
    table = np.full((len(arrays), longest), np.nan)
    for row, array in zip(table, arrays, strict=True):
        row[: len(array)] = array
    known = np.isfinite(table)
    count = known.sum(axis=0)
    mean = np.where(count, np.where(known, table, 0).sum(axis=0) / np.maximum(count, 1), np.nan)
    low = np.where(known, table, np.inf).min(axis=0)
    high = np.where(known, table, -np.inf).max(axis=0)
    return np.arange(1, longest + 1), mean, low, high
