"""Output shapes and parameter counts of a stack of layers, by rules a reader can do on paper.

A `Stack` is what a Keras user writes as `keras.Sequential([keras.Input(...), layer, layer, ...])`. `report` walks
through it as Keras does: what shape arrives at a layer, what it hands on, how many parameters it has, and where
the walk ends if the stack is impossible. Nothing here needs Keras; the tests hold every rule against it.

Shapes are tuples as Keras prints them, `None` for a size that is only known once data arrives:

    (None, None, 32)    (batch, timesteps, features): a sequence
    (None, 32)          (batch, features): one vector for each sequence

Source: Keras 3.15, `keras/src/layers/rnn` and `keras/src/models/sequential.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

Shape = tuple[int | None, ...]

CELLS = ("simple_rnn", "lstm", "gru")
GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}
STATES = {"simple_rnn": ("h",), "lstm": ("h", "c"), "gru": ("h",)}
CLASS_NAMES = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
MERGE_MODES = ("concat", "sum", "mul", "ave", None)
ACTIVATIONS = ("linear", "sigmoid", "softmax", "tanh", "relu")

MAX_LAYERS = 8
MAX_UNITS = 1024
MAX_VOCABULARY = 100_000
MAX_TIMESTEPS = 100

# English sentences by code; a page that speaks another language translates by code and fills in the same values.
SENTENCES = {
    # Refused by Keras.
    "not_a_sequence": (
        "Layer {layer} ({layer_class}) expects (batch, timesteps, features), but layer {previous} ({previous_class}) "
        "hands on {shape}, since layer {cause} ({cause_class}) has return_sequences=False."
    ),
    "several_tensors": (
        "Layer {layer} ({layer_class}) expects one tensor, but layer {previous} ({previous_class}) hands on a list "
        "of {tensors}, since it has {reason}."
    ),
    "both_backwards": (
        "Layer {layer} is Bidirectional and adds the backward reading by itself; with go_backwards=True both of its "
        "halves would read backwards."
    ),
    # Accepted by Keras, but seldom meant.
    "answer_per_timestep": (
        "Layer {layer} (Dense) gives an answer at every timestep, {shape}, since layer {cause} ({cause_class}) has "
        "return_sequences=True."
    ),
    # Brought into bounds.
    "not_a_stack": "This is not a description of a stack, so you see the article's first model instead.",
    "no_input": "The stack does not say what it reads, so it reads word ids through Embedding(10000, 32).",
    "no_layers": "A stack needs at least one layer, so it was given SimpleRNN(32).",
    "too_many_layers": "There are {given} layers; the first {used} were kept.",
    "unknown_layer": 'There is no layer called "{given}" here, so it was left out.',
    "unknown_word": 'Layer {layer} does not know "{given}", so it was ignored.',
    "out_of_range": "{name} must be a whole number from {low} to {high}, so {used} is used instead of {given}.",
    "link_too_long": "The link is longer than any stack of ours ({given} characters); its first {used} were read.",
    "bad_choice": '{name} cannot be "{given}"; it must be one of {choices}.',
}


class StackError(ValueError):
    """A layer or a stack that lies outside our bounds; `code` and `values` name what and how far."""

    def __init__(self, code: str, **values: Any):
        super().__init__(SENTENCES[code].format(**values))
        self.code = code
        self.values = values


def _check(name: str, value: Any, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
        raise StackError("out_of_range", name=name, given=short(value), used=1, low=1, high=high)


def _check_choice(name: str, value: Any, choices: tuple) -> None:
    if value not in choices:
        raise StackError("bad_choice", name=name, given=short(value), choices=", ".join(map(str, choices)))


def short(value: Any) -> str:
    """What was given, short enough to be repeated to the one who gave it."""
    try:
        text = str(value)
    except ValueError:  # an int of more digits than Python is willing to print
        return "a huge number"
    return text if len(text) <= 20 else text[:19] + "…"


# --- The description -------------------------------------------------------------------------------------------


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
        _check_choice("cell", self.cell, CELLS)
        _check("units", self.units, MAX_UNITS)
        _check_choice("merge_mode", self.merge_mode, MERGE_MODES)
        if not self.bidirectional:  # nothing to merge: two equal layers should also compare equal
            object.__setattr__(self, "merge_mode", "concat")

    @property
    def gates(self) -> int:
        """How many blocks of `units` columns the kernel has: 1, 4 or 3 (LSTM and GRU count the candidate too)."""
        return GATES[self.cell]

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
            raise StackError("too_many_layers", given=len(self.layers), used=MAX_LAYERS)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; `stack_from_json` reads them back."""
        kind = "embedding" if isinstance(self.input, Embedding) else "raw"
        layers = []
        for layer in self.layers:
            fields = asdict(layer)
            layers.append({"kind": fields.pop("cell", "dense"), **fields})
        return {"input": {"kind": kind, **asdict(self.input)}, "layers": layers}


