"""A trained network read in plain NumPy: from the weights that the run store keeps, without Keras."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.cells import LSTMState
from rnn_core.cells.activations import sigmoid
from rnn_core.cells.errors import check_shape
from rnn_core.cells.registry import CELLS, CellTrace, cell_of
from rnn_core.cells.weights import Array, Weights
from rnn_core.errors import VisitorError
from rnn_core.models.network import BAG_OF_WORDS, Network
from rnn_core.tasks import TASKS
from rnn_core.tasks.padding import PADDING


class NotANetwork(VisitorError):
    """The arrays are not the weights of this network, or the network has no recurrent cell."""

    SENTENCES: ClassVar = {
        "no_cell": "A bag of words has no cell that reads step by step: it takes the average of all words at once.",
        "left_nothing": "This training left no network. Open one that is done, or that was stopped after its first "
        "epoch.",
        "in_training": "This network is still being trained. Open the link again when the training is done.",
        "no_reviews": "This network has not learnt from reviews, so it has no verdict on a text. Open one that has.",
        "other_weights": "The weights that this training left cannot be read.",
    }


@dataclass(frozen=True, eq=False)
class Trained:
    """(Embedding →) recurrent layers → Dense, as models.build.build_model() makes them.

    Attributes:
        cell: one of CELLS.
        embedding: (vocabulary, embedding_features), or None where vectors are read as they are.
        layers: from the input on; each one has its weights, a Bidirectional first the forward, then the backward ones.
        head_kernel, head_bias: of the Dense layer, (features, answers) and (answers,).
        answer: what comes out, see tasks.Dataset.
        mask: whether the zeros of padded tokens are skipped.
    """

    cell: str
    embedding: Array | None
    layers: tuple[tuple[Weights, ...], ...]
    head_kernel: Array
    head_bias: Array
    answer: str
    mask: bool = False

    @classmethod
    def from_arrays(cls, network: Network, arrays: Mapping[str, Array]) -> Trained:
        """Put a network together from what RunStore.weights() returned for a run that trained it.

        Raises:
            NotANetwork: "no_cell" for a bag of words; "other_weights" if something is missing or does not fit.
        """
        if network.cell == BAG_OF_WORDS:
            raise NotANetwork("no_cell")
        task, directions = TASKS[network.task], 2 if network.bidirectional else 1
        first, of_cell = (1 if task.inputs == "tokens" else 0), CELLS[network.cell].weights
        try:
            embedding = arrays["0_embedding/embeddings"] if first else None
            features = task.input_size if embedding is None else embedding.shape[1]
            layers = []
            for number in range(first, first + network.layers):
                # Keras' order: a layer's kernel, recurrent kernel and bias, then those of its backward half.
                own = [array for name, array in arrays.items() if name.startswith(f"{number}_")]
                if len(own) != 3 * directions:
                    raise KeyError(number)
                layers.append(tuple(of_cell.from_keras(own[3 * i : 3 * i + 3]) for i in range(directions)))
                for weights in layers[-1]:
                    check_shape("kernel", weights.kernel.shape, (features, len(of_cell.GATES) * network.units))
                features = directions * network.units
            head = f"{first + network.layers}_dense"
            kernel, bias = arrays[f"{head}/kernel"], arrays[f"{head}/bias"]
            check_shape("kernel", kernel.shape, (features, len(bias)))
            return cls(network.cell, embedding, tuple(layers), kernel, bias, task.answer, network.mask)
        except (KeyError, ValueError) as problem:
            raise NotANetwork("other_weights") from problem

    def embed(self, sequences: ArrayLike) -> Array:
        """What the first recurrent layer reads, (batch, timesteps, input_features).

        Args:
            sequences: the task's, (batch, timesteps) tokens or (batch, timesteps, input_features).
        """
        if self.embedding is None:
            return np.asarray(sequences, np.float32)
        return self.embedding[np.asarray(sequences)]

    def masked(self, sequences: ArrayLike) -> NDArray[np.bool_] | None:
        """(batch, timesteps), False where the padding of tokens is skipped; None if all is read, as vectors always."""
        return np.asarray(sequences) != PADDING if self.mask and self.embedding is not None else None

    def read(self, sequences: ArrayLike) -> CellTrace:
        """How the first recurrent layer reads sequences from a state of zeros; of a Bidirectional, the forward half."""
        return CELLS[self.cell].forward(self.embed(sequences), self.layers[0][0], mask=self.masked(sequences))

    @property
    def answers_at_every_timestep(self) -> bool:
        """Whether the first layer's state is all that the Dense layer reads, so that it could answer at any time."""
        return len(self.layers) == 1 and len(self.layers[0]) == 1

    def head(self, state: ArrayLike) -> Array:
        """The Dense layer: state·kernel + bias; sigmoid for "binary", softmax for "classes".

        Args:
            state: (..., features).

        Returns:
            (..., answers); one probability for "binary", one number for "regression".
        """
        scores = np.asarray(state) @ self.head_kernel + self.head_bias
        if self.answer == "binary":
            return sigmoid(scores)
        if self.answer == "classes":
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            return scores / scores.sum(axis=-1, keepdims=True)
        return scores

    def loss_gradient(self, state: ArrayLike, answer: float) -> Array:
        """How the loss of one sequence changes with the last state that the Dense layer reads, ∂L/∂h, (features,).

            (head(h) - y)·kernelᵀ, where y is 1 for the right class and 0 for the others

        It holds for the loss of each kind of answer: cross-entropy of a sigmoid or a softmax, and half the squared
        error of a number.

        Args:
            state: h, (features,).
            answer: what the sequence's answer should be, as in tasks.Dataset.
        """
        given = self.head(state)
        wanted = np.eye(len(given))[int(answer)] if self.answer == "classes" else np.asarray([answer])
        return (given - wanted) @ self.head_kernel.T

    def predict(self, sequences: ArrayLike) -> Array:
        """What the whole network answers, (batch, answers): what Keras' `model.predict(sequences)` does."""
        outputs, mask, forward = self.embed(sequences), self.masked(sequences), CELLS[self.cell].forward
        for layer in self.layers:
            # The backward half hands its outputs on in the order of the sequence, but ends at the first timestep.
            traces = [forward(outputs, own, mask=mask, go_backwards=i == 1) for i, own in enumerate(layer)]
            last = np.concatenate([trace.outputs[:, -1] for trace in traces], axis=-1)
            outputs = np.concatenate([t.outputs[:, ::-1] if t.go_backwards else t.outputs for t in traces], axis=-1)
        return self.head(last)


def arrays_of(model: Any) -> dict[str, Array]:
    """Return the weights of a Keras model of `build_model`, by the names that `Trained.from_arrays` knows."""
    arrays = {}
    for i, layer in enumerate(model.layers):
        for weight in layer.weights:
            # "sequential_7/lstm_2/lstm_cell_2/kernel" of the third layer becomes "2_lstm/lstm_cell/kernel":
            # Keras' own numbers depend on what else was built in this process.
            name = re.sub(r"_\d+(?=/|$)", "", weight.path.split("/", 1)[-1])
            arrays[f"{i}_{name}"] = np.array(weight)
    return arrays


def state_before(trace: CellTrace, t: int) -> Array | LSTMState | None:
    """The state with which a cell goes on at timestep t, for `initial_state`; None is a state of zeros."""
    return None if t == 0 else cell_of(trace).state_before(trace, t)
