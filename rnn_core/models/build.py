"""Keras models of a network. Keras is imported when a model is built, not before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rnn_core import shapes
from rnn_core.cells.registry import CELLS
from rnn_core.models.network import BAG_OF_WORDS, Network
from rnn_core.tasks import TASKS, Dataset


def build_model(
    network: Network,
    dataset: Dataset,
    *,
    learning_rate: float,
    seed: int,
    clip: float | None = None,
    jit_compile: bool = False,
) -> Any:
    """A compiled model: (Embedding →) cells → Dense.

    The random state of Python, NumPy and Keras is set from `seed` first, so the same arguments give the same first
    weights, and `fit` right after it the same order of batches.

    Args:
        network: cell, units, layers, bidirectional, mask.
        dataset: says what goes in and what must come out.
        learning_rate: of RMSprop.
        seed: of the first weights and the order of batches.
        clip: the greatest norm that all gradients together may have (`global_clipnorm`); None does not clip.
        jit_compile: let XLA compile the step; pays for long runs only.

    Returns:
        keras.Model, built, with RMSprop and the loss that fits the answer; metric "acc" unless a regression.
    """
    import keras

    keras.utils.set_random_seed(seed)
    timesteps = dataset.x_train.shape[1]
    model = keras.Sequential()
    if dataset.inputs == "tokens":
        model.add(keras.Input((timesteps,), dtype="int32"))
        # The mask goes on from layer to layer; the average of a bag of words leaves out what it skips.
        model.add(keras.layers.Embedding(dataset.input_size, dataset.embedding_features, mask_zero=network.mask))
    else:
        model.add(keras.Input((timesteps, dataset.input_size)))

    for layer in _recurrent_layers(network):
        model.add(layer)
    outputs, activation, loss = {
        "classes": (dataset.classes, "softmax", "sparse_categorical_crossentropy"),
        "binary": (1, "sigmoid", "binary_crossentropy"),
        "regression": (1, None, "mse"),
    }[dataset.answer]
    model.add(keras.layers.Dense(outputs, activation=activation))
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate, global_clipnorm=clip),
        loss=loss,
        metrics=[] if dataset.answer == "regression" else ["acc"],
        jit_compile=jit_compile,
    )
    return model


def _recurrent_layers(network: Network) -> Iterator[Any]:
    """What makes one vector of a sequence: the recurrent layers, or the average that knows no order."""
    import keras

    if network.cell == BAG_OF_WORDS:
        yield keras.layers.GlobalAveragePooling1D()
        return
    kind = getattr(keras.layers, CELLS[network.cell].label)
    for i in range(network.layers):
        # Only the last layer may forget the way to its state: those below pass on every timestep.
        layer = kind(network.units, return_sequences=i < network.layers - 1)
        yield keras.layers.Bidirectional(layer) if network.bidirectional else layer


def count_parameters(network: Network) -> int:
    """How many numbers the network learns: what its model's `count_params()` says, without building it."""
    task = TASKS[network.task]
    total, features = 0, task.input_size
    if task.inputs == "tokens":
        features = task.embedding_features
        total += task.input_size * features
    if network.cell != BAG_OF_WORDS:
        cell = shapes.Recurrent(network.cell, network.units, bidirectional=network.bidirectional)
        for _layer in range(network.layers):
            total += shapes.parameter_count(cell, features).total
            features = cell.units * cell.directions
    answers = len(task.answers) if task.answer == "classes" else 1
    return total + shapes.parameter_count(shapes.Dense(answers), features).total
