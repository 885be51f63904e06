"""Keras, asked with our weights, gives the verdict that our NumPy cells give."""

import numpy as np
import pytest

from rnn_core.cells import initial_weights
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.trained import Trained
from rnn_core.models.verdict import reading
from rnn_core.models.verdict_twin import verdict_twin

ROW = np.array([0, 0, 3, 1, 4, 2])


def network(kind: str, layers: int = 1, directions: int = 1):
    random = np.random.default_rng(0)
    embedding, features = random.normal(size=(6, 4)).astype("float32"), 4
    if kind == "bag_of_words":
        return BagOfWords(embedding, random.normal(size=(4, 1)).astype("float32"), np.zeros(1, "float32"))
    made = []
    for number in range(layers):
        made.append(tuple(initial_weights(kind, features, 3, 10 * number + i) for i in range(directions)))
        features = 3 * directions
    head = random.normal(size=(features, 1)).astype("float32")
    return Trained(kind, embedding, tuple(made), head, np.full(1, 0.1, "float32"), "binary")


@pytest.mark.parametrize("mask", [False, True])
@pytest.mark.parametrize(
    "given", [("simple_rnn",), ("lstm",), ("gru",), ("lstm", 2), ("gru", 1, 2), ("bag_of_words",)], ids=str
)
def test_keras_gives_the_same_verdict(given: tuple, mask: bool) -> None:
    judge = network(*given)
    answer = verdict_twin(judge, ROW, mask)
    ours = reading(judge, ROW, ROW != 0 if mask else None).probabilities[-1]
    assert answer["probability"] == pytest.approx(float(ours), abs=1e-5)
