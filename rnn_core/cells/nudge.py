"""What a small change of the first input does to every later state: the same chain of matrices, forwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.errors import check_shape
from rnn_core.cells.gru import GRUTrace
from rnn_core.cells.lstm import LSTMTrace
from rnn_core.cells.registry import CellTrace
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.cells.weights import Array

At = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Nudged:
    """How fast each state changes as the first input is moved.

    Attributes:
        h: (timesteps, units).
        c: of an LSTM the carry's, (timesteps, units); else None.
    """

    h: Array
    c: Array | None


def nudge(trace: CellTrace, d_input: ArrayLike, batch_index: int = 0) -> Nudged:
    """Return d state[t] / d x[0] · d_input, by the chain rule from the first timestep on.

        d h[0] = ∂h[0]/∂x[0] · d_input
        d state[t] = J[t] · d state[t-1]        with J of `jacobian`, without ever making the matrix

    Args:
        trace: what a cell's `forward` returned.
        d_input: the direction in which the first input is moved, (input_features,).
        batch_index: which sequence.

    Raises:
        CellError: "wrong_shape", if d_input is not as long as an input.

    Source:
        Forward-mode differentiation of `simple_rnn_step`, `lstm_step` and `gru_step`; Pearlmutter 1995 for its use.
    """
    weights = trace.weights
    moved = np.asarray(d_input, weights.dtype)
    check_shape("d_input", moved.shape, (weights.input_features,))
    d_pre = moved @ weights.kernel  # of the first timestep; later inputs stay what they are
    timesteps, units = trace.h.shape[1:]
    h = np.zeros((timesteps, units), weights.dtype)
    c = np.zeros_like(h) if isinstance(trace, LSTMTrace) else None
    step = _STEPS[type(trace)]
    d_h = d_c = np.zeros(units, weights.dtype)
    for t in range(timesteps):
        if trace.mask is None or trace.mask[batch_index, t]:
            d_h, d_c = step(trace, (batch_index, t), d_pre, d_h, d_c)
        h[t] = d_h
        if c is not None:
            c[t] = d_c
        d_pre = np.zeros_like(d_pre)
    return Nudged(h, c)


def _simple_rnn(trace: SimpleRNNTrace, at: At, d_pre: Array, d_h: Array, d_c: Array) -> tuple[Array, Array]:
    return (1 - trace.h[at] ** 2) * (d_pre + d_h @ trace.weights.recurrent_kernel), d_c


def _lstm(trace: LSTMTrace, at: At, d_pre: Array, d_h: Array, d_c: Array) -> tuple[Array, Array]:
    i, f, k, o = (getattr(trace, gate)[at] for gate in trace.weights.GATES)
    d_i, d_f, d_k, d_o = np.split(d_pre + d_h @ trace.weights.recurrent_kernel, 4)
    tanh_c = np.tanh(trace.c[at])
    d_c = f * d_c + trace.c_previous[at] * f * (1 - f) * d_f + k * i * (1 - i) * d_i + i * (1 - k**2) * d_k
    return tanh_c * o * (1 - o) * d_o + o * (1 - tanh_c**2) * d_c, d_c


def _gru(trace: GRUTrace, at: At, d_pre: Array, d_h: Array, d_c: Array) -> tuple[Array, Array]:
    weights = trace.weights
    z, r, k = (getattr(trace, gate)[at] for gate in weights.GATES)
    h_previous, candidate = trace.h_previous[at], weights.columns("candidate")
    through = d_h @ weights.recurrent_kernel
    d_z, d_r, _own = np.split(d_pre + through, 3)
    U_k = weights.recurrent_kernel[:, candidate]
    if trace.reset_after:
        memory = h_previous @ U_k + weights.recurrent_bias[candidate]
        d_memory = r * through[candidate] + memory * r * (1 - r) * d_r
    else:
        d_memory = (r * d_h + h_previous * r * (1 - r) * d_r) @ U_k
    d_k = (1 - k**2) * (d_pre[candidate] + d_memory)
    return z * d_h + (h_previous - k) * z * (1 - z) * d_z + (1 - z) * d_k, d_c


_STEPS: dict[type, Callable[..., tuple[Array, Array]]] = {SimpleRNNTrace: _simple_rnn, LSTMTrace: _lstm, GRUTrace: _gru}
