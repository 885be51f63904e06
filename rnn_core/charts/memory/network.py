"""A small network unrolled through time, with the gradient at every node and along every edge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rnn_core.cells.registry import Cell, CellTrace, cell_of
from rnn_core.charts import scene as s
from rnn_core.charts.edges import Point, product_tip, straight, thickness
from rnn_core.charts.products import figure
from rnn_core.explain.arithmetic import Pointer
from rnn_core.explain.flow import Edge, Flow, edges

WIDTH, HEIGHT = 840.0, 336.0
LEFT = 68.0  # where the first timestep's room begins
TOP = 58.0  # of the first row of nodes
BOTTOM = 290.0  # of the last one
WIDE, TALL = 46.0, 25.0  # a node
RADIUS = 17.0  # of the loss
OWN = 4.0  # of an earlier timestep's own loss
LANES = 50.0  # between the last carry and the first state

Labels = Mapping[str, str]


class Node(NamedTuple):
    """A number of the state: "h" or "c", its timestep and its unit."""

    state: str
    t: int
    unit: int

    @property
    def name(self) -> str:
        return f"{self.state}{self.t}.{self.unit}"


class Wire(NamedTuple):
    """One edge: from `start`, which gets the gradient, to `end`, which hands it back; None is the loss."""

    start: Node
    end: Node | None
    path: str
    factor: float
    carried: float


@dataclass(frozen=True)
class _Network:
    """What is drawn, and where everything stands."""

    trace: CellTrace
    flow: Flow
    now: int
    labels: Labels
    opened: Pointer | None

    @cached_property
    def cell(self) -> Cell:
        return cell_of(self.trace)

    @property
    def timesteps(self) -> int:
        return self.trace.h.shape[1]

    @property
    def units(self) -> int:
        return self.trace.h.shape[2]

    @property
    def pitch(self) -> float:
        return (WIDTH - LEFT) / (self.timesteps + 1)

    @property
    def lanes(self) -> tuple[str, ...]:
        """From top to bottom."""
        return ("c", "h") if self.flow.c is not None else ("h",)

    @property
    def row(self) -> float:
        gaps = len(self.lanes) * (self.units - 1)
        return min(72.0, (BOTTOM - TOP - LANES * (len(self.lanes) - 1)) / max(gaps, 1))

    def column(self, t: int) -> float:
        return LEFT + (t + 0.5) * self.pitch

    def lane(self, state: str) -> float:
        """Where a lane's first row stands; all lanes together stand in the middle."""
        tall = (self.units - 1) * self.row
        spare = BOTTOM - TOP - tall * len(self.lanes) - LANES * (len(self.lanes) - 1)
        return TOP + spare / 2 + self.lanes.index(state) * (tall + LANES)

    def at(self, node: Node) -> Point:
        return self.column(node.t), self.lane(node.state) + node.unit * self.row

    def own_at(self, node: Node) -> Point:
        """Where an earlier timestep's own loss stands: at each state's lower right."""
        x, y = self.at(node)
        return x + WIDE / 2 - 2, y + TALL / 2 + 5

    @property
    def loss(self) -> Point:
        return self.column(self.timesteps), self.lane("h") + (self.units - 1) * self.row / 2

    @cached_property
    def wires(self) -> list[Wire]:
        """All edges between timesteps, within one, and from the loss; those of the initial state are left out."""
        found: list[Wire] = []
        for t in range(self.timesteps):
            for edge in edges(self.trace, t):
                if t >= edge.back:
                    found += self._wires(edge, t)
            own = self.flow.own[t]
            if t == self.timesteps - 1 or own.any():
                found += [Wire(Node("h", t, i), None, "loss", 1.0, float(own[i])) for i in range(self.units)]
        return found

    def _wires(self, edge: Edge, t: int) -> Iterator[Wire]:
        carried = edge.carried(self.flow, t)
        for place in np.ndindex(carried.shape):
            start, end = Node(edge.start, t - edge.back, place[-1]), Node(edge.end, t, place[0])
            yield Wire(start, end, edge.path, float(edge.factors[place]), float(carried[place]))

    @cached_property
    def largest(self) -> dict[int, float]:
        """For each timestep the size of the largest gradient that reaches it along one edge."""
        sizes: dict[int, float] = {}
        for wire in self.wires:
            size = abs(wire.carried)
            if np.isfinite(size):
                sizes[wire.start.t] = max(size, sizes.get(wire.start.t, 0.0))
        return sizes

    @cached_property
    def scale(self) -> float:
        """The gradient that takes the palette's full colour: the largest at the last state, where the way begins."""
        sizes = np.abs(self.flow.h[-1])
        return float(max(sizes[np.isfinite(sizes)], default=0.0)) or 1.0

    def lit(self, node: Node) -> bool:
        """Whether what reaches this node is shown: of the opened one, or else of all of the current timestep."""
        if self.opened is not None:
            return (f"gradient_{node.state}", node.t, node.unit) == (self.opened.field, self.opened.t, self.opened.unit)
        return node.t == self.now

    def phase(self, node: Node) -> str:
        """The class of what leads to a node."""
        if self.lit(node):
            return ""
        return "future" if node.t < self.now else "past" if self.opened is None else "aside"


