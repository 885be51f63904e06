"""A corpus as one looks at it before a training: some reviews, how long all are, how often each word occurs.

What has to be known of all reviews is counted once; how many reviews a length cuts is then a look into a table. Of IMDB
the counts are kept in a file beside the converted reviews.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from rnn_core.errors import Told

from . import imdb, imdb_file, small_reviews, small_reviews_zh
from .imdb import INDEX_FROM
from .journey import WORD, chinese

REVIEWS = 20  # so many can be looked at
SMALL = 2000  # so many small reviews are counted
GENERATED = {"small_reviews": small_reviews, "small_reviews_zh": small_reviews_zh}
COUNTS_VERSION = 1


class Counting(Told):
    """What there is to say of IMDB while it cannot be looked at."""

    SENTENCES: ClassVar = {
        "counting": "The IMDB reviews are being read in, once, for up to a minute, and will appear here by themselves; "
        "until then here are small reviews.",
        "not_counted": "The IMDB reviews could not be read in; here are small reviews.",
    }


@dataclass(frozen=True, eq=False)
class Corpus:
    """What is known of a corpus.

    Attributes:
        rank: of each word by frequency, from 1.
        reviews: some of them, as words.
        of_length: how many reviews have so many tokens, the start among them; int64 (longest + 1,).
        pattern: a word of a text, as a regular expression.
        of_rank: how often the word of each rank occurs; int64 (words + 1,), the first is 0.
    """

    rank: Mapping[str, int]
    reviews: Sequence[tuple[str, ...]]
    of_length: np.ndarray
    of_rank: np.ndarray
    pattern: str = WORD

    @property
    def longest(self) -> int:
        return len(self.of_length) - 1

    @property
    def size(self) -> int:
        """How many reviews there are."""
        return int(self._up_to[-1])

    @cached_property
    def _up_to(self) -> np.ndarray:
        return np.cumsum(self.of_length)

    @cached_property
    def _lost(self) -> np.ndarray:
        """How many tokens each maxlen loses: with one less, each review that is longer loses one more."""
        longer = self.size - self._up_to
        return np.append(np.cumsum(longer[::-1])[::-1], 0)

    @cached_property
    def _rare(self) -> np.ndarray:
        """How many words are of a rank or a rarer one."""
        return np.append(np.cumsum(self.of_rank[::-1])[::-1], 0)

    def reviews_cut(self, maxlen: int) -> float:
        """The share of reviews that are longer than `maxlen`."""
        return 1 - int(self._up_to[min(maxlen, self.longest)]) / self.size

    def tokens_cut(self, maxlen: int) -> float:
        """The share of all tokens that are cut away."""
        return int(self._lost[min(maxlen, self.longest + 1)]) / int(self._lost[0])

    def words_unknown(self, num_words: int) -> float:
        """The share of all words whose index is not below `num_words`."""
        first = min(max(num_words - INDEX_FROM, 1), len(self.of_rank))
        return int(self._rare[first]) / max(int(self._rare[0]), 1)


@lru_cache(maxsize=len(GENERATED))
def generated(task: str) -> Corpus:
    """Return the corpus of a task that is generated: 2,000 of its reviews, their words ranked as they occur in them."""
    source = GENERATED[task]
    x, *_rest = source.generate(SMALL, 0, 64, 0)
    reviews = [tuple(source.SYMBOLS[token] for token in row if token) for row in x]
    counted = Counter(word for review in reviews for word in review)
    # As often: in the order of the alphabet.
    ranked = sorted(counted, key=lambda word: (-counted[word], word))
    of_rank = np.array([0, *(counted[word] for word in ranked)], "int64")
    lengths = np.bincount([len(review) + 1 for review in reviews])
    # Every second one is the last one's twin, of the same words.
    pattern = f",|{WORD}" if task == "small_reviews" else chinese(ranked)
    rank = {word: rank for rank, word in enumerate(ranked, 1)}
    return Corpus(rank, reviews[: 2 * REVIEWS : 2], lengths, of_rank, pattern)


def imdb_ready() -> bool:
    """Whether IMDB's corpus can be had at once."""
    found = imdb.available()
    return found.usable and found.words and (found.ready or _has_counts())


def _has_counts() -> bool:
    try:
        return _counts_path().is_file()
    except (imdb_file.TaskError, OSError):
        return False


def imdb_corpus() -> Corpus:
    """Return the corpus of Keras' IMDB training set; its first reviews in Keras' order.

    Where nothing has been counted yet, the reviews are read, which may take some seconds; see imdb_file.read().

    Raises:
        TaskError: the reviews or the word index cannot be had.
    """
    path = imdb_file.find()
    return _imdb(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _imdb(_path: Path, _changed: int) -> Corpus:
    counts = _read_counts()
    if counts is None:
        counts = _count()
        _write_counts(counts)
    rank = imdb_file.word_index()
    wanted = set(counts["tokens"].tolist())
    word_of = {number: word for word, number in rank.items() if number in wanted}
    ends = counts["ends"]
    tokens = np.split(counts["tokens"], ends[:-1])
    reviews = [tuple(word_of.get(int(token), "?") for token in review) for review in tokens]
    return Corpus(rank, reviews, counts["of_length"], counts["of_rank"])


def prepare_imdb() -> None:
    """Fetch IMDB's reviews if need be, and count them. For workers: may import Keras.

    Raises:
        TaskError: as imdb.download() and imdb_file.read().
    """
    imdb.download()
    _write_counts(_count())


def _count() -> dict[str, np.ndarray]:
    (raw, _test) = imdb.load_data(num_words=np.iinfo("int32").max)
    lengths = np.diff(raw.offsets)
    first = [raw[i][1:] - INDEX_FROM for i in range(min(REVIEWS, len(raw)))]
    starts = raw.offsets[:-1]
    words = np.bincount(np.delete(raw.values, starts) - INDEX_FROM)
    return {
        "of_length": np.bincount(lengths), "of_rank": words, "tokens": np.concatenate(first),
        "ends": np.cumsum([len(review) for review in first]),
    }  # fmt: skip


def _counts_path() -> Path:
    cache = imdb_file.cache_path(imdb_file.find())
    return cache.with_name(f"{cache.stem}-counts-{COUNTS_VERSION}.npz")


def _read_counts() -> dict[str, np.ndarray] | None:
    # Counts that cannot be read are no misfortune: it is counted anew.
    unreadable = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
    with contextlib.suppress(*unreadable), np.load(_counts_path(), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in ("of_length", "of_rank", "tokens", "ends")}
    return None


def _write_counts(counts: dict[str, np.ndarray]) -> None:
    """Write beside it and rename, so that whoever reads at the same time finds a whole file or none."""
    with contextlib.suppress(OSError):  # what cannot be written is counted anew
        path = _counts_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, suffix=".partial")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **counts)  # type: ignore[arg-type]
        os.replace(partial, path)
