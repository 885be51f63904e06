"""Every number of a trace opens, and what is printed beside it adds up to it."""

import math
import re

import numpy as np
import pytest

from rnn_core.cells import SimpleRNNWeights, initial_weights, simple_rnn_forward
from rnn_core.cells.registry import CELLS
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.explain.arithmetic import ACTIVATION, OpenError, Pointer, fields_that_open, open_number
from rnn_core.explain.latex import number

KINDS = [*CELLS, "gru_reset_before"]


def random_trace(name, mask=None, dtype="float64"):
    """Two sequences of 5 timesteps and 3 input features, 4 units."""
    cell = CELLS[name.removesuffix("_reset_before")]
    options = {} if name in CELLS else {"reset_after": False}
    random = np.random.default_rng(4)
    columns = 4 * len(cell.blocks)
    bias_shape = (2, columns) if name == "gru" else (columns,)
    shapes = ((3, columns), (4, columns), bias_shape)
    weights = cell.weights(*(random.normal(0, 0.6, shape).astype(dtype) for shape in shapes))
    return cell.forward(random.normal(size=(2, 5, 3)), weights, mask=mask, **options)


def everything(trace):
    """All numbers that open: field, t, unit."""
    return [(field, t, unit) for field in fields_that_open(trace) for t in range(5) for unit in range(4)]


def value(latex):
    """Calculate a formula with numbers."""
    python = latex.replace(r"\tanh", "tanh").replace(r"\sigma", "sigmoid").replace(r"\cdot", "*")
    python = python.replace(r"\left(", "(").replace(r"\right)", ")")
    python = re.sub(r"\\times10\^\{(-?\d+)\}", r"e\1", python)
    return eval(python, {"__builtins__": {}}, {"tanh": math.tanh, "sigmoid": ACTIVATION["sigmoid"]})


@pytest.mark.parametrize("name", KINDS)
def test_result_is_the_traces_number(name):
    trace = random_trace(name)
    for field, t, unit in everything(trace):
        opened = open_number(trace, trace.weights, field, t, unit, batch_index=1)
        assert opened.result == pytest.approx(getattr(trace, field)[1, t, unit], rel=1e-12, abs=1e-14), field


@pytest.mark.parametrize("name", KINDS)
def test_result_is_the_traces_number_in_float32(name):
    trace = random_trace(name, dtype="float32")
    for field, t, unit in everything(trace):
        opened = open_number(trace, trace.weights, field, t, unit)
        assert opened.result == pytest.approx(getattr(trace, field)[0, t, unit], rel=1e-5, abs=1e-6), field


@pytest.mark.parametrize("name", KINDS)
def test_terms_add_up_and_stand_largest_first(name):
    trace = random_trace(name)
    for field, t, unit in everything(trace):
        opened = open_number(trace, trace.weights, field, t, unit)
        assert sum(term.product for term in opened.terms) == pytest.approx(opened.total, abs=1e-14)
        assert sum(opened.parts.values()) == pytest.approx(opened.total, abs=1e-14)
        for term in opened.terms:
            assert term.product == pytest.approx(math.prod(factor.value for factor in term.factors))
        sizes = [abs(term.product) for term in opened.terms if "bias" not in term.part]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", KINDS)
def test_printed_numbers_agree_with_the_trace(name):
    """Each side of the printed equation, calculated from its rounded numbers, gives the trace's number."""
    trace = random_trace(name)
    for field, t, unit in everything(trace):
        opened = open_number(trace, trace.weights, field, t, unit)
        _, *sides = opened.formula_with_numbers.split(" = ")
        expected = getattr(trace, field)[0, t, unit]
        assert value(sides[-1]) == pytest.approx(expected, rel=0.006)
        for side in sides:
            assert value(side) == pytest.approx(expected, abs=0.02), opened.formula_with_numbers


@pytest.mark.parametrize("name", KINDS)
def test_pointers_lead_to_the_factor(name):
    trace = random_trace(name)
    for field, t, unit in everything(trace):
        for term in open_number(trace, trace.weights, field, t, unit).terms:
            for factor in term.factors:
                if factor.opens is None:
                    continue
                at = factor.opens
                inner = open_number(trace, trace.weights, at.field, at.t, at.unit)
                shown = 1 - inner.result if factor.is_rest else inner.result
                assert shown == pytest.approx(factor.value, abs=1e-12)


