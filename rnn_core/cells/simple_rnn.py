"""SimpleRNN: h = tanh(x·kernel + h_previous·recurrent_kernel + bias). The state is the previous output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.errors import check_shape
from rnn_core.cells.sequence import (
    Gradients,
    Reading,
    Step,
    Trace,
    input_gradient,
    matrix_gradient,
    state_or_zeros,
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
class SimpleRNNStep(Step):
    """One timestep of a SimpleRNN; beside the fields of Step:

    Attributes:
        h: the new state, tanh(pre_activation), (batch, units).
    """

    weights: SimpleRNNWeights
    h: Array


@dataclass(frozen=True, eq=False)
class SimpleRNNTrace(Trace, SimpleRNNStep):
    """Everything a SimpleRNN computed: SimpleRNNStep with a timestep axis, (batch, timesteps, ...), and Trace."""

    weights: SimpleRNNWeights


@dataclass(frozen=True, eq=False)
class SimpleRNNGradients(Gradients):
    """Gradients of a SimpleRNN; d_initial_state is (batch, units)."""

    d_initial_state: Array


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
    h_previous = state_or_zeros("state", state, len(x), weights)
    now = SimpleRNNStep(weights, x, h_previous, h=x @ weights.kernel + weights.bias)
    _advance(now)
    return now


def _advance(now: SimpleRNNStep) -> None:
    """Finish one timestep in place; h holds the input's share, x·kernel + bias, already."""
    np.add(now.h, now.recurrent_projection, out=now.h)
    np.tanh(now.h, out=now.h)


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
    reading = Reading.begin(inputs, weights, mask, go_backwards)
    states = reading.states("initial_state", initial_state, weights)
    steps = SimpleRNNStep(weights, reading.inputs, states[:-1], h=states[1:])
    reading.project(weights.kernel, weights.bias, out=steps.h)

    for t, now in enumerate(steps.in_turn()):
        _advance(now)
        reading.carry_over(t, now.h, now.h_previous)

    return SimpleRNNTrace(
        **vars(steps.batch_first()),
        outputs=timestep_first(reading.outputs(steps.h)),
        mask=reading.batch_first_mask,
        go_backwards=go_backwards,
    )


def simple_rnn_backward(trace: SimpleRNNTrace, d_h: ArrayLike) -> SimpleRNNGradients:
    """Send a gradient back through all timesteps that a SimpleRNN has read.

        d_state[t] = d_h[t] + d_pre_activation[t+1]·recurrent_kernel^T
        d_pre_activation[t] = d_state[t] * (1 - h[t]^2)

    A skipped timestep passes d_state on to the one before it, unchanged.

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
    d_outputs = reading.d_outputs(d_h, weights)
    d_state = np.empty_like(h)
    d_pre_activation = np.empty_like(h)
    from_later = np.zeros_like(h[0])

    for t in reversed(range(reading.timesteps)):
        d_state[t] = d_outputs[t] + from_later
        computed, carried_over = reading.divide(t, d_state[t])
        d_pre_activation[t] = computed * (1 - h[t] ** 2)
        from_later = d_pre_activation[t] @ weights.recurrent_kernel.T + carried_over

    return SimpleRNNGradients(
        d_inputs=input_gradient(d_pre_activation, weights.kernel, trace.go_backwards),
        d_kernel=matrix_gradient(reading.inputs, d_pre_activation),
        d_recurrent_kernel=matrix_gradient(timestep_first(trace.h_previous), d_pre_activation),
        d_bias=d_pre_activation.sum(axis=(0, 1)),
        d_initial_state=from_later,
        d_state=timestep_first(d_state),
    )
