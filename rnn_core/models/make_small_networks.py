"""Train the small networks that come with the project, and write small_networks.npz anew; about two minutes.

    python -m rnn_core.models.make_small_networks
"""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.models.build import build_model
from rnn_core.models.network import Network
from rnn_core.models.small_networks import FILE
from rnn_core.models.trained import arrays_of

TASK = "delayed_recall"
UNITS = 5  # few enough for every number to stand in the picture of the cell
DATA = tasks.Data(TASK, length=30, samples=5000, seed=0)
LEARNING = {"epochs": 30, "batch_size": 32, "seed": 0}
# Of 0.01 and 0.02, the one with which each learns more.
RATES = {"simple_rnn": 0.01, "lstm": 0.02, "gru": 0.01}


def main() -> None:
    """Train one network after the other, and write all of them into one file."""
    dataset = tasks.load(DATA)
    arrays: dict[str, np.ndarray] = {"cells": np.array(json.dumps(list(CELLS)))}
    for cell in CELLS:
        network, learning = Network(TASK, cell, UNITS), LEARNING | {"learning_rate": RATES[cell]}
        model = build_model(network, dataset, learning_rate=RATES[cell], seed=LEARNING["seed"])
        history = model.fit(
            dataset.x_train, dataset.y_train, batch_size=LEARNING["batch_size"], epochs=LEARNING["epochs"],
            validation_data=(dataset.x_val, dataset.y_val), verbose=0,
        )  # fmt: skip
        accuracy = history.history["val_acc"][-1]
        about = {"network": asdict(network), "data": asdict(DATA), "learning": learning, "accuracy": accuracy}
        arrays[f"{cell}/about"] = np.array(json.dumps(about))
        arrays |= {f"{cell}/{name}": array for name, array in arrays_of(model).items()}
        print(f"{cell}: {accuracy:.1%} of {len(dataset.x_val)} sequences")
    np.savez_compressed(FILE, **arrays)  # type: ignore[arg-type]
    print(f"{FILE}: {FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
