"""The gradient's curves, matrices and epochs: every mark stands where its number belongs, and says it."""

import base64
import json
import re

import numpy as np
import pytest

from rnn_core.charts.memory import Curve, Lane, curves, epochs, matrices
from rnn_core.charts.memory.curves import KEY, figure
from rnn_core.charts.memory.curves import WIDTH as WIDE
from rnn_core.explain.gradient import PRECISION
from tests.charts.labels import LABELS, Labels

WORDS = Labels(open="open {cell}", largest="largest {size}")
HEIGHT, T = 344.0, 50
INF, NAN = float("inf"), float("nan")


def power(factor: float, timesteps: int = T) -> np.ndarray:
    """What is left at each timestep of a gradient that every step back multiplies with this factor."""
    return factor ** np.arange(timesteps - 1, -1, -1.0)


def drawn_from(*given: np.ndarray | Curve, at: int = T, **more) -> dict:
    cells = ("simple_rnn", "lstm", "gru")
    drawn = [c if isinstance(c, Curve) else Curve(cells[i % 3], "h", c, f"said {i}") for i, c in enumerate(given)]
    scene = curves(drawn=drawn, at=at, here="simple_rnn", labels=WORDS, height=HEIGHT, **more)
    json.dumps(scene, allow_nan=False)
    return scene


def of_kind(scene: dict, kind: str, *classes: str) -> list[dict]:
    """The marks of a kind that bear all these classes."""
    return [m for m in scene["marks"] if m["k"] == kind and set(classes) <= set(m.get("c", "").split())]


def texts(scene: dict) -> list[str]:
    return [mark["s"] for mark in scene["marks"] if mark["k"] == "text" and mark["s"]]


def lines(scene: dict) -> list[list[list[tuple[float, float]]]]:
    """Each curve's pieces, of each its points."""
    return [_pieces(mark["d"]) for mark in of_kind(scene, "path") if mark["w"] == 3]


def dashed(scene: dict) -> list[list[list[tuple[float, float]]]]:
    return [_pieces(m["d"]) for m in of_kind(scene, "path", "dashed") if "over" not in m["c"] and m["d"]]


def _pieces(d: str) -> list[list[tuple[float, float]]]:
    return [[tuple(map(float, point.split())) for point in piece.split("L")] for piece in d.split("M")[1:]]


def panel(scene: dict) -> dict:
    return of_kind(scene, "rect", "panel")[0]


def axis(scene: dict) -> dict[float, float]:
    """The decades that are written, and the height at which each one's line lies."""
    found = {}
    written = [m for m in of_kind(scene, "text", "quiet") if m.get("a") == "end" and m["x"] < panel(scene)["x"]]
    for mark in written:
        exponent = mark["s"].removeprefix("10").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        found[0 if mark["s"] == "1" else int(exponent)] = mark["y"] - 5
    return found


# ----------------------------------------------------------------------------------------------------- the curves


def test_a_length_stands_at_its_power_of_ten() -> None:
    scene = drawn_from(power(0.9), power(0.5))
    lines_of_decades = axis(scene)
    decades = sorted(lines_of_decades)
    per_decade = (lines_of_decades[decades[0]] - lines_of_decades[0]) / -decades[0]
    for decade in decades:
        assert lines_of_decades[decade] == pytest.approx(lines_of_decades[0] - decade * per_decade, abs=0.2)
    for line, factor in zip(lines(scene), (0.9, 0.5), strict=True):
        (points,) = line
        inside = int(min(T, 1 - 12 / np.log10(factor)))  # timesteps until it has left below, and the one where it does
        assert len(points) == min(inside + 1, T)
        for back in (0, 20, len(points) - 1):
            height = lines_of_decades[0] - np.log10(factor) * back * per_decade
            bottom = panel(scene)["y"] + panel(scene)["h"]
            assert points[-1 - back][1] == pytest.approx(min(height, bottom), abs=0.2)
    xs = [x for x, _y in lines(scene)[0][0]]
    assert (xs[0], xs[-1]) == (panel(scene)["x"], panel(scene)["x"] + panel(scene)["w"])
    assert np.diff(xs) == pytest.approx(np.full(T - 1, panel(scene)["w"] / (T - 1)), abs=0.11)


