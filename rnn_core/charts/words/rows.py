"""Where the words of a text stand: in one row or a few, each below its own piece of the curve, or in many below one."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.charts import scene as s

WIDTH = 840.0
START, END = 76.0, WIDTH - 4  # left of it stands an axis
GAP = 4.0
LARGE, SMALL = 17.0, 15.0  # of the words, in px
MOST_STAVES = 3  # a text of more rows has one curve, above all of them
WIDEST = 1.8  # so much room beyond its own width may a word take, for a short text to fill its row

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """Where each word stands in its row.

    Attributes:
        rows: of each row the words, as a range.
        lefts, widths: of each word.
        aligned: whether each word stands below its own place in the curve; there are few rows then.
    """

    rows: tuple[range, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    aligned: bool

    @property
    def staves(self) -> tuple[range, ...]:
        """The words that share a curve: a row's, or all."""
        return self.rows if self.aligned else (range(len(self.lefts)),)

    @property
    def size(self) -> float:
        """Of the words, in px."""
        return LARGE if self.aligned else SMALL

    @property
    def high(self) -> float:
        """Of a row of words."""
        return 32.0 if self.aligned else 26.0

    def x(self, word: int) -> float:
        """Where a word's place in its curve is, counted from 0; -1 is before the first word."""
        if not self.aligned:
            return START + (END - START) * (word + 1) / max(len(self.lefts), 1)
        return START if word < 0 else self.lefts[word] + self.widths[word] / 2


@dataclass(frozen=True)
class Plot:
    """Where the curves above some of the words stand."""

    places: Layout
    words: range
    y: float
    high: float

    def points(self, values: np.ndarray) -> np.ndarray:
        """Where a curve goes, (points, 2): its shares (words + 1,) before the first of these words and after each."""
        part = values[self.words.start : self.words.stop + 1]
        points = np.column_stack([self.xs, self.y + self.high * (1 - part)])
        return points[np.isfinite(part)]

    @cached_property
    def xs(self) -> np.ndarray:
        """Where the first of these words begins, and where each has its place."""
        return np.array([START if self.places.aligned else self.places.x(-1), *map(self.places.x, self.words)])

    def place(self, at: int, value: float) -> tuple[float, float]:
        """Where a share stands after `at` words."""
        x = START if at == self.words.start and self.places.aligned else self.places.x(at - 1)
        return x, self.y + self.high * (1 - value)


def line(points: np.ndarray) -> str:
    """A line through these points, (points, 2), as an SVG path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) if len(points) > 1 else ""


def layout(words: Sequence[str]) -> Layout:
    """Fill rows with words from left to right; few rows are equally long, and as wide as the picture."""
    widths = _widths(words, LARGE)
    rows = _rows(widths, END - START)
    aligned = len(rows) <= MOST_STAVES
    if not aligned:
        widths = _widths(words, SMALL)
        rows = _rows(widths, END - START)
    else:
        even = (sum(widths) + GAP * len(widths)) / len(rows)
        limits = np.arange(max(even, max(widths, default=0.0)), END - START, 8.0)
        rows = next((found for limit in limits if len(found := _rows(widths, float(limit))) == len(rows)), rows)
        longest = max(sum(widths[i] for i in row) for row in rows)
        room = END - START - GAP * max(map(len, rows))
        widths = [wide * min(max(room / max(longest, 1.0), 1.0), WIDEST) for wide in widths]
    lefts = [START + sum(widths[row.start : i]) + GAP * (i - row.start) for row in rows for i in row]
    return Layout(tuple(rows), tuple(lefts), tuple(widths), aligned)


def _widths(words: Sequence[str], size: float) -> list[float]:
    return [min(_width(word, size) + 10.0, END - START) for word in words]


def _rows(widths: Sequence[float], limit: float) -> list[range]:
    rows, first, x = [], 0, 0.0
    for i, wide in enumerate(widths):
        if i > first and x + wide > limit:
            rows.append(range(first, i))
            first, x = i, 0.0
        x += wide + GAP
    return [*rows, range(first, len(widths))]


def _width(word: str, size: float) -> float:
    """About how wide a word is drawn; rather too wide than too narrow."""
    em = 0.0
    for char in word:
        if unicodedata.east_asian_width(char) in "WF":
            em += 1.05
        elif unicodedata.category(char)[0] != "M":
            em += 0.34 if char in "iljtfr.,'!|: " else 0.86 if char in "mwMW@%" else 0.58
    return em * size


def carried(before: ArrayLike, old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    """Lay the numbers of a text before an edit beside the words after it.

    Args:
        before: one before the first of the old words and one after each, (old words + 1,).
        old, new: the words before and after the edit.

    Returns:
        (new words + 1,), NaN at words that had no counterpart.

    >>> carried([0.5, 0.6, 0.7], ["is", "good"], ["is", "not", "good"]).tolist()
    [0.5, 0.6, nan, 0.7]
    """
    numbers, beside = np.asarray(before, np.float64), np.full(len(new) + 1, np.nan)
    beside[0] = numbers[0]
    for kind, i, i_end, j, j_end in _edits(tuple(old), tuple(new)):
        if kind == "equal" or (kind == "replace" and i_end - i == j_end - j):
            beside[j + 1 : j_end + 1] = numbers[i + 1 : i_end + 1]
    return beside


@lru_cache(maxsize=16)
def _edits(old: tuple[str, ...], new: tuple[str, ...]) -> Sequence[tuple[str, int, int, int, int]]:
    # They are the same for the curve of every network, and for each word that is stepped to.
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


@dataclass(frozen=True)
class Text:
    """The words of a text and how each is to look.

    Attributes:
        words: in their order.
        shades: of each word, from -1 to 1; 0 is the ground's own tint.
        tips: what stands under the pointer on each.
        at: how many words have been read: the last of them is framed.
        unknown: words that the network does not know; they have a dashed outline.
        cut: words that were cut away before it was read; they are struck through.
    """

    words: Sequence[str]
    shades: Sequence[float]
    tips: Sequence[str]
    at: int
    unknown: Collection[int] = ()
    cut: Collection[int] = ()


def draw_row(text: Text, places: Layout, row: range, y: float) -> Iterator[s.Mark]:
    """Draw one row of words; a click on one picks "word:7", counted from 0."""
    middle = y + places.high / 2
    for i in row:
        outside = i in text.unknown or i in text.cut
        c = "clear unknown" if i in text.unknown else "clear" if outside else ""
        shade = None if outside else text.shades[i]
        yield s.rect(places.lefts[i], y, places.widths[i], places.high - 4, r=5, v=shade, c=c, tip=text.tips[i],
                     pick=f"word:{i}")  # fmt: skip
        yield s.text(places.lefts[i] + places.widths[i] / 2, middle + 0.18 * places.size, text.words[i], a="middle",
                     z=places.size, on=shade, c="quiet" if outside else "")  # fmt: skip
    struck = (f"M{places.lefts[i] + 2:.1f} {middle - 1:.1f}h{places.widths[i] - 4:.1f}" for i in row if i in text.cut)
    yield s.path("".join(struck), w=1.5)
    here = text.at - 1
    if here in row:
        frame = s.Box(places.lefts[here] - 1, y - 1, places.widths[here] + 2, places.high - 2)
        yield s.rect(*frame, r=6, c="clear under lit-edge thick")
    else:
        yield s.rect(0, 0, 0, 0, c="clear")
