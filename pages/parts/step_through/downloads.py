"""What the toy's page gives away: code that computes the numbers on the screen, and all numbers as a table."""

from pages.common.downloads import take_away
from pages.common.language import _
from pages.parts.step_through.settings import SET, trace_of
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import trace_csv
from rnn_core.export.step_through import step_through


def downloads() -> None:
    """Draw the downloads; what they write is what stands on the screen at the click."""
    words = {
        "title": _("A recurrent network in NumPy"),
        "about": _("It reads {timesteps} timesteps of {input_features} numbers each; its state has {units} numbers."),
        "numbers": _("Inputs and weights, the same as on the page."),
        "loop": _("The network: each output is the next state."),
        "step": _("The numbers of timestep {t}, counted from 0."),
    }

    live = SET.live()

    def code() -> list:
        settings = live()
        return step_through(trace_of(settings), settings.recipe, settings.seed, max(settings.t - 1, 0), words)

    files = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: trace_csv(trace_of(live())),
    }
    take_away("toy_rnn", files, "take")