def test_the_axis_reaches_as_far_as_the_largest_number() -> None:
    for largest, end in ((1.0, 1), (900.0, 3), (2e6, 12), (1e89, 96), (1e300, 308), (INF, 1)):
        scene = drawn_from(np.array([largest, 1.0]), at=2)
        assert max(axis(scene)) <= end
        where = axis(scene)
        per_decade = (where[min(where)] - where[max(where)]) / (max(where) - min(where))
        top = panel(scene)["y"]
        assert where[0] - end * per_decade == pytest.approx(top, abs=0.3)
        inside = [y for (points,) in lines(scene) for _x, y in points]
        assert min(inside) >= top - 0.06
    # A dashed line beside counts as well.
    assert axis(drawn_from(Curve("gru", "h", power(0.9), beside=np.full(T, 1e5)))) == axis(drawn_from(np.full(T, 1e5)))


def test_the_line_of_precision_stands_where_float32_ends() -> None:
    scene = drawn_from(power(0.9))
    (line,) = of_kind(scene, "path", "dashed", "over")
    height = float(re.search(r" (\S+)H", line["d"])[1])
    where = axis(scene)
    per_decade = (where[min(where)] - where[0]) / -min(where)
    assert height == pytest.approx(where[0] - np.log10(PRECISION) * per_decade, abs=0.2)
    (shade,) = of_kind(scene, "rect", "below")
    assert shade["y"] == pytest.approx(height, abs=0.06)
    assert shade["y"] + shade["h"] == pytest.approx(panel(scene)["y"] + panel(scene)["h"], abs=0.01)
    assert "precision" in texts(scene)


@pytest.mark.parametrize(
    "values",
    [(0.5, 0.5, 0.5), (1.0, 0.99, 1e-3, 1e-11), (0.0, 1e-13, 1e-12, NAN), (1e9, INF, 1e9, 0.0), (1, 1, 0, 0, 0, 0)],
)
@pytest.mark.parametrize("at", [1, 25, T])
def test_the_numbers_on_the_cursor_do_not_overlap(values: tuple[float, ...], at: int) -> None:
    scene = drawn_from(*(np.full(T, value) for value in values), at=at)
    numbers = [m for m in of_kind(scene, "text", "halo-panel") if m["s"] not in ("precision", "beside")]
    # An LSTM's two curves are of one colour: their numbers say which they are of.
    assert [m["s"] for m in numbers] == [
        ("h " if i % 3 == 1 else "") + figure(value) for i, value in enumerate(values)
    ]
    heights = sorted(m["y"] - 5 for m in numbers)
    assert np.diff(heights).min() >= 17 - 1e-6
    assert heights[0] >= KEY, "they stay below the curves' names"
    assert heights[-1] <= panel(scene)["y"] + panel(scene)["h"]
    sides = {m["a"] for m in numbers}
    assert sides == ({"end"} if at == T else {"start"})
    assert {m["x"] for m in of_kind(scene, "circle") if m["r"]} <= {m["x"] + (11 if at == T else -11) for m in numbers}


def test_a_number_that_is_in_nobodys_way_stands_at_its_curve() -> None:
    scene = drawn_from(np.full(T, 1.0), np.full(T, 0.0), np.full(T, 1e-12))
    number = next(m for m in of_kind(scene, "text", "halo-panel") if m["s"] == "1.0")
    assert number["y"] - 5 == pytest.approx(axis(scene)[0], abs=0.1)


def test_a_hidden_curve_shows_its_first_point_and_nothing_else() -> None:
    def hidden(factor: float, forwards: bool = False) -> dict:
        lengths = power(factor)[::-1] if forwards else power(factor)
        unknown = [Curve("lstm", "h", lengths, "known by heart", lengths / 2, known=False)]
        return drawn_from(*unknown, at=1 if forwards else T, forwards=forwards)

    for forwards in (False, True):
        scene = hidden(0.5, forwards)
        assert lines(scene) == [[]]
        assert not dashed(scene)
        (dot,) = [m for m in of_kind(scene, "circle") if m["r"]]
        box = panel(scene)
        assert dot["x"] == pytest.approx(box["x"] + (0 if forwards else box["w"]))
        assert dot["y"] == pytest.approx(axis(scene)[0], abs=0.1)
        assert {"?", "hidden"} <= set(texts(scene))
        assert "known by heart" not in texts(scene)
        # Whatever the curve does, even the axis is the same.
        assert scene == hidden(0.99, forwards) == hidden(3.0, forwards)
    assert "hidden" not in texts(drawn_from(power(0.5)))


def test_what_overflows_or_vanishes_ends_at_an_edge_and_is_named() -> None:
    lengths = np.full(T, 1.0)
    lengths[:3] = INF, 0.0, 1e-200
    scene = drawn_from(lengths, at=1)
    # Between the two that have left below nothing is drawn.
    box, ((inf, zero), (tiny, *_rest)) = panel(scene), lines(scene)[0]
    assert inf[1] == pytest.approx(box["y"], abs=0.06)
    assert zero[1] == tiny[1] == pytest.approx(box["y"] + box["h"], abs=0.06)
    assert "∞" in texts(scene)
    assert "0" in texts(drawn_from(lengths, at=2))
    assert figure(1e-200) in texts(drawn_from(lengths, at=3))


