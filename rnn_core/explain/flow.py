"""Along which edges of the unrolled network a loss's gradient runs back, and how much of it along each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.lstm import LSTMTrace
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.sequence import Reading
from rnn_core.cells.weights import Array


@dataclass(frozen=True, eq=False)
class Flow:
    """The gradient of a loss at each number of the state, of one sequence; each array is (timesteps, units).

    Attributes:
        own: what a timestep's own loss says of its h; zero where there is none.
        h: ∂L/∂h, all that comes back through later timesteps included.
        c: ∂L/∂c of an LSTM; else None.
    """

    own: Array
    h: Array
    c: Array | None

    def of(self, state: str) -> Array:
        """The gradient of "h" or of "c"."""
        found = self.c if state == "c" else self.h
        assert found is not None
        return found


class Edge(NamedTuple):
    """All edges of one kind that lead to the state of one timestep.

    Attributes:
        start: the state that they leave, "h" or "c".
        end: the state that they lead to.
        path: "kept": a gate that keeps, or a skipped timestep, multiplies alone. "gates": through gates and candidate,
            by the recurrent kernel. "shown": from the carry to the state of the same timestep.
        factors: ∂end[i]/∂start[j] along these edges alone, (units, units); where each unit goes to itself alone, that
            is "kept" and "shown", (units,).
    """

    start: str
    end: str
    path: str
    factors: Array

    @property
    def back(self) -> int:
        """How many timesteps the start lies before the end."""
        return 0 if self.path == "shown" else 1

    def carried(self, flow: Flow, t: int) -> Array:
        """The gradient that runs along each edge back from timestep t, dL/dend[i] · factor; shaped like `factors`."""
        gradient = flow.of(self.end)[t]
        with np.errstate(all="ignore"):
            return (gradient if self.factors.ndim == 1 else gradient[:, np.newaxis]) * self.factors


def flow(trace: CellTrace, d_h: ArrayLike) -> Flow:
    """Send a loss's gradient back through a trace of one sequence.

    Args:
        trace: what a cell's `forward` returned, a batch of one.
        d_h: the loss gradient arriving at each output, (timesteps, units).

    Raises:
        CellError: "wrong_shape", if d_h is not shaped like the outputs.
    """
    arriving = np.asarray(d_h, trace.weights.dtype)[np.newaxis]
    own = Reading.of(trace).d_outputs(arriving, trace.weights)[:, 0]
    with np.errstate(all="ignore"):
        gradients = cell_of(trace).backward(trace, arriving)
    carry = getattr(gradients, "d_carry", None)
    return Flow(own, gradients.d_state[0], None if carry is None else carry[0])


def edges(trace: CellTrace, t: int) -> tuple[Edge, ...]:
    """Return all edges that lead to the state of one timestep of the first sequence.

        SimpleRNN   h → h: diag(1 - h²)·Uᵀ
        LSTM        c → c: f     h → c: through f, i and k     h → h: through o     c → h at t itself: o·(1 - tanh²c)
        GRU         h → h: z     h → h: through z, r and k

    What an LSTM's `jacobian` says of h goes through two of them, h → c → h; here each is walked by itself. So a node's
    gradient is its own loss and what runs back along all edges that leave it:

        dL/dstart[j] = own[j] + Σ_i dL/dend[i] · factor[i, j]

    Args:
        trace: what a cell's `forward` returned.
        t: the timestep that they lead to, counted from 0.
    """
    paths = jacobian(trace, t).paths
    units = trace.weights.units
    if "gates" not in paths:  # skipped: every number goes on as it is
        return tuple(Edge(state, state, "kept", np.ones(units, trace.weights.dtype)) for state in cell_of(trace).states)
    if isinstance(trace, LSTMTrace):
        return _lstm(trace, t, paths)
    kept = [Edge("h", "h", "kept", np.diagonal(paths["kept"]))] if "kept" in paths else []
    return (*kept, Edge("h", "h", "gates", paths["gates"]))


def _lstm(trace: LSTMTrace, t: int, paths: dict[str, Array]) -> tuple[Edge, ...]:
    units, o, tanh_c = trace.weights.units, trace.output_gate[0, t], np.tanh(trace.c[0, t])
    U_o = trace.weights.recurrent_kernel[:, trace.weights.columns("output_gate")].T
    return (
        Edge("c", "c", "kept", trace.forget_gate[0, t]),
        Edge("h", "c", "gates", paths["gates"][units:, :units]),
        Edge("h", "h", "gates", (tanh_c * o * (1 - o))[:, np.newaxis] * U_o),
        Edge("c", "h", "shown", o * (1 - tanh_c**2)),
    )
