"""Step through: the toy RNN of the lesson, one timestep at a time, with every number it computes."""

from functools import lru_cache

import numpy as np
import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.common.link import Choice, Number, keep_link, open_link
from pages.common.picture import picture
from pages.common.transport import SPEED, on_stage, transport
from rnn_core.cells.simple_rnn import SimpleRNNTrace, simple_rnn_forward
from rnn_core.cells.toy import RECIPES, toy_inputs, toy_weights
from rnn_core.charts import toy
from rnn_core.charts.scene import short

PAGE = "step_through"
ARTICLE, SMALL = (100, 32, 64), (6, 3, 4)
LARGEST = 200
PARAMETERS = (
    Number("timesteps", ARTICLE[0], 1, LARGEST),
    Number("input_features", ARTICLE[1], 1, 128),
    Number("units", ARTICLE[2], 1, 128),
    Choice("recipe", "article", RECIPES),
    Number("seed", 0, 0, 2**32 - 1),
    Number("t", 0, 0, LARGEST),
    SPEED,
)


@lru_cache(maxsize=32)
def read(timesteps: int, input_features: int, units: int, recipe: str, seed: int) -> SimpleRNNTrace:
    """Return the toy's trace, a batch of one. The same settings are computed once for all visitors."""
    weights = toy_weights(input_features, units, recipe, seed)
    return simple_rnn_forward(toy_inputs(timesteps, input_features, seed)[np.newaxis], weights)


def resize(sizes: tuple[int, int, int], recipe: str) -> None:
    st.session_state.update(zip(("timesteps", "input_features", "units"), sizes, strict=True))
    st.session_state.update(recipe=recipe, t=0)


def settings() -> tuple[int, int, int, str, int]:
    """Draw the presets, and in a popover what is seldom changed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("The article's network"),
            key="preset_article",
            on_click=resize,
            args=(ARTICLE, "article"),
            icon=":material/grid_on:",
        )
        st.button(
            _("A small one, every number"),
            key="preset_small",
            on_click=resize,
            args=(SMALL, "small"),
            icon=":material/hub:",
        )
        recipes = {"article": _("weights in [0, 1), as in the article"), "small": _("small weights of both signs")}
        st.segmented_control(
            _("Weights"), RECIPES, key="recipe", required=True, format_func=recipes.get, label_visibility="collapsed"
        )
        with st.popover(_("Sizes and seed"), icon=":material/tune:"):
            st.number_input(_("timesteps: how long the sequence is"), 1, LARGEST, key="timesteps")
            st.number_input(_("input features: numbers in one input"), 1, 128, key="input_features")
            st.number_input(_("units: numbers in the state"), 1, 128, key="units")
            st.number_input(_("seed: which random numbers"), 0, 2**32 - 1, key="seed")
    return tuple(st.session_state[name] for name in ("timesteps", "input_features", "units", "recipe", "seed"))


def stage() -> None:
    """Draw the transport and all that changes with the timestep."""
    chosen = st.session_state["timesteps"], st.session_state["input_features"], st.session_state["units"]
    trace = read(*chosen, st.session_state["recipe"], st.session_state["seed"])
    timesteps, input_features, units = chosen
    t = transport(timesteps)
    labels = {
        "state": _("state"),
        "sum": _("sum"),
        "input": _("input"),
        "unit": _("unit"),
        "feature": _("feature"),
        "timestep": _("timestep"),
        "not_yet": "–",
        "start": _("start"),
        "output": _("output sequence, one column per timestep"),
        "alt": _("The toy RNN after {t} of {timesteps} timesteps.").format(t=t, timesteps=timesteps),
    }
    code, drawing = st.columns([1, 2.35], gap="medium")
    with code:
        marked = (1, 2) if t == 0 else (4, 5, 6, 7) if t == timesteps else (4, 5, 6)
        shapes = [
            ("outputs[-1].shape", f"({units},)" if t else "–"),
            ("sequence.shape" if t == timesteps else "np.stack(outputs).shape", f"({t}, {units})" if t else "–"),
        ]
        picture(
            toy.listing(lines=toy.program(*chosen), marked=marked, shapes=shapes, label=_("The program")), "listing"
        )
        st.markdown(observation(trace, t))
    with drawing:
        draw = toy.unrolled if timesteps <= 8 and units <= 5 and input_features <= 5 else toy.strips
        picture(draw(trace=trace, t=t, labels=labels), "toy", stamp=f"t={t}")
    keep_link(PAGE, PARAMETERS)


def observation(trace: SimpleRNNTrace, t: int) -> str:
    """Say in a sentence what this timestep's numbers show."""
    if t == 0:
        return _("Nothing has been read yet: the state is all zeros. Press **Next**, or the right arrow key.")
    sums, states = trace.pre_activation[0, t - 1], trace.h[0, t - 1]
    saturated = int((np.abs(states) > 0.995).sum())
    if saturated == states.size:
        return _(
            "All {units} states read ±1.00. The sums lie between {low} and {high}, where tanh is flat: whatever the input, "
            "the state stays the same. Try *small weights of both signs*."
        ).format(units=states.size, low=short(sums.min(), 1), high=short(sums.max(), 1))
    moved = float(np.abs(states - trace.h_previous[0, t - 1]).mean())
    return _(
        "The sums lie between {low} and {high}; {saturated} of {units} states are saturated (beyond ±0.995). The state "
        "moved by {moved} on average."
    ).format(low=short(sums.min()), high=short(sums.max()), saturated=saturated, units=states.size, moved=short(moved))


frame(PAGE)
open_link(PAGE, PARAMETERS)
st.markdown(prose(PAGE, "question"))
size = settings()
on_stage(stage, size[0])
with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
