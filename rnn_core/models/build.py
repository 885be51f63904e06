"""Keras models from a spec. Keras is imported when a model is built, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rnn_core import shapes

if TYPE_CHECKING:
    from rnn_core.tasks import Dataset, Task
    from rnn_core.training.spec import TrainingSpec

LAYERS = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}


def build_model(spec: TrainingSpec, dataset: Dataset, jit_compile: bool = False) -> Any:
    """A compiled model: (Embedding →) cells → Dense.

    The random state of Python, NumPy and Keras is set from `spec.seed` first, so the same spec gives the same
    first weights, and `fit` right after it the same order of batches.

    Args:
        spec: cell, units, layers, bidirectional, learning_rate, clip, seed. `clip` is the greatest norm that all
            gradients together may have (`global_clipnorm`); none without.
        dataset: says what goes in and what must come out.
        jit_compile: let XLA compile the step; pays for long runs only.

    Returns:
        keras.Model, built, with RMSprop and the loss that fits the answer; metric "acc" unless a regression.
    """
    import keras

    keras.utils.set_random_seed(spec.seed)
    timesteps = dataset.x_train.shape[1]
    model = keras.Sequential()
    if dataset.inputs == "tokens":
        model.add(keras.Input((timesteps,), dtype="int32"))
        model.add(keras.layers.Embedding(dataset.input_size, dataset.embedding_features))
    else:
        model.add(keras.Input((timesteps, dataset.input_size)))

    if spec.cell == "bag_of_words":
        model.add(keras.layers.GlobalAveragePooling1D())
    else:
        for i in range(spec.layers):
            # Only the last layer may forget the way to its state: those below hand on every timestep.
            cell = getattr(keras.layers, LAYERS[spec.cell])(spec.units, return_sequences=i < spec.layers - 1)
            model.add(keras.layers.Bidirectional(cell) if spec.bidirectional else cell)

    if dataset.answer == "classes":
        model.add(keras.layers.Dense(dataset.classes, activation="softmax"))
        loss = "sparse_categorical_crossentropy"
    elif dataset.answer == "binary":
        model.add(keras.layers.Dense(1, activation="sigmoid"))
        loss = "binary_crossentropy"
    else:
        model.add(keras.layers.Dense(1))
        loss = "mse"

    model.compile(
        optimizer=keras.optimizers.RMSprop(spec.learning_rate, global_clipnorm=spec.clip or None),
        loss=loss,
        metrics=[] if dataset.answer == "regression" else ["acc"],
        jit_compile=jit_compile,
    )
    return model


def count_parameters(spec: TrainingSpec, task: Task) -> int:
    """How many numbers the model of `spec` learns: what its `count_params()` says, without building it.

    Args:
        spec: cell, units, layers, bidirectional.
        task: what goes in and what must come out.
    """
    total, features = 0, task.input_size
    if task.inputs == "tokens":
        features = task.embedding_features
        total += task.input_size * features
    if spec.cell != "bag_of_words":
        cell = shapes.Recurrent(spec.cell, spec.units, bidirectional=spec.bidirectional)
        for _layer in range(spec.layers):
            total += shapes.parameter_count(cell, features).total
            features = cell.units * cell.directions
    answers = len(task.answers) if task.answer == "classes" else 1
    return total + shapes.parameter_count(shapes.Dense(answers), features).total


def recurrent_weights(model: Any) -> list[Any]:
    """The weights of every recurrent layer as NumPy, so that `rnn_core.cells` can read a sequence with them.

    Args:
        model: a model of build_model.

    Returns:
        SimpleRNNWeights, LSTMWeights or GRUWeights, one per layer from the input on; a Bidirectional gives two,
        the forward one first.
    """
    return [_weights_class(layer).from_keras(layer.get_weights()) for layer in _recurrent_layers(model)]


def set_recurrent_weights(model: Any, weights: list[Any]) -> None:
    """Put weights back that recurrent_weights() returned, as many and in the same order.

    Raises:
        ValueError: if there are more or fewer than layers, or a shape does not fit.
    """
    for layer, own in zip(_recurrent_layers(model), weights, strict=True):
        layer.set_weights(own.to_keras())


def _recurrent_layers(model: Any) -> list[Any]:
    layers = []
    for layer in model.layers:
        both = (layer.forward_layer, layer.backward_layer) if hasattr(layer, "backward_layer") else (layer,)
        layers += [one for one in both if type(one).__name__ in LAYERS.values()]
    return layers


def _weights_class(layer: Any) -> Any:
    from rnn_core import cells

    return getattr(cells, f"{type(layer).__name__}Weights")
