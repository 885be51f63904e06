"""Each visitor's language: English in the code, Simplified Chinese from a gettext catalogue.

The language belongs to the visitor, never to the process: the link's `lang`, then the visitor's last choice, then
the browser's wish.
"""

from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "zh": "中文"}
LOCALES = Path(__file__).parent.parent / "locales"
_CHOSEN = "_language"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return message → translation. Read from the .po file itself, so that a clone needs no compilation."""
    if language == "en":
        return {}
    with (LOCALES / f"{language}_CN.po").open("rb") as file:
        messages = read_po(file, locale=f"{language}_CN")
    return {
        m.id: m.string for m in messages if isinstance(m.id, str) and m.id and isinstance(m.string, str) and m.string
    }


def settle_language() -> str:
    """Decide the language of this run, remember it for this visitor, and return its code."""
    asked = _known(st.query_params.get("lang"))
    settled = asked or st.session_state.get(_CHOSEN) or _known(st.context.locale) or "en"
    st.session_state[_CHOSEN] = settled
    return settled


def choose_language(code: str) -> None:
    """Switch this visitor to another language; the link follows."""
    st.session_state[_CHOSEN] = code
    st.query_params["lang"] = code


def language() -> str:
    """Return this visitor's language, `en` or `zh`."""
    return st.session_state.get(_CHOSEN, "en")


def _(message: str) -> str:
    """Return the message in this visitor's language."""
    return catalogue(language()).get(message, message)


def prose(page: str, part: str) -> str:
    """Return a long passage, `locales/<language>/<page>.md`: what stands between `<!-- part -->` and the next mark."""
    return _passages(language(), page)[part]


@cache
def _passages(code: str, page: str) -> dict[str, str]:
    pieces = (LOCALES / code / f"{page}.md").read_text(encoding="utf-8").split("<!-- ")[1:]
    return {name.strip(): body.strip() for name, body in (piece.split("-->", 1) for piece in pieces)}


def _known(code: str | None) -> str | None:
    """`zh`, `zh-CN`, `zh_Hans` and the like all mean the one Chinese we speak."""
    short = (code or "").lower().replace("_", "-").split("-")[0]
    return short if short in LANGUAGES else None
