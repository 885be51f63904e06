"""The pictures of a cell: every current number stands in them, opens, and nothing of the future is shown."""

import base64

import numpy as np
import pytest

from rnn_core.cells import initial_weights, lstm_forward, simple_rnn_forward
from rnn_core.cells.registry import CELLS
from rnn_core.charts import gates
from rnn_core.charts.gates.fields import role
from rnn_core.charts.scene import short
from rnn_core.explain.arithmetic import Pointer, fields_that_open
from rnn_core.explain.first_input import first_input_left
from tests.charts.labels import LABELS

SHOWN = {
    "lstm": ["c", "kept", "added", "forget_gate", "input_gate", "candidate", "output_gate", "tanh_c", "h"],
    "gru": ["kept", "added", "update_gate", "reset_gate", "candidate", "h"],
    "simple_rnn": ["pre_activation", "h"],
}


def trace_of(cell: str, units: int = 4, timesteps: int = 6):
    weights = initial_weights(cell, 3, units, seed=1)
    return CELLS[cell].forward(np.random.default_rng(0).normal(size=(1, timesteps, 3)), weights)


def diagram(trace, t: int, **more):
    return gates.diagram(trace=trace, t=t, labels=LABELS, **more)


def strip(trace, t: int, **more):
    return gates.strip(trace=trace, t=t, labels=LABELS, left=first_input_left(trace), **more)


@pytest.mark.parametrize("cell", CELLS)
def test_every_number_of_a_small_cell_stands_in_the_diagram_and_opens(cell: str) -> None:
    trace = trace_of(cell)
    scene = diagram(trace, 3)
    texts = [mark["s"] for mark in scene["marks"] if mark["k"] == "text"]
    picks = {mark["pick"] for mark in scene["marks"] if "pick" in mark}
    for field in SHOWN[cell]:
        assert field in fields_that_open(trace)
        for unit in range(4):
            assert f"{field}:{unit}:0" in picks
            assert short(getattr(trace, field)[0, 2, unit]) in texts


@pytest.mark.parametrize("cell", CELLS)
def test_before_the_first_timestep_nothing_is_shown_and_nothing_opens(cell: str) -> None:
    marks = diagram(trace_of(cell), 0)["marks"]
    assert not [mark for mark in marks if "pick" in mark]
    assert not any(mark.get("upto") for mark in strip(trace_of(cell), 0)["marks"])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("units", [1, 5, 6, 64])
def test_a_step_keeps_the_marks_kinds_and_order(cell: str, units: int) -> None:
    """So the browser writes only what changed."""
    trace = trace_of(cell, units)
    for draw in (diagram, strip):
        kinds = {tuple(mark["k"] for mark in draw(trace, t)["marks"]) for t in range(7)}
        assert len(kinds) == 1


@pytest.mark.parametrize("cell", CELLS)
def test_the_strip_holds_the_traces_numbers_and_hides_the_future(cell: str) -> None:
    trace = trace_of(cell, 64)
    heats = {mark["id"]: mark for mark in strip(trace, 4)["marks"] if mark["k"] == "heat"}
    assert set(heats) == {field for field, _height in gates.lanes(trace)}
    for field, mark in heats.items():
        values = np.frombuffer(base64.b64decode(mark["b64"]), "<f4").reshape(mark["rows"], mark["cols"])
        np.testing.assert_allclose(values, np.asarray(getattr(trace, field))[0].T, rtol=1e-6)
        assert mark["upto"] == 4
        assert mark["cursor"] == 3


@pytest.mark.parametrize("cell", CELLS)
def test_everything_stands_inside_the_picture(cell: str) -> None:
    for scene in (diagram(trace_of(cell), 3), strip(trace_of(cell), 3, words=["one", "two"])):
        for mark in scene["marks"]:
            if mark["k"] in ("rect", "heat"):
                assert mark["x"] >= 0
                assert mark["x"] + mark["w"] <= scene["width"]
                assert mark["y"] + mark["h"] <= scene["height"]
            elif mark["k"] == "text":
                assert 0 <= mark["x"] <= scene["width"]
                assert mark["y"] <= scene["height"]
                assert mark["z"] >= 14


