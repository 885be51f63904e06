"""What every task hands over: arrays to learn from, and words for people to read."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from rnn_core.errors import VisitorError

from .padding import PADDING

Inputs = Literal["tokens", "vectors"]
Answer = Literal["binary", "classes", "regression"]


class TaskError(VisitorError):
    """A task cannot be had as asked for."""

    SENTENCES: ClassVar = {
        "unknown_task": "There is no task called {task}. Choose one of {known}.",
        "too_short": "This task needs a length of at least {shortest}. Raise the length, now {length}.",
        "imdb_too_many": "There are {available} reviews to learn from, not {samples}. Lower the number of sequences.",
        "imdb_missing": "The IMDB reviews are not here: {name} was looked for in {folder}.",
        "imdb_no_folder": "The IMDB reviews are not here: RNN_IMDB_DIR names {folder}, which is no folder.",
        "imdb_no_file": "The IMDB reviews are not here: {name} was looked for in {folder}, which RNN_IMDB_DIR names.",
        "imdb_no_network": "The IMDB reviews could not be fetched: {name} is not in {folder}, and the download failed "
        "({reason}). Connect to the network, or let RNN_IMDB_DIR name a folder that has the file.",
        "imdb_not_writable": "The IMDB reviews could not be fetched: nothing can be written into {folder} ({reason}).",
        "imdb_unreadable": "{path} cannot be read as Keras' IMDB reviews ({reason}). Put the original file there.",
        "imdb_not_lists": "{path} holds {found} instead of lists of whole numbers; nothing of it was used. "
        "Put the original there.",
    }


@dataclass(frozen=True)
class Dataset:
    """Training and validation data of one task.

    Attributes:
        task: id of the task.
        x_train, x_val: tokens int32 (samples, timesteps), or vectors float32 (samples, timesteps, input_features).
        y_train, y_val: int32 (samples,) for binary and classes, float32 (samples,) for regression.
        inputs: "tokens" are whole numbers that an Embedding looks up, "vectors" go to the cell as they are.
        input_size: number of tokens in the vocabulary (0 is padding), or input_features.
        embedding_features: width of the Embedding for tokens, 0 for vectors.
        answer: "binary" (one probability), "classes" (one probability each), "regression" (one number).
        classes: number of answers to choose from, 2 if binary, 0 for regression.
        symbols: what each token stands for, by token; empty for vectors, and for IMDB if the word index is missing.
        answers: name of each answer, by class; empty for regression.
    """

    task: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    inputs: Inputs
    input_size: int
    embedding_features: int
    answer: Answer
    classes: int
    symbols: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """What guessing gets: the level that a network must beat.

        Validation accuracy of always giving the commonest training answer; for regression the validation mean
        squared error of always answering the training mean.
        """
        if self.answer == "regression":
            return float(np.mean((self.y_val - self.y_train.mean()) ** 2))
        return float(np.mean(self.y_val == np.bincount(self.y_train).argmax()))


@dataclass(frozen=True)
class Sample:
    """One example in words: what the network sees, first timestep first, and what it must answer."""

    seen: tuple[str, ...]
    answer: str


def samples(dataset: Dataset, n: int) -> list[Sample]:
    """The first `n` validation examples in words.

    Tokens read as their symbols, without the padding; a marked number of the adding task has a star.
    """
    examples = zip(dataset.x_val[:n], dataset.y_val[:n], strict=True)
    return [Sample(_seen(dataset, x), _answer(dataset, y)) for x, y in examples]


def _seen(dataset: Dataset, x: np.ndarray) -> tuple[str, ...]:
    return words(dataset, x if dataset.inputs == "vectors" else x[x != PADDING])


def words(dataset: Dataset, x: np.ndarray) -> tuple[str, ...]:
    """One sequence in words, one for each timestep, padding too; a marked number of the adding task has a star."""
    if dataset.inputs == "vectors":
        return tuple(f"{number:.2f}{'*' if mark else ''}" for number, mark in x)
    return tuple(dataset.symbols[token] if dataset.symbols else str(token) for token in x)


def _answer(dataset: Dataset, y: np.generic) -> str:
    return dataset.answers[int(y)] if dataset.answers else f"{y:.2f}"
