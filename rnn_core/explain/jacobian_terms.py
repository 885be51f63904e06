"""What each number of a Jacobian is made of, before it is added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from rnn_core.cells.gru import GRUTrace
from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.lstm import LSTMTrace
from rnn_core.cells.registry import Cell, CellTrace, cell_of
from rnn_core.explain.recipes import Recipes
from rnn_core.explain.terms import Factor, Pointer, Term

#: Fields of a Pointer to what `open_jacobian` opens, and the path of each.
JACOBIANS = {
    "jacobian": "whole",
    "jacobian_kept": "kept",
    "jacobian_gates": "gates",
    "jacobian_output_gate": "output_gate",
}
_KEPT = ("kept", "carried_over")


def on_path(part: str, path: str) -> bool:
    """Whether a part of a Jacobian's number belongs to a path of it."""
    return path in ("whole", part) or (path in ("kept", "gates") and (part in _KEPT) == (path == "kept"))


@dataclass(frozen=True, eq=False)
class Entry:
    """One number of a Jacobian, ∂state[t][row] / ∂state[t-1][column], of the first sequence of a trace."""

    trace: CellTrace
    t: int
    row: int
    column: int

    @cached_property
    def cell(self) -> Cell:
        return cell_of(self.trace)

    @property
    def end(self) -> tuple[str, int]:
        """The state and the unit of the row, such as ("c", 2)."""
        return state_and_unit(self.trace, self.row)

    @property
    def start(self) -> tuple[str, int]:
        """The state and the unit of the column."""
        return state_and_unit(self.trace, self.column)

    @cached_property
    def at_row(self) -> Recipes:
        """Reads what the trace knows of the row's unit."""
        return Recipes(self.trace, self.trace.weights, self.t, self.end[1])

    def terms(self) -> Iterator[Term]:
        """The ways from the one number to the other; none where there is no way."""
        itself = self.row == self.column
        if skipped(self.trace, self.t):
            if itself:
                yield Term("carried_over", (Factor("1", 1.0, symbol="1"),))
        elif isinstance(self.trace, LSTMTrace):
            yield from self._lstm()
        elif isinstance(self.trace, GRUTrace):
            if itself:
                yield Term("kept", (self.at_row.now("update_gate"),))
            yield from self._gru(self.trace.reset_after)
        else:
            yield Term("gates", (squashed(self.at_row, "h"), self._weight("h", self.at_row)))

    def sums(self) -> dict[str, str]:
        """What a formula writes of a part that has a summand for each unit, as `_through_the_reset_state` has."""
        if not isinstance(self.trace, GRUTrace) or self.trace.reset_after:
            return {}
        (i, j), letters = (self.end[1], self.start[1]), self.cell.letters
        k, r = letters["candidate"], letters["reset_gate"]
        new = rf"{self._offered().symbol} \cdot {squashed(self.at_row, 'candidate').symbol}"
        inside = rf"U^{{{k}}}_{{m,{i}}}\,h^{{t-1}}_{{m}}\,{r}^{{t}}_{{m}}\left(1 - {r}^{{t}}_{{m}}\right)"
        return {"reset_gate": rf"{new} \cdot \sum_m {inside}\,U^{{{r}}}_{{{j},m}}"}

    def _lstm(self) -> Iterator[Term]:
        (end, i), (start, j), of = self.end, self.start, self.at_row
        shown = (of.now("output_gate"), squashed(of, "tanh_c"))
        if start == "c":
            if i == j:
                yield Term("kept", (*(shown if end == "h" else ()), of.now("forget_gate")))
        elif end == "c":
            yield self._through("forget_gate", of.previous("c"))
            yield self._through("input_gate", of.now("candidate"))
            through_tanh = squashed(of, "candidate")
            yield Term("candidate", (of.now("input_gate"), through_tanh, self._weight("candidate", of)))
        else:
            units = self.trace.weights.units
            carry = float(jacobian(self.trace, self.t).whole[units + i, j])
            symbol = slope(f"c^{{t}}_{{{i}}}", f"h^{{t-1}}_{{{j}}}")
            opens = Pointer("jacobian", self.t, units + i, j)
            yield Term("carry", (*shown, Factor(f"∂c[{i}]/∂h_previous[{j}]", carry, opens, symbol=symbol)))
            tanh_c = replace(of.now("tanh_c"), symbol=rf"\tanh\left({of.symbol('c')}\right)")
            yield self._through("output_gate", tanh_c)

    def _gru(self, reset_after: bool) -> Iterator[Term]:
        of, j = self.at_row, self.start[1]
        before, offered = of.previous("h"), of.now("candidate")
        apart = Factor(
            f"{before.label} - {offered.label}",
            before.value - offered.value,
            symbol=rf"\left({before.symbol} - {offered.symbol}\right)",
        )
        yield self._through("update_gate", apart)
        new = (self._offered(), squashed(of, "candidate"))
        if reset_after:
            # reset · sum · (1 - reset), where the trace holds reset · sum
            memory, rest = self._candidate_memory(), of.rest_of("reset_gate")
            yield Term("reset_gate", (*new, memory, rest, self._weight("reset_gate", of)))
            yield Term("candidate", (*new, of.now("reset_gate"), self._weight("candidate", of)))
        else:
            yield from self._through_the_reset_state(new)
            yield Term("candidate", (*new, of.now("reset_gate", j), self._weight("candidate", of)))

    def _candidate_memory(self) -> Factor:
        """What the old state adds to the candidate's sum."""
        of, k = self.at_row, self.cell.letters["candidate"]
        summed = rf"\sum_m h^{{t-1}}_{{m}}\,U^{{{k}}}_{{m,{of.unit}}} + \hat{{b}}^{{{k}}}_{{{of.unit}}}"
        symbol = rf"{of.symbol('reset_gate')}\left({summed}\right)"
        return Factor(f"candidate_memory[{of.unit}]", of.value("candidate_memory", of.unit), symbol=symbol)

    def _through_the_reset_state(self, new: tuple[Factor, Factor]) -> Iterator[Term]:
        """Each reset gate depends on the state before, and scales one number of it for all candidates."""
        for m in range(self.trace.weights.units):
            of_m = Recipes(self.trace, self.trace.weights, self.t, m)
            gate = (of_m.previous("h"), of_m.now("reset_gate"), of_m.rest_of("reset_gate"))
            yield Term("reset_gate", (*new, self._weight("candidate", self.at_row, m), *gate,
                                      self._weight("reset_gate", of_m)))  # fmt: skip

    def _through(self, gate: str, scaled: Factor) -> Term:
        """By a gate, which depends on the state before, times what the gate scales; σ' = gate·(1 - gate)."""
        of = self.at_row
        return Term(gate, (scaled, of.now(gate), of.rest_of(gate), self._weight(gate, of)))

    def _offered(self) -> Factor:
        """How much of a GRU's candidate gets into the state."""
        return self.at_row.rest_of("update_gate")

    def _weight(self, block: str, of: Recipes, row: int | None = None) -> Factor:
        """The recurrent weight from a number of the state before, the column's if not said, to `of`'s unit."""
        row = self.start[1] if row is None else row
        return replace(of.weight("recurrent_kernel", row, block), symbol=f"U{of.of_block(block)}_{{{row},{of.unit}}}")


def state_and_unit(trace: CellTrace, number: int) -> tuple[str, int]:
    """Which state, "h" or "c", and which unit a row or a column of a Jacobian stands for."""
    state, unit = divmod(number, trace.weights.units)
    return cell_of(trace).states[state], unit


def skipped(trace: CellTrace, t: int) -> bool:
    """Whether the mask skips a timestep of the first sequence."""
    return trace.mask is not None and not trace.mask[0, t]


def squashed(of: Recipes, field: str) -> Factor:
    """1 - tanh², how steep tanh is where this number came out of it."""
    number = of.now(field)
    letter = rf"\tanh^2\left({of.symbol('c')}\right)" if field == "tanh_c" else rf"({number.symbol})^2"
    value = 1 - number.value * number.value
    return Factor(f"1 - {number.label}²", value, number.opens, symbol=rf"\left(1 - {letter}\right)")


def slope(end: str, start: str) -> str:
    r"""∂end/∂start in LaTeX.

    >>> print(slope("c^{t}_{0}", "h^{t-1}_{1}"))
    \frac{\partial c^{t}_{0}}{\partial h^{t-1}_{1}}
    """
    return rf"\frac{{\partial {end}}}{{\partial {start}}}"
