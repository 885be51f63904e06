"""A cell's code, run as a script and as a notebook, prints the numbers of the trace; so does the table."""

import csv
import io

import numpy as np
import pytest

from rnn_core.cells import LSTMState, initial_weights
from rnn_core.cells.registry import CELLS
from rnn_core.explain.arithmetic import fields_that_open
from rnn_core.export import Code
from rnn_core.export.arrays import array_code
from rnn_core.export.cells import cell_code, trace_csv, twin_code
from tests.export.running import printed_numbers, run_notebook, run_script

SHOWN = {
    "simple_rnn": ["h"],
    "lstm": ["input_gate", "forget_gate", "candidate", "output_gate", "c", "h"],
    "gru": ["update_gate", "reset_gate", "candidate", "h"],
    "gru_reset_before": ["update_gate", "reset_gate", "candidate", "h"],
}


def make_trace(name, dtype="float64", **arguments):
    options = {"reset_after": name == "gru"} if name.startswith("gru") else {}
    cell = name.partition("_reset")[0]
    weights = initial_weights(cell, 2, 5, seed=3, dtype=dtype, **options)
    inputs = np.random.default_rng(1).normal(size=(2, 8, 2))
    return CELLS[cell].forward(inputs, weights, **options, **arguments)


def assert_numbers_of(trace, name, t, output, batch_index=0):
    numbers = printed_numbers(output)
    for field in SHOWN[name]:
        expected = getattr(trace, field)[batch_index, t]
        np.testing.assert_allclose(numbers[field], expected, rtol=1e-6, atol=1e-7, err_msg=field)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SHOWN)
def test_notebook_prints_the_numbers(name, dtype):
    trace = make_trace(name, dtype)
    assert_numbers_of(trace, name, 6, run_notebook(cell_code(trace, 6)))


@pytest.mark.parametrize("name", SHOWN)
def test_script_prints_the_numbers(name, tmp_path):
    trace = make_trace(name)
    assert_numbers_of(trace, name, 7, run_script(cell_code(trace, 7, batch_index=1), tmp_path), batch_index=1)


@pytest.mark.parametrize("t", [2, 5])
@pytest.mark.parametrize("name", SHOWN)
def test_masks_states_and_order(name, t):
    initial_state = np.full((2, 5), 0.25)
    if name == "lstm":
        initial_state = LSTMState(initial_state, -initial_state)
    mask = np.array([[True, True, False, True, False, True, True, True]] * 2)
    trace = make_trace(name, initial_state=initial_state, mask=mask, go_backwards=True)
    assert_numbers_of(trace, name, t, run_notebook(cell_code(trace, t)))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", SHOWN)
def test_the_twins_code_finds_no_difference(name, masked):
    mask = [[True, True, False, True, False, True, True, True]] * 2 if masked else None
    trace = make_trace(name, mask=mask)
    output = run_notebook([*cell_code(trace, 0), *twin_code(trace)])
    assert float(output.rpartition("largest difference ")[2]) < 1e-12


@pytest.mark.parametrize("name", SHOWN)
def test_the_twins_code_finds_no_difference_where_nothing_is_read_at_first(name):
    start = np.full((2, 5), 0.25)
    start = LSTMState(start, -start) if name == "lstm" else start
    trace = make_trace(name, initial_state=start, mask=[[False, False, True, True, False, True, True, False]] * 2)
    output = run_notebook([*cell_code(trace, 0), *twin_code(trace)])
    assert float(output.rpartition("largest difference ")[2]) < 1e-12


def test_the_code_needs_numpy_alone():
    for cell in cell_code(make_trace("lstm"), 0):
        if isinstance(cell, Code):
            imports = [line for line in cell.source.splitlines() if "import" in line]
            assert imports in ([], ["import numpy as np"])


@pytest.mark.parametrize("name", SHOWN)
def test_table(name):
    trace = make_trace(name, "float32")
    rows = list(csv.DictReader(io.StringIO(trace_csv(trace, batch_index=1))))
    assert len(rows) == 8 * 5
    assert list(rows[0]) == ["timestep", "unit", *fields_that_open(trace)]
    for row in rows:
        for field in fields_that_open(trace):
            assert np.float32(row[field]) == getattr(trace, field)[1, int(row["timestep"]), int(row["unit"])]


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.1 + 0.2, -1e-300], [1 / 3, 2.0]]),
        np.random.default_rng(0).normal(size=(40, 50)).astype("float32"),
        np.array([np.inf, -np.inf, np.nan, 1]),
        np.array([True, False]),
        np.zeros((2, 3)),
    ],
)
def test_arrays_come_back_to_the_last_digit(array):
    again = eval(array_code(array), {"np": np})
    assert again.dtype == array.dtype
    np.testing.assert_array_equal(again, array)
