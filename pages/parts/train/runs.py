"""Which runs the train page shows, as the store has them now, and what a click does to them."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.common.visitor import visitor
from pages.common.worker import run_store, trainer
from pages.parts.train.settings import KEPT, SET, current, of_runs, of_task, specs
from rnn_core.errors import VisitorError
from rnn_core.models.network import NETWORKS
from rnn_core.training.runs import AT_WORK, WAITING, Curves, Event, Run
from rnn_core.training.store import NoSuchRun, StoreError

POINTS = 400  # batch points per run in a chart
_PROBLEM, _LAST = "_train_problem", "_train_last"


@dataclass(frozen=True)
class Shown:
    """One run with all that the page shows of it; the curves come as far as the run's finished epochs."""

    run: Run
    curves: Curves
    events: list[Event]
    position: int


@dataclass(frozen=True)
class Seen:
    """What a look at the store shows.

    Attributes:
        shown: the runs, in the order of the cells; those of the last look, if the store cannot be read.
        trouble: why it could not be read, or that there are no such runs.
    """

    shown: list[Shown]
    trouble: StoreError | None = None


# --- Reading --------------------------------------------------------------------------------------------------------


def look() -> Seen:
    """Return the runs that the settings name, as the store has them now."""
    try:
        runs = _named(current().run)
        if current().run and not runs:
            return Seen([], NoSuchRun("no_such_run"))
        runs.sort(key=lambda run: (NETWORKS.index(run.spec.cell), run.created))
        return Seen([_read(run) for run in runs])
    except StoreError as trouble:
        run, shown = st.session_state.get(_LAST, ("", []))
        return Seen(shown if run == current().run else [], trouble)


def keep(seen: Seen) -> None:
    """Keep what was seen, for as long as the store cannot be read."""
    if seen.trouble is None:
        st.session_state[_LAST] = current().run, seen.shown


def _named(run: str) -> list[Run]:
    if not run:
        return []
    return ("," not in run and run_store().runs(group=run)) or run_store().runs(ids=run.split(","))


def _read(run: Run) -> Shown:
    store = run_store()
    curves = store.curves(run.id, POINTS)
    if len(curves.epoch) > run.epochs_done:
        # Written between the two readings: what is said of a run and its numbers belong to the same moment.
        names = ("epoch", "loss", "metric", "val_loss", "val_metric", "seconds", "ended")
        curves = replace(curves, **{name: getattr(curves, name)[: run.epochs_done] for name in names})
    position = store.queue_position(run.id) if run.state == "queued" else 0
    return Shown(run, curves, store.events(run.id), position)


def own(shown: Sequence[Shown]) -> list[Run]:
    """Return those of the runs that this visitor has started, and so may change."""
    return [one.run for one in shown if run_store().is_owner(one.run, visitor())]


def signature(seen: Seen, ready: bool) -> tuple:
    """Return what the page around the charts depends on: the buttons, and how often to look again."""
    runs = (one.run for one in seen.shown)
    return ready, *((r.id, r.ended, r.can_pause, r.can_resume, r.can_extend, r.epochs_done > 0) for r in runs)


# --- What a visitor does --------------------------------------------------------------------------------------------


def arrive() -> None:
    """Come to the page: what its link says is set; the runs that it names, or one's own that go on, are shown.

    Their settings are taken over, but by whoever comes back and has chosen others since.
    """
    chosen = SET.is_held()
    given = SET.arrive()
    if given is None:
        return
    settings_given = any(p.name in given for p in SET.parameters() if p.name not in KEPT) or {"task", "cells"} & given

    def find() -> None:
        if not current().run and not settings_given:  # whoever sends settings wants to start from them
            going = run_store().runs(owner=visitor(), states=(*WAITING, *AT_WORK))
            SET.change(run=going[-1].group_id if going else "")
        runs = _named(current().run)
        if not settings_given and ("run" in given or not chosen):
            _set_as(runs)

    attempt(find)


def attempt(action: Callable[[], object]) -> None:
    """Carry out what a click asks for; an error is told on the page."""
    try:
        action()
    except VisitorError as error:
        st.session_state[_PROBLEM] = error


def take_problem() -> VisitorError | None:
    """Take the error that is to be told: once."""
    return st.session_state.pop(_PROBLEM, None)


def start(new_seed: bool = False) -> None:
    """Queue a training per cell and seed, and show them; the link now leads to them."""
    if new_seed:
        SET.change(seed=secrets.randbelow(10_000))
    if current().run:
        SET.change(guess=())  # it was about other runs
    group = secrets.token_hex(5)

    def queue() -> None:
        trainer().start(specs(current()), visitor(), group=group)
        SET.change(run=group)

    attempt(queue)


def choose(task: str) -> None:
    """Take a task with all that it sets; the cells stay. What was drawn for another task makes room."""
    SET.change(**of_task(task), guess=())
    if all(one.run.ended for one in look().shown):
        SET.change(run="")


def show(ids: Sequence[str]) -> None:
    """Draw runs out of the ledger; if they have learnt the same task, the settings are theirs."""

    def find() -> None:
        found = run_store().runs(ids=ids)
        if not set(ids) <= {one.run.id for one in look().shown}:
            SET.change(guess=())  # it was about other runs
        _set_as(found)
        SET.take("run", ",".join(ids))

    attempt(find)


def _set_as(runs: Sequence[Run]) -> None:
    """Set what runs were started with, if they have learnt the same task."""
    if len({run.spec.task for run in runs}) == 1:
        SET.change(**of_runs([run.spec for run in runs]))


def wish(what: str) -> None:
    """Ask for the same of all runs shown that are one's own and can."""
    able = {"stop": "can_stop", "pause": "can_pause", "resume": "can_resume", "one_more_epoch": "can_extend"}[what]
    attempt(
        lambda: [trainer().wish(run.id, visitor(), what) for run in own(look().shown) if getattr(run, able)]
    )


def delete(ids: Sequence[str]) -> None:
    """Delete runs for good; the link no longer names them."""

    def gone() -> None:
        for run_id in ids:
            run_store().delete(run_id, visitor())
        if current().run:
            left = [run.id for run in _named(current().run)]
            SET.change(run=current().run if left and "," not in current().run else ",".join(left))

    attempt(gone)
