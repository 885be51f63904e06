"""Networks that judge reviews, and the row of tokens that one of them reads for a text; for all pages alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from pages.common.opened import Lapse, lapse_of, open_network
from rnn_core import tasks
from rnn_core.cells.weights import Array
from rnn_core.models.network import Network
from rnn_core.models.review_networks import review_networks
from rnn_core.models.trained import NotANetwork
from rnn_core.models.verdict import Judge, judge_from_arrays
from rnn_core.tasks import imdb
from rnn_core.tasks.padding import pad
from rnn_core.tasks.typed import Typed, typed
from rnn_core.training.kept import nearest

#: So many words are read at most, and so many characters of a text.
WORDS, CHARACTERS = 500, 6000
CORPORA = ("en", "zh")


def symbols_of(task: str) -> tuple[str, ...]:
    """Return the word of each token of a task on reviews."""
    return imdb.symbols() if task == "imdb" else tasks.TASKS[task].symbols


@lru_cache(maxsize=64)
def _typed(text: str, task: str) -> Typed:
    # Several networks of the same task read the same text.
    special = {"start": imdb.START, "rare": imdb.UNKNOWN} if task == "imdb" else {}
    return typed(text, symbols_of(task), most=WORDS, **special)


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
    architecture: Network = field(compare=False)
    data: tasks.Data = field(compare=False)
    judge: Judge = field(compare=False)
    lapse: Lapse = field(compare=False)


@lru_cache(maxsize=96)
def shipped_reader(corpus: str, name: str, wanted: int) -> Reader:
    """Return a network that comes with the project, after the kept epoch nearest to the one wanted."""
    network = review_networks(corpus)[name]
    epoch = nearest(network.epochs, wanted)
    lapse = Lapse(network.epochs, epoch, measured=dict(zip(network.epochs, network.accuracies, strict=True)))
    return Reader(f"{corpus}:{name}:{epoch}", network.network, network.data, network.at(epoch), lapse)


def run_reader(run_id: str, epoch: int) -> Reader:
    """Return the network of a training.

    Raises:
        NotANetwork: "no_reviews", or as `open_network`; StoreError, TaskError: it cannot be had.
    """
    opened = open_network(run_id, epoch, judge_from_arrays)
    spec = opened.run.spec
    if not tasks.TASKS[spec.task].reviews:
        raise NotANetwork("no_reviews")
    reader = Reader(f"{run_id}:{opened.epoch}", spec.network, spec.data, opened.trained, lapse_of(opened))
    symbols_of(spec.task)  # or it tells that the words cannot be had
    return reader


@dataclass(frozen=True, eq=False)
class Row:
    """A text as a network reads it.

    Attributes:
        text: in words.
        tokens: filled up and cut, (timesteps,).
        read: for each token the word that it is; -1 for what is none.
    """

    text: Typed
    tokens: Array
    read: tuple[int, ...]


def row_of(reader: Reader, text: str, whole: bool) -> Row:
    """Return what a network reads of a text.

    Args:
        reader: the network.
        text: anything that was typed.
        whole: whether a text longer than those of the training is read to its end, or cut as they were.
    """
    words, data = _typed(text, reader.architecture.task), reader.data
    length = max(data.length, len(words.tokens)) if whole else data.length
    tokens = pad([words.tokens], length, data.padding, data.truncating)[0]
    places = pad([np.array(words.read, np.int64) + 1], length, data.padding, data.truncating)[0]
    return Row(words, tokens, tuple((places - 1).tolist()))
