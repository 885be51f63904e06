"""Predict, then reveal: the page asks, takes the guess, and explains what came; one switch turns it on and off.

A page puts ASK among its link's parameters and draws `ask_switch(owner)`. What is asked comes in three kinds that look
and are kept alike:

    Question    a few answers to choose from. `predict` asks it at one timestep and answers at another, `quiz` at once
    Written     an answer to write, such as a shape; what was written is judged by the page
    Several     any of a few names, which stand in the link; the page answers once it knows
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.common.language import _
from pages.common.link import Switch
from pages.common.settings import Owner
from pages.common.steps import step_to

ASK = Switch("ask", True)
_GUESSES = "_guesses"
_KEPT = 60


@dataclass(frozen=True)
class Question:
    """A question in the visitor's language, with a few answers to choose from.

    Attributes:
        id: names the question and the numbers it is about: other numbers, other id, and it is asked anew.
        text: the question.
        options: what can be guessed, by id.
        answer: the id of the right one.
        explanation: shown with the answer; says where it comes from, with its numbers.
        asked_at, shown_at: the timesteps at which it is asked and answered; a `quiz` has none.
    """

    id: str
    text: str
    options: dict[str, str]
    answer: str
    explanation: str
    asked_at: int = 0
    shown_at: int = 0


@dataclass(frozen=True)
class Judged:
    """What is said of one written answer."""

    right: bool
    text: str


@dataclass(frozen=True)
class Blank:
    """One line to write an answer on; `judge` says what is to be said of a text, or None of an empty one."""

    id: str
    label: str
    placeholder: str
    judge: Callable[[str], Judged | None]
    longest: int = 40
    width: int = 200


@dataclass(frozen=True)
class Written:
    """A question whose answers are written; it is solved once all of them are right, or have been revealed."""

    id: str
    text: str
    blanks: tuple[Blank, ...]


def asks(owner: Owner) -> bool:
    """Whether this visitor wants to be asked."""
    return bool(owner.current().ask)


def ask_switch(owner: Owner) -> None:
    """Draw the switch that turns the questions on and off."""
    owner.switch("ask", _("Ask me first"))


# --- A few answers to choose from -----------------------------------------------------------------------------------


def predict(owner: Owner, questions: Sequence[Question], t: int) -> str | None:
    """Draw the question that is asked at timestep t, or the answer that can be seen there.

    A guess steps on to where its answer is seen.

    Returns:
        "asked" or "told", by which of them was drawn, else None.
    """
    if not asks(owner):
        return None
    guesses = _guesses()
    for question in questions:
        if question.shown_at == t and question.id in guesses:
            _reveal(question, guesses[question.id])
            return "told"
    for question in questions:
        if question.asked_at == t and question.id not in guesses:
            _ask(question, partial(step_to, owner, question.shown_at))
            return "asked"
    return None


def quiz(owner: Owner, question: Question, then: Callable[[], None] | None = None) -> bool:
    """Draw a question that is not tied to a timestep, then its answer; tell whether it may be shown already.

    `then` is called at the guess: it sets what the answer is about.
    """
    if not asks(owner):
        return True
    guess = _guesses().get(question.id)
    if guess is None:
        _ask(question, then)
        return False
    _reveal(question, guess)
    return True


def guessed(question: str) -> bool:
    """Whether the question of this id has been answered, in this visit."""
    return question in _guesses()


def _ask(question: Question, then: Callable[[], None] | None) -> None:
    with st.container(key=f"ask_{slug(question.id)}", border=True, gap="small"):
        st.markdown(asked(question.text))
        with st.container(horizontal=True, gap="small"):
            for option, text in question.options.items():
                key = f"guess_{slug(question.id)}_{option}"
                st.button(text, key=key, on_click=_guess, args=(question.id, option, then))


def _guess(question: str, option: str, then: Callable[[], None] | None) -> None:
    guesses = _guesses() | {question: option}
    st.session_state[_GUESSES] = dict(list(guesses.items())[-_KEPT:])
    if then is not None:
        then()


def _reveal(question: Question, guess: str) -> None:
    right = guess == question.answer
    said = {"guess": question.options.get(guess, guess), "answer": question.options[question.answer]}
    came = _("**{answer}**, that is right.") if right else _("Your guess: {guess}. Right is: **{answer}**.")
    with st.container(key=f"told_{slug(question.id)}", border=True, gap="small"):
        st.markdown(verdict(right, f"{came.format(**said)} {question.explanation}"))


# --- Answers to write -----------------------------------------------------------------------------------------------


def solved(owner: Owner, question: Written) -> bool:
    """Whether its answer may be shown: it was found or revealed, or this visitor does not want to be asked."""
    if not asks(owner) or question.id in _guesses():
        return True
    return all((judged := _judged(question, blank)) and judged.right for blank in question.blanks)


def write(question: Written, more: Callable[[], None] | None = None) -> None:
    """Draw a question whose answers are written, and what is said of what was written; `more` draws further buttons."""
    st.markdown(asked(question.text))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="written"):
        for blank in question.blanks:
            st.text_input(
                blank.label, _written(question, blank), key=_key(question, blank), placeholder=blank.placeholder,
                max_chars=blank.longest, width=blank.width, on_change=_write, args=(question, blank),
            )  # fmt: skip
        st.button(_("Check"), key="written_check", type="primary", icon=":material/check:")
        st.button(_("Reveal"), key="written_reveal", icon=":material/visibility:", on_click=_guess,
                  args=(question.id, "", None))  # fmt: skip
        if more is not None:
            more()
    # Their place is kept, so that nothing moves when they come.
    with st.container(height=26 * len(question.blanks), border=False, gap=None, key="written_judged"):
        for blank in question.blanks:
            if (judged := _judged(question, blank)) is not None:
                icon = ":green[:material/check_circle:]" if judged.right else ":orange[:material/error:]"
                st.markdown(f"{icon} " + _("**{what}:** {judged}").format(what=blank.label, judged=judged.text))


def _judged(question: Written, blank: Blank) -> Judged | None:
    return blank.judge(_written(question, blank))


def _written(question: Written, blank: Blank) -> str:
    return _guesses().get(f"{question.id}:{blank.id}", "")


def _key(question: Written, blank: Blank) -> str:
    return f"written_{slug(question.id)}_{blank.id}"


def _write(question: Written, blank: Blank) -> None:
    _guess(f"{question.id}:{blank.id}", st.session_state.get(_key(question, blank), "")[: blank.longest], None)


# --- Any of a few names ---------------------------------------------------------------------------------------------


def several(owner: Owner, name: str, text: str, words: Mapping[str, str], *, open_: bool) -> None:
    """Draw a question to which any of these names may be the answer; the guess is a setting, and stands in the link.

    Args:
        owner: of the setting.
        name: of the setting.
        text: the question.
        words: what may be guessed, and how it is called.
        open_: whether it may still be guessed.
    """
    st.markdown(asked(text), width="content")
    owner.pills(name, _("your guess"), words, label_visibility="collapsed", disabled=not open_, width="content")


# --- What all look like ---------------------------------------------------------------------------------------------


def asked(text: str) -> str:
    """Return a question as it is shown."""
    badge = _("Predict")
    return f":violet-badge[{badge}] {text}"


def verdict(right: bool | None, text: str) -> str:
    """Return an answer as it is shown; `right` is None where nothing was guessed, or nothing can be told yet."""
    if right is None:
        return text
    badge = _("As predicted") if right else _("A surprise")
    return f":green-badge[:material/check: {badge}] {text}" if right else f":orange-badge[{badge}] {text}"


def slug(text: str) -> str:
    """Widget keys become CSS classes."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in text)


def _guesses() -> dict[str, str]:
    return st.session_state.get(_GUESSES, {})
