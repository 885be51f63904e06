"""The twin in Keras returns what NumPy returned, for every cell, and leaves the process as it found it."""

import random
import sys
from subprocess import run

import numpy as np
import pytest

from rnn_core.cells import gru_forward, initial_weights, lstm_forward, simple_rnn_forward
from rnn_core.models.twin import largest_difference, twin

CASES = {
    "simple_rnn": ("simple_rnn", simple_rnn_forward, {}),
    "lstm": ("lstm", lstm_forward, {}),
    "gru": ("gru", gru_forward, {"reset_after": True}),
    "gru_reset_before": ("gru", gru_forward, {"reset_after": False}),
}


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-12)])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_same_outputs_and_states(name, masked, dtype, tolerance):
    cell, forward, options = CASES[name]
    weights = initial_weights(cell, 3, 8, seed=1, dtype=dtype, **options)
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(2, 20, 3)).astype(dtype)
    mask = generator.random((2, 20)) < 0.7 if masked else None
    answer = twin(cell, inputs, weights.to_keras(), mask=mask, dtype=dtype, **options)
    assert answer["outputs"].dtype == dtype
    assert largest_difference(forward(inputs, weights, mask=mask, **options), answer) <= tolerance


def test_a_difference_is_found():
    weights = initial_weights("lstm", 3, 4, seed=1)
    inputs = np.ones((1, 5, 3), "float32")
    answer = twin("lstm", inputs, weights.to_keras())
    answer["states"][1][0, 2] += 0.5
    assert largest_difference(lstm_forward(inputs, weights), answer) == pytest.approx(0.5, abs=1e-5)


def test_no_shared_random_number_is_drawn():
    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist()
    weights = initial_weights("gru", 3, 4, seed=1)
    twin("gru", np.ones((1, 5, 3)), weights.to_keras())
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_importing_the_module_does_not_import_keras():
    code = "import sys, rnn_core.models.twin; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
