"""The toy's two pictures: the numbers in their marks are the trace's, and each mark says where its number stands."""

import base64
import re

import numpy as np
import pytest

from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.charts import toy
from rnn_core.charts.first_input import share
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import short
from rnn_core.explain.arithmetic import Pointer
from rnn_core.explain.first_input import first_input_left
from tests.charts.labels import LABELS


def trace_of(timesteps: int = 6, features: int = 3, units: int = 4, recipe: str = "small") -> SimpleRNNTrace:
    drawn = toy_weights(features, units, recipe, 0)
    bias = np.linspace(-0.5, 0.5, units).astype(drawn.dtype)
    weights = SimpleRNNWeights(kernel=drawn.kernel, recurrent_kernel=drawn.recurrent_kernel, bias=bias)
    return simple_rnn_forward(toy_inputs(timesteps, features, 0)[np.newaxis], weights)


def network(trace: SimpleRNNTrace, t: int, opened: Pointer | None = None) -> dict:
    return toy.unrolled(trace=trace, t=t, labels=LABELS, left=first_input_left(trace), opened=opened)


def strips(trace: SimpleRNNTrace, t: int, opened: Pointer | None = None) -> dict:
    return toy.strips(trace=trace, t=t, labels=LABELS, left=first_input_left(trace), opened=opened)


def nodes(scene: dict) -> dict[str, dict]:
    return {mark["node"]: mark for mark in scene["marks"] if "node" in mark}


def edges(scene: dict) -> dict[tuple[str, str], dict]:
    return {tuple(mark["ends"].split()): mark for mark in scene["marks"] if "ends" in mark}


def numbers(heat: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(heat["b64"]), "<f4").reshape(heat["rows"], heat["cols"])


def heats(scene: dict) -> dict[str, dict]:
    return {mark["id"]: mark for mark in scene["marks"] if mark["k"] == "heat"}


def test_every_state_and_input_of_a_small_network_is_the_traces() -> None:
    trace = trace_of()
    drawn = nodes(network(trace, 4))
    assert len(drawn) == 7 * 4 + 6 * 3
    for step in range(1, 5):
        for unit in range(4):
            value = trace.h[0, step - 1, unit]
            mark = drawn[f"h{step}.{unit}"]
            assert mark["v"] == round(float(value), 3)
            assert mark["tip"] == f"state = {value:.6f}\nunit {unit} · timestep {step}".replace("-", "−")
            assert mark["pick"] == f"h:{unit}:{step - 1}"
        for feature in range(3):
            value = trace.inputs[0, step - 1, feature]
            assert drawn[f"x{step}.{feature}"]["tip"] == f"input = {value:.6f}\nfeature {feature} · timestep {step}"
    assert drawn["h0.2"]["tip"] == "state = 0.000000\nunit 2 · start"


def test_what_is_not_computed_yet_is_not_told() -> None:
    trace = trace_of()
    scene = network(trace, 2)
    later = [mark for name, mark in nodes(scene).items() if name[0] == "h" and int(name[1]) > 2]
    assert len(later) == 4 * 4
    assert not [mark for mark in later if {"v", "pick", "tip"} & set(mark)]
    places = {(mark["x"], mark["y"] + 5) for mark in later}
    assert [m["s"] for m in scene["marks"] if m["k"] == "text" and (m["x"], m["y"]) in places] == [""] * 16
    assert "→" not in edges(scene)["h2.0", "h3.0"]["tip"]


def test_every_edge_carries_its_weight_and_says_what_it_multiplies() -> None:
    trace = trace_of()
    w, drawn = trace.weights, edges(network(trace, 3))
    largest = max(abs(array).max() for array in (w.kernel, w.recurrent_kernel, w.bias))
    assert len(drawn) == 6 * 4 * (3 + 4 + 1)
    for unit in range(4):
        for source in range(4):
            edge, weight = drawn[f"h2.{source}", f"h3.{unit}"], float(w.recurrent_kernel[source, unit])
            assert edge["v"] == round(max(-1, min(1, weight)), 3)
            assert edge["w"] == pytest.approx(0.6 + 4.4 * abs(weight) / largest, abs=1e-3)
            before = float(trace.h[0, 1, source])
            assert edge["tip"].split("\n") == [
                f"U[{unit}, {source}] = {short(weight)}", f"× state[{source}] = {short(before)}",
                f"→ {short(weight * before)}", "timestep 3",
            ]  # fmt: skip
        edge, weight, x = drawn["x3.1", f"h3.{unit}"], float(w.kernel[1, unit]), float(trace.inputs[0, 2, 1])
        assert edge["tip"].startswith(f"W[{unit}, 1] = {short(weight)}\n× x[1] = {short(x)}\n→ {short(weight * x)}")
        assert drawn["b", f"h3.{unit}"]["tip"] == f"b[{unit}] = {short(w.bias[unit])}\ntimestep 3"


