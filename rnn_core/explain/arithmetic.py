"""Any number opens: the sums and products behind one number of a trace.

A number in a recurrent network comes about in one of two ways. Either it is a dot product with the
input plus one with the previous state plus a bias, sent through an activation: every gate, every
candidate, a SimpleRNN's state. Or it is put together from such numbers, unit by unit: an LSTM's carry
and state, a GRU's state. `open_number` lays out both, and says which of the factors open in turn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rnn_core.cells.registry import CellTrace
from rnn_core.cells.weights import Weights
from rnn_core.errors import VisitorError
from rnn_core.explain.latex import activated, filled, number
from rnn_core.explain.recipes import Recipe, Recipes
from rnn_core.explain.terms import Factor, Pointer, Term

__all__ = [
    "ACTIVATION", "Arithmetic", "Factor", "OpenError", "Pointer", "Term", "add_up", "fields_that_open", "open_number",
]  # fmt: skip

ACTIVATION: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    # the two forms are equal; each is used where its exponential cannot overflow
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x)),
}


class OpenError(VisitorError):
    """A number that is not in the trace, or that does not open."""

    SENTENCES: ClassVar = {
        "unknown_number": (
            "There is no number {field}[{t}, {unit}] to open: the trace has {timesteps} timesteps, {units} units, "
            "and the numbers {fields}."
        )
    }


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
        formula: LaTeX with symbols. W and U are the kernel's and recurrent kernel's columns of this block.
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
        OpenError: "unknown_number", if the trace has no such number that opens.
    """
    recipes = Recipes(trace, weights, t, unit, batch_index, toy)
    by_field = recipes.by_field()
    batch, timesteps, units = trace.h.shape
    if field not in by_field or not (0 <= t < timesteps and 0 <= unit < units and 0 <= batch_index < batch):
        fields = ", ".join(by_field)
        raise OpenError("unknown_number", field=field, t=t, unit=unit, timesteps=timesteps, units=units, fields=fields)
    skipped = trace.mask is not None and not trace.mask[batch_index, t]
    recipe = recipes.carried_over(field) if skipped and field in ("h", "c") else by_field[field]()
    return add_up(Pointer(field, t, unit), recipe)


def fields_that_open(trace: CellTrace) -> list[str]:
    """The names that `open_number` accepts for this trace."""
    return list(Recipes(trace, trace.weights, t=0, unit=0).by_field())


def add_up(at: Pointer, recipe: Recipe) -> Arithmetic:
    """Multiply and add what a recipe says, and write its formula."""
    products = [term for term in recipe.terms if not term.is_bias]
    biases = [term for term in recipe.terms if term.is_bias]
    terms = (*sorted(products, key=lambda term: -abs(term.product)), *biases)
    parts = {term.part: 0.0 for term in recipe.terms}
    for term in terms:
        parts[term.part] += term.product
    total = sum(parts.values())
    result = ACTIVATION[recipe.activation](total) if recipe.activation else total

    in_symbols = filled(recipe.template, recipe.symbols)
    in_numbers = filled(recipe.template, {name: number(value) for name, value in recipe.numbers.items()})
    sides = [activated(recipe.activation, in_numbers)]
    if sides == [number(result)]:
        sides = []  # one number alone is not said twice
    if recipe.activation and len(recipe.terms) > 1:
        sides.append(activated(recipe.activation, number(total)))
    return Arithmetic(
        at,
        terms,
        parts,
        total,
        recipe.activation,
        result,
        formula=f"{recipe.symbol} = {activated(recipe.activation, in_symbols)}",
        formula_with_numbers=" = ".join([recipe.symbol, *sides, number(result)]),
    )
