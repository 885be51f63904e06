"""How a text becomes what a network gets: words, indices, a row of one length, vectors.

As Keras' IMDB data are made: every word has a rank by frequency, from 1; its index is the rank raised by 3, to leave
room for 0 padding, 1 the start of a review and 2 a word that is unknown or too rare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .imdb import INDEX_FROM, START, UNKNOWN
from .padding import PADDING, End, pad

FEATURES = 8  # numbers in a word's vector
LARGEST_TABLE = 100_000
SPREAD = 0.05  # an Embedding of Keras begins with uniform numbers between -0.05 and 0.05

# A word is whatever stands between spaces and punctuation; an apostrophe is part of it.
WORD = r"[^\s!-&(-/:-@\[-`{-~]+"


def chinese(words: Iterable[str]) -> str:
    """Return the pattern of Chinese words, which no spaces part: the longest of the known ones, else one character."""
    return "|".join([*map(re.escape, sorted(words, key=lambda word: (-len(word), word))), "[a-z0-9']+", "[^\\W_]"])


def split(text: str, pattern: str = WORD) -> list[str]:
    """Return the words of a text, in small letters.

    >>> split("It's bad, isn't it?"), split("bad, but short", f",|{WORD}"), split("剧情不好", chinese(["剧情", "不"]))
    (["it's", 'bad', "isn't", 'it'], ['bad', ',', 'but', 'short'], ['剧情', '不', '好'])
    """
    return re.findall(pattern, text.lower())


@dataclass(frozen=True, eq=False)
class Journey:
    """A text on its way.

    Attributes:
        words: of the text, (n - 1 of them).
        ranks: by frequency from 1, of each word; 0 if it is not in the table.
        indices: int32 (n,): the start, then each word's.
        row: int32 (maxlen,): padded and cut.
        padding, truncating: where the zeros go, and which end is cut away.
        num_words: an index that is not below it becomes UNKNOWN.
    """

    words: tuple[str, ...]
    ranks: tuple[int, ...]
    indices: np.ndarray
    row: np.ndarray
    padding: End
    truncating: End
    num_words: int

    @property
    def n(self) -> int:
        """How many tokens there are, with the start."""
        return len(self.indices)

    @property
    def maxlen(self) -> int:
        return len(self.row)

    @property
    def zeros(self) -> int:
        """How many zeros fill the row up."""
        return max(self.maxlen - self.n, 0)

    @property
    def cut(self) -> int:
        """How many tokens are cut away."""
        return max(self.n - self.maxlen, 0)

    @property
    def kept(self) -> range:
        """The tokens that stay, counted from 0, the start's number."""
        first = self.cut if self.truncating == "pre" else 0
        return range(first, first + min(self.n, self.maxlen))

    @property
    def unknown(self) -> int:
        """How many words become UNKNOWN."""
        return int((self.indices[1:] == UNKNOWN).sum())

    def place(self, token: int) -> int | None:
        """Where in the row a token stands, counted from 0; None if it is cut away."""
        if token not in self.kept:
            return None
        return token - self.kept.start + (self.zeros if self.padding == "pre" else 0)

    @property
    def is_padding(self) -> np.ndarray:
        """Which places of the row are filled up, bool (maxlen,)."""
        return self.row == PADDING


def encode(words: Sequence[str], rank: Mapping[str, int], num_words: int) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the rank of each word, 0 if it has none, and the indices of them all behind the start, int32."""
    ranks = tuple(rank.get(word, 0) for word in words)
    raised = np.array([START, *(rank + INDEX_FROM if rank else UNKNOWN for rank in ranks)], "int32")
    raised[raised >= num_words] = UNKNOWN
    return ranks, raised


def journey(
    words: Sequence[str],
    rank: Mapping[str, int],
    *,
    num_words: int,
    maxlen: int,
    padding: End = "pre",
    truncating: End = "pre",
) -> Journey:
    """Send words on their way.

    Args:
        words: of a text.
        rank: by frequency, from 1.
        num_words, maxlen, padding, truncating: as in `keras.datasets.imdb.load_data` and `keras.utils.pad_sequences`.
    """
    ranks, indices = encode(words, rank, num_words)
    row = pad([indices], maxlen, padding, truncating)[0]
    return Journey(tuple(words), ranks, indices, row, padding, truncating, num_words)


@lru_cache(maxsize=1)
def _table() -> np.ndarray:
    return np.random.default_rng(0).uniform(-SPREAD, SPREAD, (LARGEST_TABLE, FEATURES)).astype("float32")


def embedded(row: np.ndarray) -> np.ndarray:
    """Return the vectors of a row's indices as an Embedding has them before any training, float32 (maxlen, FEATURES).

    The same index always has the same vector, and 0 has one like any other.
    """
    return _table()[row]
