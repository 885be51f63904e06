"""Formulas in LaTeX: numbers, and templates in which letters or numbers stand."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

ACTIVATIONS = {"tanh": r"\tanh", "sigmoid": r"\sigma"}


def number(value: float) -> str:
    r"""A number with three significant digits.

    >>> print(number(-0.12345), number(1.5e-5))
    -0.123 1.5\times10^{-5}
    """
    if not math.isfinite(value):
        return r"\text{NaN}" if math.isnan(value) else rf"{'-' if value < 0 else ''}\infty"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = 3 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, exponent = f"{value:.2e}".split("e")
    return rf"{mantissa.rstrip('0').rstrip('.')}\times10^{{{int(exponent)}}}"


def filled(template: str, texts: Mapping[str, str]) -> str:
    r"""A template with its names in <angle brackets> replaced.

    A negative number is subtracted where it would be added, and in brackets where it multiplies.

    >>> print(filled(r"<a> + <b> \cdot <c>", {"a": "1", "b": "-2", "c": "-3"}))
    1 - 2 \cdot (-3)
    """
    for name, text in texts.items():
        template = template.replace(f"<{name}>", text)
    return re.sub(r"\\cdot (-\S+)", r"\\cdot (\1)", template.replace("+ -", "- "))


def activated(activation: str | None, inside: str) -> str:
    r"""What is inside, sent through an activation, if there is one.

    >>> print(activated("tanh", "x"), activated(None, "x"))
    \tanh\left(x\right) x
    """
    return rf"{ACTIVATIONS[activation]}\left({inside}\right)" if activation else inside
