"""Home: why a network needs memory, the loop in a few lines, and a map of the lesson."""

import numpy as np
import streamlit as st

from pages.common.frame import frame, pages, way_on
from pages.common.language import _, language, prose
from pages.common.link import Number, keep_link, open_link
from pages.elements.picture import picked, picture
from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward
from rnn_core.charts.home import with_and_without
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import short

PAGE = "home"
TIMESTEPS = 8
# The eight inputs as the bits of one number, the first one the highest.
PARAMETERS = (Number("inputs", 128, 0, 2**TIMESTEPS - 1), Number("u", 0.9, 0.0, 1.5))
LOOP = [
    "state = 0",
    "for input in inputs:",
    "    output = f(input, state)",
    "    state = output",
]


def switch() -> None:
    """Turn the clicked input on or off."""
    kind, _colon, at = (picked("memory") or "").partition(":")
    if kind == "x" and at.isdecimal() and int(at) < TIMESTEPS:
        st.session_state["inputs"] ^= 1 << (TIMESTEPS - 1 - int(at))


def read(inputs: np.ndarray, u: float) -> SimpleRNNTrace:
    """Let one unit with W = 1, b = 0 and this U read the inputs."""
    weights = SimpleRNNWeights(kernel=np.ones((1, 1)), recurrent_kernel=np.full((1, 1), u), bias=np.zeros(1))
    return simple_rnn_forward(inputs[np.newaxis, :, np.newaxis], weights)


@st.fragment
def stage() -> None:
    """Draw the two networks, what can be changed, and what follows from it."""
    bits = st.session_state["inputs"]
    inputs = np.array([bits >> (TIMESTEPS - 1 - t) & 1 for t in range(TIMESTEPS)], dtype=float)
    drawing, beside = st.columns([2.35, 1], gap="medium")
    with beside:
        u = st.slider(_("U: how much of the state is carried on"), 0.0, 1.5, step=0.05, key="u")
        st.caption(_("Click an input to switch it on or off. At U = 0 the two networks are the same."))
    forgetful, remembering = read(inputs, 0.0), read(inputs, u)
    labels = {
        "feedforward": _("no memory"),
        "recurrent": _("with a state"),
        "input": _("input"),
        "output": _("output"),
        "timestep": _("timestep"),
        "state": "state",
        "switch": _("click: switch this input on or off"),
        "alt": _("A unit without and a unit with a state read the same eight inputs."),
    }
    with drawing:
        picture(with_and_without(forgetful=forgetful, remembering=remembering, labels=labels), "memory", on_pick=switch)
    with beside:
        st.markdown(observation(inputs, forgetful, remembering))
        picture(listing(lines=LOOP, marked=(3,), shapes=(), label=_("The loop")), "loop")
    keep_link(PAGE, PARAMETERS)


def observation(inputs: np.ndarray, forgetful: SimpleRNNTrace, remembering: SimpleRNNTrace) -> str:
    """Say what the last timestep still knows."""
    if not inputs.any():
        return _("No input is switched on: there is nothing to remember.")
    return _(
        "The last input that was on came at timestep {t}. At timestep {last} the network without memory says "
        "**{without}**, the one with a state **{with_state}**."
    ).format(
        t=int(np.flatnonzero(inputs)[-1]) + 1,
        last=TIMESTEPS,
        without=short(forgetful.h[0, -1, 0]),
        with_state=short(remembering.h[0, -1, 0]),
    )


frame(PAGE)
open_link(PAGE, PARAMETERS)
st.markdown(prose(PAGE, "question"))
stage()
st.subheader(_("The lesson"), anchor=False)
for entry, column in zip(pages()[1:], st.columns(len(pages()) - 1, border=True), strict=True):
    with column:
        st.page_link(entry.file, label=f"**{entry.menu}**", icon=entry.icon, query_params={"lang": language()})
        st.markdown(entry.question)
        st.caption(prose(PAGE, entry.name))
way_on(PAGE, prose(PAGE, "seen"))