def test_labels_are_the_indices_of_keras_arrays():
    trace = random_trace("lstm")
    opened = open_number(trace, trace.weights, "forget_gate", 2, 1)
    arrays = {"kernel": trace.weights.kernel, "recurrent_kernel": trace.weights.recurrent_kernel}
    arrays |= {"bias": trace.weights.bias, "x": trace.inputs[0, 2], "h_previous": trace.h[0, 1]}
    for term in opened.terms:
        for factor in term.factors:
            assert eval(factor.label, {}, arrays) == factor.value


def test_literal_state_of_a_simple_rnn():
    weights = SimpleRNNWeights([[0.5], [-2.0]], [[0.5]], [0.1])
    trace = simple_rnn_forward([[[1.0, 0.0], [1.0, 0.25]]], weights)
    opened = open_number(trace, weights, "h", 1, 0)
    assert [term.factors[0].label for term in opened.terms] == ["x[0]", "x[1]", "h_previous[0]", "bias[0]"]
    assert [round(term.product, 4) for term in opened.terms] == [0.5, -0.5, 0.2685, 0.1]
    assert opened.terms[2].factors[0].opens == Pointer("h", 0, 0)
    assert opened.formula == (
        r"h^{t}_{0} = \tanh\left(\sum_j x^{t}_{j}\,W_{j,0} + \sum_j h^{t-1}_{j}\,U_{j,0} + b_{0}\right)"
    )
    assert opened.formula_with_numbers == (
        r"h^{t}_{0} = \tanh\left(0 + 0.269 + 0.1\right) = \tanh\left(0.369\right) = 0.353"
    )


SUMS = r"\sum_j x^{t}_{j}\,W^{%s}_{j,1} + \sum_j h^{t-1}_{j}\,U^{%s}_{j,1} + b^{%s}_{1}"


@pytest.mark.parametrize(
    ("name", "field", "formula"),
    [
        ("lstm", "forget_gate", rf"f^{{t}}_{{1}} = \sigma\left({SUMS % (('f',) * 3)}\right)"),
        ("lstm", "candidate_pre_activation", rf"a^{{k}}_{{1}} = {SUMS % (('k',) * 3)}"),
        ("lstm", "c", r"c^{t}_{1} = f^{t}_{1} \cdot c^{t-1}_{1} + i^{t}_{1} \cdot k^{t}_{1}"),
        ("lstm", "kept", r"\text{kept}^{t}_{1} = f^{t}_{1} \cdot c^{t-1}_{1}"),
        ("lstm", "tanh_c", r"\tanh c^{t}_{1} = \tanh\left(c^{t}_{1}\right)"),
        ("lstm", "h", r"h^{t}_{1} = o^{t}_{1} \cdot \tanh\left(c^{t}_{1}\right)"),
        ("gru", "update_gate", rf"z^{{t}}_{{1}} = \sigma\left({SUMS % (('z',) * 3)} + \hat{{b}}^{{z}}_{{1}}\right)"),
        (
            "gru",
            "candidate",
            r"k^{t}_{1} = \tanh\left(\sum_j x^{t}_{j}\,W^{k}_{j,1} + b^{k}_{1} + r^{t}_{1} \cdot "
            r"\left(\sum_j h^{t-1}_{j}\,U^{k}_{j,1} + \hat{b}^{k}_{1}\right)\right)",
        ),
        (
            "gru_reset_before",
            "candidate",
            r"k^{t}_{1} = \tanh\left(\sum_j x^{t}_{j}\,W^{k}_{j,1} + "
            r"\sum_j r^{t}_{j}\,h^{t-1}_{j}\,U^{k}_{j,1} + b^{k}_{1}\right)",
        ),
        ("gru", "added", r"\text{added}^{t}_{1} = \left(1 - z^{t}_{1}\right) \cdot k^{t}_{1}"),
        ("gru", "h", r"h^{t}_{1} = z^{t}_{1} \cdot h^{t-1}_{1} + \left(1 - z^{t}_{1}\right) \cdot k^{t}_{1}"),
    ],
)
def test_formulas_are_those_of_the_cells(name, field, formula):
    trace = random_trace(name)
    assert open_number(trace, trace.weights, field, 2, 1).formula == formula


