"""A run's files of arrays: whole or not there, and what a damaged one is known by."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

# Whatever np.load raises on a file that is missing, truncated, or something else altogether.
UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write an .npz file that is either whole or not there."""
    partial = path.with_suffix(".partial")
    try:
        with open(partial, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(partial, path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()  # on a full disk every byte is wanted
        raise


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read all of an .npz file. Raises one of UNREADABLE."""
    loaded = np.load(path, allow_pickle=False)
    if not isinstance(loaded, np.lib.npyio.NpzFile):
        raise ValueError(f"{path.name} holds a single array")
    with loaded as file:
        return {name: file[name] for name in file.files}
