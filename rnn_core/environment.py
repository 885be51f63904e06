"""What an operator sets: the one place that reads the environment.

    WORKERS.read()     the number of workers: what RNN_WORKERS says, or 3

A value is read anew at each call. One that cannot be meant is replaced by the default, and the log says so, once.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One variable of the environment.

    Attributes:
        name: of the variable.
        meaning: what it does, in a sentence; the README's table says the same.
        otherwise: what happens without it, in words.
        default: its value where it is unset, empty or unusable.
        parse: makes the value of a text, or raises ValueError, which says what is expected.
    """

    name: str
    meaning: str
    otherwise: str
    default: T
    parse: Callable[[str], T]

    def read(self) -> T:
        """Return the value in force."""
        text = os.environ.get(self.name, "").strip()
        if not text:
            return self.default
        try:
            return self.parse(text)
        except ValueError as error:
            _warn(self.name, text, str(error), str(self.default))
            return self.default


@lru_cache(maxsize=256)  # a variable is read often, the same warning is worth one line
def _warn(name: str, text: str, expected: str, default: str) -> None:
    log.warning("%s is %r, not %s; %s is used instead", name, text, expected, default or "nothing")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return parse


def number(low: float, high: float) -> Callable[[str], float]:
    """Return a reader of numbers from `low` to `high`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return value

    return parse


def matching(pattern: str, expected: str) -> Callable[[str], str]:
    """Return a reader of texts that match `pattern`; `expected` says what that is."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return parse


def folder(text: str) -> Path:
    """Read the path of a folder, which need not exist; "~" is the user's own."""
    if "\0" in text:
        raise ValueError("the path of a folder")
    return Path(text).expanduser()


IMDB_DIR: Variable[Path | None] = Variable(
    "RNN_IMDB_DIR",
    "a folder with `imdb.npz` and `imdb_word_index.json`, where there is no network",
    "Keras' downloader fetches them",
    None,
    folder,
)
KERAS_HOME: Variable[Path] = Variable(
    "KERAS_HOME",
    "Keras' own: where its downloader keeps the IMDB reviews",
    "`~/.keras`",
    Path("~/.keras").expanduser(),
    folder,
)
CACHE_DIR: Variable[Path] = Variable(
    "RNN_CACHE_DIR",
    "where the converted IMDB reviews are kept",
    "`var/cache` in the project",
    PROJECT / "var" / "cache",
    folder,
)
WORKERS: Variable[int] = Variable(
    "RNN_WORKERS",
    "how many trainings run at once, each in a process of its own of 0.6 GB; fewer on a small machine",
    "3",
    # Three, even on two cores: the three cells then train side by side, and no core idles before the last is done.
    3,
    whole(1, 64),
)
SCHEDULER: Variable[str] = Variable(
    "RNN_SCHEDULER",
    "the address of a Dask cluster to train on, such as `tcp://10.0.0.5:8786`",
    "a local one is started, and ends with the app",
    "",
    matching(r"([a-z]+://)?[^\s/]+:\d{1,5}", "an address such as tcp://host:8786"),
)
STORE_URL: Variable[str] = Variable(
    "RNN_STORE_URL",
    "the database of runs: SQLite, or PostgreSQL (`postgresql+psycopg://…`, with `pip install \"psycopg[binary]\"`)",
    "`var/runs.sqlite` in the project",
    f"sqlite:///{PROJECT / 'var' / 'runs.sqlite'}",
    matching(r"(sqlite|postgresql)(\+\w+)?://.*", "a database such as sqlite:////path/runs.sqlite"),
)
RUNS_DIR: Variable[Path | None] = Variable(
    "RNN_RUNS_DIR",
    "where runs keep their checkpoints and models",
    "`runs`, beside the store",
    None,
    folder,
)
BUDGET_SECONDS: Variable[float] = Variable(
    "RNN_BUDGET_SECONDS",
    "how long one training may take, in seconds, as estimated; lower it on a public server",
    "14400, four hours",
    4 * 3600.0,
    number(1, 1e9),
)
VARIABLES: tuple[Variable, ...] = (
    IMDB_DIR,
    KERAS_HOME,
    CACHE_DIR,
    WORKERS,
    SCHEDULER,
    STORE_URL,
    RUNS_DIR,
    BUDGET_SECONDS,
)


def for_child(**changes: str) -> dict[str, str]:
    """Return the environment for a process of ours: this one's with `changes`, and the project on its path."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, **changes}


def compute_with_one_thread() -> None:
    """Let NumPy's products use one thread, unless the operator has set how many; call it before NumPy is imported.

    Products as small as a cell's gain nothing from a second one, and on a busy machine the threads mostly wait for each
    other: a pass that takes 20 ms takes 400.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(name, "1")
