"""A stack as one readable word in a link, and the nearest sensible stack for whatever a link may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rnn_core.cells.registry import CELLS
from rnn_core.errors import Told
from rnn_core.shapes.presets import DEFAULT
from rnn_core.shapes.stack import (
    ACTIVATIONS,
    MAX_LAYERS,
    MAX_TIMESTEPS,
    MAX_UNITS,
    MAX_VOCABULARY,
    MERGE_MODES,
    Dense,
    Embedding,
    Layer,
    RawInput,
    Recurrent,
    Stack,
    short,
)

MAX_LINK = 400


class Correction(Told):
    """What a link asked for and what is shown instead; `given` repeats its own words."""

    SENTENCES: ClassVar = {
        "not_a_stack": "This is not a description of a stack, so you see the article's first model instead.",
        "no_input": "The stack does not say what it reads, so it reads word indices through Embedding(10000, 32).",
        "no_layers": "A stack needs at least one layer, so it was given SimpleRNN(32).",
        "too_many_layers": "There are {given} layers; the first {used} were kept.",
        "unknown_layer": 'There is no layer called "{given}" here, so it was left out.',
        "unknown_word": 'Layer {layer} does not know "{given}", so it was ignored.',
        "out_of_range": "{name} must be a whole number from {low} to {high}, so {used} is used instead of {given}.",
        "link_too_long": "The link is longer than any stack of ours ({given} characters); its first {used} were read.",
    }


def clamped(raw: Any) -> tuple[Stack, tuple[Correction, ...]]:
    """The nearest sensible stack to whatever came from outside, and a correction for all that had to be changed.

    Args:
        raw: what `Stack.to_json` writes, or anything else; numbers may be text.
    """
    corrections: list[Correction] = []
    if not isinstance(raw, Mapping):
        return DEFAULT, (Correction("not_a_stack"),)

    source = _clamped_input(raw.get("input"), corrections)
    items = raw.get("layers")
    items = items if isinstance(items, list | tuple) else ()
    if len(items) > MAX_LAYERS:
        corrections.append(Correction("too_many_layers", given=len(items), used=MAX_LAYERS))
    layers: list[Layer] = []
    for item in items[:MAX_LAYERS]:
        layer = _clamped_layer(item, len(layers) + 1, corrections)
        if layer:
            layers.append(layer)
    if not layers:
        corrections.append(Correction("no_layers"))
        layers.append(Recurrent("simple_rnn", 32))
    return Stack(source, tuple(layers)), tuple(corrections)


def _clamped_input(given: Any, corrections: list[Correction]) -> Embedding | RawInput:
    given = given if isinstance(given, Mapping) else {}
    kind = given.get("kind")
    if kind == "embedding":
        return Embedding(
            _whole(given, "vocabulary", MAX_VOCABULARY, 10_000, corrections),
            _whole(given, "dimension", MAX_UNITS, 32, corrections),
        )
    if kind == "raw":
        any_length = given.get("timesteps") is None
        return RawInput(
            None if any_length else _whole(given, "timesteps", MAX_TIMESTEPS, 10, corrections),
            _whole(given, "input_features", MAX_UNITS, 32, corrections),
        )
    corrections.append(Correction("no_input"))
    return Embedding()


def _clamped_layer(item: Any, number: int, corrections: list[Correction]) -> Layer | None:
    kind = item.get("kind") if isinstance(item, Mapping) else item
    if not isinstance(item, Mapping) or kind not in (*CELLS, "dense"):
        corrections.append(Correction("unknown_layer", given=short(kind)))
        return None
    units = _whole(item, "units", MAX_UNITS, 32 if kind != "dense" else 1, corrections)

    def one_of(name: str, choices: tuple, default: Any) -> Any:
        value = item.get(name, default)
        # `1 in (True, False)` holds, so the type is asked for as well
        if any(value == choice and type(value) is type(choice) for choice in choices):
            return value
        corrections.append(Correction("unknown_word", layer=number, given=short(value)))
        return default

    if kind == "dense":
        return Dense(units, one_of("activation", ACTIVATIONS, "linear"))
    flags = ("return_sequences", "return_state", "go_backwards", "bidirectional")
    switches = {flag: one_of(flag, (False, True), False) for flag in flags}
    return Recurrent(kind, units, merge_mode=one_of("merge_mode", MERGE_MODES, "concat"), **switches)


def _whole(item: Mapping, name: str, high: int, default: int, corrections: list[Correction]) -> int:
    """The nearest whole number from 1 to `high`; `default` for what is no number at all."""
    given = item.get(name)
    try:
        # Python refuses to read digits by the thousand, though anybody sees that the number is too large.
        number = int(given[:30]) if isinstance(given, str) else int(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = default
    except OverflowError:  # infinity
        number = high if given > 0 else 1  # type: ignore[operator]
    used = min(max(number, 1), high)
    if isinstance(given, bool) or (used != given and short(given) != str(used)):
        corrections.append(Correction("out_of_range", name=name, given=short(given), used=used, low=1, high=high))
    return used


# Only letters, digits and . - _ stand in a link as they are; everything else browsers write as %3A and the like.
_LINK_CELLS = {"simplernn": "simple_rnn", "lstm": "lstm", "gru": "gru"}
_LINK_FLAGS = {"seq": "return_sequences", "state": "return_state", "back": "go_backwards"}
_LINK_MERGE_MODES = {"sum": "sum", "mul": "mul", "ave": "ave", "none": None}


def to_link(stack: Stack) -> str:
    """The stack as one readable word.

    >>> to_link(Stack(Embedding(), (Recurrent("lstm", 32, return_sequences=True), Dense(1, "sigmoid"))))
    'emb.10000x32_lstm.32.seq_dense.1.sigmoid'
    """
    if isinstance(stack.input, Embedding):
        words = [f"emb.{stack.input.vocabulary}x{stack.input.dimension}"]
    else:
        words = [f"in.{stack.input.timesteps or 'any'}x{stack.input.input_features}"]
    for layer in stack.layers:
        if isinstance(layer, Dense):
            fields = ["dense", str(layer.units)]
            if layer.activation != "linear":
                fields.append(layer.activation)
        else:
            cell = layer.cell.replace("_", "")
            fields = [f"bi-{cell}" if layer.bidirectional else cell, str(layer.units)]
            fields += [word for word, field in _LINK_FLAGS.items() if getattr(layer, field)]
            fields += [word for word, mode in _LINK_MERGE_MODES.items() if layer.merge_mode == mode]
        words.append(".".join(fields))
    return "_".join(words)


def from_link(link: str) -> tuple[Stack, tuple[Correction, ...]]:
    """The stack that `to_link` wrote, or the nearest sensible one with a correction for all that had to be changed.

    >>> stack, corrections = from_link("in.anyx3_gru.5000")
    >>> stack.layers[0].units, str(corrections[0])
    (1024, 'units must be a whole number from 1 to 1024, so 1024 is used instead of 5000.')
    """
    corrections: list[Correction] = []
    if len(link) > MAX_LINK:
        corrections.append(Correction("link_too_long", given=len(link), used=MAX_LINK))
        link = link[:MAX_LINK]
    source: dict[str, Any] | None = None
    layers: list[dict[str, Any]] = []
    for word in filter(None, link.strip().split("_")):
        head, *fields = word.split(".")
        if head in ("emb", "in") and source is None and not layers:
            first, _, second = (fields[0] if fields else "").partition("x")
            if head == "emb":
                source = {"kind": "embedding", "vocabulary": first, "dimension": second}
            else:
                timesteps = None if first == "any" else first
                source = {"kind": "raw", "timesteps": timesteps, "input_features": second}
            continue
        item: dict[str, Any] = {"kind": head, "units": fields[0] if fields else ""}
        if head.removeprefix("bi-") in _LINK_CELLS:
            item["kind"] = _LINK_CELLS[head.removeprefix("bi-")]
            item["bidirectional"] = head.startswith("bi-")
        for field in fields[1:]:
            if head == "dense":
                item["activation"] = field
            elif field in _LINK_FLAGS:
                item[_LINK_FLAGS[field]] = True
            elif field in _LINK_MERGE_MODES:
                item["merge_mode"] = _LINK_MERGE_MODES[field]
            else:
                corrections.append(Correction("unknown_word", layer=len(layers) + 1, given=short(field)))
        layers.append(item)
    if not layers and source is None:
        return DEFAULT, (*corrections, Correction("not_a_stack"))
    stack, more = clamped({"input": source, "layers": layers})
    return stack, (*corrections, *more)
