"""GRU: no carry track; one gate mixes the old state with a new candidate.

h = update_gate * h_previous + (1 - update_gate) * candidate
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class GRUWeights(Weights):
    """Weights of a GRU, gates in Keras' order z, r, h.

    kernel (input_features, 3*units), recurrent_kernel (units, 3*units).
    bias (2, 3*units) for reset_after=True: one row for the input's product, one for the state's;
    bias (3*units,) for reset_after=False.

    parameters = 3*units*(input_features + units + 2), or + 1 for reset_after=False
    """

    GATES = ("update_gate", "reset_gate", "candidate")

    def _check_bias(self, columns: int) -> None:
        check_shape("bias", self.bias.shape, (2, columns) if self.bias.ndim == 2 else (columns,))

    def check_variant(self, reset_after: bool) -> None:
        """Raise CellError("wrong_shape") unless the bias is the one that this variant of the GRU needs."""
        columns = 3 * self.units
        check_shape("bias", self.bias.shape, (2, columns) if reset_after else (columns,))

    @property
    def input_bias(self) -> Array:
        """Added to the input's product, (3*units,)."""
        return self.bias[0] if self.bias.ndim == 2 else self.bias

    @property
    def recurrent_bias(self) -> Array:
        """Added to the state's product, (3*units,); zeros for reset_after=False, which has none."""
        return self.bias[1] if self.bias.ndim == 2 else np.zeros_like(self.bias)


@dataclass(frozen=True, eq=False)
class GRUStep(Step):
    """One timestep of a GRU; beside the fields of Step, each (batch, units) unless said otherwise:

    Attributes:
        reset_after: whether the reset gate is applied after the product with the recurrent kernel.
        gates: the next three in a row, (batch, 3*units).
        update_gate: how much of the old state stays, 0 to 1.
        reset_gate: what scales the old state in the candidate's sum, 0 to 1: with reset_after this unit's whole
            sum over the old state, without it each number of the old state before the sum.
        candidate: the new state that is offered, -1 to 1.
        h: the new state, kept + added.
    """

    weights: GRUWeights
    reset_after: bool
    gates: Array
    update_gate: Array
    reset_gate: Array
    candidate: Array
    h: Array

    @property
    def candidate_memory(self) -> Array:
        """What the old state adds to the candidate's sum.

        reset_gate * (h_previous·U_h + b_recurrent), or with reset_after=False (reset_gate * h_previous)·U_h.
        """
        columns = self.weights.columns("candidate")
        U_h = self.weights.recurrent_kernel[:, columns]
        if self.reset_after:
            return self.reset_gate * (self.h_previous @ U_h + self.weights.recurrent_bias[columns])
        return (self.reset_gate * self.h_previous) @ U_h

    @property
    def pre_activation(self) -> Array:
        """What goes into sigmoid, sigmoid and tanh, (batch, 3*units)."""
        candidate = self.weights.columns("candidate")
        summed = self.input_projection + self.weights.input_bias
        memory = self.recurrent_projection + self.weights.recurrent_bias
        memory[..., candidate] = self.candidate_memory
        return summed + memory

    @property
    def update_gate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("update_gate")]

    @property
    def reset_gate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("reset_gate")]

    @property
    def candidate_pre_activation(self) -> Array:
        return self.pre_activation[..., self.weights.columns("candidate")]

    @property
    def kept(self) -> Array:
        """What stays of the old state, update_gate * h_previous."""
        return self.update_gate * self.h_previous

    @property
    def added(self) -> Array:
        """What comes from the candidate, (1 - update_gate) * candidate."""
        return (1 - self.update_gate) * self.candidate


@dataclass(frozen=True, eq=False)
class GRUTrace(Trace, GRUStep):
    """Everything a GRU computed: GRUStep with a timestep axis, (batch, timesteps, ...), and Trace."""

    weights: GRUWeights


@dataclass(frozen=True, eq=False)
class GRUGradients(Gradients):
    """Gradients of a GRU; d_initial_state is (batch, units)."""

    d_initial_state: Array


