"""Predict, then reveal: what a wrong guess of a shape or a parameter count tells about how it came about."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rnn_core.cells.registry import CELLS
from rnn_core.errors import Told
from rnn_core.shapes.rules import LayerReport, Shape
from rnn_core.shapes.stack import Embedding, Recurrent

Guess = TypeVar("Guess", int, Shape)


class Feedback(Told):
    """What a guess tells about how it came about: "right", the code of the mistake, or "unknown"."""

    SENTENCES: ClassVar = {
        "right": "Right.",
        # Parameter counts.
        "no_bias": "You forgot the bias: there are {missing} more parameters.",
        "one_bias": "A GRU has two biases, one for the input and one for the state; you counted one.",
        "two_biases": "You counted two biases; only GRU has two.",
        "bias_of_one_block": (
            "The layer has {blocks} blocks of weights, its gates and the candidate, each with a bias of its own; you "
            "counted the bias of one."
        ),
        "no_recurrent_kernel": (
            "You forgot the recurrent kernel, which multiplies the state: units × units for each block of weights."
        ),
        "no_kernel": "You forgot the kernel, which multiplies the input.",
        "only_kernel": "You counted the kernel alone; the recurrent kernel and the bias are missing.",
        "one_block": "You counted one block of weights; this layer has {blocks}: its gates and the candidate.",
        "blocks_of_lstm": "You counted four blocks of weights, as LSTM has; this layer has {blocks}.",
        "blocks_of_gru": "You counted three blocks of weights, as GRU has; this layer has {blocks}.",
        "recurrent_kernel_is_a_vector": (
            "You counted the recurrent kernel as units numbers; it is a matrix, units × units for each block of "
            "weights."
        ),
        "one_direction": "You counted one direction; the backward half has as many parameters of its own.",
        "one_direction_of_input": (
            "You counted {half} input features; the bidirectional layer before passes on {input_features}."
        ),
        "times_timesteps": (
            "You multiplied by the number of timesteps; every timestep uses the same weights, so their number does "
            "not depend on it."
        ),
        "times_something": (
            "Your number is {factor} times the right one; weights are not repeated for timesteps or batch."
        ),
        "flattened": (
            "Dense works on each timestep by itself, with the same weights; you counted weights for all of them."
        ),
        "dimension_only": "That is one vector; the table has one for each of the {vocabulary} words.",
        "vocabulary_only": "That is one number for each word; each word has a vector of {dimension} numbers.",
        "with_bias": "An Embedding only looks vectors up; it has no bias.",
        "close": "Close: you are {difference} off. The parts are probably right; check the addition.",
        # Shapes.
        "kept_time": "You kept the timesteps; with return_sequences=False only the last output is passed on.",
        "dropped_time": "You dropped the timesteps; every one of them has its own output here.",
        "no_batch": "You forgot the batch: the first axis counts the sequences.",
        "input_features": "You kept the size of the input; the last axis has as many numbers as the layer has units.",
        "blocks_times_units": "The gates stay inside; only {units} numbers come out.",
        "both_merged": (
            "merge_mode={merge_mode} puts both directions into one vector of {units}; only concat doubles it."
        ),
        "both_apart": (
            "merge_mode=None puts nothing together: it returns two tensors, {units} numbers for each direction."
        ),
        "one_direction_out": "Both directions are put side by side: 2 × {units} numbers.",
        "swapped": "The order is batch, timesteps, features.",
        "rank": "This tensor has {expected} axes; you named {given}.",
        "unknown": "Not quite; look at the arithmetic.",
    }


def count_mistakes(row: LayerReport, timesteps: int | None = None) -> dict[str, int]:
    """What each classic mistake would make of this layer's parameter count, the likeliest first.

    Numbers that are right all the same are left out, and of mistakes with the same number only the first stays.
    `timesteps` is the length a visitor has in mind, if any.
    """
    layer, total = row.layer, row.count.total
    if isinstance(layer, Embedding):
        made = {
            "with_bias": total + layer.dimension,
            "dimension_only": layer.dimension,
            "vocabulary_only": layer.vocabulary,
        }
    else:
        features = _features(row)
        made = {"no_bias": total - row.count.split["bias"]}
        if isinstance(layer, Recurrent):
            made |= _recurrent_mistakes(layer, row.count.split, features)
        elif timesteps and len(row.input_shape) == 3:
            made["flattened"] = timesteps * features * layer.units + layer.units
        if features % 2 == 0:
            made["one_direction_of_input"] = total - row.count.split["kernel"] // 2
    if timesteps:
        made["times_timesteps"] = total * timesteps
    return _distinct(made, total)


def _recurrent_mistakes(layer: Recurrent, split: dict[str, int], features: int) -> dict[str, int]:
    total = sum(split.values())
    units, directions, blocks = layer.units, layer.directions, layer.blocks
    biases = CELLS[layer.cell].biases

    def with_blocks(number: int) -> int:
        return directions * number * units * (features + units + biases)

    made: dict[str, int] = {}
    if biases == 2:
        made["one_bias"] = total - directions * blocks * units
    if blocks > 1:
        made["one_block"] = with_blocks(1)
    if directions == 2:
        made["one_direction"] = total // 2
    made["no_recurrent_kernel"] = total - split["recurrent_kernel"]
    made["no_kernel"] = total - split["kernel"]
    made["only_kernel"] = split["kernel"]
    if blocks > 1:
        made["bias_of_one_block"] = total - split["bias"] + directions * biases * units
    for cell in ("lstm", "gru"):
        if layer.cell != cell:
            made[f"blocks_of_{cell}"] = with_blocks(len(CELLS[cell].blocks))
    if biases == 1:
        made["two_biases"] = total + split["bias"]
    made["recurrent_kernel_is_a_vector"] = total - split["recurrent_kernel"] + directions * blocks * units
    return made


def _features(row: LayerReport) -> int:
    features = row.input_shape[-1]
    assert features is not None
    return features


def _distinct(made: dict[str, Guess], right: Guess) -> dict[str, Guess]:
    distinct: dict[str, Guess] = {}
    for code, guess in made.items():
        if guess != right and guess not in distinct.values():
            distinct[code] = guess
    return distinct


def explain_count_guess(
    row: LayerReport, guess: int, *, timesteps: int | None = None, after_bidirectional: bool = False
) -> Feedback:
    """Say which mistake gives just this number of parameters.

    Args:
        row: the layer's row in the report.
        guess: the visitor's number.
        timesteps: the length of the sequences on the screen, if there is one.
        after_bidirectional: whether the layer before it concatenates two directions.
    """
    total = row.count.total
    if guess == total:
        return Feedback("right")
    mistakes = count_mistakes(row, timesteps)
    if not after_bidirectional:
        mistakes.pop("one_direction_of_input", None)
    features = row.input_shape[-1] or 1
    values = {
        "missing": total - guess,
        "blocks": getattr(row.layer, "blocks", 1),
        "vocabulary": getattr(row.layer, "vocabulary", 0),
        "dimension": getattr(row.layer, "dimension", 0),
        "input_features": features,
        "half": features // 2,
        "difference": abs(total - guess),
    }
    for code, number in mistakes.items():
        if number == guess:
            return Feedback(code, **values)
    if guess > total and guess % total == 0:
        return Feedback("times_something", factor=guess // total)
    if 0 < abs(guess - total) <= total // 50:
        return Feedback("close", **values)
    return Feedback("unknown", **values)


def parse_shape(text: str) -> Shape | None:
    """The shape somebody typed; None if it is not one. Words and question marks are sizes that are not known yet.

    >>> parse_shape("(None, 5, 32)"), parse_shape("batch, timesteps, 32"), parse_shape("five")
    ((None, 5, 32), (None, None, 32), None)
    """
    parts = text.strip().strip("()[]").replace("，", ",").replace("×", ",").strip(", ").split(",")
    shape: list[int | None] = []
    for part in parts:
        word = part.strip().lower()
        if word in ("none", "batch", "timesteps", "?"):
            shape.append(None)
        elif word.isdecimal() and len(word) <= 9:
            shape.append(int(word))
        else:
            return None
    return tuple(shape) if len(shape) <= 4 else None


def shape_mistakes(row: LayerReport) -> dict[str, Shape]:
    """What each classic mistake would make of the shape of the layer's (first) output, the likeliest first.

    Shapes that are right all the same are left out, and of mistakes with the same shape only the first stays.
    """
    layer = row.layer
    right = row.outputs[0].shape
    batch, features = right[0], right[-1]
    timesteps = row.input_shape[1] if len(row.input_shape) > 1 else None
    made: dict[str, Shape] = {}
    if len(right) == 3:
        made["dropped_time"] = (batch, features)
    elif len(row.input_shape) == 3:
        made["kept_time"] = (batch, timesteps, features)
    if isinstance(layer, Recurrent):
        if layer.bidirectional and layer.merge_mode == "concat":
            made["one_direction_out"] = (*right[:-1], layer.units)
        elif layer.bidirectional:
            made["both_merged" if layer.merge_mode else "both_apart"] = (*right[:-1], 2 * layer.units)
        if layer.blocks > 1:
            made["blocks_times_units"] = (*right[:-1], layer.blocks * layer.units)
    if not isinstance(layer, Embedding):
        made["input_features"] = (*right[:-1], row.input_shape[-1])
    made["no_batch"] = right[1:]
    if len(right) == 3:
        made["swapped"] = (batch, features, right[1])
    return _distinct(made, right)


def explain_shape_guess(row: LayerReport, guess: Shape) -> Feedback:
    """Say which mistake gives just this shape for the layer's (first) output."""
    right = row.outputs[0].shape
    if guess == right:
        return Feedback("right")
    values = {
        "units": getattr(row.layer, "units", right[-1]),
        "merge_mode": getattr(row.layer, "merge_mode", None),
        "expected": len(right),
        "given": len(guess),
    }
    for code, shape in shape_mistakes(row).items():
        if shape == guess:
            return Feedback(code, **values)
    return Feedback("rank" if len(guess) != len(right) else "unknown", **values)
