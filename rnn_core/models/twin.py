"""The same weights in a real Keras layer. Runs where Keras may be imported: in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells.registry import CELLS


def twin(
    cell: str,
    inputs: ArrayLike,
    weights: Sequence[ArrayLike],
    reset_after: bool = True,
    mask: ArrayLike | None = None,
    dtype: str = "float32",
    initial_state: Sequence[ArrayLike] | None = None,
) -> dict[str, Any]:
    """Let Keras read the inputs with the given weights.

    Nothing global is touched, and no random number is drawn, since a training may run in the same process.

    Args:
        cell: "simple_rnn", "lstm" or "gru".
        inputs: (batch, timesteps, input_features).
        weights: what `Weights.to_keras()` returns: kernel, recurrent_kernel, bias.
        reset_after: which GRU.
        mask: (batch, timesteps), False where a timestep is to be skipped.
        dtype: "float32" or "float64", in which Keras computes.
        initial_state: [h] or for an LSTM [h, c], each (batch, units); zeros if None.

    Returns:
        {"keras": version, "outputs": (batch, timesteps, units), "states": [h] or for an LSTM [h, c],
        each (batch, units)}, as NumPy arrays.
    """
    import keras

    sequences = np.asarray(inputs, dtype)
    kernel, recurrent_kernel, bias = (np.asarray(array, dtype) for array in weights)
    # Without a seed and with random initializers, Keras would draw from generators that a training shares.
    options: dict[str, Any] = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros", "seed": 0}
    if cell == "gru":
        options["reset_after"] = reset_after
    layer = getattr(keras.layers, CELLS[cell].label)(
        len(recurrent_kernel), return_sequences=True, return_state=True, dtype=dtype, name="twin", **options
    )
    layer.build(sequences.shape)
    layer.set_weights([kernel, recurrent_kernel, bias])
    start = None if initial_state is None else [np.asarray(state, dtype) for state in initial_state]
    outputs, *states = layer(sequences, mask=None if mask is None else np.asarray(mask, bool), initial_state=start)
    return {
        "keras": keras.__version__,
        "outputs": keras.ops.convert_to_numpy(outputs),
        "states": [keras.ops.convert_to_numpy(state) for state in states],
    }


def largest_difference(trace: Any, answer: dict[str, Any]) -> float:
    """The largest difference between a trace's outputs and final states and those of its twin."""
    ours = [trace.outputs, trace.h[:, -1], trace.c[:, -1]] if hasattr(trace, "c") else [trace.outputs, trace.h[:, -1]]
    theirs = [answer["outputs"], *answer["states"]]
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))
