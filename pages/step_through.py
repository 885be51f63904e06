"""Step through: the toy RNN of the lesson, one timestep at a time, with every number it computes."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.elements.transport import on_stage
from pages.parts.step_through.downloads import downloads
from pages.parts.step_through.settings import PAGE, SET, controls, current
from pages.parts.step_through.stage import send_numbers, stage
from pages.parts.step_through.tables import change_numbers

frame(PAGE)
SET.arrive()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    controls()
send_numbers()
on_stage(SET, stage, lambda: current().timesteps)
downloads()
change_numbers()
with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
