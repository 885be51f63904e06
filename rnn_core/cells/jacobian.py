"""How one timestep's state depends on the one before: the matrix a gradient is multiplied with on its way back.

    dL/dstate[t-1] = dL/dstate[t] · J[t]          J[t][i, j] = d state[t][i] / d state[t-1][j]

A gate that keeps lets part of the gradient pass without a matrix: J is split into that path and the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnn_core.cells.gru import GRUTrace
from rnn_core.cells.lstm import LSTMTrace
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.cells.weights import Array


@dataclass(frozen=True, eq=False)
class Jacobian:
    """One timestep's Jacobian, as the sum of the paths that a change of the state before can take.

    The state is h; of an LSTM it is h and c, one after the other, (2*units,).

    Attributes:
        paths: each (state, state). "kept": what is multiplied by the keeping gate alone, the carry track of an LSTM
            and the old state of a GRU. "gates": through the gates and the candidate, by the recurrent kernel. A
            SimpleRNN has the latter only.
    """

    paths: dict[str, Array]

    @property
    def whole(self) -> Array:
        """The sum of all paths, (state, state)."""
        return sum(self.paths.values(), np.zeros(()))


def jacobian(trace: CellTrace, t: int, batch_index: int = 0) -> Jacobian:
    """Return d state[t] / d state[t-1] of one sequence of a trace.

        SimpleRNN   gates = diag(1 - h²)·Uᵀ
        LSTM        c from c: kept = diag(f)      h from c: kept = diag(o·(1 - tanh²c)·f)
                    c from h: gates = diag(c_previous·f·(1-f))·U_fᵀ + diag(k·i·(1-i))·U_iᵀ + diag(i·(1-k²))·U_kᵀ
                    h from h: gates = diag(o·(1 - tanh²c))·(c from h) + diag(tanh c·o·(1-o))·U_oᵀ
        GRU         kept = diag(z)
                    gates = diag((h_previous - k)·z·(1-z))·U_zᵀ + diag((1-z)·(1-k²))·(d memory / d h_previous)
                    d memory / d h_previous = diag(memory·r·(1-r))·U_rᵀ + diag(r)·U_kᵀ        reset_after=True
                    d memory / d h_previous = U_kᵀ·(diag(r) + diag(h_previous·r·(1-r))·U_rᵀ)  reset_after=False

    Args:
        trace: what a cell's `forward` returned.
        t: the timestep, counted from 0 in the order in which they were read.
        batch_index: which sequence.

    Returns:
        Jacobian; where the mask skipped the timestep, the identity, as "kept".

    Source:
        The equations of `simple_rnn_step`, `lstm_step` and `gru_step`; Pascanu, Mikolov & Bengio 2013.
    """
    at = batch_index, t
    if trace.mask is not None and not trace.mask[at]:
        size = len(cell_of(trace).states) * trace.weights.units
        return Jacobian({"kept": np.eye(size, dtype=trace.weights.dtype)})
    if isinstance(trace, LSTMTrace):
        return _lstm(trace, at)
    if isinstance(trace, GRUTrace):
        return _gru(trace, at)
    return _simple_rnn(trace, at)


def _simple_rnn(trace: SimpleRNNTrace, at: tuple[int, int]) -> Jacobian:
    return Jacobian({"gates": _rows(1 - trace.h[at] ** 2) * trace.weights.recurrent_kernel.T})


def _lstm(trace: LSTMTrace, at: tuple[int, int]) -> Jacobian:
    i, f, k, o = (getattr(trace, gate)[at] for gate in trace.weights.GATES)
    U_i, U_f, U_k, U_o = _recurrent(trace)
    tanh_c = np.tanh(trace.c[at])
    shown = o * (1 - tanh_c**2)
    c_from_h = (
        _rows(trace.c_previous[at] * f * (1 - f)) * U_f + _rows(k * i * (1 - i)) * U_i + _rows(i * (1 - k**2)) * U_k
    )
    h_from_h = _rows(shown) * c_from_h + _rows(tanh_c * o * (1 - o)) * U_o
    units = len(f)
    kept, gates = np.zeros((2, 2 * units, 2 * units), f.dtype)
    np.fill_diagonal(kept[:units, units:], shown * f)
    np.fill_diagonal(kept[units:, units:], f)
    gates[:units, :units], gates[units:, :units] = h_from_h, c_from_h
    return Jacobian({"kept": kept, "gates": gates})


def _gru(trace: GRUTrace, at: tuple[int, int]) -> Jacobian:
    z, r, k = (getattr(trace, gate)[at] for gate in trace.weights.GATES)
    U_z, U_r, U_k = _recurrent(trace)
    h_previous = trace.h_previous[at]
    if trace.reset_after:
        summed = U_k @ h_previous + trace.weights.recurrent_bias[trace.weights.columns("candidate")]
        memory = _rows(summed * r * (1 - r)) * U_r + _rows(r) * U_k
    else:
        memory = U_k @ (np.diag(r) + _rows(h_previous * r * (1 - r)) * U_r)
    gates = _rows((h_previous - k) * z * (1 - z)) * U_z + _rows((1 - z) * (1 - k**2)) * memory
    return Jacobian({"kept": np.diag(z), "gates": gates})


def _recurrent(trace: CellTrace) -> list[Array]:
    """Each block of the recurrent kernel, transposed: rows are units of the new state, columns those of the old."""
    weights = trace.weights
    return [weights.recurrent_kernel[:, weights.columns(block)].T for block in weights.GATES]


def _rows(scale: Array) -> Array:
    """What multiplies each row of a matrix, as `diag(scale)·matrix` does."""
    return scale[:, np.newaxis]
