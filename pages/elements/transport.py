"""First, previous, play, next, last, the slider and the keys: how every page with timesteps is walked through.

One element of our own in place of nine of Streamlit's: each of those costs the browser 2 to 3 ms at every step. And
the film runs in the browser, which asks for the next timestep only once the last one stands on the screen; so it
never runs ahead of the pictures, however slow the machine.

A page with timesteps has `t` and SPEED among its link's parameters, and draws its stage by `on_stage`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.browser import element, sent
from pages.common.language import _, ngettext
from pages.common.link import Choice
from pages.common.settings import Owner
from pages.common.steps import halts

SPEED = Choice("speed", "2", ("1", "2", "4", "8"))
_KEY, _ANSWERED = "transport", "_transport_answered"
_draw = element(
    Path(__file__).with_suffix(".js"),
    html='<div class="transport" role="toolbar"></div>',
    css=Path(__file__).with_name("range.css").read_text(encoding="utf-8"),
)


def on_stage(owner: Owner, draw: Callable[[], None], last: Callable[[], int]) -> None:
    """Draw a stage that repaints alone: `draw` is run again at every step, the rest of the page is not.

    `last` tells the last timestep, which a slider on the stage itself may have moved since the page was drawn.
    `draw` draws the pictures of the timestep that is set, and then `transport(owner, last)` where it shall stand:
    what is sent first is painted first.
    """

    def drawn() -> None:
        # In every run of the stage: a click that was meant for a longer sequence may arrive with this one.
        if owner.current().t > (end := last()):
            owner.change(t=end)
        draw()

    st.fragment(drawn)()


def transport(owner: Owner, last: int, *, waits: bool = False, backwards: bool = False, first: int = 0) -> None:
    """Draw the buttons, the slider and the speed; listen to the keys.

    Args:
        owner: of the timestep.
        last: the last timestep.
        waits: whether a question is open: a film that runs waits for its answer, and says so.
        backwards: whether a step goes back in time: then the slider runs from right to left, as do the arrow keys, and
            what is counted are the timesteps themselves, from `last` + 1 down to 1.
        first: what the first step is counted as.
    """
    labels = {
        "first": _("First"), "previous": _("Previous"), "play": _("Play"), "pause": _("Pause"), "next": _("Next"),
        "last": _("Last"), "timestep": _("timestep"), "speed": _("Speed"), "waits": _("answer first"),
    }  # fmt: skip
    settings = owner.current()
    paces = {p: ngettext("{n} step a second", "{n} steps a second", int(p)).format(n=p) for p in SPEED.options}
    _draw(
        key=_KEY,
        data={
            "t": settings.t, "start": _start(owner), "last": last, "speed": settings.speed, "paces": paces,
            "labels": labels, "waits": waits, "backwards": backwards, "first": first,
            "answered": st.session_state.get(_ANSWERED, 0), "halted": halts(),
        },
        on_go_change=lambda: _go(owner, last),
        on_speed_change=lambda: owner.take("speed", sent(_KEY, "speed")),
    )  # fmt: skip


def _start(owner: Owner) -> int:
    """The timestep that the link need not say."""
    return next(p.default for p in owner.parameters() if p.name == "t")


def asked(value: Any, last: int) -> tuple[int, int] | None:
    """Read what a browser asked for: the timestep, kept within the sequence, and the number of the asking."""
    if not isinstance(value, dict) or not all(type(value.get(name)) is int for name in ("to", "asking")):
        return None
    return min(max(value["to"], 0), last), min(max(value["asking"], 0), 2**53)


def _go(owner: Owner, last: int) -> None:
    if found := asked(sent(_KEY, "go"), last):
        t, st.session_state[_ANSWERED] = found
        owner.change(t=t)
