"""Train a network, keep its weights after some epochs, and write such networks into one file for `shipped.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnn_core import tasks
from rnn_core.models.build import build_model
from rnn_core.models.network import Network
from rnn_core.models.shipped import ABOUT
from rnn_core.models.trained import arrays_of


@dataclass(frozen=True, eq=False)
class Made:
    """A network that was just trained.

    Attributes:
        network, data, learning, epochs, accuracies: as in shipped.ShippedNetwork.
        weights: by name, each with an axis in front for the kept epochs.
    """

    network: Network
    data: tasks.Data
    learning: dict[str, Any]
    epochs: tuple[int, ...]
    accuracies: tuple[float, ...]
    weights: dict[str, np.ndarray]

    def __str__(self) -> str:
        said = ", ".join(f"{epoch} {share:.1%}" for epoch, share in zip(self.epochs, self.accuracies, strict=True))
        return f"{self.network.cell}: of {self.data.validation_samples} sequences after epoch {said}"


def train(
    network: Network,
    data: tasks.Data,
    learning: dict[str, Any],
    epochs: Sequence[int],
    dataset: tasks.Dataset | None = None,
) -> Made:
    """Train one network.

    Args:
        network: its cell and size.
        data: its training and validation sequences.
        learning: epochs, batch_size, learning_rate and seed.
        epochs: after which to keep the weights; the first is 0, before all learning.
        dataset: what `data` asks for and more to learn from, if there is more.
    """
    import keras

    dataset = dataset or tasks.load(data)
    model = build_model(network, dataset, learning_rate=learning["learning_rate"], seed=learning["seed"])
    begun, first = arrays_of(model), model.get_weights()
    kept, accuracies = [begun], []

    def keep(epoch: int, logs: dict[str, float]) -> None:
        if epoch + 1 in epochs:
            kept.append(arrays_of(model))
            accuracies.append(logs["val_acc"])

    model.fit(
        dataset.x_train, dataset.y_train, batch_size=learning["batch_size"], epochs=learning["epochs"],
        validation_data=(dataset.x_val, dataset.y_val), verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
    )  # fmt: skip
    # Asked at the end: asked before `fit`, it would move the random state from which fit draws the order of batches.
    model.set_weights(first)
    accuracies.insert(0, model.evaluate(dataset.x_val, dataset.y_val, verbose=0)[1])
    weights = {name: np.stack([arrays[name] for arrays in kept]) for name in begun}
    return Made(network, data, learning, tuple(epochs), tuple(accuracies), weights)


def write(file: Path, made: Iterable[Made]) -> None:
    """Write networks into one file, in their order, and print what each has learnt as soon as it has."""
    arrays: dict[str, np.ndarray] = {}
    for one in made:
        print(one, flush=True)
        about = {
            "network": asdict(one.network), "data": asdict(one.data), "learning": one.learning,
            "epochs": one.epochs, "accuracies": one.accuracies,
        }  # fmt: skip
        cell = one.network.cell
        arrays[f"{cell}{ABOUT}"] = np.array(json.dumps(about))
        arrays |= {f"{cell}/{name}": array for name, array in one.weights.items()}
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    print(f"{file}: {file.stat().st_size // 1000} kB")
