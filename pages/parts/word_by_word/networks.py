"""Which networks read the text: those that come with the project, or that of a training; and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.common.opened import Lapse, lapse_of, open_linked, open_network
from pages.elements.lapse import settle_epoch
from pages.parts.word_by_word.settings import SET, WORDS, Settings, current
from pages.parts.word_by_word.texts import corpus_of, text_of
from rnn_core import tasks
from rnn_core.cells.weights import Array
from rnn_core.models.network import Network as Architecture
from rnn_core.models.review_networks import review_networks
from rnn_core.models.trained import NotANetwork
from rnn_core.models.verdict import Judge, Reading, Saliency, after_words, left_out, reading, saliency
from rnn_core.tasks import imdb
from rnn_core.tasks.padding import pad
from rnn_core.tasks.typed import Typed, typed
from rnn_core.training.kept import nearest

_OPENED = "_review_run"


@dataclass(frozen=True)
class Reader:
    """A network that reads reviews. What has the same `key` has the same numbers.

    Attributes:
        key: names it, and the epoch.
        architecture: its task, cell and layers.
        data: what it has learnt from: how long its reviews are, and how they are filled up and cut.
        judge: the network in NumPy.
        lapse: after which epoch it is shown, and after which others it can be.
    """

    key: str
    architecture: Architecture = field(compare=False)
    data: tasks.Data = field(compare=False)
    judge: Judge = field(compare=False)
    lapse: Lapse = field(compare=False)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The word of each token."""
        task = self.architecture.task
        return imdb.symbols() if task == "imdb" else tasks.TASKS[task].symbols


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a network makes of a text.

    Attributes:
        reader: the network.
        text: what was typed, in words.
        row: the tokens it read, filled up and cut, (timesteps,).
        read: for each token the word that it is; -1 for what is none.
        reading: what it says after each token.
    """

    reader: Reader
    text: Typed
    row: Array
    read: tuple[int, ...]
    reading: Reading

    @property
    def probabilities(self) -> Array:
        """P(positive) before the first word and after each, (words + 1,)."""
        return self.reading.probabilities[self._places]

    @property
    def steps(self) -> Array:
        """By how much each word moved the log-odds, (words,); 0 for one that was not read."""
        return np.diff(self.reading.scores[self._places])

    @property
    def _places(self) -> NDArray[np.intp]:
        return after_words(self.read, len(self.text.words))

    @property
    def cut(self) -> frozenset[int]:
        """The words that were cut away."""
        return frozenset(range(len(self.text.words))) - set(self.read) - self.text.unknown

    def by_word(self, numbers: Array) -> Array:
        """Bring what belongs to each token to the words, (words,); NaN for a word that was not read."""
        found = np.full(len(self.text.words), np.nan)
        for number, word in zip(numbers, self.read, strict=True):
            if word >= 0:
                found[word] = number
        return found


def open_run() -> None:
    """Open the run that the link names, for as long as it does; or tell why not, and go on without it."""
    st.session_state.pop(_OPENED, None)
    wanted = current().run
    opened = open_linked(SET, _of_run)
    if opened:
        st.session_state[_OPENED] = wanted, opened
    if readers := readers_of(current()):
        settle_epoch(SET, readers[shown(current())].lapse.epochs)


def readers_of(settings: Settings) -> dict[str, Reader]:
    """Return the networks that read, by name."""
    run, opened = st.session_state.get(_OPENED) or ("", None)
    if opened and settings.run and settings.run == run:
        found = _of_run(settings.run, settings.epoch, 0)
        return {found.architecture.cell: found}
    return {name: _shipped(corpus_of(settings), name, settings.epoch) for name in review_networks(corpus_of(settings))}


def shown(settings: Settings) -> str:
    """Return the network whose words and reasons are shown: the one that is set, or the only one there is."""
    readers = readers_of(settings)
    return settings.cell if settings.cell in readers else next(iter(readers))


def verdicts(settings: Settings, text: str = "") -> dict[str, Verdict]:
    """Return what each network makes of the text that is set, or of another one."""
    words = text or text_of(settings)
    return {name: judged(reader, words, settings.whole) for name, reader in readers_of(settings).items()}


@lru_cache(maxsize=128)
def judged(reader: Reader, text: str, whole: bool) -> Verdict:
    """Let a network read a text. The same text is read once for all visitors.

    Args:
        reader: the network.
        text: anything that was typed.
        whole: whether a text longer than those of the training is read to its end, or cut as they were.
    """
    special = {"start": imdb.START, "rare": imdb.UNKNOWN} if reader.architecture.task == "imdb" else {}
    words = typed(text, reader.symbols, most=WORDS, **special)
    data = reader.data
    length = max(data.length, len(words.tokens)) if whole else data.length
    row = pad([words.tokens], length, data.padding, data.truncating)[0]
    places = pad([np.array(words.read, np.int64) + 1], length, data.padding, data.truncating)[0]
    mask = (row != 0) if reader.architecture.mask else None
    return Verdict(reader, words, row, tuple((places - 1).tolist()), reading(reader.judge, row, mask))


@lru_cache(maxsize=128)
def salient(verdict: Verdict) -> Saliency:
    """Return how the last verdict changes with each word's vector."""
    return saliency(verdict.reader.judge, verdict.row, verdict.reading.mask, read=verdict.reading)


@lru_cache(maxsize=64)
def without_each(verdict: Verdict) -> Array:
    """Return how far each token holds the last verdict up."""
    return left_out(verdict.reader.judge, verdict.row)


@lru_cache(maxsize=96)
def _shipped(corpus: str, name: str, wanted: int) -> Reader:
    network = review_networks(corpus)[name]
    epoch = nearest(network.epochs, wanted)
    lapse = Lapse(network.epochs, epoch, measured=dict(zip(network.epochs, network.accuracies, strict=True)))
    return Reader(f"{corpus}:{name}:{epoch}", network.network, network.data, network.at(epoch), lapse)


@lru_cache(maxsize=32)
def _of_run(run_id: str, epoch: int, _sequence: int) -> Reader:
    opened = open_network(run_id, epoch)
    spec = opened.run.spec
    if tasks.TASKS[spec.task].answer != "binary":
        raise NotANetwork("no_reviews")
    reader = Reader(f"{run_id}:{opened.epoch}", spec.network, spec.data, opened.trained, lapse_of(opened))
    _ = reader.symbols  # or it tells that the words cannot be had
    return reader
