"""A text on its way to a network: words, indices, a row of one length, vectors, one column for each token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from rnn_core.charts import scene as s
from rnn_core.charts.data.places import Stretch, columns

WIDTH, LEFT = 1180.0, 176.0
MOST, WIDEST = 22, 60.0
TALL = 28.0
HEAT = 48.0
# Where the lanes stand, each below the line of code that leads to it; before the first one stands the text.
CODE = (2.0, 78.0, 136.0, 194.0)
WORDS, INDICES, ROW, VECTORS = 26.0, 104.0, 162.0, 220.0
SCALE = VECTORS + HEAT + 9
HEIGHT = SCALE + 24

Labels = Mapping[str, str]


class Prepared(Protocol):
    """What the picture needs to know of a text on its way; see tasks.journey.Journey."""

    @property
    def words(self) -> Sequence[str]: ...
    @property
    def indices(self) -> np.ndarray: ...
    @property
    def row(self) -> np.ndarray: ...
    @property
    def n(self) -> int: ...
    @property
    def maxlen(self) -> int: ...
    @property
    def zeros(self) -> int: ...
    @property
    def cut(self) -> int: ...
    @property
    def kept(self) -> range: ...
    @property
    def padding(self) -> str: ...


@dataclass(frozen=True, eq=False)
class _Way:
    """The picture's columns: all places of the row, and the tokens that are cut away beside it."""

    prepared: Prepared
    station: int
    opened: int | None

    @property
    def total(self) -> int:
        return max(self.prepared.n, self.prepared.maxlen)

    @property
    def ahead(self) -> int:
        """How many zeros stand before the first token."""
        return self.prepared.zeros if self.prepared.padding == "pre" else 0

    @property
    def in_row(self) -> range:
        """The places that are the row's."""
        first = self.prepared.kept.start if self.prepared.cut else 0
        return range(first, first + self.prepared.maxlen)

    def token(self, place: int) -> int | None:
        """Which token stands at a place; None if it is one of the zeros."""
        token = place - self.ahead
        return token if 0 <= token < self.prepared.n else None

    def is_cut(self, place: int) -> bool:
        return place not in self.in_row

    @cached_property
    def columns(self) -> list[Stretch]:
        """The columns; the text's ends, the row's ends and the opened one are among them.

        Which one is opened changes nothing as long as it has a column of its own: what was clicked stays where it is.
        """
        first, last = self.ahead, self.ahead + self.prepared.n - 1
        matter = {first, last, self.in_row.start, self.in_row.stop - 1}
        found = columns(self.total, matter, MOST)
        if self.opened is None or Stretch(self.ahead + self.opened, 1) in found:
            return found
        return columns(self.total, matter | {self.ahead + self.opened}, MOST)

    @property
    def wide(self) -> float:
        return min((WIDTH - LEFT) / len(self.columns), WIDEST)

    def x(self, column: int) -> float:
        return LEFT + column * self.wide


def journey_scene(
    *, prepared: Prepared, vectors: np.ndarray, station: int, text: str, code: Sequence[str], labels: Labels,
    scale: float, opened: int | None = None,
) -> s.Scene:  # fmt: skip
    """Draw the journey; a click on a token picks "token:3", the start being token 0.

    Args:
        prepared: the text on its way.
        vectors: (maxlen, features), what the row becomes.
        station: how far it has come: 0 the text, 1 words, 2 indices, 3 the row, 4 vectors.
        text: as it was written.
        code: the line that leads to each station.
        labels: text, words, indices, row, vectors, scale, number, feature, start, open (with
            {word}), cut, kept and zeros (with {n}), alt.
        scale: the size of a number that has the full colour.
        opened: the token whose way is marked.
    """
    way = _Way(prepared, station, opened)
    marks: list[s.Mark] = list(_opened(way))
    marks.append(s.text(0, 18, labels["text"] if station == 0 else "", z=17, c="strong"))
    marks.append(s.text(LEFT, 18, _short(text, 112) if station == 0 else "", z=17))
    for number, line in enumerate(code, 1):
        lit = number == station
        marks.append(s.rect(LEFT - 8, CODE[number - 1], WIDTH - LEFT + 8, 22, r=5, c="marked" if lit else "clear"))
        look = "strong" if lit else "quiet" if number < station else "quiet future"
        shown = "" if station == 0 and number == 1 else _short(line, 110)  # there stands the text
        marks.append(s.text(LEFT, CODE[number - 1] + 16, shown, z=15, c=f"mono {look}", tip=line))
    marks += _names(way, labels, vectors.shape[1])
    for number, stretch in enumerate(way.columns):
        marks += _column(way, number, stretch, labels)
    marks += _vectors(way, vectors, labels, scale)
    marks += _to_scale(way, labels)
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _names(way: _Way, labels: Labels, features: int) -> Iterator[s.Mark]:
    """What stands in each lane, and its shape."""
    prepared = way.prepared
    lanes = [
        ("words", WORDS + 30, f"({len(prepared.words)},)"), ("indices", INDICES + 19, f"({prepared.n},)"),
        ("row", ROW + 19, f"(1, {prepared.maxlen})"), ("vectors", VECTORS + 20, ""),
    ]  # fmt: skip
    for number, (name, y, shape) in enumerate(lanes, 1):
        phase = "strong" if number == way.station else "" if number < way.station else "future"
        yield s.text(0, y, labels[name], z=17, c=phase)
        yield s.text(LEFT - 14, y, shape, a="end", z=15, c=f"mono state {phase}")
    phase = "strong" if way.station == 4 else "future"
    yield s.text(0, VECTORS + 44, f"(1, {prepared.maxlen}, {features})", z=15, c=f"mono state {phase}")