def gru_step(x: ArrayLike, state: ArrayLike, weights: GRUWeights, reset_after: bool = True) -> GRUStep:
    """Advance a GRU cell by one timestep.

        update_gate = sigmoid(x·W_z + h_previous·U_z + b_z)
        reset_gate  = sigmoid(x·W_r + h_previous·U_r + b_r)
        candidate   = tanh(x·W_h + b_h + reset_gate * (h_previous·U_h + b_recurrent))     reset_after=True
        candidate   = tanh(x·W_h + b_h + (reset_gate * h_previous)·U_h)                   reset_after=False
        h = update_gate * h_previous + (1 - update_gate) * candidate

    Args:
        x: input at this timestep, (batch, input_features).
        state: the previous output, (batch, units).
        weights: GRUWeights; kernel (input_features, 3*units), gate order z, r, h.
        reset_after: whether the reset gate acts after the product with the recurrent kernel (Keras' default) or before.

    Returns:
        GRUStep: the new state h and all that led to it.

    Raises:
        CellError: "wrong_shape", if x, state or the bias does not fit.

    Source:
        Cho et al. 2014: their first version (arXiv 1406.1078v1) resets after the product, the published third one
        before it. The second bias is cuDNN's layout, as is the order of the weights, which Keras 3 shares.
    """
    weights.check_variant(reset_after)
    x = np.asarray(x, dtype=weights.dtype)
    check_shape("x", x.shape, ("batch", weights.input_features))
    h_previous = state_or_zeros("state", state, len(x), weights)
    gates = x @ weights.kernel + weights.input_bias
    now = _begin(weights, x, h_previous, reset_after, gates, h=np.empty_like(h_previous))
    _advance(now)
    return now


def _begin(weights: GRUWeights, inputs: Array, h_previous: Array, reset_after: bool, gates: Array, h: Array) -> GRUStep:
    """One step, or all steps timestep first, before `_advance`; each gate is a view of its columns in `gates`."""
    by_name = {gate: gates[..., weights.columns(gate)] for gate in weights.GATES}
    return GRUStep(weights, inputs, h_previous, reset_after, gates, **by_name, h=h)


def _advance(now: GRUStep) -> None:
    """Finish one timestep in place; gates hold the input's share, x·kernel + bias, already."""
    weights = now.weights
    gates, candidate = slice(0, 2 * weights.units), weights.columns("candidate")
    U_z_and_r, U_h = weights.recurrent_kernel[:, gates], weights.recurrent_kernel[:, candidate]

    if now.reset_after:
        memory = now.recurrent_projection
        memory += weights.recurrent_bias
        now.gates[:, gates] += memory[:, gates]
    else:
        now.gates[:, gates] += now.h_previous @ U_z_and_r

    update_and_reset_gate = now.gates[:, gates]
    sigmoid(update_and_reset_gate, out=update_and_reset_gate)

    # What `candidate_memory` says, but for the product that is here already.
    if now.reset_after:
        candidate_memory = now.reset_gate * memory[:, candidate]
    else:
        candidate_memory = (now.reset_gate * now.h_previous) @ U_h
    np.add(now.candidate, candidate_memory, out=now.candidate)
    np.tanh(now.candidate, out=now.candidate)

    np.add(now.kept, now.added, out=now.h)


def gru_forward(
    inputs: ArrayLike,
    weights: GRUWeights,
    initial_state: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    go_backwards: bool = False,
    reset_after: bool = True,
) -> GRUTrace:
    """Read a batch of sequences with a GRU, one timestep after the other; `gru_step` has the equations.

    Args:
        inputs: (batch, timesteps, input_features).
        weights: GRUWeights; their dtype is the dtype of everything that is computed.
        initial_state: (batch, units); zeros if None.
        mask: (batch, timesteps), False where a timestep is to be skipped, so that the state passes unchanged.
        go_backwards: read the last timestep first. The trace then stands in that order too, as Keras' outputs do.
        reset_after: whether the reset gate acts after the product with the recurrent kernel (Keras' default) or before.

    Returns:
        GRUTrace: all intermediate numbers, batch first.

    Raises:
        CellError: "wrong_shape", naming the argument, the shape expected and the shape received.

    Source:
        Cho et al. 2014; masks and order as in Keras 3's `keras.layers.RNN`.
    """
    weights.check_variant(reset_after)
    reading = Reading.begin(inputs, weights, mask, go_backwards)
    states = reading.states("initial_state", initial_state, weights)
    gates = reading.empty(3 * weights.units, weights)
    steps = _begin(weights, reading.inputs, states[:-1], reset_after, gates, h=states[1:])
    reading.project(weights.kernel, weights.input_bias, out=steps.gates)

    for t, now in enumerate(steps.in_turn()):
        _advance(now)
        reading.carry_over(t, now.h, now.h_previous)

    return GRUTrace(
        **vars(steps.batch_first()),
        outputs=timestep_first(reading.outputs(steps.h)),
        mask=reading.batch_first_mask,
        go_backwards=go_backwards,
    )


