"""What can be learnt: four tasks, each a Dataset that is the same for the same seed.

NumPy only; nothing here imports Keras, so pages may use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import delayed_recall
from .dataset import Dataset, Sample, TaskError

if TYPE_CHECKING:
    from rnn_core.training.spec import TrainingSpec

__all__ = ["TASKS", "Dataset", "Sample", "TaskError", "load"]

TASKS = {"delayed_recall": delayed_recall}


def load(spec: TrainingSpec) -> Dataset:
    """The data that `spec` asks for.

    Args:
        spec: its task, samples, length and seed are read.

    Raises:
        TaskError: "unknown_task", or what the task itself has to say.
    """
    if spec.task not in TASKS:
        raise TaskError(
            "unknown_task",
            "There is no task called {task!r}; choose one of {known}.",
            task=spec.task,
            known=", ".join(TASKS),
        )
    return TASKS[spec.task].load(spec.samples, spec.length, spec.seed)
