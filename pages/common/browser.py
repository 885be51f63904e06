"""How an element of ours is made: a script, with what all of them share in the browser in front, and its styles."""

from pathlib import Path
from typing import Any

import streamlit as st

_SHARED = Path(__file__).with_name("store.js").read_text(encoding="utf-8")


def element(script: Path, *, html: str = "", css: str = "", isolate_styles: bool = True) -> Any:
    """Return the function that draws an element.

    Args:
        script: its JavaScript, whose name it bears; its styles stand beside it in a .css, if it has any.
        html: what it begins with.
        css: put in front of its own styles, such as the palette.
        isolate_styles: whether the page's styles stay outside.
    """
    style = script.with_suffix(".css")
    given = {"html": html, "css": css + (style.read_text(encoding="utf-8") if style.exists() else "")}
    return st.components.v2.component(
        f"unrolled.{script.stem}",
        js=_SHARED + script.read_text(encoding="utf-8"),
        isolate_styles=isolate_styles,
        **{kind: text for kind, text in given.items() if text},
    )


def sent(key: str, name: str) -> Any:
    """Return what an element of ours has just sent under a name, inside its callback; a browser may send anything.

    None where the element is gone by now: who leaves a page in a hurry takes its last click along to the next.
    """
    state = st.session_state.get(key)
    return state.get(name) if state else None
