"""The train page's controls: task, cells, start and stop, and behind a button what is seldom changed."""

import streamlit as st

from pages.common.language import _, language
from pages.common.visitor import visitor
from pages.common.worker import trainer
from pages.parts.train.runs import change_task, start, take_problem, wish
from pages.parts.train.settings import forecast, refuse, settings, specs, tell_imdb
from pages.parts.train.view import Shown
from pages.parts.train.words import cell_name, duration, task_name
from rnn_core import tasks
from rnn_core.errors import VisitorError
from rnn_core.models.network import NETWORKS
from rnn_core.training.spec import PRESETS


def controls(shown: list[Shown]) -> None:
    """Draw the task, the cells, start and stop, and behind a button what is seldom changed."""
    task = st.session_state["task"]
    mine = [one.run for one in shown if trainer().store.is_owner(one.run, visitor())]
    going = any(not run.ended for run in mine)
    asked, refused, expected = specs(), None, 0.0
    try:
        expected = forecast(asked, trainer().status.workers or 3)
    except VisitorError as error:
        refused = error
    imdb = tasks.imdb.available() if PRESETS[task].task == "imdb" else None
    possible = refused is None and (imdb is None or imdb.usable)
    # A selectbox keeps the words it was chosen by, so each language has its own.
    st.session_state[f"task_{language()}"] = task
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_controls"):
        st.selectbox(
            _("task"),
            list(PRESETS),
            key=f"task_{language()}",
            format_func={name: task_name(name) for name in PRESETS}.get,
            label_visibility="collapsed",
            width=215,
            on_change=change_task,
        )
        st.pills(
            _("cells"),
            NETWORKS,
            key="cells",
            selection_mode="multi",
            format_func={cell: cell_name(cell) for cell in NETWORKS}.get,
            label_visibility="collapsed",
            width="content",
        )
        st.button(
            _("Start"),
            key="train_start",
            type="primary",
            icon=":material/play_arrow:",
            on_click=start,
            disabled=going or not possible,
        )
        st.button(
            _("Stop"), key="train_stop", icon=":material/stop:", on_click=wish, args=("stop",), disabled=not going
        )
        if any(run.can_resume for run in mine):
            st.button(_("Resume"), key="train_resume", icon=":material/resume:", on_click=wish, args=("resume",))
        else:
            st.button(
                _("Pause"),
                key="train_pause",
                icon=":material/pause:",
                on_click=wish,
                args=("pause",),
                disabled=not any(run.can_pause for run in mine),
            )
        st.button(
            _("+1 epoch"),
            key="train_more",
            on_click=wish,
            args=("one_more_epoch",),
            disabled=not any(run.can_extend and run.epochs_done for run in mine),
        )
        with st.popover(_("Settings"), icon=":material/tune:", width="content"), st.container(width=820):
            settings()
            st.button(
                _("Start with a new seed"),
                key="train_new_seed",
                icon=":material/casino:",
                on_click=start,
                args=(True,),
                disabled=going,
            )
        if possible and all(one.run.ended for one in shown):
            st.caption(_("about {time}").format(time=duration(expected)), width="content")
    if imdb is not None:
        tell_imdb(imdb)
    if refused is not None:
        refuse(refused)
    if (text := take_problem()) is not None:
        st.error(text, icon=":material/error:")
    if shown and not mine:
        st.info(
            _(
                "You are watching somebody else's training. Only its owner can stop it; **Start** begins one of "
                "your own."
            )
        )
