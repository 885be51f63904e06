"""Which toy the visitor looks at: sizes, weights, seed, and numbers changed by hand; its controls, and its trace."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from pages.common.edits import edited, edits_parameter
from pages.common.language import _
from pages.common.link import Choice, Number, Parameter
from pages.common.predict import ASK, ask_switch
from pages.common.settings import Owner
from pages.common.steps import step_to
from pages.elements.arithmetic import OPENED
from pages.elements.transport import SPEED
from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward
from rnn_core.cells.toy import RECIPES, toy_inputs, toy_weights
from rnn_core.explain.first_input import first_input_left

PAGE = "step_through"
LARGEST = 200
SEEDS = 2**32 - 1
# What a preset sets; each is the ground from which its links differ.
PRESETS: dict[str, dict[str, Any]] = {
    "small": {"timesteps": 6, "input_features": 3, "units": 4, "recipe": "small", "seed": 0},
    "article": {"timesteps": 100, "input_features": 32, "units": 64, "recipe": "article", "seed": 0},
}


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link."""

    toy: str
    timesteps: int
    input_features: int
    units: int
    recipe: str
    seed: int
    draw: int
    edits: str
    t: int
    speed: str
    open: str
    ask: bool

    @property
    def weight_seed(self) -> int:
        """What the weights are drawn with: other weights leave the inputs as they are."""
        return (self.seed + self.draw) % (SEEDS + 1)

    @property
    def numbers(self) -> tuple:
        """What decides the numbers on the screen, without the timestep."""
        return (self.timesteps, self.input_features, self.units, self.recipe, self.seed, self.weight_seed, self.edits)


def _parameters(toy: str) -> Sequence[Parameter]:
    preset = PRESETS[toy]
    return (
        Number("timesteps", preset["timesteps"], 1, LARGEST),
        Number("input_features", preset["input_features"], 1, 128),
        Number("units", preset["units"], 1, 128),
        Choice("recipe", preset["recipe"], RECIPES),
        Number("seed", preset["seed"], 0, SEEDS),
        # How often other weights were drawn for the same inputs.
        Number("draw", 0, 0, SEEDS),
        edits_parameter("x", "W", "U", "b"),
        Number("t", 0, 0, LARGEST),
        SPEED,
        OPENED,
        ASK,
    )


# A link without a toy was written when the article's network was the first.
SET = Owner(PAGE, Settings, _parameters, base=Choice("toy", "small", tuple(PRESETS)), older="article")
current = SET.current


def is_small(settings: Settings) -> bool:
    """Whether every node, edge and number of it fits on the screen."""
    return settings.timesteps <= 8 and settings.units <= 5 and settings.input_features <= 5


@lru_cache(maxsize=32)
def _drawn(timesteps: int, features: int, units: int, recipe: str, seed: int, weight_seed: int) -> SimpleRNNTrace:
    # The same numbers are computed once for all visitors.
    weights = toy_weights(features, units, recipe, weight_seed)
    return simple_rnn_forward(toy_inputs(timesteps, features, seed)[np.newaxis], weights)


def tables(trace: SimpleRNNTrace) -> dict[str, np.ndarray]:
    """Return the numbers that may be changed, as the article writes them, (rows, columns) each."""
    w = trace.weights
    return {"x": trace.inputs[0], "W": w.kernel.T, "U": w.recurrent_kernel.T, "b": w.bias[:, np.newaxis]}


def trace_of(settings: Settings) -> SimpleRNNTrace:
    """Return the toy's trace, a batch of one; a small one's with the numbers that the visitor has changed."""
    *drawn, edits = settings.numbers
    return _edited(edits, *drawn) if edits and is_small(settings) else _drawn(*drawn)


@lru_cache(maxsize=32)
def _edited(edits: str, *drawn: Any) -> SimpleRNNTrace:
    now = {name: edited(edits, name, numbers) for name, numbers in tables(_drawn(*drawn)).items()}
    changed = SimpleRNNWeights(kernel=now["W"].T, recurrent_kernel=now["U"].T, bias=now["b"][:, 0])
    return simple_rnn_forward(now["x"][np.newaxis], changed)


@lru_cache(maxsize=32)
def left_of(trace: SimpleRNNTrace) -> np.ndarray:
    """Return how much of the first input is left at each timestep, (timesteps,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return first_input_left(trace)


def controls() -> None:
    """Draw the presets, and in a popover what is seldom changed."""
    names = {"small": _("A small one, every number"), "article": _("The article's network")}
    for toy, icon in (("small", "hub"), ("article", "grid_on")):
        # The active one is shown: the one whose numbers stand on the screen, unchanged.
        active = replace(current(), toy=toy, **PRESETS[toy], draw=0, edits="") == current()
        st.button(
            names[toy], key=f"preset_{toy}", icon=f":material/{icon}:", type="primary" if active else "secondary",
            on_click=_become, args=(toy,),
        )  # fmt: skip
    recipes = {"article": _("weights in [0, 1), as in the article"), "small": _("small weights of both signs")}
    SET.segments("recipe", _("Weights"), recipes, then=_other_numbers, label_visibility="collapsed")
    with st.popover(_("Sizes and seed"), icon=":material/tune:"):
        SET.number("timesteps", _("timesteps: how long the sequence is"), then=_other_numbers)
        SET.number("input_features", _("input features: numbers in one input"), then=_other_numbers)
        SET.number("units", _("units: numbers in the state"), then=_other_numbers)
        SET.number("seed", _("seed: which random numbers"), then=_other_numbers)
    ask_switch(SET)


def rewind() -> None:
    """Go back to the start with the same numbers."""
    step_to(SET, 0)


def new_weights() -> None:
    """Go back to the start and read the same inputs with other weights."""
    SET.change(draw=(current().draw + 1) % (SEEDS + 1), edits="")
    rewind()


def _become(toy: str) -> None:
    SET.change(toy=toy, **PRESETS[toy], draw=0, edits="")
    rewind()


def _other_numbers() -> None:
    """What was changed by hand was changed in numbers that are no longer there."""
    SET.change(edits="")
