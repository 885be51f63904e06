"""The spec: bounds, cost."""

from dataclasses import asdict, replace

import pytest

from rnn_core.models.network import NETWORKS
from rnn_core.tasks import Data
from rnn_core.training.spec import (
    CHOICES,
    LIMITS,
    PRESETS,
    SpecError,
    TrainingSpec,
    check_budget,
    estimate_seconds,
    use_xla,
)


@pytest.mark.parametrize("field", LIMITS)
def test_check_refuses_what_lies_outside(field):
    limit = LIMITS[field]
    for value in (limit.low - 1, limit.high + 1):
        with pytest.raises(SpecError) as caught:
            replace(TrainingSpec(), **{field: type(limit.low)(value)}).check()
        assert caught.value.code == "out_of_range"
        assert caught.value.values["setting"] == field


@pytest.mark.parametrize("field", CHOICES)
def test_check_refuses_unknown_names(field):
    with pytest.raises(SpecError, match="Choose one of"):
        replace(TrainingSpec(), **{field: "nothing"}).check()


def test_steps_are_counted_as_keras_counts_them():
    article = PRESETS["imdb_article"]
    assert (article.data.train_samples, article.data.validation_samples) == (20_000, 5_000)
    assert article.steps_per_epoch == 157


def test_specs_that_differ_in_how_they_are_learnt_learn_from_the_same_data():
    spec = TrainingSpec()
    assert replace(spec, cell="gru", units=5, epochs=1, learning_rate=0.1, layers=2, batch_size=8).data == spec.data
    for name, other in {"task": "adding", "length": 5, "samples": 40, "seed": 1}.items():
        assert replace(spec, **{name: other}).data != spec.data


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_may_be_trained_and_comes_back_from_its_text(preset):
    spec = PRESETS[preset]
    assert TrainingSpec.from_json(spec.to_json()) == spec
    assert check_budget(spec) == estimate_seconds(spec)


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"units": "x"}', '{"units": true}'])
def test_unreadable_json_is_a_domain_error(text):
    with pytest.raises(SpecError):
        TrainingSpec.from_json(text)


def test_a_spec_of_before_pads_and_cuts_in_front_and_has_no_mask():
    spec = TrainingSpec.from_json('{"task": "small_reviews", "cell": "gru"}')
    assert (spec.padding, spec.truncating, spec.mask) == ("pre", "pre", False)
    assert spec.data == Data("small_reviews", spec.length, spec.samples, spec.seed)


@pytest.mark.parametrize(("name", "value"), [("padding", "post"), ("truncating", "post"), ("mask", True)])
def test_what_reviews_alone_have_to_set(name, value):
    spec = replace(TrainingSpec(task="small_reviews_zh"), **{name: value})
    assert TrainingSpec.from_json(spec.to_json()) == spec.check()
    default = TrainingSpec(task="small_reviews_zh")
    assert (spec.data, spec.network) != (default.data, default.network)
    for task in ("adding", "delayed_recall"):
        with pytest.raises(SpecError) as caught:
            replace(spec, task=task).check()
        assert (caught.value.code, caught.value.values) == ("only_reviews", {"setting": name})


def test_a_mask_is_on_or_off():
    with pytest.raises(SpecError) as caught:
        replace(PRESETS["small_reviews"], mask="yes").check()
    assert (caught.value.code, caught.value.values["setting"]) == ("not_a_switch", "mask")


def test_settings_from_another_version_keep_what_is_known():
    assert TrainingSpec.from_json('{"units": 5, "moon": 1}') == TrainingSpec(units=5)


def test_over_budget_names_what_to_lower_and_that_is_enough(monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "30")
    with pytest.raises(SpecError) as caught:
        check_budget(PRESETS["imdb_article"])
    error = caught.value
    assert error.code == "over_budget"
    assert str(error.values["to"]) in str(error)
    lowered = replace(PRESETS["imdb_article"], **{error.values["setting"]: error.values["to"]})
    assert check_budget(lowered) <= 30


def test_far_over_budget_no_single_setting_helps(monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "1")
    with pytest.raises(SpecError) as caught:
        check_budget(PRESETS["imdb_article"])
    assert caught.value.code == "far_over_budget"
    assert "1.0 s are allowed" in str(caught.value)


@pytest.mark.parametrize("cell", NETWORKS)
def test_more_work_costs_more(cell):
    spec = replace(PRESETS["imdb_quick"], cell=cell)
    for field in ("epochs", "samples", "length"):
        assert estimate_seconds(replace(spec, **{field: 2 * asdict(spec)[field]})) > estimate_seconds(spec)


def test_xla_is_for_long_runs():
    assert use_xla(PRESETS["imdb_article"])
    assert not use_xla(replace(PRESETS["imdb_article"], epochs=1, samples=1000))
