"""The page that steps through the toy."""

import re

import numpy as np
import pytest

from pages.common.language import catalogue
from rnn_core.cells.simple_rnn import simple_rnn_forward
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.charts.toy import program
from tests.pages.conftest import go_to


def shown(app) -> str:
    return "\n".join([*(m.value for m in app.markdown), *(i.value for i in app.info)])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_transport_walks_and_stays_within_the_sequence(open_page, lang: str) -> None:
    app = open_page("step_through", lang)
    assert app.title[0].value == catalogue(lang).get("What is a state?", "What is a state?")
    assert app.session_state["t"] == 0
    for asked, shown_t in ((1, 1), (101, 100), (99, 99), (-1, 0)):
        assert go_to(app, asked).session_state["t"] == shown_t
        assert not app.exception


def test_the_article_weights_saturate_and_the_page_says_so(open_page) -> None:
    assert "All 64 numbers of the state read ±1.00" in shown(open_page("step_through", t="50", ask="off"))
    assert "saturated" in shown(open_page("step_through", t="50", recipe="small", ask="off"))


def test_a_link_opens_the_very_screen(open_page) -> None:
    app = open_page("step_through", t="4", timesteps="12", input_features="5", units="7", recipe="small", seed="11")
    values = {name: app.session_state[name] for name in ("t", "timesteps", "input_features", "units", "recipe", "seed")}
    assert values == {"t": 4, "timesteps": 12, "input_features": 5, "units": 7, "recipe": "small", "seed": 11}
    assert not app.info


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("t", "-3", 0),
        ("t", "999", 100),
        ("t", "lots", 0),
        ("t", "nan", 0),
        ("t", "", 0),
        ("t", "2.5", 2),
        ("units", "0", 1),
        ("units", "9" * 5000, 128),
        ("seed", "-1", 0),
        ("seed", "1e99", 2**32 - 1),
        ("timesteps", "１２", 12),
        ("recipe", "<b>*x*</b>", "article"),
    ],
)
def test_a_bad_value_becomes_the_nearest_sensible_one_and_is_said(
    open_page, name: str, raw: str, value: object
) -> None:
    app = open_page("step_through", **{name: raw})
    assert app.session_state[name] == value
    if raw != "１２":
        assert len(app.info) == 1
        assert name in app.info[0].value
        assert "<" not in app.info[0].value


def test_a_value_named_twice_counts_once(open_page) -> None:
    app = open_page("step_through", t=["3", "8"])
    assert app.session_state["t"] == 3
    assert re.search("t 2 times", app.info[0].value)


def test_the_program_on_the_page_computes_the_numbers_of_the_picture() -> None:
    weights = toy_weights(3, 4, "small", 7)
    inputs = toy_inputs(6, 3, 7)
    names = {"np": np, "inputs": inputs, "W": weights.kernel.T, "U": weights.recurrent_kernel.T, "b": weights.bias}
    exec("\n".join(program(6, 3, 4)), names)
    np.testing.assert_allclose(names["sequence"], simple_rnn_forward(inputs[np.newaxis], weights).h[0], atol=1e-12)


def test_a_number_changed_by_hand_changes_the_states_and_rewind_keeps_it(open_page) -> None:
    small = {"timesteps": "6", "input_features": "3", "units": "4", "recipe": "small", "ask": "off"}
    app = open_page("step_through", t="6", **small)
    before = app.session_state["_table_W"]["good"].copy()
    held = dict(app.session_state["_table_W"])
    held["good"] = before * 0
    app.session_state["_table_W"] = held
    app.run()
    app.button(key="rewind").click().run()
    assert app.session_state["t"] == 0
    assert not app.session_state["_table_W"]["good"].any()
    app.button(key="new_weights").click().run()
    assert app.session_state["seed"] == 1
    assert app.session_state["_table_W"]["good"].all()
    assert not app.exception


def test_the_first_question_is_about_the_shape_and_steps_on(open_page) -> None:
    app = open_page("step_through")
    guess = next(b for b in app.button if b.label == "(64,)")
    guess.click().run()
    assert app.session_state["t"] == 1
    assert "you had it right" in shown(app)
