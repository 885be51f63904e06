"""The verdict after each word, through the scenes' data: where curves, words and bars stand, and what can be picked."""

import json
from itertools import pairwise

import numpy as np
import pytest

from rnn_core.charts.words import beside, carried, layout, left_behind, verdict
from rnn_core.charts.words.rows import END, START, WIDTH
from tests.charts.labels import Labels

SAID = Labels(
    says="{share} said", open="open {network}", word="{word} {before} {after} {step}", number="{value} {largest}"
)
WORDS = ["the", "plot", "is", "not", "great", ",", "but", "the", "ending", "is", "superb"]
LONG = WORDS * 45
CHINESE = ["剧本", "一点", "也", "不", "无聊", "，", "反而", "很", "精彩"]
SECOND = WORDS * 2


def rising(words: list[str]) -> np.ndarray:
    return np.linspace(0.2, 0.8, len(words) + 1)


def falling(words: list[str]) -> np.ndarray:
    return np.linspace(0.9, 0.1, len(words) + 1)


def verdict_on(words: list[str], **more) -> dict:
    given = {
        "readings": {"lstm": rising(words), "bag_of_words": falling(words)},
        "steps": np.linspace(-1, 4, len(words)),
        "here": "lstm",
        "at": 0,
    }
    scene = verdict(words=words, labels=SAID, **(given | more))
    json.dumps(scene, allow_nan=False)
    return scene


def beside_of(words: list[str], **more) -> dict:
    given = {"step": np.ones(len(words)), "saliency": np.ones(len(words)), "left_out": None, "at": 0}
    scene = beside(words=words, labels=SAID, **(given | more))
    json.dumps(scene, allow_nan=False)
    return scene


def marks(scene: dict, kind: str, *classes: str) -> list[dict]:
    return [m for m in scene["marks"] if m["k"] == kind and set(classes) <= set(m["c"].split())]


def boxes(scene: dict) -> list[dict]:
    """The words' grounds, in their order."""
    return [m for m in scene["marks"] if m.get("pick", "").startswith("word:")]


def written(scene: dict) -> list[str]:
    return [m["s"] for m in marks(scene, "text") if m["s"]]


def points(d: str) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split())) for point in d.removeprefix("M").split("L")] if d else []


def curve(scene: dict, network: str) -> list[tuple[float, float]]:
    """A network's curve through all plots; a plot after the first begins where the one before ended."""
    paths = [m for m in marks(scene, "path", network, f"{network}-dash") if "H" not in m["d"]]
    return [point for path in paths for point in points(path["d"])]


def panels(scene: dict) -> list[dict]:
    return marks(scene, "rect", "panel")


def share(y: float, panel: dict) -> float:
    return 1 - (y - panel["y"]) / panel["h"]


# ------------------------------------------------------------------------------------------------------- the layout


@pytest.mark.parametrize("words", [WORDS, SECOND, LONG, CHINESE, ["one"], ["w" * 40] * 3, ["👩‍👩‍👧", "\ufffd", "سيء"]])
def test_words_stand_in_their_order_beside_one_another_within_the_picture(words):
    places = layout(words)
    assert [i for row in places.rows for i in row] == list(range(len(words)))
    for row in places.rows:
        assert places.lefts[row.start] == START
        for i, following in pairwise(row):
            assert places.lefts[i] + places.widths[i] < places.lefts[following]
        assert places.lefts[row[-1]] + places.widths[row[-1]] <= END + 0.01


def test_a_short_text_has_a_curve_above_each_row_and_a_long_one_a_single_curve():
    assert [len(panels(verdict_on(words))) for words in (WORDS, SECOND, LONG)] == [1, 2, 1]
    assert layout(SECOND).staves == layout(SECOND).rows
    assert len(layout(LONG).rows) > 20


def test_a_text_that_needs_two_rows_has_about_as_much_in_each():
    first, second = (sum(layout(SECOND).widths[i] for i in row) for row in layout(SECOND).rows)
    assert second > 0.7 * first


# ------------------------------------------------------------------------------------------------------- the curves


@pytest.mark.parametrize("words", [WORDS, SECOND, LONG])
def test_the_curve_has_the_probability_after_each_word(words):
    scene = verdict_on(words)
    found = iter(curve(scene, "lstm"))
    for panel, staff in zip(panels(scene), layout(words).staves, strict=True):
        for i in (staff.start - 1, *staff):
            x, y = next(found)
            assert share(y, panel) == pytest.approx(rising(words)[i + 1], abs=0.002)
            if i >= staff.start and len(words) < 50:
                box = boxes(scene)[i]
                assert x == pytest.approx(box["x"] + box["w"] / 2, abs=0.1)
                assert panel["y"] + panel["h"] <= box["y"]
    assert next(found, None) is None


