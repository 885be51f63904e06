"""The logistic sigmoid, which opens and closes gates."""

from __future__ import annotations

import numpy as np

from rnn_core.cells.weights import Array


def sigmoid(x: Array, out: Array | None = None) -> Array:
    """1 / (1 + exp(-x)), between 0 (closed) and 1 (open).

    Where x is very negative exp(-x) overflows to infinity, and 1/(1 + infinity) = 0 is the right answer:
    the overflow is expected, and no digit is lost anywhere.
    """
    with np.errstate(over="ignore"):
        # not np.negative: NumPy 2.4's returns wrong numbers for one float32 column of a matrix, in place
        exponential = np.multiply(x, -1, out=out)
        np.exp(exponential, out=exponential)
        exponential += 1
        return np.reciprocal(exponential, out=exponential)
