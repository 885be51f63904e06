"""The recorded figures of delayed recall are whole, say what is said of them, and are made again alike."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.models.network import Network
from rnn_core.models.small_networks import small_networks
from rnn_core.results import make_recall
from rnn_core.results.make_recall import LENGTHS, ROWS, SEEDS, SETTINGS, direction, train
from rnn_core.results.recall import FILE, Gradient, Training, read, recall

TINY = replace(SETTINGS, units=4, samples=100, epochs=2, measured=2)


def test_every_row_was_trained_at_every_length_with_every_seed() -> None:
    figures = recall()
    assert figures.settings == SETTINGS
    assert (figures.lengths, figures.seeds) == (LENGTHS, SEEDS)
    assert [(row.cell, row.biases) for row in figures.rows] == list(ROWS)
    for row in figures.rows:
        assert [entry.length for entry in row.entries] == list(LENGTHS)
        assert {tuple(t.seed for t in entry.trainings) for entry in row.entries} == {SEEDS}
    assert FILE.stat().st_size < 50_000


def test_figures_are_what_they_can_be() -> None:
    figures = recall()
    validated = SETTINGS.samples // 5
    for training in (t for row in figures.rows for entry in row.entries for t in entry.trainings):
        assert len(training.accuracies) == SETTINGS.epochs
        right = np.array(training.accuracies) * validated
        assert np.abs(right - right.round()).max() < 0.1  # a whole number of sequences, to four decimals
        assert 0 <= min(training.accuracies) <= training.last <= training.best <= 1
        assert 0 <= training.training_accuracy <= 1
        assert training.seconds > 0
        parts = ["h", "c"] if training.cell == "lstm" else ["h"]
        for gradient in (training.before, training.after):
            assert list(gradient.halvings) == list(gradient.left) == parts
    assert figures.settings.guessing == 1 / 8


def a_training(**changed) -> Training:
    before, after = Gradient({"h": 2, "c": 0.25}, {"h": -4, "c": -1}), Gradient({"h": 1, "c": 0}, {"h": -2, "c": 0})
    return replace(Training("lstm", {}, 8, 0, 9, 1.0, (0.1, 0.6, 0.5), 0.7, before, after), **changed)


def test_an_entry_sums_up_its_seeds(tmp_path) -> None:
    other = a_training(seed=1, accuracies=(0.1, 0.2, 0.3), before=Gradient({"h": 2, "c": 0.75}, {"h": -4, "c": -3}))
    lines = [asdict(training) for training in (other, a_training())]  # whatever order they stand in
    file = tmp_path / "recall.json"
    file.write_text(json.dumps({"settings": asdict(replace(SETTINGS, epochs=3)), "trainings": lines}))
    figures = read(file)
    (entry,) = figures.row("lstm").entries
    assert entry.accuracies == (0.5, 0.3)
    assert entry.accuracy == pytest.approx(0.4)
    assert entry.trainings[0].best == 0.6
    assert entry.epochs == (2, None)  # 0.5625 is half the way from one in eight to all
    assert entry.half_life_before == 2  # of the carry, halved every fourth and three of four times: every second
    assert entry.left_before == -2
    assert entry.half_life_after == np.inf
    assert (entry.left_after, figures.seconds) == (0, 2)
    with pytest.raises(KeyError):
        figures.row("lstm", forget_gate=5.0)


def test_the_direction_is_that_of_the_loss() -> None:
    network = small_networks()["lstm"]
    trained, state = network.trained, np.linspace(-0.5, 0.5, 5)

    def loss(moved: np.ndarray) -> float:
        return -float(np.log(trained.head(moved)[3]))

    nudges = 1e-6 * np.eye(5)
    differences = np.array([loss(state + nudge) - loss(state - nudge) for nudge in nudges])
    expected = differences / np.linalg.norm(differences)
    np.testing.assert_allclose(direction(trained, state, 3), expected, rtol=0, atol=1e-6)


def test_trained_again_it_is_the_same() -> None:
    once, again = (train(TINY, "simple_rnn", {}, 3, 1) | {"seconds": 1} for _time in range(2))
    assert once == again
    assert len(once["accuracies"]) == 2


@pytest.mark.parametrize(("cell", "gate", "part"), [("lstm", "forget_gate", "c"), ("gru", "update_gate", "h")])
def test_a_network_begins_with_the_bias_of_its_row(cell: str, gate: str, part: str) -> None:
    dataset = tasks.load(tasks.Data("delayed_recall", 50, 100))
    network = Network("delayed_recall", cell, 16)
    found = {}
    for bias in (0.0, 5.0):
        biases = {gate: bias} | ({"input_gate": -5.0} if cell == "lstm" else {})
        model = make_recall.begun(network, dataset, TINY, biases, seed=0)
        found[bias] = make_recall.measure(network, model, dataset, 2)["halvings"][part]
    # A gate that lets through sigmoid(b) of it halves a gradient -log2(sigmoid(b)) times in a timestep.
    assert found[5.0] == pytest.approx(np.log2(1 + np.exp(-5)), rel=0.1)
    assert found[0.0] > 0.5


def test_a_command_that_was_ended_goes_on_where_it_was(tmp_path, monkeypatch) -> None:
    made = []

    def fake(settings, cell, biases, length, seed):
        if len(made) == 1 and not (tmp_path / "ended").exists():
            (tmp_path / "ended").touch()
            raise KeyboardInterrupt
        made.append(seed)
        return asdict(a_training(cell=cell, biases=biases, length=length, seed=seed))

    for name, value in {
        "FILE": tmp_path / "recall.json", "UNFINISHED": tmp_path / "unfinished.json", "train": fake,
        "ROWS": (("lstm", {}),), "LENGTHS": (8,), "SEEDS": (0, 1, 2),
    }.items():  # fmt: skip
        monkeypatch.setattr(make_recall, name, value)
    with pytest.raises(KeyboardInterrupt):
        make_recall.record()
    assert not (tmp_path / "recall.json").exists()
    make_recall.record()
    assert made == [0, 1, 2]
    assert read(tmp_path / "recall.json").seeds == (0, 1, 2)
    assert not (tmp_path / "unfinished.json").exists()


def accuracies(length: int, cell: str, **biases: float) -> tuple[float, ...]:
    (entry,) = (entry for entry in recall().row(cell, **biases).entries if entry.length == length)
    return entry.accuracies


def test_a_simple_rnn_ends_by_guessing_where_a_gru_answers() -> None:
    assert min(accuracies(10, "simple_rnn")) > 0.95
    assert max(accuracies(200, "simple_rnn")) < 0.15
    for length in LENGTHS:
        assert min(accuracies(length, "gru")) > 0.9
    for length in LENGTHS[2:]:
        assert max(accuracies(length, "simple_rnn")) < min(accuracies(length, "lstm"))


def test_the_gradient_that_lasts_longest_at_first_does_not_decide_who_learns() -> None:
    for i in range(len(LENGTHS)):
        simple, lstm, gru = (recall().row(cell).entries[i].half_life_before for cell in ("simple_rnn", "lstm", "gru"))
        assert simple > 40 > 5 > lstm > gru > 1


def test_a_forget_bias_alone_keeps_everything_and_so_nothing() -> None:
    """Its gradient loses nothing on the way, and at length 100 it guesses; a shut input gate beside it makes it."""
    row = recall().row("lstm", forget_gate=5.0)
    assert min(entry.left_before for entry in row.entries) > 0
    assert max(accuracies(100, "lstm", forget_gate=5.0)) < 0.15
    assert min(accuracies(100, "lstm")) > 0.85
    assert min(accuracies(100, "lstm", forget_gate=5.0, input_gate=-5.0)) > 0.99


def test_who_answers_by_a_gate_has_its_gradient_and_a_simple_rnn_answers_without() -> None:
    for row in recall().rows:
        for entry in (entry for entry in row.entries if entry.accuracy > 0.9):
            if row.cell == "simple_rnn":
                assert entry.half_life_after < 2
            else:
                assert entry.left_after > -1
