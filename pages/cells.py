"""Cells: LSTM, GRU and SimpleRNN, gate by gate and timestep by timestep, with every number open to its arithmetic."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import prose
from pages.parts.cells.controls import controls
from pages.parts.cells.details import details
from pages.parts.cells.downloads import downloads
from pages.parts.cells.network import open_run
from pages.parts.cells.settings import PAGE, SET
from pages.parts.cells.stage import stages
from pages.parts.cells.weights import change_weights
from pages.parts.cells.words import seen

frame(PAGE)
SET.arrive()
open_run()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    controls()
stages()
change_weights()
downloads()
st.fragment(details)()
way_on(PAGE, seen())
