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

from rnn_core.training.store.attempts import Attempts
from rnn_core.training.store.errors import NoSuchRun, NotOwner, StoreError, StoreUnavailable, WishImpossible
from rnn_core.training.store.owners import WISHES

__all__ = ["WISHES", "NoSuchRun", "NotOwner", "RunStore", "StoreError", "StoreUnavailable", "WishImpossible"]


class RunStore(Attempts):
    """Runs, their curves and their files. Thread-safe; opening is left to the first use.

    Args:
        url: SQLAlchemy URL; by default RNN_STORE_URL, or SQLite at var/runs.sqlite in the project.
        folder: where the runs' checkpoints and weights lie, one folder per run; by default RNN_RUNS_DIR, or
            "runs" beside the SQLite file.
        lock_seconds: how long a write waits for somebody else's lock.

    Every method raises StoreUnavailable if the database cannot be had; the next call tries again.
    """
