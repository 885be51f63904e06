"""The code that is taken away asks Keras for the gradients and finds the page's; the table holds them as well."""

import base64
import csv
import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from babel.messages.pofile import read_po

from rnn_core import tasks
from rnn_core.cells import initial_weights
from rnn_core.cells.recurrent import RECIPES, with_recurrent
from rnn_core.cells.registry import CELLS, cell_of
from rnn_core.explain.gradient import reach, unit_vector
from rnn_core.export import Code, Markdown, as_notebook, as_script
from rnn_core.export.arrays import packed_code
from rnn_core.export.memory import Drawn, Measured, MemoryWords, memory_code, memory_csv
from rnn_core.models.small_networks import small_networks
from tests.export.running import run_notebook, run_script

FEATURES, UNITS = 3, 6
DRAWN = Drawn(3, "orthogonal", 1.1)
WAYS = {
    "last": {},
    "every": {"every": True},
    "clipped": {"clip": 0.01},
    "every, clipped": {"every": True, "clip": 0.01},
    "not as long as the clip": {"clip": 1e6},
    "forwards": {"forwards": True},
}


def measured(cell, timesteps=9, units=UNITS, drawn=DRAWN, **way):
    weights = drawn.weights(cell, FEATURES, units)
    inputs = np.random.default_rng(4).normal(size=(1, timesteps, FEATURES))
    direction = unit_vector(FEATURES if way.get("forwards") else units, 0)
    return Measured(weights, inputs, direction, drawn=drawn, **way)


def trained(cell, **way):
    """What one of the small networks that come with the project makes of a sequence of its task."""
    small = small_networks()[cell]
    letters = tasks.validation(small.data, 1).x_val
    weights = small.trained.layers[0][0]
    size = weights.input_features if way.get("forwards") else weights.units
    return Measured(weights, small.trained.embed(letters), unit_vector(size, 0), **way)


def printed(output):
    """What was printed for each curve: rows of timestep, Keras and page; both half-lives; the largest difference."""
    heads = [*re.finditer(r"^(?:SimpleRNN|LSTM|GRU) [hc]$", output, re.MULTILINE)]
    ends = [*(head.start() for head in heads), len(output)]
    found = []
    for head, (_start, end) in zip(heads, pairwise(ends), strict=True):
        rows, half_lives, difference = [], None, None
        for words in (line.split() for line in output[head.end() : end].splitlines()):
            if words and words[0].isdigit():
                rows.append([float(word) for word in words])
            elif words and words[0] == "half-life":
                half_lives = float(words[1]), float(words[2])
            elif words and words[0] == "largest":
                difference = float(words[-1])
        found.append((head[0], np.array(rows), half_lives, difference))
    return found


def assert_the_same_numbers(all_measured, output, rtol=1e-10):
    found = printed(output)
    expected = [
        (f"{cell_of(one.weights).label} {part}", one.reach, part) for one in all_measured for part in one.reach.lengths
    ]
    assert [curve for curve, *_ in found] == [curve for curve, *_ in expected]
    for (curve, whole, part), (_curve, rows, half_lives, difference) in zip(expected, found, strict=True):
        timesteps, keras, page = rows.T
        assert timesteps[0] == 0
        assert timesteps[-1] == len(whole.lengths[part]) - 1
        lengths = whole.lengths[part][timesteps.astype(int)]
        np.testing.assert_allclose(page, lengths, rtol=1e-12, err_msg=curve)
        np.testing.assert_allclose(keras, lengths, rtol=rtol, err_msg=curve)
        np.testing.assert_allclose(half_lives, whole.half_lives[part], rtol=rtol, err_msg=curve)
        assert difference <= rtol


@pytest.mark.parametrize("way", WAYS)
def test_the_notebook_prints_the_curves(way):
    curves = [measured(cell, **WAYS[way]) for cell in CELLS]
    assert_the_same_numbers(curves, run_notebook(memory_code(curves)))


