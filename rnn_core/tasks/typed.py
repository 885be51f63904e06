"""From what somebody types to the tokens that a network reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnn_core.errors import Told

#: A text is read up to here, and a word is shown up to here.
MOST_WORDS, LONGEST_WORD = 1000, 40

Kind = Literal["word", "han", "mark", "sign", "space"]
_JOINERS = "\u200d\ufe0e\ufe0f"  # what joins several emoji into one


class TextRemark(Told):
    """What somebody who has typed a text should know about it."""

    SENTENCES: ClassVar = {
        "no_words": "There is no word here yet. Type a review, or choose one.",
        "none_known": "The network knows none of these words: it has nothing to go by.",
        "left_out": "The network has never seen some of these words and does not read them: {words}.",
        "all_one": "Some words are too rare for the network. It reads one and the same token for each: {words}.",
        "text_cut": "Only the first {kept} words are read; what follows is left out.",
    }


@dataclass(frozen=True, eq=False)
class Typed:
    """A text as people read it, and as a network does.

    Attributes:
        words: of the text, in their order, unknown ones too; punctuation only where the network knows it.
        tokens: what the network reads, int32.
        read: for each token which of `words` it is, counted from 0; -1 for the token in front of every text.
        unknown: which of `words` are not in the vocabulary.
        cut: whether the text goes on after the last of `words`.
        remarks: what should be said about it.
    """

    words: tuple[str, ...]
    tokens: NDArray[np.int32]
    read: tuple[int, ...]
    unknown: frozenset[int]
    cut: bool
    remarks: tuple[TextRemark, ...]


def typed(
    text: str, symbols: Sequence[str], *, start: int | None = None, rare: int | None = None, most: int = MOST_WORDS
) -> Typed:
    """Split a text into the words of a vocabulary.

    In lower case, a punctuation mark as a word of its own if the vocabulary has it, or else not at all. Chinese is
    split where the longest word of the vocabulary ends. "isn't" becomes "is not" where only these two are known.

    Args:
        text: anything: what cannot be shown becomes "�", control characters become spaces.
        symbols: the word of each token; token 0, and what stands in [brackets], is no word.
        start: token in front of every text.
        rare: token read instead of any unknown word; without one they are left out.
        most: so many words are read.

    >>> symbols = ("·", ",", "good", "is", "not", "电影", "不")
    >>> typed("Isn't GOOD, really!", symbols).words, typed("电影不good", symbols).tokens.tolist()
    (('is', 'not', 'good', ',', 'really'), [5, 6, 2])
    """
    vocabulary = _vocabulary(tuple(symbols))
    room = 60 * most  # characters that are looked at; words are shorter
    stripped = text.strip()
    words: list[str] = []
    for word in _words(_plain(stripped[:room]), vocabulary):
        words.append(word)
        if len(words) > most:
            break
    cut = len(words) > most or len(stripped) > room
    del words[most:]
    unknown = frozenset(i for i, word in enumerate(words) if word not in vocabulary)
    read = [i for i in range(len(words)) if rare is not None or i not in unknown]
    tokens = [vocabulary.get(words[i], rare) for i in read]
    if start is not None:
        read, tokens = [-1, *read], [start, *tokens]
    shown = tuple(word if len(word) <= LONGEST_WORD else word[: LONGEST_WORD - 1] + "…" for word in words)
    remarks = tuple(_remarks(shown, unknown, cut, rare is None))
    return Typed(shown, np.array(tokens, np.int32), tuple(read), unknown, cut, remarks)


def _remarks(words: Sequence[str], unknown: frozenset[int], cut: bool, left_out: bool) -> Iterator[TextRemark]:
    if cut:
        yield TextRemark("text_cut", kept=len(words))
    named = list(dict.fromkeys(words[i] for i in sorted(unknown)))
    some = ", ".join(named[:8]) + (" …" if len(named) > 8 else "")
    if not words:
        yield TextRemark("no_words")
    elif len(unknown) == len(words):
        yield TextRemark("none_known")
    elif unknown:
        yield TextRemark("left_out" if left_out else "all_one", words=some)


@lru_cache(maxsize=8)
def _vocabulary(symbols: tuple[str, ...]) -> Mapping[str, int]:
    """The token of each word that can be typed."""
    return {word: i for i, word in enumerate(symbols) if i > 0 and not (len(word) > 2 and word.startswith("["))}


def _plain(text: str) -> str:
    """The text in lower case, wide letters as plain ones; what is no character of a text replaced."""
    text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).lower()).replace("\u2019", "'")


def _kind(char: str) -> Kind:
    category = unicodedata.category(char)
    if "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff":
        return "han"
    if char in _JOINERS or category in ("So", "Sk", "Co", "Cn"):
        return "sign"
    if category[0] in "LMN" or char == "'":
        return "word"
    return "mark" if category[0] in "PS" else "space"


def _words(text: str, vocabulary: Mapping[str, int]) -> Iterator[str]:
    # What is not to be seen, such as marks that turn the direction of writing, is none of the text.
    seen = (char for char in text if unicodedata.category(char) != "Cf" or char in _JOINERS)
    for kind, run in groupby(seen, _kind):
        found = "".join(run)
        if kind == "han":
            yield from _segmented(found, vocabulary)
        elif kind == "word":
            yield from _contracted(found.strip("'"), vocabulary)
        elif kind == "sign" and (sign := found.strip(_JOINERS)):
            yield sign
        elif kind == "mark":
            yield from (known for mark in found if (known := _mark(mark, vocabulary)))


def _mark(mark: str, vocabulary: Mapping[str, int]) -> str | None:
    """A punctuation mark as the vocabulary has it, wide or narrow."""
    wide = chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark
    return next((known for known in (mark, wide) if known in vocabulary), None)


def _contracted(word: str, vocabulary: Mapping[str, int]) -> Iterator[str]:
    """A word, or the two that were drawn together into one."""
    if word.endswith("n't") and word not in vocabulary and "not" in vocabulary:
        verb = {"can't": "can", "won't": "will", "shan't": "shall"}.get(word, word.removesuffix("n't"))
        if verb in vocabulary:
            yield from (verb, "not")
            return
    if word:
        yield word


def _segmented(run: str, vocabulary: Mapping[str, int]) -> Iterator[str]:
    """Chinese, which has no spaces: at each place the longest known word; what is unknown in between is one word."""
    longest = max(map(len, vocabulary), default=1)
    place = begun = 0
    while place < len(run):
        sizes = range(min(longest, len(run) - place), 0, -1)
        size = next((size for size in sizes if run[place : place + size] in vocabulary), 0)
        if size:
            if begun < place:
                yield run[begun:place]
            yield run[place : place + size]
            begun = place + size
        place += size or 1
    if begun < place:
        yield run[begun:place]
