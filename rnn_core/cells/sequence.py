"""Reading a batch of sequences one timestep at a time, in the order and with the masks of Keras.

All three cells read the same way, so it is told once, here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.cells.errors import check_shape
from rnn_core.cells.weights import Array, Weights


@dataclass(frozen=True, eq=False)
class Step:
    """What every cell knows at one timestep; each array is (batch, ...).

    States and gates are stored. The sums that led to them are computed again when asked for: keeping
    them would double the memory of a trace, and a long batch's time with it.
    The loop over time and the traces have the same fields with a timestep axis.

    Attributes:
        weights: the weights that were used.
        inputs: x, (batch, input_features).
        h_previous: the state before this timestep, (batch, units).
    """

    weights: Any
    inputs: Array
    h_previous: Array

    @property
    def input_projection(self) -> Array:
        """x·kernel, (batch, gates*units); `weights.columns(gate)` finds a gate's part. In the toy's words W·x."""
        return self.inputs @ self.weights.kernel

    @property
    def recurrent_projection(self) -> Array:
        """h_previous·recurrent_kernel, (batch, gates*units). In the toy's words U·state."""
        return self.h_previous @ self.weights.recurrent_kernel

    @property
    def pre_activation(self) -> Array:
        """input_projection + recurrent_projection + bias, (batch, gates*units): what goes into the activations."""
        return self.input_projection + self.recurrent_projection + self.weights.bias

    def in_turn(self) -> Iterator[Self]:
        """Views of one timestep after the other, given arrays (timesteps, batch, ...)."""
        values = (getattr(self, field.name) for field in fields(self))
        return map(type(self), *(value if isinstance(value, np.ndarray) else repeat(value) for value in values))

    def batch_first(self) -> Self:
        """The same with arrays (batch, timesteps, ...), given (timesteps, batch, ...); and back again."""
        return self._each_array(timestep_first)

    def _each_array(self, change: Callable[[Array], Array]) -> Self:
        values = (getattr(self, field.name) for field in fields(self))
        return type(self)(*(change(value) if isinstance(value, np.ndarray) else value for value in values))


@dataclass(frozen=True, eq=False)
class Trace(Step):
    """A step with a timestep axis, (batch, timesteps, ...), and what the traces of all cells hold beside it.

    Timesteps stand in the order in which they were read: with go_backwards, index 0 is the last one.

    Attributes:
        outputs: what Keras returns with return_sequences=True, (batch, timesteps, units). Equals h, except
            that it is zero as long as every timestep so far was skipped.
        mask: (batch, timesteps), False where a timestep was skipped; None if none was.
            There h repeats h_previous (and c repeats c_previous), while all other numbers are those that
            were computed and then thrown away.
        go_backwards: whether the last timestep was read first.
    """

    outputs: Array
    mask: NDArray[np.bool_] | None
    go_backwards: bool

    def until(self, timesteps: int) -> Self:
        """The trace of the first timesteps read, as views: what is read later does not change them."""
        return self._each_array(lambda array: array[:, :timesteps])


@dataclass(frozen=True, eq=False)
class Gradients:
    """The loss gradient with respect to all that went into a cell, each shaped like what it belongs to.

    Attributes:
        d_inputs: (batch, timesteps, input_features), in the order of the inputs as they were given.
        d_state: (batch, timesteps, units), in the trace's order: the total gradient that reaches each
            hidden state, from its own output and through all later timesteps.
    """

    d_inputs: Array
    d_kernel: Array
    d_recurrent_kernel: Array
    d_bias: Array
    d_initial_state: Any
    d_state: Array


