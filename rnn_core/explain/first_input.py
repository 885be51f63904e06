"""How much of the first input is still there, many timesteps later."""

from __future__ import annotations

import numpy as np

from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.weights import Array


def memory(trace: CellTrace) -> Array:
    """What a cell remembers with: the carry of an LSTM, the state of the others; (batch, timesteps, units)."""
    return getattr(trace, cell_of(trace).memory)


def read_again(trace: CellTrace, inputs: Array) -> CellTrace:
    """Let the same weights read other inputs, (batch, timesteps, input_features), from the same initial state.

    A mask skips the same timesteps.
    """
    cell = cell_of(trace)
    variant = {name: getattr(trace, name) for name in cell.variant}
    return cell.forward(inputs, trace.weights, cell.state_before(trace, 0), trace.mask, **variant)


def first_input_left(trace: CellTrace) -> Array:
    """Measure what the first input still changes: read the sequence again with the first input set to zero.

        left[t] = |memory[t] - memory_without[t]| / |memory[0] - memory_without[0]|

    Returns:
        (timesteps,), for the first sequence of the batch, lengths being Euclidean over the units; 1 at the first
        timestep. It can exceed 1, where later timesteps amplify the difference. All NaN if the first input
        changes nothing at all, or if the numbers have grown beyond all bounds.
    """
    without = trace.inputs[:1].copy()
    without[:, 0] = 0
    difference = memory(trace)[0] - memory(read_again(trace, without))[0]
    lengths = np.sqrt((difference.astype(np.float64) ** 2).sum(axis=-1))
    if not (np.isfinite(lengths).all() and lengths[0] > 0):
        return np.full(len(lengths), np.nan)
    return lengths / lengths[0]


def gates_alone(trace: CellTrace) -> Array:
    """What the gates by themselves let through from the first timestep: the product of all later gates' values.

    The forget gate of an LSTM, the update gate of a GRU; (timesteps, units) for the first sequence, 1 at the first
    timestep. What a mask skips is kept whole. A SimpleRNN has no such gate: all NaN.
    """
    keeps = cell_of(trace).keeps
    if keeps is None:
        return np.full(trace.h.shape[1:], np.nan)
    gates = getattr(trace, keeps)[0].astype(np.float64)
    gates[0] = 1
    if trace.mask is not None:
        gates[~trace.mask[0]] = 1
    return np.cumprod(gates, axis=0)
