"""Trained networks on the cells page: those that come with the project, and those that visitors have trained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.common.language import say
from pages.parts.cells.reading import Given, Reading, own_reading
from pages.parts.cells.settings import SEQUENCES, SET, TIMESTEPS, Settings, current
from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.errors import VisitorError
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.models.network import Network as Architecture
from rnn_core.models.small_networks import small_networks
from rnn_core.models.trained import NotANetwork, Trained, state_before

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
    """

    architecture: Architecture
    trained: Trained
    dataset: tasks.Dataset
    chosen: int
    before: int
    answers: np.ndarray
    reading: Reading


def open_run() -> None:
    """Open the run that the link names, for as long as it does; or tell why not, and go on without it."""
    settings = current()
    st.session_state.pop(_OPENED, None)
    if not settings.run:
        return
    try:
        network = _find(settings.run, settings.sequence - 1)
    except NotANetwork as problem:
        st.warning(say(problem), icon=":material/neurology:")
    except VisitorError as problem:  # of the store, or of the task's data
        st.warning(say(problem), icon=":material/link_off:")
    else:
        st.session_state[_OPENED] = settings.run, network
        SET.change(sequence=network.chosen + 1)  # there may be fewer than the link asks for
        return
    SET.change(run="", sequence=1)


def network_of(settings: Settings) -> Network | None:
    """Return the trained network that the page shows, or None if it shows a random one."""
    run, network = st.session_state.get(_OPENED) or ("", None)
    if settings.run and settings.run == run:
        return network
    return small_network(settings.cell, settings.sequence - 1) if settings.network == "trained" else None


def reading_of(settings: Settings) -> Reading:
    """Return what the page shows."""
    network = network_of(settings)
    return network.reading if network else own_reading(settings)


def racers(settings: Settings) -> dict[str, Reading]:
    """Return what all cells read, by cell: the same inputs, and weights that came about in the same way."""
    shown = reading_of(settings)
    if settings.run:
        return {shown.cell: shown}
    if settings.network == "trained":
        return {cell: small_network(cell, settings.sequence - 1).reading for cell in CELLS}
    others = {cell: replace(shown, cell=cell, biases=settings.biases(cell), edits="") for cell in CELLS}
    return others | {shown.cell: shown}


def networks_beside(settings: Settings) -> list[Network]:
    """Return the other networks that come with the project, beside the one that is shown; none beside a run."""
    if settings.run or settings.network != "trained":
        return []
    return [small_network(cell, settings.sequence - 1) for cell in CELLS if cell != settings.cell]


def untrained(settings: Settings) -> dict[str, Reading]:
    """Return how random networks as large as these read the same words, by cell; nothing where there are no words."""
    shown, biases = reading_of(settings), SET.defaults().biases
    if not shown.words:
        return {}
    inputs = own_reading(replace(SET.defaults(), input="words", words=" ".join(shown.words))).inputs
    seed = SET.defaults().seed
    return {cell: Reading(cell, inputs, shown.words, shown.units, seed, biases(cell)) for cell in CELLS}


@lru_cache(maxsize=3 * SEQUENCES)
def small_network(cell: str, chosen: int) -> Network:
    """Return a trained network that comes with the project, reading one of its sequences."""
    small = small_networks()[cell]
    return _reads("small", small.network, small.trained, sequences(small.data), chosen)


def _find(run_id: str, chosen: int) -> Network:
    # Only who comes with a link to a run must wait for this import.
    from pages.common.worker import run_store

    store = run_store()
    run = store.get(run_id)
    arrays = store.weights(run.id)
    if arrays is None and run.spec.cell != BAG_OF_WORDS:
        raise NotANetwork("left_nothing" if run.ended else "in_training")
    trained = Trained.from_arrays(run.spec.network, arrays or {})
    return _reads(run.id, run.spec.network, trained, sequences(run.spec.data), chosen)


def _reads(name: str, architecture: Architecture, trained: Trained, dataset: tasks.Dataset, chosen: int) -> Network:
    """Let a network read one of these sequences; of a long one, the end is shown."""
    chosen = min(chosen, len(dataset.x_val) - 1)
    x = dataset.x_val[chosen : chosen + 1]
    whole = trained.read(x)
    before = max(0, x.shape[1] - TIMESTEPS)
    weights = trained.layers[0][0]
    reading = Reading(
        architecture.cell,
        tuple(map(tuple, whole.inputs[0, before:].tolist())),
        step_names(dataset, x[0])[before:],
        weights.units,
        seed=0,
        biases=(),
        given=Given(f"{name}:{hash(weights.kernel.tobytes())}:{before}", weights, state_before(whole, before)),
    )
    return Network(architecture, trained, dataset, chosen, before, trained.predict(x)[0], reading)


@lru_cache(maxsize=16)
def sequences(data: tasks.Data) -> tasks.Dataset:
    """Return a few sequences that validate a training."""
    return tasks.validation(data, SEQUENCES)


def step_names(dataset: tasks.Dataset, x: np.ndarray) -> tuple[str, ...]:
    """Return what is read at each timestep, short enough to stand under it."""
    words = tasks.words(dataset, x)
    if dataset.inputs == "tokens":
        return words
    return tuple(("★" if word.endswith("*") else "") + word.rstrip("*").removeprefix("0") for word in words)
