"""The walk of a gradient, from the loss back to the first input: one matrix after the other, and their product."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.weights import Array


class Stretch(NamedTuple):
    """Some timesteps of a walk, from `later` back to `earlier`, both counted from 0 in the order of the trace."""

    later: int
    earlier: int


def product(trace: CellTrace, over: Stretch, further: Array | None = None) -> Array:
    """Return how the state at one timestep depends on the state at an earlier one.

        ∂state[later]/∂state[earlier] = J[later] · J[later-1] ··· J[earlier+1]

    Args:
        trace: its first sequence is walked.
        over: from where to where; nothing is multiplied where both are the same.
        further: ∂state[T]/∂state[later] of a walk that goes on here; then the result is ∂state[T]/∂state[earlier].

    Returns:
        (state, state), the state being h, of an LSTM h and c; rows are numbers of the later one.
    """
    size = len(cell_of(trace).states) * trace.weights.units
    whole = np.eye(size, dtype=trace.weights.dtype) if further is None else further
    with np.errstate(all="ignore"):
        for t in range(over.later, over.earlier, -1):
            whole = whole @ jacobian(trace, t).whole
    return whole


def singular_values(matrix: Array) -> Array:
    """By how much a matrix stretches, at most first; all NaN if it holds numbers beyond all bounds."""
    if not np.isfinite(matrix).all():
        return np.full(len(matrix), np.nan, matrix.dtype)
    return np.linalg.svd(matrix, compute_uv=False)