def gradient_network(
    *, trace: CellTrace, flow: Flow, back: int, labels: Labels, opened: Pointer | None = None
) -> s.Scene:
    """Draw a small network unrolled through time, with ∂L/∂h in its nodes; a click picks "gradient_h:unit:timestep".

    An LSTM has a lane of ∂L/∂c above it, "gradient_c". A node's colour is its gradient's sign and size beside the
    largest at the last timestep, so that one sees it fade; an edge's width is what runs along it beside the largest
    that reaches the same timestep, so that one sees the way even where next to nothing is left.

    Args:
        trace: a batch of one, of up to 8 timesteps and 4 units.
        flow: from `explain.flow.flow`, of this trace.
        back: how many timesteps have been walked back from the last one: what reaches that timestep is lit, later
            ones are known, earlier ones are outlines.
        labels: state, carry, unit, timestep, loss, backwards, alt.
        opened: the number whose arithmetic is shown, if it is one of these; all that runs into it is lit instead.
    """
    now = trace.h.shape[1] - 1 - back
    if opened is not None and (opened.field not in ("gradient_h", "gradient_c") or opened.t < now):
        opened = None
    net = _Network(trace, flow, now, labels, opened)
    marks = [*_lanes(net), *(_edge(net, wire) for wire in net.wires)]
    for t in range(net.timesteps):
        for state in net.lanes:
            for unit in range(net.units):
                marks += _node(net, Node(state, t, unit))
    marks += [*_loss(net), *_letters(net), *_names(net)]
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def compact(value: float) -> str:
    """A number for a node: two digits behind the point, or a power of ten where these would hide it.

    >>> compact(-0.25), compact(0.00034), compact(0.0), compact(float("inf"))
    ('−0.25', '3e−4', '0', '∞')
    """
    if value == 0:
        return "0"
    if abs(value) < 0.01:
        mantissa, exponent = f"{value:.0e}".replace("-", "−").split("e")
        return f"{mantissa}e−{int(exponent[1:])}"
    return s.short(value)


def _lanes(net: _Network) -> Iterator[s.Mark]:
    """What the rows are, and the ground of the carry track."""
    for state in net.lanes:
        role = "carry" if state == "c" else "state"
        top, tall = net.lane(state), (net.units - 1) * net.row
        if state == "c":
            end = net.column(net.timesteps - 1) + WIDE / 2 + 8
            yield s.rect(LEFT, top - TALL / 2 - 6, end - LEFT, tall + TALL + 12, r=10, c="carry-tint")
        middle = top + tall / 2
        yield s.text(4, middle - 3, f"∂L/∂{state}", z=17, c=f"strong {role}")
        yield s.text(4, middle + 16, net.labels[role], z=14, c=role)


def _edge(net: _Network, wire: Wire) -> s.Mark:
    """An edge: its colour is the sign of the gradient that runs along it, its width the size."""
    lit, largest = net.lit(wire.start), net.largest.get(wire.start.t, 0.0)
    size = abs(wire.carried)
    share = 1.0 if np.isinf(size) else size / largest if largest and size <= largest else 0.0
    known = wire.start.t >= net.now
    sign = None if not known or np.isnan(size) else float(np.sign(wire.carried))
    return s.path(
        _course(net, wire),
        v=sign,
        w=thickness(share if known else 0.0, lit),
        c=net.phase(wire.start),
        tip=_told(net, wire) if known else None,
        ends=(wire.end.name if wire.end else "L", wire.start.name),
    )


def _course(net: _Network, wire: Wire) -> str:
    """From the node that hands the gradient back to the one that gets it."""
    x1, y1 = net.at(wire.start)
    half = WIDE / 2
    if wire.end is None:
        if wire.start.t == net.timesteps - 1:
            return straight(net.loss, (x1 + half, y1), RADIUS, 0.0)
        x0, y0 = net.own_at(wire.start)
        return straight((x0, y0), (x1, y1), OWN, TALL / 2)
    x0, y0 = net.at(wire.end)
    if wire.path == "shown":
        left, out = x0 - half, 0.26 * net.pitch
        return f"M{left:.1f} {y0:.1f}C{left - out:.1f} {y0:.1f} {left - out:.1f} {y1:.1f} {left:.1f} {y1:.1f}"
    if wire.path == "kept" and wire.start.state == "h":
        # above the edge through the gates, which joins the same two nodes
        x0, x1, y0 = x0 - half + 3, x1 + half - 3, y0 - 0.36 * TALL
        return f"M{x0:.1f} {y0:.1f}Q{(x0 + x1) / 2:.1f} {y0 - 0.3 * net.row:.1f} {x1:.1f} {y0:.1f}"
    return straight((x0 - half, y0), (x1 + half, y1), 0.0, 0.0)


