"""Questions whose answers are read off the numbers, and what is left of the first input."""

import numpy as np
import pytest

from rnn_core.cells import LSTMState, LSTMWeights, SimpleRNNWeights, initial_weights, lstm_forward, simple_rnn_forward
from rnn_core.cells.inputs import pulse
from rnn_core.cells.registry import CELLS
from rnn_core.explain.first_input import first_input_left, gates_alone, read_again
from rnn_core.explain.questions import cell_questions


def trace_of(cell: str, seed: int = 0, timesteps: int = 12):
    inputs = np.random.default_rng(seed).normal(size=(1, timesteps, 2))
    return CELLS[cell].forward(inputs, initial_weights(cell, 2, 4, seed))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("timesteps", [1, 2, 3, 5, 12, 100])
def test_every_question_lies_ahead_and_has_its_answer_among_the_options(cell: str, timesteps: int) -> None:
    asked = cell_questions(trace_of(cell, timesteps=timesteps))
    for question in asked:
        assert 0 <= question.asked_at < question.shown_at <= timesteps
        assert question.answer in question.options
    assert len({q.asked_at for q in asked}) == len(asked)
    assert len(asked) == 4 or timesteps < 6


@pytest.mark.parametrize("seed", range(5))
def test_answers_are_the_numbers_own(seed: int) -> None:
    trace = trace_of("lstm", seed)
    by_code = {q.code: q for q in cell_questions(trace)}
    sign, gate, balance, left = (by_code[code] for code in ("sign", "gate", "balance", "left"))
    assert (sign.answer == "positive") == (trace.h[0, sign.shown_at - 1, sign.values["unit"]] > 0)
    now, unit = gate.shown_at - 1, gate.values["unit"]
    assert all(getattr(trace, gate.answer)[0, now, unit] <= getattr(trace, g)[0, now, unit] for g in gate.options)
    kept, added = (np.abs(getattr(trace, f)[0, balance.shown_at - 1]).sum() for f in ("kept", "added"))
    assert balance.answer == ("kept" if kept > added else "added")
    share = first_input_left(trace)[-1]
    assert left.answer == ("most" if share >= 0.5 else "some" if share >= 0.01 else "nothing")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cell", CELLS)
def test_the_sign_is_told_with_the_state_before_and_the_memory(cell: str, seed: int) -> None:
    trace = trace_of(cell, seed)
    sign = next(q for q in cell_questions(trace) if q.code == "sign")
    now, unit = sign.shown_at - 1, sign.values["unit"]
    remembers = trace.c if cell == "lstm" else trace.h
    assert abs(trace.h[0, now, unit]) == abs(trace.h[0, now]).max()
    assert sign.values["h"] == trace.h[0, now, unit]
    assert sign.values["memory"] == remembers[0, now, unit]
    assert sign.values["before"] == remembers[0, now - 1, unit]


@pytest.mark.parametrize("seed", range(5))
def test_the_gate_asked_about_stands_out_the_most(seed: int) -> None:
    """Of all units it is that in which the narrowest gate is furthest from the next one."""
    trace = trace_of("lstm", seed)
    gate = next(q for q in cell_questions(trace) if q.code == "gate")
    values = np.sort([getattr(trace, name)[0, gate.shown_at - 1] for name in gate.options], axis=0)
    assert gate.values["unit"] == (values[1] - values[0]).argmax()
    assert min(gate.options, key=gate.values.__getitem__) == gate.answer
    assert gate.values["forget_bias"] == 1


@pytest.mark.parametrize(
    ("states", "answer", "count"),
    [([0.5, -0.99, 0.994], "none", 0), ([0.999, -0.996, 0.9], "some", 2), ([1, -1, 0.9951], "all", 3)],
)
def test_saturated_is_beyond_0995(states: list[float], answer: str, count: int) -> None:
    weights = SimpleRNNWeights([np.arctanh(np.clip(states, -1 + 1e-9, 1 - 1e-9))], np.zeros((3, 3)), np.zeros(3))
    trace = simple_rnn_forward(np.ones((1, 4, 1)), weights)
    saturated = next(q for q in cell_questions(trace) if q.code == "saturated")
    assert (saturated.answer, saturated.values["saturated"], saturated.values["units"]) == (answer, count, 3)
    assert saturated.values["largest"] == pytest.approx(max(map(abs, states)))


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "forget_gate"), ("gru", "update_gate"), ("simple_rnn", None)])
def test_what_is_left_is_told_with_the_gate_that_every_later_timestep_multiplies_by(cell: str, gate: str) -> None:
    trace = trace_of(cell)
    left = next(q for q in cell_questions(trace) if q.code == "left")
    assert left.values["gate"] == (pytest.approx(getattr(trace, gate)[0, 1:].mean()) if gate else None)
    assert left.values["share"] == pytest.approx(first_input_left(trace)[-1])