def test_the_numbers_and_the_line_are_those_of_the_word_that_has_been_reached():
    for at in (0, 4, len(WORDS)):
        scene = verdict_on(WORDS, at=at)
        shares = {f"{numbers(WORDS)[at]:.0%} said" for numbers in (rising, falling)}
        assert shares <= set(written(scene))
        (line,) = [m for m in marks(scene, "path", "over") if "V" in m["d"]]
        framed = marks(scene, "rect", "lit-edge")
        x = float(line["d"][1:].split()[0])
        if at:
            assert framed[0]["x"] < x < framed[0]["x"] + framed[0]["w"]
            assert framed[0]["x"] == pytest.approx(boxes(scene)[at - 1]["x"], abs=1.5)
        else:
            assert (x, framed) == (START, [])
        heights = [share(m["y"], panels(scene)[0]) for m in marks(scene, "circle") if m["r"]]
        assert heights == pytest.approx([rising(WORDS)[at], falling(WORDS)[at]], abs=0.001)


def test_the_text_before_an_edit_is_pale_where_it_had_words():
    old = [word for word in WORDS if word != "not"]
    before = carried(falling(old), old, WORDS)
    assert np.isnan(before).tolist() == [word == "not" for word in ("", *WORDS)]
    scene = verdict_on(WORDS, before={"lstm": before})
    (pale,) = [m for m in marks(scene, "path", "lstm", "faint") if m["d"]]
    heights = [share(y, panels(scene)[0]) for _x, y in points(pale["d"])]
    assert heights == pytest.approx(falling(old), abs=0.002)
    assert not [m for m in marks(verdict_on(WORDS), "path", "lstm", "faint") if m["d"]]


def test_two_words_that_changed_places_are_beside_one_another():
    swapped = ["is", "great", "not"]
    assert carried([0.1, 0.2, 0.3, 0.4], ["is", "not", "great"], swapped)[[0, 1]].tolist() == [0.1, 0.2]
    assert carried([0.1, 0.2], ["good"], ["bad"]).tolist() == [0.1, 0.2]
    assert np.isnan(carried([0.1], [], ["bad"])).tolist() == [False, True]


def test_what_is_hidden_is_told_nowhere():
    scene = verdict_on(WORDS, hidden={"lstm", "bag_of_words"}, at=5, before={"lstm": falling(WORDS)})
    assert not curve(scene, "lstm")
    assert not [m for m in marks(scene, "path", "lstm", "dashed") if m["d"]]
    assert written(scene).count("?") == 2
    assert "hidden" in written(scene)
    assert not any("%" in text for text in written(scene) if text != "50%")
    assert {box.get("v") for box in boxes(scene)} == {0.0}
    assert [box["tip"] for box in boxes(scene)] == WORDS
    one = verdict_on(WORDS, hidden={"bag_of_words"})
    assert curve(one, "lstm")
    assert not curve(one, "bag_of_words")


# -------------------------------------------------------------------------------------------------------- the words


def test_a_word_is_coloured_by_its_step():
    steps = [0.0] * len(WORDS)
    steps[3], steps[10] = -4.0, 2.0
    shades = [box["v"] for box in boxes(verdict_on(WORDS, steps=steps))]
    assert (shades[3], shades[10], shades[0]) == (-1.0, 0.5, 0.0)
    faint = [box["v"] for box in boxes(verdict_on(WORDS, steps=[s / 100 for s in steps]))]
    assert 0 < abs(faint[3]) < 0.05


def test_a_word_can_be_picked_and_tells_its_step():
    scene = verdict_on(WORDS, steps=np.full(len(WORDS), -0.5))
    assert [box["pick"] for box in boxes(scene)] == [f"word:{i}" for i in range(len(WORDS))]
    assert boxes(scene)[0]["tip"] == "the 20% 25% −0.50"


def test_what_is_not_read_is_marked_and_has_no_colour():
    scene = verdict_on(WORDS, unknown={4}, cut={0, 1})
    assert [box.get("v") is None for box in boxes(scene)] == [i in (0, 1, 4) for i in range(len(WORDS))]
    assert [box["tip"] for box in boxes(scene)][:5:4] == ["the\ncut", "great\nunknown"]
    assert [i for i, box in enumerate(boxes(scene)) if "unknown" in box["c"].split()] == [4]
    struck = [m["d"] for m in marks(scene, "path") if "h" in m["d"]]
    assert [path.count("M") for path in struck] == [2]


def test_the_networks_have_their_names_and_the_others_can_be_picked():
    scene = verdict_on(WORDS)
    assert {"LSTM", "bag_of_words"} <= set(written(scene))
    picks = {m["pick"]: m["tip"] for m in scene["marks"] if m.get("pick", "").startswith("network:")}
    assert picks == {"network:bag_of_words": "open bag_of_words"}


@pytest.mark.parametrize("words", [WORDS, SECOND, LONG])
@pytest.mark.parametrize("draw", [verdict_on, beside_of])
def test_a_step_keeps_the_kinds_and_the_order_of_the_marks(draw, words):
    kinds = [[m["k"] for m in draw(words, at=at)["marks"]] for at in (0, 1, len(words))]
    assert kinds[0] == kinds[1] == kinds[2]


