"""Adding: two numbers of a long row are marked; what is their sum?

Source: Hochreiter & Schmidhuber 1997, experiment 4, in the now common form of Le, Jaitly & Hinton 2015:
numbers from [0, 1), one mark in each half, target the plain sum.
"""

import numpy as np


def generate(
    train: int, validation: int, length: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw rows of numbers, two of them marked.

    Always answering 1 has a mean squared error of 1/6, the variance of the sum of two uniform numbers.

    Args:
        train: number of training sequences.
        validation: number of validation sequences.
        length: numbers in a row, at least 2.
        seed: the same seed gives the same sequences.

    Returns:
        x_train, y_train, x_val, y_val: float32 (sequences, length, 2), channel 0 the numbers, channel 1 the marks
        (1 or 0); float32 (sequences,), the sum of the two marked numbers.
    """
    rng = np.random.default_rng(seed)
    samples, half = train + validation, length // 2
    rows = np.arange(samples)
    x = np.zeros((samples, length, 2), "float32")
    x[:, :, 0] = rng.random((samples, length), "float32")
    x[rows, rng.integers(0, half, samples), 1] = 1
    x[rows, rng.integers(half, length, samples), 1] = 1
    y = (x[:, :, 0] * x[:, :, 1]).sum(axis=1)
    return x[:train], y[:train], x[train:], y[train:]
