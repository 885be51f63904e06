"""Where the IMDB reviews come from: finding, downloading and safely reading `imdb.npz`.

The file holds object arrays, which NumPy stores as pickles, and a pickle can run anything when it is loaded. It is
therefore read with an unpickler that knows lists, whole numbers and nothing else, once, into a flat cache of plain
arrays that every later training reads in a fraction of a second.
"""

import contextlib
import hashlib
import json
import os
import pickle
import tempfile
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np

from rnn_core import environment
from rnn_core.errors import Told

from .dataset import TaskError

DATA, WORDS = "imdb.npz", "imdb_word_index.json"
DOWNLOAD_BYTES = 17_464_789
# Where Keras' own keras.datasets.imdb takes them from, with the hashes it checks.
ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
HASHES = {
    DATA: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    WORDS: "bfafd718b763782e994055a2d397834f",
}
LARGEST_MEMBER = 200_000_000  # bytes unpacked; the real ones have 14 million
STALLED_SECONDS = 30
CACHE_VERSION = 1


# ------------------------------------------------------------------------------------------------------ finding


def folder() -> Path:
    """Where the two files are looked for: RNN_IMDB_DIR if it is set, else where Keras keeps its downloads."""
    return environment.IMDB_DIR.read() or environment.KERAS_HOME.read() / "datasets"


def find(name: str = DATA) -> Path:
    """The path of imdb.npz or imdb_word_index.json.

    Raises:
        TaskError: "imdb_no_folder" or "imdb_no_file" if RNN_IMDB_DIR points at the wrong place, "imdb_missing" if
            it is not set and nothing has been downloaded yet; values folder, name.
    """
    place = folder()
    if (place / name).is_file():
        return place / name
    if environment.IMDB_DIR.read() is None:
        raise TaskError("imdb_missing", folder=str(place), name=name)
    if not place.is_dir():
        raise TaskError("imdb_no_folder", folder=str(place))
    raise TaskError("imdb_no_file", folder=str(place), name=name)


class Found(Told):
    """How the reviews can be had."""

    SENTENCES: ClassVar = {
        "ready": "The reviews are here.",
        "to_convert": "The reviews are here; the first training reads them in, which takes a few seconds.",
        "to_download": "The first training fetches the reviews: {megabytes} MB, into {folder}.",
    }


@dataclass(frozen=True)
class Availability:
    """Whether IMDB can be had, without opening anything.

    Attributes:
        told: Found "ready" (converted, quick to load), "to_convert" (there, the first load takes a few seconds and
            some 300 MB), "to_download" (the first training fetches it); or the TaskError that says what is wrong.
        words: whether the word index is there, so that reviews can be shown as words.
    """

    told: Told
    words: bool

    @property
    def usable(self) -> bool:
        """Whether a training may be started."""
        return isinstance(self.told, Found)

    @property
    def ready(self) -> bool:
        """Whether the reviews can be loaded at once."""
        return self.told.code == "ready"


def available() -> Availability:
    """What a page needs to know before it offers IMDB; imports no Keras, reads no data."""
    return Availability(_found(), words=(folder() / WORDS).is_file())


def _found() -> Told:
    try:
        path = find()
        return Found("ready" if cache_path(path).is_file() else "to_convert")
    except TaskError as problem:
        if problem.code != "imdb_missing":
            return problem
        return Found("to_download", megabytes=round(DOWNLOAD_BYTES / 1e6), folder=str(folder()))
    except OSError as problem:
        return _unreadable(folder() / DATA, problem)


# -------------------------------------------------------------------------------------------------- downloading


def download(progress: Callable[[int, int], None] | None = None) -> None:
    """Fetch what is missing with Keras' own downloader, which checks the hashes. For workers: imports Keras.

    Does nothing if RNN_IMDB_DIR is set or the files are there. Files appear under their name only when whole, so
    several workers may do this at once.

    Args:
        progress: called some times a second with bytes fetched and bytes in all; may raise to give up.

    Raises:
        TaskError: "imdb_no_network", "imdb_not_writable"; values folder, name, reason.
    """
    if environment.IMDB_DIR.read() is not None:
        return
    for name in (DATA, WORDS):
        if not (folder() / name).is_file():
            _download(name, progress or (lambda done, total: None))


