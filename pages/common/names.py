"""What things are called in the visitor's language, on every page alike: cells, tasks, numbers of a trace, shares."""

import math

from pages.common.language import _
from rnn_core.cells.registry import CELLS, CellTrace, cell_of


def cell_name(network: str) -> str:
    """Return the name of a cell, or of the network without one; the cells are called as in Keras, in every language."""
    return CELLS[network].label if network in CELLS else _("bag of words")


def task_name(task: str) -> str:
    """Return what a task, or a size of it, is called."""
    return {
        "delayed_recall": _("Delayed recall"),
        "adding": _("Adding"),
        "small_reviews": _("Small reviews"),
        "small_reviews_zh": _("Small reviews, in Chinese"),
        "imdb_quick": _("IMDB, quick"),
        "imdb_article": _("IMDB, the article's size"),
        "imdb": "IMDB",
    }[task]


def field_name(field: str, trace: CellTrace) -> str:
    """Return what a number of a trace is called, in this visitor's language."""
    summed = field.removesuffix("_pre_activation")
    has_carry = cell_of(trace).memory == "c"
    names = {
        "input_gate": _("input gate"), "forget_gate": _("forget gate"), "output_gate": _("output gate"),
        "update_gate": _("update gate"), "reset_gate": _("reset gate"), "candidate": _("candidate"),
        "c": _("carry c"), "h": _("state h"), "tanh_c": _("tanh of the carry"), "pre_activation": _("sum"),
        "kept": _("kept of the old carry") if has_carry else _("kept of the old state"),
        "added": _("added to the carry") if has_carry else _("added to the state"),
    }  # fmt: skip
    return names[field] if summed == field else _("sum before the {name}").format(name=names[summed])


def percent(share: float) -> str:
    """Return a share as one reads it aloud: never 100% of what is not all, nor 0% of what is not nothing.

    0.37 → 37%, 0.9973 → 99.7%, 0.0098 → 0.98%, 1e-9 → less than 0.01%, 33.2 → 33 times
    """
    if share >= 1.995:
        return _("{n} times").format(n=f"{share:.1f}" if share < 10 else f"{share:,.0f}")
    if 0.995 <= share < 1.005 and share != 1:
        return f"{share:.1%}" if share > 1 else f"{math.floor(share * 1000) / 10:.1f}%"
    if share == 0 or share >= 0.01:
        return f"{share:.0%}"
    if share < 0.0001:
        return _("less than 0.01%")
    return f"{float(f'{share * 100:.2g}'):g}%"
