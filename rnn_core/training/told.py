"""What is told of a run: why it went wrong, and what befell it. The store keeps codes and values, not sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rnn_core.errors import Told, VisitorError, kinds
from rnn_core.training.runs import Event, Run


class RunProblem(Told):
    """Why a run has ended before its time."""

    SENTENCES: ClassVar = {
        "diverged": "The loss grew beyond all bounds in epoch {epoch}: the steps are too large. Lower the learning "
        "rate, now {learning_rate}, or switch on gradient clipping.",
        "interrupted": "Interrupted at epoch {epoch}: the program that trained it ended. **Resume** continues from its "
        "last finished epoch.",
        "worker_lost": "Its worker crashed {count} times, perhaps for lack of memory. Try fewer units or a smaller "
        "batch.",
        "checkpoint_damaged": "The file needed to continue this run after epoch {epoch} cannot be read. Its curves are "
        "kept; **Resume** trains it again from the beginning.",
        "failed": "The training failed ({error}). Try other settings.",
    }


class Recorded(Told):
    """A problem that an earlier version wrote down in words of its own."""

    SENTENCES: ClassVar = {"recorded": "{sentence}"}


class Befell(Told):
    """What befell a run on its way, as a line of its log."""

    SENTENCES: ClassVar = {
        "resumed": "continues from the last finished epoch.",
        "paused": "paused.",
        "continued": "training continues.",
        "gave_worker_back": "paused for long: others may use its worker.",
        "lost": "its worker was lost; another takes over from the last finished epoch.",
        "stopped_early": "validation loss no longer falls: stopped early, as set.",
        "stopped": "stopped.",
    }


def problem_of(run: Run) -> Told | None:
    """Return why the run went wrong, or None: by its code, whichever part of the core it came from.

    A code that is unknown by now, or values that an earlier version stored otherwise, are told in the words that were
    written down with them.
    """
    if run.problem_code is None:
        return None
    tables: list[type[Told]] = [RunProblem, *kinds(VisitorError)]
    for kind in tables:
        if run.problem_code in kind.SENTENCES:
            problem = _filled(kind, run.problem_code, run.problem_values)
            if problem is not None:
                return problem
    return Recorded("recorded", sentence=run.problem or run.problem_code)


def _filled(kind: type[Told], code: str, values: Mapping[str, Any]) -> Told | None:
    """The sentence of a code, unless a value is missing."""
    told = kind(code, **values)
    try:
        str(told)
    except (KeyError, ValueError, IndexError):
        return None
    return told


def befell(event: Event) -> Told | None:
    """Return what is told of an event, or None for what is not worth a line."""
    return Befell(event.code) if event.code in Befell.SENTENCES else None
