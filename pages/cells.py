"""Cells: LSTM, GRU and SimpleRNN, gate by gate and timestep by timestep, with every number open to its arithmetic."""

from functools import lru_cache

import numpy as np
import streamlit as st

from pages.common.arithmetic import OPENED, arithmetic_panel, opened, opens
from pages.common.cell_details import book_and_keras, parameters, take_away, twin_on_request
from pages.common.cell_settings import BIASES, PARAMETERS, START, Settings, controls, read, settings, still_the_pulse
from pages.common.cell_words import EQUATIONS, labels, observation, questions, what_is_left
from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.common.link import Number, keep_link, open_link
from pages.common.picture import picture
from pages.common.predict import ASK, ask_switch, predict
from pages.common.transport import SPEED, on_stage, transport
from rnn_core.charts import gates
from rnn_core.charts.toy import listing
from rnn_core.remains import first_input_left

PAGE = "cells"
# The open number's sum in pixels: with its title about as high as the diagram on a screen 1280 wide.
BESIDE_DIAGRAM = 310
LINK = (*PARAMETERS, Number("t", 0, 0, 100), SPEED, OPENED, ASK)


@lru_cache(maxsize=64)
def left_of(chosen: Settings) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        return first_input_left(read(chosen))


def in_diagram(pick: str) -> str | None:
    """A number of the diagram follows the transport, but what came from the timestep before stays where it is."""
    field, unit, *_column = [*pick.split(":"), ""]
    if not field.endswith("_previous"):
        return f"{field}:{unit}"
    before = st.session_state["t"] - 2
    return f"{field.removesuffix('_previous')}:{unit}:{before}" if before >= 0 else None


def stage() -> None:
    """Draw all that changes with the timestep."""
    chosen = settings()
    trace, left = read(chosen), left_of(chosen)
    t = transport(chosen.timesteps)
    st.session_state["_on_screen"]["t"] = t
    words = labels(trace, t, chosen)
    at = opened(trace, t - 1)
    drawing, beside = st.columns([1.87, 1], gap="medium")
    with drawing:
        scene = gates.diagram(trace=trace, t=t, labels=words, opened=at)
        picture(scene, "diagram", stamp=f"t={t}", on_pick=opens("diagram", in_diagram))
    with beside:
        arithmetic_panel(trace, t - 1, height=BESIDE_DIAGRAM)
        predict(questions(chosen), t)
        if at is None:
            hint = f":gray[{_('Click any number to see the sum behind it.')}]"
            if still_the_pulse():
                hint = _("These are still the pulse's numbers: press **Edit the numbers** above and type your own.")
            st.markdown(f"{observation(trace, t)}\n\n{hint}")
            picture(
                listing(lines=EQUATIONS[chosen.cell], marked=(), shapes=(), label=_("The cell's equations")),
                "equations",
            )
    scene = gates.strip(trace=trace, t=t, labels=words, left=left, words=chosen.words, opened=at)
    picture(scene, "strip", stamp=f"t={t}", on_pick=opens("strip"))
    st.markdown(what_is_left(trace, left, t))
    keep_link(PAGE, LINK)


def biases(chosen: Settings) -> None:
    """Draw one slider for each gate's bias."""
    if not chosen.biases:
        st.caption(_("A SimpleRNN has no gates to open or shut; choose LSTM or GRU above to move their biases."))
        return
    names = labels(read(chosen), 0, chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="biases"):
        for gate, _value in chosen.biases:
            label = _("bias of the {gate}").format(gate=names[gate].partition(" ")[2])
            st.slider(label, -10.0, 10.0, step=0.5, format="%.1f", key=f"bias_{gate}")
        gate = "forget_gate" if chosen.cell == "lstm" else "update_gate"
        st.button(
            _("{gate} bias 5, 40 timesteps").format(gate=names[gate].partition(" ")[2].capitalize()),
            on_click=_long_memory,
            args=(gate,),
            key="long_memory",
            icon=":material/science:",
        )
        st.button(_("Keras' start"), on_click=_keras_start, key="keras_start", icon=":material/restart_alt:")


def _long_memory(gate: str) -> None:
    st.session_state.update({"input": "pulse", "timesteps": 40, "t": 40, f"bias_{gate}": 5.0})


def _keras_start() -> None:
    st.session_state.update({f"bias_{gate}": value for gate, value in START.items()})


frame(PAGE)
open_link(PAGE, LINK)
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center"):
    controls()
    ask_switch()
for number in BIASES:
    # A slider that is not drawn now must not lose its value.
    st.session_state[number.name] = st.session_state[number.name]
current = settings()
# The stage repaints alone; what is taken away later must be what it shows by then.
on_screen = st.session_state["_on_screen"] = {}
on_stage(stage, current.timesteps)
biases(current)
take_away(current, on_screen)
book_and_keras(current)
twin_on_request(current)
parameters(current)
with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
