"""Any number of a gradient's way back opens: of one timestep's Jacobian, of the product so far, of the gradient.

What is multiplied opens in turn: a gate or a state to the sum that made it, an entry of a matrix to its own terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.weights import Array
from rnn_core.explain.arithmetic import Arithmetic, OpenError, add_up, open_number
from rnn_core.explain.flow import Edge, Flow, edges
from rnn_core.explain.jacobian_terms import JACOBIANS, Entry, on_path, skipped, slope, squashed, state_and_unit
from rnn_core.explain.recipes import Recipe, Recipes
from rnn_core.explain.terms import Factor, Pointer, Term

GRADIENTS = {"gradient_h": "h", "gradient_c": "c"}
#: What the pointers of this module may name; `open_walked` opens them all, and the trace's own numbers.
WALKED = (*JACOBIANS, "product", *GRADIENTS)


def open_jacobian(trace: CellTrace, t: int, row: int, column: int, path: str = "whole") -> Arithmetic:
    """Show how one number of a timestep's Jacobian came about, ∂state[t][row] / ∂state[t-1][column].

    `jacobian` has the equations. Each summand is a way that a change of the state before can take. An LSTM's h depends
    on h before it through the carry, whose own number opens in turn, and through the output gate.

    Args:
        trace: of one sequence.
        t: the timestep, counted from 0.
        row, column: numbers of the state after and before: h and then, of an LSTM, c.
        path: "whole"; "kept" or "gates", as in `jacobian`; or, of an LSTM, "output_gate".

    Returns:
        Arithmetic; without terms where the one does not depend on the other.

    Raises:
        OpenError: "unknown_number", if there is no such number.
    """
    names = {of_path: name for name, of_path in JACOBIANS.items()}
    at = Pointer(names.get(path, path), t, row, column)
    _check(trace, at)
    entry = Entry(trace, t, row, column)
    (end, i), (start, j) = entry.end, entry.start
    symbol = slope(f"{end}^{{t}}_{{{i}}}", f"{start}^{{t-1}}_{{{j}}}")
    with np.errstate(all="ignore"):
        terms = [term for term in entry.terms() if on_path(term.part, path)]
    return add_up(at, _recipe(_along(symbol, trace, path), terms, entry.sums()))


def open_product(
    trace: CellTrace, later: int, earlier: int, row: int, column: int, product_before: Array
) -> Arithmetic:
    """Show how one number of the product of Jacobians came about, by the last matrix that was multiplied.

        P[row, column] = Σ_k P_before[row, k] · J[k, column]        J the Jacobian of timestep earlier + 1

    P_before[row, k] opens as Pointer("product", earlier + 1, row, k): where the walk began is the same for all.

    Args:
        trace: of one sequence.
        later, earlier: from where to where, as in `walk.product`; earlier < later.
        row, column: numbers of the state at `later` and at `earlier`.
        product_before: ∂state[later]/∂state[earlier + 1].

    Raises:
        OpenError: "unknown_number", if there is no such number.
    """
    at, now = Pointer("product", earlier, row, column), earlier + 1
    _check(trace, at)
    with np.errstate(all="ignore"):
        last = jacobian(trace, now).whole[:, column]
    (end, i), (start, j) = state_and_unit(trace, row), state_and_unit(trace, column)
    end, start = f"{end}^{{T}}_{{{i}}}", f"{start}^{{t}}_{{{j}}}"
    terms: list[Term] = []
    sums: dict[str, str] = {}
    for k, (before, entry) in enumerate(zip(product_before[row], last, strict=True)):
        state, _unit = state_and_unit(trace, k)
        part = {"h": "state", "c": "carry"}[state]
        one = Factor(f"P[{row}, {k}]", float(before), _of_product(later, now, row, k))
        terms.append(Term(part, (one, Factor(f"J[{k}, {column}]", float(entry), Pointer("jacobian", now, k, column)))))
        between = f"{state}^{{t+1}}_{{k}}"
        sums[part] = rf"\sum_k {slope(end, between)} \cdot {slope(between, start)}"
    return add_up(at, _recipe(slope(end, start), terms, sums))


def open_gradient(trace: CellTrace, t: int, unit: int, part: str, flow: Flow) -> Arithmetic:
    """Show how the gradient at one number of the state came about: its own loss, and all that the number goes into.

        ∂L/∂h[t][j] = own[t][j] + Σ_i ∂L/∂h[t+1][i] · ∂h[t+1][i]/∂h[t][j] + Σ_i ∂L/∂c[t+1][i] · ∂c[t+1][i]/∂h[t][j]
        ∂L/∂c[t][j] = ∂L/∂h[t][j] · o[t][j]·(1 - tanh²c[t][j]) + ∂L/∂c[t+1][j] · f[t+1][j]

    Each summand runs along one of the `edges`.

    Args:
        trace: of one sequence.
        t, unit: where.
        part: "h", or "c" of an LSTM.
        flow: from `flow.flow`, of this trace.

    Raises:
        OpenError: "unknown_number", if there is no such number.
    """
    at = Pointer(f"gradient_{part}", t, unit)
    _check(trace, at)
    node = _Node(trace, t, unit, part, flow)
    with np.errstate(all="ignore"):
        return add_up(at, _recipe(of_loss(part, "t", unit), list(node.terms()), node.sums()))


def open_walked(trace: CellTrace, at: Pointer, flow: Flow, product_before: Callable[[int], Array]) -> Arithmetic:
    """Open what a factor points to, be it a number of the way back or of the trace.

    Args:
        trace: of one sequence.
        at: where; a product's walk begins at the last timestep.
        flow: from `flow.flow`, of this trace.
        product_before: gives ∂state[last]/∂state[t] for a timestep t.

    Raises:
        OpenError: "unknown_number", if there is no such number.
    """
    if at.field not in WALKED:
        return open_number(trace, trace.weights, at.field, at.t, at.unit)
    _check(trace, at)
    if at.column is None:
        return open_gradient(trace, at.t, at.unit, GRADIENTS[at.field], flow)
    if at.field == "product":
        last = trace.h.shape[1] - 1
        return open_product(trace, last, at.t, at.unit, at.column, product_before(at.t + 1))
    return open_jacobian(trace, at.t, at.unit, at.column, JACOBIANS[at.field])


def of_loss(state: str, when: str, unit: object) -> str:
    """∂L/∂state in LaTeX."""
    return slope("L", f"{state}^{{{when}}}_{{{unit}}}")


@dataclass(frozen=True, eq=False)
class _Node:
    """One number of the state, and what it goes into."""

    trace: CellTrace
    t: int
    unit: int
    state: str
    flow: Flow

    def leaving(self) -> Iterator[Edge]:
        """All edges that leave its state, those to the same timestep first."""
        for t in range(self.t, min(self.t + 2, self.trace.h.shape[1])):
            yield from (e for e in edges(self.trace, t) if e.start == self.state and e.back == t - self.t)

    def terms(self) -> Iterator[Term]:
        if self.state == "h":
            own, symbol = float(self.flow.own[self.t, self.unit]), slope("L^{t}", f"h^{{t}}_{{{self.unit}}}")
            yield Term("loss", (Factor(f"∂L[t]/∂h[{self.unit}]", own, symbol=symbol),))
        for edge in self.leaving():
            if edge.path == "gates":
                yield from self._through_gates(edge)
            else:
                yield self._alone(edge)

    def sums(self) -> dict[str, str]:
        """What a formula writes of a part that has a summand for each unit."""
        sums = {}
        for edge in self.leaving():
            if edge.path == "gates":
                part, path = _way(self.trace, edge)
                entry = slope(f"{edge.end}^{{t+1}}_{{i}}", f"h^{{t}}_{{{self.unit}}}")
                sums[part] = rf"\sum_i {of_loss(edge.end, 't+1', 'i')} \cdot {_along(entry, self.trace, path)}"
        return sums

    def _through_gates(self, edge: Edge) -> Iterator[Term]:
        """Into every unit of the next timestep, each by a number of its Jacobian."""
        part, path = _way(self.trace, edge)
        fields = {of_path: name for name, of_path in JACOBIANS.items()}
        for i, factor in enumerate(edge.factors[:, self.unit]):
            row = i + (self.trace.weights.units if edge.end == "c" else 0)
            opens = Pointer(fields[path], self.t + 1, row, self.unit)
            name = f"∂{edge.end}[{i}]/∂h_previous[{self.unit}]"
            yield Term(part, (self._gradient(edge.end, self.t + 1, i), Factor(name, float(factor), opens)))

    def _alone(self, edge: Edge) -> Term:
        """Into the same unit alone."""
        t = self.t + edge.back
        gradient = self._gradient(edge.end, t, self.unit)
        if edge.path == "kept" and skipped(self.trace, t):
            return Term("carried_over", (gradient,))
        of = Recipes(self.trace, self.trace.weights, t, self.unit)
        if edge.path == "shown":
            return Term("shown", (gradient, of.now("output_gate"), squashed(of, "tanh_c")))
        gate = cell_of(self.trace).keeps
        assert gate
        return Term("kept", (gradient, replace(of.now(gate), symbol=of.symbol(gate, "t+1"))))

    def _gradient(self, state: str, t: int, unit: int) -> Factor:
        when = "t" if t == self.t else "t+1"
        opens = Pointer(f"gradient_{state}", t, unit)
        value = float(self.flow.of(state)[t, unit])
        return Factor(f"∂L/∂{state}[{unit}]", value, opens, symbol=of_loss(state, when, unit))


def _way(trace: CellTrace, edge: Edge) -> tuple[str, str]:
    """Which part of a gradient runs along edges through gates, and on which path of the Jacobian their factors lie."""
    if edge.end == "c":
        return "carry", "whole"
    if "c" in cell_of(trace).states:
        return "output_gate", "output_gate"
    return "gates", "gates" if cell_of(trace).keeps else "whole"


def _along(symbol: str, trace: CellTrace, path: str) -> str:
    """A derivative in LaTeX, along one path alone."""
    if path == "whole":
        return symbol
    name = cell_of(trace).letters.get(path, rf"\text{{{path}}}")
    return rf"\left.{symbol}\right|_{{{name}}}"


def _of_product(later: int, now: int, row: int, column: int) -> Pointer | None:
    """Where a number of ∂state[later]/∂state[now] opens: nothing has been multiplied yet, one matrix, or several."""
    if now == later:
        return None
    return Pointer("jacobian", later, row, column) if now + 1 == later else Pointer("product", now, row, column)


def _recipe(symbol: str, terms: Sequence[Term], sums: Mapping[str, str]) -> Recipe:
    """Write every summand out, but for those parts of which `sums` says what their sum is called."""
    templates: dict[str, None] = {}
    symbols, numbers = dict(sums), dict.fromkeys(sums, 0.0)
    for n, term in enumerate(terms):
        if term.part in sums:
            templates[f"<{term.part}>"] = None
            numbers[term.part] += term.product
            continue
        names = [f"{n}.{m}" for m in range(len(term.factors))]
        templates[r" \cdot ".join(f"<{name}>" for name in names)] = None
        symbols |= {name: factor.symbol for name, factor in zip(names, term.factors, strict=True)}
        numbers |= {name: factor.value for name, factor in zip(names, term.factors, strict=True)}
    return Recipe(symbol, " + ".join(templates) or "0", symbols, numbers, list(terms))


def _check(trace: CellTrace, at: Pointer) -> None:
    timesteps, units = trace.h.shape[1:]
    states = cell_of(trace).states
    if at.column is None:
        fields = [f"gradient_{state}" for state in states]
        there = 0 <= at.t < timesteps and 0 <= at.unit < units
    else:
        fields = ["product", *(name for name in JACOBIANS if name != "jacobian_output_gate" or "c" in states)]
        size = len(states) * units
        there = 0 <= at.t < timesteps - (at.field == "product") and 0 <= at.unit < size and 0 <= at.column < size
    if at.field not in fields or not there:
        raise OpenError("unknown_number", field=at.field, t=at.t, unit=at.unit, timesteps=timesteps, units=units,
                        fields=", ".join(fields))  # fmt: skip
