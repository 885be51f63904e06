"""Three small trained networks that come with the project: a SimpleRNN, an LSTM and a GRU that have learnt one task.

Each has learnt to say which letter came first after thirty others (`tasks.delayed_recall`). Their weights lie beside
this file as plain arrays, with a first axis for the epochs that were kept. `make_small_networks.py` trains them again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnn_core.models.network import Network
from rnn_core.models.trained import Trained
from rnn_core.tasks import Data

FILE = Path(__file__).with_suffix(".npz")


@dataclass(frozen=True, eq=False)
class SmallNetwork:
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
    kept: tuple[Trained, ...]

    @property
    def accuracy(self) -> float:
        """The share that it answered rightly after the last epoch."""
        return self.accuracies[-1]

    @property
    def trained(self) -> Trained:
        """The network after the last epoch."""
        return self.kept[-1]

    def at(self, epoch: int) -> Trained:
        """Return the network after one of `epochs`. Raises ValueError for another."""
        return self.kept[self.epochs.index(epoch)]


@cache
def small_networks() -> dict[str, SmallNetwork]:
    """Return the networks by their cells' names."""
    with np.load(FILE, allow_pickle=False) as file:
        arrays = dict(file)
    return {cell: _put_together(cell, arrays) for cell in json.loads(str(arrays["cells"]))}


def _put_together(cell: str, arrays: Mapping[str, np.ndarray]) -> SmallNetwork:
    about = json.loads(str(arrays[f"{cell}/about"]))
    weights = {name.removeprefix(f"{cell}/"): array for name, array in arrays.items() if name.startswith(f"{cell}/")}
    del weights["about"]
    network, epochs = Network(**about["network"]), tuple(about["epochs"])
    kept = tuple(
        Trained.from_arrays(network, {name: array[i] for name, array in weights.items()}) for i in range(len(epochs))
    )
    return SmallNetwork(network, Data(**about["data"]), about["learning"], epochs, tuple(about["accuracies"]), kept)
