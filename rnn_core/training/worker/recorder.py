"""Between a training and the run store: a thread that writes what happened and reads what is wished.

The training thread only appends to lists and looks at two flags. Everything slow, the database and the
checkpoint files, happens in the recorder's own thread, in one transaction per tick.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rnn_core.training.files import UNREADABLE, read_arrays, write_arrays
from rnn_core.training.kept import spread
from rnn_core.training.runs import BatchPoint, EpochPoint, EventPoint, Orders, Run
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.worker.keeper import Keeper, Weights

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2  # how often wishes are read
WRITE_SECONDS = 0.4  # how often points are written
BEAT_SECONDS = 1.0  # how often a run says that it is alive when it has nothing else to say
GIVE_UP_SECONDS = 120.0  # how long the end of a run waits for a store that cannot be written


class Halt(BaseException):
    """Leave the training: the run was stopped, deleted, begun elsewhere, or gave its worker back.

    Not an Exception, so that nothing on the way out takes it for an error of its own.
    """


class Diverged(Exception):
    """The loss is no number any more, or beyond all bounds."""

    def __init__(self, epoch: int, step: int):
        super().__init__(f"the loss is out of bounds at step {step}, in epoch {epoch}")
        self.epoch, self.step = epoch, step


class Checkpoint(NamedTuple):
    """Everything a training needs to go on after `epoch`: all variables of model and optimizer, in order."""

    epoch: int
    variables: list[np.ndarray]

    def file_name(self, attempt: int) -> str:
        """A name that no other attempt writes to."""
        return f"checkpoint-{attempt}-{self.epoch}.npz"


class DamagedCheckpoint(Exception):
    """The file that the store names cannot be read: damaged, gone, or out of this machine's reach."""


def load_checkpoint(store: RunStore, run: Run) -> Checkpoint | None:
    """The checkpoint that the store names, or None if it names none. Raises DamagedCheckpoint."""
    if run.checkpoint is None:
        return None
    path = store.run_folder(run.id) / run.checkpoint
    try:
        arrays = read_arrays(path)
        return Checkpoint(run.checkpoint_epoch, [arrays[f"arr_{i}"] for i in range(len(arrays))])
    except UNREADABLE as error:
        raise DamagedCheckpoint(f"{path}: {type(error).__name__}: {error}") from error


