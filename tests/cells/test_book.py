"""The book's pseudo-code, written out by hand, and the GRU's versions in print."""

import numpy as np
import pytest

from rnn_core.cells import CellError, GRUWeights, LSTMWeights, gru_forward, gru_step, lstm_forward
from rnn_core.cells.book import book_lstm_forward, carry_kernel, other_update_gate, reset_before
from tests.cells.variants import GRU, LSTM


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.fixture
def random():
    return np.random.default_rng(2)


def test_the_books_loop(random):
    """The pseudo-code, line by line, for one sequence."""
    weights = LSTM.random_weights(random, 3, 4, "float64")
    inputs, Vo = random.normal(size=(6, 3)), random.normal(size=(4, 4))
    Wi, Wf, Wk, Wo = np.split(weights.kernel, 4, axis=1)
    Ui, Uf, Uk, Uo = np.split(weights.recurrent_kernel, 4, axis=1)
    bi, bf, bk, bo = np.split(weights.bias, 4)

    state_t = c_t = np.zeros(4)
    outputs, carries = [], []
    for input_t in inputs:
        output_t = np.tanh(np.dot(state_t, Uo) + np.dot(input_t, Wo) + np.dot(c_t, Vo) + bo)
        i_t = sigmoid(np.dot(state_t, Ui) + np.dot(input_t, Wi) + bi)
        f_t = sigmoid(np.dot(state_t, Uf) + np.dot(input_t, Wf) + bf)
        k_t = np.tanh(np.dot(state_t, Uk) + np.dot(input_t, Wk) + bk)
        c_t = i_t * k_t + c_t * f_t
        state_t = output_t
        outputs.append(output_t)
        carries.append(c_t)

    trace = book_lstm_forward(inputs[np.newaxis], weights, Vo)
    np.testing.assert_allclose(trace.output_t[0], outputs, atol=1e-14)
    np.testing.assert_allclose(trace.c_t_next[0], carries, atol=1e-14)
    np.testing.assert_array_equal(trace.c_t[0, 1:], trace.c_t_next[0, :-1])
    np.testing.assert_allclose(trace.i_t * trace.k_t + trace.c_t * trace.f_t, trace.c_t_next)


def test_the_book_is_not_keras(random):
    """The first carry is the same on both sides, since it needs no state; the outputs differ from the start."""
    weights = LSTM.random_weights(random, 3, 4, "float64")
    inputs = random.normal(size=(1, 6, 3))
    book = book_lstm_forward(inputs, weights, carry_kernel(4, seed=0))
    keras = lstm_forward(inputs, weights)
    np.testing.assert_allclose(book.c_t_next[:, 0], keras.c[:, 0])
    assert np.abs(book.output_t - keras.h)[:, 0].max() > 0.01


def test_without_vo_the_book_needs_no_carry(random):
    weights = LSTM.random_weights(random, 3, 4, "float64")
    trace = book_lstm_forward(random.normal(size=(1, 6, 3)), weights, np.zeros((4, 4)))
    np.testing.assert_array_equal(trace.carry_projection, 0)


def test_wrong_vo():
    weights = LSTMWeights(np.zeros((3, 8)), np.zeros((2, 8)), np.zeros(8))
    with pytest.raises(CellError, match=r"Vo must have the shape \(2, 2\)"):
        book_lstm_forward(np.zeros((1, 2, 3)), weights, np.zeros((2, 3)))


def test_carry_kernel_is_orthogonal():
    Vo = carry_kernel(5, seed=1)
    np.testing.assert_allclose(Vo @ Vo.T, np.eye(5), atol=1e-12)


def test_reset_before_changes_the_candidate_alone(random):
    """At one and the same state the gates agree; the candidates, as soon as there is a state, do not."""
    weights = GRU.random_weights(random, 3, 4, "float64")
    x, state = random.normal(size=(1, 3)), random.normal(size=(1, 4))
    after = gru_step(x, state, weights)
    before = gru_step(x, state, reset_before(weights), reset_after=False)
    np.testing.assert_allclose(after.update_gate, before.update_gate)
    np.testing.assert_allclose(after.reset_gate, before.reset_gate)
    assert np.abs(after.candidate - before.candidate).max() > 0.01


def test_other_update_gate(random):
    """h = (1 - z)*h_previous + z*candidate, step by step, with the weights as they are."""
    weights = GRU.random_weights(random, 3, 4, "float64")
    inputs = random.normal(size=(1, 6, 3))
    h = np.zeros((1, 4))
    expected = []
    for t in range(6):
        step = gru_step(inputs[:, t], h, weights)
        h = (1 - step.update_gate) * h + step.update_gate * step.candidate
        expected.append(h[0])
    turned = gru_forward(inputs, other_update_gate(weights))
    np.testing.assert_allclose(turned.h[0], expected, atol=1e-14)
    np.testing.assert_array_equal(other_update_gate(other_update_gate(weights)).kernel, weights.kernel)
    assert np.abs(turned.h - gru_forward(inputs, weights).h).max() > 0.01


def test_gru_conventions_keep_the_given_weights():
    weights = GRUWeights(np.ones((1, 3)), np.ones((1, 3)), np.ones((2, 3)))
    other_update_gate(weights)
    np.testing.assert_array_equal(weights.kernel, 1)
