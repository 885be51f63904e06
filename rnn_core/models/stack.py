"""What real Keras says about a stack of layers: its summary, its error, its numbers.

These functions run where Keras may be imported, in a worker. They take and return plain dicts, lists, strings and
numbers, so that the answer travels and can be kept.

A training may run in the same process, so nothing global is touched: no `clear_session`, no global seed, and not
one number is drawn from Python's or NumPy's shared generators (Keras draws from Python's whenever a layer is made
without a seed, so all are made with one). Each call runs in a thread of its own. Keras counts names per thread,
therefore its words read as in a fresh session: "lstm" and not "lstm_1372".
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from rnn_core.cells.registry import CELLS
from rnn_core.shapes import (
    MAX_TIMESTEPS,
    Dense,
    Embedding,
    Layer,
    LayerReport,
    Recurrent,
    Stack,
    output_tensors,
    report,
    stack_from_json,
)

#: 80 MB in float32; larger stacks are counted by our own rules only.
MAX_PARAMETERS = 20_000_000
MAX_BATCH = 8
#: A heat map shows at most this many rows and columns of numbers.
MAX_SHOWN = 128

# The table of a summary is drawn with box characters. In Chinese fonts these are twice as wide as letters and the
# columns fall apart, so they are replaced by plain ones; all else is as Keras prints it.
_PLAIN = str.maketrans("━─═│┃┏┳┓┡╇┩├┼┤└┴┘", "=-=||" + "+" * 12)
_SUMMARY_WIDTH = 76


def keras_answer(stack_as_json: dict[str, Any]) -> dict[str, Any]:
    """Let Keras build the stack as `Sequential([...])` and repeat what it says.

    Args:
        stack_as_json: what `Stack.to_json` gives.

    Returns:
        {"ok": True, "keras": version, "summary": lines, "layers": rows, "total": int}, where a row has "name",
        "class", "output_shapes" (a list of shapes, several if the layer hands on a list) and "count_params";
        {"ok": False, "keras": version, "type": "ValueError", "message": Keras' own words} if Keras refuses it;
        {"ok": None, "code": "too_large", "values": {"parameters", "limit"}} if it is too large to be built here.
    """
    stack = stack_from_json(stack_as_json)
    return _too_large(stack) or _in_fresh_thread(lambda: _answer(stack))


def keras_values(
    stack_as_json: dict[str, Any], batch: int = 2, timesteps: int = 6, seed: int = 0, layer: int | None = None
) -> dict[str, Any]:
    """Send a real batch through the real layers.

    The weights are those Keras starts a training with, drawn with `seed`; so is the batch: word ids, or normally
    distributed numbers.

    Args:
        stack_as_json: what `Stack.to_json` gives.
        batch: sequences in the batch, 1 to 8.
        timesteps: length of each, 1 to 100; a raw input of a fixed length keeps its own.
        seed: of weights and batch.
        layer: whose values to return, an index into the stack's layers; the last one by default.

    Returns:
        As `keras_answer` if the stack is refused or too large, else a dict with "ok": True and

        "batch", "timesteps": the sizes used;
        "input": word ids (timesteps,) or numbers (timesteps, input_features) of the first sequence;
        "layers": for each row "name" and "outputs", each with "name" and "shape", sizes as they came out;
        "layer": the index of the chosen layer;
        "axes", "values": its first output as a matrix: ["timesteps", "features"] of the first sequence, or
            ["batch", "features"] if the timesteps are gone; at most 128 × 128 numbers of 4 decimals;
        "last_step" (recurrent layers only): with the same weights and input, "with" = output[:, -1, :] of
            return_sequences=True, "without" = output of return_sequences=False, both for the first sequence, and
            "differences": the largest difference in the whole batch by part, {"output"} or, where both directions
            can be told apart, {"forward", "backward"}. The backward direction differs for good reason: at the last
            timestep it has read one input only;
        "states" (recurrent layers only): what return_state=True returns, element by element: "name", "shape",
            "values" (first sequence) and, for h, "equals": where the same numbers stand in the output, with the
            largest "difference". Of c there is only the last one: Keras never returns c per timestep.
    """
    stack = stack_from_json(stack_as_json)
    batch = min(max(batch, 1), MAX_BATCH)
    timesteps = min(max(timesteps, 1), MAX_TIMESTEPS)
    if report(stack).problem:
        return keras_answer(stack_as_json)
    chosen = len(stack.layers) - 1 if layer is None else min(max(layer, 0), len(stack.layers) - 1)
    return _too_large(stack) or _in_fresh_thread(lambda: _values(stack, batch, timesteps, seed, chosen))


def _too_large(stack: Stack) -> dict[str, Any] | None:
    parameters = sum(row.count.total for row in report(stack).rows)
    if parameters <= MAX_PARAMETERS:
        return None
    return {"ok": None, "code": "too_large", "values": {"parameters": parameters, "limit": MAX_PARAMETERS}}


def _in_fresh_thread(function: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(function).result()


def _keras_layer(layer: Embedding | Layer) -> Any:
    """The Keras layer, its weights zero: shapes and counts need no more, and zeros cost no random numbers."""
    from keras import layers

    if isinstance(layer, Embedding):
        return layers.Embedding(layer.vocabulary, layer.dimension, embeddings_initializer="zeros")
    if isinstance(layer, Dense):
        return layers.Dense(layer.units, activation=layer.activation, kernel_initializer="zeros")
    recurrent = getattr(layers, CELLS[layer.cell].label)(
        layer.units,
        return_sequences=layer.return_sequences,
        return_state=layer.return_state,
        go_backwards=layer.go_backwards,
        kernel_initializer="zeros",
        recurrent_initializer="zeros",
        seed=0,
    )
    return layers.Bidirectional(recurrent, merge_mode=layer.merge_mode) if layer.bidirectional else recurrent


def _keras_input(stack: Stack) -> Any:
    import keras

    if isinstance(stack.input, Embedding):
        return keras.Input((None,), dtype="int32")
    return keras.Input((stack.input.timesteps, stack.input.input_features))


def _answer(stack: Stack) -> dict[str, Any]:
    import keras

    answer: dict[str, Any] = {"keras": keras.__version__}
    embedding = [stack.input] if isinstance(stack.input, Embedding) else []
    try:
        model = keras.Sequential([_keras_input(stack), *(_keras_layer(layer) for layer in (*embedding, *stack.layers))])
    except Exception as error:  # whatever Keras says is the answer
        return answer | {"ok": False, "type": type(error).__name__, "message": str(error)}

    printed: list[str] = []
    model.summary(line_length=_SUMMARY_WIDTH, print_fn=printed.append)
    rows = [
        {
            "name": layer.name,
            "class": type(layer).__name__,
            "output_shapes": [list(tensor.shape) for tensor in _as_list(layer.output)],
            "count_params": layer.count_params(),
        }
        for layer in model.layers
    ]
    summary = "".join(printed).translate(_PLAIN).rstrip().split("\n")
    return answer | {"ok": True, "summary": summary, "layers": rows, "total": model.count_params()}


def _values(stack: Stack, batch: int, timesteps: int, seed: int, chosen: int) -> dict[str, Any]:
    import keras
    import numpy as np

    random = np.random.default_rng(seed)
    if isinstance(stack.input, Embedding):
        x = random.integers(0, stack.input.vocabulary, (batch, timesteps))
    else:
        timesteps = stack.input.timesteps or timesteps
        x = random.normal(size=(batch, timesteps, stack.input.input_features)).astype("float32")

    result: dict[str, Any] = {
        "ok": True,
        "keras": keras.__version__,
        "batch": batch,
        "timesteps": timesteps,
        "input": _numbers(x[0]),
        "layers": [],
        "layer": chosen,
    }
    for row in report(stack).rows:
        layer = _keras_layer(row.layer)
        layer.build(x.shape)
        _draw_weights(layer, random)
        outputs = [np.asarray(tensor) for tensor in _as_list(layer(x))]
        shapes = [{"name": t.name, "shape": list(o.shape)} for t, o in zip(row.outputs, outputs, strict=True)]
        result["layers"].append({"name": row.name, "outputs": shapes})
        if row.index == chosen:
            first = outputs[0]
            result["axes"] = ["timesteps" if first.ndim == 3 else "batch", "features"]
            result["values"] = _numbers(first[0] if first.ndim == 3 else first)
            if isinstance(row.layer, Recurrent):
                result["last_step"] = _last_step(row.layer, layer.get_weights(), x)
                result["states"] = _states(row, layer.get_weights(), x)
        x = outputs[0]  # a stack that is not refused hands on lists at its end only
    return result


def _draw_weights(layer: Any, random: Any) -> None:
    """Weights as Keras would draw them, but each array with a seed of its own.

    Bidirectional copies a seeded layer with its seed, so both directions would start with the same weights.
    """
    from keras import initializers

    kinds = {
        "kernel": initializers.GlorotUniform,
        "recurrent_kernel": initializers.Orthogonal,
        "embeddings": initializers.RandomUniform,
    }
    for weight in layer.weights:
        if weight.name in kinds:  # a bias keeps what Keras gives it: zeros, and 1 for LSTM's forget gate
            seed = int(random.integers(2**31))
            weight.assign(kinds[weight.name](seed=seed)(weight.shape))


def _outputs_with(layer: Recurrent, weights: list[Any], x: Any) -> list[Any]:
    """The outputs of a layer with just these weights."""
    import numpy as np

    made = _keras_layer(layer)
    made.build(x.shape)
    made.set_weights(weights)
    return [np.asarray(tensor) for tensor in _as_list(made(x))]


def _parts(layer: Recurrent, outputs: list[Any]) -> dict[str, Any]:
    """The output by direction where the directions can be told apart, else whole."""
    if layer.bidirectional and layer.merge_mode == "concat":
        return {"forward": outputs[0][..., : layer.units], "backward": outputs[0][..., layer.units :]}
    if layer.merge_mode is None:
        return {"forward": outputs[0], "backward": outputs[1]}
    return {"output": outputs[0]}


def _last_step(layer: Recurrent, weights: list[Any], x: Any) -> dict[str, Any]:
    layer = replace(layer, return_state=False)
    sequences = _outputs_with(replace(layer, return_sequences=True), weights, x)
    last = [output[:, -1, :] for output in sequences]
    without = _outputs_with(replace(layer, return_sequences=False), weights, x)
    pairs = zip(_parts(layer, last).items(), _parts(layer, without).values(), strict=True)
    return {
        "with": _numbers(last[0][0]),
        "without": _numbers(without[0][0]),
        "differences": {part: float(abs(a - b).max()) for (part, a), b in pairs},
    }


def _states(row: LayerReport, weights: list[Any], x: Any) -> list[dict[str, Any]]:
    layer = row.layer
    assert isinstance(layer, Recurrent)
    layer = replace(layer, return_state=True)
    outputs = _outputs_with(layer, weights, x)
    names = [tensor.name for tensor in output_tensors(layer, row.input_shape)]
    parts = _parts(layer, outputs)
    # For each h: where in the output the same numbers stand, in the words of the code that would look there.
    places = {"h": ("output", "output", -1)}
    if layer.bidirectional:
        apart = layer.merge_mode is None
        places = {
            "forward_h": ("forward", "forward_output" if apart else "output", -1),
            "backward_h": ("backward", "backward_output" if apart else "output", 0),
        }
    slices = {"forward": f":{layer.units}", "backward": f"{layer.units}:"}

    described = []
    for name, values in zip(names, outputs, strict=True):
        element: dict[str, Any] = {"name": name, "shape": list(values.shape), "values": _numbers(values[0])}
        part, source, step = places.get(name, ("", "", 0))
        if part in parts:
            columns = slices[part] if layer.bidirectional and source == "output" else ":"
            there = parts[part][:, step, :] if layer.return_sequences else parts[part]
            element["equals"] = (
                f"{source}[:, {step}, {columns}]" if layer.return_sequences else f"{source}[:, {columns}]"
            )
            element["difference"] = float(abs(values - there).max())
        described.append(element)
    return described


def _as_list(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _numbers(array: Any) -> list[Any]:
    """A vector or matrix as lists, short enough to send: 4 decimals, at most 128 along each axis."""
    shown = array[tuple(slice(MAX_SHOWN) for _ in array.shape)]
    if shown.dtype.kind == "f":  # float64 first: 0.0125 in float32 would be written as 0.012500000186264515
        shown = shown.astype("float64").round(4)
    return shown.tolist()
