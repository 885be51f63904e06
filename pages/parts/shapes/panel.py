"""The controls of one block: of a layer, of the Embedding, or of what arrives.

Which block is open belongs to the visit and not to the link. What is clicked acts on the stack and on the open block
as they are when the click arrives: a second click that was on its way does nothing that its first has made pointless.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.common.language import _
from pages.common.settings import called
from pages.parts.shapes.settings import SET, change, stack, take
from rnn_core.cells.registry import CELLS
from rnn_core.charts.tensors import columns
from rnn_core.shapes import (
    ACTIVATIONS,
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
)

#: What a stack is made of, by what it is called in Keras, in every language.
LAYERS = {name: cell.label for name, cell in CELLS.items()} | {"dense": "Dense"}
OPEN = "_shapes_open"
_SWITCHES = {"return_state": "return_state", "go_backwards": "go_backwards", "bidirectional": "Bidirectional"}


def opened() -> int | str | None:
    """Return the column whose controls are open: a layer's index, "input" or "embedding"; None if none is."""
    name = st.session_state.get(OPEN)
    return next((column for column in columns(stack()) if str(column) == name), None)


def open_or_close(name: str) -> None:
    """Open the controls of a column; close them, if they are open."""
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == name else name


def close() -> None:
    """Close the controls, whichever are open."""
    st.session_state[OPEN] = None


