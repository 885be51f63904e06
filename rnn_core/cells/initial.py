"""The weights that a cell starts with, drawn the way Keras draws them."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from rnn_core.cells.errors import CellError
from rnn_core.cells.registry import CELLS
from rnn_core.cells.weights import Array, Weights


def initial_weights(
    cell: str,
    input_features: int,
    units: int,
    seed: int,
    dtype: DTypeLike = np.float32,
    reset_after: bool = True,
) -> Weights:
    """Draw a cell's first weights by Keras' default rules (the rules are Keras', the random numbers NumPy's).

    The kernel is Glorot uniform, the recurrent kernel orthogonal, the bias zero, but an LSTM's forget
    bias is 1, so that its gate starts open by sigmoid(1) = 0.73.

    Args:
        cell: "simple_rnn", "lstm" or "gru".
        input_features: numbers in one input.
        units: numbers in the state.
        seed: any whole number from 0 to 2**32 - 1; the same seed draws the same weights.
        dtype: np.float32 or np.float64.
        reset_after: for a GRU, which variant's bias to make.

    Returns:
        SimpleRNNWeights, LSTMWeights or GRUWeights.

    Raises:
        CellError: "unknown_cell".

    Source:
        Glorot & Bengio 2010; Saxe et al. 2014; Jozefowicz et al. 2015; defaults of Keras 3.
    """
    if cell not in CELLS:
        raise CellError("unknown_cell", cell=cell, cells=", ".join(CELLS))
    kind, biases = CELLS[cell].weights, CELLS[cell].biases if reset_after else 1
    columns = len(kind.GATES) * units
    random = np.random.default_rng(seed)
    kernel = glorot_uniform(random, input_features, columns)
    recurrent_kernel = orthogonal(random, units, columns)
    bias = np.zeros((biases, columns) if biases > 1 else columns)
    weights = kind(*(array.astype(dtype) for array in (kernel, recurrent_kernel, bias)))
    if "forget_gate" in kind.GATES:
        weights.bias[weights.columns("forget_gate")] = 1
    return weights


def glorot_uniform(random: np.random.Generator, rows: int, columns: int) -> Array:
    """Uniform in ±sqrt(6/(rows + columns)): signals keep their size on the way forward and back."""
    limit = np.sqrt(6 / (rows + columns))
    return random.uniform(-limit, limit, (rows, columns))


def orthogonal(random: np.random.Generator, rows: int, columns: int) -> Array:
    """Rows (or columns, where there are fewer of them) of length 1 at right angles to one another.

    This is one matrix for all gates together, as in Keras. For a SimpleRNN it is square and turns or mirrors
    every state without changing its length (tanh, after it, does shrink); no single gate's block of an LSTM or
    GRU is orthogonal by itself.
    """
    normal = random.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))  # makes every orthogonal matrix equally likely
    return q if rows >= columns else q.T
