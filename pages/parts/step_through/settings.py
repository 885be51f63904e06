"""Which toy the visitor looks at: sizes, weights, seed, and numbers changed by hand."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.common.language import _
from pages.common.link import Choice, Number, number_setting
from pages.elements.number_table import edited, forget_tables
from pages.elements.transport import halt
from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward
from rnn_core.cells.toy import RECIPES, toy_inputs, toy_weights

LARGEST = 200


class Toy(NamedTuple):
    timesteps: int
    input_features: int
    units: int
    recipe: str
    seed: int


ARTICLE, SMALL = Toy(100, 32, 64, "article", 0), Toy(6, 3, 4, "small", 0)
PARAMETERS = (
    Number("timesteps", ARTICLE.timesteps, 1, LARGEST),
    Number("input_features", ARTICLE.input_features, 1, 128),
    Number("units", ARTICLE.units, 1, 128),
    Choice("recipe", ARTICLE.recipe, RECIPES),
    Number("seed", ARTICLE.seed, 0, 2**32 - 1),
    Number("t", 0, 0, LARGEST),
)


def current() -> Toy:
    """Return the settings on the screen."""
    return Toy(*(st.session_state[name] for name in Toy._fields))


def is_small(toy: Toy) -> bool:
    """Whether every node, edge and number of it fits on the screen."""
    return toy.timesteps <= 8 and toy.units <= 5 and toy.input_features <= 5


@lru_cache(maxsize=32)
def drawn(toy: Toy) -> SimpleRNNTrace:
    """Return the trace of this toy, a batch of one. The same settings are computed once for all visitors."""
    weights = toy_weights(toy.input_features, toy.units, toy.recipe, toy.seed)
    return simple_rnn_forward(toy_inputs(toy.timesteps, toy.input_features, toy.seed)[np.newaxis], weights)


def toy_of(toy: Toy, *, as_edited: bool = True) -> SimpleRNNTrace:
    """Return the toy's trace; for a small one with the numbers that the visitor has changed."""
    trace = drawn(toy)
    if not as_edited or not is_small(toy):
        return trace
    weights = trace.weights
    start = {
        "x": trace.inputs[0],
        "W": weights.kernel.T,
        "U": weights.recurrent_kernel.T,
        "b": weights.bias[:, np.newaxis],
    }
    now = {name: edited(name, values) for name, values in start.items()}
    if all(now[name] is start[name] or np.array_equal(now[name], start[name]) for name in start):
        return trace
    changed = SimpleRNNWeights(kernel=now["W"].T, recurrent_kernel=now["U"].T, bias=now["b"][:, 0])
    return simple_rnn_forward(now["x"][np.newaxis], changed)


def controls() -> None:
    """Draw the presets, and in a popover what is seldom changed."""
    st.button(
        _("The article's network"), key="preset_article", on_click=_become, args=(ARTICLE,), icon=":material/grid_on:"
    )
    st.button(
        _("A small one, every number"), key="preset_small", on_click=_become, args=(SMALL,), icon=":material/hub:"
    )
    recipes = {"article": _("weights in [0, 1), as in the article"), "small": _("small weights of both signs")}
    st.segmented_control(
        _("Weights"), RECIPES, key="recipe", required=True, format_func=recipes.get, label_visibility="collapsed"
    )
    with st.popover(_("Sizes and seed"), icon=":material/tune:"):
        number_setting(_("timesteps: how long the sequence is"), 1, LARGEST, key="timesteps")
        number_setting(_("input features: numbers in one input"), 1, 128, key="input_features")
        number_setting(_("units: numbers in the state"), 1, 128, key="units")
        number_setting(_("seed: which random numbers"), 0, 2**32 - 1, key="seed")


def again() -> None:
    """Go back to the start with the same numbers."""
    st.session_state["t"] = 0
    halt()


def new_weights() -> None:
    """Go back to the start with the next seed's numbers."""
    forget_tables("x", "W", "U", "b")
    st.session_state["seed"] = (st.session_state["seed"] + 1) % 2**32
    again()


def _become(toy: Toy) -> None:
    st.session_state.update(toy._asdict())
    again()
