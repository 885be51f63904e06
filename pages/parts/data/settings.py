"""What the data page is set to: which review, how it is numbered, padded and cut, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pages.common.language import language
from pages.common.link import Choice, Number, Parameter, Problems, Switch, Text
from pages.common.predict import ASK
from pages.common.settings import Owner
from pages.elements.transport import SPEED
from rnn_core.cells.registry import CELLS
from rnn_core.tasks.corpus import REVIEWS
from rnn_core.tasks.padding import ENDS

PAGE = "data"
STATIONS = 4
LONGEST = 6000  # characters of a typed text


LONG_REVIEW = 4  # of IMDB's, the first that is longer than the 500 tokens that are kept of it at first


class Range(NamedTuple):
    """A number's default and its ends."""

    default: int
    low: int
    high: int
    step: int


#: Where the reviews come from, with what of maxlen and num_words is sensible there.
SOURCES: dict[str, tuple[Range, Range]] = {
    "small_reviews": (Range(12, 1, 60, 1), Range(100, 10, 150, 5)),
    "small_reviews_zh": (Range(12, 1, 60, 1), Range(100, 10, 150, 5)),
    "imdb": (Range(500, 10, 800, 10), Range(10_000, 500, 20_000, 500)),
    "typed": (Range(50, 1, 800, 1), Range(10_000, 500, 20_000, 500)),
}


#: The small reviews of each language of the pages.
SMALL = {"en": "small_reviews", "zh": "small_reviews_zh"}


class _Source(Choice):
    """Where the reviews come from: by default they are in the visitor's own language."""

    def __init__(self) -> None:
        object.__setattr__(self, "name", "source")
        object.__setattr__(self, "options", tuple(SOURCES))

    @property
    def default(self) -> str:  # type: ignore[override]
        return SMALL[language()]


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link.

    Attributes:
        source: one of SOURCES.
        text: what was typed, if it is that which is read.
        review: which of the corpus' reviews, from 1.
        maxlen, num_words, padding, truncating, mask: as in Keras.
        cell: whose state is seen to drift.
        token: the one whose way is told, the start being 0; -1 for none.
        t: the station.
    """

    source: str
    text: str
    review: int
    maxlen: int
    num_words: int
    padding: str
    truncating: str
    mask: bool
    cell: str
    token: int
    t: int
    speed: str
    ask: bool


def legible(raw: str) -> tuple[str, Problems]:
    """Return a text without what cannot be shown: control characters, lone surrogates, marks that turn a line round."""
    return " ".join("".join(c if c.isprintable() else " " for c in raw).split()), ()


def _parameters(source: str) -> Sequence[Parameter]:
    maxlen, num_words = SOURCES[source]
    return (
        Text("text", longest=LONGEST, mend=legible),
        Number("review", LONG_REVIEW if source == "imdb" else 1, 1, REVIEWS),
        Number("maxlen", maxlen.default, maxlen.low, maxlen.high),
        Number("num_words", num_words.default, num_words.low, num_words.high),
        Choice("padding", "pre", ENDS),
        Choice("truncating", "pre", ENDS),
        Switch("mask", False),
        Choice("cell", "simple_rnn", tuple(CELLS)),
        Number("token", -1, -1, LONGEST),
        Number("t", 0, 0, STATIONS),
        SPEED,
        ASK,
    )


SET = Owner(PAGE, Settings, _parameters, base=_Source())
current = SET.current


def of_source(source: str) -> dict[str, Any]:
    """Return what another source sets: the numbers that are sensible there."""
    start = SET.defaults(source)
    return {"source": source, "review": start.review, "maxlen": start.maxlen, "num_words": start.num_words, "token": -1}
