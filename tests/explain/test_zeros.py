"""What padding does to a fresh network's state."""

import numpy as np
import pytest

from rnn_core.cells.initial import initial_weights
from rnn_core.cells.registry import CELLS
from rnn_core.explain.zeros import SEED, UNITS, drift

WORDS, ZEROS, FEATURES = 5, 40, 8
ONE = np.random.default_rng(0).uniform(-0.05, 0.05, (WORDS + 1, FEATURES))


def row(padding: str) -> tuple[np.ndarray, np.ndarray]:
    filled = np.zeros(WORDS + ZEROS, bool)
    filled[slice(None, ZEROS) if padding == "pre" else slice(WORDS, None)] = True
    vectors = np.empty((WORDS + ZEROS, FEATURES))
    vectors[filled], vectors[~filled] = ONE[0], ONE[1:]
    return vectors, filled


def run(cell: str, vectors: np.ndarray) -> np.ndarray:
    weights = initial_weights(cell, FEATURES, UNITS, SEED, np.float64)
    return CELLS[cell].forward(vectors[np.newaxis], weights).h[0]


@pytest.mark.parametrize("cell", CELLS)
def test_with_a_mask_the_row_is_read_as_if_it_had_no_zeros(cell: str) -> None:
    alone = np.linalg.norm(run(cell, ONE[1:]), axis=-1)
    for padding in ("pre", "post"):
        found = drift(cell, *row(padding))
        np.testing.assert_allclose(found.masked[~found.padding], alone, rtol=1e-12)
        assert found.masked[-1] == pytest.approx(alone[-1])
    assert (drift(cell, *row("pre")).masked[:ZEROS] == 0).all()


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_still_there_is_the_distance_from_a_network_that_read_zeros_alone(cell: str) -> None:
    found = drift(cell, *row("post"))
    away = np.linalg.norm(run(cell, row("post")[0]) - run(cell, np.tile(ONE[0], (WORDS + ZEROS, 1))), axis=-1)
    np.testing.assert_allclose(found.effect, away, rtol=1e-6)
    assert (found.after, found.whole) == pytest.approx((away[-1], away[WORDS - 1]), rel=1e-6)
    assert found.share == found.after / found.whole < 1
    assert found.words == WORDS


@pytest.mark.parametrize("cell", CELLS)
def test_how_far_zeros_in_front_move_the_last_state(cell: str) -> None:
    found = drift(cell, *row("pre"))
    read, alone = run(cell, row("pre")[0])[-1], run(cell, ONE[1:])[-1]
    assert found.after == pytest.approx(np.linalg.norm(read - alone))
    assert found.whole == pytest.approx(np.linalg.norm(alone))
    assert found.share == found.after / found.whole > 0


def test_without_zeros_nothing_is_moved() -> None:
    found = drift("gru", ONE, np.zeros(WORDS + 1, bool))
    assert not found.apart.any()
    assert found.share == 1
    np.testing.assert_array_equal(found.read, found.masked)