def _download(name: str, progress: Callable[[int, int], None]) -> None:
    import keras

    try:
        folder().mkdir(parents=True, exist_ok=True)
        partial = tempfile.TemporaryDirectory(dir=folder(), prefix="partial-", ignore_cleanup_errors=True)
    except OSError as problem:
        raise TaskError("imdb_not_writable", folder=str(folder()), reason=problem.strerror) from problem
    with partial as cache_dir:
        failures: list[Exception] = []

        def fetch() -> None:
            try:
                keras.utils.get_file(name, ORIGIN + name, file_hash=HASHES[name], cache_dir=cache_dir)
            except Exception as problem:  # Keras raises plain Exception
                failures.append(problem)

        # In a thread of its own: Keras reports progress to the console only, and never gives up waiting.
        thread = threading.Thread(target=fetch, daemon=True)
        thread.start()
        path = Path(cache_dir, "datasets", name)
        done, still = -1, 0.0
        while thread.is_alive() and still < STALLED_SECONDS:
            thread.join(0.2)
            before, done = done, path.stat().st_size if path.is_file() else 0
            still = still + 0.2 if done == before else 0.0
            if name == DATA:
                progress(done, DOWNLOAD_BYTES)
        if thread.is_alive() or failures:
            reason = str(failures[0]) if failures else f"nothing arrived for {STALLED_SECONDS} seconds"
            raise TaskError("imdb_no_network", folder=str(folder()), name=name, reason=reason)
        os.replace(path, folder() / name)


# ------------------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True)
class Reviews:
    """Reviews one after the other in one long row of tokens.

    Attributes:
        values: int32, all tokens of all reviews.
        offsets: int64 (reviews + 1,); review i is values[offsets[i]:offsets[i + 1]].
        labels: int8 (reviews,), 1 positive, 0 negative.
    """

    values: np.ndarray
    offsets: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> np.ndarray:
        return self.values[self.offsets[i] : self.offsets[i + 1]]


def read(part: str) -> Reviews:
    """The reviews of one part as the file has them: neither shuffled nor shifted.

    The first call converts the file, which takes some seconds and some 300 MB; later ones read the cache.

    Args:
        part: "train" or "test".

    Raises:
        TaskError: as find(), or "imdb_unreadable" (wrong, damaged or truncated file; values path, reason),
            "imdb_not_lists" (it holds anything but lists of whole numbers; values path, found).
    """
    path = find()
    try:
        cache = cache_path(path)
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    # A cache that cannot be read is no misfortune: it is written anew.
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return _read_cache(cache, part)
    parts = {name: _read_part(path, name) for name in ("train", "test")}
    with contextlib.suppress(OSError):  # nor is one that cannot be written
        _write_cache(cache, parts)
    return parts[part]


def cache_path(path: Path) -> Path:
    """Where the flat form of this very file belongs: another file, or a changed one, gets another name."""
    status = path.stat()
    key = f"{CACHE_VERSION} {path.resolve()} {status.st_size} {status.st_mtime_ns}"
    return environment.CACHE_DIR.read() / f"imdb-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"


def _read_cache(cache: Path, part: str) -> Reviews:
    with np.load(cache, allow_pickle=False) as arrays:
        return Reviews(*(arrays[f"{part}_{name}"] for name in ("values", "offsets", "labels")))


