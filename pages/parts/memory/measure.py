"""What is measured on the memory page: the networks, what they read, and what reaches each of their timesteps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from pages.parts.memory.settings import CLIPS, FEATURES, Settings
from rnn_core.cells import initial_weights
from rnn_core.cells.inputs import pulse
from rnn_core.cells.nudge import nudge
from rnn_core.cells.recurrent import with_recurrent
from rnn_core.cells.registry import CELLS, CellTrace
from rnn_core.cells.weights import Array, Weights
from rnn_core.explain.flow import Flow, flow
from rnn_core.explain.gradient import Reach, length, reach, reach_forwards, unit_vector
from rnn_core.explain.walk import Stretch, product

# A random network reads as many timesteps as are a multiple of this: a shorter sequence is the beginning of a longer
# one, and while its length is moved nothing is read again.
ROUND = 50
# A product is put together from the last one of these that is known.
STATION = 20


@dataclass(frozen=True)
class Drawn:
    """A random network and its input: equal numbers, equal network."""

    timesteps: int
    units: int
    input: str
    recipe: str
    radius: float
    seed: int
    biases: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Given:
    """A trained network and its input. `name` stands for all of it: what has the same name has the same numbers.

    Attributes:
        weights: of the cell that is measured.
        inputs: what it reads, (1, timesteps, input_features).
        direction: ∂L/∂h at the last timestep, of length 1.
        start: the state before the first timestep, zeros if None.
        words: what is read at each timestep.
        mask: (1, timesteps), False where padding is skipped; None if all is read.
    """

    name: str
    weights: Weights = field(compare=False)
    inputs: Array = field(compare=False)
    direction: Array = field(compare=False)
    start: Any = field(compare=False, default=None)
    words: tuple[str, ...] = field(compare=False, default=())
    mask: Any = field(compare=False, default=None)


@dataclass(frozen=True)
class Case:
    """One cell's network, what it reads, and which gradient is asked for.

    Attributes:
        cell: one of CELLS.
        source: where weights and inputs come from.
        forwards: whether a nudge of the first input is followed, and not the gradient of the loss.
        every: whether each timestep has a loss.
        clip: see `reach`.
        seed: of the directions.
    """

    cell: str
    source: Drawn | Given
    forwards: bool
    every: bool
    clip: float | None
    seed: int


def drawn_case(settings: Settings, cell: str) -> Case:
    """Return the case of a random network."""
    bias = {"lstm": ("forget_gate", settings.forget_bias), "gru": ("update_gate", settings.update_bias)}.get(cell)
    source = Drawn(settings.timesteps, settings.units, settings.input, settings.recipe, settings.radius,
                   settings.seed, (bias,) if bias else ())  # fmt: skip
    return case(settings, cell, source)


def case(settings: Settings, cell: str, source: Drawn | Given) -> Case:
    """Return what is asked of a network."""
    forwards = settings.way == "forth"
    every = settings.losses == "every" and not forwards
    return Case(cell, source, forwards, every, None if forwards else CLIPS[settings.clip], settings.seed)


def trace_of(case: Case) -> CellTrace:
    """Return what the network computes, a batch of one in float64. The same network is run once for all visitors."""
    return _trace(case.cell, case.source)


@lru_cache(maxsize=48)
def _trace(cell: str, source: Drawn | Given) -> CellTrace:
    forward = CELLS[cell].forward
    with np.errstate(all="ignore"):
        if isinstance(source, Given):
            return forward(source.inputs, source.weights.astype(np.float64), source.start, source.mask)
        rounded = -(-source.timesteps // ROUND) * ROUND
        if source.timesteps < rounded:
            return _trace(cell, replace(source, timesteps=rounded)).until(source.timesteps)
        return forward(_inputs(source), weights_of(cell, source))


@lru_cache(maxsize=64)
def weights_of(cell: str, drawn: Drawn) -> Weights:
    """Return the weights of a random network, in float64."""
    weights = initial_weights(cell, _inputs(drawn).shape[2], drawn.units, drawn.seed, np.float64)
    weights = with_recurrent(weights, drawn.recipe, drawn.radius, drawn.seed)
    for gate, value in drawn.biases:
        row = weights.bias[0] if weights.bias.ndim == 2 else weights.bias
        row[weights.columns(gate)] = value
    return weights


def _inputs(drawn: Drawn) -> Array:
    """What a random network reads: the same for every cell."""
    if drawn.input == "pulse":
        return pulse(drawn.timesteps)[np.newaxis]
    return np.random.default_rng([drawn.seed, 2]).normal(size=(1, drawn.timesteps, FEATURES))


@lru_cache(maxsize=96)
def reach_of(case: Case) -> Reach:
    """Return what reaches each timestep."""
    trace = trace_of(case)
    if case.forwards:
        return reach_forwards(trace, unit_vector(trace.weights.input_features, case.seed))
    return reach(trace, direction_of(case), every=case.every, clip=case.clip)


def direction_of(case: Case) -> Array:
    """Return ∂L/∂h of a timestep with a loss, of length 1."""
    if isinstance(case.source, Given):
        return case.source.direction
    return unit_vector(case.source.units, case.seed)


def arriving(case: Case, steps: int) -> Array:
    """Return what arrives after so many steps, (state,): ∂L/∂state, or how the nudge has moved the state.

    Of an LSTM h and c are counted as two things that are handed on: ∂L/∂c holds h fixed.
    """
    if case.forwards:
        return _moved(case)[steps]
    start = np.zeros(len(product_after(case, 0)))
    start[: trace_of(case).weights.units] = direction_of(case)
    with np.errstate(all="ignore"):
        return start @ product_after(case, steps)


@lru_cache(maxsize=16)
def _moved(case: Case) -> Array:
    trace = trace_of(case)
    with np.errstate(all="ignore"):
        found = nudge(trace, unit_vector(trace.weights.input_features, case.seed))
    parts = [part for part in (found.h, found.c) if part is not None]
    moved = np.concatenate(parts, axis=1)
    return moved / (length(found.h[0]) or np.nan)


@lru_cache(maxsize=8)
def flow_of(case: Case) -> Flow:
    """Return ∂L/∂h and, of an LSTM, ∂L/∂c at every timestep, before clipping."""
    trace = trace_of(case)
    d_h = np.zeros_like(trace.h[0])
    d_h[slice(None) if case.every else -1] = direction_of(case)
    return flow(trace, d_h)


@lru_cache(maxsize=40)
def product_after(case: Case, steps: int) -> Array:
    """Return the product of all Jacobians walked so far: backwards from the last timestep, or forwards from the first.

    A long walk goes on from a station that is remembered, so that a step multiplies a few matrices and not all.
    """
    station = steps // STATION
    return _onwards(case, station, steps) if steps % STATION or not station else _station(case, station)


@lru_cache(maxsize=100)  # remembered for longer than the steps between them, or a long film would forget its beginning
def _station(case: Case, number: int) -> Array:
    return _onwards(case, number - 1, number * STATION)


def _onwards(case: Case, station: int, steps: int) -> Array:
    """Go on from a station to the product of so many steps."""
    trace, from_there = trace_of(case), station * STATION
    before = _station(case, station) if station else None
    if case.forwards:
        later = product(trace, Stretch(steps, from_there))
        return later if before is None else later @ before
    last = trace.h.shape[1] - 1
    return product(trace, Stretch(last - from_there, last - steps), further=before)
