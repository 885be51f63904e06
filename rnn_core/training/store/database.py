"""The store's database: opened at its first use, one writer at a time, trouble told in sentences; and its rows."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from rnn_core import environment
from rnn_core.environment import PROJECT
from rnn_core.errors import Told
from rnn_core.training import tables
from rnn_core.training.runs import EventPoint, Run
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store.errors import NoSuchRun, NotOwner, unavailable

LOCK_SECONDS = 10.0  # how long a write waits for somebody else's lock
WRITERS_LOCK = 0x756E726C  # any number that nothing else in the database locks by
RUN_ID = re.compile("[0-9a-f]{12}")


def owner_hash(token: str) -> str:
    """What the store keeps of an owner's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def run_of(row: Any) -> Run:
    """The run that a row of the table tells of."""
    values = dict(row._mapping)
    values["spec"] = TrainingSpec.from_json(values["spec"])
    values["problem_values"] = json.loads(values["problem_values"])
    return Run(**values)


class Database:
    """Where the store is, and how its rows are read and changed within one transaction."""

    def __init__(self, url: str | None = None, folder: str | Path | None = None, lock_seconds: float = LOCK_SECONDS):
        self.url = url or environment.STORE_URL.read()
        database = sa.make_url(self.url).database
        beside = Path(database).parent if self.url.startswith("sqlite") and database else PROJECT / "var"
        self.folder = Path(folder or environment.RUNS_DIR.read() or beside / "runs")
        self._lock_seconds = lock_seconds
        self._opened = False
        self._opening = threading.Lock()

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
            raise unavailable(error) from error

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

    # ------------------------------------------------------------------------------- rows, within a transaction

    def _read(self, connection: sa.Connection, run_id: str, missing_ok: bool = False) -> Any:
        row = None
        if RUN_ID.fullmatch(str(run_id)):
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.id == run_id)).one_or_none()
        if row is None:
            if missing_ok:
                return None
            raise NoSuchRun("no_such_run")
        return run_of(row)

    def is_owner(self, run: Run, owner: str | None) -> bool:
        """Whether this token started the run."""
        return owner is not None and hmac.compare_digest(run.owner, owner_hash(owner))

    def _owned(self, connection: sa.Connection, run_id: str, owner: str) -> Run:
        run = self._read(connection, run_id)
        if not self.is_owner(run, owner):
            raise NotOwner("not_owner")
        return run

    def _change(self, connection: sa.Connection, run_id: str, **changes: Any) -> None:
        connection.execute(tables.change_run, {"run_id": run_id, **changes})

    def _end(
        self,
        connection: sa.Connection,
        run_id: str,
        state: str,
        epoch: int | None = None,
        problem: Told | None = None,
        **changes: Any,
    ) -> None:
        # What is over wins over what waited to be written meanwhile, such as a phase or the seconds left.
        end = {
            "state": state,
            "phase": "",
            "wish": None,
            "held": False,
            "ended_at": time.time(),
            "seconds_left": None,
            "problem_code": problem.code if problem else None,
            "problem_values": json.dumps(problem.values if problem else {}),
            "problem": str(problem) if problem else None,
        }
        self._change(connection, run_id, **(changes | end))
        self._record(connection, run_id, EventPoint(state, epoch, problem.values if problem else {}))

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
