"""Which networks the memory page measures: random ones, those that come with the project, and those of a training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.common.opened import (
    LAST,
    SEQUENCES,
    Lapse,
    Opened,
    lapse_of,
    open_linked,
    open_network,
    sequences,
)
from pages.elements.lapse import settle_epoch
from pages.parts.memory.measure import Case, Given, case, drawn_case
from pages.parts.memory.settings import SET, TIMESTEPS, Settings, current
from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.cells.weights import Array
from rnn_core.explain.gradient import unit_vector
from rnn_core.models.network import Network
from rnn_core.models.small_networks import small_networks
from rnn_core.models.trained import Trained, state_before
from rnn_core.training.kept import nearest

_OPENED = "_memory_run"


@dataclass(frozen=True, eq=False)
class Learnt:
    """A trained network after one of its epochs, and the sequence that it reads here.

    Attributes:
        cell: one of CELLS.
        task: what it has learnt.
        dataset: some validation sequences of its task.
        chosen: which of them, from 0.
        answers: what the whole network answers to it, (answers,).
        lapse: after which epoch it is shown, and after which others it can be.
        given: its first recurrent layer, and what that reads.
    """

    cell: str
    task: str
    dataset: tasks.Dataset
    chosen: int
    answers: Array
    lapse: Lapse
    given: Given

    @property
    def right(self) -> float:
        """How likely it holds the right answer to be; of a number, how far it is off."""
        wanted = float(self.dataset.y_val[self.chosen])
        if self.dataset.answer == "regression":
            return abs(float(self.answers[0]) - wanted)
        if self.dataset.answer == "binary":
            return float(self.answers[0]) if wanted else 1 - float(self.answers[0])
        return float(self.answers[int(wanted)])


def open_run() -> None:
    """Open the run that the link names, for as long as it does; or tell why not, and go on without it."""
    st.session_state.pop(_OPENED, None)
    wanted = current().run
    opened = open_linked(SET, _find)
    if opened:
        st.session_state[_OPENED] = wanted, opened
        SET.settle(sequence=min(current().sequence, len(sequences(opened.run.spec.data).x_val)))
    if shown := learnt(current()):
        settle_epoch(SET, shown[shown_cell(current())].lapse.epochs)


def run_of(settings: Settings) -> Opened[Trained] | None:
    """Return the run that is opened, at the epoch it was opened with; None without one."""
    if not settings.run:
        return None
    run, opened = st.session_state.get(_OPENED) or ("", None)
    return opened if settings.run == run else None


def learnt(settings: Settings, opened: Opened[Trained] | None = None) -> dict[str, Learnt]:
    """Return the trained networks that are shown, by cell; none where they are random.

    Args:
        settings: of the page.
        opened: the run that is opened; asked for where the page is drawn, it is the visit's own.
    """
    chosen, opened = settings.sequence - 1, opened or run_of(settings)
    if opened:
        found = _of_run(settings.run, opened.epochs, settings.epoch, chosen)
        return {found.cell: found}
    if settings.network != "trained":
        return {}
    return {cell: small(cell, chosen, settings.epoch) for cell in CELLS}


def cases_of(settings: Settings, opened: Opened[Trained] | None = None) -> dict[str, Case]:
    """Return what is measured, by cell; see `learnt`."""
    networks = learnt(settings, opened)
    if networks:
        return {cell: case(settings, cell, network.given) for cell, network in networks.items()}
    return {cell: drawn_case(settings, cell) for cell in CELLS}


def before_training(settings: Settings) -> dict[str, Case]:
    """Return the same networks before their first epoch, by cell, where it was kept and another one is shown."""
    return cases_of(replace(settings, epoch=0)) if _has_changed(settings) else {}


def _has_changed(settings: Settings) -> bool:
    return any(network.lapse.epoch and 0 in network.lapse.epochs for network in learnt(settings).values())


def shown_cell(settings: Settings) -> str:
    """Return the cell whose matrices are shown: the one that is set, or the only one there is."""
    opened = run_of(settings)
    return opened.run.spec.cell if opened else settings.cell


def shows_edges(settings: Settings) -> bool:
    """Whether one small network is drawn with its edges, in place of the curves of all."""
    return settings.view == "edges" and settings.way == "back" and settings.is_small and not learnt(settings)


@lru_cache(maxsize=12 * SEQUENCES)
def small(cell: str, chosen: int, wanted: int = LAST) -> Learnt:
    """Return a trained network that comes with the project, after an epoch, reading one of its sequences."""
    found = small_networks()[cell]
    epoch = nearest(found.epochs, wanted)
    lapse = Lapse(found.epochs, epoch, measured=dict(zip(found.epochs, found.accuracies, strict=True)))
    return _reads("small", found.network, found.at(epoch), sequences(found.data), chosen, lapse)


def _find(run_id: str, epoch: int, chosen: int) -> Opened[Trained]:
    opened = open_network(run_id, epoch, Trained.from_arrays)
    sequences(opened.run.spec.data)  # or it tells that they cannot be had
    return opened


@lru_cache(maxsize=64)
def _of_run(run_id: str, _epochs: tuple[int, ...], epoch: int, chosen: int) -> Learnt:
    # What a training has kept so far does not change: it is not read again at every step.
    opened = open_network(run_id, epoch, Trained.from_arrays)
    spec = opened.run.spec
    return _reads(run_id, spec.network, opened.trained, sequences(spec.data), chosen, lapse_of(opened))


def _reads(
    name: str, network: Network, trained: Trained, dataset: tasks.Dataset, chosen: int, lapse: Lapse
) -> Learnt:
    """Let a network read one of these sequences; of a very long one, the end is measured."""
    chosen = min(chosen, len(dataset.x_val) - 1)
    x = dataset.x_val[chosen : chosen + 1]
    whole = trained.read(x)
    before = max(0, x.shape[1] - TIMESTEPS)
    weights = trained.layers[0][0]
    direction = unit_vector(weights.units, 0)
    if trained.answers_at_every_timestep:
        gradient = trained.loss_gradient(whole.h[0, -1].astype(np.float64), float(dataset.y_val[chosen]))
        size = float(np.linalg.norm(gradient))
        direction = gradient / size if np.isfinite(size) and size > 0 else direction
    given = Given(
        f"{name}:{network.cell}:{lapse.epoch}:{chosen}:{hash(weights.kernel.tobytes())}",
        weights,
        whole.inputs[:, before:],
        direction,
        state_before(whole, before),
        tuple(tasks.words(dataset, x[0]))[before:] if dataset.inputs == "tokens" else (),
        None if whole.mask is None else whole.mask[:, before:],
    )
    return Learnt(network.cell, network.task, dataset, chosen, trained.predict(x)[0], lapse, given)


def over_epochs(settings: Settings, cell: str) -> dict[int, tuple[Learnt, Case]]:
    """Return a trained network after each epoch that was kept, and what is measured of it, by epoch."""
    made = {}
    for epoch in learnt(settings)[cell].lapse.epochs:
        network = learnt(replace(settings, epoch=epoch))[cell]
        made[epoch] = network, case(settings, cell, network.given)
    return made
