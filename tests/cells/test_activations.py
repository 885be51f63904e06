import numpy as np
import pytest

from rnn_core.cells.activations import sigmoid


def test_literal_numbers():
    numbers = sigmoid(np.array([-np.inf, -800.0, -2.0, 0.0, 1.0, 800.0, np.inf]))
    np.testing.assert_allclose(numbers, [0, 0, 0.11920292202211755, 0.5, 0.7310585786300049, 1, 1])


def test_small_values_keep_their_digits():
    np.testing.assert_allclose(sigmoid(np.array([-30.0, -700.0])), np.exp([-30.0, -700.0]), rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("units", [1, 2, 5, 8])
def test_in_place_on_some_columns_of_a_matrix(units, dtype):
    matrix = np.random.default_rng(0).normal(size=(3, 4 * units)).astype(dtype)
    before = matrix.copy()
    sigmoid(matrix[:, units : 2 * units], out=matrix[:, units : 2 * units])
    np.testing.assert_allclose(matrix[:, units : 2 * units], 1 / (1 + np.exp(-before[:, units : 2 * units])), rtol=1e-6)
    np.testing.assert_array_equal(matrix[:, 2 * units :], before[:, 2 * units :])
