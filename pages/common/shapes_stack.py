"""The stack that a visitor builds: kept as the word that stands in the link, changed by the controls of its layers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from pages.common.language import _
from rnn_core.charts import palette
from rnn_core.charts.tensors import MOST_IN_A_ROW, columns
from rnn_core.shapes import (
    ACTIVATIONS,
    CELLS,
    CLASS_NAMES,
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
from rnn_core.shapes_link import from_link, to_link

_STYLE = Path(__file__).with_name("shapes.css")
_SWITCHES = ("return_sequences", "return_state", "go_backwards", "bidirectional")


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


def current() -> Stack:
    return from_link(st.session_state["stack"])[0]


def change(stack: Stack) -> None:
    """Build another stack, and remember the one before it: the listing marks the lines that differ."""
    st.session_state["shapes_before"] = st.session_state["stack"]
    st.session_state["stack"] = to_link(stack)
    st.session_state["shapes_said"] = ()


def edit(edits: tuple[Edit, ...]) -> None:
    change(edited(current(), edits))


def presets() -> None:
    """Draw the article's three summaries, its three models of IMDB, and three classic mistakes."""
    groups = (
        (
            _("The article:"),
            {
                "embedding_simple_rnn": _("last state"),
                "embedding_simple_rnn_sequences": _("every state"),
                "stacked_simple_rnn": _("stacked"),
            },
        ),
        (_("On IMDB:"), {"imdb_simple_rnn": "SimpleRNN", "imdb_lstm": "LSTM", "imdb_gru": "GRU"}),
        (
            _("Classic mistakes:"),
            {
                "mistake_no_sequences": _("no sequence"),
                "mistake_state_in_the_middle": _("states in between"),
                "mistake_answer_per_timestep": _("an answer per word"),
            },
        ),
    )
    here = st.session_state["stack"]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="shapes_presets"):
        for title, names in groups:
            st.markdown(title, width="content")
            for name, label in names.items():
                chosen = to_link(PRESETS[name]) == here
                st.button(
                    label,
                    key=f"shapes_preset_{name}",
                    on_click=change,
                    args=(PRESETS[name],),
                    type="primary" if chosen else "secondary",
                )


def controls(stack: Stack, shown: list[int | str], slots: int, refused: int | None) -> None:
    """Draw one block of controls per column of the picture below it."""
    for place, column in zip(st.columns(slots, gap="small"), shown, strict=False):
        cell = getattr(stack.layers[column], "cell", "dense") if isinstance(column, int) else "input"
        with (
            place,
            st.container(key=f"shapes_block_{column}_{cell}{'_refused' if column == refused else ''}", gap="xsmall"),
        ):
            if isinstance(column, int):
                _layer(stack, column)
            else:
                _input(stack, column)


def style() -> None:
    """Give each block its cell's colour, on the ground the visitor has chosen."""
    dark = st.context.theme.type == "dark"
    tones = {**palette.CELLS, "dense": palette.CELLS["bag_of_words"], "input": palette.ROLES["input"]}
    rules = [
        f'[class*="st-key-shapes_block_"][class*="_{name}"]{{--cell:{tone.dark if dark else tone.light}}}'
        for name, tone in tones.items()
        if name != "bag_of_words"
    ]
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}{''.join(rules)}</style>")


def add_buttons(stack: Stack) -> None:
    """Draw the buttons that put one more layer behind the others."""
    full = len(stack.layers) >= MAX_LAYERS
    for kind in (*CELLS, "dense"):
        st.button(
            CLASS_NAMES.get(kind, "Dense"),
            key=f"shapes_add_{kind}",
            icon=":material/add:",
            disabled=full,
            on_click=_insert,
            args=(len(stack.layers), kind),
        )


