"""The small network with its gradients: the numbers in its marks are backpropagation's, lit where the walk stands."""

import numpy as np
import pytest

from rnn_core.cells import initial_weights
from rnn_core.cells.registry import CELLS, CellTrace, cell_of
from rnn_core.charts.memory import gradient_network
from rnn_core.charts.memory.network import compact
from rnn_core.charts.products import figure
from rnn_core.explain.arithmetic import Pointer
from rnn_core.explain.flow import Flow, edges, flow
from tests.charts.labels import LABELS


def drawn_from(
    cell: str, timesteps: int = 6, units: int = 4, every: bool = False, mask: object = None
) -> tuple[CellTrace, Flow]:
    random = np.random.default_rng(2)
    weights = initial_weights(cell, 3, units, 0, "float64")
    trace = CELLS[cell].forward(random.normal(size=(1, timesteps, 3)), weights, mask=mask)
    d_h = random.normal(size=(timesteps, units))
    if not every:
        d_h[:-1] = 0
    return trace, flow(trace, d_h)


def picture(of: tuple[CellTrace, Flow], back: int, opened: Pointer | None = None) -> dict:
    trace, gradients = of
    return gradient_network(trace=trace, flow=gradients, back=back, labels=LABELS, opened=opened)


def nodes(scene: dict) -> dict[str, dict]:
    return {mark["node"]: mark for mark in scene["marks"] if "node" in mark}


def wires(scene: dict) -> dict[tuple[str, str], list[dict]]:
    """Edges by the nodes they join; a GRU's unit reaches itself by two."""
    found: dict[tuple[str, str], list[dict]] = {}
    for mark in scene["marks"]:
        if "ends" in mark:
            found.setdefault(tuple(mark["ends"].split()), []).append(mark)
    return found


def texts(scene: dict) -> list[str]:
    return [mark["s"] for mark in scene["marks"] if mark["k"] == "text"]


@pytest.mark.parametrize("cell", CELLS)
def test_every_node_that_is_reached_says_its_gradient(cell: str) -> None:
    of = drawn_from(cell)
    drawn = nodes(picture(of, 3))
    states = cell_of(of[0]).states
    assert len(drawn) == 6 * 4 * len(states) + 1
    scale = np.abs(of[1].h[-1]).max()
    for state in states:
        for t in range(2, 6):
            for unit in range(4):
                value, mark = of[1].of(state)[t, unit], drawn[f"{state}{t}.{unit}"]
                assert mark["v"] == pytest.approx(np.clip(value / scale, -1, 1), abs=1e-3)
                assert mark["tip"] == f"∂L/∂{state} = {figure(value)}\nunit {unit} · timestep {t + 1}"
                assert mark["pick"] == f"gradient_{state}:{unit}:{t}"
    assert compact(of[1].h[3, 2]) in texts(picture(of, 3))


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_not_reached_yet_is_not_told(cell: str) -> None:
    scene = picture(drawn_from(cell), 2)
    earlier = [mark for name, mark in nodes(scene).items() if name != "L" and int(name[1]) < 3]
    assert len(earlier) == 3 * 4 * len(CELLS[cell].states)
    assert not [mark for mark in earlier if {"v", "tip", "pick"} & set(mark)]
    for (_end, start), marks in wires(scene).items():
        for mark in marks:
            told = int(start[1]) >= 3
            assert ("tip" in mark, "v" in mark) == (told, told)
            assert mark["c"] == ("" if start[1] == "3" else "past" if told else "future")


