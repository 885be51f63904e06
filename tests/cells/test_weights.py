"""Weights: Keras' layout in and out, the dtype that rules, and what is said when a shape is wrong."""

import numpy as np
import pytest

from rnn_core.cells import CellError, GRUWeights, LSTMWeights, SimpleRNNWeights, gru_forward, lstm_forward
from tests.cells.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_keras_weights_there_and_back(variant):
    layer = variant.layer(5, **variant.options)
    layer.build((None, None, 3))
    weights = variant.weights.from_keras(layer.get_weights())
    assert (weights.input_features, weights.units) == (3, 5)
    assert weights.parameters == layer.count_params()
    for ours, theirs in zip(weights.to_keras(), layer.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("kind", "gates", "bias_shape", "parameters"),
    [
        (SimpleRNNWeights, 1, (32,), 2080),
        (LSTMWeights, 4, (128,), 8320),
        (GRUWeights, 3, (2, 96), 6336),
        (GRUWeights, 3, (96,), 6240),
    ],
)
def test_parameters(kind, gates, bias_shape, parameters):
    weights = kind(np.zeros((32, 32 * gates)), np.zeros((32, 32 * gates)), np.zeros(bias_shape))
    assert weights.parameters == parameters


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_dtype_of_the_weights_rules(variant, dtype):
    weights = variant.random_weights(np.random.default_rng(0), 2, 3, dtype)
    inputs = np.ones((1, 4, 2), "float64" if dtype == "float32" else "float32")
    trace = variant.forward(inputs, weights, mask=[[True, False, True, True]], **variant.options)
    gradients = variant.backward(trace, np.ones((1, 4, 3)))
    arrays = {**vars(trace), **vars(gradients)}
    floating = {name: array.dtype for name, array in arrays.items() if isinstance(array, np.ndarray)}
    floating.pop("mask")
    assert set(floating.values()) == {np.dtype(dtype)}


def test_whole_numbers_count_as_float64():
    assert SimpleRNNWeights([[1]], [[2]], [3]).bias.dtype == np.float64


@pytest.mark.parametrize(
    ("shapes", "argument", "expected", "received"),
    [
        (((3, 8), (2, 6), (8,)), "recurrent_kernel", "(2, 8)", "(2, 6)"),
        (((3, 7), (2, 8), (8,)), "kernel", "(input_features, 8)", "(3, 7)"),
        (((3, 8), (2, 8), (2, 8)), "bias", "(8,)", "(2, 8)"),
        (((8,), (2, 8), (8,)), "kernel", "(input_features, 8)", "(8,)"),
        (((3, 8), (8,), (8,)), "recurrent_kernel", "(units, 4*units)", "(8,)"),
    ],
)
def test_wrong_shapes(shapes, argument, expected, received):
    with pytest.raises(CellError) as caught:
        LSTMWeights(*(np.zeros(shape) for shape in shapes))
    assert str(caught.value) == f"{argument} must have the shape {expected}, but its shape is {received}."
    assert caught.value.code == "wrong_shape"
    assert caught.value.values == {"argument": argument, "expected": expected, "received": received}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"inputs": np.zeros((5, 3))},
            r"inputs must .* \(batch, timesteps, 3\), but its shape is \(5, 3\)",
        ),
        ({"inputs": np.zeros((2, 0, 3))}, r"inputs must have .* its shape is \(2, 0, 3\)"),
        ({"mask": np.ones((2, 4))}, r"mask must have the shape \(2, 5\), but its shape is \(2, 4\)"),
        ({"initial_state": (np.zeros((2, 2)), np.zeros((1, 2)))}, r"initial_state.c must have the shape \(2, 2\)"),
    ],
)
def test_wrong_arguments(arguments, sentence):
    weights = LSTMWeights(np.zeros((3, 8)), np.zeros((2, 8)), np.zeros(8))
    with pytest.raises(CellError, match=sentence):
        lstm_forward(**({"inputs": np.zeros((2, 5, 3)), "weights": weights} | arguments))


def test_bias_of_the_other_gru():
    weights = GRUWeights(np.zeros((3, 6)), np.zeros((2, 6)), np.zeros(6))
    with pytest.raises(CellError, match=r"bias must have the shape \(2, 6\), but its shape is \(6,\)"):
        gru_forward(np.zeros((1, 5, 3)), weights)


def test_wrong_number_of_arrays():
    with pytest.raises(CellError, match="3 weight arrays"):
        SimpleRNNWeights.from_keras([np.zeros((3, 2)), np.zeros((2, 2))])


def test_columns_of_a_gate():
    weights = LSTMWeights(np.zeros((3, 8)), np.zeros((2, 8)), np.arange(8))
    np.testing.assert_array_equal(weights.bias[weights.columns("candidate")], [4, 5])
