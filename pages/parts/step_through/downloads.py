"""What the toy's page gives away: code that computes the numbers on the screen, and all numbers as a table."""

from collections.abc import Callable

from pages.common.downloads import take_away, worded
from pages.parts.step_through.settings import SET, trace_of
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import trace_csv
from rnn_core.export.step_through import StepThroughWords, step_through


def downloads() -> None:
    """Draw the downloads; what they write is what stands on the screen at the click."""
    words, live = worded(StepThroughWords), SET.live()

    def code() -> list:
        s = live()
        return step_through(trace_of(s), s.recipe, s.seed, max(s.t - 1, 0), words, weight_seed=s.weight_seed)

    files: dict[str, Callable[[], str | bytes]] = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: trace_csv(trace_of(live())),
    }
    take_away("toy_rnn", files, "take")
