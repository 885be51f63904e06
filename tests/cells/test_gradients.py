"""Gradients agree with finite differences: move one number, see how the loss moves."""

import numpy as np
import pytest

from rnn_core.cells import LSTMState, lstm_backward, lstm_forward
from tests.cells.variants import LSTM, VARIANTS, as_list

NUDGE = 1e-5


def finite_differences(loss, array):
    """d loss / d array by central differences; `array` is changed in place and put back."""
    result = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + NUDGE
        above = loss()
        array[index] = before - NUDGE
        below = loss()
        array[index] = before
        result[index] = (above - below) / (2 * NUDGE)
    return result


@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("mask", [None, [[False, True, True, False], [True, False, True, True]]])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_finite_differences(variant, mask, go_backwards):
    random = np.random.default_rng(5)
    weights = variant.random_weights(random, 2, 3, "float64")
    initial_state = variant.random_state(random, 2, 3, "float64")
    inputs = random.normal(size=(2, 4, 2))
    d_h = random.normal(size=(2, 4, 3))

    def forward():
        return variant.forward(inputs, weights, initial_state, mask, go_backwards, **variant.options)

    def loss():
        return float((forward().outputs * d_h).sum())

    gradients = variant.backward(forward(), d_h)
    pairs = [
        (inputs, gradients.d_inputs),
        (weights.kernel, gradients.d_kernel),
        (weights.recurrent_kernel, gradients.d_recurrent_kernel),
        (weights.bias, gradients.d_bias),
        *zip(as_list(initial_state), as_list(gradients.d_initial_state), strict=True),
    ]
    for array, gradient in pairs:
        np.testing.assert_allclose(gradient, finite_differences(loss, array), rtol=0, atol=1e-6)


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_d_state_is_the_gradient_of_a_state(variant):
    """Cut the sequence after timestep 1: d_state there is d_initial_state of the rest, plus its own output's."""
    random = np.random.default_rng(6)
    weights = variant.random_weights(random, 2, 3, "float64")
    inputs = random.normal(size=(1, 5, 2))
    d_h = random.normal(size=(1, 5, 3))
    whole = variant.forward(inputs, weights, **variant.options)
    gradients = variant.backward(whole, d_h)

    state = LSTMState(whole.h[:, 1], whole.c[:, 1]) if variant is LSTM else whole.h[:, 1]
    rest = variant.forward(inputs[:, 2:], weights, state, **variant.options)
    of_rest = variant.backward(rest, d_h[:, 2:])
    np.testing.assert_allclose(gradients.d_state[:, 1], d_h[:, 1] + as_list(of_rest.d_initial_state)[0], atol=1e-12)


def test_the_carry_passes_the_gradient_through_open_forget_gates():
    """Recurrent weights of zero leave the carry track alone: its gradient is the product of the forget gates."""
    random = np.random.default_rng(7)
    weights = LSTM.random_weights(random, 2, 3, "float64")
    weights.recurrent_kernel[:] = 0
    trace = lstm_forward(random.normal(size=(1, 6, 2)), weights)
    d_h = np.zeros_like(trace.h)
    d_h[:, -1] = 1
    d_carry = lstm_backward(trace, d_h).d_carry
    np.testing.assert_allclose(d_carry[:, 0], d_carry[:, -1] * trace.forget_gate[:, 1:].prod(axis=1))


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_wrong_gradient_shape(variant):
    weights = variant.random_weights(np.random.default_rng(0), 2, 3, "float64")
    trace = variant.forward(np.zeros((1, 4, 2)), weights, **variant.options)
    with pytest.raises(ValueError, match=r"d_h must have the shape \(1, 4, 3\), but its shape is \(1, 4, 2\)"):
        variant.backward(trace, np.zeros((1, 4, 2)))
