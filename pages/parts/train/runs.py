"""Which runs the train page shows, and what a click does to them."""

import secrets
from collections.abc import Callable

import streamlit as st

from pages.common.language import language
from pages.common.visitor import visitor
from pages.common.worker import trainer
from pages.parts.train.settings import choose, settings_of, specs
from pages.parts.train.view import Shown, read
from pages.parts.train.words import told
from rnn_core.errors import VisitorError
from rnn_core.training.runs import AT_WORK, WAITING
from rnn_core.training.store import NoSuchRun, StoreError

_SHOWN, _LINK, _PROBLEM, _LAST = "_train_shown", "_train_link", "_train_problem", "_train_last"


def attempt(action: Callable[[], object]) -> None:
    """Carry out what a click asks for; an error is told on the page."""
    try:
        action()
    except VisitorError as error:
        st.session_state[_PROBLEM] = told(error)


def take_problem() -> str | None:
    """Return the error that is to be told, once."""
    return st.session_state.pop(_PROBLEM, None)


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
                raise NoSuchRun("no_such_run")
        elif not given:  # whoever sends settings wants to start from them
            going = store.runs(owner=visitor(), states=(*WAITING, *AT_WORK))
            runs = store.runs(owner=visitor(), group=going[-1].group_id) if going else []
        st.session_state.update({_SHOWN: [run.id for run in runs], _LINK: asked})
        if runs and not given:
            settings_of([run.spec for run in runs])

    attempt(find)


def shown_ids() -> list[str]:
    """Return the ids of the runs in the charts."""
    return st.session_state.get(_SHOWN, [])


def look() -> list[Shown]:
    """Return the runs in the charts as the store has them now, or as it had them when it could last be read."""
    ids = shown_ids()
    try:
        seen = read(trainer().store, ids) if ids else []
    except StoreError as error:
        if not isinstance(error, NoSuchRun):
            st.warning(told(error), icon=":material/database_off:")
        return st.session_state.get(_LAST, [])
    st.session_state[_LAST] = seen
    return seen


def signature(shown: list[Shown]) -> tuple:
    """What the buttons depend on."""
    return tuple(
        (s.run.id, s.run.ended, s.run.can_pause, s.run.can_resume, s.run.can_extend, s.run.epochs_done > 0)
        for s in shown
    )
