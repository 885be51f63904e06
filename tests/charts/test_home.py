"""The home page's picture: its numbers are the traces' numbers, its weights the ones they were computed with."""

import numpy as np

from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward
from rnn_core.charts.home import with_and_without
from rnn_core.charts.scene import short
from tests.charts.labels import LABELS

INPUTS = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0])


def read(u: float, w: float = 1.0, b: float = 0.0) -> SimpleRNNTrace:
    weights = SimpleRNNWeights(kernel=np.full((1, 1), w), recurrent_kernel=np.full((1, 1), u), bias=np.full(1, b))
    return simple_rnn_forward(INPUTS[np.newaxis, :, np.newaxis], weights)


def drawn(u: float, **weights: float) -> dict:
    return with_and_without(forgetful=read(0.0, **weights), remembering=read(u, **weights), labels=LABELS)


def of(scene: dict, kind: str) -> list[dict]:
    return [mark for mark in scene["marks"] if mark["k"] == kind]


def test_every_state_is_the_traces_and_says_which_timestep_it_belongs_to() -> None:
    circles = of(drawn(0.9), "circle")
    rows = {y: [mark for mark in circles if mark["y"] == y] for y in {mark["y"] for mark in circles}}
    for y, trace, name in zip(sorted(rows), (read(0.0), read(0.9)), ("output", "state"), strict=True):
        assert [mark["v"] for mark in rows[y]] == [round(float(v), 3) for v in trace.h[0, :, 0]]
        assert [mark["tip"] for mark in rows[y]] == [
            f"{name} = {value:.6f}\ntimestep {t + 1}" for t, value in enumerate(trace.h[0, :, 0])
        ]


def test_a_click_on_an_input_picks_its_timestep() -> None:
    inputs = [mark for mark in of(drawn(0.9), "rect") if "pick" in mark]
    assert [(mark["pick"], mark["v"]) for mark in inputs] == [(f"x:{t}", x) for t, x in enumerate(INPUTS)]
    assert inputs[3]["tip"] == "input = 1\ntimestep 4\nswitch"


def test_the_weights_stand_in_the_picture() -> None:
    texts = [mark["s"] for mark in of(drawn(0.9), "text")]
    assert texts.count("W = 1") == texts.count("b = 0") == 2
    assert "U = 0.90" in texts
    others = [mark["s"] for mark in of(drawn(0.5, w=-1.5, b=0.25), "text")]
    assert {"W = −1.50", "b = 0.25", "U = 0.50"} <= set(others)


def test_the_way_of_the_state_is_as_wide_as_u_is_large() -> None:
    widths = {u: {mark["w"] for mark in of(drawn(u), "path") if "v" in mark} for u in (0.0, 0.5, 1.5)}
    assert widths == {0.0: {1.0}, 0.5: {3.0}, 1.5: {7.0}}


def test_other_numbers_change_no_marks_kind_or_place_in_the_order() -> None:
    assert [mark["k"] for mark in drawn(0.0)["marks"]] == [mark["k"] for mark in drawn(1.5)["marks"]]
    assert short(read(1.5).h[0, -1, 0]) in [mark["s"] for mark in of(drawn(1.5), "text")]
