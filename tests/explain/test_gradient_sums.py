"""Every number of a gradient's way back opens, and what is printed beside it is what the cells compute."""

import itertools
import math

import numpy as np
import pytest

from rnn_core.cells import LSTMWeights, lstm_forward
from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.registry import CELLS, cell_of
from rnn_core.charts.products import figure, products
from rnn_core.explain.arithmetic import OpenError, Pointer
from rnn_core.explain.flow import edges, flow
from rnn_core.explain.gradient_sums import open_gradient, open_jacobian, open_product, open_walked
from rnn_core.explain.walk import Stretch, product
from tests.charts.labels import LABELS
from tests.explain.test_arithmetic import KINDS, value

TIMESTEPS, UNITS = 5, 3
MASK = [[True, True, False, True, True]]
CLOSE = {"float32": {"rel": 2e-5, "abs": 1e-6}, "float64": {"rel": 1e-12, "abs": 1e-14}}


def trace_of(name, dtype="float64", mask=None, first_input=0.3):
    """One sequence of 2 input features."""
    cell = CELLS[name.removesuffix("_reset_before")]
    options = {"reset_after": False} if name == "gru_reset_before" else {}
    random = np.random.default_rng(6)
    columns = UNITS * len(cell.blocks)
    bias_shape = (2, columns) if name == "gru" else (columns,)
    shapes = ((2, columns), (UNITS, columns), bias_shape)
    weights = cell.weights(*(random.normal(0, 0.7, shape).astype(dtype) for shape in shapes))
    inputs = random.normal(size=(1, TIMESTEPS, 2))
    inputs[0, 0] = first_input
    return cell.forward(inputs, weights, mask=mask, **options)


def flow_of(trace, every=False):
    d_h = np.random.default_rng(7).normal(size=trace.h.shape[1:])
    if not every:
        d_h[:-1] = 0
    return flow(trace, d_h)


def size_of(trace):
    return len(cell_of(trace).states) * trace.weights.units


def entries(trace):
    """All timesteps, rows and columns of a trace's Jacobians."""
    return itertools.product(range(trace.h.shape[1]), range(size_of(trace)), range(size_of(trace)))


def all_opened(trace):
    """Every number of the way back, opened."""
    moving = flow_of(trace, every=True)
    for t, row, column in entries(trace):
        for path in ("whole", *jacobian(trace, t).paths):
            yield open_jacobian(trace, t, row, column, path)
        if t < TIMESTEPS - 1:
            before = product(trace, Stretch(TIMESTEPS - 1, t + 1))
            yield open_product(trace, TIMESTEPS - 1, t, row, column, before)
    for state in cell_of(trace).states:
        for t, unit in itertools.product(range(TIMESTEPS), range(UNITS)):
            yield open_gradient(trace, t, unit, state, moving)


@pytest.mark.parametrize("mask", [None, MASK], ids=["read", "one skipped"])
@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("name", KINDS)
def test_every_number_of_a_jacobian_and_of_its_paths_is_the_sum_of_its_terms(name, dtype, mask) -> None:
    trace = trace_of(name, dtype, mask)
    for t, row, column in entries(trace):
        found = jacobian(trace, t)
        for path, matrix in {"whole": found.whole, **found.paths}.items():
            opened = open_jacobian(trace, t, row, column, path)
            assert opened.result == pytest.approx(matrix[row, column], **CLOSE[dtype])
            assert sum(term.product for term in opened.terms) == pytest.approx(opened.result, abs=1e-14)


@pytest.mark.parametrize("mask", [None, MASK], ids=["read", "one skipped"])
@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("name", KINDS)
def test_every_number_of_a_product_is_a_row_times_a_column(name, dtype, mask) -> None:
    trace = trace_of(name, dtype, mask)
    last = TIMESTEPS - 1
    for earlier in range(last):
        before, whole = (product(trace, Stretch(last, t)) for t in (earlier + 1, earlier))
        for row, column in itertools.product(range(size_of(trace)), repeat=2):
            opened = open_product(trace, last, earlier, row, column, before)
            assert opened.result == pytest.approx(whole[row, column], **CLOSE[dtype])
            assert len(opened.terms) == size_of(trace)


