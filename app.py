"""Home: why a network needs memory, the loop in five lines, and a map of the lesson."""

import streamlit as st

from pages.common.frame import frame, pages, way_on
from pages.common.language import prose

frame("home")
st.markdown(prose("home", "question"))
way_on("home", prose("home", "seen"))
