"""The train page's controls: task, cells, start and stop, and behind a button what is seldom changed."""

import os
from collections.abc import Sequence

import streamlit as st

from pages.common.language import _, duration
from pages.common.names import cell_name, task_name
from pages.common.worker import trainer
from pages.parts.train.runs import Seen, Shown, choose, own, start, take_problem, wish
from pages.parts.train.settings import SET, current, has_reviews, specs
from pages.parts.train.words import end_name, length_label, setting_name, told
from rnn_core import tasks
from rnn_core.errors import VisitorError
from rnn_core.models.network import NETWORKS
from rnn_core.tasks.imdb_file import Availability
from rnn_core.tasks.padding import ENDS
from rnn_core.training.runs import Run
from rnn_core.training.spec import PRESETS, SpecError, TrainingSpec, check_budget, estimate_seconds


def controls(seen: Seen) -> None:
    """Draw the controls, and what stands between the visitor and a training, if anything."""
    mine = own(seen.shown)
    refused, expected = _expected()
    imdb = tasks.imdb.available() if PRESETS[current().task].task == "imdb" else None
    possible = refused is None and (imdb is None or imdb.usable)
    going = any(not run.ended for run in mine)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_controls"):
        SET.select(
            "task", _("task"), {name: task_name(name) for name in PRESETS}, then=_other_task,
            label_visibility="collapsed", width=190,
        )  # fmt: skip
        SET.pills(
            "cells", _("cells"), {cell: cell_name(cell) for cell in NETWORKS}, label_visibility="collapsed",
            width="content",
        )  # fmt: skip
        st.button(
            _("Start training"), key="train_start", type="primary", icon=":material/play_arrow:", on_click=start,
            disabled=going or not possible,
        )  # fmt: skip
        _while_it_trains(mine, going)
        with st.popover(_("Settings"), icon=":material/tune:", width="content"), st.container(width=820):
            seldom_changed()
            st.button(
                _("Start with a new seed"), key="train_new_seed", icon=":material/casino:", on_click=start,
                args=(True,), disabled=going or not possible,
            )  # fmt: skip
        if possible and all(one.run.ended for one in seen.shown):
            st.caption(_("about {time}").format(time=duration(expected)), width="content")
    if imdb is not None:
        _tell_imdb(imdb)
    if refused is not None:
        _refuse(refused)
    if (problem := take_problem()) is not None:
        st.error(told(problem), icon=":material/error:")
    if seen.shown and not mine:
        st.info(_whose(seen.shown))


def _other_task() -> None:
    choose(current().task)


def _while_it_trains(mine: Sequence[Run], going: bool) -> None:
    """Draw what can be done with the runs that are shown and one's own."""
    st.button(_("Stop"), key="train_stop", icon=":material/stop:", on_click=wish, args=("stop",), disabled=not going)
    if any(run.can_resume for run in mine):
        st.button(_("Resume"), key="train_resume", icon=":material/resume:", on_click=wish, args=("resume",))
    else:
        able = any(run.can_pause for run in mine)
        st.button(
            _("Pause"), key="train_pause", icon=":material/pause:", on_click=wish, args=("pause",), disabled=not able
        )
    able = any(run.can_extend and run.epochs_done for run in mine)
    st.button(_("+1 epoch"), key="train_more", on_click=wish, args=("one_more_epoch",), disabled=not able)


def _whose(shown: Sequence[Shown]) -> str:
    if all(one.run.ended for one in shown):
        return _("This was somebody else's training; it has ended. **Start training** begins one of your own.")
    return _(
        "You are watching somebody else's training. Only its owner can stop it; **Start training** begins one of "
        "your own."
    )


