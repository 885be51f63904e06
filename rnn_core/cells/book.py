"""The equations as books and papers print them, on the same weights, to be put beside Keras'.

*Deep Learning with Python* explains the LSTM with a simplified pseudo-code that is not what Keras
computes; and of the GRU several versions are in print. Which one a text means can only be told by
comparing numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.activations import sigmoid
from rnn_core.cells.errors import check_shape
from rnn_core.cells.gru import GRUWeights, gru_step
from rnn_core.cells.initial import orthogonal
from rnn_core.cells.lstm import LSTMWeights
from rnn_core.cells.sequence import Reading, timestep_first
from rnn_core.cells.weights import Array


@dataclass(frozen=True, eq=False)
class BookLSTMTrace:
    """Everything the book's pseudo-code computes, under the book's own names, each (batch, timesteps, units).

    Attributes:
        state_t: the output of the timestep before.
        c_t: the carry before this timestep; this is the one that the output sees.
        i_t, f_t, k_t: what Keras calls input gate, forget gate and candidate.
        carry_projection: dot(c_t, Vo), the term that Keras does not have.
        output_t: the output, which is the next state.
        c_t_next: the carry after this timestep.
    """

    state_t: Array
    c_t: Array
    i_t: Array
    f_t: Array
    k_t: Array
    carry_projection: Array
    output_t: Array
    c_t_next: Array


def carry_kernel(units: int, seed: int) -> Array:
    """A Vo for the book's pseudo-code, (units, units), orthogonal like other recurrent weights; Keras has none."""
    return orthogonal(np.random.default_rng(seed), units, units)


def book_lstm_forward(inputs: ArrayLike, weights: LSTMWeights, Vo: ArrayLike) -> BookLSTMTrace:
    """Read a batch of sequences with the book's simplified LSTM.

        output_t = activation(dot(state_t, Uo) + dot(input_t, Wo) + dot(c_t, Vo) + bo)
        i_t = activation(dot(state_t, Ui) + dot(input_t, Wi) + bi)
        f_t = activation(dot(state_t, Uf) + dot(input_t, Wf) + bf)
        k_t = activation(dot(state_t, Uk) + dot(input_t, Wk) + bk)
        c_t_next = i_t * k_t + c_t * f_t

    The pseudo-code leaves `activation` open. Here it is what Keras uses in that place: sigmoid for the
    two gates i and f, tanh for k, and tanh for the output, whose range is then that of a Keras output.

    What differs from Keras: the output is a sum inside an activation, not a gate times tanh(c); it sees
    the carry from before the step, c_t, not c_t_next; and it needs a fourth matrix, Vo.

    Args:
        inputs: (batch, timesteps, input_features).
        weights: LSTMWeights; the columns i, f, c, o serve as i, f, k, o.
        Vo: what the output multiplies the carry with, (units, units).

    Returns:
        BookLSTMTrace.

    Raises:
        CellError: "wrong_shape", if inputs or Vo does not fit the weights.

    Source:
        Chollet, Deep Learning with Python, section 6.2.
    """
    reading = Reading.begin(inputs, weights, mask=None, go_backwards=False)
    Vo = np.asarray(Vo, dtype=weights.dtype)
    check_shape("Vo", Vo.shape, (weights.units, weights.units))
    i, f, k, o = (weights.columns(gate) for gate in weights.GATES)
    share_of_inputs = reading.empty(4 * weights.units, weights)
    reading.project(weights.kernel, weights.bias, out=share_of_inputs)
    names = ("state_t", "c_t", "i_t", "f_t", "k_t", "carry_projection", "output_t", "c_t_next")
    kept: dict[str, list[Array]] = {name: [] for name in names}

    state_t = c_t = np.zeros((reading.batch, weights.units), weights.dtype)
    for from_input in share_of_inputs:
        summed = from_input + state_t @ weights.recurrent_kernel
        i_t, f_t, k_t = sigmoid(summed[:, i]), sigmoid(summed[:, f]), np.tanh(summed[:, k])
        carry_projection = c_t @ Vo
        output_t = np.tanh(summed[:, o] + carry_projection)
        c_t_next = i_t * k_t + c_t * f_t
        for name, array in zip(names, (state_t, c_t, i_t, f_t, k_t, carry_projection, output_t, c_t_next), strict=True):
            kept[name].append(array)
        state_t, c_t = output_t, c_t_next

    return BookLSTMTrace(**{name: timestep_first(np.stack(arrays)) for name, arrays in kept.items()})


def reset_before(weights: GRUWeights) -> GRUWeights:
    """The same GRU for `gru_forward(..., reset_after=False)`: its two biases, there only one, are added.

    Gates get the same sums as before. The candidate does not: its recurrent bias is no longer reset.
    """
    return GRUWeights(weights.kernel, weights.recurrent_kernel, weights.input_bias + weights.recurrent_bias)


def other_convention(inputs: ArrayLike, weights: GRUWeights) -> Array:
    """Read a batch of sequences with z and 1 - z in each other's place, the weights as they are.

        h = (1 - update_gate) * h_previous + update_gate * candidate

    Args:
        inputs: (batch, timesteps, input_features).
        weights: GRUWeights, with the bias of either variant.

    Returns:
        The states h, (batch, timesteps, units).

    Source:
        Chung et al. 2014.
    """
    sequences = np.asarray(inputs, dtype=weights.dtype)
    h = np.zeros((len(sequences), weights.units), weights.dtype)
    states = []
    for x in timestep_first(sequences):
        now = gru_step(x, h, weights, reset_after=weights.bias.ndim == 2)
        h = (1 - now.update_gate) * h + now.update_gate * now.candidate
        states.append(h)
    return timestep_first(np.stack(states))


def other_update_gate(weights: GRUWeights) -> GRUWeights:
    """The weights with which Keras' equation computes what the other convention computes with these.

    Keras, after Cho et al.:  h = z * h_previous + (1 - z) * candidate
    Chung et al. and others:  h = (1 - z) * h_previous + z * candidate

    sigmoid(-a) = 1 - sigmoid(a), so turning the sign of the update gate's columns turns one into the
    other: the two are the same network, but weights must not be carried from one to the other as they are.
    In the trace, update_gate is then 1 - z.
    """
    z = weights.columns("update_gate")
    arrays = [array.copy() for array in weights.to_keras()]
    for array in arrays:
        array[..., z] *= -1
    return GRUWeights(*arrays)