@pytest.mark.parametrize("first", [True, False], ids=["read at first", "skipped at first"])
@pytest.mark.parametrize("way", ["last", "every, clipped", "forwards"])
def test_what_a_mask_skips_passes_unchanged(way, first):
    mask = np.array([[first, first, True, False, True, True, True, False, False]])
    curves = [replace(measured(cell, **WAYS[way]), mask=mask) for cell in CELLS]
    if way == "forwards" and not first:
        assert all(np.isnan(one.reach.lengths["h"]).all() for one in curves)
    else:
        assert_the_same_numbers(curves, run_notebook(memory_code(curves)))


@pytest.mark.parametrize("forwards", [False, True], ids=["backwards", "forwards"])
def test_a_trained_networks_curves(forwards):
    curves = [trained(cell, forwards=forwards) for cell in small_networks()]
    assert_the_same_numbers(curves, run_notebook(memory_code(curves)))


def test_the_script_in_chinese_prints_as_many_timesteps_as_the_page_has(tmp_path):
    """The longest sequence that the page has, and every way of measuring; needs nothing of this project."""
    curves = [measured(cell, timesteps=500, units=8) for cell in CELLS]
    curves += [measured("lstm", **way) for way in WAYS.values()]
    cells = memory_code(curves, words=chinese())
    assert "rnn_core" not in as_script(cells)
    assert_the_same_numbers(curves, run_script(cells, tmp_path))