def test_the_current_timesteps_edges_are_lit_past_ones_quiet_later_ones_pale() -> None:
    for (_source, end), mark in edges(network(trace_of(), 3)).items():
        step = int(end[1:].split(".")[0])
        assert mark["c"] == ("" if step == 3 else "past" if step < 3 else "future")


def test_an_opened_number_lights_all_that_goes_into_it_and_nothing_else() -> None:
    scene = network(trace_of(), 5, Pointer("h", 3, 2))
    lit = {ends for ends, mark in edges(scene).items() if mark["c"] == ""}
    sources = [*(f"x4.{feature}" for feature in range(3)), *(f"h3.{unit}" for unit in range(4)), "b"]
    assert lit == {(source, "h4.2") for source in sources}
    framed = {name for name, mark in nodes(scene).items() if "thick" in mark["c"]}
    assert framed == {*sources, "h4.2"} - {"b"}


def test_w_u_and_b_stand_beside_the_timestep_they_are_used_in() -> None:
    trace = trace_of()
    for t, step, opened in ((0, 1, None), (1, 1, None), (5, 5, None), (5, 2, Pointer("h", 1, 0))):
        scene = network(trace, t, opened)
        (title,) = [m for m in scene["marks"] if m["k"] == "text" and m["s"] == f"timestep {step}"]
        for name in "WUb":
            (mark,) = [m for m in scene["marks"] if m["k"] == "text" and m["s"] == name]
            assert abs(mark["x"] - title["x"]) < 0.8 * toy.network.WIDTH / 7


@pytest.mark.parametrize("draw", [network, strips])
def test_the_first_inputs_trace_stands_in_the_picture(draw) -> None:
    trace = trace_of()
    left = first_input_left(trace)
    said = " ".join(mark["s"] for mark in draw(trace, 4)["marks"] if mark["k"] == "text")
    assert share(left[3]) in said
    (band,) = [mark for mark in draw(trace, 4)["marks"] if mark.get("c") == "fill-input"]
    (ground,) = [mark for mark in draw(trace, 4)["marks"] if mark["k"] == "rect" and mark["c"] == "panel"]
    tops = [float(y) for y in re.findall(r"L[\d.]+ (-?[\d.]+)H", band["d"])]
    heights = (ground["y"] + ground["h"] - np.array(tops)) / ground["h"]
    np.testing.assert_allclose(heights, np.minimum(left[:4], 1), atol=0.01)


@pytest.mark.parametrize("sizes", [(6, 3, 4), (8, 5, 5), (1, 1, 1), (8, 1, 5), (2, 5, 1)])
def test_nodes_of_a_small_network_stand_apart_inside_the_picture_and_can_be_read(sizes) -> None:
    scene = network(trace_of(*sizes), 1)
    circles = list(nodes(scene).values())
    for i, one in enumerate(circles):
        assert one["r"] <= one["x"] <= scene["width"] - one["r"]
        for other in circles[:i]:
            apart = np.hypot(one["x"] - other["x"], one["y"] - other["y"])
            assert apart >= one["r"] + other["r"] - 0.5
    assert min(mark["z"] for mark in scene["marks"] if mark["k"] == "text") >= 13


@pytest.mark.parametrize("draw", [network, strips])
def test_a_step_and_an_opened_number_keep_the_marks_kinds_and_order(draw) -> None:
    """So the browser writes only what changed."""
    trace = trace_of()
    kinds = {tuple(mark["k"] for mark in draw(trace, t)["marks"]) for t in range(7)}
    kinds.add(tuple(mark["k"] for mark in draw(trace, 3, Pointer("h", 1, 2))["marks"]))
    assert len(kinds) == 1


