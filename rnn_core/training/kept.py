"""The weights that a run keeps of its epochs: before the first, called epoch 0, and after each, as far as they fit.

One file of arrays per epoch lies in the run's folder, by the names of weights.npz. At most KEPT_EPOCHS of them stay,
spread evenly, always with epoch 0 and the newest; and at most KEPT_BYTES a run, so that a large network keeps fewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rnn_core.errors import Told

KEPT_EPOCHS = 12
KEPT_BYTES = 12_000_000
# What names and headers add to a file's arrays, of the largest network with all its layers.
HEADERS = 16_000
_FILE = re.compile(r"epoch-(\d{1,6})\.npz")


class Kept(Told):
    """What is told of the epochs that a network keeps, and why there are none."""

    SENTENCES: ClassVar = {
        "not_kept": "There are no weights of epoch {wanted} here. You see the nearest that were kept: those after "
        "epoch {shown}.",
        "not_kept_first": "There are no weights of epoch {wanted} here. You see the nearest that were kept: those "
        "before the first epoch.",
        "none_kept": "This training has kept no weights of its epochs: it is from an earlier version, or its files "
        "were removed. Only the network it ended with can be seen.",
        "too_large": "This network is too large for the weights of its epochs to be kept. Only the network that the "
        "training ended with can be seen.",
    }


def room(parameters: int) -> int:
    """Return how many epochs of a network with so many parameters are kept; 0 if not even two fit."""
    fit = KEPT_BYTES // (4 * parameters + HEADERS)
    return min(KEPT_EPOCHS, fit) if fit >= 2 else 0


def why_none(parameters: int) -> Kept:
    """Return why a run of a network with so many parameters has no epoch to show."""
    return Kept("none_kept" if room(parameters) else "too_large")


def spread(epochs: Iterable[int], most: int, planned: int) -> tuple[int, ...]:
    """Return which epochs stay, at most so many, in their order; the first and the newest always do.

    First go those that would not be among `most` spread evenly from 0 to `planned`; of these, the one whose
    neighbours are closest. So a training that ends as planned has kept evenly spread epochs, and one that ends
    earlier or later nearly so.

    >>> spread(range(31), 4, planned=30)
    (0, 10, 20, 30)
    >>> spread([0, 10, 20, 30, 31], 4, planned=31)
    (0, 10, 20, 31)
    """
    stay = sorted(set(epochs))
    even = {round(i * planned / (most - 1)) for i in range(most)}
    while len(stay) > most:
        between = range(1, len(stay) - 1)
        at = min(between, key=lambda i: (stay[i] in even, stay[i + 1] - stay[i - 1], stay[i]))
        del stay[at]
    return tuple(stay)


def not_kept(wanted: int, shown: int) -> Kept:
    """Return what is told of an epoch that was asked for and not kept, and of the one that is shown in its place."""
    if shown == 0:
        return Kept("not_kept_first", wanted=wanted)
    return Kept("not_kept", wanted=wanted, shown=shown)


def nearest(epochs: Iterable[int], wanted: int) -> int:
    """Return the epoch that is nearest to the one wanted; of two, the earlier.

    >>> nearest([0, 10, 20], 15), nearest([0, 10, 20], 10_000)
    (10, 20)
    """
    return min(epochs, key=lambda epoch: (abs(epoch - wanted), epoch))


def path_of(folder: Path, epoch: int) -> Path:
    """Where the weights of an epoch lie in a run's folder."""
    return folder / f"epoch-{epoch:04}.npz"


def epochs_in(folder: Path) -> tuple[int, ...]:
    """Return the epochs whose files lie in a run's folder, in their order."""
    found = (_FILE.fullmatch(path.name) for path in folder.glob("epoch-*.npz"))
    return tuple(sorted(int(name[1]) for name in found if name))