def panel() -> None:
    """Draw the controls of the open block."""
    now, column = stack(), opened()
    with st.container(key="shapes_panel", border=True, horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if isinstance(column, int):
            layer = now.layers[column]
            _kind(layer, column)
            if isinstance(layer, Recurrent):
                _recurrent(layer, column)
            else:
                _dense(layer, column)
            _place(column, len(now.layers) - 1)
        elif column == "embedding" and isinstance(now.input, Embedding):
            _embedding(now.input)
        else:
            _input(now.input)
        st.button(":material/close:", key="shapes_close", help=_("Close"), on_click=close, type="tertiary")


def new_layer(kind: str, units: int) -> Layer:
    """Return a layer as Keras makes it by default."""
    return Dense(units) if kind == "dense" else Recurrent(kind, units)


# --- What stands in it ---------------------------------------------------------------------------------------------


def _embedding(source: Embedding) -> None:
    words = _("vocabulary: how many different words, 1 to {most}").format(most=f"{MAX_VOCABULARY:,}")
    _number("vocabulary", words, source.vocabulary, MAX_VOCABULARY, _input_field("vocabulary"))
    numbers = _("dimension: numbers per word, 1 to {most}").format(most=f"{MAX_UNITS:,}")
    _number("dimension", numbers, source.dimension, MAX_UNITS, _input_field("dimension"))


def _input(source: Embedding | RawInput) -> None:
    kinds = {"embedding": _("word indices, through an Embedding"), "raw": _("vectors, as they are")}
    kind = "embedding" if isinstance(source, Embedding) else "raw"
    _choose("input_kind", _("What arrives"), kinds, kind, _input_kind, width=300)
    if isinstance(source, Embedding):
        return
    numbers = _("input features: numbers per timestep, 1 to {most}").format(most=f"{MAX_UNITS:,}")
    _number("input_features", numbers, source.input_features, MAX_UNITS, _input_field("input_features"))
    fixed = source.timesteps is not None
    st.toggle(_("a fixed number of timesteps"), fixed, **SET.part("stack", "fixed", _fix))
    if source.timesteps is not None:
        long = _("timesteps: how long every sequence is, 1 to {most}").format(most=MAX_TIMESTEPS)
        _number("fixed_timesteps", long, source.timesteps, MAX_TIMESTEPS, _input_field("timesteps"))


def _kind(layer: Layer, index: int) -> None:
    title = _("Layer {n}").format(n=index + 1)
    _choose(f"kind_{index}", title, LAYERS, getattr(layer, "cell", "dense"), _layer_kind(index), width=140)
    units = _("units, 1 to {most}").format(most=f"{MAX_UNITS:,}")
    _number(f"units_{index}", units, layer.units, MAX_UNITS, _layer_field(index, "units"), width=170)


def _recurrent(layer: Recurrent, index: int) -> None:
    if layer.bidirectional:
        modes = {mode: str(mode) for mode in MERGE_MODES}
        write = _layer_field(index, "merge_mode")
        _choose(f"merge_mode_{index}", "merge_mode", modes, layer.merge_mode, write, width=110)
    for field, label in _SWITCHES.items():
        # With Bidirectional comes a control of its own.
        write = _layer_field(index, field, then=change if field == "bidirectional" else take)
        st.toggle(label, getattr(layer, field), **SET.part("stack", f"{field}_{index}", write))


def _dense(layer: Dense, index: int) -> None:
    label, write = _("activation (changes no shape)"), _layer_field(index, "activation")
    _choose(f"activation_{index}", label, {name: name for name in ACTIVATIONS}, layer.activation, write, width=220)


def _place(index: int, last: int) -> None:
    for name, label, icon, disabled, then in (
        ("earlier", _("earlier"), "arrow_back", index == 0, lambda: _move(-1)),
        ("later", _("later"), "arrow_forward", index == last, lambda: _move(1)),
        ("remove", _("remove"), "delete", last == 0, _remove),
    ):
        st.button(label, icon=f":material/{icon}:", key=f"shapes_{name}", disabled=disabled, on_click=then)


def _number(part: str, label: str, value: int, most: int, write: Callable[[Any], None], width: int = 330) -> None:
    st.number_input(label, 1, most, value, width=width, **SET.part("stack", part, write))


def _choose(part: str, label: str, words: Mapping[Any, str], value: object, write: Callable[[Any], None], *,
            width: int) -> None:  # fmt: skip
    options = list(words)
    st.selectbox(
        label, options, index=options.index(value), format_func=called(words), width=width,
        **SET.part("stack", part, write),
    )  # fmt: skip


# --- What it does --------------------------------------------------------------------------------------------------


def _layer_field(index: int, field: str, then: Callable[[Stack], None] = take) -> Callable[[Any], None]:
    def write(value: Any) -> None:
        now = stack()
        if index < len(now.layers) and hasattr(now.layers[index], field):
            then(_with_layer(now, index, replace(now.layers[index], **{field: value})))

    return write


def _layer_kind(index: int) -> Callable[[Any], None]:
    def write(kind: str) -> None:
        now = stack()
        if index < len(now.layers):
            old = now.layers[index]
            same = isinstance(old, Recurrent) and kind != "dense"
            new = replace(old, cell=kind) if same else new_layer(kind, old.units)  # type: ignore[arg-type]
            change(_with_layer(now, index, new))

    return write


def _with_layer(now: Stack, index: int, layer: Layer) -> Stack:
    return replace(now, layers=(*now.layers[:index], layer, *now.layers[index + 1 :]))


def _input_field(field: str) -> Callable[[Any], None]:
    def write(value: Any) -> None:
        now = stack()
        if hasattr(now.input, field):
            take(replace(now, input=replace(now.input, **{field: value})))

    return write


def _input_kind(kind: str) -> None:
    now = stack()
    features = now.input.dimension if isinstance(now.input, Embedding) else now.input.input_features
    change(replace(now, input=Embedding() if kind == "embedding" else RawInput(None, features)))


def _fix(fixed: bool) -> None:
    now = stack()
    if isinstance(now.input, RawInput):
        change(replace(now, input=replace(now.input, timesteps=10 if fixed else None)))


def _move(by: int) -> None:
    index, layers = opened(), list(stack().layers)
    if isinstance(index, int) and 0 <= index + by < len(layers):
        layers.insert(index + by, layers.pop(index))
        st.session_state[OPEN] = str(index + by)
        change(replace(stack(), layers=tuple(layers)))


def _remove() -> None:
    index, layers = opened(), list(stack().layers)
    if isinstance(index, int) and len(layers) > 1:
        del layers[index]
        close()
        change(replace(stack(), layers=tuple(layers)))
