"""Which places of a long row are drawn: those that matter, and one column for each stretch between them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Stretch(NamedTuple):
    """Places that share a column: one alone, or many that are only counted."""

    first: int
    places: int


def columns(total: int, matter: Collection[int], most: int) -> list[Stretch]:
    """Return the columns of a row of `total` places, at most `most` of them.

    Args:
        total: how many places there are.
        matter: places that must be seen, with as many of their neighbours as there is room for; not more than
            a fourth of `most`.
        most: columns.

    >>> columns(9, [0, 8], 5)
    [Stretch(first=0, places=1), Stretch(first=1, places=1), Stretch(first=2, places=5), Stretch(first=7, places=1), \
Stretch(first=8, places=1)]
    """
    anchors = sorted({place for place in matter if 0 <= place < total}) or [0]
    if total <= most:
        return [Stretch(place, 1) for place in range(total)]
    found = _around(anchors, 0, total)
    for reach in range(1, total):
        wider = _around(anchors, reach, total)
        if len(wider) > most:
            break
        found = wider
    return found


def _around(anchors: list[int], reach: int, total: int) -> list[Stretch]:
    shown = sorted({p for anchor in anchors for p in range(max(anchor - reach, 0), min(anchor + reach + 1, total))})
    made: list[Stretch] = []
    before = -1
    for place in [*shown, total]:
        if place > before + 1:
            made.append(Stretch(before + 1, place - before - 1))
        if place < total:
            made.append(Stretch(place, 1))
        before = place
    return made
