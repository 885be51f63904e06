"""First, previous, play, next, last, the slider and the keys: how every page with timesteps is walked through."""

import math
import time
from collections.abc import Callable

import streamlit as st

from pages.common.language import _
from pages.common.link import Choice

SPEED = Choice("speed", "2", ("1", "2", "4", "8"))
_SHOWN = "_shown_timestep"


def on_stage(draw: Callable[[], None], last: int) -> None:
    """Draw a stage that repaints alone: `draw` is run again at every step, the rest of the page is not.

    `draw` calls `transport(last)` where the buttons shall stand; it returns the timestep to draw.
    """
    _go(st.session_state["t"], last, stop=False)
    st.session_state["_clock"] = _wanted_clock()
    st.fragment(draw, run_every=st.session_state["_clock"])()


def transport(last: int) -> int:
    """Draw the transport and return the timestep to show, from 0 (nothing read yet) to `last`."""
    t, playing = timestep(last), _playing()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="transport"):
        st.button(
            _("First"),
            icon=":material/first_page:",
            key="step_first",
            on_click=_go,
            args=(0, last),
            shortcut="Home",
            disabled=t == 0,
        )
        st.button(
            _("Previous"),
            icon=":material/chevron_left:",
            key="step_previous",
            on_click=_move,
            args=(-1, last),
            shortcut="Left",
            disabled=t == 0,
        )
        st.button(
            _("Pause") if playing else _("Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key="step_play",
            type="primary",
            on_click=_play,
            args=(last,),
            shortcut="Space",
        )
        st.button(
            _("Next"),
            icon=":material/chevron_right:",
            key="step_next",
            on_click=_move,
            args=(1, last),
            shortcut="Right",
            disabled=t == last,
        )
        st.button(
            _("Last"),
            icon=":material/last_page:",
            key="step_last",
            on_click=_go,
            args=(last, last),
            shortcut="End",
            disabled=t == last,
        )
        st.slider(_("timestep"), 0, last, key="t", label_visibility="collapsed", on_change=_drag)
        # Labels are made here and now: whoever calls format_func later may have no visitor and no language.
        paces = {pace: _("{n} steps a second").format(n=pace) for pace in SPEED.options}
        st.selectbox(
            _("Speed"), SPEED.options, key="speed", label_visibility="collapsed", width=150, format_func=paces.get
        )
    if st.session_state["_clock"] != _wanted_clock():
        # Only a run of the whole page can start, end or change the fragment's clock.
        st.rerun()
    return t


def timestep(last: int) -> int:
    """Return the timestep to show, for a stage that draws its pictures before its buttons: they then move first."""
    _tick(last)
    st.session_state[_SHOWN] = st.session_state["t"]
    return st.session_state["t"]


def _playing() -> bool:
    return bool(st.session_state.get("_playing"))


def _wanted_clock() -> float | None:
    return 1 / float(st.session_state["speed"]) if _playing() else None


def _stop() -> None:
    st.session_state["_playing"] = False


def _go(t: int, last: int, *, stop: bool = True) -> None:
    if stop:
        _stop()
    st.session_state["t"] = min(max(t, 0), last)


def _move(by: int, last: int) -> None:
    # From what was shown: a click may bring along a slider that has not yet heard of the step before.
    _go(st.session_state.get(_SHOWN, st.session_state["t"]) + by, last)


def _drag() -> None:
    """A slider moved by hand stops the film; one that only lags behind it is put right."""
    shown = st.session_state.get(_SHOWN, 0)
    filmed = time.monotonic() - st.session_state.get("_ticked", -math.inf) < 2.0
    if filmed and abs(shown - st.session_state["t"]) <= 3:
        st.session_state["t"] = shown
    else:
        _stop()


def _play(last: int) -> None:
    st.session_state["_playing"] = not _playing()
    st.session_state["_ticked"] = time.monotonic()
    if _playing() and st.session_state["t"] >= last:
        st.session_state["t"] = 0


def _tick(last: int) -> None:
    """Advance once a beat: other runs of the fragment, such as a click on a number, must not hurry the film."""
    if not _playing():
        return
    now, beat = time.monotonic(), _wanted_clock()
    if now - st.session_state["_ticked"] >= 0.7 * beat:
        st.session_state["_ticked"] = now
        st.session_state["t"] = min(st.session_state["t"] + 1, last)
        if st.session_state["t"] == last:
            _stop()
