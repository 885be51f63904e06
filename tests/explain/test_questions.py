"""Questions whose answers are read off the numbers, and what is left of the first input."""

import numpy as np
import pytest

from rnn_core.cells import LSTMWeights, gru_forward, initial_weights, lstm_forward, simple_rnn_forward
from rnn_core.cells.inputs import pulse
from rnn_core.explain.first_input import first_input_left, gates_alone
from rnn_core.explain.questions import cell_questions

FORWARD = {"lstm": lstm_forward, "gru": gru_forward, "simple_rnn": simple_rnn_forward}


def trace_of(cell: str, seed: int = 0, timesteps: int = 12):
    inputs = np.random.default_rng(seed).normal(size=(1, timesteps, 2))
    return FORWARD[cell](inputs, initial_weights(cell, 2, 4, seed))


@pytest.mark.parametrize("cell", FORWARD)
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