def test_the_first_state_has_nothing_to_open_before_it():
    trace = random_trace("simple_rnn")
    opened = open_number(trace, trace.weights, "h", 0, 2)
    assert {factor.opens for term in opened.terms for factor in term.factors} == {None}


def test_reset_gate_before_and_after():
    """After the product all states meet this unit's gate; before it, each meets its own."""
    after, before = (
        open_number(trace, trace.weights, "candidate", 3, 1)
        for trace in (random_trace("gru"), random_trace("gru_reset_before"))
    )

    def gates(opened):
        return {term.factors[0].label for term in opened.terms if term.part == "recurrent"}

    assert gates(after) == {"reset_gate[1]"}
    assert gates(before) == {f"reset_gate[{j}]" for j in range(4)}


@pytest.mark.parametrize("recipe", ["article", "small"])
def test_the_toy_speaks_of_w_and_u(recipe):
    weights = toy_weights(32, 64, recipe, seed=1)
    trace = simple_rnn_forward(toy_inputs(100, 32, seed=1)[np.newaxis], weights)
    opened = open_number(trace, weights, "h", 40, 5, toy=True)
    assert opened.result == pytest.approx(trace.h[0, 40, 5], rel=1e-12)
    toy = {"W": weights.kernel.T, "U": weights.recurrent_kernel.T, "b": weights.bias}
    toy |= {"x": trace.inputs[0, 40], "state": trace.h[0, 39]}
    for term in opened.terms:
        for factor in term.factors:
            assert eval(factor.label, {}, toy) == factor.value
    assert len(opened.terms) == 32 + 64 + 1


@pytest.mark.parametrize("name", KINDS)
def test_a_skipped_timestep_repeats_what_was_there(name):
    trace = random_trace(name, mask=[[True, True, False, True, True]] * 2)
    opened = open_number(trace, trace.weights, "h", 2, 1)
    assert [term.part for term in opened.terms] == ["carried_over"]
    assert opened.result == trace.h[0, 1, 1] == trace.h[0, 2, 1]


@pytest.mark.parametrize(("field", "t", "unit"), [("mask", 0, 0), ("h", 5, 0), ("h", -1, 0), ("h", 0, 4)])
def test_what_is_not_there_does_not_open(field, t, unit):
    trace = random_trace("lstm")
    with pytest.raises(OpenError) as caught:
        open_number(trace, trace.weights, field, t, unit)
    assert caught.value.code == "unknown_number"


def test_numbers_that_left_all_bounds_still_open():
    """inf - inf is NaN, in the trace and in the sum that is printed beside it."""
    weights = SimpleRNNWeights([[1.0], [1.0]], [[0.5]], [0.0])
    with np.errstate(invalid="ignore"):
        trace = simple_rnn_forward([[[np.inf, -np.inf], [np.inf, 1.0]]], weights)
    assert np.isnan(trace.h).all()
    opened = open_number(trace, weights, "pre_activation", 0, 0)
    assert math.isnan(opened.total)
    assert sorted(term.product for term in opened.terms if term.part == "input") == [-math.inf, math.inf]
    assert opened.formula_with_numbers.endswith(r"= \text{NaN}")
    assert r"\text{NaN} + 0" in open_number(trace, weights, "h", 1, 0).formula_with_numbers


@pytest.mark.parametrize("cell", CELLS)
def test_every_number_opens_where_the_inputs_are_as_large_as_can_be(cell):
    weights = initial_weights(cell, 1, 2, seed=0)
    with np.errstate(over="ignore", invalid="ignore"):
        trace = CELLS[cell].forward([[[3e38], [1.0]]], weights)
        for field in fields_that_open(trace):
            for t in range(2):
                result = open_number(trace, weights, field, t, 0).result
                assert result == pytest.approx(getattr(trace, field)[0, t, 0], rel=1e-4, nan_ok=True), (field, t)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (-0.12345, "-0.123"),
        (12.345, "12.3"),
        (1234.5, "1234"),
        (0.99999, "1"),
        (1.2345e-5, r"1.23\times10^{-5}"),
        (-2e7, r"-2\times10^{7}"),
        (math.inf, r"\infty"),
        (math.nan, r"\text{NaN}"),
    ],
)
def test_numbers_are_short(value, text):
    assert number(value) == text
