"""Train: launch SimpleRNN, LSTM and GRU side by side, and watch which of them learns the task."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.common.link import keep_link, open_link
from pages.common.visitor import remember_visitor
from pages.common.worker import trainer
from pages.parts.train.controls import controls
from pages.parts.train.ledger import ledger, read_with
from pages.parts.train.questions import as_told, guess
from pages.parts.train.runs import attempt, find_runs, look, show_again, shown_ids, signature
from pages.parts.train.settings import THREE_CELLS, asked_task, parameters, specs
from pages.parts.train.task import task_shown, what_it_sees
from pages.parts.train.view import Shown, cards, chart_key, charts, compared, log, problems
from pages.parts.train.words import cell_name, told
from rnn_core import tasks
from rnn_core.training.spec import PRESETS
from rnn_core.training.store import StoreUnavailable
from rnn_core.training.web.cluster import TrainerError

PAGE = "train"
BEAT, SLOW_BEAT = 0.4, 1.5  # seconds between two looks at the store: while something moves, while it only waits


def live(before: tuple) -> None:
    """Draw all that changes while trainings run; this alone is drawn again at every beat."""
    status = trainer().status
    if status.code == "unreachable":
        st.warning(told(TrainerError("trainer_unreachable")), icon=":material/cloud_off:")
    shown = look()
    if signature(shown) != before or (status.code == "ready") != st.session_state["_train_ready"]:
        st.rerun()  # the buttons and the beat belong to the whole page
    preset = PRESETS[st.session_state["task"]]
    task = tasks.TASKS[shown[0].run.spec.task if shown else preset.task]
    cards(shown, [spec for spec in specs() if spec.seed == st.session_state["seed"]], status.code)
    problems(shown)
    chance = None if shown else what_it_sees()[1]
    article = task is tasks.TASKS["imdb"] and st.session_state.get("train_article", True)
    charts(shown, task, st.session_state["epochs"], chance, article)
    cells = {one.run.spec.cell for one in shown} or set(st.session_state["cells"])
    with st.container(horizontal=True, vertical_alignment="top"):
        st.caption(f"{chart_key(article, st.session_state['seeds'] > 1)}{compared(cells)}", width="stretch")
        if task is tasks.TASKS["imdb"]:
            st.toggle(_("the article's curves"), value=True, key="train_article")
    open_on_cells(shown)
    st.subheader(_("Log"), anchor=False)
    with st.container(height=170, border=True):
        log(shown)


def open_on_cells(shown: list[Shown]) -> None:
    """Draw a link to the cells page for every network that is done."""
    store = trainer().store
    ready = [one.run for one in shown if one.run.state == "done" and one.run.spec.cell in THREE_CELLS]
    ready = [run for run in ready if store.model_path(run.id) is not None]
    seeds = len({run.spec.seed for run in ready}) > 1
    # The row is there before the links are, so that nothing moves when they come.
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_read"):
        if not ready:
            st.caption(_("Once a training is done, its network can be watched reading, step by step."))
            return
        st.markdown(_("Read a sequence step by step with what was trained:"), width="content")
        for run in ready:
            label = _("{cell}, seed {seed}") if seeds else "{cell}"
            read_with(run, label.format(cell=cell_name(run.spec.cell), seed=run.spec.seed))


def beat(shown: list[Shown]) -> float | None:
    """Return how often to look: not at all when nothing moves."""
    ready = trainer().status.code == "ready"
    st.session_state["_train_ready"] = ready
    if any(one.run.state in ("starting", "compiling", "running") or one.run.pausing for one in shown):
        return BEAT
    if any(one.run.state == "queued" for one in shown):
        return BEAT if ready else SLOW_BEAT
    return SLOW_BEAT if not ready or any(not one.run.ended for one in shown) else None


def closing(shown: list[Shown]) -> str:
    """Name the page's last words: what this task shows, and of memory what the runs have shown already."""
    task = shown[0].run.spec.task if shown else st.session_state["task"]
    if task in ("small_reviews", "imdb"):
        return f"closing_{task}"
    return "seen" if as_told(shown) else "expect"


def kept_runs() -> None:
    """Draw the ledger, or say why it cannot be read."""
    try:
        ledger(trainer(), shown_ids(), show_again, attempt)
    except StoreUnavailable as error:
        st.caption(told(error))


frame(PAGE)
open_link(PAGE, parameters(asked_task()))
find_runs()
st.markdown(prose(PAGE, "question"))
on_show = look()
controls(on_show)
guess(on_show)
st.fragment(live, run_every=beat(on_show))(signature(on_show))
st.subheader(_("What the network sees"), anchor=False)
task_shown()
st.subheader(_("Your runs"), anchor=False)
kept_runs()
with st.expander(_("What the settings and the curves mean"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
keep_link(PAGE, parameters(st.session_state["task"]))
remember_visitor()
way_on(PAGE, prose(PAGE, closing(on_show)))