def test_what_is_no_number_leaves_a_gap_and_is_named() -> None:
    lengths = np.full(T, 0.5)
    lengths[20:23] = NAN
    scene = drawn_from(lengths, at=22)
    before, after = lines(scene)[0]
    assert (len(before), len(after)) == (20, T - 23)
    assert "NaN" in texts(scene)
    assert not [m for m in of_kind(scene, "circle") if m["r"]]
    nothing = drawn_from(np.full(T, NAN))
    assert lines(nothing) == [[]]
    assert "NaN" in texts(nothing)


def test_another_network_stands_dashed_beside() -> None:
    scene = drawn_from(Curve("gru", "h", power(0.9), beside=power(0.5)), power(0.8))
    (beside,) = dashed(scene)
    assert beside == lines(drawn_from(power(0.5)))[0]


def test_a_click_on_another_cells_name_picks_it() -> None:
    carry = Curve("lstm", "c", power(0.8), "said c")
    scene = drawn_from(power(0.9), power(0.5), carry, Curve("gru", "h", power(0.7)))
    assert [m["pick"] for m in scene["marks"] if m.get("pick")] == ["cell:lstm", "cell:gru"]
    assert [m["tip"] for m in scene["marks"] if m.get("tip")] == ["open LSTM", "open GRU"]
    lstm = next(m for m in scene["marks"] if m.get("pick") == "cell:lstm")
    names = {m["s"]: m["x"] for m in of_kind(scene, "text", "strong") if m["y"] < KEY}
    inside = [name for name, x in names.items() if lstm["x"] <= x <= lstm["x"] + lstm["w"]]
    assert inside == ["LSTMstate_h", "LSTMstate_c"]
    assert not [m for m in drawn_from(power(0.9))["marks"] if m.get("pick")], "of one cell there is nothing to choose"


def test_what_has_been_walked_is_tinted() -> None:
    for forwards, at in ((False, 20), (True, 20), (False, T), (True, 1)):
        scene = drawn_from(power(0.9), at=at, forwards=forwards)
        (walked,) = of_kind(scene, "rect", "walked")
        box = panel(scene)
        here = box["x"] + box["w"] * (at - 1) / (T - 1)
        ends = (box["x"], here) if forwards else (here, box["x"] + box["w"])
        assert (walked["x"], walked["x"] + walked["w"]) == pytest.approx(ends, abs=0.01)


def test_very_many_timesteps_are_thinned_out_and_both_ends_stay() -> None:
    long = np.linspace(0.1, 1.0, 500)
    (points,) = lines(drawn_from(long, at=500))[0]
    assert 100 < len(points) < 500
    (ends,) = lines(drawn_from(long[[0, -1]], at=2))[0]
    assert [points[0][1], points[-1][1]] == [ends[0][1], ends[-1][1]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (NAN, "NaN"), (INF, "∞"), (1.0, "1.0"), (0.5, "0.5"), (0.0123, "0.012"), (9.96, "10"), (123.4, "123"),
     (1234.0, "1.2·10³"), (0.0012, "1.2·10⁻³"), (1e-300, "1.0·10⁻³⁰⁰")],
)  # fmt: skip
def test_a_length_is_written_short(value: float, text: str) -> None:
    assert figure(value) == text


# --------------------------------------------------------------------------------------------------- the matrices


def boxes(jacobian: object = None, product: object = None, states: str = "h", **more) -> dict:
    product = np.eye(2) if product is None else np.asarray(product)
    jacobian = None if jacobian is None else np.asarray(jacobian)
    given = {"values": (None, np.ones(len(product))), "paths": {}, "chosen": "whole"} | more
    scene = matrices(jacobian=jacobian, product=product, states=states, labels=WORDS, **given)
    json.dumps(scene, allow_nan=False)
    return scene


def heat(scene: dict, name: str) -> tuple[np.ndarray, dict]:
    """What a heat map tells of each number, and its mark."""
    (mark,) = [m for m in scene["marks"] if m.get("id") == name]
    array = np.frombuffer(base64.b64decode(mark["b64"]), "<f4").reshape(mark["rows"], mark["cols"])
    return array.astype(float) * mark.get("times", 1.0), mark


