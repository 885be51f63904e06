"""The pictures of the data page."""

import base64
import re

import numpy as np
import pytest

from rnn_core.cells.registry import CELLS
from rnn_core.charts.data import drift_curves, journey_scene, lengths_scene
from rnn_core.charts.data.drift import BOX, figure
from rnn_core.charts.data.journey import HEIGHT, MOST, WIDTH
from rnn_core.charts.data.places import columns
from rnn_core.explain.zeros import drift
from rnn_core.tasks.journey import SPREAD, embedded, journey
from tests.charts.labels import Labels

WORDS = [f"w{number}" for number in range(1, 15)]
RANK = {word: number for number, word in enumerate(WORDS, 1)}
COUNTED = {
    "cut": "{n} cut", "kept": "{n} kept", "zeros": "{n} zeros", "open": "open {word}", "bar": "{low}–{high}: {n}",
    "single": "{low}: {n}",
}  # fmt: skip


def scene(station: int = 4, opened: int | None = None, words=WORDS, **more):
    prepared = journey(words, RANK, **{"num_words": 12, "maxlen": 10} | more)
    return prepared, journey_scene(
        prepared=prepared, vectors=embedded(prepared.row), station=station, text=" ".join(words),
        code=["one", "two", "three", "four"], labels=Labels(**COUNTED), scale=SPREAD, opened=opened,
    )  # fmt: skip


def texts(drawn) -> list[str]:
    return [mark["s"] for mark in drawn["marks"] if mark["k"] == "text" and mark["s"]]


def heat(drawn) -> tuple[dict, np.ndarray]:
    mark = next(mark for mark in drawn["marks"] if mark["k"] == "heat")
    return mark, np.frombuffer(base64.b64decode(mark["b64"]), "<f4").reshape(mark["rows"], mark["cols"])


def struck(drawn) -> int:
    return sum(mark["k"] == "path" and mark["d"] != "" and "forget_gate" in mark["c"] for mark in drawn["marks"])


@pytest.mark.parametrize("station", range(5))
def test_what_is_not_reached_is_not_told(station: int) -> None:
    _prepared, drawn = scene(station)
    said = texts(drawn)
    assert ("w14" in said) == (station >= 1)
    assert ("5" in said) == (station >= 2)
    assert bool(struck(drawn)) == (station >= 3)
    assert ("5 cut" in said) == (station >= 3)
    assert heat(drawn)[0]["upto"] == (heat(drawn)[0]["cols"] if station == 4 else 0)


@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_the_words_that_are_cut_are_struck_through_and_no_others(truncating: str) -> None:
    prepared, drawn = scene(truncating=truncating)
    assert struck(drawn) == prepared.cut == 5
    values = heat(drawn)[1]
    gone = np.isnan(values).all(axis=0)
    assert gone.sum() == 5
    assert gone[:5].all() if truncating == "pre" else gone[-5:].all()
    np.testing.assert_array_equal(values[:, ~gone].T, embedded(prepared.row))


@pytest.mark.parametrize("padding", ["pre", "post"])
def test_zeros_stand_where_the_row_has_them(padding: str) -> None:
    prepared, drawn = scene(maxlen=18, padding=padding)
    assert texts(drawn).count("0") == prepared.zeros == 3
    assert "3 zeros" in " ".join(texts(drawn))


@pytest.mark.parametrize(("n", "maxlen"), [(3, 400), (600, 500), (600, 600), (200, 800), (0, 1), (1000, 1)])
def test_the_longest_review_fits(n: int, maxlen: int) -> None:
    prepared, drawn = scene(words=(WORDS * 100)[:n], maxlen=maxlen, num_words=50)
    mark, values = heat(drawn)
    assert mark["cols"] <= MOST
    counted = sum(int(s[1:].replace(",", "")) for s in texts(drawn) if s.startswith("+"))
    assert counted >= 0
    for mark in drawn["marks"]:
        if mark["k"] == "rect":
            assert -9 <= mark["x"] <= WIDTH
            assert mark["x"] + mark["w"] <= WIDTH + 1
            assert mark["y"] + mark["h"] <= HEIGHT
    assert values.shape[0] == 8
    assert prepared.maxlen == maxlen


