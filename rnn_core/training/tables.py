"""The run store's tables, and the statements that every training sends several times a second."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from rnn_core.training.runs import AT_WORK

metadata = sa.MetaData()

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("group_id", sa.String, nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("owner", sa.String, nullable=False, index=True),  # SHA-256 of the owner's token
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("phase", sa.String, nullable=False),  # "", "training" or "validating"
    sa.Column("wish", sa.String),  # "pause" or nothing; the other wishes are granted at once
    sa.Column("held", sa.Boolean, nullable=False),  # a paused run still has its worker
    sa.Column("carrier", sa.String, nullable=False),  # who sees to it that the run ends
    sa.Column("submission", sa.Integer, nullable=False),  # how often it was handed to a cluster
    sa.Column("attempt", sa.Integer, nullable=False),  # fences off writes of earlier beginnings
    sa.Column("losses", sa.Integer, nullable=False),  # how often in a row its cluster was lost
    sa.Column("worker", sa.String),
    sa.Column("epochs_target", sa.Integer, nullable=False),
    sa.Column("extended", sa.Boolean, nullable=False),  # asked for one more epoch: early stopping is over
    sa.Column("epochs_done", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),  # steps done since the first epoch
    sa.Column("checkpoint", sa.String),  # file name in the run's folder
    sa.Column("checkpoint_epoch", sa.Integer, nullable=False),
    sa.Column("xla", sa.Boolean),
    sa.Column("parameters", sa.Integer),
    sa.Column("chance", sa.Float),
    sa.Column("metric", sa.String),
    sa.Column("best_epoch", sa.Integer),
    sa.Column("best_val_loss", sa.Float),
    sa.Column("best_val_metric", sa.Float),
    sa.Column("ms_per_step", sa.Float),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("seconds_left", sa.Float),
    sa.Column("queued_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("ended_at", sa.Float),
    sa.Column("heartbeat", sa.Float, nullable=False),
    sa.Column("problem_code", sa.String),
    sa.Column("problem_values", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("revision", sa.Integer, nullable=False),  # grows with every change
)


def _points(name: str, key: str, *columns: sa.Column) -> sa.Table:
    """A table of rows that belong to a run and are deleted with it."""
    return sa.Table(
        name,
        metadata,
        sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(key, sa.Integer, primary_key=True, autoincrement=False),
        *columns,
        sqlite_with_rowid=False,
    )


epochs = _points(
    "epochs",
    "epoch",
    sa.Column("loss", sa.Float),
    sa.Column("metric", sa.Float),
    sa.Column("val_loss", sa.Float),
    sa.Column("val_metric", sa.Float),
    sa.Column("seconds", sa.Float),
    sa.Column("ended", sa.Float),
)
batches = _points("batches", "step", sa.Column("loss", sa.Float), sa.Column("metric", sa.Float))
events = _points(
    "events",
    "number",
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("epoch", sa.Integer),
    sa.Column("detail", sa.Text, nullable=False),
)
carriers = sa.Table(
    "carriers",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("pid", sa.Integer),  # of the web process; none for an external cluster
    sa.Column("born", sa.Float),
    sa.Column("beat", sa.Float, nullable=False),
)


def _upsert_statement(insert: Any, table: sa.Table) -> Any:
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


# Statements that every training sends several times a second are put together once.
upserts = {
    (name, table.name): _upsert_statement(insert, table)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    for table in (epochs, batches, carriers)
}
change_run = runs.update().where(runs.c.id == sa.bindparam("run_id")).values(revision=runs.c.revision + 1)
orders_query = sa.select(runs.c.wish, runs.c.epochs_target).where(
    runs.c.id == sa.bindparam("run_id"),
    runs.c.attempt == sa.bindparam("attempt_number"),
    runs.c.state.in_(AT_WORK),
)
