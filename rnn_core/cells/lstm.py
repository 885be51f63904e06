"""LSTM: a carry track beside the sequence, and three gates that decide what gets on, what stays and what shows.

c = forget_gate * c_previous + input_gate * candidate
h = output_gate * tanh(c)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.activations import sigmoid
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


class LSTMState(NamedTuple):
    """What an LSTM carries from one timestep to the next: the hidden state h and the carry c, each (batch, units)."""

    h: ArrayLike
    c: ArrayLike


@dataclass(frozen=True, eq=False)
class LSTMWeights(Weights):
    """Weights of an LSTM, gates in Keras' order i, f, c, o.

    kernel (input_features, 4*units), recurrent_kernel (units, 4*units), bias (4*units,);
    parameters = 4*units*(input_features + units + 1)
    """

    GATES = ("input_gate", "forget_gate", "candidate", "output_gate")


@dataclass(frozen=True, eq=False)
class LSTMStep(Step):
    """One timestep of an LSTM; beside the fields of Step, each (batch, units) unless said otherwise:

    Attributes:
        c_previous: the carry before this timestep.
        gates: the next four in a row, (batch, 4*units).
        input_gate: how much of the candidate gets onto the carry track, 0 to 1.
        forget_gate: how much of the carry stays on it, 0 to 1.
        candidate: what might be added, -1 to 1.
        output_gate: how much of the carry shows in the state, 0 to 1.
        c: the new carry, kept + added.
        h: the new state, output_gate * tanh_c.
    """

    weights: LSTMWeights
    c_previous: Array
    gates: Array
    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    c: Array
    h: Array

    @property
    def input_gate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("input_gate")]

    @property
    def forget_gate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("forget_gate")]

    @property
    def candidate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("candidate")]

    @property
    def output_gate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("output_gate")]

    @property
    def kept(self) -> Array:
        """What stays on the carry track, forget_gate * c_previous."""
        return self.forget_gate * self.c_previous

    @property
    def added(self) -> Array:
        """What gets onto the carry track, input_gate * candidate."""
        return self.input_gate * self.candidate

    @property
    def tanh_c(self) -> Array:
        """What the output gate lets through or not, tanh(c)."""
        return np.tanh(self.c)


@dataclass(frozen=True, eq=False)
class LSTMTrace(Trace, LSTMStep):
    """Everything an LSTM computed: LSTMStep with a timestep axis, (batch, timesteps, ...), and Trace."""

    weights: LSTMWeights


@dataclass(frozen=True, eq=False)
class LSTMGradients(Gradients):
    """Gradients of an LSTM.

    Attributes:
        d_initial_state: LSTMState(h, c), each (batch, units).
        d_carry: (batch, timesteps, units), the total gradient that reaches each carry c.
    """

    d_initial_state: LSTMState
    d_carry: Array


def lstm_step(x: ArrayLike, state: LSTMState, weights: LSTMWeights) -> LSTMStep:
    """Advance an LSTM cell by one timestep.

        input_gate  = sigmoid(x·W_i + h_previous·U_i + b_i)
        forget_gate = sigmoid(x·W_f + h_previous·U_f + b_f)
        candidate   = tanh   (x·W_c + h_previous·U_c + b_c)
        output_gate = sigmoid(x·W_o + h_previous·U_o + b_o)
        c = forget_gate * c_previous + input_gate * candidate
        h = output_gate * tanh(c)

    Args:
        x: input at this timestep, (batch, input_features).
        state: LSTMState(h, c), each (batch, units).
        weights: LSTMWeights; kernel (input_features, 4*units), gate order i, f, c, o.

    Returns:
        LSTMStep: the new state h, the new carry c, and all that led to them.

    Raises:
        CellError: "wrong_shape", if x or state does not fit the weights.

    Source:
        Hochreiter & Schmidhuber 1997, with Gers et al.'s forget gate (2000); weight layout of Keras 3.
    """
    x = np.asarray(x, dtype=weights.dtype)
    check_shape("x", x.shape, ("batch", weights.input_features))
    h_previous = state_or_zeros("state.h", state[0], len(x), weights)
    c_previous = state_or_zeros("state.c", state[1], len(x), weights)
    gates = x @ weights.kernel + weights.bias
    now = _begin(weights, x, h_previous, c_previous, gates, np.empty_like(h_previous), np.empty_like(c_previous))
    _advance(now)
    return now


def _begin(
    weights: LSTMWeights, inputs: Array, h_previous: Array, c_previous: Array, gates: Array, h: Array, c: Array
) -> LSTMStep:
    """One step, or all steps timestep first, before `_advance`; each gate is a view of its columns in `gates`."""
    by_name = {gate: gates[..., weights.columns(gate)] for gate in weights.GATES}
    return LSTMStep(weights, inputs, h_previous, c_previous, gates, **by_name, c=c, h=h)


def _advance(now: LSTMStep) -> None:
    """Finish one timestep in place; gates hold the input's share, x·kernel + bias, already."""
    np.add(now.gates, now.recurrent_projection, out=now.gates)

    input_and_forget_gate = now.gates[..., : 2 * now.weights.units]
    sigmoid(input_and_forget_gate, out=input_and_forget_gate)
    np.tanh(now.candidate, out=now.candidate)
    sigmoid(now.output_gate, out=now.output_gate)

    np.add(now.kept, now.added, out=now.c)
    np.multiply(now.output_gate, now.tanh_c, out=now.h)


