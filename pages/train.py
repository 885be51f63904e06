"""Train: launch SimpleRNN, LSTM and GRU side by side, and watch which of them learns the task."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, language, prose
from pages.common.ledger import ledger, read_with
from pages.common.link import keep_link, open_link
from pages.common.training_settings import (
    THREE_CELLS,
    asked_task,
    choose,
    forecast,
    parameters,
    refuse,
    settings,
    settings_of,
    specs,
    tell_imdb,
)
from pages.common.training_view import Shown, cards, chart_key, charts, compared, log, problems, read, verdict
from pages.common.training_words import by_code, cell_name, duration, refusal, task_name
from pages.common.visitor import remember_visitor, visitor
from pages.common.worker import trainer
from rnn_core import tasks
from rnn_core.training.spec import CELLS, PRESETS, SpecError, TrainingSpec
from rnn_core.training.store import AT_WORK, WAITING, NoSuchRun, StoreUnavailable

PAGE = "train"
BEAT, SLOW_BEAT = 0.4, 1.5  # seconds between two looks at the store: while something moves, while it only waits
_SHOWN, _LINK, _PROBLEM, _LAST = "_train_shown", "_train_link", "_train_problem", "_train_last"
SAMPLES = 5
# Settings without effect on the data: specs that differ in them alone share one set of samples.
SAME_DATA = {
    "cell": "lstm", "units": 1, "epochs": 1, "batch_size": 1, "learning_rate": 0.1, "layers": 1,
    "bidirectional": False, "clip": None, "early_stopping": None,
}  # fmt: skip
LARGEST_SHOWN = 2_000_000  # numbers in a data set that is made only to show samples of it


def attempt(action: Callable[[], object]) -> None:
    """Carry out what a click asks for; an error is told on the page."""
    try:
        action()
    except ValueError as error:
        if not hasattr(error, "code"):
            raise
        st.session_state[_PROBLEM] = refusal(error)


def start(new_seed: bool = False) -> None:
    """Queue a training per cell and seed, and show them; the link now leads to them."""
    if new_seed:
        st.session_state["seed"] = secrets.randbelow(10_000)
    if st.session_state.get(_SHOWN):
        st.session_state["guess"] = []  # it was answered; other settings are another question
    group = secrets.token_hex(5)
    attempt(lambda: show(trainer().start(specs(), visitor(), group=group), group))


def show(ids: list[str], link: str | None = None) -> None:
    """Draw these runs in the charts."""
    st.session_state[_SHOWN] = ids
    st.session_state.pop(_LAST, None)
    st.session_state[_LINK] = link = link or (ids[0] if len(ids) == 1 else "")
    if link:
        st.query_params["run"] = link
    else:
        st.query_params.pop("run", None)


def show_again(ids: list[str]) -> None:
    """Draw runs out of the ledger; if they have learnt the same task, the settings are theirs."""

    def find() -> None:
        found = [run.spec for run in trainer().store.runs(ids=ids)]
        if len({spec.task for spec in found}) == 1:
            settings_of(found)
        if not set(ids) <= set(st.session_state[_SHOWN]):
            st.session_state["guess"] = []  # it was about other runs
        show(ids)

    attempt(find)


def wish(what: str) -> None:
    """Ask for the same of all runs shown that are one's own and can."""
    able = {"stop": "can_stop", "pause": "can_pause", "resume": "can_resume", "one_more_epoch": "can_extend"}[what]
    store, token = trainer().store, visitor()
    attempt(
        lambda: [
            trainer().wish(run.id, token, what)
            for run in store.runs(ids=st.session_state[_SHOWN])
            if getattr(run, able) and store.is_owner(run, token)
        ]
    )


def change_task() -> None:
    """Take the new task's defaults; what was drawn for another task makes room."""
    choose(st.session_state[f"task_{language()}"])
    st.session_state["guess"] = []
    runs = look()
    if all(one.run.ended for one in runs):
        show([])


def find_runs() -> None:
    """Decide what the charts show when a visitor arrives: the link's runs, or those of one's own that still go on."""
    asked = (st.query_params.get("run") or "")[:40]
    if _SHOWN in st.session_state and (not asked or st.session_state.get(_LINK) == asked):
        if st.session_state.get(_LINK):
            st.query_params["run"] = st.session_state[_LINK]
        return
    st.session_state.setdefault(_SHOWN, [])
    store = trainer().store

    given = any(name in st.query_params for name in ("task", "cells", "units", "length", "epochs", "seed"))

    def find() -> None:
        runs = []
        if asked:
            runs = store.runs(group=asked) or store.runs(ids=[asked])
            if not runs:
                raise NoSuchRun("no_such_run", "There is no run {run}.", run=asked)
        elif not given:  # whoever sends settings wants to start from them
            going = store.runs(owner=visitor(), states=(*WAITING, *AT_WORK))
            runs = store.runs(owner=visitor(), group=going[-1].group_id) if going else []
        st.session_state.update({_SHOWN: [run.id for run in runs], _LINK: asked})
        if runs and not given:
            settings_of([run.spec for run in runs])

    attempt(find)


