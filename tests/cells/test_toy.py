"""The toy prints what the article prints, saturates as it must, and can be drawn small."""

import numpy as np
import pytest

from rnn_core.cells import CellError, simple_rnn_forward
from rnn_core.cells.toy import RECIPES, toy_inputs, toy_weights


def test_the_articles_loop():
    """The article's own loop, written out, gives the same numbers."""
    inputs, weights = toy_inputs(100, 32, seed=7), toy_weights(32, 64, "article", seed=7)
    W, U, b = weights.kernel.T, weights.recurrent_kernel.T, weights.bias
    assert (W.shape, U.shape, b.shape) == ((64, 32), (64, 64), (64,))
    state = np.zeros(64)
    outputs = []
    for x in inputs:
        state = np.tanh(W @ x + U @ state + b)
        outputs.append(state)
    trace = simple_rnn_forward(inputs[np.newaxis], weights)
    assert outputs[-1].shape == (64,)
    assert trace.h[0].shape == (100, 64)
    np.testing.assert_allclose(trace.h[0], outputs, atol=1e-12)


def test_the_articles_weights_saturate_and_small_ones_do_not():
    inputs = toy_inputs(100, 32, seed=0)[np.newaxis]
    article, small = (simple_rnn_forward(inputs, toy_weights(32, 64, recipe, seed=0)) for recipe in RECIPES)
    assert article.h.min() > 0.999
    assert np.abs(small.h).mean() < 0.8
    assert small.h.min() < 0 < small.h.max()


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_any_seed_repeats(seed):
    np.testing.assert_array_equal(toy_inputs(6, 3, seed), toy_inputs(6, 3, seed))
    first, again = (toy_weights(3, 4, "small", seed) for _ in range(2))
    np.testing.assert_array_equal(first.kernel, again.kernel)


def test_weights_do_not_repeat_their_inputs():
    assert toy_inputs(1, 1, 5).item() != toy_weights(1, 1, "article", 5).kernel.item()


def test_unknown_recipe():
    with pytest.raises(CellError, match='no recipe "large", only article, small'):
        toy_weights(3, 4, "large", 0)
