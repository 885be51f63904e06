"""What is known of a training: the run itself, its curves, what happened to it. The store reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rnn_core.training.spec import TrainingSpec

# A run waits in the queue, is handed to a worker, compiles with the first batch, trains; or is paused.
WAITING = ("queued",)
AT_WORK = ("starting", "compiling", "running", "paused")
ENDED = ("done", "stopped", "failed", "diverged", "interrupted")
STATES = WAITING + AT_WORK + ENDED


@dataclass(frozen=True)
class Run:
    """One run as the store knows it.

    `state` is one of STATES; `phase` is "training" or "validating" while it is "running". `pausing` tells that
    a pause is wished and has not yet taken effect. `epochs_done` counts finished epochs, validation included; an epoch
    begins when the one before is finished, so `epoch` is the next one. `epochs_target` is how many there shall be,
    `step` the steps since the start; `progress` lies between 0 and 1. `seconds` is the time spent training,
    `seconds_left` an estimate or None, `metric` is "acc" or None, `chance` what guessing reaches. Times are seconds
    since 1970. `problem_code`, `problem_values` and `problem` (an English sentence) say why a run failed, diverged or
    was interrupted, see told.problem_of. `revision` grows with every change.
    """

    id: str
    created: float
    group_id: str
    name: str
    owner: str
    pinned: bool
    spec: TrainingSpec
    state: str
    phase: str
    wish: str | None
    held: bool
    carrier: str
    submission: int
    attempt: int
    losses: int
    worker: str | None
    epochs_target: int
    extended: bool
    epochs_done: int
    step: int
    checkpoint: str | None
    checkpoint_epoch: int
    xla: bool | None
    parameters: int | None
    chance: float | None
    metric: str | None
    best_epoch: int | None
    best_val_loss: float | None
    best_val_metric: float | None
    ms_per_step: float | None
    seconds: float
    seconds_left: float | None
    queued_at: float
    started_at: float | None
    ended_at: float | None
    heartbeat: float
    problem_code: str | None
    problem_values: dict[str, Any]
    problem: str | None
    revision: int

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def pausing(self) -> bool:
        return self.wish == "pause" and self.state in ("starting", "compiling", "running")

    @property
    def epoch(self) -> int:
        """The epoch at work, from 1; the last one once all are done.

        Counted by finished epochs and not by steps, which run ahead of them: while epoch 1 validates, all its steps
        are done.
        """
        return min(self.epochs_done + 1, self.epochs_target)

    @property
    def steps_total(self) -> int:
        return self.epochs_target * self.spec.steps_per_epoch

    @property
    def progress(self) -> float:
        return 1.0 if self.state == "done" else min(1.0, self.step / self.steps_total)

    @property
    def can_stop(self) -> bool:
        return not self.ended

    @property
    def can_pause(self) -> bool:
        return not self.ended and self.state != "paused" and self.wish != "pause"

    @property
    def can_resume(self) -> bool:
        if self.state in ("stopped", "failed", "interrupted"):
            return self.epochs_done < self.epochs_target
        return self.state == "paused" or self.pausing

    @property
    def can_extend(self) -> bool:
        """Whether "one_more_epoch" is possible: while it runs, or from its checkpoint."""
        return not self.ended or (self.state in ("done", "stopped", "interrupted") and self.checkpoint is not None)


@dataclass(frozen=True)
class Event:
    """Something that happened to a run: queued, started, resumed, paused, lost, done, stopped, failed, ..."""

    number: int
    at: float
    code: str
    epoch: int | None
    values: dict[str, Any]


def _none() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True)
class Curves:
    """A run's curves as arrays of equal length; what was not measured is NaN.

    Epoch points: `epoch` (from 1), `loss`, `metric`, `val_loss`, `val_metric`, `seconds` it took, and when it `ended`,
    in seconds since 1970.
    Batch points: `step` (from 1), `batch_epoch` (the same position counted in epochs, 1.0 where the first ends),
    `batch_loss`, `batch_metric`: means over the steps since the point before. Long series are thinned.
    """

    revision: int = -1
    attempt: int = -1
    epoch: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    loss: np.ndarray = field(default_factory=_none)
    metric: np.ndarray = field(default_factory=_none)
    val_loss: np.ndarray = field(default_factory=_none)
    val_metric: np.ndarray = field(default_factory=_none)
    seconds: np.ndarray = field(default_factory=_none)
    ended: np.ndarray = field(default_factory=_none)
    step: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    batch_epoch: np.ndarray = field(default_factory=_none)
    batch_loss: np.ndarray = field(default_factory=_none)
    batch_metric: np.ndarray = field(default_factory=_none)


class Orders(NamedTuple):
    """What the store answers a worker that is still the right one; `refused` if it wrote nothing, see `unless`."""

    pause: bool
    epochs_target: int
    refused: bool = False


class EpochPoint(NamedTuple):
    epoch: int
    loss: float
    metric: float | None
    val_loss: float | None
    val_metric: float | None
    seconds: float
    ended: float


class BatchPoint(NamedTuple):
    step: int
    loss: float
    metric: float | None


class EventPoint(NamedTuple):
    code: str
    epoch: int | None = None
    values: Mapping[str, Any] = {}


def thin(step: np.ndarray, values: Sequence[np.ndarray], points: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """At most about `points` points: each the mean of a group of neighbours, standing at the group's last step.

    Groups are powers of two counted from the first point, so that while a curve grows its older points stay put.
    """
    size = 1
    while len(step) > points * size:
        size *= 2
    if size == 1:
        return step, list(values)
    starts = np.arange(0, len(step), size)
    ends = np.minimum(starts + size, len(step))
    return step[ends - 1], [np.add.reduceat(v, starts) / (ends - starts) for v in values]


def grown(old: Curves, revision: int, attempt: int, epochs: Any, batches: Any, steps_per_epoch: int) -> Curves:
    """The curves with new points behind the old ones."""

    def joined(before: np.ndarray, rows: Any, name: str, dtype: type = float) -> np.ndarray:
        return np.concatenate([before, np.array([getattr(row, name) for row in rows], dtype)])

    step = joined(old.step, batches, "step", int)
    return Curves(
        revision=revision,
        attempt=attempt,
        epoch=joined(old.epoch, epochs, "epoch", int),
        loss=joined(old.loss, epochs, "loss"),
        metric=joined(old.metric, epochs, "metric"),
        val_loss=joined(old.val_loss, epochs, "val_loss"),
        val_metric=joined(old.val_metric, epochs, "val_metric"),
        seconds=joined(old.seconds, epochs, "seconds"),
        ended=joined(old.ended, epochs, "ended"),
        step=step,
        batch_epoch=step / steps_per_epoch,
        batch_loss=joined(old.batch_loss, batches, "loss"),
        batch_metric=joined(old.batch_metric, batches, "metric"),
    )