def _told(net: _Network, wire: Wire) -> str:
    """What stands under the pointer on an edge: the gradient, what multiplies it, what that makes, and where."""
    start, end, timestep = wire.start, wire.end, net.labels["timestep"]
    if end is None:
        return f"{net.labels['loss']} → ∂L/∂h[{start.unit}] = {figure(wire.carried)}\n{timestep} {start.t + 1}"
    if wire.path == "kept":
        gate = net.cell.letters.get(net.cell.keeps or "", "")
        skipped = net.trace.mask is not None and not net.trace.mask[0, end.t]
        factor = "1" if skipped else f"{gate}[{start.unit}]"
    elif wire.path == "shown":
        factor = f"o[{end.unit}]·(1 − tanh² c[{end.unit}])"
    else:
        factor = f"∂{end.state}[{end.unit}]/∂{start.state}[{start.unit}]"
    gradient = float(net.flow.of(end.state)[end.t, end.unit])
    when = f"{end.t + 1} → {start.t + 1}" if end.t != start.t else f"{end.t + 1}"
    product = product_tip(f"∂L/∂{end.state}[{end.unit}]", gradient, factor, wire.factor, figure)
    return f"{product}\n{timestep} {when}"


def _node(net: _Network, node: Node) -> Iterator[s.Mark]:
    """A number of the state with the gradient that reaches it; one that is not reached yet is an outline."""
    x, y = net.at(node)
    known, role = node.t >= net.now, "carry" if node.state == "c" else "state"
    value = float(net.flow.of(node.state)[node.t, node.unit])
    chosen = net.opened is not None and net.lit(node)
    edge = f"{role}-edge thick" if chosen else f"{role}-edge" if node.t == net.now else "frame"
    share = value / net.scale
    where = f"{net.labels['unit']} {node.unit} · {net.labels['timestep']} {node.t + 1}"
    yield s.rect(
        x - WIDE / 2,
        y - TALL / 2,
        WIDE,
        TALL,
        r=TALL / 2,
        v=share if known else None,
        c=edge if known else "ground frame dashed",
        tip=f"∂L/∂{node.state} = {figure(value)}\n{where}" if known else None,
        pick=Pointer(f"gradient_{node.state}", node.t, node.unit).pick if known else None,
        node=node.name,
    )
    yield s.text(x, y + 5, compact(value) if known else "", a="middle", z=14, on=share if known else None)


def _loss(net: _Network) -> Iterator[s.Mark]:
    """Where the way begins."""
    x, y = net.loss
    edge = "lit-edge" if net.now == net.timesteps - 1 and net.opened is None else "frame"
    yield s.circle(x, y, RADIUS, c=f"ground {edge}", tip=net.labels["loss"], node="L")
    yield s.text(x, y + 6, "L", a="middle", z=18, c="strong")
    for wire in net.wires:
        if wire.end is None and wire.start.t < net.timesteps - 1:
            known = wire.start.t >= net.now
            share = wire.carried / net.scale if known else None
            tip = _told(net, wire) if known else None
            yield s.circle(*net.own_at(wire.start), OWN, v=share, c=f"frame {net.phase(wire.start)}", tip=tip)


def _letters(net: _Network) -> Iterator[s.Mark]:
    """Beside the lit edges, what multiplies there: the recurrent kernel, or a gate alone."""
    t = net.opened.t if net.opened is not None else net.now
    from_h, from_c = (net.opened is None or net.opened.field == field for field in ("gradient_h", "gradient_c"))
    onwards = t < net.timesteps - 1  # else there is nothing behind it but the loss
    between, above = net.column(t) + net.pitch / 2, TALL / 2 + 12
    keeps, shows = (net.cell.letters.get(gate or "", "") for gate in (net.cell.keeps, net.cell.shows))
    if net.flow.c is None:
        y, aside = net.lane("h") - above, 10 if keeps else 0
        placed = [("U", between - aside, y, "state", onwards), (keeps, between + aside, y, "update_gate", onwards)]
    else:
        y, left = net.lane("h") - LANES / 2 + 6, net.column(t) - WIDE / 2 - 0.26 * net.pitch
        placed = [
            (keeps, between, net.lane("c") - above + 10, "forget_gate", onwards and from_c),
            ("U", between, y, "state", onwards and from_h),
            (shows, left, y, "output_gate", from_c),
        ]
    for letter, x, y, role, there in placed:
        yield s.text(x, y, letter if there else "", a="middle", z=18, c=f"mono strong {role} halo")


def _names(net: _Network) -> Iterator[s.Mark]:
    """What each column is, and an arrow from the loss to where the gradient has come."""
    for t in range(net.timesteps):
        name = f"{net.labels['timestep']} {t + 1}"
        yield s.text(net.column(t), 22, name, a="middle", z=15, c="strong" if t == net.now else "quiet")
    y = HEIGHT - 12
    yield s.path(f"M{net.loss[0]:.1f} {y}H{net.column(max(net.now, 0)):.1f}", w=1.5, arrow=True)
    yield s.text(4, y + 5, net.labels["backwards"], z=14, c="quiet")
