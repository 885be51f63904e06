"""A cell's numbers to take away: as code in NumPy, as code in Keras, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import ClassVar

from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.errors import Told
from rnn_core.explain.arithmetic import fields_that_open
from rnn_core.export import Cell, Code, Markdown
from rnn_core.export.arrays import array_code


class CellWords(Told):
    """What the text around the code says; a page may put it into its own language."""

    SENTENCES: ClassVar = {
        "title": "{layer}: {timesteps} timesteps, {units} units",
        "numbers": "Inputs and weights, the same as on the page; weights as Keras' layer.get_weights() lays them out.",
        "loop": "Every timestep, gate by gate.",
        "step": "The numbers of timestep {t}. Python counts from 0, so its index is {index}.",
        "twin": "The same weights in a real Keras layer, and the largest difference.",
    }


SIMPLE_RNN_LOOP = """    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    now = {"h": h}"""

LSTM_LOOP = """    i, f, k, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4)
    input_gate, forget_gate, candidate, output_gate = sigmoid(i), sigmoid(f), np.tanh(k), sigmoid(o)
    c = forget_gate * c + input_gate * candidate
    h = output_gate * np.tanh(c)
    now = {"input_gate": input_gate, "forget_gate": forget_gate, "candidate": candidate, "output_gate": output_gate}
    now |= {"c": c, "h": h}"""

GRU_RESET_AFTER_LOOP = """    x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3)
    h_z, h_r, h_h = np.split(h @ recurrent_kernel + bias[1], 3)
    update_gate, reset_gate = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    candidate = np.tanh(x_h + reset_gate * h_h)
    h = update_gate * h + (1 - update_gate) * candidate
    now = {"update_gate": update_gate, "reset_gate": reset_gate, "candidate": candidate, "h": h}"""

GRU_RESET_BEFORE_LOOP = """    x_z, x_r, x_h = np.split(x @ kernel + bias, 3)
    U_z, U_r, U_h = np.split(recurrent_kernel, 3, axis=1)
    update_gate, reset_gate = sigmoid(x_z + h @ U_z), sigmoid(x_r + h @ U_r)
    candidate = np.tanh(x_h + (reset_gate * h) @ U_h)
    h = update_gate * h + (1 - update_gate) * candidate
    now = {"update_gate": update_gate, "reset_gate": reset_gate, "candidate": candidate, "h": h}"""

SIGMOID = """def sigmoid(x):
    return 1 / (1 + np.exp(-x))


"""

STEP = """for name, numbers in steps[{t}].items():
    print(name)
    print(numbers)"""

TWIN = """import keras

layer = keras.layers.{layer}({arguments}, return_sequences=True, dtype="{dtype}")
layer.build((None, None, kernel.shape[0]))
layer.set_weights([kernel, recurrent_kernel, bias])
outputs = keras.ops.convert_to_numpy(layer({call}))[0]
print("largest difference", np.abs(outputs - {ours}).max())"""


def cell_code(
    trace: CellTrace, t: int, batch_index: int = 0, words: Mapping[str, str] = CellWords.SENTENCES
) -> list[Cell]:
    """Code that computes a trace's numbers again and prints those of timestep t; needs NumPy alone.

    Args:
        trace: of a SimpleRNN, an LSTM or a GRU; timesteps are written in the order in which they were read.
        t: the timestep that was read last, counted from 0.
        batch_index: which sequence of the batch.
        words: the texts, by the codes of CellWords.

    Returns:
        Text and code for `as_script` and `as_notebook`.
    """
    cell, weights = cell_of(trace), trace.weights
    arrays = {"inputs": trace.inputs[batch_index], "kernel": weights.kernel}
    arrays |= {"recurrent_kernel": weights.recurrent_kernel, "bias": weights.bias}
    if trace.mask is not None:
        arrays["mask"] = trace.mask[batch_index]
    arrays |= {f"initial_{state}": getattr(trace, f"{state}_previous")[batch_index, 0] for state in cell.states}
    numbers = "\n".join(f"{name} = {array_code(array)}" for name, array in arrays.items())

    start = "\n".join(f"{state} = initial_{state}" for state in cell.states)
    equations = _equations(trace)
    if trace.mask is None:
        head = "for x in inputs:"
    else:
        head = "for x, read in zip(inputs, mask):"
        before = ", ".join(f"{state}_before" for state in cell.states)
        put_back = "\n".join(f'        {state} = now["{state}"] = {state}_before' for state in cell.states)
        equations = f"    {before} = {', '.join(cell.states)}\n{equations}\n    if not read:\n{put_back}"
    loop = f"{start}\nsteps = []\n{head}\n{equations}\n    steps.append(now)"

    sizes = {"layer": cell.label, "timesteps": trace.h.shape[1], "units": weights.units}
    return [
        Markdown(f"# {words['title'].format(**sizes)}"),
        Markdown(words["numbers"]),
        Code(f"import numpy as np\n\n{numbers}"),
        Markdown(words["loop"]),
        Code((SIGMOID if cell.gates else "") + loop),
        Markdown(words["step"].format(t=t + 1, index=t)),
        Code(STEP.format(t=t)),
    ]


def twin_code(trace: CellTrace, words: Mapping[str, str] = CellWords.SENTENCES) -> list[Cell]:
    """Code to put after `cell_code`: the same weights in Keras, and the largest difference."""
    cell = cell_of(trace)
    arguments = ", ".join([str(trace.weights.units), *(f"{name}={getattr(trace, name)}" for name in cell.variant)])
    call, ours = "inputs[np.newaxis]", 'np.stack([step["h"] for step in steps])'
    if trace.mask is not None:
        call += ", mask=mask[np.newaxis]"
        # Keras puts out zeros until something was read, whatever the state it begins with.
        ours += " * np.logical_or.accumulate(mask)[:, np.newaxis]"
    call += f", initial_state=[{', '.join(f'initial_{state}[np.newaxis]' for state in cell.states)}]"
    source = TWIN.format(layer=cell.label, arguments=arguments, dtype=trace.weights.dtype, call=call, ours=ours)
    return [Markdown(words["twin"]), Code(source)]


def trace_csv(trace: CellTrace, batch_index: int = 0) -> str:
    """A trace as a table: one row for each timestep and unit, one column for each number that opens."""
    names = fields_that_open(trace)
    columns = [getattr(trace, name)[batch_index] for name in names]
    timesteps, units = columns[0].shape
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["timestep", "unit", *names])
    for t in range(timesteps):
        for unit in range(units):
            writer.writerow([t, unit, *(str(column[t, unit]) for column in columns)])
    return text.getvalue()


def _equations(trace: CellTrace) -> str:
    if not getattr(trace, "reset_after", True):
        return GRU_RESET_BEFORE_LOOP
    return {"simple_rnn": SIMPLE_RNN_LOOP, "lstm": LSTM_LOOP, "gru": GRU_RESET_AFTER_LOOP}[cell_of(trace).name]
