"""What a cell reads and with which weights; its trace, and what is left of the first input."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from pages.common.edits import edited
from pages.common.language import _
from pages.parts.cells.settings import TIMESTEPS, Settings, numbers_of
from rnn_core.cells import initial_weights
from rnn_core.cells.inputs import pulse, sine, split_words, word_vectors
from rnn_core.cells.registry import CELLS, CellTrace
from rnn_core.cells.weights import Weights
from rnn_core.explain.first_input import first_input_left

# What the page reads by itself, as own_sentence() says it in each language.
SENTENCE = "the film was not good at all"
SMALL = 4  # up to so many units and input features, single weights can be changed


@dataclass(frozen=True)
class Given:
    """Weights that were not drawn here. `name` stands for all of it: what has the same name has the same numbers.

    Attributes:
        weights: of the cell.
        start: the state before the first timestep, zeros if None.
        mask: (1, timesteps), False where padding is skipped; None if all is read.
    """

    name: str
    weights: Weights = field(compare=False)
    start: Any = field(compare=False, default=None)
    mask: Any = field(compare=False, default=None)


@dataclass(frozen=True)
class Reading:
    """All that a trace depends on. Seed, biases and edits decide nothing where weights are given.

    Attributes:
        cell: one of CELLS.
        inputs: one row per timestep.
        words: what is read at each timestep, if it has a name.
        units, seed, biases, edits: what makes the weights; see Settings.
        given: the weights, if they were not made here.
    """

    cell: str
    inputs: tuple[tuple[float, ...], ...]
    words: tuple[str, ...]
    units: int
    seed: int
    biases: tuple[tuple[str, float], ...]
    edits: str = ""
    given: Given | None = None

    @property
    def timesteps(self) -> int:
        return len(self.inputs)

    @property
    def input_features(self) -> int:
        return len(self.inputs[0])

    @property
    def begun(self) -> bool:
        """Whether the cell has read something before the first timestep shown, so that its state is not zero."""
        return self.given is not None and self.given.start is not None

    @property
    def label(self) -> str:
        return CELLS[self.cell].label

    @property
    def is_small(self) -> bool:
        """Whether its weights are so few that each can be shown and changed."""
        return self.given is None and self.units <= SMALL and self.input_features <= SMALL


def own_reading(settings: Settings) -> Reading:
    """Return what the page's own random network reads."""
    words = numbers = tuple(split_words(settings.words, TIMESTEPS)) if settings.input == "words" else ()
    if settings.input == "words" and not words:
        # The page's own sentence has the same numbers in every language.
        words, numbers = tuple(split_words(own_sentence(), TIMESTEPS)), tuple(SENTENCE.split())
    inputs = _inputs(settings.input, numbers, settings.timesteps, settings.input_features, settings.x)
    biases = settings.biases(settings.cell)
    made = Reading(settings.cell, inputs, words, settings.units, settings.seed, biases, settings.edits)
    return made if made.is_small or not made.edits else replace(made, edits="")


@lru_cache(maxsize=64)
def _inputs(kind: str, words: tuple[str, ...], timesteps: int, features: int, x: str) -> tuple[tuple[float, ...], ...]:
    # Asked for at every step.
    if kind == "words":
        inputs = word_vectors(words)
    elif kind == "own":
        inputs = rows_of(x, timesteps, features)
    else:
        inputs = (pulse if kind == "pulse" else sine)(timesteps)
    return tuple(map(tuple, inputs.tolist()))


def own_sentence() -> str:
    """Return the page's own short sequence of words; it has as many in every language."""
    return _("the film was not good at all")


def rows_of(x: str, timesteps: int, features: int) -> np.ndarray:
    """Return one's own numbers in the size that is wanted now, (timesteps, input_features); a pulse before any."""
    typed = np.array(numbers_of(x)) if x else pulse(timesteps)
    rows = np.zeros((timesteps, features))
    kept = typed[:timesteps, :features]
    rows[: len(kept), : kept.shape[1]] = kept
    return rows


@lru_cache(maxsize=128)
def read(reading: Reading) -> CellTrace:
    """Return the trace, a batch of one. The same reading is computed once for all visitors."""
    weights = reading.given.weights if reading.given else weights_of(reading)
    start, mask = (reading.given.start, reading.given.mask) if reading.given else (None, None)
    with np.errstate(over="ignore", invalid="ignore"):
        return CELLS[reading.cell].forward(np.array(reading.inputs)[np.newaxis], weights, start, mask)


@lru_cache(maxsize=64)
def weights_of(reading: Reading) -> Weights:
    """Return the weights that the seed and the biases make, with what the visitor has changed in them."""
    weights = initial_weights(reading.cell, reading.input_features, reading.units, reading.seed)
    for gate, value in reading.biases:
        row = weights.bias[0] if weights.bias.ndim == 2 else weights.bias
        row[weights.columns(gate)] = value
    if not reading.edits:
        return weights
    now = {name: edited(reading.edits, name, numbers) for name, numbers in tables(weights).items()}
    return type(weights)(now["kernel"], now["recurrent_kernel"], now["bias"].reshape(weights.bias.shape))


def tables(weights: Weights) -> dict[str, np.ndarray]:
    """Return the weights as tables, by name; a bias of one row is a table too."""
    return {
        "kernel": weights.kernel,
        "recurrent_kernel": weights.recurrent_kernel,
        "bias": np.atleast_2d(weights.bias),
    }


@lru_cache(maxsize=128)
def left_of(reading: Reading) -> np.ndarray:
    """Return how much of the first input is left at each timestep, (timesteps,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return first_input_left(read(reading))
