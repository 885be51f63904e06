"""What padding does to a state: how far a fresh network's state drifts while it reads zeros, with a mask and without.

    drift      ‖hₜ‖ of the state that reads every place of the row
    masked     ‖hₜ‖ of the one that skips the places of padding
    alone      ‖hₜ‖ of one that reads padding alone, as often
    left       ‖hₜ − hₜ(alone)‖: what of the words is still in the state
    apart      ‖hₜ − hₜ(masked)‖: how far the zeros have moved the state
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnn_core.cells.initial import initial_weights
from rnn_core.cells.lstm import LSTMState
from rnn_core.cells.registry import CELLS
from rnn_core.cells.weights import Array, Weights

UNITS = 32
ROUND = 100
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
    def behind(self) -> bool:
        """Whether the zeros stand behind the words."""
        return not self.padding[0]

    @property
    def last_word(self) -> int:
        """The place of the last word."""
        return len(self.padding) - 1 - int(np.argmax(~self.padding[::-1]))

    @property
    def effect(self) -> Array:
        """What the zeros do, (maxlen,): how far zeros in front move the state; what zeros behind leave of the words."""
        return self.left if self.behind else self.apart

    @property
    def after(self) -> float:
        """The effect at the end of the row."""
        return float(self.effect[-1])

    @property
    def whole(self) -> float:
        """What it is measured by: how long the state is without zeros; what there was of the words at the last one."""
        return float(self.left[self.last_word] if self.behind else self.masked[-1])

    @property
    def share(self) -> float:
        """The effect at the end, as a share of the whole."""
        return self.after / self.whole if self.whole else 0.0


@lru_cache(maxsize=len(CELLS))
def _fresh(cell: str, features: int) -> Weights:
    return initial_weights(cell, features, UNITS, SEED, np.float64)


@lru_cache(maxsize=32)
def _read(cell: str, vectors: bytes, features: int, before: tuple[bytes, ...] = ()) -> tuple[Array, ...]:
    """The fresh network's states at each place, (places, units) each; `before` is what it begins with, or zeros."""
    inputs = np.frombuffer(vectors).reshape(1, -1, features)
    start = [np.frombuffer(part)[np.newaxis] for part in before]
    state = None if not start else start[0] if len(start) == 1 else LSTMState(*start)
    trace = CELLS[cell].forward(inputs, _fresh(cell, features), state)
    return tuple(getattr(trace, name)[0] for name in CELLS[cell].states)


def _after(states: tuple[Array, ...], steps: int) -> tuple[bytes, ...]:
    """The state after so many timesteps."""
    return tuple(state[steps - 1].tobytes() for state in states)


def drift(cell: str, vectors: np.ndarray, padding: np.ndarray) -> Drift:
    """Let a fresh network read a row.

    The words alone and the zeros alone are read once, however long the row becomes; zeros behind are read up to a
    multiple of ROUND.

    Args:
        cell: one of CELLS.
        vectors: what it reads at each place, (maxlen, input_features).
        padding: which places are filled up, bool (maxlen,); all of them have the same vector, and they stand all
            before the words or all behind.
    """
    vectors, filled = vectors.astype(np.float64), padding.astype(bool)
    maxlen, features = vectors.shape
    zeros = int(filled.sum())
    said = vectors[~filled].tobytes()
    words = _read(cell, said, features)
    if not zeros:
        lengths = np.linalg.norm(words[0], axis=-1)
        return Drift(lengths, lengths, lengths, np.zeros(maxlen), filled)
    padded = vectors[filled][:1].tobytes() * (-(-maxlen // ROUND) * ROUND)
    alone = _read(cell, padded, features)
    if filled[0]:
        behind = _read(cell, said, features, _after(alone, zeros))[0]
        read = np.concatenate([alone[0][:zeros], behind])
        masked = np.concatenate([np.zeros((zeros, UNITS)), words[0]])
    else:
        behind = _read(cell, padded, features, _after(words, maxlen - zeros))[0]
        read = np.concatenate([words[0], behind[:zeros]])
        masked = np.concatenate([words[0], np.tile(words[0][-1], (zeros, 1))])
    left, apart = read - alone[0][:maxlen], read - masked
    lengths = np.linalg.norm([read, masked, left, apart], axis=-1)
    return Drift(lengths[0], lengths[1], lengths[2], lengths[3], filled)
