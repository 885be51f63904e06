"""Shapes: what return_sequences changes, layer by layer, counted by hand and in Keras' own words."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import prose
from pages.parts.shapes.settings import PAGE, SET
from pages.parts.shapes.stage import STYLE, stage

frame(PAGE)
SET.arrive()
st.html(STYLE)
st.markdown(prose(PAGE, "question"))
st.fragment(stage)()
st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
