"""What is set on the page of shapes: the stack, as the word that stands in the link, and the batch that is sent in."""

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from pages.common.link import Number, Problems, Switch, Text
from pages.common.settings import Owner
from rnn_core.shapes import DEFAULT, MAX_TIMESTEPS, Edit, Recurrent, Stack, edited
from rnn_core.shapes.link import from_link, to_link

PAGE = "shapes"
MAX_BATCH = 8
_BEFORE = "_shapes_before"


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link."""

    stack: str
    batch: int
    timesteps: int
    prove: bool
    ask: bool


def _mend(raw: str) -> tuple[str, Problems]:
    """Whatever stands in a link, some stack is built from it, and the page says what had to be changed."""
    stack, problems = from_link(raw)
    return to_link(stack), problems


SET = Owner(
    PAGE,
    Settings,
    (
        # What is too long is cut where it is read, which knows how to say so.
        Text("stack", to_link(DEFAULT), longest=10_000, mend=_mend),
        Number("batch", 2, 1, MAX_BATCH),
        Number("timesteps", 6, 1, MAX_TIMESTEPS),
        Switch("prove", False),
        # Here one first plays: the questions wait until they are asked for.
        Switch("ask", False),
    ),
)
current = SET.current


@lru_cache(maxsize=256)
def stack_of(link: str) -> Stack:
    """Return the stack that a setting names."""
    return from_link(link)[0]


def stack() -> Stack:
    """Return the stack that is set."""
    return stack_of(current().stack)


def stack_before() -> Stack | None:
    """Return the stack before the visitor's last change, if there was one."""
    link = st.session_state.get(_BEFORE)
    return None if link is None else stack_of(link)


def change(made: Stack) -> None:
    """Set another stack; all widgets of its layers begin anew."""
    st.session_state[_BEFORE] = current().stack
    SET.change(stack=to_link(made))


def take(made: Stack) -> None:
    """Set the stack that a widget of one of its parts asks for; the widget stays as the visitor left it."""
    st.session_state[_BEFORE] = current().stack
    SET.take("stack", to_link(made))


def edit(edits: tuple[Edit, ...]) -> None:
    """Apply a correction to the stack that is set now, as far as its layers are still there."""
    before = stack()
    fitting = tuple(e for e in edits if e.layer < len(before.layers) and hasattr(before.layers[e.layer], e.field))
    if fitting:
        change(edited(before, fitting))


def turned(before: Stack, index: int) -> Stack:
    """Return the stack with the other return_sequences in one layer."""
    layer = before.layers[index]
    assert isinstance(layer, Recurrent)
    return edited(before, (Edit(index, "return_sequences", not layer.return_sequences),))
