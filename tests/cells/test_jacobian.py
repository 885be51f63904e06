"""One timestep's Jacobian equals finite differences, and the product of all of them is what backpropagation does."""

import numpy as np
import pytest

from rnn_core.cells import LSTMState
from rnn_core.cells.jacobian import jacobian
from tests.cells.variants import LSTM, VARIANTS, as_list

NUDGE = 1e-6


def states_of(variant, trace, t: int, batch_index: int = 0) -> np.ndarray:
    names = ("h", "c") if variant is LSTM else ("h",)
    return np.concatenate([getattr(trace, name)[batch_index, t] for name in names])


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_a_jacobian_is_what_moving_the_state_before_does(variant) -> None:
    random = np.random.default_rng(3)
    weights = variant.random_weights(random, 2, 4, "float64")
    inputs = random.normal(size=(2, 5, 2))
    trace = variant.forward(inputs, weights, variant.random_state(random, 2, 4, "float64"), **variant.options)
    for t in range(1, 5):
        before = states_of(variant, trace, t - 1, 1)
        moved = []
        for j in range(len(before)):
            after = []
            for nudge in (NUDGE, -NUDGE):
                state = before.copy()
                state[j] += nudge
                parts = [part[np.newaxis] for part in np.split(state, len(state) // 4)]
                step = variant.forward(
                    inputs[1:, t : t + 1], weights, LSTMState(*parts) if variant is LSTM else parts[0],
                    **variant.options,
                )  # fmt: skip
                after.append(states_of(variant, step, 0))
            moved.append((after[0] - after[1]) / (2 * NUDGE))
        np.testing.assert_allclose(jacobian(trace, t, 1).whole, np.array(moved).T, rtol=0, atol=1e-6)


@pytest.mark.parametrize("mask", [None, [[True, True, False, True, True, False, True]]])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_backpropagation_multiplies_by_one_jacobian_after_the_other(variant, mask) -> None:
    random = np.random.default_rng(4)
    weights = variant.random_weights(random, 2, 3, "float64")
    trace = variant.forward(random.normal(size=(1, 7, 2)), weights, mask=mask, **variant.options)
    d_h = np.zeros((1, 7, 3))
    d_h[0, -1] = random.normal(size=3)
    gradients = variant.backward(trace, d_h)
    now = np.concatenate([d_h[0, -1], *([np.zeros(3)] if variant is LSTM else [])])
    for t in range(6, 0, -1):
        now = now @ jacobian(trace, t).whole
        np.testing.assert_allclose(now[:3], gradients.d_state[0, t - 1], atol=1e-12)
    first = np.concatenate([part[0] for part in as_list(gradients.d_initial_state)])
    np.testing.assert_allclose(now @ jacobian(trace, 0).whole, first, atol=1e-12)


def test_along_the_carry_only_the_forget_gate_multiplies() -> None:
    random = np.random.default_rng(5)
    trace = LSTM.forward(random.normal(size=(1, 3, 2)), LSTM.random_weights(random, 2, 3, "float64"))
    kept = jacobian(trace, 2).paths["kept"]
    np.testing.assert_array_equal(kept[3:, 3:], np.diag(trace.forget_gate[0, 2]))
