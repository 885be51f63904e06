"""The toy RNN at the article's size: one timestep as columns of numbers, and the output sequence as it grows.

All columns but the input have one cell per unit, so that a row is one unit from left to right:
state | U·state + W·x + b = sum | tanh | output sequence.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import first_input
from rnn_core.charts import scene as s
from rnn_core.explain.arithmetic import Pointer

WIDTH = 840.0
TOP, BOTTOM, CELL, PITCH = 48.0, 358.0, 20.0, 60.0
HEIGHT = BOTTOM - TOP
LEFT = 18.0 + 7 * PITCH + 2  # where the output sequence begins
WIDE = WIDTH - LEFT - 6
TRACE = 32.0

# What the pictures say, by key; a page hands in its visitor's language.
Labels = Mapping[str, str]


class _Column(NamedTuple):
    """One vector of a timestep.

    Attributes:
        field: what is picked when one of its cells is clicked.
        title, sign: what stands above it, and between it and the column before.
        values: its numbers.
        scale: what takes the full colour.
        role: whose colour its title wears.
        timestep: which timestep its numbers belong to, counted from 1; None for weights.
    """

    field: str
    title: str
    sign: str
    values: np.ndarray
    scale: float
    role: str
    timestep: int | None


def strips(
    *, trace: SimpleRNNTrace, t: int, labels: Labels, left: np.ndarray, opened: Pointer | None = None
) -> s.Scene:
    """Draw one timestep as columns of numbers, the output sequence as it grows, and what is left of the first input.

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the empty start.
        labels: input, state, sum, output, unit, feature, timestep, not_yet, left, alt.
        left: from `first_input_left`, (timesteps,).
        opened: where the number stands whose arithmetic is shown.
    """
    marks: list[s.Mark] = []
    tallest = max(trace.h.shape[2], trace.inputs.shape[2])
    for number, column in enumerate(_columns(trace, t, labels)):
        known = t > 0 or column.field in ("h_previous", "bias")
        marks += _column(column, 18.0 + number * PITCH, HEIGHT * len(column.values) / tallest, known, labels)
    marks += _sequence(trace, t, labels)
    marks.append(_frame(trace, opened))
    box = s.Box(LEFT, BOTTOM + 30, WIDE, TRACE)
    middle = box.y + TRACE / 2 + 5
    share = first_input.share(left[t - 1]) if t else ""
    marks += [
        *first_input.band(left, t, box),
        s.text(LEFT - 10, middle, f"{labels['left']}  {share}", a="end", z=15, c="strong input"),
    ]
    return s.scene(WIDTH, box.y + TRACE + 6, labels["alt"], marks)


def _columns(trace: SimpleRNNTrace, t: int, labels: Labels) -> list[_Column]:
    """The timestep's vectors from left to right; the sums and what is added up share one scale."""
    now, state = max(t - 1, 0), labels["state"]
    sums = float(np.abs(trace.pre_activation).max())
    projected, fed = trace.recurrent_projection[0, now], trace.input_projection[0, now]
    return [
        _Column("h_previous", state, "", trace.h_previous[0, now], 1.0, "state", now),
        _Column("inputs", "x", "", trace.inputs[0, now], 1.0, "input", now + 1),
        _Column("recurrent_projection", f"U·{state}", "", projected, sums, "state", now + 1),
        _Column("input_projection", "W·x", "+", fed, sums, "input", now + 1),
        _Column("bias", "b", "+", trace.weights.bias, sums, "bias", None),
        _Column("pre_activation", labels["sum"], "=", trace.pre_activation[0, now], sums, "", now + 1),
        _Column("h_now", "tanh", "→", trace.h[0, now], 1.0, "state", now + 1),
    ]


def _column(column: _Column, x: float, length: float, known: bool, labels: Labels) -> list[s.Mark]:
    """A vector with its name and its range above it."""
    row = labels["feature" if column.field == "inputs" else "unit"]
    names = (column.title, row, "" if column.timestep is None else labels["timestep"])
    under = _range(column.values) if known else labels["not_yet"]
    return [
        s.text(x - (PITCH - CELL) / 2, TOP + HEIGHT / 2 + 6, column.sign, a="middle", z=20, c="quiet"),
        s.text(x + CELL / 2, TOP - 28, column.title, a="middle", z=15, c=f"strong {column.role}"),
        s.text(x + CELL / 2, TOP - 10, under, a="middle", z=13, c="quiet"),
        s.heat(s.Box(x, TOP, CELL, length), np.asarray(column.values)[:, None], id=column.field, names=names,
               scale=column.scale, columns=s.Columns(column.timestep or 0, int(known))),
    ]  # fmt: skip


def _sequence(trace: SimpleRNNTrace, t: int, labels: Labels) -> list[s.Mark]:
    """The output sequence: a column per timestep, as far as it has come."""
    timesteps = trace.h.shape[1]
    names = (labels["state"], labels["unit"], labels["timestep"])
    return [
        s.text(LEFT - PITCH / 2 + 8, TOP + HEIGHT / 2 + 6, "→", a="middle", z=20, c="quiet"),
        s.text(LEFT, TOP - 28, labels["output"], z=15, c="strong state"),
        s.text(LEFT, TOP - 10, f"{t} / {timesteps}", z=13, c="quiet"),
        s.heat(s.Box(LEFT, TOP, WIDE, HEIGHT), trace.h[0].T, id="h", names=names,
               columns=s.Columns(1, t, t - 1 if t else None)),
        s.text(LEFT, BOTTOM + 19, f"{labels['timestep']} 1", z=13, c="quiet"),
        s.text(LEFT + WIDE, BOTTOM + 19, str(timesteps), a="end", z=13, c="quiet"),
    ]  # fmt: skip


def _range(values: np.ndarray) -> str:
    low, high = float(np.min(values)), float(np.max(values))
    return s.short(low, 1) if low == high else f"{s.short(low, 1)}…{s.short(high, 1)}"


def _frame(trace: SimpleRNNTrace, opened: Pointer | None) -> s.Mark:
    """Around the cell of the output sequence whose arithmetic is open; an empty frame keeps the marks' order."""
    if opened is None:
        return s.rect(LEFT, TOP, 0, 0, c="clear")
    wide, tall, pad = WIDE / trace.h.shape[1], HEIGHT / trace.h.shape[2], 2.0
    x, y = LEFT + opened.t * wide, TOP + opened.unit * tall
    return s.rect(x - pad, y - pad, wide + 2 * pad, tall + 2 * pad, r=2, c="clear carry-edge under")
