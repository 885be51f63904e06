"""What shape arrives at a layer and what it passes on, how many parameters it has, and what Keras refuses.

`report` walks through a stack as Keras does, up to the first impossible layer. Shapes are tuples as Keras prints
them, `None` for a size that is only known once data arrives:

    (None, None, 32)    (batch, timesteps, features): a sequence
    (None, 32)          (batch, features): one vector for each sequence

Source: Keras 3.15, `keras/src/layers/rnn` and `keras/src/models/sequential.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from rnn_core.cells.registry import CELLS
from rnn_core.errors import Told
from rnn_core.shapes.stack import Dense, Edit, Embedding, Layer, Recurrent, Stack, class_name, edited

Shape = tuple[int | None, ...]


class Problem(Told):
    """What Keras refuses, or accepts though it is seldom meant.

    `values["edits"]` mend it, `values["layer"]` counts from 1.
    """

    SENTENCES: ClassVar = {
        # Refused by Keras.
        "not_a_sequence": (
            "Layer {layer} ({layer_class}) expects (batch, timesteps, features), but layer {previous} "
            "({previous_class}) passes on {shape}, since layer {cause} ({cause_class}) has return_sequences=False."
        ),
        "several_tensors": (
            "Layer {layer} ({layer_class}) expects one tensor, but layer {previous} ({previous_class}) passes on "
            "{tensors}, since it has {reason}."
        ),
        "both_backwards": (
            "Layer {layer} is Bidirectional and adds the backward reading by itself; with go_backwards=True both of "
            "its halves would read backwards."
        ),
        # Accepted by Keras, but seldom meant.
        "answer_per_timestep": (
            "Layer {layer} (Dense) gives an answer at every timestep, {shape}, since layer {cause} ({cause_class}) has "
            "return_sequences=True."
        ),
    }

    @property
    def layer(self) -> int:
        """Which of `stack.layers` it is about, counted from 0."""
        return self.values["layer"] - 1

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What mends it."""
        return self.values["edits"]


@dataclass(frozen=True)
class Tensor:
    """One tensor that a layer passes on.

    `name` says what it is: "output", or with merge_mode=None "forward_output" and "backward_output"; with
    return_state also the last states "h" and "c", in a bidirectional layer "forward_h", "backward_c" and so on.
    """

    name: str
    shape: Shape


def concrete(shape: Shape, batch: int, timesteps: int) -> tuple[int, ...]:
    """The shape once data has arrived: every None is a size now.

    >>> concrete((None, None, 32), batch=2, timesteps=6)
    (2, 6, 32)
    """
    return tuple((batch, timesteps)[axis] if size is None else size for axis, size in enumerate(shape))


def shape_text(shape: Shape) -> str:
    """As people write it, with names where Keras says None.

    >>> shape_text((None, None, 32))
    '(batch, timesteps, 32)'
    """
    names = (("batch", "timesteps")[axis] if size is None else str(size) for axis, size in enumerate(shape))
    return f"({', '.join(names)})"


