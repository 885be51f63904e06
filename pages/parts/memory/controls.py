"""The memory page's controls: which networks and which way; ready experiments; in a popover what is seldom changed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.common.language import _
from pages.common.link import Number
from pages.common.names import cell_name, task_name
from pages.common.opened import LAST, beginnings
from pages.common.predict import ask_switch
from pages.common.steps import halt, step_to
from pages.elements.slider import slider
from pages.parts.memory.networks import Learnt, learnt, shown_cell
from pages.parts.memory.settings import (
    EXPERIMENTS,
    SEEDS,
    SET,
    SMALL_TIMESTEPS,
    SMALL_UNITS,
    Settings,
    current,
)
from rnn_core.cells.registry import CELLS

# The small network whose edges are drawn, unless the visitor's own is small already.
SMALL = {"timesteps": 6, "units": 3}


def controls() -> None:
    """Draw the controls of what is shown."""
    networks = learnt(current())
    if current().run:
        _run(networks)
    else:
        names = {"random": _("random weights"), "trained": _("trained")}
        SET.segments("network", _("Network"), names, then=show_curves, label_visibility="collapsed")
    if networks:
        dataset = networks[shown_cell(current())].dataset
        SET.select("sequence", _("Which sequence"), beginnings(dataset), label_visibility="collapsed", width=250)
    else:
        views = {"curves": _("curves"), "edges": _("small, every edge")}
        SET.segments("view", _("View"), views, then=fit_the_view, label_visibility="collapsed")
    if current().view == "edges":
        cells = {cell: cell_name(cell) for cell in CELLS}
        SET.segments("cell", _("Cell"), cells, then=halt, label_visibility="collapsed")
    else:
        ways = {"back": _("gradient, backwards"), "forth": _("nudge, forwards")}
        SET.segments("way", _("Way"), ways, then=to_the_loss, label_visibility="collapsed")
    _experiments()
    _settings()
    if not current().run:  # there it has nothing to ask
        ask_switch(SET)


def _run(networks: Mapping[str, Learnt]) -> None:
    """Draw which training the network comes from, and the way back."""
    for cell, network in networks.items():
        name = _("**{cell}**, trained on “{task}”").format(cell=cell_name(cell), task=task_name(network.task))
        st.markdown(name, width="content")
    st.button(_("Back"), icon=":material/close:", on_click=leave_run, key="leave_network")


def leave_run() -> None:
    """Show the page's own networks again."""
    SET.change(run="", sequence=1, epoch=LAST)
    to_the_loss()


def show_curves() -> None:
    """Of trained networks there are the curves alone; each kind is first seen where it has most to show."""
    SET.change(view="curves", cell=SET.defaults(current().network).cell)
    to_the_loss()


def fit_the_view() -> None:
    """Edges are drawn of one small random network, backwards: what is larger becomes small."""
    settings = current()
    if settings.view == "edges":
        SET.change(network="random", run="", way="back", **({} if settings.is_small else SMALL))
    elif {name: getattr(settings, name) for name in SMALL} == SMALL:
        start = SET.defaults("random")
        SET.change(timesteps=start.timesteps, units=start.units)
    to_the_loss()


def to_the_loss() -> None:
    """Begin the walk anew: it is another one."""
    SET.change(open="")
    step_to(SET, 0)


def _experiments() -> None:
    """Draw the ready experiments, each a few settings with a question."""
    names = {
        "power": _("0.9⁵⁰: a matrix that shrinks by a tenth"),
        "orthogonal": _("An orthogonal SimpleRNN, in silence"),
        "open": _("LSTM with a forget bias of 5"),
        "gru": _("GRU with an update bias of 5"),
        "explode": _("A matrix that enlarges: exploding"),
    }
    with st.popover(_("Experiments"), icon=":material/science:"):
        for name in EXPERIMENTS:
            st.button(names[name], key=f"experiment_{name}", on_click=experiment, args=(name,), width="stretch")
        st.button(_("Keras' own start"), key="experiment_keras", on_click=experiment, args=("",), width="stretch",
                  icon=":material/restart_alt:")  # fmt: skip


def experiment(name: str) -> None:
    """Set up a ready experiment; blank: Keras' own start."""
    start = SET.defaults("random")
    kept = ("ask", "speed")
    plain = {field: getattr(start, field) for field in vars(start) if field not in kept}
    SET.change(**plain | EXPERIMENTS.get(name, {}))
    halt()


def sliders(settings: Settings) -> None:
    """Draw what is moved most, on the stage itself, so that the curves follow while it is dragged."""
    with st.container(horizontal=True, gap="medium", key="memory_sliders"):
        slider(SET, "timesteps", _("timesteps"), step=1, digits=0)
        slider(SET, "forget_bias", _("LSTM's forget bias"), step=0.5, digits=1)
        slider(SET, "update_bias", _("GRU's update bias"), step=0.5, digits=1)
        if settings.recipe != "keras":
            slider(SET, "radius", _("spectral radius of U"), step=0.05, digits=2)
    if settings.view == "edges" and not settings.is_small:
        text = _("Every edge is drawn up to {timesteps} timesteps and {units} units; you see the curves until then.")
        st.caption(text.format(timesteps=SMALL_TIMESTEPS, units=SMALL_UNITS))


def _settings() -> None:
    """Draw what is seldom changed, in a popover."""
    settings = current()
    with st.popover(_("Settings"), icon=":material/tune:"):
        if not learnt(settings):
            _number("units", _("units: numbers in the state"))
            inputs = {"noise": _("random numbers"), "pulse": _("one 1, then silence")}
            SET.segments("input", _("what is read"), inputs)
            recipes = {
                "keras": _("as Keras draws it"), "orthogonal": _("orthogonal"), "normal": _("normal"),
                "identity": _("identity"),
            }  # fmt: skip
            SET.segments("recipe", _("recurrent matrix U"), recipes)
        losses = {"last": _("at the last timestep"), "every": _("at every timestep")}
        if settings.way == "back":  # a nudge has no loss
            SET.segments("losses", _("where the loss sits"), losses)
            SET.segments("clip", _("clip the weights' gradient to the length"),
                         {"off": _("off"), "10": "10", "1": "1", "0.1": "0.1"})  # fmt: skip
        if not learnt(settings):
            _number("seed", _("seed: which random numbers"))
            st.button(_("New weights"), icon=":material/casino:", on_click=new_weights, key="new_weights")


def new_weights() -> None:
    """Draw the next seed's weights and inputs."""
    SET.change(seed=(current().seed + 1) % (SEEDS + 1))


def _number(name: str, label: str) -> None:
    """Draw a number with its limits in its label."""
    limits: Number = next(p for p in SET.parameters() if p.name == name)  # type: ignore[assignment]
    SET.number(name, _("{label} ({low} to {high})").format(label=label, low=f"{limits.low:,}", high=f"{limits.high:,}"))
