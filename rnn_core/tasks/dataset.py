"""What every task hands over: arrays to learn from, and words for people to read."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

VALIDATION_SPLIT = 0.2


class TaskError(ValueError):
    """A task cannot be had as asked for.

    Attributes:
        code: stable name of the error, for pages to translate by.
        values: what the sentence names.
    """

    def __init__(self, code: str, sentence: str, **values: object):
        super().__init__(sentence.format(**values))
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Dataset:
    """Training and validation data of one task, the same for the same seed.

    Attributes:
        task: id of the task.
        x_train, x_val: tokens int32 (samples, timesteps), or vectors float32 (samples, timesteps, input_features).
        y_train, y_val: int32 (samples,) for binary and classes, float32 (samples,) for regression.
        inputs: "tokens" are whole numbers that an Embedding looks up, "vectors" go to the cell as they are.
        input_size: number of tokens in the vocabulary (0 is padding), or input_features.
        embedding_features: width of the Embedding for tokens, 0 for vectors.
        answer: "binary" (one probability), "classes" (one probability each), "regression" (one number).
        classes: number of answers to choose from, 2 if binary, 0 for regression.
        chance: validation accuracy of always giving the commonest training answer;
            for regression the validation mean squared error of always answering the training mean.
        symbols: what each token stands for, by token; empty for vectors and for IMDB,
            whose words need the word index.
        answers: name of each answer, by class; empty for regression.
    """

    task: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    inputs: Literal["tokens", "vectors"]
    input_size: int
    embedding_features: int
    answer: Literal["binary", "classes", "regression"]
    classes: int
    chance: float
    symbols: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """One example in words: what the network sees, oldest first, and what it must answer."""

    seen: tuple[str, ...]
    answer: str


def split(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Keep the last 20 % for validation, as Keras' `validation_split=0.2` does.

    Returns:
        x_train, y_train, x_val, y_val.
    """
    train = int(len(x) * (1 - VALIDATION_SPLIT))
    return x[:train], y[:train], x[train:], y[train:]


def chance_of_classes(y_train: np.ndarray, y_val: np.ndarray) -> float:
    """Validation accuracy of always giving the training set's commonest answer."""
    return float(np.mean(y_val == np.bincount(y_train).argmax()))


def chance_of_regression(y_train: np.ndarray, y_val: np.ndarray) -> float:
    """Validation mean squared error of always answering the training set's mean."""
    return float(np.mean((y_val - y_train.mean()) ** 2))
