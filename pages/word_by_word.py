"""Word by word: networks read a review, and their verdict is seen to move with every word."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.parts.word_by_word.controls import controls
from pages.parts.word_by_word.networks import open_run
from pages.parts.word_by_word.settings import PAGE, SET
from pages.parts.word_by_word.stage import stages
from pages.parts.word_by_word.texts import settle_text

frame(PAGE)
SET.arrive()
open_run()
settle_text()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    controls()
stages()
with st.expander(_("How to read this, and what it does not prove"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
