"""Trained networks that come with the project: weights as plain arrays in one .npz, after some of their epochs.

`make_shipped.py` beside this file trains and writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from rnn_core.models.network import Network
from rnn_core.tasks import Data

Reader = TypeVar("Reader")
ABOUT = "/about"


@dataclass(frozen=True, eq=False)
class ShippedNetwork(Generic[Reader]):
    """A trained network and how it came about.

    Attributes:
        network: its cell and size.
        data: what it has learnt from; the last fifth of these sequences validated it.
        learning: epochs, batch_size, learning_rate and seed.
        epochs: those whose weights are kept, in their order; 0 is before the first, and the last is the end.
        accuracies: after each of these, the share of all validation sequences that Keras answered rightly.
        kept: the network after each of these.
    """

    network: Network
    data: Data
    learning: Mapping[str, Any]
    epochs: tuple[int, ...]
    accuracies: tuple[float, ...]
    kept: tuple[Reader, ...]

    @property
    def accuracy(self) -> float:
        """The share that it answered rightly after the last epoch."""
        return self.accuracies[-1]

    @property
    def trained(self) -> Reader:
        """The network after the last epoch."""
        return self.kept[-1]

    def at(self, epoch: int) -> Reader:
        """Return the network after one of `epochs`. Raises ValueError for another."""
        return self.kept[self.epochs.index(epoch)]


def read_networks(
    file: Path, reader: Callable[[Network, Mapping[str, np.ndarray]], Reader]
) -> dict[str, ShippedNetwork[Reader]]:
    """Return the networks of a file by their cells' names, in the file's order.

    Args:
        file: what `make_shipped.write` wrote: for each network "<cell>/about", and "<cell>/<weight>" for each of its
            weights, with an axis in front for the kept epochs.
        reader: makes of a network and its arrays what can read sequences, such as `Trained.from_arrays`.
    """
    with np.load(file, allow_pickle=False) as opened:
        arrays = dict(opened)
    cells = [name.removesuffix(ABOUT) for name in arrays if name.endswith(ABOUT)]
    return {cell: _put_together(cell, arrays, reader) for cell in cells}


def _put_together(
    cell: str, arrays: Mapping[str, np.ndarray], reader: Callable[[Network, Mapping[str, np.ndarray]], Reader]
) -> ShippedNetwork[Reader]:
    about = json.loads(str(arrays[f"{cell}{ABOUT}"]))
    weights = {name.removeprefix(f"{cell}/"): array for name, array in arrays.items() if name.startswith(f"{cell}/")}
    del weights[ABOUT.removeprefix("/")]
    network, epochs = Network(**about["network"]), tuple(about["epochs"])
    kept = tuple(reader(network, {name: array[i] for name, array in weights.items()}) for i in range(len(epochs)))
    return ShippedNetwork(network, Data(**about["data"]), about["learning"], epochs, tuple(about["accuracies"]), kept)