@pytest.mark.parametrize("draw", [verdict_on, beside_of])
@pytest.mark.parametrize("words", [[], WORDS, SECOND, LONG, CHINESE])
def test_all_stands_within_the_picture_and_large_enough(draw, words):
    scene = draw(words, at=len(words), steps=np.ones(len(words))) if draw is verdict_on else draw(words)
    assert scene["width"] == WIDTH
    assert max(m["y"] + m["h"] for m in marks(scene, "rect")) <= scene["height"]
    assert min(m["z"] for m in marks(scene, "text")) >= 15


# --------------------------------------------------------------------------------------------------------- the bars


def bars(scene: dict) -> list[dict[float, float]]:
    """Of each row the bars: where they stand, and how high they are as a share of the row's half."""
    lanes: list[dict[float, float]] = []
    for sign in marks(scene, "path", "bars"):
        if sign["v"] > 0:
            lanes.append({})
        for bar in sign["d"].split("M")[1:]:
            place, high = bar.split("v")
            lanes[-1][float(place.split()[0])] = -float(high) / (panels(scene)[0]["h"] / 2 - 3)
    return lanes


def test_each_row_is_scaled_to_its_own_largest_number():
    step, saliency, left_out = np.zeros((3, len(WORDS)))
    step[[2, 5]], left_out[[3]], saliency[[1, 4]] = (8.0, -4.0), 0.1, (-0.02, 0.01)
    scene = beside_of(WORDS, step=step, saliency=saliency, left_out=left_out, at=6)
    centres = [round(layout(WORDS).x(i), 1) for i in range(len(WORDS))]
    for lane, expected in zip(bars(scene), ({2: 1, 5: -0.5}, {3: 1}, {1: -1, 4: 0.5}), strict=True):
        assert lane == pytest.approx({centres[i]: high for i, high in expected.items()}, abs=0.01)
    assert [text for text in written(scene) if text[-1].isdigit()] == ["−4.00 8.00", "0.00 0.10", "0.00 0.02"]
    assert len(boxes(scene)) == len(WORDS)


def test_what_was_not_asked_for_yet_says_so():
    scene = beside_of(WORDS)
    assert "ask" in written(scene)
    assert bars(scene)[1] == {}
    assert "ask" not in written(beside_of(WORDS, left_out=np.ones(len(WORDS))))


def test_a_long_text_has_a_narrow_column_for_each_word():
    (step, _left_out, _saliency) = bars(beside_of(LONG))
    assert len(step) == len(LONG)
    assert START < min(step) < max(step) < END


# -------------------------------------------------------------------------------------------- what is left of one word


def left_of(words: list[str], word: int, **values: float) -> dict:
    """Curves that go from their value to its half."""
    left = {}
    for name, value in values.items():
        left[name] = np.full(len(words) + 1, np.nan)
        left[name][word + 1 :] = np.linspace(value, value / 2, len(words) - word)
    scene = left_behind(left=left, words=words, word=word, labels=SAID)
    json.dumps(scene, allow_nan=False)
    return scene


@pytest.mark.parametrize("words", [WORDS, CHINESE, SECOND])
def test_the_curves_of_a_word_begin_above_it_on_one_scale_with_zero_in_the_middle(words):
    scene = left_of(words, 3, lstm=-8.0, gru=4.0)
    ground = panels(scene)[0]
    starts = {m["c"]: (m["x"], share(m["y"], ground)) for m in marks(scene, "circle") if m["r"]}
    box = boxes(scene)[3]
    for name, height in (("lstm-fill", 0.0), ("gru-fill", 0.75)):
        x, y = starts[name]
        assert x == pytest.approx(box["x"] + box["w"] / 2, abs=0.1)
        assert y == pytest.approx(height, abs=0.002)
    assert not [m for m in marks(scene, "rect") if m.get("pick") and not m["pick"].startswith("word:")]


def test_a_word_that_hardly_counts_does_not_fill_the_picture_and_the_last_one_is_a_dot():
    scene = left_of(WORDS, len(WORDS) - 1, lstm=0.5)
    (dot,) = [m for m in marks(scene, "circle", "lstm-fill") if m["r"]]
    assert share(dot["y"], panels(scene)[0]) == pytest.approx(0.5 + 0.5 / 4, abs=0.002)
    assert not [m for m in marks(scene, "path", "lstm-dash") if "L" in m["d"]]


def test_of_a_text_of_many_rows_the_curves_stand_above_all_of_them():
    scene = left_of(LONG, 40, lstm=3.0, bag_of_words=0.01)
    assert len(panels(scene)) == 1
    assert not boxes(scene)
    assert LONG[40] in written(scene), "the word alone; all words stand below the verdict"
