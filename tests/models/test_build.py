"""Models from a spec: the article's exactly, the others as they ought to be, weights that go out and come back."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import cells, tasks
from rnn_core.models.build import build_model, count_parameters, recurrent_weights, set_recurrent_weights
from rnn_core.tasks import Dataset
from rnn_core.training.spec import CELLS, TrainingSpec

IMDB = TrainingSpec(task="imdb", units=32, length=500, learning_rate=0.001)
SMALL = TrainingSpec(task="delayed_recall", cell="gru", units=3, length=4, samples=20)


def imdb_shaped() -> Dataset:
    nothing = np.zeros((0, 500), "int32")
    return Dataset("imdb", nothing, nothing[:, 0], nothing, nothing[:, 0], "tokens", 10_000, 32, "binary", 2)


@pytest.mark.parametrize(("cell", "total"), [("simple_rnn", 322_113), ("lstm", 328_353), ("gru", 326_369)])
def test_the_articles_models(cell, total):
    model = build_model(replace(IMDB, cell=cell), imdb_shaped())
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
    model = build_model(replace(IMDB, cell="bag_of_words"), imdb_shaped())
    assert [layer.__class__.__name__ for layer in model.layers] == ["Embedding", "GlobalAveragePooling1D", "Dense"]
    forwards = np.arange(500)[None]
    np.testing.assert_allclose(model(forwards), model(forwards[:, ::-1]), atol=1e-6)


@pytest.mark.parametrize(
    ("task", "outputs", "loss"),
    [
        ("delayed_recall", 8, "sparse_categorical_crossentropy"),
        ("adding", 1, "mse"),
        ("small_reviews", 1, "binary_crossentropy"),
    ],
)
def test_answer_of_each_task(task, outputs, loss):
    spec = replace(SMALL, task=task)
    dataset = tasks.load(spec)
    model = build_model(spec, dataset)
    history = model.fit(dataset.x_train, dataset.y_train, epochs=1, verbose=0).history
    assert model.output_shape == (None, outputs)
    assert model.loss == loss
    assert set(history) == ({"loss"} if task == "adding" else {"loss", "acc"})


def test_stacked_and_bidirectional():
    model = build_model(replace(SMALL, layers=2, bidirectional=True), tasks.load(SMALL))
    assert [layer.output.shape for layer in model.layers] == [(None, 5, 16), (None, 5, 6), (None, 6), (None, 8)]
    assert len(recurrent_weights(model)) == 4


@pytest.mark.parametrize("task", tasks.TASKS)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("options", [{}, {"layers": 3}, {"bidirectional": True}, {"layers": 2, "bidirectional": True}])
def test_parameters_are_counted_as_keras_counts_them(task, cell, options):
    spec = replace(SMALL, task=task, cell=cell, units=5, **options)
    dataset = replace(imdb_shaped(), x_train=np.zeros((0, 4), "int32")) if task == "imdb" else tasks.load(spec)
    assert count_parameters(spec, tasks.TASKS[task]) == build_model(spec, dataset).count_params()


def test_clip_is_the_norm_of_all_gradients_together():
    assert build_model(SMALL, tasks.load(SMALL)).optimizer.global_clipnorm is None
    optimizer = build_model(replace(SMALL, clip=0.5), tasks.load(SMALL)).optimizer
    assert (optimizer.global_clipnorm, optimizer.clipnorm, optimizer.clipvalue) == (0.5, None, None)


def test_same_seed_same_weights():
    dataset = tasks.load(SMALL)
    first, again, other = (build_model(replace(SMALL, seed=seed), dataset).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_numpy_reads_a_sequence_as_the_model_does(cell):
    import keras

    spec = replace(SMALL, cell=cell)
    dataset = tasks.load(spec)
    model = build_model(spec, dataset)
    x = dataset.x_val[:2]
    embedded, state = keras.Model(model.inputs[0], [model.layers[0].output, model.layers[1].output])(x)
    forward = getattr(cells, f"{cell}_forward")
    np.testing.assert_allclose(forward(np.array(embedded), recurrent_weights(model)[0]).h[:, -1], state, atol=1e-6)


def test_weights_go_back():
    dataset = tasks.load(SMALL)
    spec = replace(SMALL, bidirectional=True)
    model, other = build_model(spec, dataset), build_model(replace(spec, seed=1), dataset)
    set_recurrent_weights(other, recurrent_weights(model))
    for own, copied in zip(model.layers[1].get_weights(), other.layers[1].get_weights(), strict=True):
        np.testing.assert_array_equal(own, copied)
    with pytest.raises(ValueError, match="shorter"):
        set_recurrent_weights(other, recurrent_weights(model)[:1])
