"""A stack as Keras code, line by line, so that a page can mark the lines that a click has changed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from rnn_core.cells.registry import CELLS
from rnn_core.shapes import Dense, Embedding, Layer, Stack, concrete, report


@dataclass(frozen=True)
class CodeLine:
    """One line of code; `id` is "input", "embedding", "layer-0", "layer-1" … for those, else ""."""

    text: str
    id: str = ""


def layer_code(layer: Embedding | Layer) -> str:
    """The constructor call; arguments that have Keras' default value are left out."""
    if isinstance(layer, Embedding):
        return f"layers.Embedding({layer.vocabulary}, {layer.dimension})"
    if isinstance(layer, Dense):
        activation = "" if layer.activation == "linear" else f', activation="{layer.activation}"'
        return f"layers.Dense({layer.units}{activation})"
    arguments = [str(layer.units)]
    arguments += [
        f"{flag}=True" for flag in ("return_sequences", "return_state", "go_backwards") if getattr(layer, flag)
    ]
    code = f"layers.{CELLS[layer.cell].label}({', '.join(arguments)})"
    if not layer.bidirectional:
        return code
    if layer.merge_mode == "concat":
        return f"layers.Bidirectional({code})"
    mode = "None" if layer.merge_mode is None else f'"{layer.merge_mode}"'
    return f"layers.Bidirectional({code}, merge_mode={mode})"


def model_lines(stack: Stack, *, numpy: bool = False) -> tuple[CodeLine, ...]:
    """The model as `keras.Sequential`; an impossible stack is written too, and running it raises Keras' error.

    `numpy` imports NumPy as well, for `batch_lines` behind it: all imports stand on top.
    """
    if isinstance(stack.input, Embedding):
        source = [
            CodeLine('        keras.Input((None,), dtype="int32"),', "input"),
            CodeLine(f"        {layer_code(stack.input)},", "embedding"),
        ]
    else:
        shape = f"({stack.input.timesteps}, {stack.input.input_features})"
        source = [CodeLine(f"        keras.Input({shape}),", "input")]
    return (
        CodeLine("import keras"),
        *([CodeLine("import numpy as np")] if numpy else ()),
        CodeLine("from keras import layers"),
        CodeLine(""),
        CodeLine("model = keras.Sequential("),
        CodeLine("    ["),
        *source,
        *(CodeLine(f"        {layer_code(layer)},", f"layer-{index}") for index, layer in enumerate(stack.layers)),
        CodeLine("    ]"),
        CodeLine(")"),
        CodeLine("model.summary()"),
    )


def batch_lines(stack: Stack, batch: int = 2, timesteps: int = 6) -> tuple[CodeLine, ...]:
    """A batch through the model, every tensor of its output by name; nothing for a stack that Keras refuses.

    These lines follow `model_lines(stack, numpy=True)`.
    """
    told = report(stack)
    if told.problem:
        return ()
    if isinstance(stack.input, Embedding):
        made = f"np.random.default_rng(0).integers(0, {stack.input.vocabulary}, size=({batch}, {timesteps}))"
    else:
        timesteps = stack.input.timesteps or timesteps
        made = f"np.random.default_rng(0).normal(size=({batch}, {timesteps}, {stack.input.input_features}))"
    outputs = told.rows[-1].outputs
    return (
        CodeLine(f"batch = {made}"),
        CodeLine(f"{', '.join(tensor.name for tensor in outputs)} = model(batch)"),
        *(CodeLine(f"print({t.name}.shape)  # {concrete(t.shape, batch, timesteps)}") for t in outputs),
    )


def changed_lines(before: tuple[CodeLine, ...], after: tuple[CodeLine, ...]) -> frozenset[int]:
    """Which lines of `after`, counted from 0, are new or changed; a layer that only moved counts as changed."""
    matcher = SequenceMatcher(None, [line.text for line in before], [line.text for line in after], autojunk=False)
    return frozenset(
        line for tag, _, _, first, end in matcher.get_opcodes() if tag != "equal" for line in range(first, end)
    )


def as_code(lines: tuple[CodeLine, ...]) -> str:
    return "".join(f"{line.text}\n" for line in lines)
