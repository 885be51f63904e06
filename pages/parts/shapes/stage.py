"""The lab: the layers' blocks, the tensors that they pass on, and all else that follows from the stack."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.language import _, language
from pages.common.predict import asks
from pages.elements.blocks import blocks
from pages.elements.picture import picture, send_ahead
from pages.parts.shapes import keras
from pages.parts.shapes.bar import bar
from pages.parts.shapes.downloads import listing
from pages.parts.shapes.panel import open_or_close, opened, panel
from pages.parts.shapes.questions import hidden_layer, questions
from pages.parts.shapes.settings import SET, Settings, current, stack, stack_of, take, turned
from pages.parts.shapes.words import about_weights, count_labels, flow_labels, observation
from rnn_core.cells.registry import CELLS
from rnn_core.charts import tensors
from rnn_core.charts.scene import Scene
from rnn_core.shapes import Edit, Embedding, Recurrent, Stack, StackReport, edited, report
from rnn_core.shapes.link import to_link

STYLE = Path(__file__).with_name("shapes.css")
#: How far below the top of a block its controls end, in pixels: so much is scrolled into sight when it is opened.
_ROOM = (470, 230)


def stage() -> None:
    """Draw all that follows the stack; a click on it repaints this part alone.

    The browser pays for each element that stands here at every repaint, so what is closed has none. And each part has
    a container of its own, there or not: a part that goes must not move the others to another place in the page, for
    a click that overtakes a run leaves the browser with half of its messages.
    """
    settings, told = current(), report(stack())
    hidden = hidden_layer(settings, told)
    above = st.container(horizontal=True, vertical_alignment="center", gap="small", key="shapes_bar")
    shown, notes = st.container(), st.container(gap="xsmall")
    with shown:
        flow(settings, told, hidden)
    with above:
        bar(told, hidden)
    with notes:
        SET.say_problems()
        if hidden is None:
            # Directly under the stack, where the mistake is seen: nobody should have to scroll to fix it.
            keras.why(stack(), told)
        questions(settings, told)
        if hidden is None and not told.problem:
            st.markdown(observation(told))
    code, counted = st.columns([1, 1.13], gap="medium")
    with code:
        listing(settings, guessing=hidden is not None)
    with counted:
        counts(told, hidden)
    SET.switch("prove", _("Let a batch pass through Keras"))
    if settings.prove and hidden is None:
        keras.real_tensors(stack(), told, settings.batch, settings.timesteps)
    SET.keep_link()
    ahead(settings)


def flow(settings: Settings, told: StackReport, hidden: int | None) -> None:
    """Draw each layer's block, below it the tensor that it passes on, and near it the controls of the open one."""
    refused = told.problem.layer if told.problem else None
    scenes = drawn(settings, told, hidden)
    open_column = opened()
    for row, (columns, key) in enumerate(zip(tensors.rows_of_columns(stack()), scenes, strict=True)):
        blocks(
            [_block(column, refused) for column in columns], f"shapes_blocks_{row}", slots=_slots(stack()),
            change=_("change"), room=_ROOM[row > 0], on_flip=_flip, on_open=open_or_close,
        )  # fmt: skip
        # In the second row the tensors reach below the screen, so there the controls come before them.
        before, tensor, after = st.container(), st.container(), st.container()
        with tensor:
            picture(scenes[key], key, stamp=settings.stack, edition=_edition(settings))
        if open_column in columns:
            with before if row > 0 else after:
                panel()


def counts(told: StackReport, hidden: int | None) -> None:
    """Draw what Keras says of the stack, and its parameters counted by hand."""
    st.subheader(_("What Keras says"), anchor=False)
    if hidden is None:
        keras.word(stack(), told)
    else:
        st.markdown(_("Keras' summary waits until you have guessed."))
    st.subheader(_("Counted by hand"), anchor=False)
    picture(tensors.parameters(told=told, labels=count_labels(), hidden=hidden), "shapes_count")
    if hidden is None:
        st.markdown(about_weights(stack()))


def ahead(settings: Settings) -> None:
    """Send what each switch would show. Of very deep stacks it would be too much to send."""
    steps, edition = {}, _edition(settings)
    if edition and len(tensors.rows_of_columns(stack())) == 1:
        for index, layer in enumerate(stack().layers):
            if isinstance(layer, Recurrent):
                other = turned(stack(), index)
                steps[to_link(other)] = drawn(settings, report(other), None, other)
    send_ahead(steps, edition)


def drawn(settings: Settings, told: StackReport, hidden: int | None, of: Stack | None = None) -> dict[str, Scene]:
    """Return the picture of each row of tensors, by its key; of the stack that is set, or of another one."""
    of = of or stack_of(settings.stack)
    journey = tensors.Journey(of, told, settings.batch, settings.timesteps, hidden)
    labels = flow_labels()
    return {
        f"shapes_flow_{row}": tensors.flow(journey=journey, shown=shown, slots=_slots(of), labels=labels)
        for row, shown in enumerate(tensors.rows_of_columns(of))
    }


def _edition(settings: Settings) -> str:
    """Name whatever changes the tensors' pictures beside the stack; while shapes are guessed none is kept."""
    return "" if asks(SET) else f"{settings.batch}:{settings.timesteps}:{language()}"


def _slots(of: Stack) -> int:
    """Return into how many columns the width is divided."""
    every = len(tensors.columns(of))
    return max(every, 3) if every <= tensors.MOST_IN_A_ROW else -(-every // 2)


def _block(column: int | str, refused: int | None) -> dict[str, Any]:
    now = stack()
    block = {"id": column, "sequences": None, "refused": column == refused, "open": column == opened(), "note": ""}
    if not isinstance(column, int):
        source = now.input
        if column == "embedding" and isinstance(source, Embedding):
            size = f"{source.vocabulary:,} × {source.dimension}"
            return block | {"colour": "input", "title": "Embedding", "note": size}
        arrives = _("word indices") if isinstance(source, Embedding) else _("vectors")
        return block | {"colour": "input", "title": _("Input"), "note": arrives}
    layer = now.layers[column]
    if not isinstance(layer, Recurrent):
        return block | {"colour": "dense", "title": f"{column + 1} · Dense({layer.units})", "note": layer.activation}
    name = ("Bi-" if layer.bidirectional else "") + CELLS[layer.cell].label
    return block | {
        "colour": layer.cell, "title": f"{column + 1} · {name}({layer.units})", "sequences": layer.return_sequences,
        # While shapes are guessed, nothing that was here before may show the answer.
        "turned": "" if asks(SET) else to_link(turned(now, column)),
    }  # fmt: skip


def _flip(switches: dict[int, bool]) -> None:
    layers = stack().layers
    known = {i: on for i, on in switches.items() if i < len(layers) and isinstance(layers[i], Recurrent)}
    if known:
        take(edited(stack(), tuple(Edit(i, "return_sequences", on) for i, on in known.items())))