def test_the_columns_hold_this_timesteps_vectors_and_the_sequence_all_states() -> None:
    trace = trace_of(20, 5, 16)
    drawn = heats(strips(trace, 7))
    expected = {
        "h_previous": trace.h_previous, "inputs": trace.inputs, "recurrent_projection": trace.recurrent_projection,
        "input_projection": trace.input_projection, "pre_activation": trace.pre_activation, "h_now": trace.h,
    }  # fmt: skip
    for field, values in expected.items():
        np.testing.assert_allclose(numbers(drawn[field])[:, 0], values[0, 6], rtol=1e-6)
        assert drawn[field]["first"] == (6 if field == "h_previous" else 7)
    np.testing.assert_allclose(numbers(drawn["bias"])[:, 0], trace.weights.bias, rtol=1e-6)
    np.testing.assert_allclose(numbers(drawn["h"]), trace.h[0].T, rtol=1e-6)
    assert (drawn["h"]["upto"], drawn["h"]["cursor"], drawn["h"]["first"]) == (7, 6, 1)
    assert drawn["inputs"]["names"] == ["x", "feature", "timestep"]
    assert drawn["bias"]["names"] == ["b", "unit", ""], "weights belong to no timestep"


def test_before_the_first_timestep_the_columns_are_empty_but_for_state_and_bias() -> None:
    drawn = heats(strips(trace_of(20, 5, 16), 0))
    assert {field for field, mark in drawn.items() if mark["upto"]} == {"h_previous", "bias"}


def test_the_open_number_is_framed_in_the_sequence() -> None:
    trace = trace_of(20, 5, 16)
    scene = strips(trace, 9, Pointer("h", 4, 3))
    h = heats(scene)["h"]
    (frame,) = [mark for mark in scene["marks"] if "carry-edge" in mark.get("c", "")]
    assert frame["x"] + frame["w"] / 2 == pytest.approx(h["x"] + 4.5 * h["w"] / 20, abs=0.01)
    assert frame["y"] + frame["h"] / 2 == pytest.approx(h["y"] + 3.5 * h["h"] / 16, abs=0.01)


def test_a_matrix_shows_every_weight_and_frames_the_open_units_row() -> None:
    values = np.array([[0.5, -1.0], [2.0, 0.0]])
    scene = toy.matrix(values=values, title="U", role="state", lit=1)
    cells = [mark for mark in scene["marks"] if mark["k"] == "rect"]
    assert [mark["v"] for mark in cells] == [0.25, -0.5, 1.0, 0.0]
    assert [mark["tip"] for mark in cells[:2]] == ["U[0, 0] = 0.500000", "U[0, 1] = −1.000000"]
    assert [mark["c"] for mark in cells] == ["", "", "state-edge", "state-edge"]
    vector = toy.matrix(values=np.array([0.1, 0.2]), title="b", role="bias")
    assert [mark["tip"] for mark in vector["marks"] if "tip" in mark] == ["b[0] = 0.100000", "b[1] = 0.200000"]


def test_the_program_beside_the_picture_computes_its_numbers() -> None:
    trace = trace_of()
    w = trace.weights
    names = {"np": np, "W": w.kernel.T, "U": w.recurrent_kernel.T, "b": w.bias, "inputs": trace.inputs[0]}
    exec("\n".join(toy.program(6, 3, 4)), names)
    np.testing.assert_allclose(names["sequence"], trace.h[0], rtol=1e-6)


def test_a_listing_marks_the_lines_that_run_and_says_what_is_printed() -> None:
    scene = listing(lines=["a", "b", "c"], marked=(1, 2), shapes=[("a.shape", "(4,)")], label="program")
    assert [mark["c"] for mark in scene["marks"] if mark["k"] == "rect"] == ["panel", "clear", "marked", "marked"]
    texts = [mark["s"] for mark in scene["marks"] if mark["k"] == "text"]
    assert texts == ["a", "b", "c", "a.shape", "(4,)"]
