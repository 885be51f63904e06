"""What happens to a training, in the visitor's words: phases, problems, refusals and the log, each by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.common.language import _
from rnn_core.cells.registry import CELLS

if TYPE_CHECKING:
    from rnn_core.training.diary import Entry
    from rnn_core.training.runs import Event, Run


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
    if seconds < 90:
        return _("{n} s").format(n=f"{seconds:.1f}" if seconds < 2 else round(seconds))
    if seconds < 5400:
        return _("{n} min").format(n=round(seconds / 60))
    return _("{n} h").format(n=f"{seconds / 3600:.1f}")


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
        # While it validates, the step count already belongs to the next epoch.
        epoch = run.epochs_done + 1 if run.phase == "validating" else run.epoch
        return words.format(n=min(epoch, run.epochs_target), total=run.epochs_target)
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


def problem(run: Run) -> str | None:
    """Return why the run went wrong and what to do, or None."""
    if run.problem_code is None:
        return None
    values = {"seed": run.spec.seed, **run.problem_values}
    return by_code(run.problem_code, values, run.problem or run.problem_code)


def refusal(error: ValueError) -> str:
    """Return the sentence of an error that has a `code`: of the spec, the trainer, the store or a task."""
    return by_code(getattr(error, "code", ""), getattr(error, "values", {}), str(error))


def by_code(code: str, values: dict[str, Any], otherwise: str) -> str:
    """Return the sentence of a code, filled with its values; `otherwise` for a code without one."""
    if code == "over_budget":
        lower, to = values.get("lower", ""), values.get("to")
        much = {"estimate": duration(values.get("estimate")), "budget": duration(values.get("budget"))}
        if to is None:
            return _(
                "This training would take about {estimate}; {budget} are allowed here. Lower the epochs, the "
                "length and the units."
            ).format(**much)
        return _(
            "This training would take about {estimate}; {budget} are allowed here. Lower “{setting}” to {to}."
        ).format(setting=setting_name(lower), to=to, **much)
    sentences = {
        "diverged": _(
            "The loss grew beyond all bounds in epoch {epoch}: each step overshot, so the next had to be "
            "larger still. Lower the "
            "learning rate, now {learning_rate}, or switch on gradient clipping."
        ),
        "interrupted": _(
            "Interrupted at epoch {epoch}: the program that trained it ended. **Resume** goes on from its "
            "last finished epoch."
        ),
        "worker_lost": _(
            "Its worker broke down {count} times, perhaps for lack of memory. Try fewer units or a smaller batch."
        ),
        "failed": _("The training broke off ({error}). Try other settings."),
        "too_short": _("This task needs a length of at least {shortest}. Raise the length, now {length}."),
        "imdb_too_many": _(
            "There are {available} reviews to learn from, not {samples}. Lower the number of sequences."
        ),
        "imdb_missing": _("The IMDB reviews are not here: {name} was looked for in {folder}."),
        "imdb_no_folder": _("The IMDB reviews are not here: RNN_IMDB_DIR names {folder}, which is no folder."),
        "imdb_no_file": _(
            "The IMDB reviews are not here: {name} was looked for in {folder}, which RNN_IMDB_DIR names."
        ),
        "imdb_no_network": _(
            "The IMDB reviews could not be fetched: {name} is not in {folder}, and the download failed "
            "({reason}). Connect to the "
            "network, or let RNN_IMDB_DIR name a folder that has the file."
        ),
        "imdb_not_writable": _(
            "The IMDB reviews could not be fetched: nothing can be written into {folder} ({reason})."
        ),
        "imdb_unreadable": _("{path} cannot be read as Keras' IMDB reviews ({reason}). Put the original file there."),
        "imdb_not_lists": _(
            "{path} holds {found} instead of lists of whole numbers; nothing of it was used. Put the original there."
        ),
        "too_many_of_yours": _("You have {limit} trainings waiting already. Stop some, or wait until they have run."),
        "queue_full": _("{limit} trainings are waiting already. Try again when some of them have run."),
        "trainer_unreachable": _(
            "The training workers cannot be reached, so nothing can be trained now. The rest of the page works."
        ),
        "store_full": _("The disk that keeps the runs is full. Free some space; trainings wait until then."),
        "store_read_only": _("The runs cannot be written: their folder is read-only. Make it writable and try again."),
        "store_locked": _("Another program holds the store of the runs. Wait a moment and try again."),
        "store_unreachable": _(
            "The store of the runs cannot be opened. Check where RNN_STORE_URL points, and try again."
        ),
        "no_such_run": _("There is no such run: it was deleted, or the link is incomplete. Start one of your own."),
        "not_owner": _(
            "Only the one who started this run can change it. Start one of your own with the same settings."
        ),
        "cannot_pause": _("This run has ended and cannot be paused. Start it again instead."),
        "cannot_resume": _("This run has come to its end; there is nothing left to resume. Start it again instead."),
        "cannot_extend": _("This run left nothing to go on from. Start it again with more epochs instead."),
        "no_cells": _("Choose at least one cell to train."),
    }
    try:
        return sentences[code].format(**{name: _as_code(value) for name, value in values.items()})
    except KeyError:
        return otherwise


def _as_code(value: Any) -> Any:
    """Paths and error messages are shown as code, so that they can carry no markup; numbers stay short."""
    if isinstance(value, float):
        return f"{value:g}"
    return f"`{value.replace('`', chr(39))}`" if isinstance(value, str) else value


def told(entry: Entry) -> str:
    """Return one line of the log that the numbers tell."""
    values = dict(entry.values)
    for name in ("value", "chance"):
        if values.get(name) is not None:
            values[name] = f"{values[name]:.4f}" if values.get("regression") else f"{values[name]:.0%}"
    for name in ("before", "after"):
        if name in values:
            values[name] = f"{values[name]:.0%}"
    if "loss" in values:
        values["loss"] = f"{values['loss']:.3f}"
    if values.get("regression"):
        sentences = {
            "above_chance": _(
                "validation error {value}, below the {chance} of always answering the mean: it begins to understand."
            ),
            "learnt": _("validation error {value}, less than a twentieth of {chance}: it has learnt it."),
            "still_chance": _(
                "validation error {value}, hardly better than always answering the mean ({chance}): it has "
                "learnt nothing."
            ),
            "best": _("the lowest validation loss was that of epoch {best}: {value}."),
        }
    else:
        sentences = {
            "above_chance": _("validation {value}, above the {chance} of guessing: it begins to understand."),
            "learnt": _("validation {value}: it has learnt it."),
            "still_chance": _("validation {value}, where guessing gets {chance}: it has learnt nothing that holds."),
            "best": _("the lowest validation loss was that of epoch {best}, with {value} right."),
        }
    sentences |= {
        "overfitting": _(
            "validation loss has risen {rises} times in a row while training loss falls: overfitting "
            "begins. Best so far: epoch {best}."
        ),
        "fell": _("validation accuracy fell from {before} to {after}: the steps may be too large."),
        "stands_still": _("training loss has stood still for {epochs} epochs, at {loss}."),
    }
    return sentences[entry.code].format(**values)


def happened(event: Event) -> str | None:
    """Return one line of the log about what befell the run, or None for what is not worth a line."""
    return {
        "resumed": _("goes on from the last finished epoch."),
        "paused": _("paused."),
        "continued": _("goes on."),
        "gave_worker_back": _("paused for long: others may use its worker."),
        "lost": _("its worker was lost; another takes over from the last finished epoch."),
        "stopped_early": _("validation loss no longer falls: stopped early, as asked for."),
        "stopped": _("stopped."),
    }.get(event.code)