def stack_from_json(raw: Mapping[str, Any]) -> Stack:
    """The stack that `Stack.to_json` wrote; use `clamped` for anything that comes from outside.

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
    """The name of the layer's class in Keras; a bidirectional layer is called by what it wraps, too."""
    if isinstance(layer, Recurrent):
        name = CLASS_NAMES[layer.cell]
        return f"Bidirectional({name})" if layer.bidirectional else name
    return type(layer).__name__


# --- Shapes and parameters -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tensor:
    """One tensor that a layer hands on.

    `name` says what it is: "output", or with merge_mode=None "forward_output" and "backward_output"; with
    return_state also the last states "h" and "c", in a bidirectional layer "forward_h", "backward_c" and so on.
    """

    name: str
    shape: Shape


def symbolic(shape: Shape) -> tuple[str, ...]:
    """The shape with names where Keras says None: (None, None, 32) is ("batch", "timesteps", "32")."""
    return tuple(("batch", "timesteps")[axis] if size is None else str(size) for axis, size in enumerate(shape))


def concrete(shape: Shape, batch: int, timesteps: int) -> tuple[int, ...]:
    """The shape once data has arrived: every None is a size now."""
    return tuple((batch, timesteps)[axis] if size is None else size for axis, size in enumerate(shape))


def shape_text(shape: Shape) -> str:
    """As people write it: "(batch, timesteps, 32)"."""
    return f"({', '.join(symbolic(shape))})"


@dataclass(frozen=True)
class ParameterTerm:
    """One weight array of one direction, as a product.

    `part` is "kernel", "recurrent_kernel" or "bias" (an Embedding's table is its kernel), `shape` what Keras'
    `get_weights()` shows, `factors` the named numbers to multiply.
    """

    part: str
    shape: tuple[int, ...]
    factors: tuple[tuple[str, int], ...]

    @property
    def value(self) -> int:
        return math.prod(number for _, number in self.factors)

    @property
    def names(self) -> str:
        """The product in words: "input_features × gates × units"."""
        return " × ".join(name for name, _ in self.factors)

    @property
    def numbers(self) -> str:
        """The product with the numbers put in: "32 × 4 × 64"."""
        return " × ".join(str(number) for _, number in self.factors)


@dataclass(frozen=True)
class ParameterCount:
    """All terms of one direction, and how many directions there are (2 in a bidirectional layer)."""

    terms: tuple[ParameterTerm, ...]
    directions: int = 1

    @property
    def total(self) -> int:
        return self.directions * sum(term.value for term in self.terms)

    @property
    def split(self) -> dict[str, int]:
        """Parameters by part, both directions together; the parts add up to `total`."""
        return {term.part: self.directions * term.value for term in self.terms}

    @property
    def arithmetic(self) -> str:
        """One line with the numbers put in: "2 × (32 × 3 × 16 + 16 × 3 × 16 + 2 × 3 × 16) = 4800"."""
        line = " + ".join(term.numbers for term in self.terms)
        if self.directions == 2:
            line = f"2 × ({line})"
        return f"{line} = {self.total}"


@dataclass(frozen=True)
class Edit:
    """Set one argument of one layer: `stack.layers[layer].field = value`."""

    layer: int
    field: str
    value: Any


@dataclass(frozen=True)
class Problem:
    """Something to say about a stack: a stable code, the values of its sentence, and the edits that mend it."""

    code: str
    values: dict[str, Any]
    layer: int | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.values)


@dataclass(frozen=True)
class LayerReport:
    """One row of the summary. `index` counts in `stack.layers`, and is None for the Embedding in front of them."""

    index: int | None
    name: str
    layer: Embedding | Layer
    input_shape: Shape
    outputs: tuple[Tensor, ...]
    count: ParameterCount


@dataclass(frozen=True)
class StackReport:
    """The rows up to the first impossible layer, the total if there is none, and what there is to say."""

    rows: tuple[LayerReport, ...]
    total: int | None
    problem: Problem | None
    remarks: tuple[Problem, ...] = ()


