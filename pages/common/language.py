"""Each visitor's language: English in the code, Simplified Chinese from a gettext catalogue.

The language belongs to the visitor, never to the process: the link's `lang`, then the visitor's last choice, then
the browser's wish. Whatever differs from language to language beside the words stands here too: how sentences and
lists are joined, and how many is one.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import streamlit as st
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from rnn_core.errors import Told
from rnn_core.numbers import Said, Seconds

LANGUAGES = {"en": "English", "zh": "中文"}
LOCALES = Path(__file__).parent.parent / "locales"
_CHOSEN, _CAME_WITH = "_language", "_language_came_with"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the messages of a language, read from the .po file itself, so that a clone needs no compilation."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALES / f"{language}_CN.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=f"{language}_CN"))
    compiled.seek(0)
    return GNUTranslations(compiled)


def settle_language(page: str) -> str:
    """Decide the language of this run, remember it for this visitor, and return its code.

    What a link says counts when a page is come to; from then on it is the visitor's choice that the link follows.
    """
    asked = None
    if st.session_state.get(_CAME_WITH) != page:
        st.session_state[_CAME_WITH] = page
        asked = _known(st.query_params.get("lang"))
    settled = asked or st.session_state.get(_CHOSEN) or _known(st.context.locale) or "en"
    st.session_state[_CHOSEN] = settled
    return settled


def choose_language(code: str | None) -> None:
    """Switch this visitor to another language."""
    st.session_state[_CHOSEN] = _known(code) or language()


def switched_from(page: str) -> str:
    """Return the language in which this visitor saw a page last, if it is another one now; else nothing.

    Call it once per run of the page.
    """
    before, now = st.session_state.get(f"_language_{page}"), language()
    st.session_state[f"_language_{page}"] = now
    return before if before and before != now else ""


def language() -> str:
    """Return this visitor's language, `en` or `zh`."""
    return st.session_state.get(_CHOSEN, "en")


def _(message: str) -> str:
    """Return the message in this visitor's language."""
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the message for n things in this visitor's language; {n} and other placeholders are still to be filled."""
    return catalogue(language()).ngettext(one, many, n)


def sentences(parts: Iterable[str]) -> str:
    """Join whole sentences, without those that are empty: with a space where the language has one."""
    return ("" if language() == "zh" else " ").join(part for part in parts if part)


def listed(items: Iterable[str], *, short: bool = False) -> str:
    """Join what is counted up: "a, b, and c" and `a、b和c`; `short` ones without an "and"."""
    if short:
        return ("、" if language() == "zh" else ", ").join(items)
    return format_list(list(items), locale=language())


def say(told: Told, *, markdown: bool = True, **worded: str) -> str:
    """Return what the core has to say in this visitor's language.

    Args:
        told: an error or a remark, by its code.
        markdown: whether what comes out is shown as Markdown; a text among the values is then shown as code, so that
            nothing that a visitor has typed can act as markup.
        worded: values that the page has put into words already, in place of told's own.
    """
    values = {name: _shown(value, markdown) for name, value in told.values.items()} | worded
    return _(told.sentence).format(**values)


def _shown(value: Any, markdown: bool) -> Any:
    if isinstance(value, Seconds):
        return duration(value)
    if isinstance(value, Said):
        return str(value)
    if isinstance(value, bool) or value is None:
        value = str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    text = " ".join(str(value).split())[:300]
    return f"`{text.replace('`', chr(39))}`" if markdown and text else text


def duration(seconds: float | None) -> str:
    """Return a length of time as a person says it."""
    if seconds is None:
        return "–"
    count, unit = Seconds(seconds).said
    return {"s": _("{n} s"), "min": _("{n} min"), "h": _("{n} h")}[unit].format(n=count)


def prose(page: str, part: str) -> str:
    """Return a long passage, `locales/<language>/<page>.md`: what stands between `<!-- part -->` and the next mark."""
    return passages(language(), page)[part]


@cache
def passages(code: str, page: str) -> Mapping[str, str]:
    """Return all passages of a page in a language, in their order."""
    pieces = (LOCALES / code / f"{page}.md").read_text(encoding="utf-8").split("<!-- ")[1:]
    return {name.strip(): body.strip() for name, body in (piece.split("-->", 1) for piece in pieces)}


def _known(code: str | None) -> str | None:
    """`zh`, `zh-CN`, `zh_Hans` and the like all mean the one Chinese we speak."""
    short = (code or "").lower().replace("_", "-").split("-")[0]
    return short if short in LANGUAGES else None
