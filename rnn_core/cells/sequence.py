"""Reading a batch of sequences one timestep at a time, in the order and with the masks of Keras.

All three cells read the same way, so it is told once, here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.cells.errors import check_shape
from rnn_core.cells.weights import Array, Weights


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
    def of(cls, trace: Any) -> Self:
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

    def project(self, kernel: Array) -> Array:
        """x·kernel of all timesteps in one product, (timesteps, batch, gates*units).

        An input does not depend on the states before it, so nothing is won by waiting for its turn.
        """
        flat = self.inputs.reshape(-1, self.inputs.shape[-1])
        return (flat @ kernel).reshape(self.timesteps, self.batch, -1)

    def step(self, t: int, computed: Array, previous: Array) -> Array:
        """The state after timestep t: the one computed, or the previous one where the timestep is skipped."""
        return computed if self.mask is None else np.where(self.mask[t], computed, previous)

    def divide(self, t: int, d_state: Array) -> tuple[Array, Array | float]:
        """Divide the gradient of a state into what `step` sends to the computed state and to the previous one."""
        if self.mask is None:
            return d_state, 0.0
        return np.where(self.mask[t], d_state, 0.0), np.where(self.mask[t], 0.0, d_state)

    def d_inputs(self, d_projection: Array, kernel: Array, go_backwards: bool) -> Array:
        """The gradient of the inputs, batch first and in the order in which they were given."""
        d_inputs = d_projection @ kernel.T
        return timestep_first(d_inputs[::-1] if go_backwards else d_inputs)


def read(inputs: ArrayLike, weights: Weights, mask: ArrayLike | None, go_backwards: bool) -> Reading:
    """Check a batch of sequences (batch, timesteps, input_features) and lay it out for reading."""
    sequences = np.asarray(inputs, dtype=weights.dtype)
    check_shape("inputs", sequences.shape, ("batch", "timesteps", weights.input_features))
    kept = None
    if mask is not None:
        kept = np.asarray(mask, dtype=bool)
        check_shape("mask", kept.shape, sequences.shape[:2])
        kept = timestep_first(kept)[..., np.newaxis]
    sequences = timestep_first(sequences)
    if go_backwards:
        sequences = sequences[::-1]
        kept = kept if kept is None else kept[::-1]
    return Reading(np.ascontiguousarray(sequences), kept)


def first_state(argument: str, state: ArrayLike | None, batch: int, weights: Weights) -> Array:
    """The state before the first timestep, (batch, units): zeros, unless one is given."""
    if state is None:
        return np.zeros((batch, weights.units), weights.dtype)
    given = np.asarray(state, dtype=weights.dtype)
    check_shape(argument, given.shape, (batch, weights.units))
    return given


def anything_read(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True from the first timestep on that is not skipped; timestep first, like the mask."""
    return np.logical_or.accumulate(mask, axis=0)


def outputs_of(h: Array, mask: NDArray[np.bool_] | None) -> Array:
    """What the layer returns at each timestep, given its states; timestep first.

    A skipped timestep repeats the output before it, which is the state; but before anything was read
    there is no output to repeat, and Keras returns zeros, even if the initial state was not zero.
    """
    return h if mask is None else np.where(anything_read(mask), h, 0.0)


def gradient_of_outputs(d_h: ArrayLike, reading: Reading, weights: Weights) -> Array:
    """The reverse of `outputs_of`: which of the arriving gradient d_h reaches a state; timestep first."""
    d_outputs = np.asarray(d_h, dtype=weights.dtype)
    check_shape("d_h", d_outputs.shape, (reading.batch, reading.timesteps, weights.units))
    d_outputs = timestep_first(d_outputs)
    return d_outputs if reading.mask is None else np.where(anything_read(reading.mask), d_outputs, 0.0)


def over_all_timesteps(factor: Array, d_product: Array) -> Array:
    """The gradient of a matrix that every timestep multiplied by: factor^T·d_product, summed over time and batch."""
    return factor.reshape(-1, factor.shape[-1]).T @ d_product.reshape(-1, d_product.shape[-1])


def timestep_first(array: np.ndarray) -> np.ndarray:
    """(batch, timesteps, ...) as a view (timesteps, batch, ...), and back again."""
    return array.swapaxes(0, 1)
