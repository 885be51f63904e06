"""The spec: bounds, mending, cost."""

from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.training.spec import (
    CELLS,
    CHOICES,
    LIMITS,
    PRESETS,
    SpecError,
    TrainingSpec,
    check_budget,
    clamped,
    estimate_seconds,
    use_xla,
)

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["nan", "inf", "-1", "1e999", "9" * 50, " 12 ", "2.6", "imdb", "LSTM"]),
    st.lists(st.text(max_size=4), max_size=3),
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(TrainingSpec)]), anything))
def test_whatever_a_link_says_becomes_a_usable_spec(raw):
    spec, problems = clamped(raw)
    assert spec.check() is spec
    assert TrainingSpec.from_json(spec.to_json()) == spec
    for problem in problems:
        assert problem.code in {
            "unknown_choice",
            "not_a_number",
            "out_of_range",
            "not_a_switch",
            "repeated",
            "not_whole",
        }
        assert problem.values["name"] in raw
        assert len(str(problem)) < 250


@pytest.mark.parametrize(
    ("field", "value", "used", "code"),
    [
        ("units", "-3", 1, "out_of_range"),
        ("units", "1e9", 256, "out_of_range"),
        ("units", "many", 32, "not_a_number"),
        ("units", "NaN", 32, "not_a_number"),
        ("epochs", "2.6", 3, "not_whole"),
        ("epochs", ["4", "9"], 4, "repeated"),
        ("learning_rate", "inf", 1e4, "out_of_range"),
        ("cell", "LSTM", "lstm", None),
        ("cell", "transformer", "lstm", "unknown_choice"),
        ("clip", "", None, None),
        ("clip", "0.5", 0.5, None),
        ("bidirectional", "1", True, None),
        ("bidirectional", "perhaps", False, "not_a_switch"),
    ],
)
def test_the_nearest_sensible_value_and_a_problem(field, value, used, code):
    spec, problems = clamped({field: value})
    assert getattr(spec, field) == used
    assert [problem.code for problem in problems] == ([code] if code else [])


def test_unknown_names_in_a_link_are_ignored():
    assert clamped({"theme": "dark"}) == (TrainingSpec(), [])


@pytest.mark.parametrize("field", LIMITS)
def test_check_refuses_what_lies_outside(field):
    limit = LIMITS[field]
    for value in (limit.low - 1, limit.high + 1):
        with pytest.raises(SpecError) as caught:
            replace(TrainingSpec(), **{field: type(limit.low)(value)}).check()
        assert caught.value.code == "out_of_range"
        assert caught.value.values["name"] == field


@pytest.mark.parametrize("field", CHOICES)
def test_check_refuses_unknown_names(field):
    with pytest.raises(SpecError, match="Choose one of"):
        replace(TrainingSpec(), **{field: "nothing"}).check()


def test_steps_are_counted_as_keras_counts_them():
    article = PRESETS["imdb_article"]
    assert (article.train_samples, article.validation_samples) == (20_000, 5_000)
    assert article.steps_per_epoch == 157


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"units": "x"}', '{"units": true}'])
def test_unreadable_json_is_a_domain_error(text):
    with pytest.raises(SpecError):
        TrainingSpec.from_json(text)


def test_settings_from_another_version_keep_what_is_known():
    assert TrainingSpec.from_json('{"units": 5, "moon": 1}') == TrainingSpec(units=5)


def test_over_budget_names_what_to_lower_and_that_is_enough(monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "30")
    with pytest.raises(SpecError) as caught:
        check_budget(PRESETS["imdb_article"])
    error = caught.value
    assert error.code == "over_budget"
    assert str(error.values["to"]) in str(error)
    lowered = replace(PRESETS["imdb_article"], **{error.values["lower"]: error.values["to"]})
    assert check_budget(lowered) <= 30


def test_a_budget_that_is_no_number_is_not_in_force(monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "plenty")
    assert check_budget(PRESETS["imdb_article"]) == estimate_seconds(PRESETS["imdb_article"])


@pytest.mark.parametrize("cell", CELLS)
def test_more_work_costs_more(cell):
    spec = replace(PRESETS["imdb_quick"], cell=cell)
    for field in ("epochs", "samples", "length"):
        assert estimate_seconds(replace(spec, **{field: 2 * asdict(spec)[field]})) > estimate_seconds(spec)


def test_xla_is_for_long_runs():
    assert use_xla(PRESETS["imdb_article"])
    assert not use_xla(replace(PRESETS["imdb_article"], epochs=1, samples=1000))