def slots_for(stack: Stack) -> int:
    return max(len(columns(stack)), 3) if len(columns(stack)) <= MOST_IN_A_ROW else -(-len(columns(stack)) // 2)


# --- One block -------------------------------------------------------------------------------------------------


def _input(stack: Stack, column: str) -> None:
    source = stack.input
    words = isinstance(source, Embedding)
    if column == "embedding":
        with st.popover("Embedding", key="shapes_embedding", width="stretch"):
            _number(
                "vocabulary", _("vocabulary: how many different words"), source.vocabulary, MAX_VOCABULARY, _set_input
            )
            _number("dimension", _("dimension: numbers per word"), source.dimension, MAX_UNITS, _set_input)
        st.caption(f"{source.vocabulary:,} × {source.dimension}")
        return
    with st.popover(_("Input"), key="shapes_input", width="stretch"):
        kinds = {"embedding": _("word ids, through an Embedding"), "raw": _("vectors, as they are")}
        _choose("input_kind", _("What arrives"), list(kinds), "embedding" if words else "raw", kinds.get, _set_kind)
        if not words:
            _number(
                "input_features",
                _("input features: numbers per timestep"),
                source.input_features,
                MAX_UNITS,
                _set_input,
            )
            hold("shapes_fixed", source.timesteps is not None)
            st.toggle(_("a fixed number of timesteps"), key="shapes_fixed", on_change=_set_fixed)
            if source.timesteps is not None:
                _number(
                    "timesteps", _("timesteps: how long every sequence is"), source.timesteps, MAX_TIMESTEPS, _set_input
                )
    st.caption(_("word ids") if words else _("vectors"))


def _layer(stack: Stack, index: int) -> None:
    layer = stack.layers[index]
    name = "Dense" if isinstance(layer, Dense) else ("Bi-" if layer.bidirectional else "") + CLASS_NAMES[layer.cell]
    with st.popover(f"{index + 1} · {name}({layer.units})", key=f"shapes_layer_{index}", width="stretch"):
        kinds = {**CLASS_NAMES, "dense": "Dense"}
        _choose("kind", _("Layer"), list(kinds), getattr(layer, "cell", "dense"), kinds.get, _set_kind, index)
        _number("units", _("units: numbers that come out"), layer.units, MAX_UNITS, _set, index)
        if isinstance(layer, Recurrent):
            for switch in _SWITCHES[1:]:
                _switch(layer, switch, index)
            if layer.bidirectional:
                _choose("merge_mode", "merge_mode", list(MERGE_MODES), layer.merge_mode, str, _set, index)
        else:
            _choose(
                "activation", _("activation (changes no shape)"), list(ACTIVATIONS), layer.activation, str, _set, index
            )
        with st.container(horizontal=True, gap="xsmall"):
            last = len(stack.layers) - 1
            st.button(
                _("earlier"),
                icon=":material/arrow_back:",
                key=f"shapes_earlier_{index}",
                disabled=index == 0,
                on_click=_move,
                args=(index, -1),
            )
            st.button(
                _("later"),
                icon=":material/arrow_forward:",
                key=f"shapes_later_{index}",
                disabled=index == last,
                on_click=_move,
                args=(index, 1),
            )
            st.button(
                _("remove"),
                icon=":material/delete:",
                key=f"shapes_remove_{index}",
                disabled=last == 0,
                on_click=_remove,
                args=(index,),
            )
    if isinstance(layer, Recurrent):
        _switch(layer, "return_sequences", index)
    else:
        st.caption(layer.activation)


def _switch(layer: Recurrent, switch: str, index: int) -> None:
    key = f"shapes_{switch}_{index}"
    hold(key, getattr(layer, switch))
    label = "Bidirectional" if switch == "bidirectional" else switch
    st.toggle(label, key=key, on_change=_set, args=(switch, key, index))


def _number(field: str, label: str, value: int, high: int, then: Callable[..., None], *args: int) -> None:
    key = "_".join(["shapes", field, *map(str, args)])
    hold(key, value)
    st.number_input(label, 1, high, key=key, on_change=then, args=(field, key, *args))


def _choose(
    field: str, label: str, options: list, value: object, words: Callable, then: Callable[..., None], *args: int
) -> None:
    key = "_".join(["shapes", field, *map(str, args)])
    hold(key, value)
    st.selectbox(label, options, key=key, format_func=words, on_change=then, args=(field, key, *args))


def hold(key: str, value: object) -> None:
    """Set a widget to what the stack says, but only if it says otherwise: a value that is sent needlessly would undo
    a click that is on its way."""
    if st.session_state.get(key, hold) != value:
        st.session_state[key] = value


# --- What the controls do --------------------------------------------------------------------------------------


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


def _insert(index: int, kind: str) -> None:
    layers = list(current().layers)
    layers.insert(index, _new(kind, 1 if kind == "dense" else 32))
    _put(layers)


def _move(index: int, by: int) -> None:
    layers = list(current().layers)
    layers.insert(index + by, layers.pop(index))
    _put(layers)


def _remove(index: int) -> None:
    layers = list(current().layers)
    del layers[index]
    _put(layers)


def _put(layers: list[Layer]) -> None:
    change(replace(current(), layers=tuple(layers)))
