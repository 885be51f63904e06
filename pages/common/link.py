"""State that belongs in a link: read with care when a visitor arrives, written as the page changes.

Not Streamlit's own `bind="query-params"`: it writes an option's label, which here is translated, so that a link made
on the Chinese page would not open on the English one; and it drops a value out of range without a word.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.common.language import _


@dataclass(frozen=True)
class Number:
    """A number in the link. `default` decides whether it is whole; out of range means the nearest end."""

    name: str
    default: int | float
    low: int | float
    high: int | float

    def read(self, raw: str) -> tuple[int | float, bool]:
        """Return the nearest sensible value, and whether it is what the link said."""
        try:
            # Beyond twenty characters only the sign matters; int() would refuse thousands of digits.
            value = float(raw) if len(raw) <= 20 else float(raw[:20])
        except ValueError:
            return self.default, False
        if math.isnan(value):
            return self.default, False
        near = min(max(value, self.low), self.high)
        if isinstance(self.default, int):
            return round(near), near == value and float(round(near)) == value
        return near, near == value

    def write(self, value: int | float) -> str:
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of a few words in the link."""

    name: str
    default: str
    options: Sequence[str]

    def read(self, raw: str) -> tuple[str, bool]:
        return (raw, True) if raw in self.options else (self.default, False)

    def write(self, value: str) -> str:
        return str(value)


@dataclass(frozen=True)
class Several:
    """Any of a few words in the link, with commas in between; their order does not matter."""

    name: str
    default: Sequence[str]
    options: Sequence[str]

    def read(self, raw: str) -> tuple[list[str], bool]:
        asked = [word.strip() for word in raw[:200].split(",")]
        known = [option for option in self.options if option in asked]
        return known or list(self.default), bool(known) and set(asked) <= set(known)

    def write(self, value: Sequence[str]) -> str:
        return ",".join(option for option in self.options if option in value)


Parameter = Number | Choice | Several


def open_link(page: str, parameters: Sequence[Parameter]) -> None:
    """Put the link's values where the widgets of these names find them, and say what could not be taken as it is.

    Whoever comes back to a page by the menu finds it as it was left.
    """
    memory = st.session_state.setdefault("_link", {})
    names = [p.name for p in parameters]
    given = {name: st.query_params.get_all(name) for name in names if name in st.query_params}
    here = st.session_state.get("_page") == page
    st.session_state["_page"] = page
    if here and given == memory.get(page, {}).get("written"):
        for name, value in memory[page]["values"].items():
            st.session_state.setdefault(name, value)
        return
    kept = memory.get(page, {}).get("values", {}) if not given else {}
    for parameter in parameters:
        value = kept.get(parameter.name, parameter.default)
        if raws := given.get(parameter.name):
            value, taken = parameter.read(raws[0].strip())
            if len(raws) > 1:
                st.info(
                    _("The link names {name} {count} times; the first one counts.").format(
                        name=parameter.name, count=len(raws)
                    )
                )
            if not taken:
                st.info(_sentence(parameter, raws[0], value))
        st.session_state[parameter.name] = value


def number_setting(label: str, low: float, high: float, key: str, **options: Any) -> None:
    """Draw a number input for a value that stands in the link.

    Its value is handed over a second time, as what it begins with: in a closed popover it comes into being only when
    that is opened, and would then begin with the lowest number, and bring that along at the next click.

    Args:
        label, low, high, key, options: of st.number_input.
    """
    st.number_input(label, low, high, st.session_state[key], key=key, **options)


def keep_link(page: str, parameters: Sequence[Parameter]) -> None:
    """Write what differs from the default into the link, and remember all of it for this visit."""
    values = {p.name: st.session_state.get(p.name, p.default) for p in parameters}
    written = {p.name: [p.write(values[p.name])] for p in parameters if p.write(values[p.name]) != p.write(p.default)}
    memory = st.session_state.setdefault("_link", {})
    memory[page] = {"values": values, "written": written}
    given = {p.name: st.query_params.get_all(p.name) for p in parameters if p.name in st.query_params}
    if given != written:
        others = {k: st.query_params.get_all(k) for k in st.query_params if k not in values}
        st.query_params.from_dict({**others, **written})


def _sentence(parameter: Parameter, raw: str, value: object) -> str:
    # The visitor's own text is shown as code and cut, so that it can carry no markup.
    shown = "".join(c for c in raw[:24] if c.isalnum() or c in " .+-_") or "…"
    if isinstance(parameter, Number):
        return _(
            "The link asks for {name} = `{raw}`, which is not a number from {low} to {high}; the page shows {value}."
        ).format(name=parameter.name, raw=shown, low=parameter.low, high=parameter.high, value=value)
    return _("The link asks for {name} = `{raw}`, which this page does not know; it shows `{value}`.").format(
        name=parameter.name, raw=shown, value=parameter.write(value)
    )