@pytest.mark.parametrize("every", [False, True], ids=["last", "every"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["read", "one skipped"])
@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("name", KINDS)
def test_every_gradient_is_its_own_loss_and_what_comes_back(name, dtype, mask, every) -> None:
    trace = trace_of(name, dtype, mask)
    moving = flow_of(trace, every)
    for state in cell_of(trace).states:
        for t, unit in itertools.product(range(TIMESTEPS), range(UNITS)):
            opened = open_gradient(trace, t, unit, state, moving)
            assert opened.result == pytest.approx(moving.of(state)[t, unit], **CLOSE[dtype])


@pytest.mark.parametrize("mask", [None, MASK], ids=["read", "one skipped"])
@pytest.mark.parametrize("name", KINDS)
def test_what_runs_along_the_edges_that_leave_a_node_adds_up_to_its_gradient(name, mask) -> None:
    trace = trace_of(name, mask=mask)
    d_h = np.random.default_rng(7).normal(size=(TIMESTEPS, UNITS))
    moving = flow(trace, d_h)
    gradients = cell_of(trace).backward(trace, d_h[np.newaxis])
    expected = {"h": gradients.d_state[0]} | ({"c": gradients.d_carry[0]} if name == "lstm" else {})
    found = {state: moving.own.copy() if state == "h" else np.zeros_like(moving.own) for state in expected}
    for t in range(TIMESTEPS):
        for edge in edges(trace, t):
            if t < edge.back:
                continue  # leaves the initial state
            carried = edge.carried(moving, t)
            found[edge.start][t - edge.back] += carried if carried.ndim == 1 else carried.sum(axis=0)
    for state, sums in found.items():
        np.testing.assert_allclose(sums, expected[state], atol=1e-13)


def test_an_lstms_edges_are_one_by_one_what_its_jacobian_multiplies() -> None:
    """∂h/∂h goes through o, or over c; the carry is multiplied by the forget gate alone."""
    trace = trace_of("lstm")
    found = {edge[:3]: edge.factors for edge in edges(trace, 3)}
    assert set(found) == {("c", "c", "kept"), ("h", "c", "gates"), ("h", "h", "gates"), ("c", "h", "shown")}
    np.testing.assert_array_equal(found["c", "c", "kept"], trace.forget_gate[0, 3])
    shown = found["c", "h", "shown"][:, np.newaxis]
    whole = jacobian(trace, 3).whole[:UNITS, :UNITS]
    np.testing.assert_allclose(found["h", "h", "gates"] + shown * found["h", "c", "gates"], whole, atol=1e-14)


def test_a_skipped_timestep_hands_each_number_back_as_it_is() -> None:
    trace = trace_of("lstm", mask=MASK)
    assert [edge[:3] for edge in edges(trace, 2)] == [("h", "h", "kept"), ("c", "c", "kept")]
    assert all((edge.factors == 1).all() for edge in edges(trace, 2))
    (term,) = open_jacobian(trace, 2, 1, 1).terms
    assert (term.part, term.product) == ("carried_over", 1.0)
    assert open_jacobian(trace, 2, 1, 0).terms == ()


@pytest.mark.parametrize("mask", [None, MASK], ids=["read", "one skipped"])
@pytest.mark.parametrize("name", KINDS)
def test_printed_numbers_agree_with_the_number_they_explain(name, mask) -> None:
    """Each side of the printed equation, calculated from its rounded numbers, gives the number."""
    for opened in all_opened(trace_of(name, mask=mask)):
        _symbol, *sides = opened.formula_with_numbers.split(" = ")
        assert value(sides[-1]) == pytest.approx(opened.result, rel=0.006)
        for side in sides:
            assert value(side) == pytest.approx(opened.result, abs=0.02), opened.formula_with_numbers
        assert "<" not in opened.formula + opened.formula_with_numbers


@pytest.mark.parametrize("name", KINDS)
def test_pointers_lead_to_the_factor(name) -> None:
    trace = trace_of(name)
    moving = flow_of(trace, every=True)
    for opened in all_opened(trace):
        for factor in (factor for term in opened.terms for factor in term.factors if factor.opens):
            inner = open_walked(trace, factor.opens, moving, lambda t: product(trace, Stretch(TIMESTEPS - 1, t)))
            assert inner.at == factor.opens
            shown = 1 - inner.result**2 if "²" in factor.label else 1 - inner.result if factor.is_rest else inner.result
            assert shown == pytest.approx(factor.value, abs=1e-12), factor


@pytest.mark.parametrize("name", KINDS)
def test_labels_of_a_jacobians_factors_are_numbers_of_the_trace_and_of_keras_arrays(name) -> None:
    trace = trace_of(name)
    names = {"recurrent_kernel": trace.weights.recurrent_kernel}
    for t, row, column in entries(trace):
        fields = [*cell_of(trace).blocks, "tanh_c", "candidate_memory", "h_previous", "c_previous"]
        names |= {field: getattr(trace, field)[0, t] for field in fields if hasattr(trace, field)}
        for term in open_jacobian(trace, t, row, column).terms:
            for factor in term.factors:
                if "∂" not in factor.label:
                    label = factor.label.replace("²", "**2")
                    assert eval(label, {}, names) == pytest.approx(factor.value, abs=1e-14), label


def test_literal_carry_from_the_state_before() -> None:
    trace = lstm_forward(np.ones((1, 2, 1)), LSTMWeights([[1.0] * 4], [[0.5, -0.5, 2.0, 1.0]], [0.0] * 4))
    opened = open_jacobian(trace, 1, 1, 0)
    i, f, k = (float(getattr(trace, name)[0, 1, 0]) for name in ("input_gate", "forget_gate", "candidate"))
    before = float(trace.c[0, 0, 0])
    expected = {"forget_gate": before * f * (1 - f) * -0.5, "input_gate": k * i * (1 - i) * 0.5}
    expected["candidate"] = i * (1 - k * k) * 2
    assert {term.part: term.product for term in opened.terms} == pytest.approx(expected)
    opens = {term.part: [factor.opens for factor in term.factors] for term in opened.terms}
    assert opens["forget_gate"] == [Pointer("c", 0, 0), *[Pointer("forget_gate", 1, 0)] * 2, None]
    assert opened.formula == (
        r"\frac{\partial c^{t}_{0}}{\partial h^{t-1}_{0}} = "
        r"c^{t-1}_{0} \cdot f^{t}_{0} \cdot \left(1 - f^{t}_{0}\right) \cdot U^{f}_{0,0} + "
        r"k^{t}_{0} \cdot i^{t}_{0} \cdot \left(1 - i^{t}_{0}\right) \cdot U^{i}_{0,0} + "
        r"i^{t}_{0} \cdot \left(1 - (k^{t}_{0})^2\right) \cdot U^{k}_{0,0}"
    )
    kept = open_jacobian(trace, 1, 1, 1, "kept")
    assert kept.formula == r"\left.\frac{\partial c^{t}_{0}}{\partial c^{t-1}_{0}}\right|_{\text{kept}} = f^{t}_{0}"


def test_literal_gradient_of_a_carry() -> None:
    trace = trace_of("lstm")
    opened = open_gradient(trace, 1, 2, "c", flow_of(trace))
    assert opened.formula == (
        r"\frac{\partial L}{\partial c^{t}_{2}} = \frac{\partial L}{\partial h^{t}_{2}} \cdot o^{t}_{2} \cdot "
        r"\left(1 - \tanh^2\left(c^{t}_{2}\right)\right) + \frac{\partial L}{\partial c^{t+1}_{2}} \cdot f^{t+1}_{2}"
    )
    opens = {factor.opens for term in opened.terms for factor in term.factors}
    assert opens == {
        Pointer("gradient_h", 1, 2), Pointer("output_gate", 1, 2), Pointer("tanh_c", 1, 2),
        Pointer("gradient_c", 2, 2), Pointer("forget_gate", 2, 2),
    }  # fmt: skip


def test_where_a_product_begins_its_first_matrix_is_one_timesteps_jacobian() -> None:
    trace = trace_of("simple_rnn")
    first, second, third = (
        open_product(trace, 4, t, 0, 1, product(trace, Stretch(4, t + 1))).terms[0].factors[0].opens for t in (3, 2, 1)
    )
    assert first is None
    assert (second.field, second.t) == ("jacobian", 4)
    assert (third.field, third.t) == ("product", 2)


def test_picks_say_field_row_timestep_and_column() -> None:
    assert Pointer("gradient_h", 3, 2).pick == "gradient_h:2:3"
    assert Pointer("jacobian_kept", 499, 127, 126).pick == "jacobian_kept:127:499:126"


@pytest.mark.parametrize("name", KINDS)
def test_numbers_beyond_all_bounds_open_as_what_they_are(name) -> None:
    trace = trace_of(name, "float32")
    for bad in (math.inf, math.nan):
        moving = flow(trace, np.full((TIMESTEPS, UNITS), bad))
        for state in cell_of(trace).states:
            assert not math.isfinite(open_gradient(trace, 1, 0, state, moving).result)
        matrix = np.full((size_of(trace),) * 2, bad)
        assert not math.isfinite(open_product(trace, 4, 1, 0, 0, matrix).result)
    with np.errstate(all="ignore"):
        broken = trace_of(name, "float32", first_input=math.inf)
        expected = [jacobian(broken, t).whole for t in range(TIMESTEPS)]
    assert not np.isfinite(expected).all()
    for t, row, column in entries(broken):
        opened = open_jacobian(broken, t, row, column)
        assert math.isfinite(opened.result) == np.isfinite(expected[t][row, column])
        drawn = products(arithmetic=opened, labels=LABELS)
        assert drawn["marks"][-1]["s"] == figure(opened.result)


@pytest.mark.parametrize(
    "at",
    [
        Pointer("jacobian", 5, 0, 0), Pointer("jacobian", 0, 3, 0), Pointer("jacobian", 0, 0, -1),
        Pointer("jacobian", 0, 0), Pointer("jacobian_output_gate", 0, 0, 0), Pointer("product", 4, 0, 0),
        Pointer("gradient_c", 0, 0), Pointer("gradient_h", 0, 3), Pointer("nothing", 0, 0),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(at) -> None:
    trace = trace_of("simple_rnn")
    with pytest.raises(OpenError) as caught:
        open_walked(trace, at, flow_of(trace), lambda t: np.eye(UNITS))
    assert caught.value.code == "unknown_number"
