"""Any number opens: the sums and products behind one number of a trace.

A number in a recurrent network comes about in one of two ways. Either it is a dot product with the
input plus one with the previous state plus a bias, sent through an activation: every gate, every
candidate, a SimpleRNN's state. Or it is put together from such numbers, unit by unit: an LSTM's carry
and state, a GRU's state. `open_number` lays out both, and says which of the factors open in turn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from rnn_core.cells import CellError, GRUTrace, LSTMTrace, SimpleRNNTrace
from rnn_core.cells.weights import Weights

CellTrace = SimpleRNNTrace | LSTMTrace | GRUTrace

LETTER = {
    "input_gate": "i",
    "forget_gate": "f",
    "output_gate": "o",
    "update_gate": "z",
    "reset_gate": "r",
    "c": "c",
    "h": "h",
}

ACTIVATION_LATEX = {"tanh": r"\tanh", "sigmoid": r"\sigma"}
ACTIVATION: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    # the two forms are equal; each is used where its exponential cannot overflow
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x)),
}


@dataclass(frozen=True)
class Pointer:
    """Where a number of the trace stands, for `open_number(trace, weights, field, t, unit)`."""

    field: str
    t: int
    unit: int


@dataclass(frozen=True)
class Factor:
    """One number of a product: what it is called, how large it is, and where it opens, if it does."""

    label: str
    value: float
    opens: Pointer | None = None


@dataclass(frozen=True)
class Term:
    """One summand.

    Attributes:
        part: where it comes from: "input", "recurrent", "bias", "recurrent_bias"; for numbers put together
            unit by unit "kept", "added", "shown", "carry" or "carried_over".
        factors: what is multiplied; a bias has one factor.
        product: of all factors.
    """

    part: str
    factors: tuple[Factor, ...]
    product: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "product", math.prod(factor.value for factor in self.factors))


@dataclass(frozen=True)
class Arithmetic:
    """How one number of a trace came about.

    Attributes:
        at: the field, timestep and unit of this number.
        terms: all summands; products first, largest first regardless of sign, biases last.
        parts: the sum of the terms of each part, in the order of the formula.
        total: the sum of all terms; what goes into the activation.
        activation: "tanh", "sigmoid", or None if the total is the result.
        result: the number, recomputed from the terms; equals the trace but for the trace's own rounding.
        formula: LaTeX with symbols. W and U are the kernel's and recurrent kernel's columns of this gate.
        formula_with_numbers: the same in LaTeX with numbers, down to the result.
    """

    at: Pointer
    terms: tuple[Term, ...]
    parts: dict[str, float]
    total: float
    activation: str | None
    result: float
    formula: str
    formula_with_numbers: str


@dataclass(frozen=True)
class Recipe:
    """What a number is made of, before it is added up.

    `template` is LaTeX with names in <angle brackets>; `symbols` and `numbers` say what stands for each
    name in letters and in figures.
    """

    symbol: str
    template: str
    symbols: dict[str, str]
    numbers: dict[str, float]
    terms: list[Term]
    activation: str | None = None


def open_number(
    trace: CellTrace,
    weights: Weights,
    field: str,
    t: int,
    unit: int,
    batch_index: int = 0,
    toy: bool = False,
) -> Arithmetic:
    """Show how one number of a trace came about.

    Args:
        trace: of a SimpleRNN, an LSTM or a GRU.
        weights: the weights that made the trace.
        field: the number's name in the trace: "h", "c", "tanh_c", "kept", "added", any gate, "candidate",
            or one of them with "_pre_activation" ("pre_activation" for a SimpleRNN).
        t: timestep, in the order of the trace.
        unit: which of the units.
        batch_index: which sequence of the batch.
        toy: for a SimpleRNN, name weights W[unit, feature] and U[unit, unit] and the state "state", as the toy
            does, instead of kernel[feature, unit] and h_previous.

    Returns:
        Arithmetic: terms, sum, activation, result, and the formula in symbols and in numbers.

    Raises:
        CellError: "unknown_number", if the trace has no such number that opens.
    """
    opener = _Opener(trace, weights, t, unit, batch_index, toy)
    recipes = opener.recipes()
    batch, timesteps, units = trace.h.shape
    if field not in recipes or not (0 <= t < timesteps and 0 <= unit < units and 0 <= batch_index < batch):
        raise CellError(
            "unknown_number",
            f"There is no number {field}[{t}, {unit}] to open: the trace has {timesteps} timesteps, {units} units, "
            f"and the numbers {', '.join(recipes)}.",
            field=field,
            t=t,
            unit=unit,
            timesteps=timesteps,
            units=units,
        )
    skipped = trace.mask is not None and not trace.mask[batch_index, t]
    recipe = opener.carried_over(field) if skipped and field in ("h", "c") else recipes[field]()
    return _add_up(Pointer(field, t, unit), recipe)


def fields_that_open(trace: CellTrace) -> list[str]:
    """The names that `open_number` accepts for this trace."""
    return list(_Opener(trace, trace.weights, 0, 0, 0, False).recipes())


def _add_up(at: Pointer, recipe: Recipe) -> Arithmetic:
    products = [term for term in recipe.terms if "bias" not in term.part]
    biases = [term for term in recipe.terms if "bias" in term.part]
    terms = (*sorted(products, key=lambda term: -abs(term.product)), *biases)
    parts = {term.part: 0.0 for term in recipe.terms}
    for term in terms:
        parts[term.part] += term.product
    total = sum(parts.values())
    result = ACTIVATION[recipe.activation](total) if recipe.activation else total

    in_symbols = _fill(recipe.template, recipe.symbols)
    in_numbers = _fill(recipe.template, {name: number(value) for name, value in recipe.numbers.items()})
    sides = [_activated(recipe.activation, in_numbers)]
    if recipe.activation and len(recipe.terms) > 1:
        sides.append(_activated(recipe.activation, number(total)))
    return Arithmetic(
        at,
        terms,
        parts,
        total,
        recipe.activation,
        result,
        formula=f"{recipe.symbol} = {_activated(recipe.activation, in_symbols)}",
        formula_with_numbers=" = ".join([recipe.symbol, *sides, number(result)]),
    )


def _fill(template: str, texts: dict[str, str]) -> str:
    for name, text in texts.items():
        template = template.replace(f"<{name}>", text)
    # A negative number is subtracted where it would be added, and in brackets where it multiplies.
    return re.sub(r"\\cdot (-\S+)", r"\\cdot (\1)", template.replace("+ -", "- "))


def _activated(activation: str | None, inside: str) -> str:
    return rf"{ACTIVATION_LATEX[activation]}\left({inside}\right)" if activation else inside


def number(value: float) -> str:
    """A number in LaTeX with three significant digits."""
    if not math.isfinite(value):
        return r"\text{NaN}" if math.isnan(value) else rf"{'-' if value < 0 else ''}\infty"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = 3 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, exponent = f"{value:.2e}".split("e")
    return rf"{mantissa.rstrip('0').rstrip('.')}\times10^{{{int(exponent)}}}"


class _Opener:
    """Knows, for one timestep and unit of one trace, what every number is made of."""

    def __init__(self, trace: CellTrace, weights: Weights, t: int, unit: int, batch_index: int, toy: bool) -> None:
        self.trace, self.weights = trace, weights
        self.t, self.unit, self.batch_index, self.toy = t, unit, batch_index, toy

    def recipes(self) -> dict[str, Callable[[], Recipe]]:
        """Every field that opens, with the function that lays it out."""
        found: dict[str, Callable[[], Recipe]] = {}
        for gate in self.weights.GATES:
            summed = "pre_activation" if gate == "h" else f"{gate}_pre_activation"
            found[summed] = partial(self.dot_products, gate, activated=False)
            found[gate] = partial(self.dot_products, gate, activated=True)
        if isinstance(self.trace, LSTMTrace):
            found |= {"kept": self.kept, "added": self.added, "c": self.sum_of_kept_and_added}
            found |= {"tanh_c": self.tanh_c, "h": self.lstm_h}
        if isinstance(self.trace, GRUTrace):
            found |= {"kept": self.kept, "added": self.added, "h": self.sum_of_kept_and_added}
        return found

    # Reading the trace

    def value(self, field: str, unit: int) -> float:
        return float(getattr(self.trace, field)[self.batch_index, self.t, unit])

    def now(self, field: str, unit: int | None = None) -> Factor:
        """A number of this timestep; it opens in turn."""
        unit = self.unit if unit is None else unit
        return Factor(f"{field}[{unit}]", self.value(field, unit), Pointer(field, self.t, unit))

    def previous(self, field: str, unit: int | None = None) -> Factor:
        """h or c of the timestep before; before the first one it is the initial state, which does not open."""
        unit = self.unit if unit is None else unit
        name = "state" if self.toy else f"{field}_previous"
        opens = Pointer(field, self.t - 1, unit) if self.t > 0 else None
        return Factor(f"{name}[{unit}]", self.value(f"{field}_previous", unit), opens)

    def weight(self, array: str, row: int, gate: str) -> Factor:
        """One number of a kernel; labels are the indices into the array that Keras' get_weights() returns."""
        column = self.weights.columns(gate).start + self.unit
        label = f"{'W' if array == 'kernel' else 'U'}[{self.unit}, {row}]" if self.toy else f"{array}[{row}, {column}]"
        return Factor(label, float(getattr(self.weights, array)[row, column]))

    def bias(self, gate: str, row: int) -> Factor:
        """The bias of one column; a bias of two rows has one for the input and one for the state."""
        column = self.weights.columns(gate).start + self.unit
        if self.weights.bias.ndim == 2:
            return Factor(f"bias[{row}, {column}]", float(self.weights.bias[row, column]))
        return Factor(f"{'b' if self.toy else 'bias'}[{column}]", float(self.weights.bias[column]))

    def letter(self, field: str) -> str:
        return LETTER.get(field) or ("c" if isinstance(self.trace, LSTMTrace) else "h")

    def symbol(self, field: str, when: str = "t", index: object = None) -> str:
        """h^{t}_{2} and so on; a candidate wears a tilde, since it may become c or h but is not yet."""
        letter = rf"\tilde{{{self.letter(field)}}}" if field == "candidate" else self.letter(field)
        return f"{letter}^{{{when}}}_{{{self.unit if index is None else index}}}"

    # Numbers made of dot products

    def dot_products(self, gate: str, activated: bool) -> Recipe:
        """activation(x·W + h_previous·U + b), for one column of a gate."""
        trace, i = self.trace, self.unit
        inputs = trace.inputs[self.batch_index, self.t]
        terms = [
            Term("input", (Factor(f"x[{j}]", float(x)), self.weight("kernel", j, gate))) for j, x in enumerate(inputs)
        ]
        recurrent = list(self.recurrent_factors(gate))
        terms += [Term("recurrent", factors) for factors in recurrent]
        terms.append(Term("bias", (self.bias(gate, 0),)))
        numbers = {part: _sum_of(terms, part) for part in ("input", "recurrent", "bias")}

        of_gate = "" if gate == "h" else f"^{{{self.letter(gate)}}}"
        symbols = {
            "input": rf"\sum_j x^{{t}}_{{j}}\,W{of_gate}_{{j,{i}}}",
            "recurrent": rf"\sum_j h^{{t-1}}_{{j}}\,U{of_gate}_{{j,{i}}}",
            "bias": f"b{of_gate}_{{{i}}}",
            "recurrent_bias": rf"\hat{{b}}{of_gate}_{{{i}}}",
            "reset": self.symbol("reset_gate"),
        }
        if self.toy:
            symbols["input"] = rf"\sum_j W_{{{i},j}}\,x^{{t}}_{{j}}"
            symbols["recurrent"] = rf"\sum_j U_{{{i},j}}\,h^{{t-1}}_{{j}}"

        template = "<input> + <recurrent> + <bias>"
        if isinstance(trace, GRUTrace):
            candidate = gate == "candidate"
            if trace.reset_after:
                second_bias = self.bias(gate, 1)
                numbers["recurrent_bias"] = second_bias.value
                if candidate:
                    # Every term holds the same reset gate; the formula takes it out of the sum.
                    reset = self.now("reset_gate")
                    numbers["reset"] = reset.value
                    numbers["recurrent"] = sum(state.value * weight.value for _, state, weight in recurrent)
                    terms.append(Term("recurrent_bias", (reset, second_bias)))
                    template = r"<input> + <bias> + <reset> \cdot \left(<recurrent> + <recurrent_bias>\right)"
                else:
                    terms.append(Term("recurrent_bias", (second_bias,)))
                    template += " + <recurrent_bias>"
            elif candidate:
                reset_j = self.symbol("reset_gate", index="j")
                symbols["recurrent"] = rf"\sum_j {reset_j}\,h^{{t-1}}_{{j}}\,U{of_gate}_{{j,{i}}}"

        if activated:
            function = "tanh" if gate in ("h", "candidate") else "sigmoid"
            return Recipe(self.symbol(gate), template, symbols, numbers, terms, function)
        return Recipe(f"a{of_gate}_{{{i}}}", template, symbols, numbers, terms)

    def recurrent_factors(self, gate: str) -> Iterator[tuple[Factor, ...]]:
        """What is multiplied for each number of the previous state."""
        for j in range(self.weights.units):
            factors = self.previous("h", j), self.weight("recurrent_kernel", j, gate)
            if isinstance(self.trace, GRUTrace) and gate == "candidate":
                # After the product, this unit's own reset gate scales the whole; before it, each state has its own.
                yield self.now("reset_gate", self.unit if self.trace.reset_after else j), *factors
            else:
                yield factors

    # Numbers put together unit by unit

    def kept(self) -> Recipe:
        """forget_gate * c_previous, or update_gate * h_previous."""
        gate, memory = self.keeps()
        return self.products(self.symbol_of("kept"), {"kept": (self.now(gate), self.previous(memory))})

    def added(self) -> Recipe:
        """input_gate * candidate, or (1 - update_gate) * candidate."""
        return self.products(self.symbol_of("added"), {"added": self.adds()})

    def sum_of_kept_and_added(self) -> Recipe:
        """The carry of an LSTM, the state of a GRU."""
        gate, memory = self.keeps()
        parts = {"kept": (self.now(gate), self.previous(memory)), "added": self.adds()}
        return self.products(self.symbol(memory), parts)

    def keeps(self) -> tuple[str, str]:
        return ("forget_gate", "c") if isinstance(self.trace, LSTMTrace) else ("update_gate", "h")

    def adds(self) -> tuple[Factor, Factor]:
        if isinstance(self.trace, LSTMTrace):
            return self.now("input_gate"), self.now("candidate")
        update_gate = self.now("update_gate")
        rest = Factor(f"1 - {update_gate.label}", 1 - update_gate.value, update_gate.opens)
        return rest, self.now("candidate")

    def tanh_c(self) -> Recipe:
        c = self.now("c")
        symbol = rf"\tanh {self.symbol('c')}"
        return Recipe(symbol, "<c>", {"c": self.symbol("c")}, {"c": c.value}, [Term("carry", (c,))], "tanh")

    def lstm_h(self) -> Recipe:
        """output_gate * tanh(c)."""
        return self.products(self.symbol("h"), {"shown": (self.now("output_gate"), self.now("tanh_c"))})

    def carried_over(self, field: str) -> Recipe:
        """A skipped timestep repeats what was there before it."""
        before = self.previous(field)
        symbols, numbers = {"before": self.symbol(field, "t-1")}, {"before": before.value}
        return Recipe(self.symbol(field), "<before>", symbols, numbers, [Term("carried_over", (before,))])

    def symbol_of(self, part: str) -> str:
        return rf"\text{{{part}}}^{{t}}_{{{self.unit}}}"

    def products(self, symbol: str, parts: dict[str, tuple[Factor, Factor]]) -> Recipe:
        """A sum of products of two numbers each."""
        template = " + ".join(rf"<{part}0> \cdot <{part}1>" for part in parts)
        symbols, numbers = {}, {}
        for part, factors in parts.items():
            for position, factor in enumerate(factors):
                symbols[f"{part}{position}"] = self.symbol_of_factor(factor)
                numbers[f"{part}{position}"] = factor.value
        return Recipe(symbol, template, symbols, numbers, [Term(part, factors) for part, factors in parts.items()])

    def symbol_of_factor(self, factor: Factor) -> str:
        field = factor.label.partition("[")[0]
        if field.startswith("1 - "):
            return rf"\left(1 - {self.symbol(field[4:])}\right)"
        if field == "tanh_c":
            return rf"\tanh\left({self.symbol('c')}\right)"
        if field.endswith("_previous"):
            return self.symbol(field.removesuffix("_previous"), "t-1")
        return self.symbol(field)


def _sum_of(terms: list[Term], part: str) -> float:
    return sum(term.product for term in terms if term.part == part)
