"""Which network learns: one of the cells, or the baseline that knows no order."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.cells.registry import CELLS

BAG_OF_WORDS = "bag_of_words"
NETWORKS = (*CELLS, BAG_OF_WORDS)


@dataclass(frozen=True)
class Network:
    """(Embedding →) recurrent layers → Dense, as a task needs them; a bag of words averages instead.

    Attributes:
        task: one of tasks.TASKS; what goes in and what must come out.
        cell: one of NETWORKS.
        units: size of the hidden state, per layer and direction.
        layers: recurrent layers stacked.
        bidirectional: read each sequence in both directions.
        mask: skip the zeros of tokens that were filled up: Keras' Embedding(mask_zero=True).
    """

    task: str
    cell: str
    units: int
    layers: int = 1
    bidirectional: bool = False
    mask: bool = False
