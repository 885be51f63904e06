"""First weights follow Keras' rules: the same spread, the same right angles, the same open forget gate."""

import keras
import numpy as np
import pytest

from rnn_core.cells import CellError, LSTMWeights, initial_weights
from tests.cells.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_same_shapes_and_spread_as_keras(variant):
    layer = variant.layer(64, **variant.options)
    layer.build((None, None, 32))
    cell = "gru" if variant.name.startswith("gru") else variant.name
    weights = initial_weights(cell, 32, 64, seed=3, **variant.options)
    for ours, theirs in zip(weights.to_keras(), layer.get_weights(), strict=True):
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype
        assert ours.std() == pytest.approx(theirs.std(), rel=0.05)
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.25)


@pytest.mark.parametrize(("cell", "rows"), [("simple_rnn", 6), ("lstm", 6), ("gru", 6)])
def test_recurrent_rows_stand_at_right_angles(cell, rows):
    recurrent_kernel = initial_weights(cell, 4, rows, seed=0, dtype=np.float64).recurrent_kernel
    np.testing.assert_allclose(recurrent_kernel @ recurrent_kernel.T, np.eye(rows), atol=1e-12)


def test_no_gate_of_an_lstm_is_orthogonal_by_itself():
    weights = initial_weights("lstm", 4, 6, seed=0, dtype=np.float64)
    block = weights.recurrent_kernel[:, weights.columns("forget_gate")]
    assert np.abs(block @ block.T - np.eye(6)).max() > 0.1


def test_forget_bias_is_one():
    weights = initial_weights("lstm", 4, 6, seed=0)
    expected = LSTMWeights.from_keras(_built(keras.layers.LSTM(6), 4).get_weights()).bias
    np.testing.assert_array_equal(weights.bias, expected)


def test_seed_repeats():
    first, again, other = (initial_weights("gru", 3, 4, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.kernel, again.kernel)
    assert not np.array_equal(first.kernel, other.kernel)


def test_unknown_cell():
    with pytest.raises(CellError, match='no cell "rnn"'):
        initial_weights("rnn", 3, 4, seed=0)


def _built(layer, input_features):
    layer.build((None, None, input_features))
    return layer
