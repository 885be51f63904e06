"""What the memory page asks before it shows."""

from __future__ import annotations

from pages.common.language import _, listed
from pages.common.names import cell_name
from pages.common.predict import Question, asks, guessed, quiz
from pages.parts.memory.measure import reach_of
from pages.parts.memory.networks import cases_of
from pages.parts.memory.settings import SET, Settings, experiment_of
from pages.parts.memory.words import halves, ranking
from rnn_core.cells.registry import CELLS

_FIRST = "memory:keras"


def knows(settings: Settings) -> bool:
    """Whether the curves may be seen: the question about them is answered, or there is none."""
    return not asked_now(settings)


def asked_now(settings: Settings) -> bool:
    """Whether a question about these settings is open."""
    return bool(asks(SET) and (name := _id(settings)) and not guessed(name))


def question(settings: Settings) -> None:
    """Draw the question about these settings."""
    quiz(SET, _longest(settings))


def answered(settings: Settings) -> None:
    """Draw its answer, while the settings are those that it is about."""
    name = _id(settings)
    if asks(SET) and name and guessed(name):
        quiz(SET, _longest(settings))


def _id(settings: Settings) -> str:
    """The name of the question that these settings ask, blank without one: at first, and at each ready experiment."""
    if settings.network != "random" or settings.run:
        return ""
    if not guessed(_FIRST):
        return _FIRST
    name = experiment_of(settings)
    return f"memory:{name}" if name else ""


def _longest(settings: Settings) -> Question:
    cases = cases_of(settings)
    best = ranking(cases)[0]
    half_lives = {cell: reach_of(case).half_lives[CELLS[cell].memory] for cell, case in cases.items()}
    measured = listed(
        _("{cell} {halves}").format(cell=cell_name(cell), halves=halves(half_life)) for cell, half_life in half_lives.items()
    )
    text = _("Whose gradient is largest when it arrives at timestep 1, {n} timesteps before the loss?")
    if settings.way == "forth":
        text = _("In which cell does a nudge of the first input still change most, {n} timesteps later?")
    timesteps = len(reach_of(cases[best]).lengths["h"])
    return Question(
        _id(settings), text.format(n=timesteps - 1), {cell: cell_name(cell) for cell in cases}, best,
        _("Measured: {measured}.").format(measured=measured),
    )  # fmt: skip
