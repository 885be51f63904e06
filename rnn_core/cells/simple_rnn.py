"""SimpleRNN: h = tanh(x·kernel + h_previous·recurrent_kernel + bias). The state is the previous output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.cells.errors import check_shape
from rnn_core.cells.sequence import (
    Reading,
    first_state,
    gradient_of_outputs,
    outputs_of,
    over_all_timesteps,
    read,
    timestep_first,
)
from rnn_core.cells.weights import Array, Weights


@dataclass(frozen=True, eq=False)
class SimpleRNNWeights(Weights):
    """Weights of a SimpleRNN: kernel (input_features, units), recurrent_kernel (units, units), bias (units,).

    parameters = units*(input_features + units + 1)
    """

    GATES = ("h",)


@dataclass(frozen=True, eq=False)
class SimpleRNNStep:
    """One timestep of a SimpleRNN; every array is (batch, units)."""

    input_projection: Array
    recurrent_projection: Array
    pre_activation: Array
    h: Array


@dataclass(frozen=True, eq=False)
class SimpleRNNTrace:
    """Everything a SimpleRNN computed while it read a batch of sequences.

    Timesteps stand in the order in which they were read: with go_backwards, index 0 is the last one.
    At a skipped timestep the products hold what was computed and then thrown away, as Keras does it,
    while h repeats h_previous.

    Attributes:
        inputs: (batch, timesteps, input_features); all arrays below are (batch, timesteps, units).
        h_previous: the state before each timestep.
        input_projection: x·kernel, in the toy's words W·x.
        recurrent_projection: h_previous·recurrent_kernel, in the toy's words U·state.
        pre_activation: the sum of the two and the bias.
        h: the state after each timestep, tanh(pre_activation).
        outputs: what Keras returns with return_sequences=True; equals h, except that it is zero
            as long as every timestep so far was skipped.
        mask: (batch, timesteps), False where a timestep was skipped; None if none was.
    """

    weights: SimpleRNNWeights
    inputs: Array
    h_previous: Array
    input_projection: Array
    recurrent_projection: Array
    pre_activation: Array
    h: Array
    outputs: Array
    mask: NDArray[np.bool_] | None
    go_backwards: bool


@dataclass(frozen=True, eq=False)
class SimpleRNNGradients:
    """The loss gradient with respect to all that went into a SimpleRNN, each shaped like what it belongs to.

    d_inputs is in the order of the inputs as they were given; d_state, like the trace, in reading order.
    """

    d_inputs: Array
    d_kernel: Array
    d_recurrent_kernel: Array
    d_bias: Array
    d_initial_state: Array
    d_state: Array


def simple_rnn_step(x: ArrayLike, state: ArrayLike, weights: SimpleRNNWeights) -> SimpleRNNStep:
    """Advance a SimpleRNN cell by one timestep.

        h = tanh(x·kernel + state·recurrent_kernel + bias)

    Args:
        x: input at this timestep, (batch, input_features).
        state: the previous output, (batch, units).
        weights: SimpleRNNWeights.

    Returns:
        SimpleRNNStep: the two products, their sum with the bias, and the new state h.

    Raises:
        CellError: "wrong_shape", if x or state does not fit the weights.

    Source:
        Elman 1990; weight layout of Keras 3.
    """
    x = np.asarray(x, dtype=weights.dtype)
    check_shape("x", x.shape, ("batch", weights.input_features))
    state = first_state("state", state, len(x), weights)
    return _advance(x @ weights.kernel, state, weights)


def _advance(input_projection: Array, h_previous: Array, weights: SimpleRNNWeights) -> SimpleRNNStep:
    recurrent_projection = h_previous @ weights.recurrent_kernel
    pre_activation = input_projection + recurrent_projection
    pre_activation += weights.bias
    return SimpleRNNStep(input_projection, recurrent_projection, pre_activation, np.tanh(pre_activation))


def simple_rnn_forward(
    inputs: ArrayLike,
    weights: SimpleRNNWeights,
    initial_state: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    go_backwards: bool = False,
) -> SimpleRNNTrace:
    """Read a batch of sequences with a SimpleRNN, one timestep after the other.

        h[t] = tanh(x[t]·kernel + h[t-1]·recurrent_kernel + bias),   h[-1] = initial_state

    Args:
        inputs: (batch, timesteps, input_features).
        weights: SimpleRNNWeights; their dtype is the dtype of everything that is computed.
        initial_state: (batch, units); zeros if None.
        mask: (batch, timesteps), False where a timestep is to be skipped, so that the state passes unchanged.
        go_backwards: read the last timestep first. The trace then stands in that order too, as Keras' outputs do.

    Returns:
        SimpleRNNTrace: all intermediate numbers, batch first.

    Raises:
        CellError: "wrong_shape", naming the argument, the shape expected and the shape received.

    Source:
        Elman 1990; masks and order as in Keras 3's `keras.layers.RNN`.
    """
    reading = read(inputs, weights, mask, go_backwards)
    shape = (reading.timesteps, reading.batch, weights.units)
    input_projection = reading.project(weights.kernel)
    recurrent_projection = np.empty(shape, weights.dtype)
    pre_activation = np.empty(shape, weights.dtype)
    # One row more than timesteps: h_previous and h are then two views of the same states.
    states = np.empty((reading.timesteps + 1, *shape[1:]), weights.dtype)
    states[0] = first_state("initial_state", initial_state, reading.batch, weights)

    for t in range(reading.timesteps):
        now = _advance(input_projection[t], states[t], weights)
        recurrent_projection[t] = now.recurrent_projection
        pre_activation[t] = now.pre_activation
        states[t + 1] = reading.step(t, now.h, states[t])

    return SimpleRNNTrace(
        weights=weights,
        inputs=timestep_first(reading.inputs),
        h_previous=timestep_first(states[:-1]),
        input_projection=timestep_first(input_projection),
        recurrent_projection=timestep_first(recurrent_projection),
        pre_activation=timestep_first(pre_activation),
        h=timestep_first(states[1:]),
        outputs=timestep_first(outputs_of(states[1:], reading.mask)),
        mask=reading.batch_first_mask,
        go_backwards=go_backwards,
    )


def simple_rnn_backward(trace: SimpleRNNTrace, d_h: ArrayLike) -> SimpleRNNGradients:
    """Send a gradient back through all timesteps that a SimpleRNN has read.

        d_state[t] = d_h[t] + d_pre_activation[t+1]·recurrent_kernel^T
        d_pre_activation[t] = d_state[t] * (1 - h[t]^2)

    A skipped timestep hands d_state on to the one before it, unchanged.

    Args:
        trace: what `simple_rnn_forward` returned.
        d_h: (batch, timesteps, units), the loss gradient arriving at each of `trace.outputs`, in the trace's order.

    Returns:
        SimpleRNNGradients.

    Raises:
        CellError: "wrong_shape", if d_h is not shaped like trace.h.

    Source:
        Backpropagation through time, Werbos 1990.
    """
    weights = trace.weights
    reading = Reading.of(trace)
    h = timestep_first(trace.h)
    d_outputs = gradient_of_outputs(d_h, reading, weights)
    d_state = np.empty_like(h)
    d_pre_activation = np.empty_like(h)
    from_later = np.zeros_like(h[0])

    for t in reversed(range(reading.timesteps)):
        d_state[t] = d_outputs[t] + from_later
        computed, passed_on = reading.divide(t, d_state[t])
        d_pre_activation[t] = computed * (1 - h[t] ** 2)
        from_later = d_pre_activation[t] @ weights.recurrent_kernel.T + passed_on

    return SimpleRNNGradients(
        d_inputs=reading.d_inputs(d_pre_activation, weights.kernel, trace.go_backwards),
        d_kernel=over_all_timesteps(reading.inputs, d_pre_activation),
        d_recurrent_kernel=over_all_timesteps(timestep_first(trace.h_previous), d_pre_activation),
        d_bias=d_pre_activation.sum(axis=(0, 1)),
        d_initial_state=from_later,
        d_state=timestep_first(d_state),
    )
