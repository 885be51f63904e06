"""Train the small networks that come with the project, and write small_networks.npz anew; about two minutes.

    python -m rnn_core.models.make_small_networks
"""

from __future__ import annotations

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.models.make_shipped import train, write
from rnn_core.models.network import Network
from rnn_core.models.small_networks import FILE

TASK = "delayed_recall"
UNITS = 5  # few enough for every number to stand in the picture of the cell
DATA = tasks.Data(TASK, length=30, samples=5000, seed=0)
LEARNING = {"epochs": 30, "batch_size": 32, "seed": 0}
# Of 0.01 and 0.02, the one with which each learns more.
RATES = {"simple_rnn": 0.01, "lstm": 0.02, "gru": 0.01}
# The epochs whose weights are kept, 0 before the first: close together where the gated cells learn, in the first ten.
KEPT = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)


def main() -> None:
    """Train one network after the other, and write all of them into one file."""
    networks = (Network(TASK, cell, UNITS) for cell in CELLS)
    write(FILE, (train(network, DATA, LEARNING | {"learning_rate": RATES[network.cell]}, KEPT) for network in networks))


if __name__ == "__main__":
    main()
