"""What the memory page gives away: code that asks Keras for the same gradients, and the curves as a table."""

from collections.abc import Callable

from pages.common.downloads import take_away, worded
from pages.parts.memory.measure import Case, Drawn, direction_of, reach_of, trace_of
from pages.parts.memory.networks import cases_of, run_of
from pages.parts.memory.settings import PAGE, SET, current
from rnn_core.cells.weights import Array
from rnn_core.explain.gradient import unit_vector
from rnn_core.export import as_notebook, as_script
from rnn_core.export import memory as export


def downloads() -> None:
    """Draw the downloads; what they hold is made at the click, of what is on the screen then."""
    live, opened = SET.live(), run_of(current())
    words = worded(export.MemoryWords)

    def cases() -> dict[str, Case]:
        return cases_of(live(), opened)

    def code() -> list:
        return export.memory_code([measured(case) for case in cases().values()], words=words)

    files: dict[str, Callable[[], str | bytes]] = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: export.memory_csv({cell: reach_of(case) for cell, case in cases().items()}),
    }
    take_away(PAGE, files, "take")


def measured(case: Case) -> export.Measured:
    """Return what a curve came from."""
    trace, source = trace_of(case), case.source
    drawn = None
    if isinstance(source, Drawn):
        drawn = export.Drawn(source.seed, source.recipe, source.radius)
    return export.Measured(
        trace.weights, trace.inputs, _direction(case), every=case.every, clip=case.clip, forwards=case.forwards,
        drawn=drawn, mask=trace.mask,
    )  # fmt: skip


def _direction(case: Case) -> Array:
    if case.forwards:
        return unit_vector(trace_of(case).weights.input_features, case.seed)
    return direction_of(case)
