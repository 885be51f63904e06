"""Brings a part of the page into view, after a click whose answer stands elsewhere."""

from pathlib import Path

import streamlit as st

from pages.common.browser import element

_bring = element(Path(__file__).with_suffix(".js"))


def bring_into_view(part: str) -> None:
    """Let the browser scroll to a container, by its key, once the page has been drawn again; for callbacks."""
    st.session_state[_times(part)] = st.session_state.get(_times(part), 0) + 1


def can_come_into_view(part: str) -> None:
    """Draw what scrolls, and cannot be seen. Call it once, below that part of the page."""
    _bring(key=f"bring_{part}", data={"part": part, "times": st.session_state.get(_times(part), 0)})


def _times(part: str) -> str:
    return f"_brought_{part}"
