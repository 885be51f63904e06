"""Train: launch SimpleRNN, LSTM and GRU side by side, and watch which of them learns the task."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.common.visitor import remember_visitor
from pages.parts.train.controls import controls
from pages.parts.train.ledger import ledger
from pages.parts.train.questions import closing, questions
from pages.parts.train.runs import arrive, keep, look
from pages.parts.train.settings import PAGE, SET
from pages.parts.train.stage import stage
from pages.parts.train.task import in_short, task_shown

frame(PAGE)
arrive()
SET.say_problems()
st.markdown(prose(PAGE, "question"))
seen = look()
keep(seen)
controls(seen)
in_short()
questions(seen.shown)
stage(seen)
task_shown()
ledger(seen.shown)
with st.expander(_("What the settings and the curves mean"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
SET.keep_link()
remember_visitor()
way_on(PAGE, closing(seen.shown))
