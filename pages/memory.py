"""Memory: how much of a loss's gradient reaches each earlier timestep, for all three cells, and why."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import prose
from pages.parts.memory.controls import controls
from pages.parts.memory.settings import PAGE, SET
from pages.parts.memory.stage import stages

frame(PAGE)
SET.arrive()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    controls()
stages()
way_on(PAGE, prose(PAGE, "seen"))