def seldom_changed() -> None:
    """Draw what is seldom changed. What cannot be meant together is told where it is set."""
    left, middle, right = st.columns(3)
    with left:
        SET.number("units", _("units: numbers in the state"))
        SET.number("length", length_label(current().task, current().truncating))
        SET.number("samples", _("sequences; the last fifth validates"), step=1000)
    with middle:
        SET.number("epochs", _("epochs: times through all sequences"))
        SET.number("batch_size", _("batch size: sequences per step"))
        SET.number("learning_rate", _("learning rate"), step=0.001, format="%g")
    with right:
        SET.number("seed", _("seed: which random numbers"))
        SET.number("seeds", _("how many seeds"), help=_("Several seeds give a mean and a band: how much is luck?"))
        SET.number("layers", _("recurrent layers, stacked"))
    left, middle, right = st.columns(3)
    with left:
        SET.segments("reading", _("reading"), {"forwards": _("forwards"), "both": _("both directions")})
    with middle:
        SET.number("early_stopping", _("early stopping: epochs of patience, 0 is off"))
    with right:
        SET.number(
            "clip", _("gradient clipping: largest norm, 0 is off"), format="%g", step=0.5,
            help=_(
                "Keras' `global_clipnorm`: all gradients together are scaled down to this norm. That is what "
                "textbooks call clipping the norm; Keras' `clipnorm` clips each weight matrix by itself."
            ),
        )  # fmt: skip
    if has_reviews(current().task):
        _of_reviews()


def _of_reviews() -> None:
    """Draw how reviews of different lengths become rows of one length."""
    left, middle, right = st.columns(3)
    with left:
        words: dict[str, str] = {end: end_name("padding", end) for end in ENDS}
        SET.segments("padding", _("padding: zeros that fill up short reviews"), words)
    with middle:
        words = {end: end_name("truncating", end) for end in ENDS}
        SET.segments("truncating", _("cutting: what long reviews lose"), words)
    with right:
        SET.switch(
            "mask", _("mask: skip the padding"),
            help=_("Keras' `Embedding(mask_zero=True)`: at the zeros the state stays what it is."),
        )  # fmt: skip


def forecast(asked: Sequence[TrainingSpec], workers: int) -> float:
    """Return roughly how many seconds all of it will take.

    Raises:
        SpecError: it may not be started: "no_cells", "over_budget", "far_over_budget".
        TaskError: "too_short".
    """
    if not asked:
        raise SpecError("no_cells")
    too_large = []
    for spec in asked:
        tasks.check(spec.data)
        try:
            check_budget(spec)
        except SpecError as error:
            too_large.append(error)
    if too_large:  # the strictest advice: what it lowers to fits all
        raise min(too_large, key=lambda error: error.values.get("to", 0))
    # Workers beyond the number of cores share them.
    seconds = [estimate_seconds(spec) for spec in asked]
    return max(*seconds, sum(seconds) / max(1, min(workers, os.cpu_count() or 1)))


def _expected() -> tuple[VisitorError | None, float]:
    """Why what is set may not be started, or how long it takes."""
    try:
        return None, forecast(specs(current()), trainer().status.workers or 3)
    except VisitorError as error:
        return error, 0.0


def _refuse(error: VisitorError) -> None:
    """Tell why these settings may not be started, and offer to lower what is too large."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(told(error), icon=":material/hourglass_disabled:")
        if error.code == "over_budget":
            setting, to = error.values["setting"], error.values["to"]
            words = _("Lower “{setting}” to {to}").format(setting=setting_name(setting), to=f"{to:,}")
            st.button(words, key="train_lower", on_click=SET.change, kwargs={setting: to})


def _tell_imdb(there: Availability) -> None:
    """Tell what stands between the visitor and the IMDB reviews, if anything; another task is one click away."""
    if not there.usable:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(told(there.told), icon=":material/folder_off:")
            instead = "small_reviews"
            words = _("Take “{task}” instead").format(task=task_name(instead))
            st.button(words, key="train_instead", on_click=choose, args=(instead,))
    elif there.told.code == "to_download":
        st.caption(told(there.told))
