"""Models from a spec: the article's exactly, the others as they ought to be, weights that go out and come back."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.models.build import build_model, count_parameters
from rnn_core.models.network import NETWORKS, Network
from rnn_core.tasks import Data, Dataset

IMDB = Network(task="imdb", cell="lstm", units=32)
SMALL = Network(task="delayed_recall", cell="gru", units=3)


def data_of(task: str) -> Dataset:
    """Twenty short sequences."""
    return tasks.load(Data(task, length=4, samples=20))


def built(network: Network, dataset: Dataset, seed: int = 0, **settings):
    return build_model(network, dataset, learning_rate=0.001, seed=seed, **settings)


def imdb_shaped() -> Dataset:
    nothing = np.zeros((0, 500), "int32")
    return Dataset("imdb", nothing, nothing[:, 0], nothing, nothing[:, 0], "tokens", 10_000, 32, "binary", 2)


@pytest.mark.parametrize(("cell", "total"), [("simple_rnn", 322_113), ("lstm", 328_353), ("gru", 326_369)])
def test_the_articles_models(cell, total):
    model = built(replace(IMDB, cell=cell), imdb_shaped())
    assert model.count_params() == total
    assert [layer.__class__.__name__.lower() for layer in model.layers] == [
        "embedding",
        cell.replace("_", ""),
        "dense",
    ]
    assert model.layers[-1].activation.__name__ == "sigmoid"
    assert model.loss == "binary_crossentropy"
    assert type(model.optimizer).__name__ == "RMSprop"
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


def test_the_baseline_knows_no_order():
    model = built(replace(IMDB, cell="bag_of_words"), imdb_shaped())
    assert [layer.__class__.__name__ for layer in model.layers] == ["Embedding", "GlobalAveragePooling1D", "Dense"]
    forwards = np.arange(500)[None]
    np.testing.assert_allclose(model(forwards), model(forwards[:, ::-1]), atol=1e-6)


@pytest.mark.parametrize("padding", ["pre", "post"])
def test_with_a_mask_the_average_leaves_the_zeros_out(padding):
    dataset = tasks.load(Data("small_reviews", length=30, samples=40, padding=padding))
    model = built(Network("small_reviews", "bag_of_words", units=3, mask=True), dataset)
    embeddings, kernel, bias = model.get_weights()
    x = dataset.x_val
    means = np.stack([embeddings[row[row != 0]].mean(axis=0) for row in x])
    np.testing.assert_allclose(model.predict(x, verbose=0), 1 / (1 + np.exp(-means @ kernel - bias)), atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_with_a_mask_it_makes_no_difference_how_far_and_on_which_side_reviews_are_padded(cell):
    answers = []
    for length, padding in ((23, "pre"), (31, "pre"), (31, "post")):
        dataset = tasks.load(Data("small_reviews", length, samples=40, padding=padding))
        model = built(Network("small_reviews", cell, units=3, mask=True), dataset)
        answers.append(model.predict(dataset.x_val, verbose=0))
    np.testing.assert_allclose(answers[1:], [answers[0]] * 2, atol=1e-6)


@pytest.mark.parametrize(
    ("task", "outputs", "loss"),
    [
        ("delayed_recall", 8, "sparse_categorical_crossentropy"),
        ("adding", 1, "mse"),
        ("small_reviews", 1, "binary_crossentropy"),
    ],
)
def test_answer_of_each_task(task, outputs, loss):
    dataset = data_of(task)
    model = built(replace(SMALL, task=task), dataset)
    history = model.fit(dataset.x_train, dataset.y_train, epochs=1, verbose=0).history
    assert model.output_shape == (None, outputs)
    assert model.loss == loss
    assert set(history) == ({"loss"} if task == "adding" else {"loss", "acc"})


def test_stacked_and_bidirectional():
    model = built(replace(SMALL, layers=2, bidirectional=True), data_of("delayed_recall"))
    assert [layer.output.shape for layer in model.layers] == [(None, 5, 16), (None, 5, 6), (None, 6), (None, 8)]


@pytest.mark.parametrize("task", tasks.TASKS)
@pytest.mark.parametrize("cell", NETWORKS)
@pytest.mark.parametrize("options", [{}, {"layers": 3}, {"bidirectional": True}, {"layers": 2, "bidirectional": True}])
def test_parameters_are_counted_as_keras_counts_them(task, cell, options):
    network = Network(task, cell, units=5, **options)
    dataset = replace(imdb_shaped(), x_train=np.zeros((0, 4), "int32")) if task == "imdb" else data_of(task)
    assert count_parameters(network) == built(network, dataset).count_params()


def test_clip_is_the_norm_of_all_gradients_together():
    dataset = data_of("delayed_recall")
    assert built(SMALL, dataset).optimizer.global_clipnorm is None
    optimizer = built(SMALL, dataset, clip=0.5).optimizer
    assert (optimizer.global_clipnorm, optimizer.clipnorm, optimizer.clipvalue) == (0.5, None, None)


def test_same_seed_same_weights():
    dataset = data_of("delayed_recall")
    first, again, other = (built(SMALL, dataset, seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
