"""How much of a loss's gradient reaches each earlier timestep, and how soon it is halved on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.nudge import nudge
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.cells.weights import Array

#: The smallest share that a sum of float32 numbers still takes notice of.
PRECISION = float(np.finfo(np.float32).eps)


@dataclass(frozen=True, eq=False)
class Reach:
    """How large something is at each timestep, for each part of a cell's state.

    Attributes:
        lengths: "h", and for an LSTM "c" → Euclidean lengths over the units, (timesteps,), in float64.
        from_last: the same for the share that comes from the last timestep's loss alone; the very same mapping where
            there is no other loss.
        scale: what clipping has multiplied all of it with; 1 where nothing was clipped.
    """

    lengths: Mapping[str, Array]
    from_last: Mapping[str, Array]
    scale: float = 1.0

    @property
    def half_lives(self) -> dict[str, float]:
        """`half_life` of each part, walked from the last timestep to the first."""
        return {name: half_life(lengths[::-1]) for name, lengths in self.from_last.items()}


def unit_vector(size: int, seed: int) -> Array:
    """Return a random direction, (size,), of length 1."""
    drawn = np.random.default_rng([seed, size]).normal(size=size)
    return drawn / np.linalg.norm(drawn)


def reach(trace: CellTrace, direction: ArrayLike, *, every: bool = False, clip: float | None = None) -> Reach:
    """Measure the gradient that reaches each timestep of a sequence.

        L = direction · h[T]          or, with `every`, the sum over all timesteps of direction · h[t]
        lengths["h"][t] = ‖∂L/∂h[t]‖,  lengths["c"][t] = ‖∂L/∂c[t]‖

    Args:
        trace: a batch of one.
        direction: ∂L/∂h of a timestep that has a loss, (units,); of length 1, the curve begins at 1.
        every: whether each timestep has a loss, or the last one alone.
        clip: as Keras' `global_clipnorm`: if the gradient of the cell's own weights, all taken together, is longer
            than this, everything is scaled down to it.

    Source:
        The cells' own backpropagation through time; Pascanu, Mikolov & Bengio 2013 for clipping.
    """
    last = np.zeros_like(trace.h)
    last[:, -1] = direction
    with np.errstate(all="ignore"):
        gradients = cell_of(trace).backward(trace, last)
        from_last = _lengths(gradients)
        lengths, scale = from_last, 1.0
        if every:
            gradients = cell_of(trace).backward(trace, np.broadcast_to(last[:, -1:], trace.h.shape))
            lengths = _lengths(gradients)
        if clip is not None:
            of_weights = [gradients.d_kernel, gradients.d_recurrent_kernel, gradients.d_bias]
            scale = min(1.0, clip / max(float(length(np.concatenate([g.ravel() for g in of_weights]))), 1e-300))
    if scale == 1.0:
        return Reach(lengths, from_last)
    return Reach(_scaled(lengths, scale), _scaled(from_last, scale), scale)


def reach_forwards(trace: CellTrace, direction: ArrayLike) -> Reach:
    """Measure what a nudge of the first input changes at each later timestep, as a share of what it changes at first.

        lengths["h"][t] = ‖∂h[t]/∂x[0] · direction‖ / ‖∂h[0]/∂x[0] · direction‖,  likewise for c

    Args:
        trace: a batch of one.
        direction: in which the first input is moved, (input_features,).

    Returns:
        Reach; all NaN where the nudge changes nothing at first.
    """
    with np.errstate(all="ignore"):
        moved = nudge(trace, direction)
        parts = {name: length(part) for name, part in vars(moved).items() if part is not None}
        parts = {name: lengths / (lengths[0] or np.nan) for name, lengths in parts.items()}
    return Reach(parts, {name: lengths[::-1] for name, lengths in parts.items()})


def half_life(lengths: ArrayLike) -> float:
    """Return after how many timesteps, on average over the way, half is left.

        half_life = steps / log2(first / last)

    Args:
        lengths: in the order of the walk. Behind a zero or a number beyond all bounds nothing is measured any more.

    Returns:
        timesteps; negative where it grows, and then it doubles in so many; inf if it stays what it is; NaN if there is
        nothing to measure.

    >>> half_life([1.0, 0.5, 0.25]), half_life([1.0, 2.0, 4.0]), half_life([1.0, 1.0])
    (1.0, -1.0, inf)
    >>> round(half_life(0.9 ** np.arange(51)), 2)
    6.58
    """
    array = np.asarray(lengths, np.float64)
    measured = np.isfinite(array) & (array > 0)
    steps = len(array) - 1 if measured.all() else int(measured.argmin()) - 1
    if steps < 1:
        return float("nan")
    halvings = float(np.log2(array[0]) - np.log2(array[steps]))
    return steps / halvings if halvings else float("inf")


def length(array: Array) -> Array:
    """Return the Euclidean length over the last axis, in float64, without a square that overflows or vanishes."""
    array = np.asarray(array, np.float64)
    largest = np.abs(array).max(axis=-1)
    scale = np.where(largest > 0, largest, 1.0)
    with np.errstate(invalid="ignore"):
        found = scale * np.sqrt(((array / scale[..., np.newaxis]) ** 2).sum(axis=-1))
    return np.where(np.isinf(largest), largest, found)


def _lengths(gradients) -> dict[str, Array]:  # type: ignore[no-untyped-def]
    carry = getattr(gradients, "d_carry", None)
    return {"h": length(gradients.d_state[0])} | ({} if carry is None else {"c": length(carry[0])})


def _scaled(lengths: Mapping[str, Array], scale: float) -> dict[str, Array]:
    return {name: scale * array for name, array in lengths.items()}