@dataclass(frozen=True, eq=False)
class Reading:
    """A batch of sequences laid out for a loop over time: timestep first, in the order in which they are read.

    Args:
        inputs: (timesteps, batch, input_features).
        mask: (timesteps, batch, 1), False where a timestep is to be skipped; None if all are read.
    """

    inputs: Array
    mask: NDArray[np.bool_] | None

    @classmethod
    def begin(cls, inputs: ArrayLike, weights: Weights, mask: ArrayLike | None, go_backwards: bool) -> Self:
        """Check a batch of sequences (batch, timesteps, input_features) and lay it out."""
        sequences = np.asarray(inputs, dtype=weights.dtype)
        check_shape("inputs", sequences.shape, ("batch", "timesteps", weights.input_features))
        order = slice(None, None, -1 if go_backwards else 1)
        read = None
        if mask is not None:
            read = np.asarray(mask, dtype=bool)
            check_shape("mask", read.shape, sequences.shape[:2])
            read = timestep_first(read)[order, :, np.newaxis]
        return cls(np.ascontiguousarray(timestep_first(sequences)[order]), read)

    @classmethod
    def of(cls, trace: Trace) -> Self:
        """The reading that a trace remembers."""
        mask = None if trace.mask is None else timestep_first(trace.mask)[..., np.newaxis]
        return cls(timestep_first(trace.inputs), mask)

    @property
    def timesteps(self) -> int:
        return self.inputs.shape[0]

    @property
    def batch(self) -> int:
        return self.inputs.shape[1]

    @property
    def batch_first_mask(self) -> NDArray[np.bool_] | None:
        """(batch, timesteps), as a trace shows it."""
        return None if self.mask is None else timestep_first(self.mask[..., 0])

    def empty(self, size: int, weights: Weights) -> Array:
        """Room for `size` numbers at every timestep, (timesteps, batch, size)."""
        return np.empty((self.timesteps, self.batch, size), weights.dtype)

    def states(self, argument: str, initial_state: ArrayLike | None, weights: Weights) -> Array:
        """Room for the initial state and the one after each timestep, (timesteps + 1, batch, units).

        All but the last are then h_previous, all but the first are h: two views of the same numbers.
        """
        states = np.empty((self.timesteps + 1, self.batch, weights.units), weights.dtype)
        states[0] = state_or_zeros(argument, initial_state, self.batch, weights)
        return states

    def project(self, kernel: Array, bias: Array, out: Array) -> None:
        """Write x·kernel + bias of all timesteps, one product, into `out` (timesteps, batch, gates*units).

        An input does not depend on the states before it, so nothing is won by waiting for its turn.
        """
        np.matmul(flat(self.inputs), kernel, out=flat(out))
        out += bias

    def carry_over(self, t: int, state: Array, previous: Array) -> None:
        """Put the previous state back wherever timestep t is skipped."""
        if self.mask is not None:
            np.copyto(state, previous, where=~self.mask[t])

    def divide(self, t: int, d_state: Array) -> tuple[Array, Array | float]:
        """The reverse of `carry_over`: the gradient's shares for the state computed and for the previous one."""
        if self.mask is None:
            return d_state, 0.0
        return np.where(self.mask[t], d_state, 0.0), np.where(self.mask[t], 0.0, d_state)

    def outputs(self, h: Array) -> Array:
        """What the layer returns at each timestep, given the states h (timesteps, batch, units).

        A skipped timestep repeats the output before it, which is the state; but before anything was read
        there is no output to repeat, and Keras returns zeros, even if the initial state was not zero.
        """
        return h if self.mask is None else np.where(anything_read(self.mask), h, 0.0)

    def d_outputs(self, d_h: ArrayLike, weights: Weights) -> Array:
        """The reverse of `outputs`: how much of an arriving gradient (batch, timesteps, units) reaches each state."""
        arriving = np.asarray(d_h, dtype=weights.dtype)
        check_shape("d_h", arriving.shape, (self.batch, self.timesteps, weights.units))
        arriving = timestep_first(arriving)
        return arriving if self.mask is None else np.where(anything_read(self.mask), arriving, 0.0)


def anything_read(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True from the first timestep on that is not skipped; timestep first, like the mask."""
    return np.logical_or.accumulate(mask, axis=0)


def state_or_zeros(argument: str, state: ArrayLike | None, batch: int, weights: Weights) -> Array:
    """A state (batch, units) in the weights' dtype; zeros, unless one is given."""
    if state is None:
        return np.zeros((batch, weights.units), weights.dtype)
    given = np.asarray(state, dtype=weights.dtype)
    check_shape(argument, given.shape, (batch, weights.units))
    return given


def input_gradient(d_projection: Array, kernel: Array, go_backwards: bool) -> Array:
    """The gradient of the inputs, batch first and in the order in which they were given."""
    d_inputs = d_projection @ kernel.T
    return timestep_first(d_inputs[::-1] if go_backwards else d_inputs)


def matrix_gradient(factor: Array, d_product: Array) -> Array:
    """The gradient of a matrix that every timestep multiplied by: factor^T·d_product, summed over time and batch."""
    return flat(factor).T @ flat(d_product)


def flat(array: Array) -> Array:
    """(timesteps, batch, size) as (timesteps*batch, size)."""
    return array.reshape(-1, array.shape[-1])


def timestep_first(array: np.ndarray) -> np.ndarray:
    """(batch, timesteps, ...) as a view (timesteps, batch, ...), and back again."""
    return array.swapaxes(0, 1)