def chinese():
    with Path("pages/locales/zh_CN.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    return {code: catalogue[sentence].string for code, sentence in MemoryWords.SENTENCES.items()}


def test_a_gru_that_resets_before_the_matrix():
    weights = initial_weights("gru", FEATURES, UNITS, 0, np.float64, reset_after=False)
    curve = replace(measured("gru"), weights=weights)
    trace = CELLS["gru"].forward(curve.inputs, weights, reset_after=False)
    np.testing.assert_array_equal(curve.reach.lengths["h"], reach(trace, curve.direction).lengths["h"])
    assert_the_same_numbers([curve], run_notebook(memory_code([curve])))


@pytest.mark.parametrize("timesteps", [1, 2])
def test_hardly_anything_to_walk(timesteps):
    curves = [measured(cell, timesteps) for cell in CELLS]
    assert_the_same_numbers(curves, run_notebook(memory_code(curves)))


def test_a_gradient_that_overflows_is_printed_as_what_it_is():
    explodes = with_recurrent(initial_weights("simple_rnn", FEATURES, 4, 0, np.float64), "identity", 16.0, 0)
    curve = Measured(explodes, np.zeros((1, 500, FEATURES)), unit_vector(4, 0))
    _curve, rows, half_lives, difference = printed(run_notebook(memory_code([curve])))[0]
    assert not np.isfinite(rows[0, 1:]).any()
    np.testing.assert_allclose(rows[-1], [499, 1, 1])
    np.testing.assert_allclose(half_lives, -1 / 4)
    assert difference < 1e-10


@pytest.mark.parametrize("way", ["last", "clipped", "every, clipped", "forwards"])
def test_weights_beyond_all_bounds_break_nothing(way):
    curves = []
    for cell in CELLS:
        curve = measured(cell, timesteps=30, **WAYS[way])
        curves.append(replace(curve, weights=with_recurrent(curve.weights, "normal", 1e200, 0)))
        curves.append(replace(curve, weights=replace(curve.weights, bias=curve.weights.bias + np.inf)))
    output = run_notebook(memory_code(curves))
    assert len(printed(output)) == sum(len(cell_of(curve.weights).states) for curve in curves)
    for _curve, rows, half_lives, _difference in printed(output):
        assert len(rows) == 12
        assert len(half_lives) == 2


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("cell", CELLS)
def test_weights_that_a_seed_gave_are_drawn_to_the_last_digit(cell, recipe):
    curve = measured(cell, timesteps=2, units=16, drawn=Drawn(2**32 - 1, recipe, 0.7))
    cells = memory_code([curve])
    namespace = {}
    for piece in cells:
        if isinstance(piece, Code):
            exec(piece.source, namespace)
    assert "b64decode" not in as_script(cells)
    for name in ("kernel", "recurrent_kernel", "bias"):
        np.testing.assert_array_equal(namespace[name], getattr(curve.weights, name))


def test_weights_changed_since_they_were_drawn_are_written_out():
    curve = measured("lstm", units=16)
    curve.weights.kernel[1, 2] = 1 / 3
    cells = memory_code([curve])
    assert "default_rng" not in as_script(cells)
    assert_the_same_numbers([curve], run_notebook(cells))


def test_what_the_cells_have_in_common_is_written_once():
    script = as_script(memory_code([measured(cell) for cell in CELLS]))
    assert script.count("\ninputs = ") == script.count("\ndirection = ") == 1
    assert "def forwards" not in script
    other = replace(measured("lstm"), inputs=np.ones((1, 9, FEATURES)))
    assert as_script(memory_code([measured("lstm"), other, measured("lstm")])).count("\ninputs = ") == 3


def test_the_largest_script_stays_small():
    curves = [replace(measured(cell, timesteps=500, units=64), drawn=None) for cell in CELLS]
    assert len(as_notebook(memory_code(curves))) < 1_000_000
    assert len(as_script(memory_code([measured(cell, timesteps=500, units=64) for cell in CELLS]))) < 50_000


def test_text_in_other_words():
    words = {code: f"«{sentence}»" for code, sentence in MemoryWords.SENTENCES.items()}
    cells = memory_code([measured("gru", clip=0.5)], words=words)
    texts = [cell.text for cell in cells if isinstance(cell, Markdown)]
    assert texts[0].startswith("# «How much of a gradient")
    assert "longer than 0.5" in texts[0]
    assert texts[1] == "## «GRU: 9 timesteps, 6 units»"


def test_the_table_holds_every_digit():
    reaches = {cell: measured(cell).reach for cell in CELLS}
    explodes = with_recurrent(initial_weights("simple_rnn", FEATURES, 4, 0, np.float64), "identity", 1e200, 0)
    zeros = np.zeros((1, 9, FEATURES))
    reaches["explodes"] = Measured(explodes, zeros, unit_vector(4, 0)).reach
    text = memory_csv(reaches)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["timestep", "simple_rnn_h", "lstm_h", "lstm_c", "gru_h", "explodes_h"]
    assert [int(row["timestep"]) for row in rows] == [*range(9)]
    for column in [*rows[0]][1:]:
        name, part = column.rsplit("_", 1)
        np.testing.assert_array_equal([float(row[column]) for row in rows], reaches[name].lengths[part])
    assert {"inf", "nan"} & {row["explodes_h"] for row in rows}


def test_shorter_curves_end_before_the_table_does():
    lines = memory_csv({"simple_rnn": measured("simple_rnn", 2).reach, "gru": measured("gru", 3).reach}).splitlines()
    assert lines[-1].startswith("2,,")
    assert len(lines) == 4


@pytest.mark.parametrize(
    "array",
    [
        np.random.default_rng(0).normal(size=(40, 50)),
        np.random.default_rng(0).normal(size=(40, 50)).astype("float32").astype("float64"),
        np.random.default_rng(0).normal(size=(40, 50)).astype("float32"),
        np.array([np.inf, -np.inf, np.nan, 1e300] * 50),
        np.array([np.inf, 1 / 3]),
    ],
    ids=["doubles", "doubles that were singles", "singles", "beyond all bounds", "few"],
)
def test_packed_arrays_come_back_to_the_last_digit(array):
    again = eval(packed_code(array), {"np": np, "base64": base64})
    assert again.dtype == array.dtype
    np.testing.assert_array_equal(again, array)
