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
from rnn_core.models.trained import Trained, arrays_of

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
    dataset = tasks.load(DATA)
    arrays: dict[str, np.ndarray] = {"cells": np.array(json.dumps(list(CELLS)))}
    for cell in CELLS:
        weights, accuracies = trained(cell, dataset)
        learning = LEARNING | {"learning_rate": RATES[cell]}
        about = {
            "network": asdict(Network(TASK, cell, UNITS)), "data": asdict(DATA), "learning": learning,
            "epochs": KEPT, "accuracies": accuracies,
        }  # fmt: skip
        arrays[f"{cell}/about"] = np.array(json.dumps(about))
        arrays |= {f"{cell}/{name}": array for name, array in weights.items()}
        said = ", ".join(f"{epoch} {share:.1%}" for epoch, share in zip(KEPT, accuracies, strict=True))
        print(f"{cell}: of {len(dataset.x_val)} sequences after epoch {said}", flush=True)
    np.savez_compressed(FILE, **arrays)  # type: ignore[arg-type]
    print(f"{FILE}: {FILE.stat().st_size // 1000} kB")


def trained(cell: str, dataset: tasks.Dataset) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train one network.

    Returns:
        its weights by name, each with an axis in front for the epochs of KEPT; and its validation accuracy after each.
    """
    import keras

    network = Network(TASK, cell, UNITS)
    model = build_model(network, dataset, learning_rate=RATES[cell], seed=LEARNING["seed"])
    begun = arrays_of(model)
    answers = Trained.from_arrays(network, begun).predict(dataset.x_val).argmax(axis=1)
    kept, accuracies = [begun], [float(np.mean(answers == dataset.y_val))]

    def keep(epoch: int, logs: dict[str, float]) -> None:
        if epoch + 1 in KEPT:
            kept.append(arrays_of(model))
            accuracies.append(logs["val_acc"])

    model.fit(
        dataset.x_train, dataset.y_train, batch_size=LEARNING["batch_size"], epochs=LEARNING["epochs"],
        validation_data=(dataset.x_val, dataset.y_val), verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
    )  # fmt: skip
    return {name: np.stack([arrays[name] for arrays in kept]) for name in begun}, accuracies


if __name__ == "__main__":
    main()
