"""What everybody may read of the runs: their rows, curves, events and files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from rnn_core.training import tables
from rnn_core.training.files import UNREADABLE, read_arrays
from rnn_core.training.kept import epochs_in, path_of
from rnn_core.training.runs import Curves, Event, Run, grown, thin
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store.database import RUN_ID, Database, owner_hash, run_of
from rnn_core.training.store.errors import NoSuchRun


class Reading(Database):
    """The store as all may read it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._curves: dict[str, Curves] = {}
        self._curves_lock = threading.Lock()

    def get(self, run_id: str) -> Run:
        """One run. Raises NoSuchRun."""
        found = self.runs(ids=[run_id])
        if not found:
            raise NoSuchRun("no_such_run")
        return found[0]

    def runs(
        self,
        ids: Iterable[str] | None = None,
        owner: str | None = None,
        group: str | None = None,
        states: Iterable[str] | None = None,
        limit: int = 500,
    ) -> list[Run]:
        """Runs that meet all conditions given: the newest `limit` of them, oldest first."""
        query = sa.select(tables.runs)
        if ids is not None:
            query = query.where(tables.runs.c.id.in_([i for i in ids if RUN_ID.fullmatch(str(i))]))
        if owner is not None:
            query = query.where(tables.runs.c.owner == owner_hash(owner))
        if group is not None:
            query = query.where(tables.runs.c.group_id == group)
        if states is not None:
            query = query.where(tables.runs.c.state.in_(list(states)))
        with self._begin(writes=False) as connection:
            rows = connection.execute(query.order_by(tables.runs.c.created.desc()).limit(limit)).all()
        return [run_of(row) for row in reversed(rows)]

    def curves(self, run_id: str, points: int = 1000) -> Curves:
        """The run's curves, batch points thinned to about `points`. Raises NoSuchRun.

        Cheap to call again and again: only what is new is read. Results are shared: do not write into them.
        """
        self.run_folder(run_id)  # refuses what is no id
        columns = sa.select(tables.runs.c.revision, tables.runs.c.attempt, tables.runs.c.spec).where(
            tables.runs.c.id == run_id
        )
        with self._curves_lock:
            old = self._curves.get(run_id, Curves())
        with self._begin(writes=False) as connection:
            row = connection.execute(columns).one_or_none()
            if row is not None and row.revision != old.revision:
                if row.attempt != old.attempt:
                    old = Curves()  # points may have been removed
                old = self._read_on(connection, run_id, row, old)
        with self._curves_lock:
            self._curves.pop(run_id, None)
            if row is not None:
                self._curves[run_id] = old  # newest last
            while len(self._curves) > 200:
                del self._curves[next(iter(self._curves))]
        if row is None:
            raise NoSuchRun("no_such_run")
        step, (at, loss, metric) = thin(old.step, [old.batch_epoch, old.batch_loss, old.batch_metric], points)
        if len(step) == len(old.step):
            return old
        at = step / (old.step[-1] / old.batch_epoch[-1])
        return replace(old, step=step, batch_epoch=at, batch_loss=loss, batch_metric=metric)

    @staticmethod
    def _read_on(connection: sa.Connection, run_id: str, row: Any, old: Curves) -> Curves:
        """The curves with the points behind those that are known."""
        after = int(old.epoch[-1]) if len(old.epoch) else 0
        last_step = int(old.step[-1]) if len(old.step) else 0
        epochs = connection.execute(
            sa.select(tables.epochs)
            .where(tables.epochs.c.run == run_id, tables.epochs.c.epoch > after)
            .order_by(tables.epochs.c.epoch)
        ).all()
        batches = connection.execute(
            sa.select(tables.batches.c.step, tables.batches.c.loss, tables.batches.c.metric)
            .where(tables.batches.c.run == run_id, tables.batches.c.step > last_step)
            .order_by(tables.batches.c.step)
        ).all()
        steps_per_epoch = TrainingSpec.from_json(row.spec).steps_per_epoch
        return grown(old, row.revision, row.attempt, epochs, batches, steps_per_epoch)

    def events(self, run_id: str) -> list[Event]:
        """What happened to the run, in order."""
        query = sa.select(tables.events).where(tables.events.c.run == run_id).order_by(tables.events.c.number)
        with self._begin(writes=False) as connection:
            rows = connection.execute(query).all()
        return [Event(row.number, row.at, row.code, row.epoch, json.loads(row.detail)) for row in rows]

    def run_folder(self, run_id: str) -> Path:
        """Where the run's files lie; may not exist. Raises NoSuchRun for what is no run's id."""
        if not RUN_ID.fullmatch(str(run_id)):
            raise NoSuchRun("no_such_run")
        return self.folder / run_id

    def model_path(self, run_id: str) -> Path | None:
        """The trained model as a .keras file, once the run is done or stopped with one."""
        path = self.run_folder(run_id) / "model.keras"
        return path if path.is_file() else None

    def kept_epochs(self, run_id: str) -> tuple[int, ...]:
        """The epochs whose weights the run keeps, in their order; 0 is before the first. () if there are none."""
        epochs = epochs_in(self.run_folder(run_id))
        if not epochs:
            return ()
        found = self.runs(ids=[run_id])
        # A file beyond that was left by an attempt that came to nothing.
        return tuple(epoch for epoch in epochs if found and epoch <= found[0].epochs_done)

    def weights(self, run_id: str, epoch: int | None = None) -> dict[str, np.ndarray] | None:
        """The weights of a kept epoch, or those at the training's end; None if there are none that can be read.

        Read without Keras, by names such as "1_lstm/lstm_cell/kernel", the layer's number in front.
        """
        try:
            folder = self.run_folder(run_id)
            return read_arrays(folder / "weights.npz" if epoch is None else path_of(folder, epoch))
        except UNREADABLE:
            return None
