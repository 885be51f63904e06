"""One timestep's Jacobian and the product of all so far: two heat maps, and how far each of them stretches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rnn_core.charts import scene as s
from rnn_core.charts.memory.curves import figure, raised

WIDTH = 440.0
SIDE = 186.0
LEFT, RIGHT = 32.0, WIDTH - SIDE  # of the two heat maps
TOP = 34.0
BARS = s.Box(0, TOP + SIDE + 54, 0, 62)
PATHS = BARS.y + BARS.h + 22
# In decades: one step stretches little, a product of many very much.
ONE, ALL = (-2.0, 1.0), (-12.0, 6.0)

Labels = Mapping[str, str]


def matrices(
    *, jacobian: np.ndarray | None, product: np.ndarray, values: tuple[np.ndarray | None, np.ndarray],
    paths: Mapping[str, float], chosen: str, states: Sequence[str], labels: Labels,
) -> s.Scene:  # fmt: skip
    """Draw the matrix of one timestep, the product so far, the singular values of both, and the paths' shares.

    Picks: "jacobian:row:column" and "product:row:column" for a number, "path:kept" for a path.

    Args:
        jacobian: of the timestep, or of one path of it; None where nothing has been multiplied yet.
        product: of all so far.
        values: the singular values of both, largest first; of the whole Jacobian, whatever path is shown.
        paths: path → how long the gradient is that takes it at this timestep; the whole as well.
        chosen: the path whose matrix is shown.
        states: the names of the parts of a state, "h" and for an LSTM "c".
        labels: jacobian, product, entry, row, column, stretch, largest, ways, path_whole, path_kept, path_gates,
            none, alt.
    """
    marks: list[s.Mark] = [*_matrix(jacobian, LEFT, "jacobian", states, chosen, labels)]
    marks += _matrix(product, RIGHT, "product", states, chosen, labels)
    marks.append(s.text(LEFT, BARS.y - 12, labels["stretch"], z=15, c="strong"))
    for place, found, ends in ((LEFT, values[0], ONE), (RIGHT, values[1], ALL)):
        marks += _bars(found, s.Box(place, BARS.y, SIDE, BARS.h), ends)
    marks += _paths(paths, chosen, labels)
    return s.scene(WIDTH, PATHS + 112, labels["alt"], marks)


def _matrix(
    matrix: np.ndarray | None, x: float, name: str, states: Sequence[str], path: str, labels: Labels
) -> Iterator[s.Mark]:
    yield s.text(x + SIDE / 2, 20, labels[name], a="middle", z=17, c="strong")
    if matrix is None:
        yield s.rect(x, TOP, SIDE, SIDE, r=4, c="panel")
        yield s.text(x + SIDE / 2, TOP + SIDE / 2 + 5, labels["none"], a="middle", z=15, c="quiet")
    else:
        finite = matrix[np.isfinite(matrix)]
        scale = float(np.abs(finite).max()) if finite.size else 1.0
        names = (labels["entry"], labels["row"], labels["column"])
        # Its largest number has the full colour, however small or large it is.
        with np.errstate(all="ignore"):
            drawn = np.divide(matrix, scale or 1.0)
        yield s.heat(s.Box(x, TOP, SIDE, SIDE), drawn, id=name, names=names, times=scale or 1.0)
        # What overflowed is named, though the colours are those of the numbers that did not.
        largest = figure(float(np.abs(matrix).max()))
        said = labels["largest"].format(size=largest)
        if path != "whole" and name == "jacobian":
            said = labels[f"path_{path}"]
        yield s.text(x + SIDE / 2, TOP + SIDE + 20, said, a="middle", z=14, c="quiet")
    part = SIDE / len(states)
    for i, state in enumerate(states):
        split = f"M{x} {TOP + i * part}h{SIDE}M{x + i * part} {TOP}v{SIDE}" if i and matrix is not None else ""
        yield s.path(split, w=1.5, c="over")
        yield s.text(x - 7, TOP + (i + 0.5) * part + 5, state if len(states) > 1 else "", a="end", z=15, c="quiet")


def _bars(values: np.ndarray | None, box: s.Box, ends: tuple[float, float]) -> Iterator[s.Mark]:
    """Singular values as bars on a logarithmic axis, from the line of 1 up or down; a few stand for very many."""
    low, high = ends
    line = box.y + box.h * high / (high - low)
    yield s.rect(*box, r=4, c="panel")
    yield s.path(f"M{box.x} {line:.1f}H{box.x + box.w}", w=1, c="over")
    yield s.text(box.x - 5, line + 5, "1", a="end", z=13, c="quiet")
    for decade, y in ((high, box.y + 10), (low, box.y + box.h)):
        yield s.text(box.x - 5, y, "10" if decade == 1 else f"10{raised(int(decade))}", a="end", z=13, c="quiet")
    if values is None:
        return
    if np.isnan(values).all():  # of a matrix that overflowed nobody can tell how far it stretches
        yield s.text(box.x + box.w / 2, box.y + box.h / 2 + 5, "NaN", a="middle", z=15, c="quiet")
        return
    chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), 32)).round().astype(int))
    wide = box.w / max(len(chosen), 1)
    for place, i in enumerate(chosen):
        value = float(values[i])
        decades = low if value <= 0 else math.log10(value) if math.isfinite(value) else high
        y = box.y + box.h * (high - min(max(decades, low), high)) / (high - low)
        top, tall = min(y, line), max(abs(y - line), 1.0)
        yield s.rect(box.x + (place + 0.15) * wide, top, 0.7 * wide, tall, c="grows" if y < line else "shrinks",
                     tip=f"σ{i + 1} = {figure(value)}")  # fmt: skip


def _paths(paths: Mapping[str, float], chosen: str, labels: Labels) -> Iterator[s.Mark]:
    """The ways that the gradient takes at this timestep, each with its length; a way can be picked."""
    largest = max((size for size in paths.values() if math.isfinite(size)), default=0.0) or 1.0
    y = PATHS + 24
    several = len(paths) > 1
    yield s.text(LEFT, PATHS, labels["ways"] if several else "", z=15, c="strong")
    for name in ("whole", "kept", "gates"):
        there = several and name in paths
        size = paths.get(name, 0.0)
        share = 0.0 if math.isnan(size) else min(size / largest, 1.0)
        yield s.rect(LEFT - 8, y - 16, WIDTH - LEFT + 8, 26, r=6, c="marked" if there and name == chosen else "clear",
                     tip=labels[f"path_{name}"] if there else None,
                     pick=f"path:{name}" if there and name != chosen else None)  # fmt: skip
        yield s.rect(RIGHT + 4, y - 10, (SIDE - 84) * share if there else 0, 14, r=3, c="carry-fill" if name == "kept"
                     else "state-fill", tip=None)  # fmt: skip
        yield s.text(LEFT, y + 2, labels[f"path_{name}"] if there else "", z=15, c="strong" if name == chosen else "")
        yield s.text(WIDTH - 4, y + 2, figure(size) if there else "", a="end", z=15, c="strong")
        y += 28
