"""Trained networks on the cells page: those that come with the project, and those that visitors have trained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.common.opened import (
    LAST,
    SEQUENCES,
    Lapse,
    lapse_of,
    open_linked,
    open_network,
    sequences,
)
from pages.common.reviews import Reader, row_of, run_reader, shipped_reader
from pages.elements.lapse import settle_epoch
from pages.parts.cells.reading import Given, Reading, own_reading
from pages.parts.cells.settings import SET, TIMESTEPS, Settings, current
from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.models.network import Network as Architecture
from rnn_core.models.small_networks import small_networks
from rnn_core.models.trained import Trained, state_before
from rnn_core.training.kept import nearest

_OPENED = "_opened_run"


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network and the sequence that it reads here.

    Attributes:
        architecture: its task, cell and layers.
        trained: the whole network; the page shows how its first layer reads.
        dataset: some validation sequences of its task.
        chosen: which of them, from 0.
        before: so many timesteps are read before the first one shown.
        answers: what the whole network answers to it, (answers,).
        reading: what the page shows.
        lapse: after which epoch it is shown, and after which others it can be.
        typed: whether the sequence is a review that somebody typed: nobody knows what it must answer.
    """

    architecture: Architecture
    trained: Trained
    dataset: tasks.Dataset
    chosen: int
    before: int
    answers: np.ndarray
    reading: Reading
    lapse: Lapse
    typed: bool = False


def open_run() -> None:
    """Open the run that the link names, for as long as it does; or tell why not, and go on without it.

    An epoch that was not kept becomes the nearest that was.
    """
    st.session_state.pop(_OPENED, None)
    wanted = current().run
    opened = open_linked(SET, _find_reviewer if current().review else _find)
    if opened:
        st.session_state[_OPENED] = wanted, opened
        SET.settle(sequence=opened.chosen + 1)  # there may be fewer than the link asks for
    if shown := opened or network_of(current()):
        settle_epoch(SET, shown.lapse.epochs)


def network_of(settings: Settings) -> Network | None:
    """Return the trained network that the page shows, or None if it shows a random one."""
    run, network = st.session_state.get(_OPENED) or ("", None)
    if settings.run and settings.run == run:
        return network
    if settings.review:
        return review_network(settings.corpus, settings.cell, settings.epoch, settings.review)
    if settings.network != "trained":
        return None
    return small_network(settings.cell, settings.sequence - 1, settings.epoch)


def reading_of(settings: Settings) -> Reading:
    """Return what the page shows."""
    network = network_of(settings)
    return network.reading if network else own_reading(settings)


def racers(settings: Settings) -> dict[str, Reading]:
    """Return what all cells read, by cell: the same inputs, and weights that came about in the same way."""
    shown = reading_of(settings)
    if settings.run:
        return {shown.cell: shown}
    if settings.review:
        of = settings.corpus, settings.epoch, settings.review
        return {cell: review_network(of[0], cell, *of[1:]).reading for cell in CELLS}
    if settings.network == "trained":
        return {cell: small_network(cell, settings.sequence - 1, settings.epoch).reading for cell in CELLS}
    others = {cell: replace(shown, cell=cell, biases=settings.biases(cell), edits="") for cell in CELLS}
    return others | {shown.cell: shown}


def networks_beside(settings: Settings) -> list[Network]:
    """Return the other networks that come with the project, beside the one that is shown; none beside a run."""
    if settings.run or settings.review or settings.network != "trained":
        return []
    return [
        small_network(cell, settings.sequence - 1, settings.epoch) for cell in CELLS if cell != settings.cell
    ]


def untrained(settings: Settings) -> dict[str, Reading]:
    """Return how random networks as large as these read the same words, by cell; nothing where there are no words."""
    shown, biases = reading_of(settings), SET.defaults().biases
    if not shown.words:
        return {}
    inputs = own_reading(replace(SET.defaults(), input="words", words=" ".join(shown.words))).inputs
    seed = SET.defaults().seed
    return {cell: Reading(cell, inputs, shown.words, shown.units, seed, biases(cell)) for cell in CELLS}


@lru_cache(maxsize=12 * SEQUENCES)
def small_network(cell: str, chosen: int, wanted: int = LAST) -> Network:
    """Return a trained network that comes with the project, after an epoch, reading one of its sequences."""
    small = small_networks()[cell]
    epoch = nearest(small.epochs, wanted)
    lapse = Lapse(small.epochs, epoch, measured=dict(zip(small.epochs, small.accuracies, strict=True)))
    return _reads("small", small.network, small.at(epoch), sequences(small.data), chosen, lapse)


@lru_cache(maxsize=64)
def review_network(corpus: str, cell: str, epoch: int, text: str) -> Network:
    """Return a network on reviews that comes with the project, reading a text."""
    return _reviews(shipped_reader(corpus, cell, epoch), text)


def _find_reviewer(run_id: str, epoch: int, _chosen: int) -> Network:
    return _reviews(run_reader(run_id, epoch), current().review)


def _reviews(reader: Reader, text: str) -> Network:
    row = row_of(reader, text, whole=True)
    dataset = replace(sequences(reader.data), x_val=row.tokens[np.newaxis], y_val=np.zeros(1, np.int32))
    assert isinstance(reader.judge, Trained)  # a bag of words has no cell: it is none of CELLS
    return replace(_reads(reader.key, reader.architecture, reader.judge, dataset, 0, reader.lapse), typed=True)


def _find(run_id: str, epoch: int, chosen: int) -> Network:
    opened = open_network(run_id, epoch, Trained.from_arrays)
    spec = opened.run.spec
    return _reads(opened.run.id, spec.network, opened.trained, sequences(spec.data), chosen, lapse_of(opened))


def _reads(
    name: str, architecture: Architecture, trained: Trained, dataset: tasks.Dataset, chosen: int, lapse: Lapse
) -> Network:
    """Let a network read one of these sequences; of a long one, the end is shown."""
    chosen = min(chosen, len(dataset.x_val) - 1)
    x = dataset.x_val[chosen : chosen + 1]
    whole = trained.read(x)
    before = max(0, x.shape[1] - TIMESTEPS)
    weights = trained.layers[0][0]
    name = f"{name}:{lapse.epoch}:{hash(weights.kernel.tobytes())}:{before}"
    mask = None if whole.mask is None else whole.mask[:, before:]
    reading = Reading(
        architecture.cell,
        tuple(map(tuple, whole.inputs[0, before:].tolist())),
        step_names(dataset, x[0])[before:],
        weights.units,
        seed=0,
        biases=(),
        given=Given(name, weights, state_before(whole, before), mask),
    )
    return Network(architecture, trained, dataset, chosen, before, trained.predict(x)[0], reading, lapse)


def step_names(dataset: tasks.Dataset, x: np.ndarray) -> tuple[str, ...]:
    """Return what is read at each timestep, short enough to stand under it."""
    words = tasks.words(dataset, x)
    if dataset.inputs == "tokens":
        return words
    return tuple(("★" if word.endswith("*") else "") + word.rstrip("*").removeprefix("0") for word in words)
