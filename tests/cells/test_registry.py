"""The table of the cells says of each what its equations, its trace and Keras say."""

import keras
import numpy as np
import pytest

from rnn_core.cells import LSTMState, initial_weights
from rnn_core.cells.registry import CELLS, cell_of


def read(name: str, timesteps: int = 5):
    weights = initial_weights(name, 2, 3, seed=1)
    return CELLS[name].forward(np.random.default_rng(0).normal(size=(2, timesteps, 2)), weights)


@pytest.mark.parametrize("name", CELLS)
def test_a_trace_and_its_weights_lead_back_to_their_cell(name: str) -> None:
    trace = read(name)
    assert cell_of(trace) is cell_of(trace.weights) is CELLS[name]
    assert isinstance(CELLS[name].backward(trace, trace.h).d_bias, np.ndarray)


def test_what_is_no_cells_has_no_cell() -> None:
    with pytest.raises(TypeError, match="ndarray"):
        cell_of(np.zeros(3))


@pytest.mark.parametrize("name", CELLS)
def test_label_states_and_biases_are_keras_own(name: str) -> None:
    layer = getattr(keras.layers, CELLS[name].label)(3, return_state=True)
    _output, *states = layer(np.zeros((1, 4, 2)))
    assert len(states) == len(CELLS[name].states)
    *_kernels, bias = layer.get_weights()
    assert bias.shape == np.squeeze(np.zeros((CELLS[name].biases, 3 * len(CELLS[name].blocks)))).shape


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.gates])
def test_the_memory_is_what_is_kept_and_added_by_the_gates_named(name: str) -> None:
    cell, trace = CELLS[name], read(name)
    keeps, adds = getattr(trace, cell.keeps), getattr(trace, cell.adds)
    if cell.adds == cell.keeps:
        adds = 1 - adds
    memory = keeps * getattr(trace, f"{cell.memory}_previous") + adds * trace.candidate
    np.testing.assert_allclose(memory, getattr(trace, cell.memory), rtol=1e-6)
    shown = getattr(trace, cell.shows) * np.tanh(memory) if cell.shows else memory
    np.testing.assert_allclose(shown, trace.h, rtol=1e-6)
    assert set(cell.gates) == set(cell.blocks) - {"candidate"}


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.gates])
def test_every_block_of_weights_has_a_letter_in_keras_order(name: str) -> None:
    assert tuple(CELLS[name].letters) == CELLS[name].blocks


@pytest.mark.parametrize("name", CELLS)
def test_a_reading_goes_on_from_the_state_before(name: str) -> None:
    cell, trace = CELLS[name], read(name)
    state = cell.state_before(trace, 2)
    assert isinstance(state, LSTMState) == (len(cell.states) == 2)
    rest = cell.forward(trace.inputs[:, 2:], trace.weights, state)
    np.testing.assert_array_equal(rest.h, trace.h[:, 2:])


def test_the_variant_is_what_forward_wants_to_know_beside_the_usual() -> None:
    weights = initial_weights("gru", 2, 3, seed=0, reset_after=False)
    trace = CELLS["gru"].forward(np.ones((1, 2, 2)), weights, reset_after=False)
    assert {name: getattr(trace, name) for name in CELLS["gru"].variant} == {"reset_after": False}
