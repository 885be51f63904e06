"""What every number of a trace is made of, before it is added up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from rnn_core.cells.registry import Cell, CellTrace, cell_of
from rnn_core.cells.weights import Weights
from rnn_core.explain.terms import Factor, Pointer, Term


@dataclass(frozen=True)
class Recipe:
    """What a number is made of.

    `template` is LaTeX with names in <angle brackets>; `symbols` and `numbers` say what stands for each
    name in letters and in figures.
    """

    symbol: str
    template: str
    symbols: dict[str, str]
    numbers: dict[str, float]
    terms: list[Term]
    activation: str | None = None


@dataclass(frozen=True, eq=False)
class Recipes:
    """The recipes of all numbers at one timestep and unit of one trace; `toy` names weights as the toy does."""

    trace: CellTrace
    weights: Weights
    t: int
    unit: int
    batch_index: int = 0
    toy: bool = False

    @cached_property
    def cell(self) -> Cell:
        return cell_of(self.trace)

    def by_field(self) -> dict[str, Callable[[], Recipe]]:
        """Every field that opens, with the function that lays it out."""
        found: dict[str, Callable[[], Recipe]] = {}
        for block in self.cell.blocks:
            summed = "pre_activation" if block == "h" else f"{block}_pre_activation"
            found[summed] = partial(self.dot_products, block, activated=False)
            found[block] = partial(self.dot_products, block, activated=True)
        if self.cell.keeps:
            found |= {"kept": self.kept, "added": self.added, self.cell.memory: self.kept_and_added}
        if self.cell.shows:
            found |= {f"tanh_{self.cell.memory}": self.squeezed, "h": self.shown}
        return found

    def carried_over(self, field: str) -> Recipe:
        """A skipped timestep repeats what was there before it."""
        before = self.previous(field)
        return self.one(self.symbol(field), Term("carried_over", (before,)))

    # Reading the trace

    def value(self, field: str, unit: int) -> float:
        return float(getattr(self.trace, field)[self.batch_index, self.t, unit])

    def now(self, field: str, unit: int | None = None) -> Factor:
        """A number of this timestep; it opens in turn."""
        unit = self.unit if unit is None else unit
        opens = Pointer(field, self.t, unit)
        return Factor(f"{field}[{unit}]", self.value(field, unit), opens, symbol=self.symbol(field, index=unit))

    def rest_of(self, gate: str) -> Factor:
        """What a gate leaves: 1 minus its value."""
        now = self.now(gate)
        symbol = rf"\left(1 - {now.symbol}\right)"
        return Factor(f"1 - {now.label}", 1 - now.value, now.opens, is_rest=True, symbol=symbol)

    def previous(self, field: str, unit: int | None = None) -> Factor:
        """h or c of the timestep before; before the first one it is the initial state, which does not open."""
        unit = self.unit if unit is None else unit
        name = "state" if self.toy else f"{field}_previous"
        opens = Pointer(field, self.t - 1, unit) if self.t > 0 else None
        symbol = self.symbol(field, "t-1", unit)
        return Factor(f"{name}[{unit}]", self.value(f"{field}_previous", unit), opens, symbol=symbol)

    def weight(self, array: str, row: int, block: str) -> Factor:
        """One number of a kernel; labels are the indices into the array that Keras' get_weights() returns."""
        column = self.weights.columns(block).start + self.unit
        label = f"{'W' if array == 'kernel' else 'U'}[{self.unit}, {row}]" if self.toy else f"{array}[{row}, {column}]"
        return Factor(label, float(getattr(self.weights, array)[row, column]))

    def bias(self, block: str, row: int) -> Factor:
        """The bias of one column; a bias of two rows has one for the input and one for the state."""
        column = self.weights.columns(block).start + self.unit
        if self.weights.bias.ndim == 2:
            return Factor(f"bias[{row}, {column}]", float(self.weights.bias[row, column]))
        return Factor(f"{'b' if self.toy else 'bias'}[{column}]", float(self.weights.bias[column]))

    def symbol(self, field: str, when: str = "t", index: object = None) -> str:
        """h^{t}_{2} and so on, with the letters of the equations on the pages."""
        letter = self.cell.letters.get(field, field)
        return f"{letter}^{{{when}}}_{{{self.unit if index is None else index}}}"

    # Numbers made of dot products

    def dot_products(self, block: str, activated: bool) -> Recipe:
        """activation(x·W + h_previous·U + b), for one column of a block of weights."""
        scale = self.now("reset_gate") if self.resets(block) and self.resets_sums else None
        terms = list(self.summands(block, scale))
        symbols, numbers = self.symbols_of_sums(block), dict.fromkeys((term.part for term in terms), 0.0)
        for term in terms:
            # What scales the whole sum stands outside of it in the formula.
            numbers[term.part] += math.prod(factor.value for factor in term.factors if factor is not scale)
        template = "<input> + <recurrent> + <bias>"
        if scale:
            symbols["reset"], numbers["reset"] = scale.symbol, scale.value
            template = r"<input> + <bias> + <reset> \cdot \left(<recurrent> + <recurrent_bias>\right)"
        elif "recurrent_bias" in numbers:
            template += " + <recurrent_bias>"
        if not activated:
            return Recipe(f"a{self.of_block(block)}_{{{self.unit}}}", template, symbols, numbers, terms)
        activation = "sigmoid" if block in self.cell.gates else "tanh"
        return Recipe(self.symbol(block), template, symbols, numbers, terms, activation)

    def resets(self, block: str) -> bool:
        """Whether a reset gate acts on what this block makes of the state."""
        return block == "candidate" and "reset_gate" in self.cell.gates

    @property
    def resets_sums(self) -> bool:
        """Whether it scales each unit's sum over the state, or each number of the state before the sum."""
        return getattr(self.trace, "reset_after", False)

    def summands(self, block: str, scale: Factor | None) -> Iterator[Term]:
        for j, x in enumerate(self.trace.inputs[self.batch_index, self.t]):
            yield Term("input", (Factor(f"x[{j}]", float(x)), self.weight("kernel", j, block)))
        for j in range(self.weights.units):
            factors = self.previous("h", j), self.weight("recurrent_kernel", j, block)
            if scale:
                yield Term("recurrent", (scale, *factors))
            elif self.resets(block):
                yield Term("recurrent", (self.now("reset_gate", j), *factors))
            else:
                yield Term("recurrent", factors)
        yield Term("bias", (self.bias(block, 0),))
        if self.weights.bias.ndim == 2:
            second = self.bias(block, 1)
            yield Term("recurrent_bias", (scale, second) if scale else (second,))

    def symbols_of_sums(self, block: str) -> dict[str, str]:
        i, of_block = self.unit, self.of_block(block)
        reset = self.symbol("reset_gate", index="j") + r"\," if self.resets(block) and not self.resets_sums else ""
        symbols = {
            "input": rf"\sum_j x^{{t}}_{{j}}\,W{of_block}_{{j,{i}}}",
            "recurrent": rf"\sum_j {reset}h^{{t-1}}_{{j}}\,U{of_block}_{{j,{i}}}",
            "bias": f"b{of_block}_{{{i}}}",
            "recurrent_bias": rf"\hat{{b}}{of_block}_{{{i}}}",
        }
        if self.toy:
            symbols["input"] = rf"\sum_j W_{{{i},j}}\,x^{{t}}_{{j}}"
            symbols["recurrent"] = rf"\sum_j U_{{{i},j}}\,h^{{t-1}}_{{j}}"
        return symbols

    def of_block(self, block: str) -> str:
        """Which block's weights these are; a SimpleRNN has but one."""
        return "" if block == "h" else f"^{{{self.cell.letters[block]}}}"

    # Numbers put together unit by unit

    def kept(self) -> Recipe:
        """forget_gate * c_previous, or update_gate * h_previous."""
        return self.products(rf"\text{{kept}}^{{t}}_{{{self.unit}}}", {"kept": self.kept_factors()})

    def added(self) -> Recipe:
        """input_gate * candidate, or (1 - update_gate) * candidate."""
        return self.products(rf"\text{{added}}^{{t}}_{{{self.unit}}}", {"added": self.added_factors()})

    def kept_and_added(self) -> Recipe:
        """The carry of an LSTM, the state of a GRU."""
        parts = {"kept": self.kept_factors(), "added": self.added_factors()}
        return self.products(self.symbol(self.cell.memory), parts)

    def kept_factors(self) -> tuple[Factor, Factor]:
        assert self.cell.keeps
        return self.now(self.cell.keeps), self.previous(self.cell.memory)

    def added_factors(self) -> tuple[Factor, Factor]:
        assert self.cell.adds
        gate = self.rest_of(self.cell.adds) if self.cell.adds == self.cell.keeps else self.now(self.cell.adds)
        return gate, self.now("candidate")

    def squeezed(self) -> Recipe:
        """tanh of the carry."""
        memory = self.now(self.cell.memory)
        return self.one(rf"\tanh {memory.symbol}", Term("carry", (memory,)), "tanh")

    def shown(self) -> Recipe:
        """output_gate * tanh(c)."""
        assert self.cell.shows
        squeezed = self.now(f"tanh_{self.cell.memory}")
        symbol = rf"\tanh\left({self.symbol(self.cell.memory)}\right)"
        shown = Factor(squeezed.label, squeezed.value, squeezed.opens, symbol=symbol)
        return self.products(self.symbol("h"), {"shown": (self.now(self.cell.shows), shown)})

    def one(self, symbol: str, term: Term, activation: str | None = None) -> Recipe:
        """One number alone."""
        (factor,) = term.factors
        return Recipe(symbol, "<one>", {"one": factor.symbol}, {"one": factor.value}, [term], activation)

    def products(self, symbol: str, parts: dict[str, tuple[Factor, Factor]]) -> Recipe:
        """A sum of products of two numbers each."""
        template = " + ".join(rf"<{part}0> \cdot <{part}1>" for part in parts)
        factors = {f"{part}{position}": factor for part, pair in parts.items() for position, factor in enumerate(pair)}
        symbols = {name: factor.symbol for name, factor in factors.items()}
        numbers = {name: factor.value for name, factor in factors.items()}
        return Recipe(symbol, template, symbols, numbers, [Term(part, pair) for part, pair in parts.items()])
