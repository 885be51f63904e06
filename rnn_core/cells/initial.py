"""The weights that a cell starts with, drawn the way Keras draws them."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from rnn_core.cells.errors import CellError
from rnn_core.cells.gru import GRUWeights
from rnn_core.cells.lstm import LSTMWeights
from rnn_core.cells.simple_rnn import SimpleRNNWeights
from rnn_core.cells.weights import Array, Weights

WEIGHTS: dict[str, type[Weights]] = {"simple_rnn": SimpleRNNWeights, "lstm": LSTMWeights, "gru": GRUWeights}


def weights_class(cell: str) -> type[Weights]:
    """The class of a cell's weights, by the cell's id: "simple_rnn", "lstm" or "gru"."""
    if cell not in WEIGHTS:
        raise CellError(
            "unknown_cell", f'There are the cells "simple_rnn", "lstm" and "gru", but no "{cell}".', cell=cell
        )
    return WEIGHTS[cell]


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
    kind = weights_class(cell)
    columns = len(kind.GATES) * units
    random = np.random.default_rng(seed)
    kernel = glorot_uniform(random, input_features, columns)
    recurrent_kernel = orthogonal(random, units, columns)
    bias = np.zeros((2, columns) if cell == "gru" and reset_after else columns)
    if cell == "lstm":
        bias[units : 2 * units] = 1
    return kind(*(array.astype(dtype) for array in (kernel, recurrent_kernel, bias)))


def glorot_uniform(random: np.random.Generator, rows: int, columns: int) -> Array:
    """Uniform in ±sqrt(6/(rows + columns)): signals keep their size on the way forward and back."""
    limit = np.sqrt(6 / (rows + columns))
    return random.uniform(-limit, limit, (rows, columns))


def orthogonal(random: np.random.Generator, rows: int, columns: int) -> Array:
    """Rows (or columns, where there are fewer of them) of length 1 at right angles to one another.

    This is one matrix for all gates together, as in Keras: for a SimpleRNN it is square and keeps the
    length of every state, but no single gate's block of an LSTM or GRU is orthogonal by itself.
    """
    normal = random.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))  # makes every orthogonal matrix equally likely
    return q if rows >= columns else q.T
