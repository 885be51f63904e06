"""What is to be trained: the task, the cells and all that is seldom changed, from the link and from widgets."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from pages.common.language import _
from pages.common.link import Choice, Number, Parameter, Several, number_setting
from pages.parts.train.words import setting_name, task_name, told
from rnn_core import tasks
from rnn_core.errors import VisitorError
from rnn_core.models.network import NETWORKS
from rnn_core.tasks.imdb_file import Availability
from rnn_core.training.spec import LIMITS, PRESETS, SpecError, TrainingSpec, check_budget, estimate_seconds

FIRST_TASK = "delayed_recall"
THREE_CELLS = ("simple_rnn", "lstm", "gru")
MOST_SEEDS = 5
# Fields that a task's preset sets, as they stand in a link.
NUMBERS = (
    "units",
    "length",
    "samples",
    "epochs",
    "batch_size",
    "learning_rate",
    "seed",
    "layers",
    "clip",
    "early_stopping",
)


@lru_cache(maxsize=len(PRESETS))
def parameters(task: str) -> tuple[Parameter, ...]:
    """Return the link's parameters; what a task does by default need not stand in its links."""
    preset = PRESETS[task]
    numbers = []
    for name in NUMBERS:
        limit = LIMITS[name]
        # Off is zero in the link and in the widget, None in the spec.
        low, default = (0, getattr(preset, name) or 0) if limit.optional else (limit.low, getattr(preset, name))
        kind = float if name in ("learning_rate", "clip") else int
        numbers.append(Number(name, kind(default), kind(low), kind(limit.high)))
    return (
        Choice("task", FIRST_TASK, tuple(PRESETS)),
        Several("cells", THREE_CELLS, NETWORKS),
        *numbers,
        Number("seeds", 1, 1, MOST_SEEDS),
        Several("guess", (), NETWORKS),  # what the visitor predicts outlives a reload
        Choice("reading", "forwards", ("forwards", "both")),
    )


def asked_task() -> str:
    """Return the task that the link or the visitor has chosen; the other defaults depend on it."""
    asked = st.query_params.get_all("task")
    task = asked[0].strip() if asked else st.session_state.get("task") or FIRST_TASK
    if task == "imdb":
        task = st.query_params["task"] = "imdb_quick"
    return task if task in PRESETS else FIRST_TASK


def choose(task: str) -> None:
    """Choose a task with its measured defaults; the cells and the prediction stay."""
    st.session_state["task"] = task
    for parameter in parameters(task):
        if parameter.name not in ("task", "cells", "guess"):
            st.session_state[parameter.name] = parameter.default


def settings_of(specs: Sequence[TrainingSpec]) -> None:
    """Set the widgets to what runs were started with, so that they can be varied."""
    spec = specs[0]
    article = PRESETS["imdb_article"]
    size = "imdb_article" if (spec.length, spec.samples) == (article.length, article.samples) else "imdb_quick"
    choose(size if spec.task == "imdb" else spec.task)
    st.session_state["cells"] = [cell for cell in NETWORKS if cell in {s.cell for s in specs}]
    for parameter in parameters(st.session_state["task"]):
        if isinstance(parameter, Number) and parameter.name in NUMBERS:
            st.session_state[parameter.name] = type(parameter.default)(getattr(spec, parameter.name) or 0)
    st.session_state["seed"] = min(s.seed for s in specs)
    st.session_state["seeds"] = min(MOST_SEEDS, len({s.seed for s in specs}))
    st.session_state["reading"] = "both" if spec.bidirectional else "forwards"


def specs() -> list[TrainingSpec]:
    """Return what the widgets ask for: one training per seed and cell, all cells of the first seed first."""
    state = st.session_state
    base = replace(
        PRESETS[state["task"]],
        **{name: state[name] for name in NUMBERS if not LIMITS[name].optional},
        clip=state["clip"] or None,
        early_stopping=state["early_stopping"] or None,
        bidirectional=state["reading"] == "both",
    )
    highest = int(LIMITS["seed"].high)
    return [
        replace(base, cell=cell, seed=min(base.seed + seed, highest))
        for seed in range(state["seeds"])
        for cell in NETWORKS
        if cell in state["cells"]
    ]


