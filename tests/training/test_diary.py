"""The log in words: what follows from a handful of numbers, and what does not."""

import numpy as np
import pytest

from rnn_core.training.diary import diary, gets_it
from rnn_core.training.runs import Curves


def run_of(loss, val_loss, val_metric=None) -> Curves:
    """Curves with these epoch points and nothing else."""
    val_metric = [np.nan] * len(loss) if val_metric is None else val_metric
    arrays = {"loss": loss, "val_loss": val_loss, "val_metric": val_metric}
    return Curves(epoch=np.arange(1, len(loss) + 1), **{name: np.array(v, float) for name, v in arrays.items()})


def told(curves, chance=0.125, regression=False, ended=False):
    return [(epoch, remark.code) for epoch, remark in diary(curves, chance, regression, ended)]


def overfitting(curves, chance):
    return [(epoch, r.values) for epoch, r in diary(curves, chance, False, False) if r.code == "overfitting"]


def test_no_epoch_no_entry():
    assert told(Curves(), ended=True) == []


def test_learning_is_told_when_it_begins_and_when_it_is_there():
    curves = run_of([2.0, 1.5, 0.5, 0.1], [2.0, 1.4, 0.4, 0.1], [0.12, 0.40, 0.90, 0.97])
    assert told(curves) == [(2, "above_chance"), (4, "learnt")]


def test_learnt_at_a_stroke_is_told_once():
    assert told(run_of([2.0, 0.1], [2.0, 0.1], [0.12, 0.99])) == [(2, "learnt")]


def test_overfitting_begins_when_validation_rises_twice_while_training_falls():
    curves = run_of([0.5, 0.4, 0.3, 0.2, 0.1], [0.5, 0.4, 0.45, 0.5, 0.6], [0.8, 0.82, 0.82, 0.81, 0.8])
    assert overfitting(curves, 0.5) == [(4, {"best": 2, "rises": 2})]


def test_where_validation_asks_for_more_its_gap_is_no_overfitting():
    curves = run_of([0.5, 0.4, 0.3, 0.2, 0.1], [0.5, 0.4, 0.45, 0.5, 0.6], [0.8, 0.82, 0.82, 0.81, 0.8])
    assert not [r for _epoch, r in diary(curves, 0.5, False, False, validates_more=True) if r.code == "overfitting"]


def test_what_never_understood_anything_does_not_overfit():
    """A bag of words, stuck at guessing: its losses are the noise about log 2."""
    noise = run_of([0.6934, 0.6930, 0.6927, 0.6925], [0.6933, 0.6936, 0.6941, 0.6946], [0.50, 0.51, 0.49, 0.50])
    assert overfitting(noise, 0.5) == []
    memorised = run_of([0.69, 0.5, 0.3, 0.1], [0.69, 0.8, 1.1, 1.6], [0.50, 0.51, 0.49, 0.50])
    assert overfitting(memorised, 0.5) == []


def test_a_wobble_of_what_is_perfect_is_no_overfitting():
    curves = run_of([0.5, 0.1, 0.05, 0.03, 0.01], [0.5, 0.02, 0.04, 0.09, 0.001], [0.8, 1.0, 0.99, 0.98, 1.0])
    assert overfitting(curves, 0.5) == []


def test_a_rise_that_is_hardly_one_is_no_overfitting():
    assert overfitting(run_of([0.5, 0.4, 0.3, 0.2], [0.5, 0.400, 0.401, 0.403], [0.8] * 4), 0.5) == []


def test_almost_all_is_not_said_to_be_all():
    (first, _best) = diary(run_of([0.1], [0.1], [0.997]), 0.125, False, True)
    assert str(first.remark) == "validation 99.7%: it has learnt the task."
    (error, *_rest) = diary(run_of([0.1], [0.0712]), 1 / 6, True, False)
    assert str(error.remark).startswith("validation error 0.0712, below the 0.1667 of always answering the mean")


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
    assert told(curves, chance=1 / 6, regression=True, ended=True) == [
        (2, "above_mean"),
        (3, "learnt_error"),
        (3, "best_error"),
    ]


@pytest.mark.parametrize("regression", [False, True])
def test_without_chance_there_is_no_verdict_on_it(regression):
    codes = {code for _, code in told(run_of([1.0], [1.0], [0.5]), None, regression, ended=True)}
    assert codes == {"best_error" if regression else "best"}


def test_a_longer_run_tells_what_a_shorter_one_told():
    loss, val = [2.0, 1.5, 1.0, 0.5, 0.3], [2.0, 1.5, 1.6, 1.7, 1.8]
    acc = [0.1, 0.4, 0.5, 0.5, 0.5]
    for n in range(1, 5):
        before = told(run_of(loss[:n], val[:n], acc[:n]))
        assert told(run_of(loss[: n + 1], val[: n + 1], acc[: n + 1]))[: len(before)] == before


def test_a_run_gets_it_when_it_has_come_half_the_way_to_perfect():
    flat = [1.0] * 5
    halfway = (1 + 0.125) / 2
    climbs = run_of(flat, flat, [0.12, 0.30, halfway, 0.4, 0.9])
    assert gets_it(climbs, 0.125, False) == 3
    assert gets_it(run_of(flat, flat, [0.12, 0.30, halfway - 0.01, 0.4, 0.5]), 0.125, False) is None
    errors = run_of(flat, [1.1, 0.9, 0.6, 0.49, 0.1])
    assert gets_it(errors, 1.0, True) == 4


def test_where_there_is_no_such_moment_none_is_told():
    assert gets_it(Curves(), 0.125, False) is None
    assert gets_it(run_of([1.0] * 2, [1.0] * 2, [0.9, 0.95]), 0.5, False) is None  # it began there
    assert gets_it(run_of([1.0] * 2, [1.0] * 2, [0.1, 0.95]), None, False) is None
    assert gets_it(run_of([1.0] * 2, [np.nan] * 2), 0.125, False) is None
