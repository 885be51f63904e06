"""What the run store cannot do, and why."""

from __future__ import annotations

import errno
from typing import ClassVar

from rnn_core.errors import VisitorError


class StoreError(VisitorError):
    """Something that the run store cannot do."""


class StoreUnavailable(StoreError):
    """The store cannot be read or written now."""

    SENTENCES: ClassVar = {
        "store_full": "The disk that keeps the runs is full. Free some space; trainings wait until then.",
        "store_read_only": "The runs cannot be written: their folder is read-only. Make it writable and try again.",
        "store_locked": "Another program is using the store of the runs. Wait a moment and try again.",
        "store_unreachable": "The store of the runs cannot be opened. Check where RNN_STORE_URL points, and try again.",
    }


class NoSuchRun(StoreError):
    """Nobody started a run with this id, or it was deleted."""

    SENTENCES: ClassVar = {
        "no_such_run": "There is no such run: it was deleted, or the link is incomplete. Start one of your own.",
    }


class NotOwner(StoreError):
    """Only the one who started a run may control, rename, pin or delete it."""

    SENTENCES: ClassVar = {
        "not_owner": "Only the one who started this run can change it. Start one of your own with the same settings.",
    }


class WishImpossible(StoreError):
    """The run's state does not allow it."""

    SENTENCES: ClassVar = {
        "cannot_pause": "This run has ended and cannot be paused. Start it again instead.",
        "cannot_resume": "This run has come to its end; there is nothing left to resume. Start it again instead.",
        "cannot_extend": "This run left nothing to continue from. Start it again with more epochs instead.",
    }


def unavailable(error: BaseException) -> StoreUnavailable:
    """Turn a driver's error into one that says what to do."""
    text = str(getattr(error, "orig", None) or error).lower()
    number = getattr(error, "errno", None)
    if "full" in text or number in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnavailable("store_full")
    if "readonly" in text or "read-only" in text or "permission" in text or number in (errno.EACCES, errno.EROFS):
        return StoreUnavailable("store_read_only")
    if "locked" in text or "busy" in text:
        return StoreUnavailable("store_locked")
    return StoreUnavailable("store_unreachable")