def test_a_click_on_a_word_picks_its_token_and_the_opened_one_is_marked() -> None:
    _prepared, drawn = scene(opened=3)
    picks = [mark["pick"] for mark in drawn["marks"] if mark.get("pick")]
    assert picks == [f"token:{token}" for token in range(15)]
    assert sum("lit-edge" in mark.get("c", "") for mark in drawn["marks"]) == 1
    assert not any("lit-edge" in mark.get("c", "") for mark in scene()[1]["marks"])


def test_a_token_that_has_a_column_of_its_own_stays_where_it_is_when_it_is_opened() -> None:
    def places(drawn) -> dict[str, float]:
        return {mark["pick"]: mark["x"] for mark in drawn["marks"] if mark.get("pick")}

    words = (WORDS * 40)[:549]
    before = places(scene(words=words, maxlen=500, num_words=50)[1])
    for pick in before:
        opened = places(scene(words=words, maxlen=500, num_words=50, opened=int(pick.partition(":")[2]))[1])
        assert opened == before
    assert "token:20" not in before
    assert "token:20" in places(scene(words=words, maxlen=500, num_words=50, opened=20)[1])


@pytest.mark.parametrize("total", [1, 22, 23, 500])
@pytest.mark.parametrize("matter", [[0], [0, 7, 300, 499], [250]])
def test_columns_hold_every_place_once_and_those_that_matter_alone(total: int, matter: list[int]) -> None:
    found = columns(total, matter, 22)
    places = [place for stretch in found for place in range(stretch.first, stretch.first + stretch.places)]
    assert places == list(range(total))
    assert len(found) <= 22
    alone = {stretch.first for stretch in found if stretch.places == 1}
    assert {place for place in matter if place < total} <= alone


def test_the_bars_hold_all_reviews_and_those_beyond_maxlen_look_otherwise() -> None:
    of_length = np.bincount(np.random.default_rng(0).integers(2, 300, 1000))
    drawn = lengths_scene(of_length=of_length, maxlen=150, labels=Labels(**COUNTED))
    bars = [mark for mark in drawn["marks"] if mark.get("tip")]
    assert sum(int(mark["tip"].split(": ")[1].replace(",", "")) for mark in bars) == 1000
    assert {"forget_gate-fill", "input-fill"} == {mark["c"] for mark in bars}
    assert bars[-1]["tip"].split(":")[0] in texts(drawn), "the axis ends as the last bar does"
    assert re.fullmatch(r"2: \d+", lengths_scene(of_length=of_length[:40], maxlen=9, labels=Labels(**COUNTED))
                        ["marks"][3]["tip"])  # fmt: skip
    longest = lengths_scene(of_length=of_length, maxlen=5000, labels=Labels(**COUNTED))
    assert {"input-fill"} == {mark["c"] for mark in longest["marks"] if mark.get("tip")}


def test_the_curve_in_force_is_the_strong_one() -> None:
    prepared = journey(WORDS, RANK, num_words=12, maxlen=40, padding="post")
    found = drift("lstm", embedded(prepared.row), prepared.is_padding)
    for mask in (False, True):
        drawn = drift_curves(drift=found, cell="lstm", mask=mask, labels=Labels(zeros="25 zeros"))
        curves = [m for m in drawn["marks"] if m["k"] == "path" and "L" in m["d"]]
        assert [m["w"] > 3 for m in curves] == [not mask, False, mask]
        tinted = next(m for m in drawn["marks"] if m["k"] == "rect" and m["c"] == "below")
        assert tinted["w"] == pytest.approx(BOX.w * 25 / 40)


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_numbers_that_a_share_is_made_of_stand_where_the_curve_is(cell: str, padding: str) -> None:
    prepared = journey(WORDS, RANK, num_words=12, maxlen=60, padding=padding)
    found = drift(cell, embedded(prepared.row), prepared.is_padding)
    drawn = drift_curves(drift=found, cell=cell, mask=False, labels=Labels(zeros="45 zeros"))
    assert {figure(found.after), figure(found.whole)} <= set(texts(drawn))
    assert found.share == pytest.approx(found.after / found.whole)
    effect = next(m for m in drawn["marks"] if m["k"] == "path" and "L" in m["d"])
    end = [float(number) for number in effect["d"].rpartition("L")[2].split()]
    assert any(m["k"] == "circle" and (m["x"], m["y"]) == pytest.approx(end, abs=0.06) for m in drawn["marks"])