@pytest.mark.parametrize("mask", [None, [[True, True, True, False, True, True]]], ids=["read", "one skipped"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_edge_says_factor_times_gradient_and_is_as_wide_as_its_share(cell: str, mask: object) -> None:
    of = drawn_from(cell, mask=mask)
    trace, gradients = of
    drawn = wires(picture(of, 5))
    expected: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for t in range(6):
        for edge in edges(trace, t):
            carried = edge.carried(gradients, t)
            for place in np.ndindex(carried.shape) if t >= edge.back else ():
                ends = f"{edge.end}{t}.{place[0]}", f"{edge.start}{t - edge.back}.{place[-1]}"
                one = gradients.of(edge.end)[t, place[0]], edge.factors[place], carried[place]
                expected.setdefault(ends, []).append(one)
    for unit in range(4):
        expected["L", f"h5.{unit}"] = [(gradients.own[5, unit],) * 3]
    assert {ends: len(marks) for ends, marks in drawn.items()} == {ends: len(ones) for ends, ones in expected.items()}
    largest: dict[str, float] = {}
    for (_end, start), ones in expected.items():
        largest[start[1]] = max([largest.get(start[1], 0.0), *(abs(carried) for *_, carried in ones)])
    for ends, ones in expected.items():
        for mark, (gradient, factor, carried) in zip(drawn[ends], ones, strict=True):
            assert mark["v"] == np.sign(carried)
            lit = 1.0 if ends[1][1] == "0" else 0.45
            assert mark["w"] == pytest.approx((0.6 + 4.4 * abs(carried) / largest[ends[1][1]]) * lit, abs=1e-3)
            if ends[0] != "L":
                first, second, third, _where = mark["tip"].split("\n")
                assert first.endswith(f" = {figure(gradient)}")
                assert second.endswith(f" = {figure(factor)}")
                assert third == f"→ {figure(gradient * factor)}"


def test_edges_say_what_multiplies_on_each_way() -> None:
    lstm, gru = (wires(picture(drawn_from(cell), 5)) for cell in ("lstm", "gru"))
    named = {name: mark["tip"].split("\n")[1:] for name, mark in {
        "carry": lstm["c3.1", "c2.1"][0], "shown": lstm["h3.1", "c3.1"][0], "gates": lstm["c3.1", "h2.0"][0],
        "mixed": gru["h3.1", "h2.1"][0], "through": gru["h3.1", "h2.1"][1],
    }.items()}  # fmt: skip
    begins = {
        "carry": "× f[1] =", "shown": "× o[1]·(1 − tanh² c[1]) =", "gates": "× ∂c[1]/∂h[0] =",
        "mixed": "× z[1] =", "through": "× ∂h[1]/∂h[1] =",
    }  # fmt: skip
    for name, said in begins.items():
        assert named[name][0].startswith(said)
    assert named["carry"][-1] == "timestep 4 → 3"
    assert named["shown"][-1] == "timestep 4"


def test_letters_stand_beside_the_lit_edges_of_what_multiplies_there() -> None:
    letters = {"U", "f", "o", "z"}
    said = {cell: [letters & set(texts(picture(drawn_from(cell), back))) for back in (0, 2)] for cell in CELLS}
    assert said == {"simple_rnn": [set(), {"U"}], "lstm": [{"o"}, {"U", "f", "o"}], "gru": [set(), {"U", "z"}]}
    of_carry, of_state = (
        letters & set(texts(picture(drawn_from("lstm"), 3, Pointer(f"gradient_{state}", 3, 0)))) for state in "ch"
    )
    assert (of_carry, of_state) == ({"f", "o"}, {"U"})


def test_an_opened_gradient_lights_all_that_runs_into_it_and_nothing_else() -> None:
    scene = picture(drawn_from("lstm"), 4, Pointer("gradient_h", 3, 2))
    lit = {ends for ends, marks in wires(scene).items() if marks[0]["c"] == ""}
    assert lit == {(f"{state}4.{unit}", "h3.2") for state in "hc" for unit in range(4)}
    assert {name for name, mark in nodes(scene).items() if "thick" in mark["c"]} == {"h3.2"}


@pytest.mark.parametrize(
    "opened", [Pointer("forget_gate", 3, 2), Pointer("jacobian", 3, 2, 1), Pointer("gradient_h", 0, 2)]
)
def test_another_number_that_is_open_or_one_not_reached_yet_changes_nothing(opened: Pointer) -> None:
    of = drawn_from("lstm")
    assert picture(of, 4, opened) == picture(of, 4)


@pytest.mark.parametrize("cell", CELLS)
def test_a_step_and_an_opened_number_keep_the_marks_kinds_and_order(cell: str) -> None:
    """So the browser writes only what changed."""
    for every in (False, True):
        of = drawn_from(cell, every=every)
        kinds = {tuple(mark["k"] for mark in picture(of, back)["marks"]) for back in range(6)}
        kinds.add(tuple(mark["k"] for mark in picture(of, 3, Pointer("gradient_h", 4, 1))["marks"]))
        assert len(kinds) == 1


def test_losses_of_earlier_timesteps_stand_beside_the_states_they_judge() -> None:
    of = drawn_from("gru", every=True)
    scene = picture(of, 3)
    own = [mark for mark in scene["marks"] if mark["k"] == "circle" and "node" not in mark]
    assert len(own) == 5 * 4
    told = wires(scene)["L", "h4.1"][0]["tip"]
    assert told == f"loss → ∂L/∂h[1] = {figure(of[1].own[4, 1])}\ntimestep 5"
    assert ("L", "h4.1") not in wires(picture(drawn_from("gru"), 3))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("size", [(8, 4), (2, 1), (1, 1), (8, 1)])
def test_nodes_stand_apart_inside_the_picture(cell: str, size: tuple[int, int]) -> None:
    scene = picture(drawn_from(cell, *size), 0)
    boxes = [mark for mark in nodes(scene).values() if mark["k"] == "rect"]
    for i, one in enumerate(boxes):
        assert 0 <= one["x"] <= scene["width"] - one["w"]
        assert 0 <= one["y"] <= scene["height"] - one["h"]
        for other in boxes[:i]:
            beside = abs(one["x"] - other["x"]) >= one["w"] or abs(one["y"] - other["y"]) >= one["h"]
            assert beside
    assert min(mark["z"] for mark in scene["marks"] if mark["k"] == "text") >= 14


@pytest.mark.parametrize("cell", CELLS)
def test_numbers_beyond_all_bounds_are_drawn_as_what_they_are(cell: str) -> None:
    trace, _flow = drawn_from(cell)
    d_h = np.zeros((6, 4))
    d_h[-1] = [np.inf, -np.inf, np.nan, 1.0]
    scene = picture((trace, flow(trace, d_h)), 5)
    assert {"∞", "−∞", "NaN", "1.00"} <= set(texts(scene))
    drawn = nodes(scene)
    assert [drawn[f"h5.{unit}"].get("v") for unit in range(4)] == [1.0, -1.0, None, 1.0]
    assert all(0 < mark["w"] <= 5 for marks in wires(scene).values() for mark in marks)


def test_no_gradient_at_all_is_drawn_too() -> None:
    trace, _flow = drawn_from("lstm")
    scene = picture((trace, flow(trace, np.zeros((6, 4)))), 5)
    assert {mark["w"] for (_end, start), marks in wires(scene).items() for mark in marks if start[1] == "0"} == {0.6}
    assert texts(scene).count("0") == 6 * 4 * 2


def test_numbers_in_nodes_are_short_and_hide_no_small_one() -> None:
    values = (0.0, -0.25, 0.0123, 0.0096, -3.4e-4, 1e-120, 12.34, -1.2e5, float("inf"), float("nan"))
    said = ["0", "−0.25", "0.01", "1e−2", "−3e−4", "1e−120", "12.3", "−1.2e5", "∞", "NaN"]
    assert [compact(value) for value in values] == said
