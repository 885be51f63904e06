"""What a nudge of the first input changes equals finite differences, and the product of the Jacobians."""

import numpy as np
import pytest

from rnn_core.cells import CellError
from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.nudge import nudge
from tests.cells.variants import LSTM, VARIANTS

SMALL = 1e-6


@pytest.mark.parametrize("mask", [None, [[True, True, False, True, True, False]]])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_a_nudge_is_what_moving_the_first_input_does(variant, mask) -> None:
    random = np.random.default_rng(7)
    weights = variant.random_weights(random, 2, 4, "float64")
    inputs, direction = random.normal(size=(1, 6, 2)), random.normal(size=2)
    start = variant.random_state(random, 1, 4, "float64")

    def read(moved: float):
        changed = inputs.copy()
        changed[0, 0] += moved * direction
        return variant.forward(changed, weights, start, mask=mask, **variant.options)

    found, up, down = nudge(read(0.0), direction), read(SMALL), read(-SMALL)
    np.testing.assert_allclose(found.h, (up.h[0] - down.h[0]) / (2 * SMALL), rtol=0, atol=1e-6)
    if variant is LSTM:
        np.testing.assert_allclose(found.c, (up.c[0] - down.c[0]) / (2 * SMALL), rtol=0, atol=1e-6)
    else:
        assert found.c is None


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_from_the_first_state_on_it_is_one_jacobian_after_the_other(variant) -> None:
    random = np.random.default_rng(8)
    weights = variant.random_weights(random, 2, 3, "float64")
    trace = variant.forward(random.normal(size=(1, 5, 2)), weights, **variant.options)
    found = nudge(trace, [1.0, -1.0])
    now = np.concatenate([found.h[0], *([] if found.c is None else [found.c[0]])])
    for t in range(1, 5):
        now = jacobian(trace, t).whole @ now
        np.testing.assert_allclose(now[:3], found.h[t], atol=1e-12)


def test_a_direction_has_as_many_numbers_as_an_input() -> None:
    random = np.random.default_rng(9)
    trace = LSTM.forward(random.normal(size=(1, 2, 2)), LSTM.random_weights(random, 2, 3, "float64"))
    with pytest.raises(CellError):
        nudge(trace, [1.0])
