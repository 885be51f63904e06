"""The stack that a visitor builds: kept as the word that stands in the link, changed by the controls of its layers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.language import _
from pages.common.link import Choice, Number, keep_link
from pages.elements.blocks import blocks
from rnn_core.cells.registry import CELLS
from rnn_core.charts.tensors import MOST_IN_A_ROW, columns
from rnn_core.shapes import (
    ACTIVATIONS,
    DEFAULT,
    MAX_LAYERS,
    MAX_TIMESTEPS,
    MAX_UNITS,
    MAX_VOCABULARY,
    MERGE_MODES,
    PRESETS,
    Dense,
    Edit,
    Embedding,
    Layer,
    RawInput,
    Recurrent,
    Stack,
    edited,
)
from rnn_core.shapes.link import from_link, to_link

_STYLE = Path(__file__).with_name("shapes.css")
_SWITCHES = ("return_state", "go_backwards", "bidirectional")


@dataclass(frozen=True)
class StackLink:
    """The stack in the link. Whatever stands there, some stack is built, and the page says what had to be changed."""

    name: str = "stack"
    default: str = to_link(DEFAULT)

    def read(self, raw: str) -> tuple[str, bool]:
        stack, problems = from_link(raw)
        st.session_state["shapes_said"] = problems
        return to_link(stack), True

    def write(self, value: str) -> str:
        return value


PAGE = "shapes"
PARAMETERS = (
    StackLink(),
    Number("batch", 2, 1, 8),
    Number("timesteps", 6, 1, MAX_TIMESTEPS),
    Choice("prove", "no", ("no", "yes")),
)


def keep() -> None:
    keep_link(PAGE, PARAMETERS)


def current() -> Stack:
    return from_link(st.session_state["stack"])[0]


def change(stack: Stack) -> None:
    """Build another stack, and remember the one before it: the listing marks the lines that differ."""
    st.session_state["shapes_before"] = st.session_state["stack"]
    st.session_state["stack"] = to_link(stack)
    st.session_state["shapes_said"] = ()


def style() -> None:
    st.html(_STYLE)


def edit(edits: tuple[Edit, ...]) -> None:
    change(edited(current(), edits))


def examples() -> dict[str, str]:
    """The article's three summaries, three classic mistakes, and the article's models of IMDB, by the preset's name."""
    groups = (
        (
            _("The article:"),
            {
                "embedding_simple_rnn": _("last state"),
                "embedding_simple_rnn_sequences": _("every state"),
                "stacked_simple_rnn": _("stacked"),
            },
        ),
        (
            _("Classic mistake:"),
            {
                "mistake_no_sequences": _("no sequence"),
                "mistake_state_in_the_middle": _("states in between"),
                "mistake_answer_per_timestep": _("an answer per word"),
            },
        ),
        (_("On IMDB:"), {"imdb_simple_rnn": "SimpleRNN", "imdb_lstm": "LSTM", "imdb_gru": "GRU"}),
    )
    return {name: f"{title} {label}" for title, names in groups for name, label in names.items()}


def choose_example() -> None:
    """Draw the list of examples; it names the one that stands below, if it is one of them."""
    names = examples()
    hold("shapes_example", next((n for n in names if to_link(PRESETS[n]) == st.session_state["stack"]), None))
    st.selectbox(
        _("Example"),
        list(names),
        key="shapes_example",
        index=None,
        placeholder=_("Your own stack; or take an example"),
        format_func=names.get,
        on_change=_take_example,
        label_visibility="collapsed",
        width=320,
    )


def add_layer() -> None:
    """Draw the menu that puts one more layer behind the others."""
    st.menu_button(
        _("Add a layer"),
        [*CELLS, "dense"],
        key="shapes_add",
        icon=":material/add:",
        disabled=len(current().layers) >= MAX_LAYERS,
        format_func=_kinds().get,
        on_click=_add,
    )


def row_of_blocks(stack: Stack, shown: list[int | str], row: int, slots: int, refused: int | None) -> None:
    """Draw one block per column of the picture below it."""
    drawn = [_block(stack, column, refused) for column in shown]
    blocks(drawn, f"shapes_blocks_{row}", slots=slots, change=_("change"), on_flip=_flip, on_open=_open)


