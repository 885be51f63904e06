"""The toy network as code that anybody can run: the article's loop with the numbers on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.cells.toy import INPUT_STREAM, WEIGHT_STREAM, toy_inputs, toy_weights
from rnn_core.errors import Told
from rnn_core.export import Cell, Code, Markdown
from rnn_core.export.arrays import array_code


class StepThroughWords(Told):
    """What the text around the code says; a page may put it into its own language."""

    SENTENCES: ClassVar = {
        "title": "A recurrent network in NumPy",
        "about": "It reads {timesteps} timesteps of {input_features} numbers each; its state has {units} numbers.",
        "numbers": "Inputs and weights, the same as on the page.",
        "loop": "The network: each output is the next state.",
        "step": "The numbers of timestep {t}. Python counts from 0, so its index is {index}.",
    }


DRAWN = {
    "article": """random = np.random.default_rng([{seed}, {stream}])
W = random.random(({units}, {input_features}))
U = random.random(({units}, {units}))
b = random.random({units})""",
    "small": """random = np.random.default_rng([{seed}, {stream}])
W = random.normal(size=({units}, {input_features})) / np.sqrt({input_features})
U = random.normal(size=({units}, {units})) / np.sqrt({units})
b = np.zeros({units})""",
}

LOOP = """state = np.zeros({units})
successive_outputs = []
for x in inputs:
    output = np.tanh(np.dot(W, x) + np.dot(U, state) + b)
    successive_outputs.append(output)
    state = output

final_output_sequence = np.stack(successive_outputs)
print("successive_outputs[-1].shape =", successive_outputs[-1].shape)
print("final_output_sequence.shape =", final_output_sequence.shape)"""

STEP = """t = {t}
state_before = successive_outputs[t - 1] if t > 0 else np.zeros({units})
print("input")
print(inputs[t])
print("state before")
print(state_before)
print("W·input")
print(np.dot(W, inputs[t]))
print("U·state")
print(np.dot(U, state_before))
print("sum")
print(np.dot(W, inputs[t]) + np.dot(U, state_before) + b)
print("output")
print(successive_outputs[t])"""


def step_through(
    trace: SimpleRNNTrace,
    recipe: str,
    seed: int,
    t: int,
    words: Mapping[str, str] = StepThroughWords.SENTENCES,
    *,
    weight_seed: int | None = None,
) -> list[Cell]:
    """Code that computes the toy's numbers again and prints those of timestep t.

    Inputs and weights are drawn with their seeds, in two lines; where a visitor has changed one by hand,
    it is written out number by number.

    Args:
        trace: of the toy's first sequence, read from a state of zeros.
        recipe: "article" or "small", with which the toy was drawn.
        seed: with which the toy was drawn.
        t: the timestep that was read last, counted from 0.
        words: the texts, by the codes of StepThroughWords.
        weight_seed: of the weights, where it is not that of the inputs.

    Returns:
        Text and code for `as_script` and `as_notebook`.
    """
    inputs, weights = trace.inputs[0], trace.weights
    timesteps, input_features = inputs.shape
    units = weights.units
    sizes = {"timesteps": timesteps, "input_features": input_features, "units": units}

    if np.array_equal(inputs, toy_inputs(timesteps, input_features, seed)):
        inputs_code = (
            f"inputs = np.random.default_rng([{seed}, {INPUT_STREAM}]).random(({timesteps}, {input_features}))"
        )
    else:
        inputs_code = f"inputs = {array_code(inputs)}"

    weight_seed = seed if weight_seed is None else weight_seed
    drawn = toy_weights(input_features, units, recipe, weight_seed)
    if all(np.array_equal(ours, theirs) for ours, theirs in zip(weights.to_keras(), drawn.to_keras(), strict=True)):
        weights_code = DRAWN[recipe].format(seed=weight_seed, stream=WEIGHT_STREAM, **sizes)
    else:
        arrays = {"W": weights.kernel.T, "U": weights.recurrent_kernel.T, "b": weights.bias}
        weights_code = "\n".join(f"{name} = {array_code(array)}" for name, array in arrays.items())

    return [
        Markdown(f"# {words['title']}\n\n{words['about'].format(**sizes)}"),
        Markdown(words["numbers"]),
        Code(f"import numpy as np\n\n{inputs_code}\n{weights_code}"),
        Markdown(words["loop"]),
        Code(LOOP.format(units=units)),
        Markdown(words["step"].format(t=t + 1, index=t)),
        Code(STEP.format(t=t, units=units)),
    ]
