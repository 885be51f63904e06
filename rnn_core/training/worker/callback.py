"""The Keras callback that shows a training live and makes it obey. Imported in workers only: it needs Keras."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from rnn_core.models.trained import arrays_of
from rnn_core.training.runs import BatchPoint, EpochPoint, EventPoint
from rnn_core.training.spec import VALIDATION_COST
from rnn_core.training.worker.recorder import Checkpoint, Diverged, Halt, Recorder

POINT_SECONDS = 0.04  # at most 25 points a second
POINTS_PER_RUN = 2000  # and, in long runs, about this many for each doubling of their age
HOLD_SECONDS = 600.0  # how long a paused run may keep its worker when nobody else waits for it
DIVERGED = 1e6  # times the first loss: nobody comes back from there
YIELD_SECONDS = 2.0  # and when somebody does


class AlreadyStopped(Exception):
    """Early stopping had ended the run before its worker was lost: no epoch is left to do."""


class Progress(keras.callbacks.Callback):
    """Reports batches and epochs to a Recorder, holds for a pause, leaves for a stop.

    Keras' logs hold running means over the epoch; a point's value is the mean over the batches since the point
    before, got back from the difference of the running sums.

    Args:
        recorder: where to report.
        metric: name of the metric in the logs, or None.
        early_stopping: Keras' own callback, if there is one: it is shown the epochs of earlier attempts again.
        first_batch: called when the first batch is done, that is, when everything is compiled.
    """

    def __init__(
        self,
        recorder: Recorder,
        metric: str | None,
        early_stopping: keras.callbacks.EarlyStopping | None,
        first_batch: Callable[[], None],
    ):
        super().__init__()
        self.recorder, self.metric = recorder, metric
        self.early_stopping, self.first_batch = early_stopping, first_batch
        self.spec = recorder.run.spec
        self.steps = self.spec.steps_per_epoch
        self.spent = recorder.run.seconds
        self.paused = 0.0
        self.compiled = False
        self.bound: float | None = None
        self.ms_per_step: float | None = None
        self.validation_seconds: float | None = None
        self.epoch = 0
        self.step = recorder.run.step
        self.born = self.emitted = time.perf_counter()

    # --------------------------------------------------------------------------------------------------- training

    def on_train_begin(self, logs: Any = None) -> None:
        if self.early_stopping is None:
            return
        for point in self.recorder.store.epoch_points(self.recorder.run.id):
            self.early_stopping.on_epoch_end(point.epoch - 1, {"val_loss": point.val_loss})
        if self.model.stop_training:
            raise AlreadyStopped

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch + 1
        self.samples = 0
        self.sums = np.zeros(2)
        self.shown_samples, self.shown_sums = 0, np.zeros(2)
        self.epoch_paused = self.paused
        self.epoch_began = self.emitted = time.perf_counter()
        self.emitted_step = self.step
        if self.compiled:
            self.recorder.mention(phase="training")

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if self.recorder.stopped or self.recorder.pause:
            self._hold()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.step += 1
        last = batch + 1 == self.steps
        self.samples = self.spec.data.train_samples if last else self.samples + self.spec.batch_size
        loss = logs["loss"]
        self._check_bounds(loss)
        now = time.perf_counter()
        if self.compiled and not last and now - self.emitted < self._interval(now):
            return
        self.sums = np.array([loss, logs[self.metric] if self.metric else 0.0]) * self.samples
        mean_loss, mean_metric = (self.sums - self.shown_sums) / (self.samples - self.shown_samples)
        self.shown_sums, self.shown_samples = self.sums, self.samples
        if self.compiled:
            ms = (now - self.emitted) * 1000 / (self.step - self.emitted_step)
            self.ms_per_step = ms if self.ms_per_step is None else 0.9 * self.ms_per_step + 0.1 * ms
        self.emitted, self.emitted_step = now, self.step
        self.recorder.mention(
            BatchPoint(self.step, float(mean_loss), float(mean_metric) if self.metric else None),
            step=self.step,
            ms_per_step=self.ms_per_step,
            seconds=self._seconds(now),
            seconds_left=self._seconds_left(),
        )
        if not self.compiled:
            self.compiled = True
            self.first_batch()
            self.recorder.note(state="running", phase="training")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.recorder.check()
        now = time.perf_counter()
        val_loss = logs.get("val_loss")
        if val_loss is not None:
            self._check_bounds(val_loss)
        point = EpochPoint(
            epoch=self.epoch,
            loss=logs["loss"],
            metric=logs.get(self.metric) if self.metric else None,
            val_loss=val_loss,
            val_metric=logs.get(f"val_{self.metric}") if self.metric else None,
            seconds=now - self.epoch_began - (self.paused - self.epoch_paused),
            ended=time.time(),
        )
        variables = [np.array(variable) for variable in (*self.model.variables, *self.model.optimizer.variables)]
        if self.recorder.keeps:
            self.recorder.keep(self.epoch, arrays_of(self.model))
        self.recorder.epoch(
            point,
            Checkpoint(self.epoch, variables),
            step=self.step,
            seconds=self._seconds(now),
            seconds_left=self._seconds_left(),
            ms_per_step=self.ms_per_step,
        )

    # ------------------------------------------------------------------------------------------------- validation

    def on_test_begin(self, logs: Any = None) -> None:
        self.validation_began = time.perf_counter()
        self.recorder.note(phase="validating")

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        if self.recorder.stopped or self.recorder.pause:
            self._hold()

    def on_test_end(self, logs: Any = None) -> None:
        self.validation_seconds = time.perf_counter() - self.validation_began

    # ---------------------------------------------------------------------------------------------------- helpers

    def _hold(self) -> None:
        """Wait while the run is paused; give the worker back if that takes long; leave if it was stopped."""
        recorder = self.recorder
        recorder.check()
        began = time.perf_counter()
        epochs_done = self.epoch - 1
        recorder.note(EventPoint("paused", epochs_done), state="paused")
        while recorder.pause:
            recorder.answered.wait(1.0)
            recorder.answered.clear()
            recorder.check()
            held = time.perf_counter() - began
            if held > HOLD_SECONDS or (held > YIELD_SECONDS and recorder.store.waiting(recorder.run.carrier)):
                back = EventPoint("gave_worker_back", epochs_done)
                if recorder.finish(back, unless="resumed", state="paused", held=False):
                    raise Halt
        recorder.check()
        pause = time.perf_counter() - began
        self.paused += pause
        self.emitted += pause
        recorder.note(EventPoint("continued", epochs_done), state="running" if self.compiled else "compiling")

    def _check_bounds(self, loss: float) -> None:
        self.bound = self.bound or DIVERGED * max(loss, 1.0)
        if not loss <= self.bound:  # also if it is not a number
            raise Diverged(self.epoch, self.step)

    def _interval(self, now: float) -> float:
        return max(POINT_SECONDS, (now - self.born) / POINTS_PER_RUN)

    def _seconds(self, now: float) -> float:
        return self.spent + now - self.born - self.paused

    def _seconds_left(self) -> float | None:
        """Steps still to do, and validations: as long as the last one took, or guessed from a step."""
        if self.ms_per_step is None:
            return None
        step_seconds = self.ms_per_step / 1000
        validation = self.validation_seconds
        if validation is None:
            validation = VALIDATION_COST * self.spec.validation_steps * step_seconds
        target = self.recorder.epochs_target
        validations = target - self.step // self.steps
        return max(0.0, (target * self.steps - self.step) * step_seconds + max(0, validations) * validation)
