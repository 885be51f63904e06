"""What a worker writes: one attempt at a run, fenced off from all others."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from rnn_core.training import tables
from rnn_core.training.runs import AT_WORK, ENDED, BatchPoint, EpochPoint, EventPoint, Orders, Run
from rnn_core.training.store.carriers import Carriers


class Attempts(Carriers):
    """The store as a worker sees it."""

    def begin(self, run: Run, submission: int, resume_epoch: int, worker: str) -> Run | None:
        """Begin, or begin again, after `resume_epoch` finished epochs; None if the run is not this worker's to do.

        Takes a new attempt number and removes all points after the resume epoch, in one transaction.
        """
        with self._begin(writes=True) as connection:
            now = self._read(connection, run.id, missing_ok=True)
            if now is None or now.state not in AT_WORK or now.submission != submission or now.attempt != run.attempt:
                return None
            if now.state == "paused" and not now.held:
                return None  # it has given its worker back
            step = resume_epoch * now.spec.steps_per_epoch
            connection.execute(
                tables.epochs.delete().where(tables.epochs.c.run == run.id, tables.epochs.c.epoch > resume_epoch)
            )
            connection.execute(
                tables.batches.delete().where(tables.batches.c.run == run.id, tables.batches.c.step > step)
            )
            spent = sa.select(sa.func.coalesce(sa.func.sum(tables.epochs.c.seconds), 0.0)).where(
                tables.epochs.c.run == run.id
            )
            self._change(
                connection,
                run.id,
                state="starting",
                phase="",
                held=True,
                attempt=now.attempt + 1,
                worker=worker,
                epochs_done=resume_epoch,
                checkpoint_epoch=resume_epoch,
                checkpoint=now.checkpoint if resume_epoch else None,
                step=step,
                seconds=connection.execute(spent).scalar_one(),
                seconds_left=None,
                started_at=now.started_at or time.time(),
                heartbeat=time.time(),
            )
            self._best(connection, run.id)
            self._record(connection, run.id, EventPoint("resumed" if resume_epoch else "started", resume_epoch))
            return self._read(connection, run.id)

    def epoch_points(self, run_id: str) -> list[EpochPoint]:
        """The finished epochs, in order."""
        query = sa.select(*(tables.epochs.c[name] for name in EpochPoint._fields)).where(tables.epochs.c.run == run_id)
        with self._begin(writes=False) as connection:
            return [EpochPoint(*row) for row in connection.execute(query.order_by(tables.epochs.c.epoch)).all()]

    def orders(self, run_id: str, attempt: int) -> Orders | None:
        """What the web side wishes; None tells the worker to give up."""
        with self._begin(writes=False) as connection:
            row = connection.execute(tables.orders_query, {"run_id": run_id, "attempt_number": attempt}).one_or_none()
        return None if row is None else Orders(row.wish == "pause", row.epochs_target)

    def write(
        self,
        run_id: str,
        attempt: int,
        changes: Mapping[str, Any] | None = None,
        epochs: Sequence[EpochPoint] = (),
        batches: Sequence[BatchPoint] = (),
        events: Sequence[EventPoint] = (),
        unless: str | None = None,
    ) -> Orders | None:
        """Write what happened, in one transaction, if `attempt` is still the run's and the run has not ended.

        Args:
            run_id: the run.
            attempt: the number that `begin` gave.
            changes: columns of the run; `problem` is Told, for a run that ends with one.
            epochs: points that finish an epoch.
            batches: points in between.
            events: what happened.
            unless: "extended" writes nothing if more epochs than `changes["epochs_done"]` are wanted meanwhile,
                "resumed" writes nothing if the pause is over meanwhile; the orders returned are then `refused`.

        Returns:
            What the web side wishes, or None: the worker shall give up, nothing was written.
        """
        changes = dict(changes or {})
        with self._begin(writes=True) as connection:
            row = connection.execute(tables.orders_query, {"run_id": run_id, "attempt_number": attempt}).one_or_none()
            if row is None:
                return None
            orders = Orders(row.wish == "pause", row.epochs_target)
            extended = unless == "extended" and orders.epochs_target > changes["epochs_done"]
            if extended or (unless == "resumed" and not orders.pause):
                return orders._replace(refused=True)
            if changes.get("state") in ENDED:
                self._end(connection, run_id, epoch=changes.get("epochs_done"), **changes)
            else:
                self._change(connection, run_id, heartbeat=time.time(), **changes)
            self._upsert(connection, tables.epochs, [{"run": run_id, **point._asdict()} for point in epochs])
            self._upsert(connection, tables.batches, [{"run": run_id, **point._asdict()} for point in batches])
            for event in events:
                self._record(connection, run_id, event)
            if epochs:
                self._best(connection, run_id)
            return orders
