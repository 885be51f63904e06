"""What is told to a visitor: one base for every sentence that the core has to say, and for every error among them.

A kind of thing to say is a subclass with its SENTENCES, by code. The code and the values are what is kept, compared
and translated; the English sentence stands here once, and a page that speaks another language looks it up by itself.

    class SpecError(VisitorError):
        SENTENCES = {"no_cells": "Choose at least one cell to train."}

    raise SpecError("no_cells")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class Told:
    """Something to tell a visitor.

    Attributes:
        code: names it, the same from version to version.
        values: what fills the sentence.
        sentence: the English sentence with its {placeholders}; str() is the filled one.

    Raises:
        KeyError: the class has no sentence of this code; a test holds all that are raised to their tables.
    """

    SENTENCES: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        self.sentence = self.SENTENCES[code]

    def __str__(self) -> str:
        return self.sentence.format(**self.values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and (self.code, self.values) == (other.code, other.values)  # type: ignore[attr-defined]

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.code, self.values)


class VisitorError(Told, ValueError):
    """An error that a visitor reads: a sentence that says what is wrong and what to do next."""

    __hash__ = ValueError.__hash__  # type: ignore[assignment]

    def __init__(self, code: str, **values: Any) -> None:
        Told.__init__(self, code, **values)
        ValueError.__init__(self, code)

    def __eq__(self, other: object) -> bool:
        return self is other


def _again(kind: type[Told], code: str, values: dict[str, Any]) -> Told:
    return kind(code, **values)


def kinds(of: type[Told] = Told) -> Iterator[type[Told]]:
    """Yield every kind of thing that has been imported and can be told."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)
