"""What those who start runs may do with them: start, stop, pause, resume, prolong, name, keep, delete."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from rnn_core.training import tables
from rnn_core.training.runs import ENDED, EventPoint, Run
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store.database import owner_hash
from rnn_core.training.store.errors import WishImpossible
from rnn_core.training.store.reading import Reading

WISHES = ("stop", "pause", "resume", "one_more_epoch")


class Owners(Reading):
    """The store as those see it who start runs."""

    def create(
        self,
        specs: Sequence[TrainingSpec],
        owner: str,
        carrier: str,
        group: str | None = None,
        names: Sequence[str] | None = None,
    ) -> list[str]:
        """Queue runs, in this order, and return their ids.

        Args:
            specs: what to train.
            owner: the visitor's secret token; only its hash is kept.
            carrier: who is to carry them, see `carry`.
            group: id that runs launched together share; a new one by default.
            names: what to call them; task and cell by default.
        """
        now, group = time.time(), group or secrets.token_hex(5)
        ids = [secrets.token_hex(6) for _ in specs]
        rows = []
        for i, (run_id, spec) in enumerate(zip(ids, specs, strict=True)):
            rows.append(
                {
                    **{column.name: None for column in tables.runs.columns},
                    "id": run_id,
                    "created": now + i * 1e-6,  # keeps the order among runs launched together
                    "queued_at": now + i * 1e-6,
                    "group_id": group,
                    "name": names[i] if names else f"{spec.task} · {spec.cell}",
                    "owner": owner_hash(owner),
                    "pinned": False,
                    "spec": spec.to_json(),
                    "state": "queued",
                    "phase": "",
                    "held": False,
                    "carrier": carrier,
                    "submission": 0,
                    "attempt": 0,
                    "losses": 0,
                    "epochs_target": spec.epochs,
                    "extended": False,
                    "epochs_done": 0,
                    "step": 0,
                    "checkpoint_epoch": 0,
                    "seconds": 0.0,
                    "heartbeat": now,
                    "problem_values": "{}",
                    "revision": 1,
                }
            )
        with self._begin(writes=True) as connection:
            connection.execute(tables.runs.insert(), rows)
            for run_id in ids:
                self._record(connection, run_id, EventPoint("queued"))
        return ids

    def wish(self, run_id: str, owner: str, wish: str, carrier: str | None = None) -> Run:
        """Grant "stop", "pause", "resume" or "one_more_epoch", as far as the run's state allows.

        Stopping an ended run, pausing a paused one and resuming a running one change nothing. Stopping is
        immediate. Pausing takes effect between two batches, a tenth of a second later. Resuming an ended run, and
        one more epoch for it, put it back in the queue, `carrier`'s by then, to go on from its last finished epoch.

        Raises:
            NoSuchRun, NotOwner, WishImpossible.
        """
        if wish not in WISHES:
            raise ValueError(f"wish must be one of {WISHES}, not {wish!r}")
        with self._begin(writes=True) as connection:
            run = self._owned(connection, run_id, owner)
            getattr(self, f"_wish_{wish}")(connection, run, carrier or run.carrier)
            return self._read(connection, run_id)

    def _wish_stop(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if not run.ended:
            self._end(connection, run.id, "stopped", epoch=run.epochs_done)

    def _wish_pause(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if run.state == "queued":
            self._change(connection, run.id, state="paused", held=False)
            self._record(connection, run.id, EventPoint("paused", run.epochs_done))
        elif not run.ended:
            self._change(connection, run.id, wish="pause")
        else:
            raise WishImpossible("cannot_pause")

    def _wish_resume(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if run.state in ("done", "diverged") or (run.ended and run.epochs_done >= run.epochs_target):
            raise WishImpossible("cannot_resume")
        if run.ended or (run.state == "paused" and not run.held):
            self._requeue(connection, run, carrier)
        elif run.wish == "pause":
            self._change(connection, run.id, wish=None)

    def _wish_one_more_epoch(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if not run.can_extend:
            raise WishImpossible("cannot_extend")
        if run.ended:
            self._requeue(connection, run, carrier, epochs_target=run.epochs_done + 1, extended=True)
        else:
            self._change(connection, run.id, epochs_target=run.epochs_target + 1)

    def _requeue(self, connection: sa.Connection, run: Run, carrier: str, **changes: Any) -> None:
        """Back into the queue. The new attempt number shuts out a worker that is still busy with the run."""
        self._change(
            connection,
            run.id,
            state="queued",
            carrier=carrier,
            phase="",
            wish=None,
            held=False,
            attempt=run.attempt + 1,
            losses=0,
            queued_at=time.time(),
            ended_at=None,
            seconds_left=None,
            problem_code=None,
            problem_values="{}",
            problem=None,
            **changes,
        )
        self._record(connection, run.id, EventPoint("queued", run.epochs_done))

    def rename(self, run_id: str, owner: str, name: str) -> None:
        """Call the run something else, at most 80 characters. Raises NoSuchRun, NotOwner."""
        with self._begin(writes=True) as connection:
            run = self._owned(connection, run_id, owner)
            self._change(connection, run_id, name=" ".join(name.split())[:80] or run.name)

    def pin(self, run_id: str, owner: str, pinned: bool) -> None:
        """Mark the run as one to keep and compare, or not. Raises NoSuchRun, NotOwner."""
        with self._begin(writes=True) as connection:
            self._owned(connection, run_id, owner)
            self._change(connection, run_id, pinned=bool(pinned))

    def delete(self, run_id: str, owner: str) -> None:
        """Remove the run, its points and its files; one that trains is given up. Raises NoSuchRun, NotOwner."""
        with self._begin(writes=True) as connection:
            self._owned(connection, run_id, owner)
            connection.execute(tables.runs.delete().where(tables.runs.c.id == run_id))
        shutil.rmtree(self.run_folder(run_id), ignore_errors=True)

    def prune(self, keep: int) -> int:
        """Delete the oldest ended runs that nobody pinned, beyond `keep` runs in all; return how many."""
        ended = sa.select(tables.runs.c.id).where(tables.runs.c.state.in_(ENDED), sa.not_(tables.runs.c.pinned))
        with self._begin(writes=True) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(tables.runs)).scalar_one()
            if total <= keep:
                return 0
            old = connection.execute(ended.order_by(tables.runs.c.created).limit(total - keep)).scalars().all()
            connection.execute(tables.runs.delete().where(tables.runs.c.id.in_(old)))
        for run_id in old:
            shutil.rmtree(self.run_folder(run_id), ignore_errors=True)
        return len(old)
