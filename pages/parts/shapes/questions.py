"""Predict, then reveal: a layer's output shape and parameter count, with a word on the very mistake made."""

import random
from dataclasses import replace

import streamlit as st

from pages.common.language import _
from pages.parts.shapes.settings import change, current
from pages.parts.shapes.words import say
from rnn_core.cells.registry import CELLS
from rnn_core.shapes import Dense, Embedding, LayerReport, RawInput, Recurrent, Shape, Stack, StackReport, mend
from rnn_core.shapes.guess import Feedback, explain_count_guess, explain_shape_guess, parse_shape


def asked(stack: Stack, told: StackReport) -> int | None:
    """Return the layer whose output is to be guessed, or None if nothing is hidden at the moment."""
    if not st.session_state.get("shapes_predict") or told.problem:
        return None
    if st.session_state.get("shapes_revealed") == st.session_state["stack"]:
        return None
    return len(stack.layers) - 1


def switch() -> None:
    st.toggle(_("Predict first"), key="shapes_predict", on_change=_hide)


def form(stack: Stack, told: StackReport, batch: int, timesteps: int) -> None:
    """Ask for shape and count of the last layer, and answer the guess."""
    if told.problem:
        st.info(_("There is nothing to predict about an impossible stack: mend it, or take another question."))
        st.button(_("Another question"), key="shapes_another", on_click=_another, icon=":material/casino:")
        return
    row = told.rows[-1]
    st.markdown(
        _("**Predict:** what does `{name}`, the last layer, hand on, and how many parameters has it?").format(
            name=row.name
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="shapes_form"):
        shape = st.text_input(
            _("Output shape"), key="shapes_guess_shape", placeholder="(batch, timesteps, 8)", max_chars=40, width=230
        )
        count = st.text_input(_("Parameters"), key="shapes_guess_count", placeholder="1,234", max_chars=16, width=150)
        st.button(_("Check"), key="shapes_check", type="primary", icon=":material/check:")
        st.button(_("Reveal"), key="shapes_reveal", on_click=_reveal, icon=":material/visibility:")
        st.button(_("Another question"), key="shapes_another", on_click=_another, icon=":material/casino:")
    answers = (
        (_("Output shape"), shape_answer(row, shape, batch, timesteps)),
        (_("Parameters"), count_answer(told, count, timesteps)),
    )
    for place, (title, answer) in zip(st.columns(2), answers, strict=True):
        if answer == "unread":
            written = _("please write a shape like `(batch, 8)`, and a count as a whole number.")
            place.warning(f"**{title}:** {written}")
        elif isinstance(answer, Feedback):
            (place.success if answer.code == "right" else place.warning)(f"**{title}:** {say(answer)}")
    both = all(isinstance(answer, Feedback) and answer.code == "right" for _title, answer in answers)
    if both and st.session_state.get("shapes_revealed") != st.session_state["stack"]:
        _reveal()
        st.rerun()


def shape_answer(row: LayerReport, written: str, batch: int, timesteps: int) -> Feedback | str | None:
    """Answer a shape as people write it: sizes of the batch at hand are as good as names."""
    if not written.strip():
        return None
    guess = parse_shape(written)
    return (
        "unread" if not guess else explain_shape_guess(row, _with_names(guess, row.outputs[0].shape, batch, timesteps))
    )


def _with_names(guess: Shape, right: Shape, batch: int, timesteps: int) -> Shape:
    sizes = list(guess)
    if len(sizes) >= 2 and sizes[0] == batch:
        sizes[0] = None
    if len(sizes) == 3 and sizes[1] in (None, timesteps):
        sizes[1] = right[1] if len(right) == 3 else None
    return tuple(sizes)


def count_answer(told: StackReport, written: str, timesteps: int) -> Feedback | str | None:
    """Answer a number of parameters; commas and spaces between digits are welcome."""
    digits = written.strip().replace(",", "").replace("，", "").replace(" ", "")
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 12:
        return "unread"
    before = told.rows[-2].layer if len(told.rows) > 1 else None
    doubled = isinstance(before, Recurrent) and before.bidirectional and before.merge_mode == "concat"
    return explain_count_guess(told.rows[-1], int(digits), timesteps=timesteps, after_bidirectional=doubled)


def question(seed: int) -> Stack:
    """Make a small stack that Keras accepts; the same seed makes the same one."""
    draw = random.Random(seed)
    sizes = (4, 8, 16, 32)
    source = Embedding(10_000, draw.choice(sizes)) if draw.random() < 0.5 else RawInput(None, draw.choice(sizes))
    layers = [
        Recurrent(
            draw.choice(tuple(CELLS)),
            draw.choice(sizes),
            return_sequences=draw.random() < 0.5,
            bidirectional=draw.random() < 0.3,
        )
        for _layer in range(draw.randint(1, 2))
    ]
    if draw.random() < 0.25:
        layers.append(Dense(draw.choice((1, 2, 10))))
    return mend(Stack(source, tuple(layers)))[0]


def _another() -> None:
    number = st.session_state.get("shapes_question", 0) + 1
    st.session_state["shapes_question"] = number
    stack = question(number)
    change(stack if stack != current() else replace(stack, input=RawInput(None, 2)))
    _hide()


def _hide() -> None:
    st.session_state.update(shapes_revealed=None, shapes_guess_shape="", shapes_guess_count="")


def _reveal() -> None:
    st.session_state["shapes_revealed"] = st.session_state["stack"]
