"""IMDB: is this film review positive or negative?

The data, their order and numbering are those of `keras.datasets.imdb.load_data(num_words=10000)`, cut and filled up
as `keras.utils.pad_sequences` does, without Keras.
"""

from collections.abc import Iterable

import numpy as np

from .dataset import TaskError
from .imdb_file import Reviews, available, download, read, word_index
from .padding import PADDING, End, pad

__all__ = [
    "PADDING",
    "START",
    "UNKNOWN",
    "available",
    "decode",
    "download",
    "generate",
    "load_data",
    "pad",
    "part",
    "symbols",
]

VOCABULARY = 10_000
START, UNKNOWN, INDEX_FROM = 1, 2, 3


def load_data(num_words: int = VOCABULARY) -> tuple[Reviews, Reviews]:
    """Training and test reviews as Keras' `load_data` returns them.

    Every word's rank is raised by 3 to leave room for 0 padding, 1 start of a review, 2 a word that is too rare:
    a token below `num_words` is kept. Both parts are shuffled with seed 113.

    Raises:
        TaskError: the data cannot be had; see imdb_file.read().
    """
    rng = np.random.RandomState(113)  # one generator for both parts, as in Keras
    train, test = (_as_keras(raw, _shuffled(len(raw), rng), num_words) for raw in (read("train"), read("test")))
    return train, test


def _shuffled(reviews: int, rng: np.random.RandomState) -> np.ndarray:
    order = np.arange(reviews)
    rng.shuffle(order)
    return order


def _as_keras(raw: Reviews, order: np.ndarray, num_words: int) -> Reviews:
    lengths = np.diff(raw.offsets)[order] + 1
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    # Every token's place in the file: its place in the review, counted from where the review begins.
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths) - 1 + np.repeat(raw.offsets[:-1][order], lengths)
    place[offsets[:-1]] = 0  # the start token's, which is no place; overwritten below
    values = (raw.values[place] + INDEX_FROM) if raw.values.size else np.zeros(offsets[-1], "int32")
    values[offsets[:-1]] = START
    values[values >= num_words] = UNKNOWN
    return Reviews(values, offsets, raw.labels[order])


def generate(
    train: int, validation: int, length: int, seed: int, padding: End = "pre", truncating: End = "pre"
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first reviews of Keras' training set, the last of them for validation.

    With 25,000 samples this is the article's `fit(..., validation_split=0.2)`.

    Args:
        train, validation: number of reviews.
        length: tokens kept of each.
        seed: without effect: the data and their order are fixed.
        padding, truncating: as in pad().

    Returns:
        x_train, y_train, x_val, y_val: int32 (reviews, length) and int32 (reviews,).

    Raises:
        TaskError: "imdb_too_many" (values samples, available), or the data cannot be had.
    """
    x, y = part(0, train + validation, length, padding, truncating)
    return x[:train], y[:train], x[train:], y[train:]


def part(
    first: int, end: int, length: int, padding: End = "pre", truncating: End = "pre"
) -> tuple[np.ndarray, np.ndarray]:
    """Reviews number `first` to `end`, without it, of Keras' training set: int32 (reviews, length) and (reviews,).

    Raises:
        TaskError: as generate().
    """
    raw = read("train")
    if end > len(raw):
        raise TaskError("imdb_too_many", samples=end, available=len(raw))
    reviews = _as_keras(raw, _shuffled(len(raw), np.random.RandomState(113))[first:end], VOCABULARY)
    x = pad((reviews[i] for i in range(end - first)), length, padding, truncating)
    return x, reviews.labels.astype("int32")


def symbols(num_words: int = VOCABULARY) -> tuple[str, ...]:
    """The word of each token below `num_words`.

    Raises:
        TaskError: "imdb_missing", "imdb_no_file", … if the word index is not there, "imdb_unreadable" if it is none.
    """
    names = ["·", "[start]", "[rare]", "[unused]"] + ["[unused]"] * max(0, num_words - 4)
    for word, rank in word_index().items():
        if 0 < rank < num_words - INDEX_FROM:
            names[rank + INDEX_FROM] = word
    return tuple(names[:num_words])


def decode(tokens: Iterable[int]) -> list[str]:
    """A review's tokens as words, without the padding.

    Raises:
        TaskError: as symbols().
    """
    names = symbols()
    return [names[token] for token in tokens if token != PADDING]
