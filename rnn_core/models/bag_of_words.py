"""The network that knows no order, in plain NumPy: it takes the average of all words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.activations import sigmoid
from rnn_core.cells.errors import CellError, check_shape
from rnn_core.cells.weights import Array
from rnn_core.models.network import BAG_OF_WORDS, Network
from rnn_core.models.trained import NotANetwork
from rnn_core.tasks import TASKS


@dataclass(frozen=True, eq=False)
class BagOfWords:
    """Embedding → average over all timesteps → Dense, as models.build.build_model() makes it.

        score = mean(embedding[tokens])·head_kernel + head_bias

    Attributes:
        embedding: (vocabulary, embedding_features).
        head_kernel, head_bias: of the Dense layer, (embedding_features, 1) and (1,).
    """

    embedding: Array
    head_kernel: Array
    head_bias: Array

    @classmethod
    def from_arrays(cls, network: Network, arrays: Mapping[str, Array]) -> BagOfWords:
        """Put it together from what RunStore.weights() returned for a run that trained it.

        Raises:
            NotANetwork: "other_weights" if something is missing or does not fit, or the network is another one.
        """
        try:
            if network.cell != BAG_OF_WORDS or TASKS[network.task].answer != "binary":
                raise KeyError(network.cell)
            embedding, kernel, bias = (
                arrays[name] for name in ("0_embedding/embeddings", "2_dense/kernel", "2_dense/bias")
            )
            check_shape("embeddings", embedding.shape, ("vocabulary", "embedding_features"))
            check_shape("kernel", kernel.shape, (embedding.shape[1], 1))
            check_shape("bias", bias.shape, (1,))
        except (KeyError, CellError) as problem:
            raise NotANetwork("other_weights") from problem
        return cls(embedding, kernel, bias)

    def embed(self, sequences: ArrayLike) -> Array:
        """The vector of each token, (..., embedding_features)."""
        return self.embedding[np.asarray(sequences)]

    def predict(self, sequences: ArrayLike) -> Array:
        """P(positive) of each sequence, (batch, 1): what Keras' `model.predict(sequences)` says.

        Args:
            sequences: tokens, (batch, timesteps).
        """
        return sigmoid(self.embed(sequences).mean(axis=1) @ self.head_kernel + self.head_bias)
