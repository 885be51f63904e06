"""Numbers small enough to be checked with a pocket calculator."""

import numpy as np
import pytest

from rnn_core.cells import (
    GRUWeights,
    LSTMState,
    LSTMWeights,
    SimpleRNNWeights,
    gru_forward,
    gru_step,
    lstm_forward,
    lstm_step,
    simple_rnn_forward,
    simple_rnn_step,
)


def test_simple_rnn_with_one_unit():
    weights = SimpleRNNWeights([[0.5]], [[0.5]], [0.1])
    trace = simple_rnn_forward([[[1.0], [1.0], [-1.0]]], weights)
    np.testing.assert_allclose(trace.h[0, :, 0], [0.5370495669980353, 0.7006238355348707, -0.04964723084860627])
    np.testing.assert_allclose(trace.h_previous[0, :, 0], [0, 0.5370495669980353, 0.7006238355348707])
    np.testing.assert_allclose(trace.input_projection[0, :, 0], [0.5, 0.5, -0.5])
    np.testing.assert_allclose(trace.recurrent_projection[0, :, 0], [0, 0.26852478349901765, 0.35031191776743535])
    np.testing.assert_allclose(trace.pre_activation[0, :, 0], [0.6, 0.8685247834990176, -0.04968808223256465])


def test_simple_rnn_step():
    step = simple_rnn_step([[1.0]], [[0.0]], SimpleRNNWeights([[0.5]], [[0.5]], [0.1]))
    assert step.h.item() == pytest.approx(0.5370495669980353)


LSTM_ONE_UNIT = LSTMWeights([[0.5, 0.4, 0.3, 0.2]], [[0.1, 0.2, 0.3, 0.4]], [0.1, 1.0, 0.0, -0.1])


def test_lstm_with_one_unit():
    trace = lstm_forward([[[1.0], [0.0], [-1.0]]], LSTM_ONE_UNIT)
    expected = {
        "input_gate": [0.6456563062257954, 0.5274123364452166, 0.403089338022699],
        "forget_gate": [0.8021838885585817, 0.7348788583638448, 0.6490307595049268],
        "candidate": [0.2913126124515909, 0.02926984791791195, -0.2708933893500138],
        "output_gate": [0.52497918747894, 0.4847641219230685, 0.4327998276437075],
        "c": [0.18808782531248083, 0.1536590452155563, -0.00946479016676792],
        "h": [0.09759403648083624, 0.073907625516822, -0.004096237236871469],
    }
    for name, numbers in expected.items():
        np.testing.assert_allclose(getattr(trace, name)[0, :, 0], numbers, err_msg=name)
    np.testing.assert_allclose(trace.kept + trace.added, trace.c)
    np.testing.assert_allclose(trace.c_previous[0, 1:], trace.c[0, :-1])


def test_lstm_step():
    state = LSTMState([[0.09759403648083624]], [[0.18808782531248083]])
    step = lstm_step([[0.0]], state, LSTM_ONE_UNIT)
    assert step.c.item() == pytest.approx(0.1536590452155563)
    assert step.h.item() == pytest.approx(0.073907625516822)


def test_gru_with_one_unit_resets_after_the_product():
    weights = GRUWeights([[0.5, 0.4, 0.3]], [[0.1, 0.2, 0.7]], [[0.1, -0.2, 0.3], [0.01, 0.02, 0.04]])
    trace = gru_forward([[[1.0], [0.0]]], weights, initial_state=[[0.5]])
    np.testing.assert_allclose(trace.update_gate[0, :, 0], [0.6592603884513855, 0.5414235803726092])
    np.testing.assert_allclose(trace.reset_gate[0, :, 0], [0.5793242521487495, 0.4830439942981642])
    np.testing.assert_allclose(trace.candidate[0, :, 0], [0.6782880396475562, 0.4691099451979737])
    np.testing.assert_allclose(trace.h[0, :, 0], [0.5607497973732722, 0.5187259220675405])
    np.testing.assert_allclose(trace.kept + trace.added, trace.h)


def test_gru_with_one_unit_resets_before_the_product():
    weights = GRUWeights([[0.5, 0.4, 0.3]], [[0.1, 0.2, 0.7]], [0.11, -0.18, 0.3])
    trace = gru_forward([[[1.0], [0.0]]], weights, initial_state=[[0.5]], reset_after=False)
    np.testing.assert_allclose(trace.candidate[0, :, 0], [0.6655788788720638, 0.45267393788222554])
    np.testing.assert_allclose(trace.h[0, :, 0], [0.5564192828675221, 0.508832959134142])
    step = gru_step([[1.0]], [[0.5]], weights, reset_after=False)
    assert step.h.item() == pytest.approx(0.5564192828675221)


@pytest.mark.parametrize(
    ("forward", "kind", "gates", "bias_shape", "options", "expected"),
    [
        (simple_rnn_forward, SimpleRNNWeights, 1, (3,), {}, [0.03598446, 0.05410618, 0.07112607]),
        (lstm_forward, LSTMWeights, 4, (12,), {}, [0.00932181, 0.01864121, 0.02816143]),
        (gru_forward, GRUWeights, 3, (2, 9), {}, [0.02487607, 0.04568062, 0.06434555]),
        (gru_forward, GRUWeights, 3, (9,), {"reset_after": False}, [0.0176684, 0.03462023, 0.05119132]),
    ],
)
def test_constant_weights(forward, kind, gates, bias_shape, options, expected):
    """What keras.layers prints for kernels of 0.001, recurrent kernels of 0.02 and biases of 0.03."""
    weights = kind(np.full((4, 3 * gates), 0.001), np.full((3, 3 * gates), 0.02), np.full(bias_shape, 0.03))
    trace = forward(np.arange(12.0).reshape(1, 3, 4), weights, **options)
    np.testing.assert_allclose(trace.outputs[0], np.repeat(expected, 3).reshape(3, 3), atol=1e-8)


def test_saturated_numbers_stay_numbers():
    """Sums in the thousands, in float32: gates close to 0 and open to 1, without a warning and without nan."""
    weights = LSTMWeights(*(np.float32(array) for array in ([[1e4, -1e4, 1e4, 1e4]], [[0, 0, 0, 0]], [0, 0, 0, 0])))
    trace = lstm_forward([[[1.0], [-1.0]]], weights)
    np.testing.assert_array_equal(trace.input_gate[0, :, 0], [1, 0])
    np.testing.assert_array_equal(trace.forget_gate[0, :, 0], [0, 1])
    np.testing.assert_array_equal(trace.c[0, :, 0], [1, 1])
