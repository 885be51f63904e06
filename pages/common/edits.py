"""Numbers that a visitor has changed by hand in arrays that were drawn: few, so they stand in the link.

In the link `W,0,2,0.5;b,1,0,-2` means W[0][2] = 0.5 and b[1][0] = -2. An edit names its place and not the number that
was there; where another size has no such place, it does nothing.
"""

from collections.abc import Iterator

import numpy as np

from pages.common.link import Problems, Text
from rnn_core.cells.inputs import TypedNumberError, typed_number

MOST = 250
Edit = tuple[str, int, int, float]


def edits_parameter(*arrays: str) -> Text:
    """Return the link's parameter for edits of these arrays."""

    def mend(raw: str) -> tuple[str, Problems] | None:
        read = list(_read(raw))
        if None in read or not {edit[0] for edit in read if edit} <= set(arrays):
            return None
        return _text([edit for edit in read if edit][:MOST]), ()

    return Text("edits", longest=8000, mend=mend)


def edited(text: str, name: str, drawn: np.ndarray) -> np.ndarray:
    """Return the array with its edits; the very same one if it has none.

    Args:
        text: the setting.
        name: of the array.
        drawn: its numbers as they were drawn, (rows, columns).
    """
    mine = [e for e in _read(text) if e and e[0] == name and e[1] < drawn.shape[0] and e[2] < drawn.shape[1]]
    if not mine:
        return drawn
    changed = drawn.copy()
    for _name, row, column, number in mine:
        changed[row, column] = number
    return changed


def with_edit(text: str, name: str, row: int, column: int, number: float) -> str:
    """Return the setting with one number more changed, or changed again."""
    others = [edit for edit in _read(text) if edit and edit[:3] != (name, row, column)]
    return _text([*others, (name, row, column, number)][-MOST:])


def without(text: str, name: str) -> str:
    """Return the setting without the edits of one array."""
    return _text([edit for edit in _read(text) if edit and edit[0] != name])


def shortest(number: float) -> str:
    """Write a number with all its digits, but no more."""
    text = f"{number:g}"
    return text if float(text) == number else repr(float(number))


def _text(edits: list[Edit]) -> str:
    return ";".join(f"{name},{row},{column},{shortest(number)}" for name, row, column, number in edits)


def _read(text: str) -> Iterator[Edit | None]:
    """Yield each edit, None for what is none."""
    for piece in text.split(";") if text else ():
        name, *rest = piece.split(",")
        if len(rest) != 3 or not all(n.isascii() and n.isdecimal() and len(n) <= 4 for n in rest[:2]):
            yield None
            continue
        try:
            yield name, int(rest[0]), int(rest[1]), typed_number(rest[2])
        except TypedNumberError:
            yield None
