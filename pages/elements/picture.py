"""The element that draws a scene, and tells which of its numbers was clicked."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.browser import element, sent
from rnn_core.charts import palette

_HERE = Path(__file__).parent
_KEPT = "_kept_numbers"
_draw = element(_HERE / "picture.js", html='<div class="picture"></div>', css=palette.as_css())
_store = element(_HERE / "numbers.js")
_ahead = element(_HERE / "ahead.js")


def picture(
    scene: dict[str, Any],
    key: str,
    *,
    stamp: str = "",
    edition: str = "",
    on_pick: Callable[[], None] | None = None,
) -> str | None:
    """Draw a scene (rnn_core.charts.scene); return the `pick` of the mark clicked in this run, else None.

    Args:
        stamp: names the state the picture shows; the browser writes it to `data-stamp` once it is drawn.
        edition: names all else that the picture depends on. With one, the browser keeps the pictures of this edition
            and shows them again by their stamps as soon as the transport asks for a step.
        on_pick: called before the run that a click causes; `picked(key)` reads the pick there.
    """
    result = _draw(key=key, data=_sent(scene, key, stamp, edition), on_pick_change=on_pick or (lambda: None))
    return _text(result.pick)


def send_ahead(steps: dict[str, dict[str, dict[str, Any]]], edition: str) -> None:
    """Send the pictures that the next click may ask for, so that they are shown without waiting for the server.

    Args:
        steps: for each stamp the scenes by their pictures' keys.
        edition: as of the pictures that stand on the page now.
    """
    pictures = [
        _sent(scene, key, stamp, edition) for stamp, scenes in steps.items() for key, scene in scenes.items()
    ]
    _ahead(key="numbers_ahead", data={"pictures": pictures})


def keep_numbers(scene: dict[str, Any], key: str) -> None:
    """Send the heat maps' numbers of a picture ahead, from outside the stage that draws it anew at every step.

    A step then sends their names alone: a hundred bytes instead of 300 kB. Sixty-four units over a hundred timesteps
    do not change while one walks through them.
    """
    numbers = {_name(mark): mark["b64"] for mark in scene["marks"] if "b64" in mark}
    st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), key: frozenset(numbers)}
    _store(key=f"numbers_{key}", data={"key": key, "numbers": numbers})


def picked(key: str) -> str | None:
    """Return what was just clicked on the picture `key`, inside its `on_pick` callback."""
    return _text(sent(key, "pick"))


def _sent(scene: dict[str, Any], key: str, stamp: str, edition: str) -> dict[str, Any]:
    kept = st.session_state.get(_KEPT, {}).get(key, ())
    marks = [_named(mark, key) if "b64" in mark and _name(mark) in kept else mark for mark in scene["marks"]]
    return {**scene, "marks": marks, "stamp": stamp, "key": key, "edition": edition}


def _named(mark: dict[str, Any], key: str) -> dict[str, Any]:
    """The mark with its numbers' name in their place."""
    return {**{k: v for k, v in mark.items() if k != "b64"}, "kept": [key, _name(mark)]}


def _name(mark: dict[str, Any]) -> str:
    return hashlib.sha1(mark["b64"].encode(), usedforsecurity=False).hexdigest()[:16]


def _text(value: Any) -> str | None:
    """A browser may send anything: a pick is a short string or nothing."""
    return value if isinstance(value, str) and len(value) <= 80 else None
