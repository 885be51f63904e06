"""What padding does to a state: how far a fresh network's state drifts while it reads zeros, with a mask and without.

    drift      ‖hₜ‖ of the state that reads every place of the row
    masked     ‖hₜ‖ of the one that skips the places of padding
    alone      ‖hₜ‖ of one that reads padding alone, as often
    left       ‖hₜ − hₜ(alone)‖: what of the words is still in the state
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnn_core.cells.initial import initial_weights
from rnn_core.cells.registry import CELLS
from rnn_core.cells.weights import Array, Weights

UNITS = 32
SEED = 1


@dataclass(frozen=True, eq=False)
class Drift:
    """A row's effect on a fresh network's state; each (maxlen,).

    Attributes:
        read: the length of the state that reads every place.
        masked: of the one that skips padding.
        left: how far the first is from a state that has read padding alone.
        apart: how far the first two are from one another.
        padding: which places are filled up.
    """

    read: Array
    masked: Array
    left: Array
    apart: Array
    padding: np.ndarray

    @property
    def words(self) -> int:
        """How many places hold words."""
        return int((~self.padding).sum())

    @property
    def still_there(self) -> float:
        """Of what the words had left after the last one, the share that is there at the end of the row."""
        last = len(self.padding) - 1 - int(np.argmax(~self.padding[::-1]))
        return float(self.left[-1] / self.left[last]) if self.left[last] else 0.0

    @property
    def moved(self) -> float:
        """How far the zeros have moved the last state, as a share of the state with a mask."""
        return float(self.apart[-1] / self.masked[-1]) if self.masked[-1] else 0.0


@lru_cache(maxsize=len(CELLS))
def _fresh(cell: str, features: int) -> Weights:
    return initial_weights(cell, features, UNITS, SEED, np.float64)


@lru_cache(maxsize=64)
def _drift(cell: str, vectors: bytes, padding: bytes) -> Drift:
    filled = np.frombuffer(padding, bool)
    read = np.frombuffer(vectors).reshape(len(filled), -1)
    alone = np.broadcast_to(read[filled][:1] if filled.any() else np.zeros_like(read[:1]), read.shape)
    mask = np.ones((3, len(filled)), bool)
    mask[1] = ~filled
    # Three sequences side by side: read whole, read with the mask, and padding alone.
    h = CELLS[cell].forward(np.stack([read, read, alone]), _fresh(cell, read.shape[1]), mask=mask).h
    lengths = np.linalg.norm(h, axis=-1)
    left, apart = (np.linalg.norm(h[0] - h[other], axis=-1) for other in (2, 1))
    return Drift(lengths[0], lengths[1], left, apart, filled)


def drift(cell: str, vectors: np.ndarray, padding: np.ndarray) -> Drift:
    """Let a fresh network read a row, and remember the answer.

    Args:
        cell: one of CELLS.
        vectors: what it reads at each place, (maxlen, input_features).
        padding: which places are filled up, bool (maxlen,); all of them have the same vector.
    """
    return _drift(cell, vectors.astype(np.float64).tobytes(), padding.astype(bool).tobytes())
