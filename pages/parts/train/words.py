"""What happens to a training, in the visitor's words: names, phases, and whatever the core has to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.common.language import _, say
from rnn_core.cells.registry import CELLS
from rnn_core.errors import Told
from rnn_core.numbers import Seconds

if TYPE_CHECKING:
    from rnn_core.training.runs import Run


def cell_name(cell: str) -> str:
    """Return the cell's name; the three cells are called as in Keras, in every language."""
    return CELLS[cell].label if cell in CELLS else _("bag of words")


def task_name(task: str) -> str:
    """Return what a task, or a size of it, is called."""
    return {
        "delayed_recall": _("Delayed recall"),
        "adding": _("Adding"),
        "small_reviews": _("Small reviews"),
        "imdb_quick": _("IMDB, quick"),
        "imdb_article": _("IMDB, the article's size"),
        "imdb": "IMDB",
    }[task]


def setting_name(setting: str) -> str:
    """Return what a field of a spec is called on the page."""
    return {
        "task": _("task"),
        "cell": _("cell"),
        "units": _("units"),
        "length": _("length"),
        "samples": _("sequences"),
        "epochs": _("epochs"),
        "batch_size": _("batch size"),
        "learning_rate": _("learning rate"),
        "seed": _("seed"),
        "layers": _("layers"),
        "bidirectional": _("both directions"),
        "clip": _("gradient clipping"),
        "early_stopping": _("early stopping"),
    }.get(setting, setting)


def duration(seconds: float | None) -> str:
    """Return seconds as a person says them."""
    if seconds is None:
        return "–"
    count, unit = Seconds(seconds).said
    return {"s": _("{n} s"), "min": _("{n} min"), "h": _("{n} h")}[unit].format(n=count)


def phase(run: Run, position: int = 0, cluster: str = "ready") -> str:
    """Return what the run is doing.

    Args:
        run: the run.
        position: its place in the queue, 1 is next.
        cluster: the code of the trainer's status.
    """
    if run.state == "queued":
        if cluster == "starting":
            return _("waiting: the workers are starting")
        return _("waiting: next in line") if position <= 1 else _("waiting: number {n} in line").format(n=position)
    if run.pausing:
        return _("about to pause")
    if run.state == "running":
        words = _("epoch {n} of {total}: validating") if run.phase == "validating" else _("epoch {n} of {total}")
        return words.format(n=run.epoch, total=run.epochs_target)
    if run.state == "stopped" and run.started_at is None:
        return _("stopped before it began")
    return state_name(run.state).format(n=run.epochs_done, total=run.epochs_target)


def state_name(state: str) -> str:
    """Return a state as a sentence's worth of words; may contain {n} and {total}, epochs done and wanted."""
    return {
        "queued": _("waiting"),
        "starting": _("preparing the data"),
        "compiling": _("compiling"),
        "running": _("running"),
        "paused": _("paused: {n}/{total} epochs"),
        "done": _("done: {n} epochs"),
        "stopped": _("stopped: {n}/{total} epochs"),
        "failed": _("failed"),
        "diverged": _("diverged"),
        "interrupted": _("interrupted at epoch {n} of {total}"),
    }[state]


def told(what: Told, markdown: bool = True) -> str:
    """Return what the core has to tell of a training, in this visitor's language; see language.say."""
    worded = {name: duration(value) for name, value in what.values.items() if isinstance(value, Seconds)}
    if "setting" in what.values:
        worded["setting"] = setting_name(what.values["setting"])
    return say(what, markdown=markdown, **worded)
