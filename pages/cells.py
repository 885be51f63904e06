"""Cells: LSTM, GRU and SimpleRNN, gate by gate and timestep by timestep, with every number open to its arithmetic."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, language, prose
from pages.common.link import Number, keep_link, open_link
from pages.common.predict import ASK, ask_switch, predict
from pages.elements.arithmetic import OPENED, arithmetic_panel, opened, opens
from pages.elements.picture import keep_numbers, picture, send_ahead
from pages.elements.transport import SPEED, on_stage, stamp, timestep, transport
from pages.parts.cells.details import book_and_keras, parameters, take_away, twin_on_request
from pages.parts.cells.network import RUN, network_controls, network_says, open_network
from pages.parts.cells.settings import BIASES, PARAMETERS, START, Settings, controls, read, settings, still_the_pulse
from pages.parts.cells.weights import edit_weights
from pages.parts.cells.words import EQUATIONS, labels, left_of, observation, questions, what_is_left
from rnn_core.charts import gates
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import Scene

PAGE = "cells"
# The open number's sum in pixels: with its title about as high as the diagram on a screen 1280 wide.
BESIDE_DIAGRAM = 310
LINK = (*PARAMETERS, *RUN, Number("t", 0, 0, 100), SPEED, OPENED, ASK)


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
    trace, t = read(chosen), timestep()
    st.session_state["_on_screen"]["t"] = t
    at = opened(trace, t - 1)
    pictures, left = drawn(chosen, t), what_is_left(trace, left_of(chosen), t)
    # Whatever changes them beside the timestep.
    edition = str(hash((chosen, st.session_state[OPENED.name], language())))
    shown = {"stamp": stamp(t), "edition": edition}
    # All is computed before the first element is sent, and the pictures go first.
    bar, above = st.container(), st.container()
    picture(pictures["strip"], "strip", on_pick=opens("strip"), **shown)
    with above:
        drawing, beside = st.columns([1.87, 1], gap="medium")
        with drawing:
            picture(pictures["diagram"], "diagram", on_pick=opens("diagram", in_diagram), **shown)
        with beside:
            network_says(t)
            predict(questions(chosen, t), t)
            arithmetic_panel(trace, t - 1, height=BESIDE_DIAGRAM)
            if at is None:
                hint = f":gray[{_('Click any number to see the sum behind it.')}]"
                if still_the_pulse():
                    hint = _("These are still the pulse's numbers: press **Edit the numbers** above and type your own.")
                st.markdown(f"{observation(trace, t)}\n\n{hint}")
                picture(
                    listing(lines=EQUATIONS[chosen.cell], marked=(), shapes=(), label=_("The cell's equations")),
                    "equations",
                )
    st.markdown(left)
    with bar:
        transport(chosen.timesteps)
    keep_link(PAGE, LINK)
    send_ahead({stamp(t + 1): drawn(chosen, t + 1)} if t < chosen.timesteps else {}, edition)


def drawn(chosen: Settings, t: int) -> dict[str, Scene]:
    """Return the two pictures of a timestep."""
    trace = read(chosen)
    given = {"trace": trace, "t": t, "labels": labels(trace, t, chosen), "opened": opened(trace, t - 1)}
    return {
        "diagram": gates.diagram(**given, word="".join(chosen.words[t - 1 : t]) if t else ""),
        "strip": gates.strip(**given, left=left_of(chosen), words=chosen.words),
    }


def biases(chosen: Settings) -> None:
    """Draw one slider for each gate's bias, where the picture can be seen while it is moved."""
    if not chosen.biases:
        return
    names = labels(read(chosen), 0, chosen)
    with st.popover(_("Gate biases"), icon=":material/instant_mix:", key="biases"):
        for gate, _value in chosen.biases:
            label, key = _("bias of the {gate}").format(gate=names[gate].partition(" ")[2]), f"bias_{gate}"
            # With its value twice, as for any number in a popover: see number_setting.
            st.slider(label, -10.0, 10.0, st.session_state[key], step=0.5, format="%.1f", key=key)
        gate = "forget_gate" if chosen.cell == "lstm" else "update_gate"
        st.button(
            _("{gate} bias 5, 40 timesteps").format(gate=names[gate].partition(" ")[2].capitalize()),
            on_click=_long_memory,
            args=(gate,),
            key="long_memory",
            icon=":material/science:",
        )
        st.button(_("Keras' start"), on_click=_keras_start, key="keras_start", icon=":material/restart_alt:")


def further(chosen: Settings) -> None:
    """Draw the tab that is open, of those that go on from the picture; the others wait, so that a step stays quick."""
    subjects = {
        _("What is what in this picture"): explanation,
        _("In the book, in Keras"): book_and_keras,
        _("Is this really Keras?"): twin_on_request,
        _("What do the gates cost?"): parameters,
    }
    if chosen.cell == "simple_rnn" or chosen.begun:
        # Books and Keras write a SimpleRNN alike; and the book's cells would have to begin where the page's do.
        subjects.pop(_("In the book, in Keras"))
    for tab, draw in zip(st.tabs(list(subjects), on_change="rerun", key="further"), subjects.values(), strict=True):
        if tab.open:
            with tab:
                draw(chosen)


def explanation(chosen: Settings) -> None:
    """Draw what the parts of this cell's picture are."""
    parts = (chosen.cell, "trained" if st.session_state["run"] else "random", "picture")
    st.markdown("\n".join(prose(PAGE, f"explanation_{part}") for part in parts))


def _long_memory(gate: str) -> None:
    st.session_state.update({"input": "pulse", "timesteps": 40, "t": 40, f"bias_{gate}": 5.0})


def _keras_start() -> None:
    st.session_state.update({f"bias_{gate}": value for gate, value in START.items()})


frame(PAGE)
open_link(PAGE, LINK)
network = open_network()
st.markdown(prose(PAGE, "question"))
for number in BIASES:
    # A slider that is not drawn now must not lose its value.
    st.session_state[number.name] = st.session_state[number.name]
with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    if network:
        network_controls(network)
    else:
        controls()
        biases(settings())
    ask_switch()
current = settings()
# The stage repaints alone; what is taken away later must be what it shows by then.
on_screen = st.session_state["_on_screen"] = {}
keep_numbers(drawn(current, 0)["strip"], "strip")
on_stage(stage, current.timesteps)
if not network:
    edit_weights(current)
take_away(current, on_screen)
st.fragment(further)(current)
way_on(PAGE, prose(PAGE, f"seen_{'trained' if network else current.cell}"))
