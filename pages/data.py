"""Data: how a review becomes what a network gets, and which of its words never arrive."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import prose
from pages.parts.data.controls import controls
from pages.parts.data.downloads import downloads
from pages.parts.data.settings import PAGE, SET
from pages.parts.data.source import open_source
from pages.parts.data.stage import stages
from pages.parts.data.words import explanation

frame(PAGE)
SET.arrive()
open_source()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    controls()
stages()
downloads()
explanation()
way_on(PAGE, prose(PAGE, "seen"))
