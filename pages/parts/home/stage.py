"""The two networks side by side, what can be changed, and what follows from it."""

import streamlit as st

from pages.common.language import _
from pages.elements.picture import picked, picture
from pages.parts.home.questions import questions
from pages.parts.home.settings import SET, TIMESTEPS, controls, current, read, switch_input
from pages.parts.home.words import LOOP, labels, observation
from rnn_core.charts.home import with_and_without
from rnn_core.charts.listing import listing


def stage() -> None:
    """Draw the picture, and beside it the controls, what the last timestep still knows, and the loop in code."""
    settings = current()
    forgetful, remembering = read(settings.sequence, 0.0), read(settings.sequence, settings.u)
    drawing, beside = st.columns([2.35, 1], gap="medium")
    with drawing:
        scene = with_and_without(forgetful=forgetful, remembering=remembering, labels=labels())
        picture(scene, "memory", stamp=f"{settings.inputs}:{settings.u:g}", on_pick=_switch)
        said, loop = st.columns(2, gap="medium", vertical_alignment="center")
    with beside:
        controls()
        questions(settings)
    with said:
        st.markdown(observation(settings, forgetful, remembering))
    with loop:
        picture(listing(lines=LOOP, marked=(3,), shapes=(), label=_("The loop")), "loop")
    SET.keep_link()


def _switch() -> None:
    kind, _colon, at = (picked("memory") or "").partition(":")
    if kind == "x" and at.isdecimal() and int(at) < TIMESTEPS:
        switch_input(int(at))