def gru_backward(trace: GRUTrace, d_h: ArrayLike) -> GRUGradients:
    """Send a gradient back through all timesteps that a GRU has read.

    An open update gate lets the gradient pass as it is: d_state[t-1] contains d_state[t] * update_gate[t].

    Args:
        trace: what `gru_forward` returned.
        d_h: (batch, timesteps, units), the loss gradient arriving at each of `trace.outputs`, in the trace's order.

    Returns:
        GRUGradients.

    Raises:
        CellError: "wrong_shape", if d_h is not shaped like trace.h.

    Source:
        Backpropagation through time, Werbos 1990, through the equations of `gru_step`.
    """
    weights = trace.weights
    z_columns, r_columns, h_columns = (weights.columns(gate) for gate in weights.GATES)
    gates = slice(0, 2 * weights.units)
    recurrent_kernel = weights.recurrent_kernel
    reading = Reading.of(trace)
    z, r, candidate = (timestep_first(getattr(trace, gate)) for gate in weights.GATES)
    h_previous = timestep_first(trace.h_previous)
    # with reset_after, this is what the reset gate multiplied
    memory = h_previous @ recurrent_kernel[:, h_columns] + weights.recurrent_bias[h_columns]
    # What does not depend on the gradient is computed for all timesteps at once.
    by_candidate = (1 - z) * (1 - candidate**2)
    by_update_gate, by_reset_gate = (h_previous - candidate) * z * (1 - z), r * (1 - r)
    d_outputs = reading.d_outputs(d_h, weights)
    d_state = np.empty_like(candidate)
    d_pre_activation = reading.empty(3 * weights.units, weights)
    # The state's product gets the same gradient as the sum that it is part of, but for the candidate.
    d_recurrent_projection = reading.empty(3 * weights.units, weights)
    from_later = np.zeros_like(candidate[0])

    for t in reversed(range(reading.timesteps)):
        d_state[t] = d_outputs[t] + from_later
        computed, carried_over = reading.divide(t, d_state[t])

        d_candidate = computed * by_candidate[t]
        if trace.reset_after:
            d_reset_gate = d_candidate * memory[t]
            d_recurrent_projection[t][:, h_columns] = d_candidate * r[t]
        else:
            d_reset_state = d_candidate @ recurrent_kernel[:, h_columns].T
            d_reset_gate = d_reset_state * h_previous[t]
            d_recurrent_projection[t][:, h_columns] = d_candidate

        d_pre = d_pre_activation[t]
        d_pre[:, z_columns] = computed * by_update_gate[t]
        d_pre[:, r_columns] = d_reset_gate * by_reset_gate[t]
        d_pre[:, h_columns] = d_candidate
        d_recurrent_projection[t][:, gates] = d_pre[:, gates]

        if trace.reset_after:
            through_kernel = d_recurrent_projection[t] @ recurrent_kernel.T
        else:
            through_kernel = d_pre[:, gates] @ recurrent_kernel[:, gates].T + d_reset_state * r[t]
        from_later = computed * z[t] + through_kernel + carried_over

    d_recurrent_kernel = matrix_gradient(h_previous, d_recurrent_projection)
    d_bias = d_pre_activation.sum(axis=(0, 1))
    if trace.reset_after:
        d_bias = np.stack([d_bias, d_recurrent_projection.sum(axis=(0, 1))])
    else:
        d_recurrent_kernel[:, h_columns] = matrix_gradient(r * h_previous, d_pre_activation[..., h_columns])

    return GRUGradients(
        d_inputs=input_gradient(d_pre_activation, weights.kernel, trace.go_backwards),
        d_kernel=matrix_gradient(reading.inputs, d_pre_activation),
        d_recurrent_kernel=d_recurrent_kernel,
        d_bias=d_bias,
        d_initial_state=from_later,
        d_state=timestep_first(d_state),
    )