def _write_cache(cache: Path, parts: dict[str, Reviews]) -> None:
    """Write beside it and rename, so that whoever reads at the same time finds a whole file or none."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=cache.parent, suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                **{f"{part}_{name}": array for part, reviews in parts.items() for name, array in vars(reviews).items()},
            )
        os.replace(partial, cache)
    except BaseException:
        os.unlink(partial)
        raise


def _unreadable(path: Path, reason: object) -> TaskError:
    return TaskError("imdb_unreadable", path=str(path), reason=str(reason) or type(reason).__name__)


def _not_lists(path: Path, found: object) -> TaskError:
    return TaskError("imdb_not_lists", path=str(path), found=str(found))


class _Part:
    """Stands in for whatever NumPy calls while it rebuilds an array: keeps the state, does nothing."""

    state: Any = None

    def __init__(self, *_arguments: object):
        pass

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Forbidden(Exception):
    """The pickle asks for something that is no part of an array of lists; the argument is its name."""


class _ListUnpickler(pickle.Unpickler):
    """Reads the pickle of an object array without running anything of it, not even NumPy."""

    ADMITTED = frozenset(
        [
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
            ("_codecs", "encode"),  # how old pickles write the bytes b"b"
        ]
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.ADMITTED:
            raise _Forbidden(f"{module}.{name}")
        return _Part


def _read_part(path: Path, part: str) -> Reviews:
    """One part out of the zip, checked to be reviews and their labels."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in (f"x_{part}.npy", f"y_{part}.npy"):
                if archive.getinfo(member).file_size > LARGEST_MEMBER:
                    raise _unreadable(path, f"{member} is too large")
            with archive.open(f"x_{part}.npy") as file:
                lists = _read_lists(path, file)
            with archive.open(f"y_{part}.npy") as file:
                labels = np.lib.format.read_array(file, allow_pickle=False)
    except (TaskError, _Forbidden):
        raise
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile) as problem:
        # KeyError: a member that is not there; RuntimeError: an encrypted zip; NotImplementedError: an exotic one.
        raise _unreadable(path, problem) from problem
    if labels.shape != (len(lists),) or not np.isin(labels, (0, 1)).all():
        raise _unreadable(path, f"y_{part} has no label, 0 or 1, for each of {len(lists)} reviews")

    found = {type(entry) for entry in lists} - {list} or set(map(type, chain.from_iterable(lists))) - {int}
    if found:
        raise _not_lists(path, found.pop().__name__)
    offsets = np.cumsum([0, *map(len, lists)], dtype="int64")
    try:
        values = np.fromiter(chain.from_iterable(lists), "int32", count=int(offsets[-1]))
    except OverflowError as problem:
        raise _unreadable(path, problem) from problem
    if values.size and values.min() < 0:
        raise _unreadable(path, f"{values.min()} is no word's number")
    return Reviews(values, offsets, labels.astype("int8"))


def _read_lists(path: Path, file: IO[bytes]) -> list:
    """What an .npy file with an object array holds, as a list."""
    version = np.lib.format.read_magic(file)
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in header:
        raise _unreadable(path, f".npy version {version}")
    _, _, dtype = header[version](file)
    if not dtype.hasobject:
        raise _not_lists(path, f"an array of {dtype}")
    try:
        array = _ListUnpickler(file).load()
    except _Forbidden as forbidden:
        raise _not_lists(path, forbidden) from forbidden
    except (zipfile.BadZipFile, OSError):
        raise
    except Exception as problem:  # a damaged pickle may fail in any way
        raise _unreadable(path, problem) from problem
    state = array.state if isinstance(array, _Part) else array
    # What ndarray.__setstate__ takes: version, shape, dtype, order, and for objects a list of them.
    if not (isinstance(state, tuple) and len(state) == 5 and isinstance(state[4], list)):
        raise _not_lists(path, type(state).__name__)
    return state[4]


# -------------------------------------------------------------------------------------------------------- words


def word_index() -> dict[str, int]:
    """Every word of the reviews and its rank by frequency, from 1.

    Raises:
        TaskError: as find(), or "imdb_unreadable" if the file is no such table.
    """
    path = find(WORDS)
    try:
        return _word_index(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from problem


@lru_cache(maxsize=1)
def _word_index(path: Path, _changed: int) -> dict[str, int]:
    index = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(index, dict) or not all(type(rank) is int for rank in index.values()):
        raise ValueError("it is no table of words and their ranks")
    return index
