"""What the memory page asks before it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.common.language import _, listed
from pages.common.names import cell_name, percent
from pages.common.predict import Question, asks, guessed, quiz
from pages.parts.memory.measure import reach_of, trace_of
from pages.parts.memory.networks import cases_of, learnt, over_epochs, shown_cell
from pages.parts.memory.settings import LOOKS, SET, Settings, experiment_of
from pages.parts.memory.words import halves, ranking
from rnn_core.cells.registry import CELLS

_FIRST, _LEARNING = "memory:keras", "memory:learning"
_ABOUT = "_memory_answered"
LASTING = 2.0  # a half-life so many times as long is longer


def knows(settings: Settings) -> bool:
    """Whether the curves may be seen: the question about them is answered, or there is none."""
    return not asked_now(settings)


def asked_now(settings: Settings) -> bool:
    """Whether a question about these settings is open."""
    return bool(asks(SET) and (name := _id(settings)) and not guessed(name))


def question(settings: Settings) -> None:
    """Draw the question about these settings."""
    name, about = _id(settings), _about(settings)

    def remember() -> None:
        st.session_state[_ABOUT] = st.session_state.get(_ABOUT, {}) | {name: about}
        if name == _LEARNING:
            SET.change(epoch=0)

    quiz(SET, _made(settings, name), then=remember)


def answered(settings: Settings) -> None:
    """Draw its answer, while the settings are those that it is about."""
    name = _id(settings)
    if asks(SET) and guessed(name) and st.session_state.get(_ABOUT, {}).get(name) == _about(settings):
        quiz(SET, _made(settings, name))


def _id(settings: Settings) -> str:
    """The name of the question that these settings ask; blank without one.

    One at each ready experiment, one about whatever else is set at first, and one about the networks that come with the
    project.
    """
    if learnt(settings):
        return "" if settings.run or settings.cell != "lstm" else _LEARNING
    return f"memory:{experiment_of(settings)}" if experiment_of(settings) else _FIRST


def _about(settings: Settings) -> Settings:
    """What an answer is about: where the visitor looks changes nothing of it, but the way does."""
    nowhere: dict[str, Any] = {name: "" for name in LOOKS if name not in ("way", "sequence")}
    return replace(settings, **nowhere)


def _made(settings: Settings, name: str) -> Question:
    return _learning(settings) if name == _LEARNING else _longest(settings)


def _longest(settings: Settings) -> Question:
    cases = cases_of(settings)
    best = ranking(cases)[0]
    half_lives = {cell: reach_of(case).half_lives[CELLS[cell].memory] for cell, case in cases.items()}
    one = _("{cell} {halves}")
    measured = listed(one.format(cell=cell_name(cell), halves=halves(found)) for cell, found in half_lives.items())
    text = _("Whose gradient is largest when it arrives at timestep 1, {n} timesteps before the loss?")
    if settings.way == "forth":
        text = _("In which cell does a nudge of the first input still change most, {n} timesteps later?")
    timesteps = len(reach_of(cases[best]).lengths["h"])
    return Question(
        _id(settings), text.format(n=timesteps - 1), {cell: cell_name(cell) for cell in cases}, best,
        _("Measured: {measured}.").format(measured=measured),
    )  # fmt: skip


def _learning(settings: Settings) -> Question:
    cell = shown_cell(settings)
    found = [case for _network, case in over_epochs(settings, cell).values()]
    first, last = (reach_of(case).half_lives[CELLS[cell].memory] for case in (found[0], found[-1]))
    gate = [float(getattr(trace_of(case), CELLS[cell].keeps or "")[0].mean()) for case in (found[0], found[-1])]
    # Where the half-life is negative, the gradient grows: that lasts longest of all.
    changed = last / first if last > 0 else float("inf")
    answer = "longer" if changed > LASTING else "shorter" if changed < 1 / LASTING else "same"
    return Question(
        _LEARNING,
        _(
            "This {cell} is to learn which letter came first, {n} letters ago. Will its carry's gradient last longer "
            "after the training than before?"
        ).format(cell=cell_name(cell), n=len(reach_of(found[0]).lengths["h"]) - 1),
        {"longer": _("longer"), "same": _("about the same"), "shorter": _("shorter")},
        answer,
        _(
            "Before the training it {before}, after it it {after}. The forget gate went from {closed} to {open}. You "
            "see the network before the first epoch: press **Watch it learn**. How flat the carry's line becomes is "
            "what counts; how high it lies is decided at the loss, where tanh is flat once the network is sure."
        ).format(before=halves(first), after=halves(last), closed=percent(gate[0]), open=percent(gate[1])),
    )  # fmt: skip
