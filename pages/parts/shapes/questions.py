"""Predict, then reveal: a layer's output shape and parameter count, with a word on the very mistake made."""

import random

import streamlit as st

from pages.common.language import _, say
from pages.common.predict import Blank, Judged, Written, asks, solved, write
from pages.parts.shapes.panel import close
from pages.parts.shapes.settings import SET, Settings, change, current
from rnn_core.cells.registry import CELLS
from rnn_core.shapes import Dense, Embedding, LayerReport, RawInput, Recurrent, Shape, Stack, StackReport, mend
from rnn_core.shapes.guess import Feedback, explain_count_guess, explain_shape_guess, parse_shape
from rnn_core.shapes.link import to_link

_NUMBER = "_shapes_question"


def hidden_layer(settings: Settings, told: StackReport) -> int | None:
    """Return the layer whose output is to be guessed, or None if nothing is hidden at the moment."""
    if told.problem or not asks(SET) or solved(SET, _question(settings, told)):
        return None
    return told.rows[-1].index


def questions(settings: Settings, told: StackReport) -> None:
    """Ask for shape and count of the last layer, if the visitor wants to be asked."""
    if not asks(SET):
        return
    if not told.problem:
        write(_question(settings, told), more=_draw_another)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.info(_("There is nothing to predict about an impossible stack: fix it, or take another question."))
        _draw_another()


def _question(settings: Settings, told: StackReport) -> Written:
    row = told.rows[-1]
    return Written(
        f"shapes:{settings.stack}",
        _("What does `{name}`, the last layer, pass on, and how many parameters does it have?").format(name=row.name),
        (
            Blank(
                "shape", _("Output shape"), "(batch, …)",
                lambda text: _judge_shape(row, text, settings.batch, settings.timesteps), width=230,
            ),
            Blank(
                "count", _("Parameters"), "1,234", lambda text: _judge_count(told, text, settings.timesteps),
                longest=16, width=150,
            ),
        ),
    )  # fmt: skip


def _judge_shape(row: LayerReport, text: str, batch: int, timesteps: int) -> Judged | None:
    """Judge a shape as people write it: sizes of the batch at hand are as good as names."""
    if not text.strip():
        return None
    guess = parse_shape(text)
    if not guess:
        return Judged(False, _("please write a shape like `(batch, 8)`."))
    return _judged(explain_shape_guess(row, _with_names(guess, row.outputs[0].shape, batch, timesteps)))


def _with_names(guess: Shape, right: Shape, batch: int, timesteps: int) -> Shape:
    sizes = list(guess)
    if len(sizes) >= 2 and sizes[0] == batch:
        sizes[0] = None
    if len(sizes) == 3 and sizes[1] in (None, timesteps):
        sizes[1] = right[1] if len(right) == 3 else None
    return tuple(sizes)


def _judge_count(told: StackReport, text: str, timesteps: int) -> Judged | None:
    """Judge a number of parameters; commas and spaces between digits are welcome."""
    digits = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 12:
        return Judged(False, _("please write a whole number, like 1,234."))
    before = told.rows[-2].layer if len(told.rows) > 1 else None
    doubled = isinstance(before, Recurrent) and before.bidirectional and before.merge_mode == "concat"
    row = told.rows[-1]
    return _judged(explain_count_guess(row, int(digits), timesteps=timesteps, after_bidirectional=doubled))


def _judged(feedback: Feedback) -> Judged:
    return Judged(feedback.code == "right", say(feedback))


# --- Another question ----------------------------------------------------------------------------------------------


def stack_to_guess(seed: int) -> Stack:
    """Make a small stack that Keras accepts; the same seed makes the same one."""
    draw = random.Random(seed)
    sizes = (4, 8, 16, 32)
    source = Embedding(10_000, draw.choice(sizes)) if draw.random() < 0.5 else RawInput(None, draw.choice(sizes))
    layers: list[Recurrent | Dense] = [
        Recurrent(
            draw.choice(list(CELLS)),
            draw.choice(sizes),
            return_sequences=draw.random() < 0.5,
            bidirectional=draw.random() < 0.3,
        )
        for _layer in range(draw.randint(1, 2))
    ]
    if draw.random() < 0.25:
        layers.append(Dense(draw.choice((1, 2, 10))))
    return mend(Stack(source, tuple(layers)))[0]


def _draw_another() -> None:
    st.button(_("Another question"), key="shapes_another", on_click=_another, icon=":material/casino:")


def _another() -> None:
    number = st.session_state.get(_NUMBER, 0) + 1
    while to_link(made := stack_to_guess(number)) == current().stack:
        number += 1
    st.session_state[_NUMBER] = number
    close()
    change(made)
