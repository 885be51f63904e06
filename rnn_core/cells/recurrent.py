"""Recurrent kernels by other recipes than Keras' own, as large as one wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from rnn_core.cells.errors import CellError
from rnn_core.cells.initial import orthogonal
from rnn_core.cells.weights import Array, Weights

W = TypeVar("W", bound=Weights)

#: "keras" is what `initial_weights` drew. Of the others, each block (gate or candidate) is drawn by itself.
RECIPES = ("keras", "orthogonal", "normal", "identity")


def with_recurrent(weights: W, recipe: str, radius: float, seed: int) -> W:
    """Return the weights with a recurrent kernel whose every block has this spectral radius.

        orthogonal   radius · Q, which turns a state and makes it longer by `radius`
        normal       numbers from a normal distribution, scaled to the radius
        identity     radius · 1: every unit sees itself alone

    Args:
        weights: of any cell.
        recipe: one of RECIPES; "keras" returns the weights as they are, with the radius that they have.
        radius: the largest absolute eigenvalue that each block (units, units) shall have.
        seed: of the random numbers.

    Raises:
        CellError: "unknown_recipe".

    Source:
        Saxe et al. 2014 (orthogonal); Jaeger 2001 (spectral radius); Le et al. 2015 (identity).
    """
    if recipe not in RECIPES:
        raise CellError("unknown_recipe", recipe=recipe, recipes=", ".join(RECIPES))
    if recipe == "keras":
        return weights
    random = np.random.default_rng([seed, 1])
    blocks = [_block(random, recipe, weights.units) for _gate in weights.GATES]
    kernel = radius * np.concatenate(blocks, axis=1)
    return replace(weights, recurrent_kernel=kernel.astype(weights.dtype))


def spectral_radius(block: Array) -> float:
    """Return the largest absolute eigenvalue of a block (units, units); NaN if it holds numbers beyond all bounds."""
    return float(np.abs(np.linalg.eigvals(block)).max()) if np.isfinite(block).all() else float("nan")


def spectral_radii(weights: Weights) -> dict[str, float]:
    """Return the spectral radius of each block of a recurrent kernel, by the block's name."""
    return {gate: spectral_radius(weights.recurrent_kernel[:, weights.columns(gate)]) for gate in weights.GATES}


def _block(random: np.random.Generator, recipe: str, units: int) -> Array:
    if recipe == "identity":
        return np.eye(units)
    if recipe == "orthogonal":
        return orthogonal(random, units, units)
    drawn = random.normal(size=(units, units))
    return drawn / spectral_radius(drawn)
