"""The trained networks that come with the project are what they say."""

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.explain.first_input import first_input_left
from rnn_core.models.small_networks import FILE, small_networks

CHANCE = 1 / 8


def test_there_is_one_for_each_cell_and_all_have_learnt_the_same() -> None:
    networks = small_networks()
    assert list(networks) == list(CELLS)
    assert {network.data for network in networks.values()} == {tasks.Data("delayed_recall", 30, 5000, 0)}
    assert {network.network.units for network in networks.values()} == {5}
    assert FILE.stat().st_size < 150_000


@pytest.mark.parametrize("cell", CELLS)
def test_the_accuracy_that_keras_recorded_is_that_of_our_own_arithmetic(cell: str) -> None:
    network = small_networks()[cell]
    dataset = tasks.load(network.data)
    for epoch, accuracy in zip(network.epochs, network.accuracies, strict=True):
        answers = network.at(epoch).predict(dataset.x_val).argmax(axis=1)
        assert np.mean(answers == dataset.y_val) == pytest.approx(accuracy, abs=0.002), epoch
    assert network.accuracy == network.accuracies[-1]


@pytest.mark.parametrize("cell", CELLS)
def test_its_epochs_lead_from_chance_to_what_it_has_learnt(cell: str) -> None:
    network = small_networks()[cell]
    assert len(network.epochs) == 12
    assert (network.epochs[0], network.epochs[-1]) == (0, network.learning["epochs"])
    assert list(network.epochs) == sorted(set(network.epochs))
    assert network.accuracies[0] == pytest.approx(CHANCE, abs=0.05)
    assert network.at(network.epochs[-1]) is network.trained
    assert network.trained.head_kernel.dtype == np.float32
    with pytest.raises(ValueError, match="not in tuple"):
        network.at(7)


def test_the_change_is_seen_from_stop_to_stop_in_the_gated_cells() -> None:
    """No two stops beside each other hold more than half of what is learnt."""
    for cell in ("lstm", "gru"):
        steps = np.diff(small_networks()[cell].accuracies)
        assert steps.max() < 0.5


def test_gated_cells_have_learnt_what_the_simple_one_has_not() -> None:
    accuracy = {cell: network.accuracy for cell, network in small_networks().items()}
    assert accuracy["lstm"] >= 0.98
    assert accuracy["gru"] >= 0.98
    assert CHANCE < accuracy["simple_rnn"] < 0.25


def test_thirty_letters_later_the_first_one_is_still_there_in_the_gated_cells_alone() -> None:
    networks = small_networks()
    x = tasks.validation(networks["lstm"].data, 1).x_val
    left = {cell: first_input_left(network.trained.read(x)) for cell, network in networks.items()}
    assert left["simple_rnn"][-1] < 0.01
    assert left["lstm"].min() > 0.5
    assert left["gru"].min() > 0.5


def test_training_opens_the_gates_as_the_page_says() -> None:
    """On average over 20 sequences: the forget gate from 73% to 92% after epoch 6, the update gate 50% to 98% by 2."""
    x = tasks.validation(small_networks()["lstm"].data, 20).x_val
    kept = {
        (cell, epoch): float(getattr(small_networks()[cell].at(epoch).read(x), gate).mean())
        for cell, gate, epochs in (("lstm", "forget_gate", (0, 6)), ("gru", "update_gate", (0, 2)))
        for epoch in epochs
    }
    assert [f"{share:.0%}" for share in kept.values()] == ["73%", "92%", "50%", "98%"]
