"""Short sequences to read: a pulse, a sine, a few words, or numbers typed by hand."""

from __future__ import annotations

import math
import unicodedata
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

import numpy as np

from rnn_core.errors import VisitorError

LARGEST = 1e30
WORD_FEATURES = 3


class TypedNumberError(VisitorError):
    """What somebody typed in a table is no number to compute with; `where` says in which of its cells."""

    SENTENCES: ClassVar = {
        "blank": "{where} is blank. Type a number, 0 for nothing.",
        "not_a_number": "{where} is not a number. Type one such as 0.5 or -2.",
        "not_finite": "{where} is not a finite number; nothing can be computed with it.",
        "too_large": "{where} is too large. Type a number below 1e30.",
    }


def pulse(timesteps: int) -> np.ndarray:
    """One 1, then zeros, (timesteps, 1): what is seen later can only come from memory.

    >>> pulse(3)[:, 0]
    array([1., 0., 0.])
    """
    sequence = np.zeros((timesteps, 1))
    sequence[0] = 1
    return sequence


def sine(timesteps: int, period: int = 12) -> np.ndarray:
    """A wave that begins at its crest, (timesteps, 1)."""
    return np.cos(2 * np.pi * np.arange(timesteps) / period)[:, np.newaxis]


def split_words(text: str, most: int) -> list[str]:
    """The words of a text, at most `most`; in Chinese its characters, unless spaces already part it into words.

    >>> split_words("not bad", 9), split_words("我爱你", 2)
    (['not', 'bad'], ['我', '爱'])
    """
    pieces = text.split()
    parted = any(_is_wide(before[-1]) and _is_wide(after[0]) for before, after in pairwise(pieces))
    words: list[str] = []
    for piece in pieces:
        run = ""
        for character in piece:
            if _is_wide(character) and not parted:
                words += [run, character] if run else [character]
                run = ""
            elif character.isprintable():
                run += character
        words += [run] if run else []
    return words[:most]


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def word_vectors(words: Sequence[str]) -> np.ndarray:
    """Three numbers in [-1, 1) for each word, (timesteps, 3); the same word always has the same.

    They stand in for an embedding that nobody has trained yet.
    """
    return np.stack(
        [np.random.default_rng(zlib.crc32(w.lower().encode())).uniform(-1, 1, WORD_FEATURES) for w in words]
    )


def typed_number(text: object, where: str = "The cell") -> float:
    """Read what somebody typed into a table's cell, which `where` names.

    >>> typed_number(" −0.5 ")
    -0.5

    Raises:
        TypedNumberError: "blank", "not_a_number", "not_finite" or "too_large".
    """
    typed = "" if text is None else str(text).strip().replace("−", "-")
    if not typed or typed == "None":
        raise TypedNumberError("blank", where=where)
    try:
        value = float(typed)
    except ValueError:
        raise TypedNumberError("not_a_number", where=where) from None
    if not math.isfinite(value):
        raise TypedNumberError("not_finite", where=where)
    if abs(value) > LARGEST:
        raise TypedNumberError("too_large", where=where)
    return value