@dataclass(frozen=True)
class ParameterTerm:
    """One weight array of one direction, as a product.

    `part` is "kernel", "recurrent_kernel" or "bias" (an Embedding's table is its kernel), `shape` what Keras'
    `get_weights()` shows, `factors` the numbers to multiply.
    """

    part: str
    shape: tuple[int, ...]
    factors: tuple[int, ...]

    @property
    def value(self) -> int:
        return math.prod(self.factors)

    @property
    def numbers(self) -> str:
        """The product, written out: "32 × 4 × 64"."""
        return " × ".join(map(str, self.factors))


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
    """What the layer passes on when it is given one tensor of a shape it accepts.

    A recurrent layer keeps the timesteps only with return_sequences=True. With return_state=True it returns a tuple:
    the output, then the last states of each direction, h and for LSTM c as well. Bidirectional concatenates (or sums,
    multiplies, averages) the outputs of its directions, but never their states; with merge_mode=None it returns two
    output tensors.

    >>> [(t.name, t.shape) for t in output_tensors(Recurrent("lstm", 4, return_state=True), (None, 9, 2))]
    [('output', (None, 4)), ('h', (None, 4)), ('c', (None, 4))]
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
        states = CELLS[layer.cell].states
        tensors += [Tensor(f"{direction}{s}", (batch, layer.units)) for direction in directions for s in states]
    return tuple(tensors)


def parameter_count(layer: Embedding | Layer, input_features: int) -> ParameterCount:
    """The layer's parameters as arithmetic; a block of weights is a gate's or the candidate's.

        kernel            input_features × blocks × units
        recurrent_kernel           units × blocks × units
        bias                             blocks × units     (GRU: 2 × blocks × units)

    Keras' GRU has two rows of biases, one for the input's product and one for the state's: the layout of NVIDIA's
    cuDNN, which its default reset_after=True shares. Only for the candidate do they act differently, since the reset
    gate scales the second one.

    >>> [term.numbers for term in parameter_count(Recurrent("gru", 16), 32).terms]
    ['32 × 3 × 16', '16 × 3 × 16', '2 × 3 × 16']
    """
    if isinstance(layer, Embedding):
        size = (layer.vocabulary, layer.dimension)
        return ParameterCount((ParameterTerm("kernel", size, size),))
    units = layer.units
    if isinstance(layer, Dense):
        size = (input_features, units)
        return ParameterCount((ParameterTerm("kernel", size, size), ParameterTerm("bias", (units,), (units,))))
    blocks, biases = layer.blocks, CELLS[layer.cell].biases
    columns = blocks * units
    rows = (biases,) if biases > 1 else ()
    return ParameterCount(
        (
            ParameterTerm("kernel", (input_features, columns), (input_features, blocks, units)),
            ParameterTerm("recurrent_kernel", (units, columns), (units, blocks, units)),
            ParameterTerm("bias", (*rows, columns), (*rows, blocks, units)),
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


def mend(stack: Stack) -> tuple[Stack, tuple[Edit, ...]]:
    """The nearest stack that Keras accepts, and every edit that led there; one problem may hide another."""
    made: tuple[Edit, ...] = ()
    while problem := report(stack).problem:
        mended = edited(stack, problem.edits)
        assert mended != stack, f"{problem!r} would be mended for ever"
        stack, made = mended, made + problem.edits
    return stack, made


def _refused_by_constructor(stack: Stack) -> Problem | None:
    for index, layer in enumerate(stack.layers):
        if isinstance(layer, Recurrent) and layer.bidirectional and layer.go_backwards:
            return Problem("both_backwards", layer=index + 1, edits=(Edit(index, "go_backwards", False),))
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
        if giver.return_state:
            edits.append(Edit(index - 1, "return_state", False))
        if giver.merge_mode is None:
            edits.append(Edit(index - 1, "merge_mode", "concat"))
        reason = ", ".join(f"{edit.field}={getattr(giver, edit.field)}" for edit in edits)
        return Problem("several_tensors", tensors=len(arriving), reason=reason, edits=tuple(edits), **values)

    shape = arriving[0].shape
    if isinstance(layer, Recurrent) and len(shape) != 3:
        # A Dense in between only passes on what the recurrent layer before it left.
        cause = max(i for i in range(index) if isinstance(stack.layers[i], Recurrent))
        values |= {"shape": shape_text(shape), "cause": cause + 1, "cause_class": class_name(stack.layers[cause])}
        return Problem("not_a_sequence", edits=(Edit(cause, "return_sequences", True),), **values)
    return None


def _remarks(stack: Stack, tensors: tuple[Tensor, ...]) -> Iterator[Problem]:
    recurrent = [index for index, layer in enumerate(stack.layers) if isinstance(layer, Recurrent)]
    if recurrent and isinstance(stack.layers[-1], Dense) and len(tensors[0].shape) == 3:
        cause = recurrent[-1]
        yield Problem(
            "answer_per_timestep",
            layer=len(stack.layers),
            shape=shape_text(tensors[0].shape),
            cause=cause + 1,
            cause_class=class_name(stack.layers[cause]),
            edits=(Edit(cause, "return_sequences", False),),
        )
