"""The one table of the cells: what each is called, and where its weights, its equations and its gates are.

    CELLS["lstm"].forward(inputs, weights)      cell_of(trace).label == "LSTM"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rnn_core.cells.gru import GRUTrace, GRUWeights, gru_backward, gru_forward, gru_step
from rnn_core.cells.lstm import LSTMTrace, LSTMWeights, lstm_backward, lstm_forward, lstm_step
from rnn_core.cells.simple_rnn import (
    SimpleRNNTrace,
    SimpleRNNWeights,
    simple_rnn_backward,
    simple_rnn_forward,
    simple_rnn_step,
)
from rnn_core.cells.weights import Weights

CellTrace = SimpleRNNTrace | LSTMTrace | GRUTrace


@dataclass(frozen=True)
class Cell:
    """A recurrent cell.

    Attributes:
        name: in code, links and stores.
        label: of Keras' class, the same in every language.
        weights, trace: the classes of its weights and of what it computes.
        step, forward, backward: its equations; see rnn_core.cells.
        states: what it hands from timestep to timestep, in Keras' order.
        memory: the one of them that is kept by a gate rather than computed anew, or the only one.
        keeps: the gate that says how much of the memory is kept; None for a cell without gates.
        letters: what the equations on the pages call each block of weights, in Keras' order.
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
    letters: dict[str, str]

    @property
    def blocks(self) -> tuple[str, ...]:
        """The blocks of its weights, gates and candidate, in Keras' order."""
        return self.weights.GATES

    @property
    def gates(self) -> tuple[str, ...]:
        """Its gates alone."""
        return tuple(block for block in self.blocks if block.endswith("_gate"))


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
            letters={"update_gate": "z", "reset_gate": "r", "candidate": "k"},
        ),
    )
}


def cell_of(what: object) -> Cell:
    """Return the cell that a trace or its weights belong to."""
    return next(cell for cell in CELLS.values() if isinstance(what, (cell.trace, cell.weights)))
