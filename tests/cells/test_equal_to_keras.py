"""Outputs, gates, states and gradients are those of Keras, whatever the shapes, masks, orders and variants."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cells.variants import VARIANTS, as_list, assert_close, keras_activations, run_keras

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}

small = st.integers(1, 5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batch=small,
    timesteps=st.integers(1, 7),
    input_features=small,
    units=small,
    masked=st.booleans(),
    go_backwards=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_same_numbers(variant, dtype, batch, timesteps, input_features, units, masked, go_backwards, seed):
    random = np.random.default_rng(seed)
    weights = variant.random_weights(random, input_features, units, dtype)
    initial_state = variant.random_state(random, batch, units, dtype)
    inputs = random.normal(size=(batch, timesteps, input_features)).astype(dtype)
    d_h = random.normal(size=(batch, timesteps, units)).astype(dtype)
    mask = random.random((batch, timesteps)) < 0.6 if masked else None
    tolerance = TOLERANCE[dtype]

    trace = variant.forward(inputs, weights, initial_state, mask, go_backwards, **variant.options)
    gradients = variant.backward(trace, d_h)
    theirs = run_keras(variant, weights, inputs, initial_state, mask, go_backwards, d_h)

    assert_close(trace.outputs, theirs.outputs, tolerance, "outputs")
    final_states = [trace.h[:, -1]] + ([trace.c[:, -1]] if variant.name == "lstm" else [])
    for ours, state in zip(final_states, theirs.final_states, strict=True):
        assert_close(ours, state, tolerance, "final state")

    assert_close(gradients.d_inputs, theirs.d_inputs, tolerance, "d_inputs")
    for ours, state in zip(as_list(gradients.d_initial_state), theirs.d_initial_state, strict=True):
        assert_close(ours, state, tolerance, "d_initial_state")
    for name, gradient in zip(("d_kernel", "d_recurrent_kernel", "d_bias"), theirs.d_weights, strict=True):
        assert_close(getattr(gradients, name), gradient, tolerance, name)

    # All timesteps at once through Keras' cell: what its activation functions were given, and what they returned.
    previous = [trace.h_previous] + ([trace.c_previous] if variant.name == "lstm" else [])
    heard = keras_activations(
        variant,
        weights,
        trace.inputs.reshape(-1, input_features),
        [state.reshape(-1, units) for state in previous],
    )
    if variant.name == "simple_rnn":
        heard["pre_activation"] = heard.pop("h_pre_activation")
    if variant.name == "lstm":
        heard["c"] = heard.pop("tanh_c_pre_activation")
    if masked:
        for name in ("h", "c", "tanh_c"):  # computed, but not kept at a skipped timestep
            heard.pop(name, None)
    for name, theirs_by_row in heard.items():
        assert_close(getattr(trace, name).reshape(-1, units), theirs_by_row, tolerance, name)


@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_initial_state_is_not_an_output(variant):
    """Before anything is read Keras returns zeros, though the state is there and is used afterwards."""
    random = np.random.default_rng(1)
    weights = variant.random_weights(random, 2, 3, "float64")
    initial_state = variant.random_state(random, 1, 3, "float64")
    trace = variant.forward(np.ones((1, 3, 2)), weights, initial_state, mask=[[False, True, False]], **variant.options)
    np.testing.assert_array_equal(trace.outputs[0, 0], 0)
    np.testing.assert_array_equal(trace.h[0, 0], as_list(initial_state)[0][0])
    np.testing.assert_array_equal(trace.outputs[0, 2], trace.outputs[0, 1])
    gradients = variant.backward(trace, [[[1.0] * 3, [0.0] * 3, [0.0] * 3]])
    np.testing.assert_array_equal(as_list(gradients.d_initial_state)[0], 0)