def test_the_open_number_is_framed_in_both_pictures() -> None:
    trace = trace_of("lstm")
    framed = [
        m for m in diagram(trace, 3, opened=Pointer("forget_gate", 2, 1))["marks"] if "lit-edge" in m.get("c", "")
    ]
    assert [mark["pick"] for mark in framed if "pick" in mark] == ["forget_gate:1:0"]
    before = [m for m in diagram(trace, 3, opened=Pointer("c", 1, 1))["marks"] if "lit-edge" in m.get("c", "")]
    assert [mark["pick"] for mark in before if "pick" in mark] == ["c_previous:1:0"]
    frame = [m for m in strip(trace, 3, opened=Pointer("forget_gate", 2, 1))["marks"] if "thick" in m.get("c", "")]
    assert len(frame) == 1


def test_gates_wear_their_openness() -> None:
    trace = trace_of("lstm")
    texts = [mark["s"] for mark in diagram(trace, 3)["marks"] if mark["k"] == "text"]
    assert f"{trace.forget_gate[0, 2].mean():.0%}" in texts


def test_numbers_beyond_all_bounds_are_drawn_as_such() -> None:
    with np.errstate(all="ignore"):
        trace = lstm_forward([[[3e38], [-3e38], [1.0]]], initial_weights("lstm", 1, 4, seed=1))
        broken = simple_rnn_forward([[[np.inf], [1.0]]], initial_weights("simple_rnn", 1, 4, seed=1))
        for shown in (trace, broken):
            for t in (1, 2):
                diagram(shown, t)
                assert strip(shown, t)["marks"]
    texts = [mark["s"] for mark in diagram(broken, 1)["marks"] if mark["k"] == "text"]
    assert "∞" in texts or "−∞" in texts


@pytest.mark.parametrize("cell", CELLS)
def test_every_number_of_the_diagram_says_which_unit_and_timestep_it_is(cell: str) -> None:
    trace = trace_of(cell)
    tips = [mark["tip"] for mark in diagram(trace, 3)["marks"] if "tip" in mark]
    for field in (*SHOWN[cell], "h_previous", "inputs"):
        row, timestep = ("feature" if field == "inputs" else "unit"), (2 if field.endswith("_previous") else 3)
        for number, value in enumerate(getattr(trace, field)[0, 2]):
            assert f"{field} = {value:.6f}\n{row} {number} · timestep {timestep}".replace("-", "−") in tips


def test_columns_of_colour_count_their_timestep_too() -> None:
    heats = {mark["id"]: mark for mark in diagram(trace_of("lstm", 16), 3)["marks"] if mark["k"] == "heat"}
    assert {field: mark["first"] for field, mark in heats.items() if field in ("c", "c_previous", "h_previous")} == {
        "c": 3, "c_previous": 2, "h_previous": 2,
    }  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_the_word_that_is_read_stands_at_the_input(cell: str) -> None:
    scene = diagram(trace_of(cell), 3, word="unforgettable")
    (word,) = [mark for mark in scene["marks"] if mark["k"] == "text" and mark["s"] == "“unforgettab…”"]
    (title,) = [mark for mark in scene["marks"] if mark["k"] == "text" and mark["s"] == "inputs"]
    assert word["x"] == title["x"]
    assert title["y"] < word["y"] < scene["height"]
    assert word["tip"] == "unforgettable"
    assert "“" not in str(diagram(trace_of(cell), 0, word="unread")["marks"])


def test_a_number_of_the_timestep_before_wears_the_same_colour() -> None:
    for cell in CELLS:
        trace = trace_of(cell)
        assert role(trace, "h_previous") == role(trace, "h") == "state"
    assert [role(trace_of("gru"), field) for field in ("kept", "added")] == ["update_gate", "candidate"]
    assert [role(trace_of("lstm"), field) for field in ("kept", "added")] == ["forget_gate", "input_gate"]


def test_what_runs_along_the_carry_track_has_one_scale_and_gates_go_from_0_to_1() -> None:
    trace = trace_of("lstm", 16)
    scales = {mark["id"]: mark["scale"] for mark in strip(trace, 3)["marks"] if mark["k"] == "heat"}
    carry = pytest.approx(float(np.abs(trace.c).max()), abs=1e-3)
    assert scales["c"] == scales["kept"] == scales["added"] == carry
    assert {scales[gate] for gate in (*CELLS["lstm"].gates, "candidate", "h")} == {1.0}
    of_gru = {mark["id"]: mark["scale"] for mark in strip(trace_of("gru", 16), 3)["marks"] if mark["k"] == "heat"}
    assert of_gru["kept"] == of_gru["added"] == of_gru["h"] == 1.0
