"""State that belongs in a link: which values there are, how they are read with care, and how they are written.

Not Streamlit's own `bind="query-params"`: it writes an option's label, which here is translated, so that a link made
on the Chinese page would not open on the English one; and it drops a value out of range without a word. Nor
`st.query_params` for writing: each change of it is an entry in the browser's history, so that six clicks would need
seven times Back to leave the page; the link is written by an element of ours, in place.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from rnn_core.errors import Told

Problems = tuple[Told, ...]


class LinkProblem(Told):
    """Something in a link that could not be taken as it is."""

    SENTENCES: ClassVar = {
        "repeated": "The link names {name} {count} times; the first one counts.",
        "not_in_range": (
            "The link asks for {name} = {raw}, which is not a number from {low} to {high}; the page shows {value}."
        ),
        "unknown": "The link asks for {name} = {raw}, which this page does not know; it shows {value}.",
        "unreadable": "The link's {name} = {raw} cannot be read; the page ignores it.",
        "cut": "{name} is cut to its first {n} characters; the rest is not read.",
    }


class Parameter(Protocol):
    """One value of a link.

    Attributes:
        name: in the link, and of the field of the page's settings.
        default: what a link need not say.
    """

    @property
    def name(self) -> str: ...

    @property
    def default(self) -> Any: ...

    def read(self, raw: str) -> tuple[Any, Problems]:
        """Return the nearest sensible value to what a link says, and what could not be taken as it is."""

    def accept(self, value: Any) -> Any:
        """Return what a widget's value becomes, kept within bounds; None if it is none at all."""

    def write(self, value: Any) -> str:
        """Return a value as it stands in a link."""


@dataclass(frozen=True)
class Number:
    """A number. `default` decides whether it is whole; out of range means the nearest end."""

    name: str
    default: int | float
    low: int | float
    high: int | float

    def read(self, raw: str) -> tuple[int | float, Problems]:
        try:
            # Beyond twenty characters only the sign matters; int() would refuse thousands of digits.
            value = float(raw) if len(raw) <= 20 else float(raw[:20])
        except ValueError:
            value = math.nan
        near = self.accept(value)
        if near is None:
            near = self.default
        taken = near == value
        return near, () if taken else (_problem("not_in_range", self, raw, near, low=self.low, high=self.high),)

    def accept(self, value: Any) -> int | float | None:
        if not isinstance(value, int | float) or value != value:  # NaN; math.isnan refuses an int of 400 digits
            return None
        near = min(max(value, self.low), self.high)
        return round(near) if isinstance(self.default, int) else float(near)

    def write(self, value: int | float) -> str:
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    name: str
    default: str
    options: Sequence[str]

    def read(self, raw: str) -> tuple[str, Problems]:
        if raw in self.options:
            return raw, ()
        return self.default, (_problem("unknown", self, raw, self.default),)

    def accept(self, value: Any) -> str | None:
        return value if value in self.options else None

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Several:
    """Any of a few words, in the link with commas in between; their order does not matter."""

    name: str
    default: tuple[str, ...]
    options: Sequence[str]

    def read(self, raw: str) -> tuple[tuple[str, ...], Problems]:
        if not raw:
            return (), ()  # none of them is a choice, too
        asked = [word.strip() for word in raw[:200].split(",")]
        known = self.accept(asked)
        if known and set(asked) <= set(known):
            return known, ()
        value = known or self.default
        return value, (_problem("unknown", self, raw, value),)

    def accept(self, value: Any) -> tuple[str, ...]:
        return tuple(option for option in self.options if option in (value or ()))

    def write(self, value: Sequence[str]) -> str:
        return ",".join(option for option in self.options if option in value)


@dataclass(frozen=True)
class Switch:
    """On or off."""

    name: str
    default: bool

    # Earlier versions wrote Python's words.
    _WORDS: ClassVar = {"on": True, "off": False, "yes": True, "no": False, "True": True, "False": False}

    def read(self, raw: str) -> tuple[bool, Problems]:
        if raw in self._WORDS:
            return self._WORDS[raw], ()
        return self.default, (_problem("unknown", self, raw, self.default),)

    def accept(self, value: Any) -> bool:
        return bool(value)

    def write(self, value: bool) -> str:
        return "on" if value else "off"


def _as_it_is(raw: str) -> tuple[str, Problems]:
    return raw, ()


@dataclass(frozen=True)
class Text:
    """A text: a sentence, a pointer into a picture, a table of numbers.

    Attributes:
        longest: so many characters are read.
        mend: returns the nearest text that the page can work with, and what had to be changed; or None, if there is
            no such text.
    """

    name: str
    default: str = ""
    longest: int = 300
    mend: Callable[[str], tuple[str, Problems] | None] = field(default=_as_it_is)

    def read(self, raw: str) -> tuple[str, Problems]:
        read = self.mend(raw[: self.longest].strip())
        if read is None:
            return self.default, (_problem("unreadable", self, raw, self.default),)
        value, problems = read
        too_long = len(raw) > self.longest and not problems
        return value, (*problems, LinkProblem("cut", name=self.name, n=self.longest)) if too_long else problems

    def accept(self, value: Any) -> str | None:
        # As a link is read: without what surrounds it.
        read = self.mend(value[: self.longest].strip()) if isinstance(value, str) else None
        return None if read is None else read[0]

    def write(self, value: str) -> str:
        return value


def _problem(code: str, parameter: Parameter, raw: str, value: Any, **more: Any) -> LinkProblem:
    # The visitor's own text is cut, and can carry no markup.
    shown = "".join(c for c in raw[:24] if c.isalnum() or c in " .+-_") or "…"
    if not isinstance(value, int | float) or isinstance(value, bool):
        value = parameter.write(value)
    return LinkProblem(code, name=parameter.name, raw=shown, value=value, **more)


def read_link(parameters: Sequence[Parameter], given: dict[str, list[str]]) -> tuple[dict[str, Any], Problems]:
    """Return the values that a link gives, by name, and what could not be taken as it is.

    Args:
        parameters: what the page knows.
        given: the link's texts, by name.
    """
    values: dict[str, Any] = {}
    problems: list[Told] = []
    for parameter in parameters:
        raws = given.get(parameter.name)
        if not raws:
            continue
        if len(raws) > 1:
            problems.append(LinkProblem("repeated", name=parameter.name, count=len(raws)))
        values[parameter.name], told = parameter.read(raws[0].strip())
        problems += told
    return values, tuple(problems)


def written(parameters: Sequence[Parameter], values: dict[str, Any]) -> dict[str, str]:
    """Return the texts of a link: of each value that differs from its default."""
    texts = {p.name: (p.write(values[p.name]), p.write(p.default)) for p in parameters}
    return {name: text for name, (text, default) in texts.items() if text != default}