def output_tensors(layer: Embedding | Layer, input_shape: Shape) -> tuple[Tensor, ...]:
    """What the layer hands on when it is given one tensor of a shape it accepts.

    A recurrent layer keeps the timesteps only with return_sequences=True. return_state appends the last states to
    a list: h, and for LSTM c as well, of each direction. Bidirectional concatenates (or sums, multiplies, averages)
    the outputs of its directions, but never their states; with merge_mode=None it hands on both outputs.
    """
    if isinstance(layer, Embedding):
        return (Tensor("output", (*input_shape, layer.dimension)),)
    if isinstance(layer, Dense):
        return (Tensor("output", (*input_shape[:-1], layer.units)),)

    batch, timesteps, _ = input_shape
    features = 2 * layer.units if layer.bidirectional and layer.merge_mode == "concat" else layer.units
    shape = (batch, timesteps, features) if layer.return_sequences else (batch, features)
    directions = ("forward_", "backward_") if layer.bidirectional else ("",)
    outputs = directions if layer.merge_mode is None else ("",)
    tensors = [Tensor(f"{direction}output", shape) for direction in outputs]
    if layer.return_state:
        states = STATES[layer.cell]
        tensors += [Tensor(f"{direction}{s}", (batch, layer.units)) for direction in directions for s in states]
    return tuple(tensors)


def parameter_count(layer: Embedding | Layer, input_features: int) -> ParameterCount:
    """The layer's parameters as arithmetic.

        kernel            input_features × gates × units
        recurrent_kernel           units × gates × units
        bias                             gates × units     (GRU: 2 × gates × units)

    Keras' GRU has reset_after=True: the reset gate is applied after the recurrent product, so that this product
    needs a bias of its own beside that of the input.
    """
    if isinstance(layer, Embedding):
        table = (("vocabulary", layer.vocabulary), ("dimension", layer.dimension))
        return ParameterCount((ParameterTerm("kernel", (layer.vocabulary, layer.dimension), table),))
    units = ("units", layer.units)
    if isinstance(layer, Dense):
        return ParameterCount(
            (
                ParameterTerm("kernel", (input_features, layer.units), (("input_features", input_features), units)),
                ParameterTerm("bias", (layer.units,), (units,)),
            )
        )
    columns = layer.gates * layer.units
    gates = ("gates", layer.gates)
    if layer.cell == "gru":
        bias = ParameterTerm("bias", (2, columns), (("biases", 2), gates, units))
    else:
        bias = ParameterTerm("bias", (columns,), (gates, units))
    return ParameterCount(
        (
            ParameterTerm("kernel", (input_features, columns), (("input_features", input_features), gates, units)),
            ParameterTerm("recurrent_kernel", (layer.units, columns), (units, gates, units)),
            bias,
        ),
        directions=layer.directions,
    )


def keras_names(stack: Stack) -> tuple[str, ...]:
    """The names Keras gives the layers in a fresh session: "lstm", then "lstm_1"; the Embedding's comes first."""
    used: dict[str, int] = {}

    def new(kind: str) -> str:
        used[kind] = used.get(kind, -1) + 1
        return f"{kind}_{used[kind]}" if used[kind] else kind

    names = [new("embedding")] if isinstance(stack.input, Embedding) else []
    for layer in stack.layers:
        if isinstance(layer, Recurrent):
            name = new(layer.cell)  # the layer inside Bidirectional takes a name, too
            names.append(new("bidirectional") if layer.bidirectional else name)
        else:
            names.append(new("dense"))
    return tuple(names)


def report(stack: Stack) -> StackReport:
    """Walk through the stack as Keras does: shapes and parameters, up to the first thing that Keras refuses."""
    names = iter(keras_names(stack))
    rows = []
    if isinstance(stack.input, Embedding):
        shape: Shape = (None, None)
        tensors = output_tensors(stack.input, shape)
        rows.append(LayerReport(None, next(names), stack.input, shape, tensors, parameter_count(stack.input, 1)))
    else:
        tensors = (Tensor("input", (None, stack.input.timesteps, stack.input.input_features)),)

    # Python makes the list of layers before it calls Sequential, so what a constructor refuses comes first.
    problem = _refused_by_constructor(stack)
    for index, layer in enumerate(stack.layers):
        refusal = _refused_by_call(stack, index, tensors)
        if refusal or (problem and problem.layer == index):
            problem = problem or refusal
            break
        shape = tensors[0].shape
        features = shape[-1]
        assert features is not None
        tensors = output_tensors(layer, shape)
        rows.append(LayerReport(index, next(names), layer, shape, tensors, parameter_count(layer, features)))
    if problem:
        return StackReport(tuple(rows), None, problem)
    return StackReport(tuple(rows), sum(row.count.total for row in rows), None, tuple(_remarks(stack, tensors)))


def _refused_by_constructor(stack: Stack) -> Problem | None:
    for index, layer in enumerate(stack.layers):
        if isinstance(layer, Recurrent) and layer.bidirectional and layer.go_backwards:
            return Problem("both_backwards", {"layer": index + 1}, index, (Edit(index, "go_backwards", False),))
    return None


