"""Predict, then reveal: before chosen steps the page asks, takes the guess, steps on, and explains what came.

A page puts ASK among its link's parameters, draws `ask_switch()` where the visitor may turn the questions off, and
calls `predict(...)` at every step with all its questions; or `quiz(...)` for one that is not tied to a timestep.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.common.language import _
from pages.elements.transport import halt

_GUESSES = "_guesses"
_STOPPED_FOR = "_stopped_for"
_KEPT = 60


@dataclass(frozen=True)
class Ask:
    """A question in the visitor's language.

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


class _Switch:
    """Whether the page asks, in the link: `ask=off`."""

    name, default = "ask", True
    options = ("on", "off")

    def read(self, raw: str) -> tuple[bool, bool]:
        return raw not in ("off", "False"), raw in ("on", "off", "True", "False")

    def write(self, value: bool) -> str:
        return "on" if value else "off"


ASK = _Switch()


def ask_switch() -> None:
    """Draw the switch that turns the questions on and off."""
    st.toggle(_("Ask me first"), key=ASK.name)


def predict(questions: Sequence[Ask], t: int) -> bool:
    """Draw the question that is asked at timestep t, or the answer that can be seen there; tell whether one was drawn.

    A guess steps on to where its answer is seen. A film that plays stops once for each question: who has seen it and
    presses play again wants to go on.
    """
    if not st.session_state.get(ASK.name, ASK.default):
        return False
    guesses = st.session_state.setdefault(_GUESSES, {})
    for question in questions:
        if question.shown_at == t and question.id in guesses:
            _reveal(question, guesses[question.id])
            return True
    for question in questions:
        if question.asked_at == t and question.id not in guesses:
            stopped = st.session_state.setdefault(_STOPPED_FOR, [])
            if question.id not in stopped:
                st.session_state[_STOPPED_FOR] = [*stopped, question.id][-_KEPT:]
                halt()
            _question(question, step_to=question.shown_at)
            return True
    return False


def quiz(question: Ask) -> bool:
    """Draw a question that is not tied to a timestep, then its answer; tell whether it may be shown already."""
    if not st.session_state.get(ASK.name, ASK.default):
        return True
    guess = st.session_state.setdefault(_GUESSES, {}).get(question.id)
    if guess is None:
        _question(question, step_to=None)
        return False
    _reveal(question, guess)
    return True


def _question(question: Ask, step_to: int | None) -> None:
    with st.container(key=f"ask_{_slug(question.id)}", border=True, gap="small"):
        st.markdown(f":violet-badge[{_('Predict')}] {question.text}")
        with st.container(horizontal=True, gap="small"):
            for option, text in question.options.items():
                st.button(
                    text,
                    key=f"guess_{_slug(question.id)}_{option}",
                    on_click=_guess,
                    args=(question.id, option, step_to),
                )


def _reveal(question: Ask, guess: str) -> None:
    right = guess == question.answer
    said = {"guess": question.options.get(guess, guess), "answer": question.options[question.answer]}
    verdict = _("**{answer}**: you had it right.") if right else _("You said *{guess}*; it is **{answer}**.")
    with st.container(key=f"told_{_slug(question.id)}", border=True, gap="small"):
        badge = f":green-badge[:material/check: {_('As predicted')}]" if right else f":orange-badge[{_('A surprise')}]"
        st.markdown(f"{badge} {verdict.format(**said)} {question.explanation}")


def _guess(question: str, option: str, step_to: int | None) -> None:
    guesses = {**st.session_state.get(_GUESSES, {}), question: option}
    st.session_state[_GUESSES] = dict(list(guesses.items())[-_KEPT:])
    if step_to is not None:
        halt()
        st.session_state["t"] = step_to


def _slug(text: str) -> str:
    """Widget keys become CSS classes."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in text)
