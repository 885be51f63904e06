"""The gradient that reaches each timestep is Keras' own, over 500 timesteps; what is said of it follows from it."""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnn_core import tasks
from rnn_core.cells import initial_weights
from rnn_core.cells.jacobian import jacobian
from rnn_core.cells.recurrent import RECIPES, spectral_radii, with_recurrent
from rnn_core.cells.registry import CELLS
from rnn_core.explain.gradient import half_life, length, reach, reach_forwards, unit_vector
from rnn_core.explain.walk import Stretch, product, singular_values
from rnn_core.models.build import build_model
from rnn_core.models.network import Network
from rnn_core.models.trained import Trained, arrays_of

TIMESTEPS, UNITS, FEATURES = 500, 8, 3
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


def tape_gradients(cell: str, weights, inputs, mask, d_h) -> dict[str, np.ndarray]:
    """Run the real Keras cell step by step under a GradientTape; return ∂L/∂state of every timestep."""
    kind = {"simple_rnn": keras.layers.SimpleRNNCell, "lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell}[cell]
    layer = kind(weights.units, dtype=str(weights.dtype))
    layer.build((1, weights.input_features))
    layer.set_weights(weights.to_keras())
    states = [tf.zeros((1, weights.units), weights.dtype) for _name in CELLS[cell].states]
    seen, loss = [], 0.0
    with tf.GradientTape() as tape:
        for state in states:
            tape.watch(state)
        for t, read in enumerate(mask):
            # A skipped timestep hands its state on as a copy, so that each timestep has one of its own.
            states = layer(tf.constant(inputs[:, t]), states)[1] if read else [tf.identity(state) for state in states]
            seen.append(states)
            loss += tf.reduce_sum(states[0] * d_h[t])
    found = tape.gradient(loss, seen, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return {name: np.array([step[i][0] for step in found]) for i, name in enumerate(CELLS[cell].states)}


@pytest.mark.parametrize("losses", ["last", "every"])
@pytest.mark.parametrize("trained", [False, True], ids=["fresh", "trained"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_at_every_timestep_are_those_of_keras(cell: str, dtype: str, trained: bool, losses: str) -> None:
    random = np.random.default_rng(1)
    if trained:
        network = learnt(cell)
        weights = network.layers[0][0].astype(dtype)
        letters = tasks.validation(tasks.Data("delayed_recall", TIMESTEPS - 1, 20, 0), 1).x_val
        inputs = network.embed(letters).astype(dtype)
    else:
        weights = initial_weights(cell, FEATURES, UNITS, 1, dtype)
        inputs = random.normal(size=(1, TIMESTEPS, FEATURES)).astype(dtype)
    mask = random.random((1, TIMESTEPS)) < 0.8
    mask[0, 0] = True  # before anything was read a masked layer has no output, and so no loss
    d_h = np.zeros((TIMESTEPS, weights.units), dtype)
    d_h[-1 if losses == "last" else slice(None)] = unit_vector(weights.units, 2)
    trace = CELLS[cell].forward(inputs, weights, mask=mask)
    found = CELLS[cell].backward(trace, d_h[np.newaxis])
    ours = {"h": found.d_state[0], "c": getattr(found, "d_carry", [None])[0]}
    for name, theirs in tape_gradients(cell, weights, inputs, mask[0], d_h).items():
        # Where losses of many timesteps cancel, the rounding of each of them stays.
        size = length(theirs) if losses == "last" else max(length(theirs))
        # Below the smallest normal number the last digits are lost, whoever computes.
        lost = 1e3 * np.finfo(dtype).tiny
        assert (length(ours[name] - theirs) <= TOLERANCE[dtype] * size + lost).all(), name


@cache
def learnt(cell: str) -> Trained:
    """Return a network that Keras has trained for a while: weights as a training leaves them.

    Not the small networks that come with the project: their carries reach 34, where 1 - tanh² is all rounding.
    """
    dataset, network = tasks.load(tasks.Data("delayed_recall", 10, 600, 0)), Network("delayed_recall", cell, UNITS)
    model = build_model(network, dataset, learning_rate=0.01, seed=0)
    model.fit(dataset.x_train, dataset.y_train, batch_size=16, epochs=3, verbose=0)
    return Trained.from_arrays(network, arrays_of(model))


def trace_of(cell: str, timesteps: int = 30, units: int = 6, dtype: str = "float64", **gates: float):
    weights = initial_weights(cell, FEATURES, units, 3, dtype)
    for gate, bias in gates.items():
        np.atleast_2d(weights.bias)[0][weights.columns(gate)] = bias
    inputs = np.random.default_rng(4).normal(size=(1, timesteps, FEATURES))
    return CELLS[cell].forward(inputs, weights)


@pytest.mark.parametrize("cell", CELLS)
def test_with_a_loss_at_the_end_the_curve_begins_at_one(cell: str) -> None:
    trace = trace_of(cell)
    found = reach(trace, unit_vector(6, 0))
    assert list(found.lengths) == list(CELLS[cell].states)
    assert found.lengths["h"][-1] == pytest.approx(1)
    assert found.from_last is found.lengths
    assert found.scale == 1


@pytest.mark.parametrize("cell", CELLS)
def test_losses_at_every_timestep_add_up(cell: str) -> None:
    trace, direction = trace_of(cell, timesteps=6), unit_vector(6, 0)
    found = reach(trace, direction, every=True)
    summed = np.zeros((6, 6))
    for t in range(6):
        d_h = np.zeros_like(trace.h)
        d_h[0, t] = direction
        summed += CELLS[cell].backward(trace, d_h).d_state[0]
    np.testing.assert_allclose(found.lengths["h"], length(summed), rtol=1e-12)
    np.testing.assert_allclose(found.from_last["h"], reach(trace, direction).lengths["h"], rtol=1e-12)


def test_clipping_scales_all_of_it_to_the_length_asked_for() -> None:
    trace = trace_of("simple_rnn")
    whole = reach(trace, unit_vector(6, 0))
    clipped = reach(trace, unit_vector(6, 0), clip=0.5)
    gradients = CELLS["simple_rnn"].backward(trace, np.eye(30)[np.newaxis, -1][..., np.newaxis] * unit_vector(6, 0))
    of_weights = [gradients.d_kernel, gradients.d_recurrent_kernel, gradients.d_bias]
    norm = np.sqrt(sum((array**2).sum() for array in of_weights))
    assert norm > 0.5
    assert clipped.scale == pytest.approx(0.5 / norm)
    np.testing.assert_allclose(clipped.lengths["h"], whole.lengths["h"] * clipped.scale)
    assert clipped.half_lives["h"] == pytest.approx(whole.half_lives["h"])


def test_an_open_forget_gate_keeps_the_carrys_gradient() -> None:
    fresh, opened = (
        reach(trace_of("lstm", 100, forget_gate=bias), unit_vector(6, 0)).lengths["c"][0] for bias in (1, 5)
    )
    assert fresh < 1e-5
    assert opened > 0.01


def test_forwards_and_backwards_are_the_same_chain() -> None:
    """direction · ∂h[T]/∂h[0] · d h[0] is one number, whichever end one begins at."""
    trace, direction = trace_of("gru", timesteps=8), unit_vector(6, 0)
    forwards = reach_forwards(trace, unit_vector(FEATURES, 0))
    assert forwards.lengths["h"][0] == pytest.approx(1)
    d_h = np.zeros_like(trace.h)
    d_h[0, -1] = direction
    backwards = CELLS["gru"].backward(trace, d_h).d_state[0, 0]
    np.testing.assert_allclose(direction @ product(trace, Stretch(7, 0)), backwards, atol=1e-14)


def test_a_walk_that_goes_on_multiplies_further() -> None:
    trace = trace_of("lstm", timesteps=7)
    whole = product(trace, Stretch(6, 0))
    np.testing.assert_allclose(product(trace, Stretch(3, 0), further=product(trace, Stretch(6, 3))), whole, atol=1e-14)
    np.testing.assert_array_equal(product(trace, Stretch(4, 4)), np.eye(12))
    np.testing.assert_array_equal(product(trace, Stretch(4, 3)), jacobian(trace, 4).whole)


def test_what_overflows_is_told_apart_from_what_vanishes() -> None:
    assert np.isinf(length(np.array([[np.inf, 1.0]])))[0]
    assert np.isnan(length(np.array([[np.nan, 1.0]])))[0]
    np.testing.assert_allclose(length(np.array([[3e200, 4e200], [3e-200, 4e-200], [0, 0]])), [5e200, 5e-200, 0])
    assert half_life([1.0, 0.5, 0.0, 0.0]) == 1.0
    assert half_life([1.0, 4.0, np.inf]) == -0.5
    assert np.isnan(half_life([np.nan, 1.0]))
    assert np.isnan(singular_values(np.array([[np.inf, 1.0], [0.0, 1.0]]))).all()


def test_a_gradient_that_overflows_is_no_number_and_doubles_until_then() -> None:
    weights = with_recurrent(initial_weights("simple_rnn", FEATURES, 4, 0, np.float64), "identity", 16.0, 0)
    found = reach(CELLS["simple_rnn"].forward(np.zeros((1, 500, FEATURES)), weights), unit_vector(4, 0))
    assert not np.isfinite(found.lengths["h"][0])
    assert found.half_lives["h"] == pytest.approx(-1 / 4)


@pytest.mark.parametrize("recipe", RECIPES[1:])
@pytest.mark.parametrize("cell", CELLS)
def test_every_block_has_the_spectral_radius_asked_for(cell: str, recipe: str) -> None:
    weights = with_recurrent(initial_weights(cell, FEATURES, 10, 0, np.float64), recipe, 0.7, 0)
    assert list(spectral_radii(weights)) == list(weights.GATES)
    np.testing.assert_allclose(list(spectral_radii(weights).values()), 0.7)


def test_keras_own_recipe_is_left_alone() -> None:
    weights = initial_weights("simple_rnn", FEATURES, 10, 0, np.float64)
    assert with_recurrent(weights, "keras", 3.0, 0) is weights
    assert spectral_radii(weights)["h"] == pytest.approx(1)
