"""Three small trained networks that come with the project: a SimpleRNN, an LSTM and a GRU that have learnt one task.

Each has learnt to say which letter came first after thirty others (`tasks.delayed_recall`). Their weights lie beside
this file as plain arrays. `make_small_networks.py` trains them again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rnn_core.models.shipped import ShippedNetwork, read_networks
from rnn_core.models.trained import Trained

FILE = Path(__file__).with_suffix(".npz")

SmallNetwork = ShippedNetwork[Trained]


@cache
def small_networks() -> dict[str, SmallNetwork]:
    """Return the networks by their cells' names."""
    return read_networks(FILE, Trained.from_arrays)
