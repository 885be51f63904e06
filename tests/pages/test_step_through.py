"""The page that steps through the toy."""

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.parts.step_through.settings import trace_of
from rnn_core.cells.simple_rnn import simple_rnn_forward
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.charts.toy import program
from tests.pages.conftest import elements, go_to, link, settings, shown, widget


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_transport_walks_and_stays_within_the_sequence(open_page, lang: str) -> None:
    app = open_page("step_through", lang, toy="article")
    assert app.title[0].value == catalogue(lang).gettext("What is a state?")
    assert settings(app).t == 0
    for asked, shown_t in ((1, 1), (101, 100), (99, 99)):
        assert settings(go_to(app, asked)).t == shown_t
        assert not app.exception


def test_the_article_weights_saturate_and_the_page_says_so(open_page) -> None:
    assert "All 64 numbers of the state read ±1.00" in shown(open_page("step_through", t="50", ask="off"))
    assert "saturated" in shown(open_page("step_through", t="50", recipe="small", ask="off"))


def test_a_link_opens_the_very_screen(open_page) -> None:
    app = open_page("step_through", t="4", timesteps="12", input_features="5", units="7", recipe="small", seed="11")
    asked = {"t": 4, "timesteps": 12, "input_features": 5, "units": 7, "recipe": "small", "seed": 11}
    assert {name: getattr(settings(app), name) for name in asked} == asked
    assert link(app) == {**{name: str(value) for name, value in asked.items()}, "toy": "article"}
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
    assert getattr(settings(app), name) == value
    if raw != "１２":
        assert len(app.info) == 1
        assert name in app.info[0].value
        assert "<" not in app.info[0].value


def test_a_value_named_twice_counts_once(open_page) -> None:
    app = open_page("step_through", t=["3", "8"])
    assert settings(app).t == 3
    assert "2 times" in app.info[0].value


def test_the_program_on_the_page_computes_the_numbers_of_the_picture() -> None:
    weights = toy_weights(3, 4, "small", 7)
    inputs = toy_inputs(6, 3, 7)
    names = {"np": np, "inputs": inputs, "W": weights.kernel.T, "U": weights.recurrent_kernel.T, "b": weights.bias}
    exec("\n".join(program(6, 3, 4)), names)
    np.testing.assert_allclose(names["sequence"], simple_rnn_forward(inputs[np.newaxis], weights).h[0], atol=1e-12)


def test_the_small_network_comes_first_and_the_active_one_is_shown(open_page) -> None:
    app = open_page("step_through")
    assert (settings(app).toy, settings(app).units) == ("small", 4)
    kinds = {b.key: b.proto.type for b in app.button if (b.key or "").startswith("preset_")}
    assert kinds == {"preset_small": "primary", "preset_article": "secondary"}
    widget(app, "number_input", "units").set_value(5).run()
    assert app.button(key="preset_small").proto.type == "secondary", "these are no longer the preset's numbers"


def test_a_preset_is_whole_whatever_was_set_before(open_page) -> None:
    app = open_page("step_through", toy="article")
    widget(app, "number_input", "units").set_value(8).run()
    app.button(key="preset_small").click().run()
    assert link(app) == {"toy": "small"}
    go_to(app, 1)
    assert [i["label"] for i in elements(app, "toy")] == ["The toy RNN after 1 of 6 timesteps."]
    assert widget(app, "number_input", "units").value == 4


def test_numbers_changed_by_hand_stand_in_the_link_and_rewind_keeps_them(open_page) -> None:
    app = open_page("step_through", toy="small", ask="off", t="6", edits="W,0,0,0;b,1,0,2.5")
    tips = [mark.get("tip", "") for mark in elements(app, "toy")[0]["marks"]]
    assert any("W[0, 0] = 0.00" in tip for tip in tips)
    assert "2.50" in [mark.get("s") for mark in elements(app, "matrix_b")[0]["marks"]]
    again = open_page("step_through", **link(app))
    assert elements(again, "toy")[0]["marks"] == elements(app, "toy")[0]["marks"]


def test_new_weights_are_for_the_same_inputs(open_page) -> None:
    before = open_page("step_through", toy="small", ask="off", t="6", edits="W,0,0,0")
    app = open_page("step_through", toy="small", ask="off", t="6", edits="W,0,0,0")
    app.session_state["edit_numbers"] = True
    app.run()
    app.button(key="other_weights").click().run()
    assert (settings(app).edits, settings(app).t, settings(app).draw) == ("", 0, 1)
    now, then = trace_of(settings(app)), trace_of(settings(before))
    np.testing.assert_array_equal(now.inputs, then.inputs)
    assert not np.isclose(now.weights.kernel, then.weights.kernel).any()


def test_the_first_question_is_about_the_shape_and_steps_on(open_page) -> None:
    app = open_page("step_through", toy="article")
    assert elements(app, "transport")[0]["waits"] is True
    guess = next(b for b in app.button if b.label == "(64,)")
    guess.click().run()
    assert settings(app).t == 1
    assert elements(app, "transport")[0]["waits"] is False
    assert "that is right" in shown(app)