def look() -> list[Shown]:
    """Return the runs in the charts as the store has them now, or as it had them when it could last be read."""
    ids = st.session_state.get(_SHOWN, [])
    try:
        seen = read(trainer().store, ids) if ids else []
    except ValueError as error:
        if not hasattr(error, "code"):
            raise
        if not isinstance(error, NoSuchRun):
            st.warning(refusal(error), icon=":material/database_off:")
        return st.session_state.get(_LAST, [])
    st.session_state[_LAST] = seen
    return seen


def signature(shown: list[Shown]) -> tuple:
    """What the buttons depend on."""
    return tuple(
        (s.run.id, s.run.ended, s.run.can_pause, s.run.can_resume, s.run.can_extend, s.run.epochs_done > 0)
        for s in shown
    )


@lru_cache(maxsize=8)
def examples(spec: TrainingSpec) -> tuple[list[tasks.Sample], float]:
    """Return samples of a task in words, and what guessing gets."""
    dataset = tasks.load(spec)
    return tasks.samples(dataset, SAMPLES), dataset.chance


def what_it_sees() -> tuple[list[tasks.Sample], float | None]:
    """Return the chosen task's samples and chance, from as many sequences as can be made at once."""
    spec = specs()[0] if st.session_state["cells"] else PRESETS[st.session_state["task"]]
    if spec.task == "imdb":
        if tasks.imdb.available().code != "ready":
            return [], 0.5
        few = replace(spec, samples=200, length=min(spec.length, 60), **SAME_DATA)
        try:
            return examples(few)[0], 0.5  # half of the reviews are positive; the run itself says how many exactly
        except tasks.TaskError:
            return [], 0.5
    fit = max(20, LARGEST_SHOWN // (2 * spec.length))
    try:
        return examples(replace(spec, samples=min(spec.samples, fit), **SAME_DATA))
    except tasks.TaskError:
        return [], None


def controls(shown: list[Shown]) -> None:
    """Draw the task, the cells, start and stop, and behind a button what is seldom changed."""
    task = st.session_state["task"]
    mine = [one.run for one in shown if trainer().store.is_owner(one.run, visitor())]
    going = any(not run.ended for run in mine)
    asked, refused, expected = specs(), None, 0.0
    try:
        expected = forecast(asked, trainer().status.workers or 2)
    except SpecError as error:
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
            CELLS,
            key="cells",
            selection_mode="multi",
            format_func={cell: cell_name(cell) for cell in CELLS}.get,
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
    if (text := st.session_state.pop(_PROBLEM, None)) is not None:
        st.error(text, icon=":material/error:")
    if shown and not mine:
        st.info(
            _(
                "You are watching somebody else's training. Only its owner can stop it; **Start** begins one of "
                "your own."
            )
        )


def badge(colour: str, words: str) -> str:
    return f":{colour}-badge[{words}] "


def guess(shown: list[Shown]) -> None:
    """Ask before the training which cells will learn the task, and say afterwards who was right."""
    # What the link or the visitor has predicted, as far as those cells are asked about.
    asked = {one.run.spec.cell for one in shown} or st.session_state["cells"]
    options = [cell for cell in CELLS if cell in asked]
    st.session_state["guess"] = guessed = [cell for cell in options if cell in st.session_state["guess"]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_predict"):
        if shown and all(one.run.ended for one in shown):
            st.markdown(answered(shown, guessed))
            return
        question = _("Which of them will get more than half of the way from guessing to perfect?")
        st.markdown(badge("violet", _("Predict")) + question, width="content")
        st.pills(
            _("your guess"),
            options,
            key="guess",
            selection_mode="multi",
            format_func={cell: cell_name(cell) for cell in CELLS}.get,
            label_visibility="collapsed",
            disabled=any(one.run.epochs_done for one in shown),  # from then on the curves tell
            width="content",
        )


def answered(shown: list[Shown], guessed: list[str]) -> str:
    """Return what each cell reached, which of them learnt the task, and whether that was predicted."""
    came = verdict(shown)

    def named(cells: Iterable[str]) -> str:
        return _(", ").join(cell_name(cell) for cell in CELLS if cell in cells)

    said = []
    if came.figures:
        reached = _(", ").join(f"{cell_name(cell)} **{figure}**" for cell, figure in came.figures)
        said.append(_("{figures}.").format(figures=reached))
    if came.learnt:
        said.append(_("{names}: learnt it.").format(names=named(came.learnt)))
    elif not came.open:
        said.append(_("None of them has learnt it."))
    if early := came.open & {cell for cell, _figure in came.figures}:
        said.append(_("{names}: stopped too early to tell.").format(names=named(early)))
    if not came.figures and came.open:
        said.append(_("Stopped too early to tell anything."))
    run = next((one.run for one in shown if one.run.chance is not None and one.run.metric), None)
    if run is not None and came.figures:
        said.append(_("Always giving the commonest answer gets {chance}.").format(chance=f"{run.chance:.1%}"))
    mark = ""
    if guessed and trainer().store.is_owner(shown[0].run, visitor()):
        said.append(_("Your prediction: {names}.").format(names=named(guessed)))
        if came.learnt - set(guessed) or came.not_learnt & set(guessed):
            mark = badge("orange", _("A surprise"))
        elif not came.open:
            mark = badge("green", _("As predicted"))
    return mark + ("" if language() == "zh" else " ").join(said)


def as_told(shown: list[Shown]) -> bool:
    """Whether the runs shown bear out the page's closing words."""
    came = verdict(shown)
    return "simple_rnn" in came.not_learnt and bool(came.learnt & {"lstm", "gru"})


def live(before: tuple) -> None:
    """Draw all that changes while trainings run; this alone is drawn again at every beat."""
    status = trainer().status
    if status.code == "unreachable":
        st.warning(by_code("trainer_unreachable", {}, status.sentence), icon=":material/cloud_off:")
    shown = look()
    if signature(shown) != before or (status.code == "ready") != st.session_state["_train_ready"]:
        st.rerun()  # the buttons and the beat belong to the whole page
    preset = PRESETS[st.session_state["task"]]
    task = tasks.TASKS[shown[0].run.spec.task if shown else preset.task]
    cards(shown, [spec for spec in specs() if spec.seed == st.session_state["seed"]], status.code)
    problems(shown)
    open_on_cells(shown)
    chance = None if shown else what_it_sees()[1]
    article = task is tasks.TASKS["imdb"] and st.session_state.get("train_article", True)
    charts(shown, task, st.session_state["epochs"], chance, article)
    cells = {one.run.spec.cell for one in shown} or set(st.session_state["cells"])
    with st.container(horizontal=True, vertical_alignment="top"):
        st.caption(f"{chart_key(article, st.session_state['seeds'] > 1)}{compared(cells)}", width="stretch")
        if task is tasks.TASKS["imdb"]:
            st.toggle(_("the article's curves"), value=True, key="train_article")
    st.subheader(_("Log"), anchor=False)
    with st.container(height=170, border=True):
        log(shown)


def open_on_cells(shown: list[Shown]) -> None:
    """Draw a link to the cells page for every network that is done."""
    store = trainer().store
    ready = [one.run for one in shown if one.run.state == "done" and one.run.spec.cell in THREE_CELLS]
    ready = [run for run in ready if store.model_path(run.id) is not None]
    if not ready:
        return
    seeds = len({run.spec.seed for run in ready}) > 1
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_read"):
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


def task_shown() -> None:
    """Draw what the network sees, what it must answer, what guessing gets, and what a bag of words can do here."""
    task = PRESETS[st.session_state["task"]].task
    samples, chance = what_it_sees()
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.markdown(prose(PAGE, task))
        if chance is not None:
            words = (
                _("Always answering the mean has a squared error of **{chance}**.").format(chance=f"{chance:.3f}")
                if tasks.TASKS[task].answer == "regression"
                else _(
                    "There are {n} possible answers: pure guessing gets about 1 in {n} right. Always giving the "
                    "commonest answer of the training set gets **{chance}** of the validation set."
                ).format(n=max(2, len(tasks.TASKS[task].answers)), chance=f"{chance:.1%}")
            )
            st.markdown(words)
        if "bag_of_words" in st.session_state["cells"]:
            st.markdown(prose(PAGE, f"bag_{task}"))
    with right:
        answers = {"negative": _("negative"), "positive": _("positive")}
        table = [{"seen": " ".join(s.seen), "answer": answers.get(s.answer, s.answer)} for s in samples]
        if table:
            st.dataframe(
                table,
                hide_index=True,
                column_config={
                    "seen": st.column_config.TextColumn(
                        _("what the network sees, first timestep first"), width="large"
                    ),
                    "answer": st.column_config.TextColumn(_("what it must answer"), width="small"),
                },
            )
        else:
            st.caption(_("Samples can be shown once the reviews are here and have been read in."))


def kept_runs() -> None:
    """Draw the ledger, or say why it cannot be read."""
    try:
        ledger(trainer(), st.session_state[_SHOWN], show_again, attempt)
    except StoreUnavailable as error:
        st.caption(refusal(error))


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
way_on(PAGE, prose(PAGE, "seen" if as_told(on_show) else "expect"))
