"""Which networks read the text: those that come with the project, or that of a training; and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.common.opened import open_linked
from pages.common.reviews import Reader, row_of, run_reader, shipped_reader
from pages.elements.lapse import settle_epoch
from pages.parts.word_by_word.settings import SET, Settings, current
from pages.parts.word_by_word.texts import corpus_of, text_of
from rnn_core.cells.weights import Array
from rnn_core.models.review_networks import TASKS, review_networks
from rnn_core.models.verdict import Reading, Saliency, after_words, left_behind, left_out, reading, saliency
from rnn_core.tasks.typed import Typed

_OPENED = "_review_run"


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
        return self.reading.probabilities[self.places]

    @property
    def steps(self) -> Array:
        """By how much each word moved the log-odds, (words,); 0 for one that was not read."""
        return np.diff(self.reading.scores[self.places])

    @property
    def places(self) -> NDArray[np.intp]:
        """Where the verdict before the first word and after each stands among the reading's scores, (words + 1,)."""
        return after_words(self.read, len(self.text.words))

    @property
    def cut(self) -> frozenset[int]:
        """The words that were cut away."""
        return frozenset(range(len(self.text.words))) - set(self.read) - self.text.unknown

    @property
    def is_read(self) -> bool:
        """Whether it has read any word."""
        return any(word >= 0 for word in self.read)

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
        reads = "zh" if opened.architecture.task == TASKS["zh"] else "en"
        if corpus_of(current()) != reads:
            SET.settle(corpus=reads)
    if readers := readers_of(current()):
        settle_epoch(SET, readers[shown(current())].lapse.epochs)


def readers_of(settings: Settings) -> dict[str, Reader]:
    """Return the networks that read, by name."""
    run, opened = st.session_state.get(_OPENED) or ("", None)
    if opened and settings.run and settings.run == run:
        found = _of_run(settings.run, settings.epoch, 0)
        return {found.architecture.cell: found}
    corpus = corpus_of(settings)
    return {name: shipped_reader(corpus, name, settings.epoch) for name in review_networks(corpus)}


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
    row = row_of(reader, text, whole)
    mask = (row.tokens != 0) if reader.architecture.mask else None
    return Verdict(reader, row.text, row.tokens, row.read, reading(reader.judge, row.tokens, mask))


@lru_cache(maxsize=128)
def salient(verdict: Verdict) -> Saliency:
    """Return how the last verdict changes with each word's vector."""
    return saliency(verdict.reader.judge, verdict.row, verdict.reading.mask, read=verdict.reading)


@lru_cache(maxsize=64)
def without_each(verdict: Verdict) -> Array:
    """Return how far each token holds the last verdict up."""
    mask = verdict.reading.mask
    if mask is None:
        return left_out(verdict.reader.judge, verdict.row)
    held = np.zeros(len(verdict.row))
    held[mask] = left_out(verdict.reader.judge, verdict.row[mask])  # what is skipped is as if it were not there
    return held


@lru_cache(maxsize=256)
def left_of(verdict: Verdict, word: int) -> Array | None:
    """Return how far a word moves the log-odds when it is read and after each later word, (words + 1,), NaN before it.

    None for a word that was not read.
    """
    if word not in verdict.read:
        return None
    at = verdict.read.index(word)
    left = np.full(len(verdict.text.words) + 1, np.nan)
    # A score stands after its token, and what is left of the word begins with the score after it.
    left[word + 1 :] = left_behind(verdict.reading, at)[verdict.places[word + 1 :] - at - 1]
    return left


@lru_cache(maxsize=32)
def _of_run(run_id: str, epoch: int, _sequence: int) -> Reader:
    # What a training has kept does not change: it is not read again at every step.
    return run_reader(run_id, epoch)