def _refused_by_call(stack: Stack, index: int, arriving: tuple[Tensor, ...]) -> Problem | None:
    layer = stack.layers[index]
    values: dict[str, Any] = {"layer": index + 1, "layer_class": class_name(layer)}
    if index:  # the input alone is always fine: one tensor with three axes
        values |= {"previous": index, "previous_class": class_name(stack.layers[index - 1])}

    if len(arriving) > 1:
        giver = stack.layers[index - 1]
        assert isinstance(giver, Recurrent)
        edits = []
        reasons = []
        if giver.return_state:
            edits.append(Edit(index - 1, "return_state", False))
            reasons.append("return_state=True")
        if giver.merge_mode is None:
            edits.append(Edit(index - 1, "merge_mode", "concat"))
            reasons.append("merge_mode=None")
        values |= {"tensors": len(arriving), "reason": ", ".join(reasons)}
        return Problem("several_tensors", values, index, tuple(edits))

    shape = arriving[0].shape
    if isinstance(layer, Recurrent) and len(shape) != 3:
        # A Dense in between only passes on what the recurrent layer before it left.
        cause = max(i for i in range(index) if isinstance(stack.layers[i], Recurrent))
        values |= {"shape": shape_text(shape), "cause": cause + 1, "cause_class": class_name(stack.layers[cause])}
        return Problem("not_a_sequence", values, index, (Edit(cause, "return_sequences", True),))
    return None


def _remarks(stack: Stack, tensors: tuple[Tensor, ...]) -> Iterator[Problem]:
    recurrent = [index for index, layer in enumerate(stack.layers) if isinstance(layer, Recurrent)]
    if recurrent and isinstance(stack.layers[-1], Dense) and len(tensors[0].shape) == 3:
        cause = recurrent[-1]
        values = {
            "layer": len(stack.layers),
            "shape": shape_text(tensors[0].shape),
            "cause": cause + 1,
            "cause_class": class_name(stack.layers[cause]),
        }
        edit = Edit(cause, "return_sequences", False)
        yield Problem("answer_per_timestep", values, len(stack.layers) - 1, (edit,))


def edited(stack: Stack, edits: tuple[Edit, ...]) -> Stack:
    """The stack after the edits."""
    layers = list(stack.layers)
    for edit in edits:
        layers[edit.layer] = replace(layers[edit.layer], **{edit.field: edit.value})
    return replace(stack, layers=tuple(layers))


def mend(stack: Stack) -> tuple[Stack, tuple[Edit, ...]]:
    """The nearest stack that Keras accepts, and every edit that led there; one problem may hide another."""
    made: tuple[Edit, ...] = ()
    while problem := report(stack).problem:
        stack = edited(stack, problem.edits)
        made += problem.edits
    return stack, made


# --- Presets ---------------------------------------------------------------------------------------------------

_WORDS = Embedding(10_000, 32)
_SEQUENCES = Recurrent("simple_rnn", 32, return_sequences=True)
_SIGMOID = Dense(1, "sigmoid")

#: The article's three summaries, its three models of IMDB, and three classic mistakes. Keras refuses the first two
#: of these; the third it builds without a word, with an answer for every word of the review.
PRESETS: dict[str, Stack] = {
    "embedding_simple_rnn": Stack(_WORDS, (Recurrent("simple_rnn", 32),)),
    "embedding_simple_rnn_sequences": Stack(_WORDS, (_SEQUENCES,)),
    "stacked_simple_rnn": Stack(_WORDS, (_SEQUENCES, _SEQUENCES, _SEQUENCES, Recurrent("simple_rnn", 32))),
    "imdb_simple_rnn": Stack(_WORDS, (Recurrent("simple_rnn", 32), _SIGMOID)),
    "imdb_lstm": Stack(_WORDS, (Recurrent("lstm", 32), _SIGMOID)),
    "imdb_gru": Stack(_WORDS, (Recurrent("gru", 32), _SIGMOID)),
    "mistake_no_sequences": Stack(_WORDS, (Recurrent("lstm", 32), Recurrent("lstm", 32), _SIGMOID)),
    "mistake_state_in_the_middle": Stack(
        _WORDS, (Recurrent("lstm", 32, return_sequences=True, return_state=True), Recurrent("lstm", 32), _SIGMOID)
    ),
    "mistake_answer_per_timestep": Stack(_WORDS, (Recurrent("gru", 32, return_sequences=True), _SIGMOID)),
}
DEFAULT = PRESETS["embedding_simple_rnn"]
