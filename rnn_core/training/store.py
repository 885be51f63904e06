"""The run store: the single source of truth about every training.

The web process writes what is wanted (runs to start, wishes), the worker writes what happened (states, points,
events); everybody reads. SQLite by default, PostgreSQL by URL.

How nothing is lost or doubled:

- Every row of a curve has a primary key (run and epoch, run and step), and writes are upserts: written twice,
  it stands there once.
- Every beginning of a run, on whichever worker, takes a new `attempt` number and, in the same transaction,
  removes the points after the epoch it resumes at. A write carries its attempt; one that is no longer the
  run's own changes nothing, and tells the worker to give up.
- A run that has ended takes no more points. So "stop" simply ends the run here and now; the worker notices
  at its next write or poll, within a tenth of a second.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import platform
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from rnn_core.training import tables
from rnn_core.training.runs import (
    AT_WORK,
    ENDED,
    BatchPoint,
    Curves,
    EpochPoint,
    Event,
    EventPoint,
    Orders,
    Run,
    grown,
    thin,
)
from rnn_core.training.spec import TrainingSpec

PROJECT = Path(__file__).resolve().parents[2]

WISHES = ("stop", "pause", "resume", "one_more_epoch")

LOCK_SECONDS = 10.0  # how long a write waits for somebody else's lock
WRITERS_LOCK = 0x756E726C  # any number that nothing else in the database locks by


class StoreError(ValueError):
    """Something that the run store cannot do. `code` is stable, `values` fills the sentence, str() is the sentence."""

    def __init__(self, code: str, sentence: str, **values: Any):
        super().__init__(sentence.format(**values))
        self.code = code
        self.values = values


class StoreUnavailable(StoreError):
    """The store cannot be read or written now: code store_full, store_read_only, store_locked, store_unreachable."""


class NoSuchRun(StoreError):
    """Code "no_such_run": nobody started a run with this id, or it was deleted."""


class NotOwner(StoreError):
    """Code "not_owner": only the one who started a run may control, rename, pin or delete it."""


class WishImpossible(StoreError):
    """Code "cannot_pause", "cannot_resume" or "cannot_extend": the run's state does not allow it."""


def _no_such_run(run_id: str) -> NoSuchRun:
    return NoSuchRun(
        "no_such_run",
        "There is no run {run}. It was deleted, or the link is incomplete; choose another run.",
        run=str(run_id)[:40],
    )


def _unavailable(error: BaseException) -> StoreUnavailable:
    """Turn a driver's error into a sentence that says what to do."""
    text = str(getattr(error, "orig", None) or error).lower()
    number = getattr(error, "errno", None)
    if "full" in text or number in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnavailable(
            "store_full", "The disk that keeps the runs is full. Free some space; trainings wait until then."
        )
    if "readonly" in text or "read-only" in text or "permission" in text or number in (errno.EACCES, errno.EROFS):
        return StoreUnavailable(
            "store_read_only", "The runs cannot be written: their folder is read-only. Make it writable and try again."
        )
    if "locked" in text or "busy" in text:
        return StoreUnavailable(
            "store_locked", "Another program holds the store of the runs. Wait a moment and try again."
        )
    return StoreUnavailable(
        "store_unreachable", "The store of the runs cannot be opened. Check where RNN_STORE_URL points, and try again."
    )


_RUN_ID = re.compile("[0-9a-f]{12}")


