"""Numbers in sentences: plain numbers that know how a person says them.

    "{time} left, {share} right".format(time=Seconds(200), share=Share(0.997))     "3 min left, 99.7% right"

As data, in a database or in JSON, they are what they are: floats. The text here is English; a page that speaks another
language says a length of time in its own words.
"""

from __future__ import annotations


def percent(share: float, digits: int = 0) -> str:
    """Return a share as per cent; never 100 % of what is not all (">99%"), never 0 % of what is not nothing ("<1%").

    Args:
        share: from 0 to 1.
        digits: decimals.
    """
    text, step = f"{share:.{digits}%}", 10.0 ** -(digits + 2)
    if share < 1 and text == f"{1:.{digits}%}":
        return f">{1 - step:.{digits}%}"
    if share > 0 and text == f"{0:.{digits}%}":
        return f"<{step:.{digits}%}"
    return text


class Said(float):
    """A number that is said in a way of its own, and calculates as any other."""

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else str(self)


class Share(Said):
    """A part of the whole, from 0 to 1, said as per cent with one decimal."""

    def __str__(self) -> str:
        return percent(self, 1)


class Figure(Said):
    """A loss or an error, said with four decimals."""

    def __str__(self) -> str:
        return f"{float(self):.4f}"


class Seconds(Said):
    """A length of time, said in the unit that suits it."""

    def __str__(self) -> str:
        return " ".join(self.said)

    @property
    def said(self) -> tuple[str, str]:
        """How many of which unit: "s", "min" or "h"."""
        if self < 2:
            return f"{float(self):.1f}", "s"
        if self < 90:
            return f"{float(self):.0f}", "s"
        if self < 5400:
            return f"{float(self) / 60:.0f}", "min"
        return f"{float(self) / 3600:.1f}", "h"
