"""The race of the cells, and the band that shows how much of the first input is left."""

import re

import numpy as np
import pytest

from rnn_core.cells import initial_weights
from rnn_core.cells.registry import CELLS
from rnn_core.charts.first_input import share
from rnn_core.charts.race import race
from rnn_core.explain.first_input import first_input_left
from tests.charts.labels import LABELS

INPUTS = np.random.default_rng(3).normal(size=(1, 6, 3))
LEFT = {name: first_input_left(cell.forward(INPUTS, initial_weights(name, 3, 4, 1))) for name, cell in CELLS.items()}


def drawn(t: int, words: tuple[str, ...] = ()) -> dict:
    return race(left=LEFT, t=t, labels=LABELS, words=words)


def test_every_lane_shows_its_own_cells_trace_on_one_scale() -> None:
    scene = drawn(4)
    grounds = [mark for mark in scene["marks"] if mark.get("c") == "panel"]
    assert len({(mark["x"], mark["w"], mark["h"]) for mark in grounds}) == 1
    for (cell, left), ground in zip(LEFT.items(), grounds, strict=True):
        (band,) = [mark for mark in scene["marks"] if mark.get("c") == f"{cell}-fill"]
        tops = np.array([float(y) for y in re.findall(r"L[\d.]+ (-?[\d.]+)H", band["d"])])
        np.testing.assert_allclose((ground["y"] + ground["h"] - tops) / ground["h"], np.minimum(left[:4], 1), atol=0.01)


def test_each_cell_is_named_and_says_what_is_left_now() -> None:
    texts = {mark["c"]: [] for mark in drawn(4)["marks"] if mark["k"] == "text"}
    for mark in drawn(4)["marks"]:
        if mark["k"] == "text":
            texts[mark["c"]].append(mark["s"])
    for name, cell in CELLS.items():
        assert texts[f"strong {name}"] == [cell.label, share(LEFT[name][3])]


def test_each_lane_tells_what_is_left_and_leads_to_its_cell() -> None:
    scene = race(left=LEFT, t=2, labels=LABELS, here="gru")
    tips = [mark["tip"] for mark in scene["marks"] if "tip" in mark]
    assert [tip.partition("\n")[0] for tip in tips] == [
        f"{CELLS[name].label} · timestep 2 · {share(left[1])}" for name, left in LEFT.items()
    ]
    assert [mark["pick"] for mark in scene["marks"] if "pick" in mark] == ["cell:simple_rnn", "cell:lstm"]


def test_other_networks_are_dashed_lines_as_high_as_their_traces() -> None:
    half = {name: np.full(6, 0.5) for name in LEFT}
    scene = race(left=LEFT, beside=half, t=3, labels=LABELS)
    grounds = [mark for mark in scene["marks"] if mark.get("c") == "panel"]
    key, *lines = [mark["d"] for mark in scene["marks"] if "dashed" in mark.get("c", "")]
    assert key
    for line, ground in zip(lines, grounds, strict=True):
        heights = [float(y) for y in re.findall(r" ([\d.]+)", line)]
        assert heights == pytest.approx([ground["y"] + ground["h"] / 2] * 3, abs=0.1)
    kinds = [[mark["k"] for mark in race(left=LEFT, beside=b, t=3, labels=LABELS)["marks"]] for b in (half, None)]
    assert kinds[0] == kinds[1], "so that they appear without drawing anything else anew"


def test_a_step_keeps_the_marks_kinds_and_order_and_moves_the_frame() -> None:
    assert len({tuple(mark["k"] for mark in drawn(t)["marks"]) for t in range(7)}) == 1
    frames = [next(m for m in drawn(t)["marks"] if "under" in m.get("c", "")) for t in range(1, 7)]
    assert np.diff([mark["x"] for mark in frames]) == pytest.approx([frames[0]["w"]] * 5, abs=0.01)


def test_words_stand_under_the_lanes_and_timesteps_where_there_are_none() -> None:
    words = ("the", "film", "was", "good", "at", "all")
    marks = drawn(4, words)["marks"]
    below = [mark for mark in marks if mark["k"] == "text" and mark["s"] in words]
    assert [(mark["s"], mark["c"]) for mark in below][2:5] == [("was", ""), ("good", "strong"), ("at", "quiet")]
    assert [mark["s"] for mark in drawn(4)["marks"] if mark["k"] == "text"][-2:] == ["timestep 1", "6"]


def test_a_trace_that_has_grown_stays_in_its_lane_and_is_told_in_full() -> None:
    scene = race(left={"gru": np.array([1.0, 2.5, 0.5])}, t=2, labels=LABELS)
    (band,) = [mark for mark in scene["marks"] if mark.get("c") == "gru-fill"]
    (ground,) = [mark for mark in scene["marks"] if mark.get("c") == "panel"]
    assert {float(y) for y in re.findall(r"L[\d.]+ (-?[\d.]+)H", band["d"])} == {ground["y"]}
    assert "× 2.5" in [mark["s"] for mark in scene["marks"] if mark["k"] == "text"]


def test_nothing_to_measure_draws_nothing() -> None:
    scene = race(left={"lstm": np.full(3, np.nan)}, t=3, labels=LABELS)
    (band,) = [mark for mark in scene["marks"] if mark.get("c") == "lstm-fill"]
    assert "H" not in band["d"]
    assert "nan" not in str(scene["marks"])


@pytest.mark.parametrize(
    ("left", "said"),
    [(1.0, "100%"), (0.9999, "99.9%"), (0.996, "99.6%"), (0.98, "98%"), (0.004, "< 1%"), (0.0, "0%"), (1.3, "130%"),
     (2.5, "× 2.5"), (float("inf"), "")],
)  # fmt: skip
def test_a_share_is_short_and_what_is_nearly_all_is_not_all(left: float, said: str) -> None:
    assert share(left) == said
