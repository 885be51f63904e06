"""What can be learnt: a few tasks, each a Dataset that is the same for the same seed.

NumPy only; nothing here imports Keras, so pages may use it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import adding, delayed_recall, imdb, small_reviews, small_reviews_zh
from .data import VALIDATION_SHARE, Data
from .dataset import Answer, Dataset, Inputs, Sample, TaskError, samples, words

__all__ = [
    "TASKS",
    "VALIDATION_SHARE",
    "Data",
    "Dataset",
    "Sample",
    "Task",
    "TaskError",
    "check",
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
        generate: (train, validation, length, seed) → x_train, y_train, x_val, y_val; of reviews also with the
            ends `padding` and `truncating`.
        shortest: least `length` that makes sense.
        validates_more: validation asks for more than training does, so a gap between their curves does not mean that
            anything was learnt by heart.
        reviews: its sequences are of different lengths, and brought to one by padding and cutting.
    """

    generate: Callable[..., Arrays]
    inputs: Inputs
    input_size: int
    answer: Answer
    embedding_features: int = 0
    symbols: tuple[str, ...] = ()
    answers: tuple[str, ...] = field(default=())
    shortest: int = 1
    validates_more: bool = False
    reviews: bool = False


TASKS = {
    "delayed_recall": Task(
        generate=delayed_recall.generate,
        inputs="tokens",
        input_size=len(delayed_recall.SYMBOLS),
        embedding_features=16,
        answer="classes",
        symbols=delayed_recall.SYMBOLS,
        answers=delayed_recall.SYMBOLS[1:],
        validates_more=True,
    ),
    "adding": Task(
        generate=adding.generate,
        inputs="vectors",
        input_size=2,
        answer="regression",
        shortest=2,
    ),
    "small_reviews": Task(
        generate=small_reviews.generate,
        inputs="tokens",
        input_size=len(small_reviews.SYMBOLS),
        embedding_features=16,
        answer="binary",
        symbols=small_reviews.SYMBOLS,
        answers=("negative", "positive"),
        reviews=True,
    ),
    "small_reviews_zh": Task(
        generate=small_reviews_zh.generate,
        inputs="tokens",
        input_size=len(small_reviews_zh.SYMBOLS),
        embedding_features=16,
        answer="binary",
        symbols=small_reviews_zh.SYMBOLS,
        answers=("negative", "positive"),
        reviews=True,
    ),
    "imdb": Task(
        generate=imdb.generate,
        inputs="tokens",
        input_size=imdb.VOCABULARY,
        embedding_features=32,
        answer="binary",
        answers=("negative", "positive"),
        reviews=True,
    ),
}


def check(data: Data) -> None:
    """Refuse what no task can make, before anything is made.

    Raises:
        TaskError: "unknown_task", "too_short".
    """
    if data.task not in TASKS:
        raise TaskError("unknown_task", task=data.task, known=", ".join(TASKS))
    shortest = TASKS[data.task].shortest
    if data.length < shortest:
        raise TaskError("too_short", length=data.length, shortest=shortest)


def load(data: Data) -> Dataset:
    """The sequences that `data` asks for.

    Raises:
        TaskError: as check(), or what the task itself has to say.
    """
    check(data)
    return _dataset(data, _generate(data, data.train_samples, data.validation_samples, data.seed))


def validation(data: Data, n: int) -> Dataset:
    """The first `n` sequences that validate a training on `data`, and nothing to train on.

    Where a generated task is very large, they are `n` others that the same rules make: as unknown to the network.

    Raises:
        TaskError: as load().
    """
    check(data)
    n, task = min(n, data.validation_samples), TASKS[data.task]
    if data.task == "imdb":
        first = data.train_samples
        x, y = imdb.part(first, first + n, data.length, data.padding, data.truncating)
    elif data.samples * data.length * (1 if task.inputs == "tokens" else task.input_size) > MOST_MADE:
        _x, _y, x, y = _generate(data, 0, n, data.seed + 1)
    else:
        whole = load(data)
        x, y = whole.x_val[:n].copy(), whole.y_val[:n].copy()
    return _dataset(data, (x[:0], y[:0], x, y))


def _generate(data: Data, train: int, validation: int, seed: int) -> Arrays:
    task = TASKS[data.task]
    ends = {"padding": data.padding, "truncating": data.truncating} if task.reviews else {}
    return task.generate(train, validation, data.length, seed, **ends)


def _dataset(data: Data, arrays: Arrays) -> Dataset:
    task, (x_train, y_train, x_val, y_val) = TASKS[data.task], arrays
    return Dataset(
        task=data.task,
        x_train=x_train,
        y_train=y_train,
        x_val=x_val,
        y_val=y_val,
        inputs=task.inputs,
        input_size=task.input_size,
        embedding_features=task.embedding_features,
        answer=task.answer,
        classes={"binary": 2, "classes": len(task.answers), "regression": 0}[task.answer],
        symbols=_imdb_words() if data.task == "imdb" else task.symbols,
        answers=task.answers,
    )


def _imdb_words() -> tuple[str, ...]:
    """Reviews are learnt without the word index too; then there are only numbers to show."""
    try:
        return imdb.symbols()
    except TaskError:
        return ()


def prepare(data: Data, progress: Callable[[int, int], None] | None = None) -> None:
    """Fetch what `load` needs and a download can give. For workers: may import Keras.

    Args:
        data: its task is read.
        progress: called some times a second with bytes fetched and bytes in all; may raise to give up.

    Raises:
        TaskError: "imdb_no_network", "imdb_not_writable".
    """
    if data.task == "imdb":
        imdb.download(progress)
