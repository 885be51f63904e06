"""Home: why a network needs memory, the loop in a few lines, and a map of the lesson."""

import streamlit as st

from pages.common.frame import frame, lesson_map, way_on
from pages.common.language import _, prose
from pages.parts.home.settings import PAGE, SET
from pages.parts.home.stage import stage

frame(PAGE)
SET.arrive()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
st.fragment(stage)()
lesson_map()
with st.expander(_("The book, the article, and the loop in more words"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "about"))
way_on(PAGE, prose(PAGE, "seen"))
