"""What the toy's page says, all of it read off the numbers."""

import numpy as np

from pages.common.language import _, ngettext, sentences
from pages.parts.step_through.settings import Settings
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts.scene import short
from rnn_core.explain.questions import SATURATED


def labels(settings: Settings, t: int) -> dict[str, str]:
    """Return the picture's words."""
    return {
        "state": _("state"), "sum": _("sum"), "input": _("input"), "unit": _("unit"), "feature": _("feature"),
        "timestep": _("timestep"), "not_yet": "–", "start": _("start"),
        "left": _("first input's trace"),
        "output": _("output sequence, one column per timestep"),
        "alt": _("The toy RNN after {t} of {timesteps} timesteps.").format(t=t, timesteps=settings.timesteps),
    }  # fmt: skip


def observation(trace: SimpleRNNTrace, t: int, hint: bool) -> str:
    """Say what this timestep's numbers show; with a hint of what can be clicked."""
    if t == 0:
        return _("Nothing has been read yet: the state is all zeros. Press **Next**, or the right arrow key.")
    said = [_what_it_shows(trace, t)]
    if hint:
        said.append(":material/ads_click: " + _("Click any number to see the sum behind it."))
    return sentences(said)


def _what_it_shows(trace: SimpleRNNTrace, t: int) -> str:
    sums, states = trace.pre_activation[0, t - 1], trace.h[0, t - 1]
    saturated = int((np.abs(states) > SATURATED).sum())
    if saturated == states.size:
        return ngettext(
            "The state's one number reads ±1.00. Its sum is {low}, where tanh is almost flat: inputs like these hardly "
            "move it any more. Try *small weights of both signs*.",
            "All {n} numbers of the state read ±1.00. The sums lie between {low} and {high}, where tanh is almost "
            "flat: inputs like these hardly move them any more. Try *small weights of both signs*.",
            states.size,
        ).format(n=states.size, low=short(sums.min(), 1), high=short(sums.max(), 1))
    moved = float(np.abs(states - trace.h_previous[0, t - 1]).mean())
    return sentences(
        [
            _("The sums lie between {low} and {high}.").format(low=short(sums.min()), high=short(sums.max())),
            ngettext(
                "{saturated} of {n} units is saturated (beyond ±0.995).",
                "{saturated} of {n} units are saturated (beyond ±0.995).",
                saturated,
            ).format(saturated=saturated, n=states.size),
            _("The state moved by {moved} on average.").format(moved=short(moved)),
        ]
    )
