"""What a chart of curves is made from: points, lines, and the ground they are drawn on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rnn_core.charts.palette import Look

HEIGHT = 300
ZOOM = "zoom"  # name of the selection that moves the axes


def _none() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True)
class Points:
    """What one training measured of one measure, as arrays; what was not measured is NaN.

    Attributes:
        train, validation: a value per finished epoch, the first epoch first; (epochs,) both.
        batch_epoch: positions within the training, counted in epochs: 1.0 where the first ends; (points,).
        batch: the values there; (points,).
    """

    train: np.ndarray = field(default_factory=_none)
    validation: np.ndarray = field(default_factory=_none)
    batch_epoch: np.ndarray = field(default_factory=_none)
    batch: np.ndarray = field(default_factory=_none)


class Moment(NamedTuple):
    """An epoch at which something happened, and what it is called."""

    epoch: int
    text: str


@dataclass(frozen=True)
class Line:
    """What is drawn as one line: a training, or several that differ in their seed only.

    Attributes:
        network: decides the colour; a name of `palette.NETWORKS`.
        look: dash and mark, by which it differs from all other lines: see `palette.looks`.
        series: name that no other line of the chart has.
        points: one per seed.
        best_epoch: the epoch with the lowest validation loss, or None.
        text: what stands at the line's end, or nothing.
        moment: an epoch worth a mark of its own, and what stands beside it; or None.
    """

    network: str
    look: Look
    series: str
    points: tuple[Points, ...]
    best_epoch: int | None = None
    text: str = ""
    moment: Moment | None = None


class Level(NamedTuple):
    """What a network reaches that has learnt nothing, and what that line means."""

    value: float
    text: str


@dataclass(frozen=True)
class Ground:
    """The ground that curves of one task are drawn on, known before the first point arrives.

    Runs of two tasks need two charts: their axes and their guessing differ.

    Attributes:
        epochs: how far the x axis reaches.
        low, high: what the y axis shows at least.
        cap: larger values are drawn at this height; their true value is in the tooltip.
        guessing: the level of guessing, or None.
    """

    epochs: float
    low: float
    high: float
    cap: float = float("inf")
    guessing: Level | None = None


def accuracy_ground(*, epochs: float, classes: int, guessing: Level | None) -> Ground:
    """Return the ground for shares of right answers among so many classes."""
    return Ground(epochs, 0.4 if classes == 2 else 0.0, 1.04, guessing=guessing)


def loss_ground(*, epochs: float, guessing: Level) -> Ground:
    """Return the ground for losses, where guessing has one above zero.

    For classes that is log(classes), the loss of an answer that holds all for equally likely; for numbers the mean
    squared error of always the mean.
    """
    level = guessing.value
    return Ground(epochs, -0.06 * level, 1.15 * level, 3 * level, guessing)
