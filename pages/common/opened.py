"""A training opened on another page: its network as it was after one of the epochs that were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st

from pages.common.language import _, say
from pages.common.link import LinkProblem, Number, Problems
from pages.common.settings import Owner
from rnn_core import tasks
from rnn_core.cells.weights import Array
from rnn_core.errors import VisitorError
from rnn_core.models.build import count_parameters
from rnn_core.models.network import Network
from rnn_core.models.trained import NotANetwork
from rnn_core.numbers import Figure, percent
from rnn_core.training.kept import Kept, nearest, why_none
from rnn_core.training.runs import Curves, Run

SEQUENCES = 20  # so many of its task's sequences a network may be given to read
#: Stands for the last epoch, whichever that is.
LAST = 10_000
N = TypeVar("N")
T = TypeVar("T")


class _Epoch(Number):
    """A number of which the highest only stands for the last epoch, so that it is never said."""

    def read(self, raw: str) -> tuple[int | float, Problems]:
        near, problems = super().read(raw)
        if near != LAST:
            return near, problems
        return near, tuple(LinkProblem("unreadable", name=self.name, raw=told.values["raw"]) for told in problems)


EPOCH = _Epoch("epoch", LAST, 0, LAST)


@dataclass(frozen=True)
class Lapse:
    """The epochs at which a network can be shown.

    Attributes:
        epochs: in their order; () if there is only the network at the end.
        epoch: the one shown.
        unfinished: whether the training was stopped within the last one.
        measured: by each epoch, on the validation sequences.
        why: why there is nothing to choose from, if so.
    """

    epochs: tuple[int, ...]
    epoch: int | None
    unfinished: bool = False
    measured: Mapping[int, float] = field(default_factory=dict)
    why: Kept | None = None


@dataclass(frozen=True, eq=False)
class Opened(Generic[N]):
    """A training and its network.

    Attributes:
        run: the training.
        trained: the network after `epoch`, in NumPy.
        epochs: those that can be shown, in their order; () if none were kept.
        epoch: which of them is shown; None if none were kept, and it is the network at the end.
        unfinished: whether the training was stopped within the last of them.
        curves: what was measured after each epoch.
    """

    run: Run
    trained: N
    epochs: tuple[int, ...] = ()
    epoch: int | None = None
    unfinished: bool = False
    curves: Curves = field(default_factory=Curves)


def open_network(run_id: str, epoch: int, build: Callable[[Network, Mapping[str, Array]], N]) -> Opened[N]:
    """Open a training's network as it was after the kept epoch nearest to this one.

    Args:
        run_id, epoch: as they stand in a link.
        build: puts the network together from its weights.

    Raises:
        NotANetwork: it left nothing, is still in training, or `build` cannot make a network of what it left.
        StoreError: there is no such run, or the store cannot be had.
    """
    # Only who comes with a link to a run must wait for this import.
    from pages.common.worker import run_store

    store = run_store()
    run = store.get(run_id)
    end, kept = store.weights(run.id), store.kept_epochs(run.id)
    if end is None and not (run.ended and kept):
        raise NotANetwork("left_nothing" if run.ended else "in_training")
    # What a training leaves that was stopped within an epoch was never kept as one.
    unfinished = bool(kept) and run.state == "stopped" and run.step > run.epochs_done * run.spec.steps_per_epoch
    unfinished = unfinished and end is not None
    epochs = (*kept, run.epochs_done + 1) if unfinished else kept
    shown = nearest(epochs, epoch) if epochs else None
    arrays = store.weights(run.id, shown) if shown in kept else end
    if arrays is None and epochs and shown == epochs[-1]:
        arrays = end  # its file is damaged, but the same network was written twice
    return Opened(run, build(run.spec.network, arrays or {}), epochs, shown, unfinished, store.curves(run.id))


def open_linked(owner: Owner, find: Callable[[str, int, int], T]) -> T | None:
    """Open the run that the link names, or tell why not, and go on without it.

    Args:
        owner: of the settings run and epoch, and of sequence where the page has one.
        find: called with the run's id, the epoch wanted and the sequence wanted, from 0; raises VisitorError.
    """
    settings = owner.current()
    if not settings.run:
        return None
    sequence = {"sequence": 1} if hasattr(settings, "sequence") else {}
    try:
        return find(settings.run, settings.epoch, getattr(settings, "sequence", 1) - 1)
    except NotANetwork as problem:
        st.warning(say(problem), icon=":material/neurology:")
    except VisitorError as problem:  # of the store, or of the task's data
        st.warning(say(problem), icon=":material/link_off:")
    owner.settle(run="", epoch=LAST, **sequence)
    return None


def lapse_of(opened: Opened[Any]) -> Lapse:
    """Return the epochs at which a training's network can be shown."""
    return Lapse(opened.epochs, opened.epoch, opened.unfinished, measured(opened), no_epochs(opened))


def no_epochs(opened: Opened[Any]) -> Kept | None:
    """Return why an opened network has no epochs to choose from; None if it has."""
    return None if len(opened.epochs) > 1 else why_none(count_parameters(opened.run.spec.network))


def measured(opened: Opened[Any]) -> dict[int, float]:
    """Return what validation measured after each epoch: an accuracy, or an error where the answer is a number."""
    curves = opened.curves
    regression = tasks.TASKS[opened.run.spec.task].answer == "regression"
    values = curves.val_loss if regression else curves.val_metric
    pairs = zip(curves.epoch.tolist(), values.tolist(), strict=True)
    return {epoch: value for epoch, value in pairs if np.isfinite(value)}


def in_words(measured: Mapping[int, float], answer: str) -> dict[int, str]:
    """Return what was measured after each epoch in words, short enough to stand behind the epoch's name.

    Args:
        measured: as above.
        answer: what comes out, see tasks.Dataset.
    """
    if answer == "regression":
        return {epoch: _("error {value}").format(value=Figure(value)) for epoch, value in measured.items()}
    return {epoch: _("{share} right").format(share=percent(value, 1)) for epoch, value in measured.items()}


def beginnings(dataset: tasks.Dataset) -> dict[int, str]:
    """Return how each of some sequences is called, by its number from 1: the number, and how it begins."""
    read_out = tasks.samples(dataset, len(dataset.x_val))
    return {n: f"{n} · {' '.join(sample.seen)[:80]}" for n, sample in enumerate(read_out, 1)}


@lru_cache(maxsize=16)
def sequences(data: tasks.Data) -> tasks.Dataset:
    """Return a few sequences that validate a training."""
    return tasks.validation(data, SEQUENCES)
