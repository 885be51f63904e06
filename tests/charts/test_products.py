"""The picture of one number's products."""

import numpy as np
import pytest

from rnn_core.cells import gru_forward, initial_weights, lstm_forward
from rnn_core.charts.products import SEVERAL, figure, products
from rnn_core.explain.arithmetic import fields_that_open, open_number
from rnn_core.explain.gradient_sums import open_jacobian

LABELS = {"sum": "sum", "rest": "{count} more", "open": "Open {name}", "alt": "products"}


def texts(scene) -> list[str]:
    return [mark["s"] for mark in scene["marks"] if mark["k"] == "text"]


@pytest.mark.parametrize("cell", [("lstm", lstm_forward), ("gru", gru_forward)], ids=lambda c: c[0])
def test_every_number_draws_its_terms_its_sum_and_its_result(cell) -> None:
    weights = initial_weights(cell[0], 3, 4, seed=0)
    trace = cell[1](np.random.default_rng(1).normal(size=(1, 4, 3)), weights)
    for field in fields_that_open(trace):
        opened = open_number(trace, weights, field, 2, 1)
        shown = texts(products(arithmetic=opened, labels=LABELS))
        for term in opened.terms:
            assert figure(term.product) in shown
            assert all(factor.label in shown for factor in term.factors)
        assert shown[-1] == figure(opened.result)


def test_the_largest_stand_alone_and_the_rest_is_one_row() -> None:
    weights = initial_weights("lstm", 32, 64, seed=0)
    trace = lstm_forward(np.random.default_rng(1).normal(size=(1, 3, 32)), weights)
    opened = open_number(trace, weights, "forget_gate", 2, 5)
    few, all_of_them = (texts(products(arithmetic=opened, labels=LABELS, everything=e)) for e in (False, True))
    assert f"{96 - SEVERAL} more" in few
    rest = sum(term.product for term in opened.terms[SEVERAL:-1])
    assert figure(rest) in few
    assert sum(text.startswith("recurrent_kernel[") for text in all_of_them) == 64


def test_factors_that_open_are_picked_by_field_unit_and_timestep() -> None:
    weights = initial_weights("lstm", 2, 3, seed=0)
    trace = lstm_forward(np.ones((1, 3, 2)), weights)
    scene = products(arithmetic=open_number(trace, weights, "c", 2, 1), labels=LABELS)
    picks = {mark["pick"] for mark in scene["marks"] if "pick" in mark}
    assert picks == {"forget_gate:1:2", "c:1:1", "input_gate:1:2", "candidate:1:2"}


def test_figures_are_short_and_hide_no_small_number() -> None:
    assert [figure(x) for x in (0.0, -0.25, 0.00012, 12.345, float("inf"))] == ["0", "−0.250", "1.2e−4", "12.35", "∞"]


def test_each_bar_is_as_long_as_its_product_is_large_and_lies_on_its_signs_side() -> None:
    weights = initial_weights("lstm", 3, 4, seed=0)
    trace = lstm_forward(np.random.default_rng(1).normal(size=(1, 4, 3)), weights)
    opened = open_number(trace, weights, "forget_gate", 2, 1)
    scene = products(arithmetic=opened, labels=LABELS)
    bars = [mark for mark in scene["marks"] if mark["k"] == "rect" and "v" in mark]
    values = np.array([term.product for term in opened.terms])
    assert {value > 0 for value in values} == {True, False}
    assert [mark["v"] for mark in bars] == [1.0 if value >= 0 else -1.0 for value in values]
    longest = max(mark["w"] for mark in bars)
    expected = np.maximum(longest * np.abs(values) / np.abs(values).max(), 0.6)  # the smallest is seen, too
    np.testing.assert_allclose([mark["w"] for mark in bars], expected, atol=1e-2)
    axis = {mark["x"] for mark in bars if mark["v"] > 0}
    assert len(axis) == 1
    assert all(mark["x"] + mark["w"] == pytest.approx(*axis, abs=2e-3) for mark in bars if mark["v"] < 0)


def test_a_long_product_takes_further_lines_and_nothing_overlaps() -> None:
    weights = initial_weights("gru", 3, 4, seed=0)
    trace = gru_forward(np.random.default_rng(1).normal(size=(1, 4, 3)), weights)
    opened = open_jacobian(trace, 2, 1, 3, "gates")
    assert max(len(term.factors) for term in opened.terms) == 5
    scene = products(arithmetic=opened, labels=LABELS)
    labels = [m for m in scene["marks"] if m["k"] == "text" and "mono" in m["c"]]
    figures = [m for m in scene["marks"] if m["k"] == "text" and m["a"] == "end"]
    bars = [m for m in scene["marks"] if m["k"] == "rect" and "v" in m]
    assert len(labels) == sum(len(term.factors) for term in opened.terms)
    for label in labels:
        right = label["x"] + 7.2 * len(label["s"])
        assert right <= min(bar["x"] for bar in bars)
        beside = [other["x"] for other in labels if other["y"] == label["y"] and other["x"] > label["x"]]
        assert right < min(beside, default=scene["width"])
    assert len({figure["y"] for figure in figures}) == len(opened.terms) + 1


def test_a_number_of_a_jacobian_that_opens_is_picked_with_its_column() -> None:
    weights = initial_weights("lstm", 2, 3, seed=0)
    trace = lstm_forward(np.random.default_rng(1).normal(size=(1, 3, 2)), weights)
    picks = {m.get("pick") for m in products(arithmetic=open_jacobian(trace, 2, 0, 1), labels=LABELS)["marks"]}
    assert "jacobian:3:2:1" in picks
    empty = products(arithmetic=open_jacobian(trace, 2, 0, 4), labels=LABELS)
    assert texts(empty) == ["sum", "0"]
