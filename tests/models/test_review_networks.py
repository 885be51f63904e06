"""The networks on small reviews that come with the project are what they say."""

from functools import cache

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.models.make_review_networks import GRAMMARS, KEPT, lessons, trained
from rnn_core.models.network import NETWORKS
from rnn_core.models.plain_reviews import remarks_of
from rnn_core.models.review_networks import TASKS, file_of, review_networks
from rnn_core.tasks.dataset import Dataset
from rnn_core.tasks.padding import pad

EACH = [(language, cell) for language in TASKS for cell in NETWORKS]
GATED = [(language, cell) for language, cell in EACH if cell in ("lstm", "gru")]


@cache
def twins(language: str) -> Dataset:
    return tasks.load(review_networks(language)["lstm"].data)


def right(language: str, cell: str, x: np.ndarray, y: np.ndarray) -> float:
    """The share of reviews that the trained network answers rightly, by our own arithmetic."""
    return float(np.mean((review_networks(language)[cell].trained.predict(x)[:, 0] > 0.5) == y))


def read(language: str, cell: str, text: str) -> float:
    """P(positive) of a review, with silence in front as in training."""
    symbols = twins(language).symbols
    x = pad([[symbols.index(word) for word in text.split()]], 24)
    return float(review_networks(language)[cell].trained.predict(x)[0, 0])


@pytest.mark.parametrize("language", TASKS)
def test_there_is_one_for_each_network_and_all_have_learnt_the_same_reviews(language: str) -> None:
    networks = review_networks(language)
    assert list(networks) == list(NETWORKS)
    assert [network.network.cell for network in networks.values()] == list(NETWORKS)
    assert {network.network.task for network in networks.values()} == {TASKS[language]}
    assert {network.data for network in networks.values()} == {tasks.Data(TASKS[language], 24, 10_000, 0)}
    assert {tuple(network.learning.items()) for network in networks.values()} == {
        (("epochs", 20), ("batch_size", 128), ("learning_rate", 0.003), ("seed", 0), ("plain_reviews", 4000))
    }


def test_together_they_are_small_and_hold_no_objects() -> None:
    assert sum(file_of(language).stat().st_size for language in TASKS) < 3_000_000
    for language in TASKS:
        with np.load(file_of(language), allow_pickle=False) as file:
            kinds = {array.dtype.kind if name.endswith("/about") else array.dtype for name, array in file.items()}
        assert kinds == {"U", np.dtype("float32")}


def test_another_language_has_none() -> None:
    with pytest.raises(KeyError):
        review_networks("../small_networks")


@pytest.mark.parametrize("language", TASKS)
def test_no_review_is_cut_and_each_that_validates_has_its_twin(language: str) -> None:
    dataset = twins(language)
    assert not dataset.x_train[:, 0].any()
    assert not dataset.x_val[:, 0].any()
    first, second = dataset.x_val[::2], dataset.x_val[1::2]
    np.testing.assert_array_equal(np.sort(first, axis=1), np.sort(second, axis=1))
    assert (dataset.y_val[::2] != dataset.y_val[1::2]).all()


@pytest.mark.parametrize("language", TASKS)
def test_what_is_learnt_besides_twins_is_balanced_and_validates_nothing(language: str) -> None:
    dataset = twins(language)
    learnt = lessons(language, review_networks(language)["lstm"].data)
    assert learnt.x_train.shape == (12_000, 24)
    assert learnt.y_train.mean() == pytest.approx(0.5, abs=0.01)
    np.testing.assert_array_equal(learnt.x_val, dataset.x_val)
    assert not {row.tobytes() for row in learnt.x_train} & {row.tobytes() for row in dataset.x_val}


@pytest.mark.parametrize(("language", "cell"), EACH)
def test_the_accuracies_that_keras_recorded_are_those_of_our_own_arithmetic(language: str, cell: str) -> None:
    network, dataset = review_networks(language)[cell], twins(language)
    for epoch, accuracy in zip(network.epochs, network.accuracies, strict=True):
        answers = network.at(epoch).predict(dataset.x_val)[:, 0] > 0.5
        assert np.mean(answers == dataset.y_val) == pytest.approx(accuracy, abs=0.002), epoch


@pytest.mark.parametrize(("language", "cell"), EACH)
def test_its_epochs_lead_from_chance_to_the_end(language: str, cell: str) -> None:
    network = review_networks(language)[cell]
    assert network.epochs == KEPT
    assert (network.epochs[0], network.epochs[-1]) == (0, network.learning["epochs"])
    assert network.accuracies[0] == pytest.approx(0.5, abs=0.05)
    assert network.at(network.epochs[-1]) is network.trained
    with pytest.raises(ValueError, match="not in tuple"):
        network.at(7)


@pytest.mark.parametrize("language", TASKS)
def test_gated_cells_tell_twins_apart_and_a_bag_of_words_cannot(language: str) -> None:
    accuracy = {cell: network.accuracy for cell, network in review_networks(language).items()}
    assert accuracy["lstm"] >= 0.97
    assert accuracy["gru"] >= 0.97
    assert accuracy["bag_of_words"] <= 0.55


def with_remarks(language: str, words: int) -> np.ndarray:
    """The twins that validate, each with so many words behind it that decide nothing; nothing is cut."""
    remarks, random = remarks_of(GRAMMARS[language][0]), np.random.default_rng(0)
    tails = []
    for _ in twins(language).x_val:
        tail: list[int] = []
        while len(tail) < words:
            tail += remarks[random.integers(len(remarks))]
        tails.append(tail[:words])
    return np.concatenate([twins(language).x_val, np.array(tails)], axis=1)


@pytest.mark.parametrize("language", TASKS)
def test_words_that_decide_nothing_make_the_simple_cell_forget_before_the_gated_ones(language: str) -> None:
    long, y = with_remarks(language, 16), twins(language).y_val
    share = {cell: right(language, cell, long, y) for cell in NETWORKS}
    assert share["lstm"] >= 0.95
    assert share["gru"] >= 0.95
    assert share["simple_rnn"] < 0.9


PLAIN = {
    "en": [("the plot is good", 1), ("the plot is not good", 0), ("the plot is bad", 0), ("the plot is not bad", 1)],
    "zh": [("剧情 很 精彩", 1), ("剧情 不 精彩", 0), ("剧情 很 无聊", 0), ("剧情 不 无聊", 1)],
}


@pytest.mark.parametrize(("language", "cell"), GATED)
def test_gated_cells_understand_a_plain_review_and_its_negation(language: str, cell: str) -> None:
    for text, positive in PLAIN[language]:
        assert read(language, cell, text) == pytest.approx(positive, abs=0.2), text


def test_one_trained_from_scratch_learns_as_much_as_the_one_that_is_shipped() -> None:
    """The quickest of those that learn anything."""
    made = trained("en", "simple_rnn")
    shipped = review_networks("en")["simple_rnn"]
    assert made.epochs == shipped.epochs
    assert made.accuracies[-1] == pytest.approx(shipped.accuracy, abs=0.02)
