"""The element that draws a scene, and tells which of its numbers was clicked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from rnn_core.charts import palette

_HERE = Path(__file__).parent
_draw = st.components.v2.component(
    "unrolled.picture",
    html='<div class="picture"></div>',
    css=palette.as_css() + (_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)


def picture(
    scene: dict[str, Any], key: str, *, stamp: str = "", on_pick: Callable[[], None] | None = None
) -> str | None:
    """Draw a scene (rnn_core.charts.scene); return the `pick` of the mark clicked in this run, else None.

    Args:
        stamp: names the state the picture shows; the browser writes it to `data-stamp` once it is drawn.
        on_pick: called before the run that a click causes; `picked(key)` reads the pick there.
    """
    result = _draw(key=key, data={**scene, "stamp": stamp}, on_pick_change=on_pick or (lambda: None))
    return _text(result.pick)


def picked(key: str) -> str | None:
    """Return what was just clicked on the picture `key`, inside its `on_pick` callback."""
    state = st.session_state.get(key)
    return _text(state.get("pick") if state else None)


def _text(value: Any) -> str | None:
    """A browser may send anything: a pick is a short string or nothing."""
    return value if isinstance(value, str) and len(value) <= 80 else None
