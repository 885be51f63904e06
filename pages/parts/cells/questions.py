"""What the cells page asks before it shows: about the trace, and about the same networks before their training."""

import numpy as np

from pages.common.language import _
from pages.common.names import percent
from pages.common.opened import LAST
from pages.common.predict import Question, asks, guessed, quiz
from pages.common.steps import step_to
from pages.common.trace_questions import questions_about
from pages.parts.cells.network import reading_of, untrained
from pages.parts.cells.reading import left_of, read
from pages.parts.cells.settings import SET, TIMESTEPS, Settings
from rnn_core.cells.registry import CELLS

_UNTRAINED = "cells:untrained"
STILL_THERE = 0.01


def questions(settings: Settings, t: int) -> list[Question]:
    """Return the questions about this trace that are asked or answered at timestep t."""
    reading = reading_of(settings)
    return questions_about(read(reading), f"{hash(reading):x}", t)


def knows_the_untrained() -> bool:
    """Whether this visitor may see the traces of the untrained networks: guessed, or does not want to be asked."""
    return not asks(SET) or guessed(_UNTRAINED)


def before_training(settings: Settings) -> bool:
    """Ask, at the end of what a trained network reads, which cell had a trace left before training; then show it.

    Returns:
        whether anything was drawn.
    """
    reading = reading_of(settings)
    if settings.t < reading.timesteps or settings.run or settings.review or settings.epoch != LAST or not asks(SET):
        return False
    if settings.network == "trained" and not guessed(_UNTRAINED):
        quiz(SET, _question(settings), then=lambda: _show_it(settings))
    elif settings.network == "random" and guessed(_UNTRAINED) and reading == untrained(settings).get(reading.cell):
        quiz(SET, _question(settings))
    else:
        return False
    return True


def _show_it(settings: Settings) -> None:
    words = reading_of(settings).words
    SET.change(network="random", input="words", words=" ".join(words), units=reading_of(settings).units)
    step_to(SET, TIMESTEPS)


def _question(settings: Settings) -> Question:
    left = {cell: float(left_of(reading)[-1]) for cell, reading in untrained(settings).items()}
    still = [cell for cell, share in left.items() if np.isfinite(share) and share >= STILL_THERE]
    options = {cell: CELLS[cell].label for cell in CELLS} | {"none": _("none of them")}
    shares = {cell: percent(share) for cell, share in left.items()}
    return Question(
        _UNTRAINED,
        _("And before training, with random weights: which of them still has 1% of this trace here?"),
        options,
        max(still, key=lambda cell: left[cell]) if still else "none",
        _(
            "SimpleRNN has {simple_rnn}, LSTM {lstm}, GRU {gru}. A gate alone is no memory: it begins only partly "
            "open, so what it should keep is lost. Training has opened it: switch back to *trained*."
        ).format(**shares),
    )
