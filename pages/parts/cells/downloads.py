"""What the cells page gives away: code that computes the numbers on the screen, and all numbers as a table."""

from pages.common.downloads import take_away
from pages.common.language import _
from pages.parts.cells.network import reading_of
from pages.parts.cells.reading import read
from pages.parts.cells.settings import SET, current
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import cell_code, trace_csv


def downloads() -> None:
    """Draw the downloads; the code prints the timestep that stands on the screen at the click."""
    reading = reading_of(current())
    live = SET.live()
    words = {
        "title": _("{layer}: {timesteps} timesteps, {units} units"),
        "numbers": _(
            "Inputs and weights, the same as on the page; weights as Keras' layer.get_weights() lays them out."
        ),
        "loop": _("Every timestep, gate by gate."),
        "step": _("The numbers of timestep {t}, counted from 0."),
        "twin": _("The same weights in a real Keras layer, and the largest difference."),
    }

    def code() -> list:
        return cell_code(read(reading), max(live().t - 1, 0), words=words)

    files = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: trace_csv(read(reading)),
    }
    take_away(reading.cell, files, "take")