@pytest.mark.parametrize("name", [*CELLS, "gru_reset_before"])
def test_the_same_inputs_read_again_from_the_same_state_give_the_same_trace(name: str) -> None:
    cell = CELLS[name.removesuffix("_reset_before")]
    variant = {"reset_after": False} if name not in CELLS else {}
    states = [np.full((1, 4), value, np.float32) for value in (0.3, -0.6)][: len(cell.states)]
    weights = initial_weights(cell.name, 2, 4, seed=2, **variant)
    start = LSTMState(*states) if len(states) > 1 else states[0]
    trace = cell.forward(np.ones((1, 6, 2)), weights, start, **variant)
    np.testing.assert_array_equal(read_again(trace, trace.inputs).h, trace.h)


def lstm_with_forget_gate(bias: float) -> LSTMWeights:
    """One unit that reads its input once and only keeps it: all recurrent weights are zero."""
    return LSTMWeights([[0.0, 0.0, 1.0, 0.0]], [[0.0] * 4], [0.0, bias, 0.0, 0.0])


@pytest.mark.parametrize("bias", [1.0, 5.0])
def test_without_feedback_the_gates_alone_decide_what_is_left(bias: float) -> None:
    trace = lstm_forward(pulse(40)[np.newaxis], lstm_with_forget_gate(bias))
    gate = 1 / (1 + np.exp(-bias))
    np.testing.assert_allclose(first_input_left(trace), gate ** np.arange(40), rtol=1e-6)
    np.testing.assert_allclose(gates_alone(trace)[:, 0], gate ** np.arange(40), rtol=1e-12)


def test_a_forget_bias_of_5_still_holds_the_first_input_at_step_40() -> None:
    left = [first_input_left(lstm_forward(pulse(40)[np.newaxis], lstm_with_forget_gate(b)))[-1] for b in (1.0, 5.0)]
    assert left[0] < 1e-5
    assert left[1] > 0.75


def test_where_nothing_can_be_measured_nothing_is_claimed() -> None:
    silent = lstm_forward(np.zeros((1, 5, 2)), initial_weights("lstm", 2, 4, 0))
    assert np.isnan(first_input_left(silent)).all()
    assert "left" not in {q.code for q in cell_questions(silent)}
    assert np.isnan(gates_alone(trace_of("simple_rnn"))).all()
    with np.errstate(all="ignore"):
        exploded = simple_rnn_forward([[[np.inf, -np.inf], [1.0, 1.0]]], initial_weights("simple_rnn", 2, 4, 0))
        assert cell_questions(exploded) == []


MASK = np.array([[True, False, True, True, False, True, True, False]])


@pytest.mark.parametrize("name", CELLS)
def test_what_a_mask_skips_is_neither_asked_nor_forgotten(name: str) -> None:
    cell, inputs = CELLS[name], np.random.default_rng(0).normal(size=(1, 8, 2))
    weights = initial_weights(name, 2, 4, seed=2)
    trace, short = cell.forward(inputs, weights, mask=MASK), cell.forward(inputs[:, MASK[0]], weights)
    np.testing.assert_allclose(first_input_left(trace)[MASK[0]], first_input_left(short), rtol=1e-5)
    np.testing.assert_allclose(gates_alone(trace)[MASK[0]], gates_alone(short), rtol=1e-5)
    assert all(MASK[0, q.shown_at - 1] for q in cell_questions(trace) if q.code != "left")
    left, same = (next(q for q in cell_questions(t) if q.code == "left") for t in (trace, short))
    assert left.values["gate"] == (None if same.values["gate"] is None else pytest.approx(same.values["gate"]))
