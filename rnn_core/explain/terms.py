"""What a number is made of: factors that open in turn, and the terms that they are multiplied to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pointer:
    """Where a number stands: of the trace, for `open_number`; of the way back, for `open_on_the_way_back`.

    Attributes:
        field: its name.
        t: the timestep, counted from 0.
        unit: which of the units; of a matrix the row.
        column: of a matrix.
    """

    field: str
    t: int
    unit: int
    column: int | None = None

    @property
    def pick(self) -> str:
        """What a mark that opens this number is picked by, "field:unit:t", of a matrix "field:row:t:column"."""
        return ":".join(map(str, [self.field, self.unit, self.t, *([] if self.column is None else [self.column])]))


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
            unit by unit "kept", "added", "shown", "carry" or "carried_over"; of the way back also "loss", "state",
            "gates" or a gate by its name.
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
