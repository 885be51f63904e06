"""A trained network in NumPy reads and answers as its Keras model does."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.models.trained import NotANetwork, Trained, state_before
from rnn_core.models.twin import largest_difference, twin
from rnn_core.tasks.padding import ENDS
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.worker.job import model_of, save_model

SPEC = TrainingSpec(task="delayed_recall", units=7, length=9, samples=200, epochs=1)
NETWORKS = {
    "simple_rnn": replace(SPEC, cell="simple_rnn"),
    "lstm": replace(SPEC, cell="lstm", task="small_reviews", length=23),
    "gru": replace(SPEC, cell="gru", task="adding"),
    "bidirectional lstm": replace(SPEC, bidirectional=True),
    "two bidirectional grus": replace(SPEC, cell="gru", bidirectional=True, layers=2),
}
# Longer than the longest review, so that each has zeros, and shorter, so that many are cut.
REVIEWS = replace(SPEC, task="small_reviews_zh", length=26, mask=True)
NETWORKS |= {
    f"{cell}, mask, {padding}": replace(REVIEWS, cell=cell, padding=padding) for cell in CELLS for padding in ENDS
}
NETWORKS |= {
    "mask, cut at the end": replace(REVIEWS, length=8, truncating="post"),
    "mask, two bidirectional lstms": replace(REVIEWS, bidirectional=True, layers=2),
    "mask, two bidirectional grus, post": replace(REVIEWS, cell="gru", padding="post", bidirectional=True, layers=2),
    "post without a mask": replace(REVIEWS, cell="gru", padding="post", mask=False),
}


def arrays_of(model, folder) -> dict[str, np.ndarray]:
    """A model's weights, having been through the file that a run leaves."""
    save_model(model, folder)
    with np.load(folder / "weights.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", NETWORKS)