def turn(stack: Stack, index: int) -> Stack:
    """Return the stack with the other return_sequences in one layer."""
    return edited(stack, (Edit(index, "return_sequences", not stack.layers[index].return_sequences),))


def slots_for(stack: Stack) -> int:
    return max(len(columns(stack)), 3) if len(columns(stack)) <= MOST_IN_A_ROW else -(-len(columns(stack)) // 2)


def panel(stack: Stack) -> None:
    """Draw the controls of the block that was opened; nothing, if none is."""
    name = st.session_state.get("shapes_open")
    column = next((column for column in columns(stack) if str(column) == name), None)
    if column is None:
        return
    with st.container(key="shapes_panel", border=True, horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if isinstance(column, int):
            _layer(stack, column)
        else:
            _input(stack, column)
        st.button(
            ":material/close:", key="shapes_close", help=_("Close"), on_click=_open, args=(name,), type="tertiary"
        )


def _kinds() -> dict[str, str]:
    """Every kind of layer, with its name in Keras."""
    return {name: cell.label for name, cell in CELLS.items()} | {"dense": "Dense"}


# --- One block -------------------------------------------------------------------------------------------------


def _block(stack: Stack, column: int | str, refused: int | None) -> dict[str, Any]:
    open_ = st.session_state.get("shapes_open") == str(column)
    block = {"id": column, "sequences": None, "refused": False, "open": open_, "colour": "input"}
    if isinstance(column, int):
        layer = stack.layers[column]
        if isinstance(layer, Recurrent):
            name = ("Bi-" if layer.bidirectional else "") + CELLS[layer.cell].label
            turned = to_link(turn(stack, column))
            block |= {"colour": layer.cell, "sequences": layer.return_sequences, "turned": turned, "note": ""}
        else:
            name = "Dense"
            block |= {"colour": "dense", "note": layer.activation}
        return block | {"title": f"{column + 1} · {name}({layer.units})", "refused": column == refused}
    source = stack.input
    if column == "embedding":
        return block | {"title": "Embedding", "note": f"{source.vocabulary:,} × {source.dimension}"}
    return block | {"title": _("Input"), "note": _("word ids") if isinstance(source, Embedding) else _("vectors")}


def _input(stack: Stack, column: str) -> None:
    source = stack.input
    words = isinstance(source, Embedding)
    if column == "embedding":
        _number("vocabulary", _("vocabulary: how many different words"), source.vocabulary, MAX_VOCABULARY, _set_input)
        _number("dimension", _("dimension: numbers per word"), source.dimension, MAX_UNITS, _set_input)
        return
    kinds = {"embedding": _("word ids, through an Embedding"), "raw": _("vectors, as they are")}
    _choose("input_kind", _("What arrives"), list(kinds), "embedding" if words else "raw", kinds.get, _set_kind)
    if words:
        return
    _number("input_features", _("input features: numbers per timestep"), source.input_features, MAX_UNITS, _set_input)
    hold("shapes_fixed", source.timesteps is not None)
    st.toggle(_("a fixed number of timesteps"), key="shapes_fixed", on_change=_set_fixed)
    if source.timesteps is not None:
        _number("timesteps", _("timesteps: how long every sequence is"), source.timesteps, MAX_TIMESTEPS, _set_input)


def _layer(stack: Stack, index: int) -> None:
    layer = stack.layers[index]
    kinds = _kinds()
    title = _("Layer {n}").format(n=index + 1)
    _choose("kind", title, list(kinds), getattr(layer, "cell", "dense"), kinds.get, _set_kind, index)
    _number("units", _("units: numbers that come out"), layer.units, MAX_UNITS, _set, index)
    if isinstance(layer, Recurrent):
        if layer.bidirectional:
            _choose("merge_mode", "merge_mode", list(MERGE_MODES), layer.merge_mode, str, _set, index)
        for switch in _SWITCHES:
            _switch(layer, switch, index)
    else:
        _choose("activation", _("activation (changes no shape)"), list(ACTIVATIONS), layer.activation, str, _set, index)
    last = len(stack.layers) - 1
    for name, label, icon, disabled, then, args in (
        ("earlier", _("earlier"), "arrow_back", index == 0, _move, (index, -1)),
        ("later", _("later"), "arrow_forward", index == last, _move, (index, 1)),
        ("remove", _("remove"), "delete", last == 0, _remove, (index,)),
    ):
        key = f"shapes_{name}_{index}"
        st.button(label, icon=f":material/{icon}:", key=key, disabled=disabled, on_click=then, args=args)


def _switch(layer: Recurrent, switch: str, index: int) -> None:
    key = f"shapes_{switch}_{index}"
    hold(key, getattr(layer, switch))
    label = "Bidirectional" if switch == "bidirectional" else switch
    st.toggle(label, key=key, on_change=_set, args=(switch, key, index))


def _number(field: str, label: str, value: int, high: int, then: Callable[..., None], *args: int) -> None:
    key = "_".join(["shapes", field, *map(str, args)])
    hold(key, value)
    st.number_input(label, 1, high, key=key, on_change=then, args=(field, key, *args), width=190 if args else 280)


def _choose(
    field: str, label: str, options: list, value: object, words: Callable, then: Callable[..., None], *args: int
) -> None:
    key = "_".join(["shapes", field, *map(str, args)])
    hold(key, value)
    width = {"input_kind": 300, "activation": 220, "kind": 140}.get(field, 110)
    st.selectbox(label, options, key=key, format_func=words, on_change=then, args=(field, key, *args), width=width)


def hold(key: str, value: object) -> None:
    """Set a widget to what the stack says, but only if it says otherwise: a value that is sent needlessly would undo
    a click that is on its way."""
    if st.session_state.get(key, hold) != value:
        st.session_state[key] = value


# --- What the controls do --------------------------------------------------------------------------------------


def _flip(switches: dict[int, bool]) -> None:
    layers = current().layers
    known = {i: on for i, on in switches.items() if i < len(layers) and isinstance(layers[i], Recurrent)}
    if known:
        edit(tuple(Edit(i, "return_sequences", on) for i, on in known.items()))


def _open(name: str) -> None:
    st.session_state["shapes_open"] = None if st.session_state.get("shapes_open") == name else name


def _take_example() -> None:
    name = st.session_state["shapes_example"]
    if name in PRESETS:
        change(PRESETS[name])


def _set(field: str, key: str, index: int) -> None:
    edit((Edit(index, field, st.session_state[key]),))


def _set_kind(field: str, key: str, index: int | None = None) -> None:
    stack, kind = current(), st.session_state[key]
    if index is None:
        change(replace(stack, input=Embedding() if kind == "embedding" else RawInput(None, _features(stack))))
        return
    old = stack.layers[index]
    new = replace(old, cell=kind) if isinstance(old, Recurrent) and kind != "dense" else _new(kind, old.units)
    _put([*stack.layers[:index], new, *stack.layers[index + 1 :]])


def _features(stack: Stack) -> int:
    return stack.input.dimension if isinstance(stack.input, Embedding) else stack.input.input_features


def _set_input(field: str, key: str) -> None:
    stack = current()
    change(replace(stack, input=replace(stack.input, **{field: st.session_state[key]})))


def _set_fixed() -> None:
    stack = current()
    change(replace(stack, input=replace(stack.input, timesteps=10 if st.session_state["shapes_fixed"] else None)))


def _new(kind: str, units: int) -> Layer:
    return Dense(units) if kind == "dense" else Recurrent(kind, units)


def _add() -> None:
    kind = st.session_state["shapes_add"]
    if kind is not None and len(current().layers) < MAX_LAYERS:
        _put([*current().layers, _new(kind, 1 if kind == "dense" else 32)])


def _move(index: int, by: int) -> None:
    layers = list(current().layers)
    layers.insert(index + by, layers.pop(index))
    st.session_state["shapes_open"] = str(index + by)
    _put(layers)


def _remove(index: int) -> None:
    layers = list(current().layers)
    del layers[index]
    st.session_state["shapes_open"] = None
    _put(layers)


def _put(layers: list[Layer]) -> None:
    change(replace(current(), layers=tuple(layers)))
