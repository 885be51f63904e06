"""First, previous, play, next, last, the slider and the keys: how every page with timesteps is walked through.

One element of our own in place of nine of Streamlit's: each of those costs the browser 2 to 3 ms at every step. And
the film runs in the browser, which asks for the next timestep only once the last one stands on the screen; so it
never runs ahead of the pictures, however slow the machine.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.language import _
from pages.common.link import Choice

SPEED = Choice("speed", "2", ("1", "2", "4", "8"))
_KEY = "transport"
_ANSWERED, _HALTED = "_transport_answered", "_transport_halted"
_HERE = Path(__file__)
_draw = st.components.v2.component(
    "unrolled.transport",
    html='<div class="transport" role="toolbar"></div>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def on_stage(draw: Callable[[], None], last: int) -> None:
    """Draw a stage that repaints alone: `draw` is run again at every step, the rest of the page is not.

    `draw` asks `timestep()` what to show, draws its pictures, and then `transport(last)` where it shall stand: what is
    sent first is painted first.
    """
    st.session_state["t"] = min(max(st.session_state["t"], 0), last)
    st.fragment(draw)()


def timestep() -> int:
    """Return the timestep to show, from 0 (nothing read yet) to the last."""
    return st.session_state["t"]


def transport(last: int) -> None:
    """Draw the buttons, the slider and the speed; listen to the keys."""
    labels = {
        "first": _("First"), "previous": _("Previous"), "play": _("Play"), "pause": _("Pause"), "next": _("Next"),
        "last": _("Last"), "timestep": _("timestep"), "speed": _("Speed"),
    }  # fmt: skip
    _draw(
        key=_KEY,
        data={
            "t": timestep(),
            "last": last,
            "speed": st.session_state["speed"],
            "paces": {pace: _("{n} steps a second").format(n=pace) for pace in SPEED.options},
            "labels": labels,
            "answered": st.session_state.get(_ANSWERED, 0),
            "halted": st.session_state.get(_HALTED, 0),
        },
        on_go_change=lambda: _go(last),
        on_speed_change=_pace,
    )


def stamp(t: int) -> str:
    """Name a timestep, as the transport asks for it in the browser."""
    return f"t={t}"


def halt() -> None:
    """Stop the film, if one runs: there is something to answer, or other numbers to look at."""
    st.session_state[_HALTED] = st.session_state.get(_HALTED, 0) + 1


def asked(value: Any, last: int) -> tuple[int, int] | None:
    """Read what a browser asked for: the timestep, kept within the sequence, and the number of the asking."""
    if not isinstance(value, dict) or not all(type(value.get(name)) is int for name in ("to", "asking")):
        return None
    return min(max(value["to"], 0), last), min(max(value["asking"], 0), 2**53)


def _go(last: int) -> None:
    if found := asked(st.session_state[_KEY].get("go"), last):
        st.session_state["t"], st.session_state[_ANSWERED] = found


def _pace() -> None:
    st.session_state["speed"] = SPEED.read(str(st.session_state[_KEY].get("speed"))[:8])[0]
