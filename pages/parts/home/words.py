"""The words of the home page's picture, and what follows from its numbers."""

import numpy as np

from pages.common.language import _
from pages.parts.home.settings import TIMESTEPS, Settings
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts.scene import short

LOOP = [
    "state = 0",
    "for input in inputs:",
    "    output = f(input, state)",
    "    state = output",
]


def labels() -> dict[str, str]:
    """Return the picture's words."""
    return {
        "feedforward": _("no memory"),
        "recurrent": _("with a state"),
        "input": _("input"),
        "output": _("output"),
        "timestep": _("timestep"),
        "state": "state",
        "switch": _("click: switch this input on or off"),
        "alt": _("A unit without a state and a unit with one read the same eight inputs."),
    }


def observation(settings: Settings, forgetful: SimpleRNNTrace, remembering: SimpleRNNTrace) -> str:
    """Say what the last timestep still knows."""
    inputs = settings.sequence
    if not inputs.any():
        return _("No input is switched on: there is nothing to remember.")
    return _(
        "The last input that was on came at timestep {t}. At timestep {last} the network without memory says "
        "**{without}**, the one with a state **{with_state}**."
    ).format(
        t=int(np.flatnonzero(inputs)[-1]) + 1,
        last=TIMESTEPS,
        without=short(forgetful.h[0, -1, 0]),
        with_state=short(remembering.h[0, -1, 0]),
    )
