"""What the weights of all three cells have in common: three arrays in Keras' layout, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnn_core.cells.errors import CellError, check_shape

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of a recurrent cell, exactly as Keras' `layer.get_weights()` lays them out.

    Args:
        kernel: what an input is multiplied with, (input_features, gates*units).
        recurrent_kernel: what the previous state is multiplied with, (units, gates*units).
        bias: added to the sum, (gates*units,).

    The kernel's dtype rules: the other arrays, and later inputs and states, are converted to it.
    Whole numbers count as float64.

    Raises:
        CellError: "wrong_shape", naming the array, the shape expected and the shape received.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array

    GATES: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        kernel = np.asarray(self.kernel)
        dtype = kernel.dtype if np.issubdtype(kernel.dtype, np.floating) else np.dtype(np.float64)
        for name in ("kernel", "recurrent_kernel", "bias"):
            # object.__setattr__, because the dataclass is frozen for everybody else
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=dtype))

        gates = len(self.GATES)
        any_columns = f"{gates}*units" if gates > 1 else "units"
        check_shape("recurrent_kernel", self.recurrent_kernel.shape, ("units", any_columns))
        columns = gates * self.units
        check_shape("recurrent_kernel", self.recurrent_kernel.shape, (self.units, columns))
        check_shape("kernel", self.kernel.shape, ("input_features", columns))
        self._check_bias(columns)

    def _check_bias(self, columns: int) -> None:
        check_shape("bias", self.bias.shape, (columns,))

    @property
    def input_features(self) -> int:
        return self.kernel.shape[0]

    @property
    def units(self) -> int:
        return self.recurrent_kernel.shape[0]

    @property
    def dtype(self) -> np.dtype:
        return self.kernel.dtype

    @property
    def parameters(self) -> int:
        """How many numbers a training would adjust."""
        return self.kernel.size + self.recurrent_kernel.size + self.bias.size

    def astype(self, dtype: DTypeLike) -> Self:
        """The same weights as numbers of another precision."""
        return type(self)(*(array.astype(dtype) for array in (self.kernel, self.recurrent_kernel, self.bias)))

    def columns(self, gate: str) -> slice:
        """The columns that belong to one gate, in the kernels, the bias and every projection of a trace."""
        start = self.GATES.index(gate) * self.units
        return slice(start, start + self.units)

    @classmethod
    def from_keras(cls, arrays: Sequence[ArrayLike]) -> Self:
        """Take what `layer.get_weights()` returned."""
        if len(arrays) != 3:
            raise CellError("wrong_count", expected=3, received=len(arrays))
        return cls(*(np.asarray(array) for array in arrays))

    def to_keras(self) -> list[Array]:
        """What `layer.set_weights()` wants."""
        return [self.kernel, self.recurrent_kernel, self.bias]