def _owner_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class RunStore:
    """Runs, their curves and their files. Thread-safe; opening is left to the first use.

    Args:
        url: SQLAlchemy URL; by default RNN_STORE_URL, or SQLite at var/runs.sqlite in the project.
        folder: where the runs' checkpoints and weights lie, one folder per run; by default RNN_RUNS_DIR, or
            "runs" beside the SQLite file.
        lock_seconds: how long a write waits for somebody else's lock.

    Every method raises StoreUnavailable if the database cannot be had; the next call tries again.
    """

    def __init__(self, url: str | None = None, folder: str | Path | None = None, lock_seconds: float = LOCK_SECONDS):
        self.url = url or os.environ.get("RNN_STORE_URL") or f"sqlite:///{PROJECT / 'var' / 'runs.sqlite'}"
        database = sa.make_url(self.url).database
        beside = Path(database).parent if self.url.startswith("sqlite") and database else PROJECT / "var"
        self.folder = Path(folder or os.environ.get("RNN_RUNS_DIR") or beside / "runs")
        self._lock_seconds = lock_seconds
        self._opened = False
        self._opening = threading.Lock()
        self._curves: dict[str, Curves] = {}
        self._curves_lock = threading.Lock()

    @cached_property
    def engine(self) -> sa.Engine:
        url = sa.make_url(self.url)
        if url.get_backend_name() != "sqlite":
            engine = sa.create_engine(url, pool_pre_ping=True)

            @sa.event.listens_for(engine, "begin")
            def one_writer(connection: sa.Connection) -> None:
                # Who reads in order to write must not be overtaken; SQLite locks its file for that, see below.
                if connection.get_execution_options().get("writes"):
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS_LOCK)))

            return engine
        engine = sa.create_engine(url, connect_args={"timeout": self._lock_seconds})

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # transactions begin where we say, see below
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            # A transaction that will write takes the lock at its beginning, where waiting for it is possible;
            # a reader that turns writer later would be refused at once.
            writes = connection.get_execution_options().get("writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    @contextmanager
    def _begin(self, writes: bool) -> Iterator[sa.Connection]:
        try:
            self._open()
            with self.engine.connect().execution_options(writes=writes) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            if isinstance(error, SQLAlchemyError) and not isinstance(error, (DBAPIError, sa.exc.TimeoutError)):
                raise  # our own mistake, not the database's trouble
            raise _unavailable(error) from error

    def _open(self) -> None:
        if self._opened:
            return
        with self._opening:
            if self._opened:
                return
            database = sa.make_url(self.url).database
            if self.url.startswith("sqlite") and database:
                Path(database).parent.mkdir(parents=True, exist_ok=True)
            with self.engine.connect().execution_options(writes=False) as connection, connection.begin():
                there = sa.inspect(connection).has_table("carriers")
            if not there:
                with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                    tables.metadata.create_all(connection)
            self._opened = True

    def close(self) -> None:
        """Give the connections back."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def _upsert(self, connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            connection.execute(tables.upserts[connection.dialect.name, table.name], rows)

    # -------------------------------------------------------------------------------------------- the web side

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
                    "owner": _owner_hash(owner),
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

    def get(self, run_id: str) -> Run:
        """One run. Raises NoSuchRun."""
        found = self.runs(ids=[run_id])
        if not found:
            raise _no_such_run(run_id)
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
            query = query.where(tables.runs.c.id.in_([i for i in ids if _RUN_ID.fullmatch(str(i))]))
        if owner is not None:
            query = query.where(tables.runs.c.owner == _owner_hash(owner))
        if group is not None:
            query = query.where(tables.runs.c.group_id == group)
        if states is not None:
            query = query.where(tables.runs.c.state.in_(list(states)))
        with self._begin(writes=False) as connection:
            rows = connection.execute(query.order_by(tables.runs.c.created.desc()).limit(limit)).all()
        return [_run(row) for row in reversed(rows)]

    def is_owner(self, run: Run, owner: str | None) -> bool:
        """Whether this token started the run."""
        return owner is not None and hmac.compare_digest(run.owner, _owner_hash(owner))

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
            if row is None:
                with self._curves_lock:
                    self._curves.pop(run_id, None)
                raise _no_such_run(run_id)
            if row.revision != old.revision:
                if row.attempt != old.attempt:
                    old = Curves()  # points may have been removed
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
                old = grown(old, row.revision, row.attempt, epochs, batches, steps_per_epoch)
                with self._curves_lock:
                    self._curves.pop(run_id, None)
                    self._curves[run_id] = old  # newest last
                    while len(self._curves) > 200:
                        del self._curves[next(iter(self._curves))]
        step, (at, loss, metric) = thin(old.step, [old.batch_epoch, old.batch_loss, old.batch_metric], points)
        if len(step) == len(old.step):
            return old
        at = step / (old.step[-1] / old.batch_epoch[-1])
        return replace(old, step=step, batch_epoch=at, batch_loss=loss, batch_metric=metric)

    def events(self, run_id: str) -> list[Event]:
        """What happened to the run, in order."""
        query = sa.select(tables.events).where(tables.events.c.run == run_id).order_by(tables.events.c.number)
        with self._begin(writes=False) as connection:
            rows = connection.execute(query).all()
        return [Event(row.number, row.at, row.code, row.epoch, json.loads(row.detail)) for row in rows]

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
            raise WishImpossible(
                "cannot_pause", "This run has ended and cannot be paused. Start it again instead.", state=run.state
            )

    def _wish_resume(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if run.state in ("done", "diverged") or (run.ended and run.epochs_done >= run.epochs_target):
            raise WishImpossible(
                "cannot_resume",
                "This run has come to its end; there is nothing left to resume. Start it again instead.",
                state=run.state,
            )
        if run.ended or (run.state == "paused" and not run.held):
            self._requeue(connection, run, carrier)
        elif run.wish == "pause":
            self._change(connection, run.id, wish=None)

    def _wish_one_more_epoch(self, connection: sa.Connection, run: Run, carrier: str) -> None:
        if not run.can_extend:
            raise WishImpossible(
                "cannot_extend",
                "This run left nothing to go on from. Start it again with more epochs instead.",
                state=run.state,
            )
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

    def run_folder(self, run_id: str) -> Path:
        """Where the run's files lie; may not exist. Raises NoSuchRun for what is no run's id."""
        if not _RUN_ID.fullmatch(str(run_id)):
            raise _no_such_run(run_id)
        return self.folder / run_id

    def model_path(self, run_id: str) -> Path | None:
        """The trained model as a .keras file, once the run is done or stopped with one."""
        path = self.run_folder(run_id) / "model.keras"
        return path if path.is_file() else None

    def weights(self, run_id: str) -> dict[str, np.ndarray] | None:
        """The trained weights, read without Keras: {"1_lstm/lstm_cell/kernel": ...}, the layer's number in front."""
        try:
            with np.load(self.run_folder(run_id) / "weights.npz", allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        except (OSError, ValueError, BadZipFile):
            return None

    # ------------------------------------------------------------------------------------------ the carrier's side

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
            return [_run(row) for row in connection.execute(query.order_by(tables.runs.c.queued_at)).all()]

    def waiting(self, carrier: str, owner: str | None = None) -> int:
        """How many runs wait in the carrier's queue, or how many of one owner's."""
        query = sa.select(sa.func.count()).where(tables.runs.c.carrier == carrier, tables.runs.c.state == "queued")
        if owner is not None:
            query = query.where(tables.runs.c.owner == _owner_hash(owner))
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
                self._end(
                    connection,
                    run.id,
                    "failed",
                    epoch=now.epochs_done,
                    problem_code="worker_lost",
                    problem=f"Its worker broke down {most} times, perhaps for lack of memory. Try smaller settings.",
                    problem_values={"count": most},
                )
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

    def fail(self, run: Run, code: str, sentence: str, **values: Any) -> None:
        """End a run that nobody can carry any more, unless it has changed hands since `run` was read."""
        self._end_unchanged(run, "failed", code, sentence, values)

    def interrupt(self, run: Run) -> None:
        """End a run whose carrier is gone; its owner can resume it."""
        sentence = "Interrupted at epoch {epoch}. Resume it to go on from there."
        self._end_unchanged(run, "interrupted", "interrupted", sentence, {"epoch": run.epochs_done})

    def _end_unchanged(self, run: Run, state: str, code: str, sentence: str, values: dict[str, Any]) -> None:
        with self._begin(writes=True) as connection:
            now = self._read(connection, run.id, missing_ok=True)
            same = now is not None and (now.submission, now.carrier) == (run.submission, run.carrier)
            if now is not None and same and not now.ended:
                self._end(
                    connection,
                    run.id,
                    state,
                    epoch=now.epochs_done,
                    problem_code=code,
                    problem=sentence.format(**values),
                    problem_values=values,
                )

    # ------------------------------------------------------------------------------------------- the worker's side

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
            changes: columns of the run.
            epochs: points that finish an epoch.
            batches: points in between.
            events: what happened.
            unless: "extended" writes nothing if more epochs than `changes["epochs_done"]` are wanted meanwhile,
                "resumed" writes nothing if the pause is over meanwhile; the orders returned then say so.

        Returns:
            What the web side wishes, or None: the worker shall give up, nothing was written.
        """
        changes = dict(changes or {})
        with self._begin(writes=True) as connection:
            row = connection.execute(tables.orders_query, {"run_id": run_id, "attempt_number": attempt}).one_or_none()
            if row is None:
                return None
            orders = Orders(row.wish == "pause", row.epochs_target)
            if unless == "extended" and orders.epochs_target > changes["epochs_done"]:
                return orders
            if unless == "resumed" and not orders.pause:
                return orders
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

    # ------------------------------------------------------------------------------------------------- in common

    def _read(self, connection: sa.Connection, run_id: str, missing_ok: bool = False) -> Any:
        row = None
        if _RUN_ID.fullmatch(str(run_id)):
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.id == run_id)).one_or_none()
        if row is None:
            if missing_ok:
                return None
            raise _no_such_run(run_id)
        return _run(row)

    def _owned(self, connection: sa.Connection, run_id: str, owner: str) -> Run:
        run = self._read(connection, run_id)
        if not self.is_owner(run, owner):
            raise NotOwner(
                "not_owner",
                "Only the one who started this run can change it. Start one of your own with the same settings.",
                run=run_id,
            )
        return run

    def _change(self, connection: sa.Connection, run_id: str, **changes: Any) -> None:
        connection.execute(tables.change_run, {"run_id": run_id, **changes})

    def _end(
        self,
        connection: sa.Connection,
        run_id: str,
        state: str,
        epoch: int | None = None,
        problem_values: Mapping[str, Any] | None = None,
        problem: str | None = None,
        **changes: Any,
    ) -> None:
        values = dict(problem_values or {})
        self._change(
            connection,
            run_id,
            state=state,
            phase="",
            wish=None,
            held=False,
            ended_at=time.time(),
            seconds_left=None,
            problem=problem,
            problem_values=json.dumps(values),
            **changes,
        )
        self._record(connection, run_id, EventPoint(state, epoch, values))

    def _record(self, connection: sa.Connection, run_id: str, event: EventPoint) -> None:
        number = sa.select(sa.func.coalesce(sa.func.max(tables.events.c.number), 0) + 1).where(
            tables.events.c.run == run_id
        )
        connection.execute(
            tables.events.insert().values(
                run=run_id,
                number=number.scalar_subquery(),
                at=time.time(),
                code=event.code,
                epoch=event.epoch,
                detail=json.dumps(dict(event.values)),
            )
        )

    def _best(self, connection: sa.Connection, run_id: str) -> None:
        """The epoch with the lowest validation loss, from the points themselves."""
        query = (
            sa.select(tables.epochs.c.epoch, tables.epochs.c.val_loss, tables.epochs.c.val_metric)
            .where(tables.epochs.c.run == run_id, tables.epochs.c.val_loss.is_not(None))
            .order_by(tables.epochs.c.val_loss, tables.epochs.c.epoch)
            .limit(1)
        )
        best = connection.execute(query).one_or_none()
        epoch, loss, metric = best if best is not None else (None, None, None)
        statement = tables.runs.update().where(tables.runs.c.id == run_id)
        connection.execute(statement.values(best_epoch=epoch, best_val_loss=loss, best_val_metric=metric))


def _run(row: Any) -> Run:
    values = dict(row._mapping)
    values["spec"] = TrainingSpec.from_json(values["spec"])
    values["problem_values"] = json.loads(values["problem_values"])
    return Run(**values)
