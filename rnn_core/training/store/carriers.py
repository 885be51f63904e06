"""What those write who carry runs to a cluster, and see to it that each comes to an end."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from rnn_core.training import tables
from rnn_core.training.runs import AT_WORK, EventPoint, Run
from rnn_core.training.store.database import owner_hash, run_of
from rnn_core.training.store.owners import Owners
from rnn_core.training.told import RunProblem


class Carriers(Owners):
    """The store as a web process sees it that carries runs."""

    def carry(self, carrier: str, pid: int | None, born: float | None) -> None:
        """Sign on, or beat, as the one who sees to it that runs end.

        Args:
            carrier: id; a web process with a cluster of its own has a new one each time it starts, an external
                cluster has the scheduler's.
            pid: the web process' number, None for an external cluster.
            born: when that process was started, so that a reused number is not taken for it.
        """
        row = {"id": carrier, "host": platform.node(), "pid": pid, "born": born, "beat": time.time()}
        with self._begin(writes=True) as connection:
            self._upsert(connection, tables.carriers, [row])

    def carriers(self) -> list[Any]:
        """All carriers that have signed on: rows with id, host, pid, born, beat."""
        with self._begin(writes=False) as connection:
            return list(connection.execute(sa.select(tables.carriers)).all())

    def forget_carrier(self, carrier: str) -> None:
        """Remove a carrier that is gone for good."""
        with self._begin(writes=True) as connection:
            connection.execute(tables.carriers.delete().where(tables.carriers.c.id == carrier))

    def carried_by(self, carriers: Iterable[str], states: Iterable[str]) -> list[Run]:
        """Runs of these carriers in these states, in the order they were queued."""
        query = sa.select(tables.runs).where(
            tables.runs.c.carrier.in_(list(carriers)), tables.runs.c.state.in_(list(states))
        )
        with self._begin(writes=False) as connection:
            return [run_of(row) for row in connection.execute(query.order_by(tables.runs.c.queued_at)).all()]

    def waiting(self, carrier: str, owner: str | None = None) -> int:
        """How many runs wait in the carrier's queue, or how many of one owner's."""
        query = sa.select(sa.func.count()).where(tables.runs.c.carrier == carrier, tables.runs.c.state == "queued")
        if owner is not None:
            query = query.where(tables.runs.c.owner == owner_hash(owner))
        with self._begin(writes=False) as connection:
            return int(connection.execute(query).scalar_one())

    def queue_position(self, run_id: str) -> int:
        """1 for the run that is next, 2 for the one behind it, ...; 0 if it does not wait."""
        ahead = tables.runs.alias()
        query = (
            sa.select(sa.func.count())
            .select_from(tables.runs.join(ahead, ahead.c.carrier == tables.runs.c.carrier))
            .where(tables.runs.c.id == run_id, tables.runs.c.state == "queued", ahead.c.state == "queued")
            .where(ahead.c.queued_at <= tables.runs.c.queued_at)
        )
        with self._begin(writes=False) as connection:
            return int(connection.execute(query).scalar_one())

    def hand_over(self, run: Run, carrier: str) -> int | None:
        """Take the run out of the queue for a cluster; its submission number, or None if somebody was faster."""
        with self._begin(writes=True) as connection:
            result = connection.execute(
                tables.runs.update()
                .where(
                    tables.runs.c.id == run.id,
                    tables.runs.c.state == "queued",
                    tables.runs.c.submission == run.submission,
                )
                .values(
                    state="starting",
                    carrier=carrier,
                    submission=run.submission + 1,
                    heartbeat=time.time(),
                    revision=tables.runs.c.revision + 1,
                )
            )
        return run.submission + 1 if result.rowcount else None

    def lost(self, run: Run, most: int, carrier: str) -> bool:
        """The run's worker or cluster is gone: queue it again, or fail it once that has happened `most` times.

        `carrier` is whose queue it goes to.

        Nothing happens if the run has changed hands since `run` was read. Returns whether it was queued.
        """
        with self._begin(writes=True) as connection:
            now = self._read(connection, run.id, missing_ok=True)
            if now is None or now.state not in AT_WORK or now.submission != run.submission:
                return False
            if now.state == "paused" and not now.held:
                return False  # it has given its worker back and waits for its owner
            if now.losses + 1 >= most:
                problem = RunProblem("worker_lost", count=most)
                self._end(connection, run.id, "failed", epoch=now.epochs_done, problem=problem)
                return False
            paused = now.state == "paused" or now.wish == "pause"
            losses, queued_at = now.losses + 1, now.queued_at
            self._requeue(connection, now, carrier)
            # It keeps its place ahead of those that came later, and stays paused if it was.
            self._change(connection, run.id, losses=losses, queued_at=queued_at)
            if paused:
                self._change(connection, run.id, state="paused")
            self._record(connection, run.id, EventPoint("lost", now.epochs_done))
            return not paused

    def interrupt(self, run: Run) -> None:
        """End a run whose carrier is gone, unless it has changed hands since `run` was read; it can be resumed."""
        with self._begin(writes=True) as connection:
            now = self._read(connection, run.id, missing_ok=True)
            same = now is not None and (now.submission, now.carrier) == (run.submission, run.carrier)
            if now is not None and same and not now.ended:
                problem = RunProblem("interrupted", epoch=now.epochs_done)
                self._end(connection, run.id, "interrupted", epoch=now.epochs_done, problem=problem)