@pytest.mark.parametrize("size", [1.0, 1e-200, 1e89, 0.0123456])
def test_a_heat_map_holds_numbers_of_any_size_and_the_largest_is_named(size: float) -> None:
    matrix = size * np.array([[1.0, -0.25], [0.0, 0.5]])
    scene = boxes(matrix, 0.1 * matrix)
    for name, expected in (("jacobian", matrix), ("product", 0.1 * matrix)):
        told, mark = heat(scene, name)
        np.testing.assert_allclose(told, expected, rtol=1e-6)
        shades = np.abs(told / mark.get("times", 1.0)) / mark["scale"]
        assert shades.max() == pytest.approx(1.0), "the largest number has the full colour"
        assert mark["names"] == ["entry", "row", "column"]
        assert f"largest {figure(np.abs(expected).max())}" in texts(scene)


def test_a_matrix_of_nothing_is_drawn_as_zeros() -> None:
    told, _mark = heat(boxes(np.zeros((2, 2))), "jacobian")
    assert not told.any()


@pytest.mark.parametrize(("bad", "name"), [(INF, "∞"), (-INF, "∞"), (NAN, "NaN")])
@pytest.mark.parametrize("rest", [1.0, None])
def test_a_matrix_that_overflowed_is_drawn_and_named(bad: float, name: str, rest: float | None) -> None:
    matrix = np.full((3, 3), bad)
    if rest is not None:
        matrix[1:] = rest
    told, _mark = heat(boxes(product=matrix), "product")
    np.testing.assert_array_equal(told, matrix)
    assert f"largest {name}" in texts(boxes(product=matrix))


def test_before_the_first_step_there_is_no_jacobian() -> None:
    scene = boxes(None, np.eye(3))
    assert [m["id"] for m in scene["marks"] if m["k"] == "heat"] == ["product"]
    assert "none" in texts(scene)


def test_the_parts_of_an_lstms_state_are_told_apart() -> None:
    scene = boxes(np.eye(4), np.eye(4), states="hc")
    assert texts(scene).count("h") == texts(scene).count("c") == 2
    assert "h" not in texts(boxes(np.eye(4), np.eye(4)))


def bars(scene: dict) -> list[dict]:
    return [m for m in scene["marks"] if m["k"] == "rect" and {"grows", "shrinks"} & set(m["c"].split())]


def test_singular_values_are_bars_up_and_down_from_one() -> None:
    values = np.array([10.0, 1.0, 0.1, 0.0])
    scene = boxes(np.eye(4), np.eye(4), values=(values, np.array([1e3, 1e-6, INF, 1e-300])))
    one, product = bars(scene)[:4], bars(scene)[4:]
    assert [m["tip"] for m in one] == ["σ1 = 10", "σ2 = 1.0", "σ3 = 0.1", "σ4 = 0"]
    assert [m["c"] for m in one] == ["grows", "shrinks", "shrinks", "shrinks"]
    assert one[0]["h"] == pytest.approx(one[2]["h"]), "a decade up is as tall as a decade down"
    assert one[1]["h"] == 1.0
    assert one[0]["y"] + one[0]["h"] == pytest.approx(one[2]["y"], abs=0.01)
    assert one[3]["h"] == pytest.approx(2 * one[2]["h"], abs=0.01), "what has vanished ends at the edge"
    assert product[2]["h"] == pytest.approx(2 * product[0]["h"], abs=0.01)
    assert product[3]["h"] == pytest.approx(2 * product[1]["h"], abs=0.01)
    assert product[2]["tip"] == "σ3 = ∞"


def test_of_very_many_singular_values_a_few_stand_for_all() -> None:
    values = np.linspace(2.0, 0.5, 128)
    shown = bars(boxes(np.eye(2), np.eye(2), values=(values, values)))
    assert len(shown) == 64
    assert [m["tip"].split(" ")[0] for m in shown[:32]][::31] == ["σ1", "σ128"]


def test_nobody_knows_how_far_a_matrix_that_overflowed_stretches() -> None:
    scene = boxes(np.eye(2), np.full((2, 2), NAN), values=(np.ones(2), np.full(2, NAN)))
    assert len(bars(scene)) == 2
    assert texts(scene).count("NaN") == 1


def test_each_path_has_a_bar_as_long_as_its_share() -> None:
    scene = boxes(np.eye(2), np.eye(2), paths={"whole": 0.4, "kept": 0.3, "gates": 0.1}, chosen="kept")
    whole, kept, gates = [m["w"] for m in scene["marks"] if m["k"] == "rect" and "-fill" in m["c"]]
    assert (kept / whole, gates / whole) == pytest.approx((0.75, 0.25), abs=1e-3)
    assert [m["pick"] for m in scene["marks"] if m.get("pick")] == ["path:whole", "path:gates"]
    assert {"0.4", "0.3", "0.1", "path_whole", "path_kept", "path_gates"} <= set(texts(scene))
    (chosen,) = of_kind(scene, "rect", "marked")
    assert chosen["tip"] == "path_kept"


