"""All timesteps of a cell side by side, one lane for each number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.charts import first_input
from rnn_core.charts import scene as s
from rnn_core.charts.gates import fields
from rnn_core.charts.gates.diagram import PARTS
from rnn_core.charts.gates.drawing import Labels
from rnn_core.explain.arithmetic import Pointer

WIDTH = 1200.0
START, END = 134.0, WIDTH - 160  # left of the lanes stand their names, right of them a figure each
FIRST_INPUT = 36.0
BETWEEN = 9.0


@dataclass(frozen=True)
class _Strip:
    """What all lanes of a strip have in common."""

    trace: CellTrace
    t: int
    labels: Labels

    @property
    def timesteps(self) -> int:
        return self.trace.h.shape[1]

    @property
    def wide(self) -> float:
        return (END - START) / self.timesteps


def lanes(trace: CellTrace) -> tuple[tuple[str, float], ...]:
    """Return the strip's lanes from top to bottom: field and height. The first is the cell's memory."""
    return PARTS[cell_of(trace).name].LANES


def strip(*, trace: CellTrace, t: int, labels: Labels, left: np.ndarray | None = None, words: Sequence[str] = (),
          opened: Pointer | None = None) -> s.Scene:  # fmt: skip
    """Draw all timesteps side by side, one lane for each number, and how much of the first input is left.

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; what comes later is not yet there.
        labels: the names of all fields, and unit, feature, timestep, mean_size (with {value}), left, alt.
        left: from `first_input_left`, (timesteps,); without it, that lane is not drawn.
        words: what was read at each timestep, if it has a name.
        opened: the number whose arithmetic is shown; it is framed.
    """
    of = _Strip(trace, t, labels)
    tops: dict[str, float] = {}
    y = 10.0
    (memory, tall), *_others = lanes(trace)
    marks = _track(of, memory, y, tall)
    for field, height in lanes(trace):
        tops[field] = y
        marks += _lane(of, field, y, height)
        y += height + BETWEEN
        if field == memory and left is not None:
            marks += _left(of, left, y)
            y += FIRST_INPUT + BETWEEN + 1
    marks.append(_frame(of, opened, tops))
    marks += s.sequence_axis(s.Box(START, y, END - START, 12), t, of.timesteps, words, labels["timestep"])
    return s.scene(WIDTH, y + 20, labels["alt"], marks)


def _track(of: _Strip, memory: str, y: float, height: float) -> list[s.Mark]:
    """The memory's ground; it runs on beyond both ends of the sequence."""
    role = fields.role(of.trace, memory)
    return [
        s.rect(START - 10, y - 5, END - START + 34, height + 10, r=10, c=f"{role}-tint"),
        s.path(f"M{END + 10} {y + height / 2}H{END + 40}", w=3, c=role, arrow=True),
    ]


def _lane(of: _Strip, field: str, y: float, height: float) -> list[s.Mark]:
    """One field: its name, its numbers, and what this timestep's come to."""
    values = np.asarray(getattr(of.trace, field)[0]).T
    middle, role, t = y + height / 2 + 5, fields.role(of.trace, field), of.t
    row = of.labels["feature" if field == "inputs" else "unit"]
    said = _summary(values[:, t - 1], field, of.labels) if t else ""
    return [
        s.text(START - 16, middle, of.labels[field], a="end", z=15, c=f"strong {role}"),
        s.heat(s.Box(START, y, END - START, height), values, id=field, scale=fields.scale(of.trace, field),
               names=(of.labels[field], row, of.labels["timestep"]), columns=s.Columns(1, t, t - 1 if t else None)),
        s.text(WIDTH, middle, said, a="end", z=14, c=role),
    ]  # fmt: skip


def _left(of: _Strip, left: np.ndarray, y: float) -> list[s.Mark]:
    """How much of the first input is still there."""
    middle = y + FIRST_INPUT / 2 + 5
    share = first_input.share(left[of.t - 1]) if of.t else ""
    return [
        *first_input.band(left, of.t, s.Box(START, y, END - START, FIRST_INPUT)),
        s.text(START - 16, middle, of.labels["left"], a="end", z=14, c="strong input"),
        s.text(WIDTH, middle, share, a="end", z=16, c="strong input"),
    ]


def _frame(of: _Strip, opened: Pointer | None, tops: dict[str, float]) -> s.Mark:
    """Around the number whose arithmetic is open; an empty frame keeps the marks' order."""
    if opened is None or opened.field not in tops or opened.t >= of.t:
        return s.rect(0, 0, 0, 0, c="clear")
    cell = dict(lanes(of.trace))[opened.field] / getattr(of.trace, opened.field).shape[2]
    x, y = START + opened.t * of.wide, tops[opened.field] + opened.unit * cell
    return s.rect(x - 1, y - 1, of.wide + 2, cell + 2, r=2, c="clear under lit-edge thick")


def _summary(values: np.ndarray, field: str, labels: Labels) -> str:
    """A lane in one number at this timestep: how far a gate is open on average, or the mean size."""
    if not np.isfinite(values).all():
        return "∞"
    if field.endswith("_gate"):
        return f"{float(np.mean(values)):.0%}"
    return labels["mean_size"].format(value=s.short(float(np.mean(np.abs(values)))))