class Recorder:
    """Writes for one attempt at a run. Use as a context manager around the training.

    Attributes:
        stopped: the training thread must leave; set by the store's answer.
        pause: the training thread must hold before the next batch.
        epochs_target: how many epochs are wanted by now.
    """

    def __init__(self, store: RunStore, run: Run):
        self.store, self.run = store, run
        self.stopped = False
        self.pause = run.wish == "pause"
        self.epochs_target = run.epochs_target
        self._changes: dict[str, Any] = {}
        self._epochs: list[EpochPoint] = []
        self._batches: list[BatchPoint] = []
        self._events: list[EventPoint] = []
        self._checkpoint: Checkpoint | None = None
        self._keeper = Keeper(store.run_folder(run.id), run)
        self._kept: dict[int, Weights] = {}
        self._last_file = run.checkpoint
        self._pending = threading.Lock()  # around the lists above
        self._writing = threading.Lock()  # one flush at a time
        self._urgent = threading.Event()
        self.answered = threading.Event()  # set after every exchange with the store
        self._closed = False
        self._written = time.monotonic()
        self._thread = threading.Thread(target=self._loop, name=f"recorder-{run.id}", daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._urgent.set()
        self._thread.join()

    # ----------------------------------------------------------------------------- called by the training thread

    def check(self) -> None:
        """Raise Halt if the run is no longer this attempt's to do."""
        if self.stopped:
            raise Halt

    def note(self, *events: EventPoint, **changes: Any) -> None:
        """Change columns of the run and report events, at once."""
        with self._pending:
            self._changes.update(changes)
            self._events.extend(events)
        self._urgent.set()

    def mention(self, *batches: BatchPoint, **changes: Any) -> None:
        """Report points between two epochs and changes of the run that may wait for the next tick."""
        with self._pending:
            self._batches.extend(batches)
            self._changes.update(changes)

    def epoch(self, point: EpochPoint, checkpoint: Checkpoint, **changes: Any) -> None:
        """Report a finished epoch, with what is needed to go on from there."""
        with self._pending:
            self._epochs.append(point)
            self._checkpoint = checkpoint
            # In one step, so that nobody sees the epoch done and its validation still at work.
            self._changes.update(changes, epochs_done=point.epoch, phase="training")
        self._urgent.set()

    @property
    def keeps(self) -> bool:
        """Whether the weights of this run's epochs are kept."""
        return self._keeper.room > 0

    def keep(self, epoch: int, weights: Weights) -> None:
        """Keep copies of the weights after an epoch; 0 is before the first. Said before the epoch itself is."""
        with self._pending:
            # While the store cannot be written they wait, but no more of them than would be kept.
            waiting = {**self._kept, epoch: weights}
            stay = spread(waiting, self._keeper.room, self.epochs_target)
            self._kept = {epoch: waiting[epoch] for epoch in stay}

    def finish(self, *events: EventPoint, unless: str | None = None, **changes: Any) -> bool:
        """Write everything that waits together with the last changes, however long the store takes.

        Returns whether it was written: not if `unless` holds (see RunStore.write).

        Raises:
            Halt: the run is no longer this attempt's.
            StoreUnavailable: the store could not be written for GIVE_UP_SECONDS.
        """
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                written = self._flush(changes, events, unless)
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
                continue
            self.check()
            return written

    # ------------------------------------------------------------------------------------------ the thread itself

    def _loop(self) -> None:
        while not self._closed and not self.stopped:
            urgent = self._urgent.wait(POLL_SECONDS)
            self._urgent.clear()
            if self._closed:
                return
            try:
                since = time.monotonic() - self._written
                waiting = self._batches or self._changes or self._epochs or self._events
                if urgent or (waiting and since > WRITE_SECONDS) or since > BEAT_SECONDS:
                    self._flush()
                else:
                    self._obey(self.store.orders(self.run.id, self.run.attempt))
            except StoreUnavailable as error:
                log.warning("run %s waits for its store: %s", self.run.id, error)
            except Exception:
                # Without its recorder a run would go on unseen and deaf; better to leave it to whoever watches.
                log.exception("the recorder of run %s broke down", self.run.id)
                self.stopped = True
            self.answered.set()

    def _flush(
        self, changes: Mapping[str, Any] | None = None, events: tuple[EventPoint, ...] = (), unless: str | None = None
    ) -> bool:
        with self._writing:
            with self._pending:
                taken = (self._changes, self._epochs, self._batches, self._events, self._checkpoint, self._kept)
                self._changes, self._epochs, self._batches, self._events = {}, [], [], []
                self._checkpoint, self._kept = None, {}
            waiting_changes, epochs, batches, waiting_events, checkpoint, kept = taken
            merged = {**waiting_changes, **(changes or {})}
            saved = None
            written = False
            try:
                if checkpoint is not None:
                    saved = self._save(checkpoint)
                    if saved:
                        merged |= {"checkpoint": saved, "checkpoint_epoch": checkpoint.epoch}
                orders = self.store.write(
                    self.run.id,
                    self.run.attempt,
                    merged,
                    epochs,
                    batches,
                    [*waiting_events, *events],
                    unless,
                )
                written = orders is not None and not orders.refused
            finally:
                if not written:
                    self._put_back(taken)
            self._written = time.monotonic()
            if saved and written:
                self._remove(self._last_file)
                self._last_file = saved
            self._obey(orders)
            if kept and written:
                # Only now: whoever is no longer wanted must not write over what another attempt keeps.
                self._keeper.keep(kept, self.epochs_target)
            return written

    def _put_back(self, taken: tuple) -> None:
        changes, epochs, batches, events, checkpoint, kept = taken
        with self._pending:
            self._changes = {**changes, **self._changes}
            self._epochs = epochs + self._epochs
            self._batches = batches + self._batches
            self._events = events + self._events
            self._checkpoint = self._checkpoint or checkpoint
            self._kept = {**kept, **self._kept}

    def _obey(self, orders: Orders | None) -> None:
        if orders is None:
            self.stopped = True
        else:
            self.pause, self.epochs_target = orders.pause, orders.epochs_target

    def _save(self, checkpoint: Checkpoint) -> str | None:
        name = checkpoint.file_name(self.run.attempt)
        try:
            variables = {f"arr_{i}": array for i, array in enumerate(checkpoint.variables)}
            write_arrays(self.store.run_folder(self.run.id) / name, variables)
        except OSError as error:
            # The curve is still worth having; a restart will go on from an older checkpoint.
            log.warning("no checkpoint for run %s: %s", self.run.id, error)
            return None
        return name

    def _remove(self, name: str | None) -> None:
        if name is not None:
            with contextlib.suppress(OSError):
                (self.store.run_folder(self.run.id) / name).unlink()
