"""A small network unrolled through time: every node, every weighted edge, every number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import first_input
from rnn_core.charts import scene as s
from rnn_core.charts.edges import Point, product_tip, straight, thickness
from rnn_core.explain.arithmetic import Pointer

WIDTH = 840.0
TOP = 68.0  # of the first row of states
TRACE = 30.0

Labels = Mapping[str, str]


@dataclass(frozen=True)
class _Network:
    """What is drawn, and where everything stands. Step 0 is the start, before anything has been read."""

    trace: SimpleRNNTrace
    t: int
    labels: Labels
    opened: Pointer | None

    @property
    def timesteps(self) -> int:
        return self.trace.h.shape[1]

    @property
    def units(self) -> int:
        return self.trace.h.shape[2]

    @property
    def features(self) -> int:
        return self.trace.inputs.shape[2]

    @cached_property
    def states(self) -> np.ndarray:
        """(timesteps + 1, units): the initial state, then the state after each timestep."""
        return np.concatenate([self.trace.h_previous[:, :1], self.trace.h], axis=1)[0]

    @cached_property
    def largest(self) -> float:
        """The size of the largest weight, which has the widest edge."""
        w = self.trace.weights
        return max(*(float(np.abs(array).max()) for array in (w.kernel, w.recurrent_kernel, w.bias)), 1e-9)

    @property
    def pitch(self) -> float:
        return (WIDTH - 20) / (self.timesteps + 1)

    @property
    def row(self) -> float:
        return min(56.0, 230 / self.units)

    @property
    def radius(self) -> float:
        """Of a state's node; an input's is no larger."""
        return min(21.0, 0.19 * self.pitch)

    @property
    def input_rows(self) -> int:
        """Many inputs stand in two rows, so that their numbers can be read."""
        return 1 if 0.48 * self.pitch / self.features >= 15 else 2

    @property
    def small(self) -> float:
        side_by_side = self.features if self.input_rows == 1 else (self.features + 1) / 2
        return min(self.radius, 17.5, 0.48 * self.pitch / side_by_side)

    @property
    def below(self) -> float:
        """Where the last row of inputs stands."""
        return TOP + (self.units - 1) * self.row + 84 + (self.input_rows - 1) * 2 * self.small

    def column(self, step: int) -> float:
        return (step + 0.5) * self.pitch

    def state_at(self, step: int, unit: int) -> Point:
        return self.column(step), TOP + unit * self.row

    def input_at(self, step: int, feature: int) -> Point:
        spread = 2.04 * self.small / self.input_rows
        x = self.column(step) - 0.2 * self.pitch + (feature - (self.features - 1) / 2) * spread
        return x, self.below - (feature % self.input_rows) * 2 * self.small

    def bias_at(self, step: int, unit: int) -> Point:
        x, y = self.state_at(step, unit)
        return x + 0.95 * self.radius, y - self.radius - 8

    def lit(self, step: int, unit: int) -> bool:
        """Whether the way into this number is shown: of the opened number, or else of all of the current timestep."""
        if self.opened is not None:
            return (self.opened.t + 1, self.opened.unit) == (step, unit)
        return step == self.t

    def operand(self, step: int, *, of_input: bool) -> bool:
        """Whether the inputs, or the states, of a step go into the opened number."""
        return self.opened is not None and self.opened.t + 1 == (step if of_input else step + 1)


def unrolled(
    *, trace: SimpleRNNTrace, t: int, labels: Labels, left: np.ndarray, opened: Pointer | None = None
) -> s.Scene:
    """Draw a small network unrolled through time; a click on a state picks "h:unit:timestep", counted from 0.

    Below each column of states stand the inputs of its timestep. What is computed at `t` is lit, what came before is
    quiet, what comes after is an outline. Where a number is opened, all that goes into it is lit instead.

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the start.
        labels: input, state, unit, feature, timestep, start, left, alt.
        left: from `first_input_left`, (timesteps,).
        opened: the number whose arithmetic is shown.
    """
    net = _Network(trace, t, labels, opened)
    marks: list[s.Mark] = []
    for step in range(1, net.timesteps + 1):
        marks += _edges(net, step)
    for step in range(net.timesteps + 1):
        marks += _states(net, step)
        if step:
            marks += _inputs(net, step)
    marks += _names(net)
    box = s.Box(net.pitch, net.below + net.small + 30, net.timesteps * net.pitch, TRACE)
    marks += _trace(net, left, box)
    return s.scene(WIDTH, box.y + TRACE + 4, labels["alt"], marks)


def _edges(net: _Network, step: int) -> Iterator[s.Mark]:
    """All that goes into the states of one timestep: inputs by W, the states before by U, and b."""
    w, state = net.trace.weights, net.labels["state"]
    for unit in range(net.units):
        for feature in range(net.features):
            weight, x = float(w.kernel[feature, unit]), float(net.trace.inputs[0, step - 1, feature])
            tip = product_tip(f"W[{unit}, {feature}]", weight, f"x[{feature}]", x)
            yield _edge(net, (step, unit), f"x{step}.{feature}", weight, tip)
        for source in range(net.units):
            weight, before = float(w.recurrent_kernel[source, unit]), float(net.states[step - 1, source])
            tip = f"U[{unit}, {source}] = {s.short(weight)}"
            if step <= net.t:
                tip = product_tip(f"U[{unit}, {source}]", weight, f"{state}[{source}]", before)
            yield _edge(net, (step, unit), f"h{step - 1}.{source}", weight, tip)
        bias, (x, y) = float(w.bias[unit]), net.bias_at(step, unit)
        tip = f"b[{unit}] = {s.short(bias)}"
        yield _edge(net, (step, unit), "b", bias, tip)
        phase = "" if net.lit(step, unit) else "past" if step <= net.t else "future"
        yield s.circle(x, y, 4.0, v=bias / net.largest, c=f"bias-edge {phase}", tip=tip)


def _edge(net: _Network, end: tuple[int, int], source: str, weight: float, tip: str) -> s.Mark:
    """An edge from a node into a state: its colour is the weight's sign, its width the weight's size."""
    step, unit = end
    x1, y1 = net.state_at(step, unit)
    if source == "b":
        (x0, y0), gap = net.bias_at(step, unit), 4.0
    else:
        before, number = (int(part) for part in source[1:].split("."))
        place, gap = (net.input_at, net.small) if source[0] == "x" else (net.state_at, net.radius)
        x0, y0 = place(before, number)
    lit = net.lit(step, unit)
    d = straight((x0, y0), (x1, y1), gap, net.radius)
    phase = "" if lit else "future" if step > net.t else "past" if net.opened is None else "aside"
    width = thickness(abs(weight) / net.largest, lit)
    ends = (source, f"h{step}.{unit}")
    return s.path(d, v=weight, w=width, c=phase, tip=f"{tip}\n{net.labels['timestep']} {step}", ends=ends)


def _states(net: _Network, step: int) -> Iterator[s.Mark]:
    """One column of states."""
    known, lit = step <= net.t, step == net.t
    for unit in range(net.units):
        x, y = net.state_at(step, unit)
        value = float(net.states[step, unit])
        chosen = net.opened is not None and net.lit(step, unit)
        edge = "state-edge" if lit or chosen else "frame"
        if chosen or net.operand(step, of_input=False):
            edge = "state-edge thick"
        when = f"{net.labels['timestep']} {step}" if step else net.labels["start"]
        tip = s.number_tip(net.labels["state"], value, f"{net.labels['unit']} {unit}", when)
        yield s.circle(
            x,
            y,
            net.radius * (1.14 if chosen else 1),
            v=value if known else None,
            c=edge if known else "outline",
            tip=tip if known else None,
            pick=f"h:{unit}:{step - 1}" if known and step else None,
            node=f"h{step}.{unit}",
        )
        yield s.text(x, y + 5, s.short(value) if known else "", a="middle", z=14, on=value)


def _inputs(net: _Network, step: int) -> Iterator[s.Mark]:
    """The inputs of one timestep; those that have not been read yet are outlines."""
    known = step <= net.t
    edge = "input-edge" if step == net.t else "frame"
    if net.operand(step, of_input=True):
        edge = "input-edge thick"
    for feature in range(net.features):
        x, y = net.input_at(step, feature)
        value = float(net.trace.inputs[0, step - 1, feature])
        places = f"{net.labels['feature']} {feature}", f"{net.labels['timestep']} {step}"
        yield s.circle(
            x,
            y,
            net.small,
            v=value if known else None,
            c=edge if known else "outline",
            tip=s.number_tip(net.labels["input"], value, *places),
            node=f"x{step}.{feature}",
        )
        size = max(13.0, min(14.0, 0.8 * net.small))
        yield s.text(
            x, y + 4.5, s.short(value), a="middle", z=size, on=value if known else None, c="" if known else "quiet"
        )


def _names(net: _Network) -> Iterator[s.Mark]:
    """What each column is, and beside the lit edges which matrix they are: W, U and b."""
    for step in range(net.timesteps + 1):
        name = f"{net.labels['timestep']} {step}" if step else net.labels["start"]
        yield s.text(net.column(step), 24, name, a="middle", z=15, c="strong" if step == net.t else "quiet")
    step = net.opened.t + 1 if net.opened is not None else max(net.t, 1)
    top, x = TOP - net.radius - 9, net.column(step)
    unit = net.opened.unit if net.opened is not None else 0
    corner = net.input_at(step, 0)[0] - net.small - 8, net.below - (net.input_rows - 1) * 2 * net.small - net.small - 8
    yield s.text(x - net.pitch / 2, top + 8, "U", a="middle", z=19, c="mono strong state halo")
    yield s.text(*corner, "W", a="middle", z=19, c="mono strong input halo")
    at = net.bias_at(step, unit)
    yield s.text(at[0] + 14, at[1] + 5, "b", a="middle", z=19, c="mono strong bias halo")
    yield s.text(net.column(0), net.below + 5, net.labels["input"], a="middle", z=15, c="strong input")


def _trace(net: _Network, left: np.ndarray, box: s.Box) -> Iterator[s.Mark]:
    """How much of the first input is left after each timestep."""
    yield s.text(box.x, box.y - 8, net.labels["left"], z=15, c="strong input")
    yield from first_input.band(left, net.t, box)
    for step in range(1, net.timesteps + 1):
        share = first_input.share(left[step - 1]) if step <= net.t else ""
        x, y = net.column(step), box.y + box.h / 2 + 5
        yield s.text(x, y, share, a="middle", z=15, c="strong halo-panel" if step == net.t else "halo-panel")