def settings() -> None:
    """Draw what is seldom changed. What cannot be meant together is told where it is set."""
    task = st.session_state["task"]
    known = {p.name: p for p in parameters(task)}

    def number(
        name: str, label: str, help: str | None = None, step: float | None = None, format: str | None = None
    ) -> None:
        limit = known[name]
        number_setting(label, limit.low, limit.high, key=name, help=help, step=step, format=format)

    left, middle, right = st.columns(3)
    with left:
        number("units", _("units: numbers in the state"))
        number("length", length_label(task))
        number("samples", _("sequences; every fifth validates"), step=1000)
    with middle:
        number("epochs", _("epochs: times through all sequences"))
        number("batch_size", _("batch size: sequences per step"))
        number("learning_rate", _("learning rate"), step=0.001, format="%g")
    with right:
        number("seed", _("seed: which random numbers"))
        number("seeds", _("how many seeds"), help=_("Several seeds give a mean and a band: how much is luck?"))
        number("layers", _("recurrent layers, stacked"))
    left, middle, right = st.columns(3)
    with left:
        st.segmented_control(
            _("reading"),
            ("forwards", "both"),
            key="reading",
            default=st.session_state["reading"],  # as in number_setting()
            required=True,
            format_func={"forwards": _("forwards"), "both": _("both directions")}.get,
        )
    with middle:
        number("early_stopping", _("early stopping: epochs of patience, 0 is off"))
    with right:
        number(
            "clip",
            _("gradient clipping: largest norm, 0 is off"),
            format="%g",
            step=0.5,
            help=_(
                "Keras' `global_clipnorm`: all gradients together are scaled down to this norm. That is what "
                "textbooks call "
                "clipping the norm; Keras' `clipnorm` clips each weight matrix by itself."
            ),
        )


def length_label(task: str) -> str:
    """Return what the length means for this task."""
    return {
        "delayed_recall": _("length: letters after the first"),
        "adding": _("length: numbers in a row"),
        "small_reviews": _("length: words kept of a review"),
    }.get(task) or _("length: words kept of a review, its last ones")


def forecast(asked: Sequence[TrainingSpec], workers: int) -> float:
    """Return roughly how many seconds all of it will take.

    Raises:
        SpecError: it may not be started: "no_cells", "over_budget", "far_over_budget".
        TaskError: "too_short".
    """
    if not asked:
        raise SpecError("no_cells")
    for spec in asked:
        tasks.check(spec.data)
    too_large = []
    for spec in asked:
        try:
            check_budget(spec)
        except SpecError as error:
            too_large.append(error)
    if too_large:  # the strictest advice: what it lowers to fits all
        raise min(too_large, key=lambda error: error.values.get("to", 0))
    # Workers beyond the number of cores share them.
    seconds = [estimate_seconds(spec) for spec in asked]
    return max(*seconds, sum(seconds) / max(1, min(workers, os.cpu_count() or 1)))


def refuse(error: VisitorError) -> None:
    """Tell why these settings may not be started, and offer to lower what is too large."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(told(error), icon=":material/hourglass_disabled:")
        if error.code == "over_budget":
            lower, to = error.values["setting"], error.values["to"]
            words = _("Lower “{setting}” to {to}").format(setting=setting_name(lower), to=to)
            st.button(words, key="train_lower", on_click=st.session_state.update, args=({lower: to},))


def tell_imdb(there: Availability) -> None:
    """Tell what stands between the visitor and the IMDB reviews, if anything; another task is one click away."""
    if not there.usable:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(told(there.told), icon=":material/folder_off:")
            st.button(
                _("Take “{task}” instead").format(task=task_name("small_reviews")),
                key="train_instead",
                on_click=choose,
                args=("small_reviews",),
            )
    elif there.told.code == "to_download":
        st.caption(told(there.told))
