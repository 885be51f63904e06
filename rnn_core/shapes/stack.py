"""The description of a stack: its layers with Keras' arguments, within our bounds, and one edit of it.

A `Stack` is what a Keras user writes as `keras.Sequential([keras.Input(...), layer, layer, ...])`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from rnn_core.cells.registry import CELLS
from rnn_core.errors import VisitorError

MERGE_MODES = ("concat", "sum", "mul", "ave", None)
ACTIVATIONS = ("linear", "sigmoid", "softmax", "tanh", "relu")

MAX_LAYERS = 8
MAX_UNITS = 1024
MAX_VOCABULARY = 100_000
MAX_TIMESTEPS = 100


class StackError(VisitorError):
    """A layer or a stack that lies outside our bounds."""

    SENTENCES: ClassVar = {
        "out_of_range": "{name} must be a whole number from 1 to {high}, which {given} is not.",
        "bad_choice": '{name} cannot be "{given}"; it must be one of {choices}.',
        "no_layers": "A stack needs at least one layer.",
        "too_many_layers": "A stack has at most {most} layers; {given} are too many.",
    }


def _check(name: str, value: Any, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
        raise StackError("out_of_range", name=name, given=short(value), high=high)


def _check_choice(name: str, value: Any, choices: tuple) -> None:
    if value not in choices:
        raise StackError("bad_choice", name=name, given=short(value), choices=", ".join(map(str, choices)))


def short(value: Any) -> str:
    """What was given, short enough to be repeated to the one who gave it.

    >>> short("softplus"), short("x" * 500)
    ('softplus', 'xxxxxxxxxxxxxxxxxxx…')
    """
    try:
        text = str(value)
    except ValueError:  # an int of more digits than Python is willing to print
        return "a huge number"
    return text if len(text) <= 20 else text[:19] + "…"


@dataclass(frozen=True)
class Embedding:
    """Reads word ids (batch, timesteps) and looks up a vector for each: (batch, timesteps, dimension)."""

    vocabulary: int = 10_000
    dimension: int = 32

    def __post_init__(self) -> None:
        _check("vocabulary", self.vocabulary, MAX_VOCABULARY)
        _check("dimension", self.dimension, MAX_UNITS)


@dataclass(frozen=True)
class RawInput:
    """Reads vectors as they are: (batch, timesteps, input_features); timesteps None means any length."""

    timesteps: int | None = None
    input_features: int = 32

    def __post_init__(self) -> None:
        if self.timesteps is not None:
            _check("timesteps", self.timesteps, MAX_TIMESTEPS)
        _check("input_features", self.input_features, MAX_UNITS)


@dataclass(frozen=True)
class Recurrent:
    """SimpleRNN, LSTM or GRU, alone or as `Bidirectional(...)`; arguments are named and mean as in Keras."""

    cell: str
    units: int = 32
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    bidirectional: bool = False
    merge_mode: str | None = "concat"

    def __post_init__(self) -> None:
        _check_choice("cell", self.cell, tuple(CELLS))
        _check("units", self.units, MAX_UNITS)
        _check_choice("merge_mode", self.merge_mode, MERGE_MODES)
        if not self.bidirectional:  # nothing to merge: two equal layers should also compare equal
            object.__setattr__(self, "merge_mode", "concat")

    @property
    def blocks(self) -> int:
        """How many blocks of `units` columns the kernel has, its gates and the candidate: 1, 4 or 3."""
        return len(CELLS[self.cell].blocks)

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1


@dataclass(frozen=True)
class Dense:
    """`activation(dot(input, kernel) + bias)` on the last axis; all axes before it stay as they are."""

    units: int = 1
    activation: str = "linear"

    def __post_init__(self) -> None:
        _check("units", self.units, MAX_UNITS)
        _check_choice("activation", self.activation, ACTIVATIONS)


Layer = Recurrent | Dense


@dataclass(frozen=True)
class Stack:
    """What `keras.Sequential` is given: an input and one to eight layers."""

    input: Embedding | RawInput
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise StackError("no_layers")
        if len(self.layers) > MAX_LAYERS:
            raise StackError("too_many_layers", given=len(self.layers), most=MAX_LAYERS)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; `stack_from_json` reads them back."""
        kind = "embedding" if isinstance(self.input, Embedding) else "raw"
        layers = []
        for layer in self.layers:
            fields = asdict(layer)
            layers.append({"kind": fields.pop("cell", "dense"), **fields})
        return {"input": {"kind": kind, **asdict(self.input)}, "layers": layers}


def stack_from_json(raw: Mapping[str, Any]) -> Stack:
    """The stack that `Stack.to_json` wrote; use `link.clamped` for anything that comes from outside.

    Raises:
        StackError: if a value is outside its bounds.
    """
    given = dict(raw["input"])
    source: Embedding | RawInput = Embedding(**given) if given.pop("kind") == "embedding" else RawInput(**given)
    layers: list[Layer] = []
    for item in raw["layers"]:
        fields = dict(item)
        kind = fields.pop("kind")
        layers.append(Dense(**fields) if kind == "dense" else Recurrent(kind, **fields))
    return Stack(source, tuple(layers))


def class_name(layer: Embedding | Layer) -> str:
    """The name of the layer's class in Keras; a bidirectional layer is called by what it wraps, too.

    >>> class_name(Dense()), class_name(Recurrent("gru", bidirectional=True))
    ('Dense', 'Bidirectional(GRU)')
    """
    if isinstance(layer, Recurrent):
        name = CELLS[layer.cell].label
        return f"Bidirectional({name})" if layer.bidirectional else name
    return type(layer).__name__


@dataclass(frozen=True)
class Edit:
    """Set one argument of one layer: `stack.layers[layer].field = value`."""

    layer: int
    field: str
    value: Any


def edited(stack: Stack, edits: tuple[Edit, ...]) -> Stack:
    """The stack after the edits."""
    layers = list(stack.layers)
    for edit in edits:
        layers[edit.layer] = replace(layers[edit.layer], **{edit.field: edit.value})
    return replace(stack, layers=tuple(layers))
