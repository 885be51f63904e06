"""Which networks the memory page measures: random ones, those that come with the project, and those of a training."""

from __future__ import annotations

from functools import lru_cache

from pages.parts.memory.measure import Case, drawn_case
from pages.parts.memory.settings import Settings
from rnn_core.cells.registry import CELLS


def cases_of(settings: Settings) -> dict[str, Case]:
    """Return what is measured, by cell."""
    return {cell: drawn_case(settings, cell) for cell in CELLS}


def shown_cell(settings: Settings) -> str:
    """Return the cell whose matrices are shown: the one that is set, or the only one there is."""
    cases = cases_of(settings)
    return settings.cell if settings.cell in cases else next(iter(cases))