def test_states_and_answers_are_those_of_keras(name, tmp_path):
    import keras

    spec = NETWORKS[name]
    dataset = tasks.load(spec.data)
    model = model_of(spec, dataset)
    model.fit(dataset.x_train, dataset.y_train, epochs=1, verbose=0)
    network = Trained.from_arrays(spec.network, arrays_of(model, tmp_path))
    x = tasks.validation(spec.data, 3).x_val

    first = next(layer for layer in model.layers if "embedding" not in layer.name)
    before = model.layers[0](x) if first is not model.layers[0] else x
    layer = getattr(first, "forward_layer", first)
    # A Bidirectional that hands on all timesteps shows zeros in place of the states at what it skips.
    every = type(layer).from_config({**layer.get_config(), "return_sequences": True, "zero_output_for_mask": False})
    every.build(before.shape)
    every.set_weights(layer.get_weights())
    mask = model.layers[0].compute_mask(x) if first is not model.layers[0] else None
    theirs = keras.ops.convert_to_numpy(every(before, mask=mask))
    np.testing.assert_allclose(network.read(x).h, theirs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(network.predict(x), model.predict(x, verbose=0), rtol=0, atol=1e-5)
    if network.answers_at_every_timestep:
        np.testing.assert_array_equal(network.head(network.read(x).h[:, -1]), network.predict(x))


@pytest.mark.parametrize("cell", CELLS)
def test_a_reading_goes_on_where_another_ended(cell, tmp_path):
    spec = replace(SPEC, cell=cell)
    network = Trained.from_arrays(spec.network, arrays_of(model_of(spec, tasks.load(spec.data)), tmp_path))
    x = tasks.validation(spec.data, 1).x_val
    whole, weights = network.read(x), network.layers[0][0]
    start = state_before(whole, 4)
    rest = CELLS[cell].forward(network.embed(x)[:, 4:], weights, initial_state=start)
    np.testing.assert_allclose(rest.h, whole.h[:, 4:], rtol=0, atol=1e-6)
    states = list(start) if cell == "lstm" else [start]
    answer = twin(cell, rest.inputs, weights.to_keras(), True, None, "float32", states)
    assert largest_difference(rest, answer) <= 1e-5
    assert state_before(whole, 0) is None


def test_what_is_no_network_of_the_spec_is_refused(tmp_path):
    arrays = arrays_of(model_of(SPEC, tasks.load(SPEC.data)), tmp_path)
    others = {"units": 8, "layers": 2, "bidirectional": True, "cell": "gru", "task": "adding"}
    for wrong in ({}, {**arrays, "2_dense/extra": np.zeros(3)}):
        wrong.pop("1_lstm/lstm_cell/bias", None)
        with pytest.raises(NotANetwork) as caught:
            Trained.from_arrays(SPEC.network, wrong)
        assert caught.value.code == "other_weights"
    for name, value in others.items():
        with pytest.raises(NotANetwork) as caught:
            Trained.from_arrays(replace(SPEC.network, **{name: value}), arrays)
        assert caught.value.code == "other_weights", name
    with pytest.raises(NotANetwork) as caught:
        Trained.from_arrays(replace(SPEC.network, cell="bag_of_words"), arrays)
    assert caught.value.code == "no_cell"


@pytest.mark.parametrize("task", ["delayed_recall", "adding", "small_reviews"])
def test_a_few_validation_sequences_are_the_first_of_all(task, monkeypatch):
    spec = replace(SPEC, task=task)
    few = tasks.validation(spec.data, 5)
    np.testing.assert_array_equal(few.x_val, tasks.load(spec.data).x_val[:5])
    np.testing.assert_array_equal(few.y_val, tasks.load(spec.data).y_val[:5])
    assert len(few.x_train) == 0
    monkeypatch.setattr(tasks, "MOST_MADE", 100)
    others = tasks.validation(spec.data, 5)
    assert others.x_val.shape == few.x_val.shape
    assert not np.array_equal(others.x_val, few.x_val)


def head(answer: str, answers: int) -> Trained:
    """A network of a Dense layer alone, drawn in double precision."""
    random = np.random.default_rng(3)
    return Trained("lstm", None, (), random.normal(size=(5, answers)), random.normal(size=answers), answer)


# Each loss as its definition says, without the cells' activations.
LOSSES = {
    "binary": lambda scores, y: np.log1p(np.exp(scores[0])) - y * scores[0],
    "classes": lambda scores, y: np.log(np.exp(scores).sum()) - scores[int(y)],
    "regression": lambda scores, y: (scores[0] - y) ** 2 / 2,
}


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [("binary", 0.0), ("binary", 1.0), ("classes", 0.0), ("classes", 3.0), ("regression", 0.7), ("regression", -40.0)],
)
def test_the_gradient_of_a_loss_is_its_finite_difference(answer, wanted):
    network = head(answer, 4 if answer == "classes" else 1)
    for state in np.random.default_rng(1).normal(size=(3, 5)) * [[0.1], [1.0], [5.0]]:

        def loss(h):
            return LOSSES[answer](h @ network.head_kernel + network.head_bias, wanted)

        apart = 1e-6 * np.eye(5)
        differences = [(loss(state + nudge) - loss(state - nudge)) / 2e-6 for nudge in apart]
        np.testing.assert_allclose(network.loss_gradient(state, wanted), differences, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru"])
def test_the_gradient_of_a_loss_is_that_of_keras(name, tmp_path):
    """Of the loss that the network is trained with; of a number, Keras takes the whole squared error and not half."""
    import keras
    import tensorflow as tf

    spec = NETWORKS[name]
    dataset = tasks.load(spec.data)
    model = model_of(spec, dataset)
    network = Trained.from_arrays(spec.network, arrays_of(model, tmp_path))
    half = 0.5 if dataset.answer == "regression" else 1.0
    given = keras.losses.get(model.loss)
    for n in range(2):
        state = network.read(dataset.x_val[n : n + 1]).h[:, -1]
        with tf.GradientTape() as tape:
            h = tf.constant(state)
            tape.watch(h)
            answer = np.asarray(dataset.y_val[n : n + 1]).reshape(1, *([1] if dataset.answer != "classes" else []))
            loss = half * tf.reduce_sum(given(answer, model.layers[-1](h)))
        np.testing.assert_allclose(
            network.loss_gradient(state[0], float(dataset.y_val[n])), tape.gradient(loss, h)[0], rtol=1e-4, atol=1e-6
        )
