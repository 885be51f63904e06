"""The four recurrent cells of the tests, each with its NumPy functions and its real Keras counterpart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from rnn_core.cells import (
    GRUWeights,
    LSTMState,
    LSTMWeights,
    SimpleRNNWeights,
    gru_backward,
    gru_forward,
    gru_step,
    lstm_backward,
    lstm_forward,
    lstm_step,
    simple_rnn_backward,
    simple_rnn_forward,
    simple_rnn_step,
)


@dataclass(frozen=True)
class Variant:
    name: str
    weights: type
    step: Callable
    forward: Callable
    backward: Callable
    layer: type
    cell: type
    gates: int
    options: dict  # of the NumPy functions and of the Keras layer alike
    # what Keras passes through the gates' sigmoid and the candidate's tanh, in the order in which it does
    opened_by_sigmoid: tuple[str, ...]
    through_tanh: tuple[str, ...]

    def __repr__(self) -> str:
        return self.name

    def random_weights(self, random, input_features, units, dtype):
        columns = self.gates * units
        bias_shape = (2, columns) if self.options.get("reset_after") else (columns,)
        shapes = [(input_features, columns), (units, columns), bias_shape]
        return self.weights(*(random.normal(0, 0.7, shape).astype(dtype) for shape in shapes))

    def random_state(self, random, batch, units, dtype):
        one = [random.normal(0, 0.7, (batch, units)).astype(dtype) for _ in range(2)]
        return LSTMState(*one) if self.name == "lstm" else one[0]


SIMPLE_RNN = Variant(
    "simple_rnn", SimpleRNNWeights, simple_rnn_step, simple_rnn_forward, simple_rnn_backward,
    keras.layers.SimpleRNN, keras.layers.SimpleRNNCell, 1, {}, (), ("h",),
)  # fmt: skip
LSTM = Variant(
    "lstm", LSTMWeights, lstm_step, lstm_forward, lstm_backward,
    keras.layers.LSTM, keras.layers.LSTMCell, 4, {},
    ("input_gate", "forget_gate", "output_gate"), ("candidate", "tanh_c"),
)  # fmt: skip
GRU, GRU_RESET_BEFORE = (
    Variant(
        name, GRUWeights, gru_step, gru_forward, gru_backward,
        keras.layers.GRU, keras.layers.GRUCell, 3, {"reset_after": reset_after},
        ("update_gate", "reset_gate"), ("candidate",),
    )
    for name, reset_after in (("gru", True), ("gru_reset_before", False))
)  # fmt: skip

VARIANTS = [SIMPLE_RNN, LSTM, GRU, GRU_RESET_BEFORE]


def as_list(state) -> list:
    """The states in Keras' manner: [h] or [h, c]."""
    return list(state) if isinstance(state, tuple) else [state]


@dataclass(frozen=True)
class KerasRun:
    outputs: np.ndarray
    final_states: list[np.ndarray]
    d_inputs: np.ndarray
    d_initial_state: list[np.ndarray]
    d_weights: list[np.ndarray]


def run_keras(variant, weights, inputs, initial_state, mask, go_backwards, d_h) -> KerasRun:
    """Run the real layer with these weights, and let d_h flow back through it."""
    layer = variant.layer(
        weights.units,
        return_sequences=True,
        return_state=True,
        go_backwards=go_backwards,
        dtype=str(weights.dtype),
        **variant.options,
    )
    layer.build(inputs.shape)
    layer.set_weights(weights.to_keras())
    x = tf.constant(inputs)
    states = [tf.constant(state) for state in as_list(initial_state)]
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        outputs, *final_states = layer(x, initial_state=states, mask=None if mask is None else tf.constant(mask))
        loss = tf.reduce_sum(outputs * d_h)
    sources = [x, *states, *(variable.value for variable in layer.trainable_variables)]
    gradients = [
        gradient.numpy()
        for gradient in tape.gradient(loss, sources, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    ]
    return KerasRun(
        outputs.numpy(),
        [state.numpy() for state in final_states],
        gradients[0],
        gradients[1 : 1 + len(states)],
        gradients[1 + len(states) :],
    )


def keras_activations(variant, weights, x, states) -> dict[str, np.ndarray]:
    """Step the real Keras cell once and listen in on its activation functions.

    Returns what went into each gate under "<gate>_pre_activation" and what came out under "<gate>".
    """
    heard: dict[str, list] = {"sigmoid": [], "tanh": []}

    def listening(name, function):
        def activation(value):
            result = function(value)
            heard[name].append((value.numpy(), result.numpy()))
            return result

        return activation

    gates = {"recurrent_activation": listening("sigmoid", keras.ops.sigmoid)} if variant.opened_by_sigmoid else {}
    cell = variant.cell(
        weights.units,
        activation=listening("tanh", keras.ops.tanh),
        dtype=str(weights.dtype),
        **gates,
        **variant.options,
    )
    cell.build(x.shape)
    cell.set_weights(weights.to_keras())
    cell(tf.constant(x), [tf.constant(state) for state in states])
    found = {}
    for kind, names in (("sigmoid", variant.opened_by_sigmoid), ("tanh", variant.through_tanh)):
        for name, (value, result) in zip(names, heard[kind], strict=True):
            found[name] = result
            found[f"{name}_pre_activation"] = value
    return found


def assert_close(ours, theirs, tolerance, what):
    """The largest difference is at most `tolerance` of the largest number, or of 1.

    States live between -1 and 1; where terms of that size cancel, their rounding stays.
    """
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    assert ours.dtype == theirs.dtype, what
    scale = max(float(np.abs(theirs).max()), 1.0)
    assert float(np.abs(ours - theirs).max()) <= tolerance * scale, what
