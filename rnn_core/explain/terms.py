"""What a number is made of: factors that open in turn, and the terms that they are multiplied to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pointer:
    """Where a number of the trace stands, for `open_number(trace, weights, field, t, unit)`."""

    field: str
    t: int
    unit: int


@dataclass(frozen=True)
class Factor:
    """One number of a product.

    Attributes:
        label: what it is called.
        value: how large it is.
        opens: where the number stands that explains it, if it opens.
        is_rest: whether it is 1 minus that number.
        symbol: its letter in LaTeX; "" for one of many that a formula sums up.
    """

    label: str
    value: float
    opens: Pointer | None = None
    is_rest: bool = False
    symbol: str = ""


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

    @property
    def is_bias(self) -> bool:
        return self.part in ("bias", "recurrent_bias")
