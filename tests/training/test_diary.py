"""The log in words: what follows from a handful of numbers, and what does not."""

import numpy as np
import pytest

from rnn_core.training.diary import diary
from rnn_core.training.runs import Curves


def run_of(loss, val_loss, val_metric=None) -> Curves:
    """Curves with these epoch points and nothing else."""
    val_metric = [np.nan] * len(loss) if val_metric is None else val_metric
    arrays = {"loss": loss, "val_loss": val_loss, "val_metric": val_metric}
    return Curves(epoch=np.arange(1, len(loss) + 1), **{name: np.array(v, float) for name, v in arrays.items()})


def told(curves, chance=0.125, regression=False, ended=False):
    return [(entry.epoch, entry.code) for entry in diary(curves, chance, regression, ended)]


def test_no_epoch_no_entry():
    assert told(Curves(), ended=True) == []


def test_learning_is_told_when_it_begins_and_when_it_is_there():
    curves = run_of([2.0, 1.5, 0.5, 0.1], [2.0, 1.4, 0.4, 0.1], [0.12, 0.40, 0.90, 0.97])
    assert told(curves) == [(2, "above_chance"), (4, "learnt")]


def test_learnt_at_a_stroke_is_told_once():
    assert told(run_of([2.0, 0.1], [2.0, 0.1], [0.12, 0.99])) == [(2, "learnt")]


def test_overfitting_begins_when_validation_rises_twice_while_training_falls():
    curves = run_of([0.5, 0.4, 0.3, 0.2, 0.1], [0.5, 0.4, 0.45, 0.5, 0.6], [0.8, 0.82, 0.82, 0.81, 0.8])
    entries = [e for e in diary(curves, 0.5, False, False) if e.code == "overfitting"]
    assert [(e.epoch, e.values["best"], e.values["rises"]) for e in entries] == [(4, 2, 2)]


def test_a_single_rise_is_no_overfitting():
    curves = run_of([0.5, 0.4, 0.3, 0.2], [0.5, 0.6, 0.4, 0.5], [0.7] * 4)
    assert "overfitting" not in dict((code, epoch) for epoch, code in told(curves, 0.5))


def test_both_losses_rising_is_no_overfitting():
    assert told(run_of([0.5, 0.6, 0.7], [0.5, 0.6, 0.7], [0.7] * 3), 0.5) == [(1, "above_chance")]


def test_a_fall_of_accuracy_and_a_loss_that_stands_still():
    curves = run_of([1.0, 1.001, 1.002, 1.003], [1.0] * 4, [0.50, 0.30, 0.30, 0.30])
    assert told(curves) == [(1, "above_chance"), (2, "fell"), (4, "stands_still")]


def test_guessing_to_the_end_is_said_at_the_end_only():
    curves = run_of([2.1, 2.0], [2.1, 2.1], [0.11, 0.14])
    assert told(curves) == []
    assert told(curves, ended=True) == [(2, "still_chance")]


def test_regression_is_judged_by_its_error():
    curves = run_of([0.17, 0.10, 0.004], [0.17, 0.12, 0.005])
    assert told(curves, chance=1 / 6, regression=True, ended=True) == [(2, "above_chance"), (3, "learnt"), (3, "best")]


@pytest.mark.parametrize("regression", [False, True])
def test_without_chance_there_is_no_verdict_on_it(regression):
    codes = {code for _, code in told(run_of([1.0], [1.0], [0.5]), None, regression, ended=True)}
    assert codes == {"best"}


def test_a_longer_run_tells_what_a_shorter_one_told():
    loss, val = [2.0, 1.5, 1.0, 0.5, 0.3], [2.0, 1.5, 1.6, 1.7, 1.8]
    acc = [0.1, 0.4, 0.5, 0.5, 0.5]
    for n in range(1, 5):
        before = told(run_of(loss[:n], val[:n], acc[:n]))
        assert told(run_of(loss[: n + 1], val[: n + 1], acc[: n + 1]))[: len(before)] == before
