"""Padding and cutting equal Keras' own, whatever the sequences and the sides."""

import keras
import numpy as np
import pytest

from rnn_core.tasks.padding import ENDS, pad


@pytest.mark.parametrize("truncating", ENDS)
@pytest.mark.parametrize("padding", ENDS)
def test_padding_and_cutting_are_those_of_keras_in_250_random_cases(padding: str, truncating: str) -> None:
    random = np.random.default_rng([ENDS.index(padding), ENDS.index(truncating)])
    for _case in range(250):
        lengths = random.integers(0, 30, random.integers(1, 6))
        sequences = [random.integers(1, 10_000, n).tolist() for n in lengths]
        length = int(random.integers(1, 25))
        theirs = keras.utils.pad_sequences(sequences, length, padding=padding, truncating=truncating)
        ours = pad(sequences, length, padding, truncating)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_by_default_the_last_tokens_stay() -> None:
    np.testing.assert_array_equal(pad([[1, 2, 3, 4]], 2), [[3, 4]])
