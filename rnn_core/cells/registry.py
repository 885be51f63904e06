"""The one table of the cells: what each is called, and where its weights, its equations and its gates are.

>>> list(CELLS), CELLS["lstm"].gates, CELLS["gru"].letters["candidate"]
(['simple_rnn', 'lstm', 'gru'], ('input_gate', 'forget_gate', 'output_gate'), 'k')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rnn_core.cells.gru import GRUTrace, GRUWeights, gru_backward, gru_forward, gru_step
from rnn_core.cells.lstm import LSTMState, LSTMTrace, LSTMWeights, lstm_backward, lstm_forward, lstm_step
from rnn_core.cells.simple_rnn import (
    SimpleRNNTrace,
    SimpleRNNWeights,
    simple_rnn_backward,
    simple_rnn_forward,
    simple_rnn_step,
)
from rnn_core.cells.weights import Array, Weights

CellTrace = SimpleRNNTrace | LSTMTrace | GRUTrace


@dataclass(frozen=True)
class Cell:
    """A recurrent cell.

    Attributes:
        name: in code, links and stores.
        label: of Keras' class, the same in every language.
        weights, trace: the classes of its weights and of what it computes.
        step, forward, backward: its equations; see rnn_core.cells.
        states: what it carries from timestep to timestep, in Keras' order.
        memory: the one of them that is kept by a gate rather than computed anew, or the only one.
        keeps: the gate that says how much of the memory is kept; None for a cell without gates.
        adds: the gate that says how much of the candidate is added to it; the same one as `keeps`, where what
            that gate does not keep makes room for the candidate.
        shows: the gate that says how much of the memory shows in the state h; None where the memory is h.
        letters: what the equations on the pages call each block of weights, in Keras' order; none where there is
            but one block.
        biases: how many rows Keras' default bias has.
        variant: arguments of `forward` beside the usual ones, which the trace holds under the same names.
    """

    name: str
    label: str
    weights: type[Weights]
    trace: type
    step: Callable[..., Any]
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    states: tuple[str, ...]
    memory: str
    keeps: str | None
    adds: str | None
    shows: str | None
    letters: dict[str, str]
    biases: int = 1
    variant: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[str, ...]:
        """The blocks of its weights, gates and candidate, in Keras' order."""
        return self.weights.GATES

    @property
    def gates(self) -> tuple[str, ...]:
        """Its gates alone."""
        return tuple(block for block in self.blocks if block.endswith("_gate"))

    def state_before(self, trace: CellTrace, t: int) -> Array | LSTMState:
        """What the cell carried into timestep t of its trace, as `forward` takes an `initial_state`."""
        states = [getattr(trace, f"{state}_previous")[:, t] for state in self.states]
        return LSTMState(*states) if len(states) > 1 else states[0]


CELLS: dict[str, Cell] = {
    cell.name: cell
    for cell in (
        Cell(
            name="simple_rnn",
            label="SimpleRNN",
            weights=SimpleRNNWeights,
            trace=SimpleRNNTrace,
            step=simple_rnn_step,
            forward=simple_rnn_forward,
            backward=simple_rnn_backward,
            states=("h",),
            memory="h",
            keeps=None,
            adds=None,
            shows=None,
            letters={},
        ),
        Cell(
            name="lstm",
            label="LSTM",
            weights=LSTMWeights,
            trace=LSTMTrace,
            step=lstm_step,
            forward=lstm_forward,
            backward=lstm_backward,
            states=("h", "c"),
            memory="c",
            keeps="forget_gate",
            adds="input_gate",
            shows="output_gate",
            letters={"input_gate": "i", "forget_gate": "f", "candidate": "k", "output_gate": "o"},
        ),
        Cell(
            name="gru",
            label="GRU",
            weights=GRUWeights,
            trace=GRUTrace,
            step=gru_step,
            forward=gru_forward,
            backward=gru_backward,
            states=("h",),
            memory="h",
            keeps="update_gate",
            adds="update_gate",
            shows=None,
            letters={"update_gate": "z", "reset_gate": "r", "candidate": "k"},
            biases=2,
            variant=("reset_after",),
        ),
    )
}


def cell_of(what: object) -> Cell:
    """Return the cell that a trace or its weights belong to.

    Raises:
        TypeError: it is neither.
    """
    for cell in CELLS.values():
        if isinstance(what, (cell.trace, cell.weights)):
            return cell
    raise TypeError(f"{type(what).__name__} is neither a trace nor weights of a cell")
