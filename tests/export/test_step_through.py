"""The toy's code, run as a script and as a notebook, prints the numbers of the trace."""

import dataclasses

import numpy as np
import pytest

from rnn_core.cells import SimpleRNNWeights, simple_rnn_forward
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.export import Code, Markdown
from rnn_core.export.step_through import StepThroughWords, step_through
from tests.export.running import printed_numbers, run_notebook, run_script


def toy(timesteps, input_features, units, recipe, seed):
    inputs = toy_inputs(timesteps, input_features, seed)[np.newaxis]
    return simple_rnn_forward(inputs, toy_weights(input_features, units, recipe, seed))


def assert_numbers_of(trace, t, output):
    numbers = printed_numbers(output)
    expected = {
        "input": trace.inputs,
        "state before": trace.h_previous,
        "W·input": trace.input_projection,
        "U·state": trace.recurrent_projection,
        "sum": trace.pre_activation,
        "output": trace.h,
    }
    assert set(expected) <= set(numbers)
    for name, array in expected.items():
        np.testing.assert_allclose(numbers[name], array[0, t], rtol=1e-6, atol=1e-7, err_msg=name)


def test_script_prints_the_articles_shapes_and_the_numbers(tmp_path):
    trace = toy(100, 32, 64, "article", 2**32 - 1)
    output = run_script(step_through(trace, "article", 2**32 - 1, 57), tmp_path)
    assert "successive_outputs[-1].shape = (64,)" in output
    assert "final_output_sequence.shape = (100, 64)" in output
    assert_numbers_of(trace, 57, output)


@pytest.mark.parametrize("recipe", ["article", "small"])
@pytest.mark.parametrize("t", [0, 3, 5])
def test_notebook_prints_the_numbers(recipe, t):
    trace = toy(6, 3, 4, recipe, 7)
    assert_numbers_of(trace, t, run_notebook(step_through(trace, recipe, 7, t)))


def test_numbers_changed_by_hand_are_written_out():
    weights = toy_weights(3, 4, "small", 7)
    kernel = weights.kernel.copy()
    kernel[1, 2] = 0.1 + 0.2
    inputs = toy_inputs(6, 3, 7)
    inputs[4, 0] = -1 / 3
    trace = simple_rnn_forward(inputs[np.newaxis], SimpleRNNWeights(kernel, weights.recurrent_kernel, weights.bias))
    cells = step_through(trace, "small", 7, 5)
    assert_numbers_of(trace, 5, run_notebook(cells))
    code = "".join(cell.source for cell in cells if isinstance(cell, Code))
    assert "0.30000000000000004" in code
    assert "default_rng" not in code


def test_seeds_stand_for_numbers_that_nobody_changed():
    code = step_through(toy(100, 32, 64, "small", 3), "small", 3, 0)[2].source
    assert len(code) < 500


def test_text_in_another_language():
    words = {name: f"«{text}»" for name, text in StepThroughWords.SENTENCES.items()}
    cells = step_through(toy(6, 3, 4, "small", 7), "small", 7, 2, words)
    texts = [cell.text for cell in cells if isinstance(cell, Markdown)]
    assert texts[0].startswith("# «A recurrent network in NumPy»\n\n«It reads 6 timesteps")
    said = "«The numbers of timestep 3. Python counts from 0, so its index is 2.»"
    assert dataclasses.replace(cells[-2]).text == said