def _opened(way: _Way) -> Iterator[s.Mark]:
    """The column of the token whose way is told."""
    there = [n for n, stretch in enumerate(way.columns)
             if way.opened is not None and stretch == Stretch(way.ahead + way.opened, 1)]  # fmt: skip
    x = way.x(there[0]) if there else 0.0
    yield s.rect(x, WORDS - 2, way.wide if there else 0, VECTORS + HEAT + 6 - WORDS, r=6,
                 c="state-tint lit-edge" if there else "clear")  # fmt: skip


def _column(way: _Way, number: int, stretch: Stretch, labels: Labels) -> Iterator[s.Mark]:
    """A token, or a zero, or a stretch of them that is only counted, in all lanes but the last."""
    place, x, middle = stretch.first, way.x(number), way.x(number) + way.wide / 2
    token, single = way.token(place), stretch.places == 1
    index = None if token is None else int(way.prepared.indices[token])
    cut, station = way.is_cut(place) and way.station >= 3, way.station
    word = _word(way, token, labels)
    role = {1: "carry", 2: "candidate"}.get(index or 0, "input")
    y = WORDS + (19 if number % 2 == 0 else 43)
    quiet = " quiet" if cut else ""
    if not single:
        word, role = "⋯", "quiet"
    shown = station >= 1 and token is not None and (index != 1 or station >= 2)
    longest = int(2 * way.wide / 8.2)
    # Chinese characters are twice as wide as letters.
    half = min(sum(8.2 if letter > "\u2e80" else 4.1 for letter in word), way.wide)
    middle = min(middle, WIDTH - half)
    yield s.text(middle, y, _short(word, longest) if shown else "", a="middle", z=16,
                 c="quiet" if cut else f"strong {role}" if station >= 2 else "strong", tip=word)  # fmt: skip
    struck = cut and shown and single
    yield s.path(f"M{middle - half:.1f} {y - 5}H{middle + half:.1f}" if struck else "", w=2, c="forget_gate")
    # The index, then the number in the row: below it unless it is cut.
    counted = f"+{stretch.places:,}"
    there = token is not None and station >= 2
    yield from _box(x, INDICES, way.wide, str(index) if single else counted, role if single else "", there, quiet)
    in_row = station >= 3 and not cut
    value = int(way.prepared.row[place - way.in_row.start]) if in_row and single else 0
    filled = token is None
    yield from _box(x, ROW, way.wide, str(value) if single else counted, "" if filled or not single else role,
                    in_row, " quiet" if filled else "")  # fmt: skip
    yield s.path(f"M{x + 6:.1f} {ROW + TALL / 2}H{x + way.wide - 6:.1f}" if cut else "", w=1.5, c="dashed")
    if token is not None:
        pick = f"token:{token}" if single and station >= 1 else None
        yield s.rect(x + 1, WORDS, way.wide - 2, ROW + TALL - WORDS, r=6, c="clear", pick=pick,
                     tip=labels["open"].format(word=word) if pick else None)  # fmt: skip


def _word(way: _Way, token: int | None, labels: Labels) -> str:
    if token is None:
        return ""
    return labels["start"] if token == 0 else way.prepared.words[token - 1]


def _box(x: float, y: float, wide: float, value: str, role: str, there: bool, quiet: str) -> Iterator[s.Mark]:
    """A number in its box; one that is not there yet is an outline."""
    look = (f"{role}-tint {role}-edge" if role and not quiet else "panel frame") if there else "ground frame dashed"
    yield s.rect(x + 2, y, wide - 4, TALL, r=5, c=look if there else f"{look} future")
    size = 16 if len(value) * 9 < wide else 13
    text = f"{role} strong" if role and not quiet else "quiet"
    yield s.text(x + wide / 2, y + 20, value if there else "", a="middle", z=size, c=text)


def _vectors(way: _Way, vectors: np.ndarray, labels: Labels, scale: float) -> Iterator[s.Mark]:
    """The row's vectors, a column for each place; where several share a column, or one is cut, there is nothing."""
    shown = np.full((vectors.shape[1], len(way.columns)), np.nan)
    for number, stretch in enumerate(way.columns):
        if stretch.places == 1 and not way.is_cut(stretch.first):
            shown[:, number] = vectors[stretch.first - way.in_row.start]
    box = s.Box(LEFT, VECTORS, way.wide * len(way.columns), HEAT)
    upto = len(way.columns) if way.station >= 4 else 0
    yield s.heat(box, shown, id="vector", names=(labels["number"], labels["feature"], ""), scale=scale,
                 columns=s.Columns(upto=upto))  # fmt: skip


def _to_scale(way: _Way, labels: Labels) -> Iterator[s.Mark]:
    """All places to scale: what is cut, what stays, what is filled up."""
    total, known = way.total, way.station >= 3
    first, last = way.ahead, way.ahead + way.prepared.n
    row = way.in_row
    kept = range(max(first, row.start), min(last, row.stop))
    parts = [
        ("zeros", 0, first), ("cut", first, kept.start), ("kept", kept.start, kept.stop), ("cut", kept.stop, last),
        ("zeros", last, total),
    ]  # fmt: skip
    look = {"zeros": "panel frame", "cut": "forget_gate-tint forget_gate-edge dashed", "kept": "input-tint input-edge"}
    pixel = (WIDTH - LEFT) / total
    yield s.text(0, SCALE + 16, labels["scale"], z=15, c="quiet" if known else "future")
    for name, start, stop in parts:
        x, wide = LEFT + start * pixel, max((stop - start) * pixel, 0.0)
        yield s.rect(x, SCALE, wide if known else 0, 22, r=4, c=look[name])
        told = labels[name].format(n=f"{max(stop - start, 0):,}")
        fits = known and wide > 9 * len(told)
        yield s.text(x + wide / 2, SCALE + 16, told if fits else "", a="middle", z=15)
