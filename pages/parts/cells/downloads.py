"""What the cells page gives away: code that computes the numbers on the screen, and all numbers as a table."""

from collections.abc import Callable

from pages.common.downloads import take_away, worded
from pages.parts.cells.network import reading_of
from pages.parts.cells.reading import read
from pages.parts.cells.settings import SET, current
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import CellWords, cell_code, trace_csv


def downloads() -> None:
    """Draw the downloads; the code prints the timestep that stands on the screen at the click."""
    reading = reading_of(current())
    live = SET.live()
    words = worded(CellWords)

    def code() -> list:
        return cell_code(read(reading), max(live().t - 1, 0), words=words)

    files: dict[str, Callable[[], str | bytes]] = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: trace_csv(read(reading)),
    }
    take_away(reading.cell, files, "take")
