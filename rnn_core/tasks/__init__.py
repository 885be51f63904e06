"""What can be learnt: a few tasks, each a Dataset that is the same for the same seed.

NumPy only; nothing here imports Keras, so pages may use it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from . import adding, delayed_recall, imdb, small_reviews
from .dataset import Answer, Dataset, Inputs, Sample, TaskError, samples, words

if TYPE_CHECKING:
    from rnn_core.training.spec import TrainingSpec

__all__ = [
    "DEFAULTS",
    "TASKS",
    "Dataset",
    "Sample",
    "Task",
    "TaskError",
    "load",
    "prepare",
    "samples",
    "validation",
    "words",
]

# So many numbers of a task are made at most in order to look at a few of them.
MOST_MADE = 8_000_000

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Task:
    """One thing to learn; the fields that Dataset has too mean the same there.

    Attributes:
        generate: (train, validation, length, seed) → x_train, y_train, x_val, y_val.
        defaults: fields of a TrainingSpec with which the task shows what it has to show.
        shortest: least `length` that makes sense.
    """

    generate: Callable[[int, int, int, int], Arrays]
    defaults: dict[str, Any]
    inputs: Inputs
    input_size: int
    answer: Answer
    embedding_features: int = 0
    symbols: tuple[str, ...] = ()
    answers: tuple[str, ...] = field(default=())
    shortest: int = 1


TASKS = {
    "delayed_recall": Task(
        generate=delayed_recall.generate,
        defaults={"units": 32, "length": 30, "samples": 5000, "epochs": 5, "batch_size": 32, "learning_rate": 0.01},
        inputs="tokens",
        input_size=len(delayed_recall.SYMBOLS),
        embedding_features=16,
        answer="classes",
        symbols=delayed_recall.SYMBOLS,
        answers=delayed_recall.SYMBOLS[1:],
    ),
    "adding": Task(
        generate=adding.generate,
        defaults={"units": 32, "length": 30, "samples": 5000, "epochs": 8, "batch_size": 32, "learning_rate": 0.01},
        inputs="vectors",
        input_size=2,
        answer="regression",
        shortest=2,
    ),
    "small_reviews": Task(
        generate=small_reviews.generate,
        defaults={"units": 32, "length": 23, "samples": 5000, "epochs": 5, "batch_size": 32, "learning_rate": 0.005},
        inputs="tokens",
        input_size=len(small_reviews.SYMBOLS),
        embedding_features=16,
        answer="binary",
        symbols=small_reviews.SYMBOLS,
        answers=("negative", "positive"),
    ),
    "imdb": Task(
        generate=imdb.generate,
        defaults={"units": 32, "length": 100, "samples": 10_000, "epochs": 5, "batch_size": 64, "learning_rate": 0.004},
        inputs="tokens",
        input_size=imdb.VOCABULARY,
        embedding_features=32,
        answer="binary",
        answers=("negative", "positive"),
    ),
}

DEFAULTS = {name: {"task": name, **task.defaults} for name, task in TASKS.items()}


def load(spec: TrainingSpec) -> Dataset:
    """The data that `spec` asks for.

    Args:
        spec: task, length, seed, and how many samples to train on and to validate on.

    Raises:
        TaskError: "unknown_task", "too_short" (values task, length, shortest), or what the task itself has to say.
    """
    if spec.task not in TASKS:
        sentence = "There is no task called {task!r}. Choose one of {known}."
        raise TaskError("unknown_task", sentence, task=spec.task, known=", ".join(TASKS))
    task = TASKS[spec.task]
    if spec.length < task.shortest:
        sentence = "This task needs a length of at least {shortest}, not {length}. Raise the length."
        raise TaskError("too_short", sentence, task=spec.task, length=spec.length, shortest=task.shortest)
    return _dataset(spec, task.generate(spec.train_samples, spec.validation_samples, spec.length, spec.seed))


def validation(spec: TrainingSpec, n: int) -> Dataset:
    """The first `n` sequences that validate a training of `spec`, and nothing to train on.

    Where a generated task is very large, they are `n` others that the same rules make: as unknown to the network.

    Raises:
        TaskError: as load().
    """
    n, task = min(n, spec.validation_samples), TASKS[spec.task]
    if spec.task == "imdb":
        x, y = imdb.part(spec.train_samples, spec.train_samples + n, spec.length)
    elif spec.samples * spec.length * (1 if task.inputs == "tokens" else task.input_size) > MOST_MADE:
        _x, _y, x, y = task.generate(0, n, spec.length, spec.seed + 1)
    else:
        whole = load(spec)
        x, y = whole.x_val[:n].copy(), whole.y_val[:n].copy()
    return _dataset(spec, (x[:0], y[:0], x, y))


def _dataset(spec: TrainingSpec, arrays: Arrays) -> Dataset:
    task, (x_train, y_train, x_val, y_val) = TASKS[spec.task], arrays
    return Dataset(
        task=spec.task,
        x_train=x_train,
        y_train=y_train,
        x_val=x_val,
        y_val=y_val,
        inputs=task.inputs,
        input_size=task.input_size,
        embedding_features=task.embedding_features,
        answer=task.answer,
        classes={"binary": 2, "classes": len(task.answers), "regression": 0}[task.answer],
        symbols=_imdb_words() if spec.task == "imdb" else task.symbols,
        answers=task.answers,
    )


def _imdb_words() -> tuple[str, ...]:
    """Reviews are learnt without the word index too; then there are only numbers to show."""
    try:
        return imdb.symbols()
    except TaskError:
        return ()


def prepare(spec: TrainingSpec, progress: Callable[[int, int], None] | None = None) -> None:
    """Fetch what `load` needs and a download can give. For workers: may import Keras.

    Args:
        spec: its task is read.
        progress: called some times a second with bytes fetched and bytes in all; may raise to give up.

    Raises:
        TaskError: "imdb_no_network", "imdb_not_writable".
    """
    if spec.task == "imdb":
        imdb.download(progress)