def lstm_forward(
    inputs: ArrayLike,
    weights: LSTMWeights,
    initial_state: LSTMState | None = None,
    mask: ArrayLike | None = None,
    go_backwards: bool = False,
) -> LSTMTrace:
    """Read a batch of sequences with an LSTM, one timestep after the other; `lstm_step` has the equations.

    Args:
        inputs: (batch, timesteps, input_features).
        weights: LSTMWeights; their dtype is the dtype of everything that is computed.
        initial_state: LSTMState(h, c), each (batch, units); zeros if None.
        mask: (batch, timesteps), False where a timestep is to be skipped, so that h and c pass unchanged.
        go_backwards: read the last timestep first. The trace then stands in that order too, as Keras' outputs do.

    Returns:
        LSTMTrace: all intermediate numbers, batch first.

    Raises:
        CellError: "wrong_shape", naming the argument, the shape expected and the shape received.

    Source:
        Hochreiter & Schmidhuber 1997; Gers et al. 2000; masks and order as in Keras 3's `keras.layers.RNN`.
    """
    reading = Reading.begin(inputs, weights, mask, go_backwards)
    initial_h, initial_c = initial_state if initial_state is not None else (None, None)
    h_states = reading.states("initial_state.h", initial_h, weights)
    c_states = reading.states("initial_state.c", initial_c, weights)
    gates = reading.empty(4 * weights.units, weights)
    steps = _begin(weights, reading.inputs, h_states[:-1], c_states[:-1], gates, h=h_states[1:], c=c_states[1:])
    reading.project(weights.kernel, weights.bias, out=steps.gates)

    for t, now in enumerate(steps.in_turn()):
        _advance(now)
        reading.carry_over(t, now.h, now.h_previous)
        reading.carry_over(t, now.c, now.c_previous)

    return LSTMTrace(
        **vars(steps.batch_first()),
        outputs=timestep_first(reading.outputs(steps.h)),
        mask=reading.batch_first_mask,
        go_backwards=go_backwards,
    )


def lstm_backward(trace: LSTMTrace, d_h: ArrayLike) -> LSTMGradients:
    """Send a gradient back through all timesteps that an LSTM has read.

        d_carry[t] = d_state[t] * output_gate * (1 - tanh(c)^2)  +  d_carry[t+1] * forget_gate[t+1]

    Along the carry track the gradient is multiplied by the forget gate alone: no matrix, no tanh.
    That is all that keeps it from vanishing, and only as long as the gate stays open.

    Args:
        trace: what `lstm_forward` returned.
        d_h: (batch, timesteps, units), the loss gradient arriving at each of `trace.outputs`, in the trace's order.

    Returns:
        LSTMGradients.

    Raises:
        CellError: "wrong_shape", if d_h is not shaped like trace.h.

    Source:
        Backpropagation through time, Werbos 1990, through the equations of `lstm_step`.
    """
    weights = trace.weights
    i_columns, f_columns, c_columns, o_columns = (weights.columns(gate) for gate in weights.GATES)
    reading = Reading.of(trace)
    i, f, candidate, o = (timestep_first(getattr(trace, gate)) for gate in weights.GATES)
    c_previous, tanh_c = timestep_first(trace.c_previous), timestep_first(trace.tanh_c)
    # What does not depend on the gradient is computed for all timesteps at once.
    shown = o * (1 - tanh_c**2)
    by_input_gate, by_forget_gate = candidate * i * (1 - i), c_previous * f * (1 - f)
    by_candidate, by_output_gate = i * (1 - candidate**2), tanh_c * o * (1 - o)
    d_outputs = reading.d_outputs(d_h, weights)
    d_state = np.empty_like(tanh_c)
    d_carry = np.empty_like(tanh_c)
    d_pre_activation = reading.empty(4 * weights.units, weights)
    h_from_later = np.zeros_like(tanh_c[0])
    c_from_later = np.zeros_like(tanh_c[0])

    for t in reversed(range(reading.timesteps)):
        d_state[t] = d_outputs[t] + h_from_later
        h_computed, h_carried_over = reading.divide(t, d_state[t])
        d_carry[t] = c_from_later + h_computed * shown[t]
        c_computed, c_carried_over = reading.divide(t, d_carry[t])

        d_pre = d_pre_activation[t]
        d_pre[:, i_columns] = c_computed * by_input_gate[t]
        d_pre[:, f_columns] = c_computed * by_forget_gate[t]
        d_pre[:, c_columns] = c_computed * by_candidate[t]
        d_pre[:, o_columns] = h_computed * by_output_gate[t]

        h_from_later = d_pre @ weights.recurrent_kernel.T + h_carried_over
        c_from_later = c_computed * f[t] + c_carried_over

    return LSTMGradients(
        d_inputs=input_gradient(d_pre_activation, weights.kernel, trace.go_backwards),
        d_kernel=matrix_gradient(reading.inputs, d_pre_activation),
        d_recurrent_kernel=matrix_gradient(timestep_first(trace.h_previous), d_pre_activation),
        d_bias=d_pre_activation.sum(axis=(0, 1)),
        d_initial_state=LSTMState(h_from_later, c_from_later),
        d_state=timestep_first(d_state),
        d_carry=timestep_first(d_carry),
    )
