"""The element that draws a row of layers, each with its switch of return_sequences: one element, however many layers.

As one element of its own because each of Streamlit's costs the browser 2 to 3 ms at every repaint, and because its
switches must not turn back when an answer arrives that does not know of the last click yet.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.browser import element, sent
from rnn_core.charts import palette

_LARGEST = 2**31
_SEEN = "_clicks_seen"


def _colours() -> str:
    tones = {**palette.NETWORKS, "dense": palette.NETWORKS["bag_of_words"], "input": palette.ROLES["input"]}
    common = {"ink": palette.INK, "quiet": palette.QUIET, "ground": palette.GROUND}
    light = "".join(f"--{name}:{tone.light};" for name, tone in common.items())
    dark = "".join(f"--{name}:{tone.dark};" for name, tone in common.items())
    cells = (
        f".{name}{{--cell:{tone.light}}} .blocks.dark .{name}{{--cell:{tone.dark}}}" for name, tone in tones.items()
    )
    return f".blocks{{{light}}} .blocks.dark{{{dark}}} {' '.join(cells)}"


_draw = element(Path(__file__).with_suffix(".js"), html='<div class="blocks"></div>', css=_colours())


def blocks(
    columns: Sequence[dict[str, Any]],
    key: str,
    *,
    slots: int,
    change: str,
    room: int,
    on_flip: Callable[[dict[int, bool]], None],
    on_open: Callable[[str], None],
) -> None:
    """Draw the columns.

    Args:
        columns: each with id (a layer's index, or a word), title, note, colour, sequences (True, False, or None where
            there is no switch), turned (the stamp of the pictures after a click on the switch), refused, open.
        slots: how many columns the width is divided into.
        change: what a click on a name does, said to those who hover or listen.
        room: how far below the blocks' top ends what a click on a name opens: so much comes into sight, in pixels.
        on_flip: called with the switches that were turned, by layer.
        on_open: called with the id of the name that was clicked.
    """

    def flip() -> None:
        flips, seen[key] = turned(sent(key, "flipped"), seen.get(key, 0))
        on_flip(flips)

    def opened() -> None:
        name = sent(key, "open")
        if isinstance(name, str):
            on_open(name)

    # For each row the number of the last click that is known here: it tells the browser which answers are too old.
    seen = st.session_state.setdefault(_SEEN, {})
    _draw(
        key=key,
        data={"columns": list(columns), "slots": slots, "change": change, "room": room, "seen": seen.get(key, 0)},
        on_flipped_change=flip,
        on_open_change=opened,
    )


def turned(sent: Any, seen: int) -> tuple[dict[int, bool], int]:
    """Return the switches turned since click `seen`, in the order of their clicks, and the last click's number.

    The browser sends `{layer: [number of the click, on]}`; it may send anything.
    """
    clicks = []
    for layer, click in sent.items() if isinstance(sent, dict) else ():
        if not (isinstance(layer, str) and layer.isdecimal() and len(layer) <= 2):
            continue
        if not (isinstance(click, list | tuple) and len(click) == 2 and isinstance(click[1], bool)):
            continue
        # JavaScript knows one kind of number.
        number = int(click[0]) if isinstance(click[0], int | float) and 0 < click[0] < _LARGEST else 0
        if number > seen:
            clicks.append((number, int(layer), click[1]))
    clicks.sort()
    return {layer: on for _number, layer, on in clicks}, max((click[0] for click in clicks), default=seen)


