"""A whole network that judges reviews, put together in Keras with the same weights. Runs in a worker."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.registry import CELLS
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.trained import Trained


def verdict_twin(network: Trained | BagOfWords, row: ArrayLike, mask: bool) -> dict[str, Any]:
    """Let Keras read one review.

    Nothing global is touched, and no random number is drawn, since a training may run in the same process.

    Args:
        network: with the answer "binary".
        row: tokens, (timesteps,).
        mask: whether the Embedding tells the layers to skip zeros.

    Returns:
        {"keras": version, "probability": of "positive", what `model.predict` gives}.
    """
    import keras

    assert network.embedding is not None
    model = keras.Sequential([keras.layers.Embedding(
        *network.embedding.shape, embeddings_initializer="zeros", mask_zero=mask, weights=None,
    )])  # fmt: skip
    weights: list[list[np.ndarray]] = [[network.embedding]]
    if isinstance(network, BagOfWords):
        model.add(keras.layers.GlobalAveragePooling1D())
        weights.append([])
    else:
        for number, halves in enumerate(network.layers, 1):
            layer = getattr(keras.layers, CELLS[network.cell].label)(
                halves[0].units, return_sequences=number < len(network.layers), kernel_initializer="zeros",
                recurrent_initializer="zeros", seed=0,
            )  # fmt: skip
            model.add(keras.layers.Bidirectional(layer) if len(halves) > 1 else layer)
            weights.append([array for half in halves for array in half.to_keras()])
    model.add(keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros"))
    weights.append([network.head_kernel, network.head_bias])
    tokens = np.asarray(row, np.int32)[np.newaxis]
    model.build(tokens.shape)
    for layer, arrays in zip(model.layers, weights, strict=True):
        layer.set_weights(arrays)
    probability = float(keras.ops.convert_to_numpy(model(tokens, training=False))[0, 0])
    return {"keras": keras.__version__, "probability": probability}
