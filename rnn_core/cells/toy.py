"""The toy network of the lesson: random inputs, random W, U and b, nothing learnt.

The toy writes `tanh(W·input + U·state + b)`, with one row of W per unit. Keras multiplies from the
other side, so W = kernel.T and U = recurrent_kernel.T; the numbers are the same.
"""

from __future__ import annotations

import numpy as np

from rnn_core.cells.errors import CellError
from rnn_core.cells.simple_rnn import SimpleRNNWeights
from rnn_core.cells.weights import Array

RECIPES = ("article", "small")

# Inputs and weights draw from separate streams of one seed: with one stream for both, W would begin
# with the very numbers that are its inputs.
INPUT_STREAM, WEIGHT_STREAM = 0, 1


def toy_inputs(timesteps: int, input_features: int, seed: int) -> Array:
    """One random sequence, uniform in [0, 1), (timesteps, input_features).

    Add a batch axis, `inputs[np.newaxis]`, to read it with `simple_rnn_forward`. Any seed from 0 to 2**32 - 1.
    """
    return np.random.default_rng([seed, INPUT_STREAM]).random((timesteps, input_features))


def toy_weights(input_features: int, units: int, recipe: str, seed: int) -> SimpleRNNWeights:
    """Random W (units, input_features), U (units, units) and b (units,), as SimpleRNNWeights in float64.

    Args:
        input_features: numbers in one input.
        units: numbers in the state.
        recipe: "article" draws everything uniformly from [0, 1), as the article does: all products are
            positive, the sums grow with the sizes, and tanh saturates at 1.
            "small" draws W and U from a normal distribution of variance 1/columns and leaves b at zero:
            signs mix, and sums stay within the part of tanh that still moves.
        seed: any whole number from 0 to 2**32 - 1.

    Raises:
        CellError: "unknown_recipe".
    """
    random = np.random.default_rng([seed, WEIGHT_STREAM])
    if recipe == "article":
        W = random.random((units, input_features))
        U = random.random((units, units))
        b = random.random(units)
    elif recipe == "small":
        W = random.normal(size=(units, input_features)) / np.sqrt(input_features)
        U = random.normal(size=(units, units)) / np.sqrt(units)
        b = np.zeros(units)
    else:
        raise CellError("unknown_recipe", recipe=recipe, recipes=", ".join(RECIPES))
    return SimpleRNNWeights(kernel=W.T, recurrent_kernel=U.T, bias=b)