def test_paths_that_overflowed_or_vanished_are_named() -> None:
    scene = boxes(np.eye(2), np.eye(2), paths={"whole": INF, "kept": 0.0, "gates": NAN}, chosen="whole")
    whole, kept, gates = [m["w"] for m in scene["marks"] if m["k"] == "rect" and "-fill" in m["c"]]
    assert whole > kept == gates == 0
    assert {"∞", "0", "NaN"} <= set(texts(scene))


def test_a_cell_with_one_path_has_one_bar() -> None:
    scene = boxes(np.eye(2), np.eye(2), paths={"whole": 0.4})
    assert not {"path_kept", "path_gates"} & set(texts(scene))
    assert not [m for m in scene["marks"] if m.get("pick")]


# ----------------------------------------------------------------------------------------------------- the epochs


def columns(lane: Lane, shown: int = 4) -> list[float]:
    """How tall each column is, as a share of the lane."""
    scene = epochs(kept=[0, 1, 4][: len(lane.heights)], shown=shown, lanes=[lane], labels=LABELS)
    json.dumps(scene, allow_nan=False)
    return [m["h"] / 34.0 for m in scene["marks"] if m["k"] == "rect" and "-fill" in m["c"]]


def test_half_lives_stand_on_a_logarithmic_scale_that_ends() -> None:
    lane = Lane.half_lives("half-life", [np.sqrt(200), 1.0, 0.3], "state")
    assert lane.said == ["14", "1.0", "0.3"]
    assert columns(lane) == pytest.approx([0.5, 0.02, 0.02], abs=1e-3)
    beyond = Lane.half_lives("half-life", [201.0, INF, -3.0], "state")
    assert beyond.said == ["> 200"] * 3
    assert columns(beyond) == [1.0] * 3
    unknown = Lane.half_lives("half-life", [NAN, 5.0, NAN], "state")
    assert unknown.said == ["", "5.0", ""]
    assert columns(unknown)[::2] == [0.0, 0.0]


def test_shares_and_errors_are_columns() -> None:
    shares = Lane.shares("right", [0.25, 1.0, NAN], "lstm")
    assert (shares.said, columns(shares)) == (["25%", "100%", ""], [0.25, 1.0, 0.0])
    errors = Lane.errors("error", [0.2, 0.05, NAN], "lstm")
    assert (errors.said, columns(errors)) == (["0.2", "0.05", ""], [1.0, pytest.approx(0.25, abs=1e-3), 0.0])
    beyond = Lane.errors("error", [INF, 2.0, 1.0], "lstm")
    assert (beyond.said[0], columns(beyond)) == ("∞", [1.0, 1.0, 0.5])
    assert columns(Lane.errors("error", [0.0, 0.0, 0.0], "lstm")) == [0.0] * 3


def test_every_epoch_but_the_one_shown_can_be_picked() -> None:
    lanes = [Lane.shares("right", [0.1, 0.2, 0.3], "gru"), Lane.shares("gate", [0.1, 0.2, 0.3], "forget_gate")]
    scene = epochs(kept=[0, 3, 30], shown=3, lanes=lanes, labels=Labels(open="epoch {epoch}"))
    assert [m["pick"] for m in scene["marks"] if m.get("pick")] == ["epoch:0", "epoch:30"]
    assert [m["tip"] for m in scene["marks"] if m.get("tip")] == ["epoch 0", "epoch 3", "epoch 30"]
    faint = ["faint" in m["c"] for m in scene["marks"] if m["k"] == "rect" and "-fill" in m["c"]]
    assert faint == [True, False, True] * 2
    (lit,) = of_kind(scene, "rect", "lit-edge")
    (number,) = [m for m in of_kind(scene, "text", "strong") if m["s"] == "3"]
    assert lit["x"] < number["x"] < lit["x"] + lit["w"]


def test_many_columns_are_too_narrow_for_numbers() -> None:
    kept = list(range(60))
    lane = Lane.shares("right", [0.5] * 60, "gru")
    scene = epochs(kept=kept, shown=0, lanes=[lane], labels=LABELS)
    assert "50%" not in texts(scene)
    assert max(m["x"] + m.get("w", 0) for m in scene["marks"] if "x" in m) <= WIDE + 0.01
