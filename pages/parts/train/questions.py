"""Predict which cell will learn the task; once all has ended, what came, and who was right."""

from collections.abc import Iterable

import streamlit as st

from pages.common.language import _, language
from pages.common.visitor import visitor
from pages.common.worker import trainer
from pages.parts.train.view import Shown, verdict
from pages.parts.train.words import cell_name
from rnn_core.models.network import NETWORKS


def guess(shown: list[Shown]) -> None:
    """Ask before the training which cells will learn the task, and say afterwards who was right."""
    # What the link or the visitor has predicted, as far as those cells are asked about.
    asked = {one.run.spec.cell for one in shown} or st.session_state["cells"]
    options = [cell for cell in NETWORKS if cell in asked]
    st.session_state["guess"] = guessed = [cell for cell in options if cell in st.session_state["guess"]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_predict"):
        if shown and all(one.run.ended for one in shown):
            st.markdown(answered(shown, guessed))
            return
        question = _("Which of them will get more than half of the way from guessing to perfect?")
        st.markdown(badge("violet", _("Predict")) + question, width="content")
        st.pills(
            _("your guess"),
            options,
            key="guess",
            selection_mode="multi",
            format_func={cell: cell_name(cell) for cell in NETWORKS}.get,
            label_visibility="collapsed",
            disabled=any(one.run.epochs_done for one in shown),  # from then on the curves tell
            width="content",
        )


def answered(shown: list[Shown], guessed: list[str]) -> str:
    """Return what each cell reached, which of them learnt the task, and whether that was predicted."""
    came = verdict(shown)

    def named(cells: Iterable[str]) -> str:
        return _(", ").join(cell_name(cell) for cell in NETWORKS if cell in cells)

    said = []
    if came.figures:
        reached = _(", ").join(f"{cell_name(cell)} **{figure}**" for cell, figure in came.figures)
        said.append(_("{figures}.").format(figures=reached))
    if came.learnt:
        said.append(_("{names}: more than half of the way.").format(names=named(came.learnt)))
    elif not came.open:
        said.append(_("None of them got that far."))
    if early := came.open & {cell for cell, _figure in came.figures}:
        said.append(_("{names}: stopped too early to tell.").format(names=named(early)))
    if not came.figures and came.open:
        said.append(_("Stopped too early to tell anything."))
    run = next((one.run for one in shown if one.run.chance is not None and one.run.metric), None)
    if run is not None and came.figures:
        said.append(_("Always giving the commonest answer gets {chance}.").format(chance=f"{run.chance:.1%}"))
    mark = ""
    if guessed and trainer().store.is_owner(shown[0].run, visitor()):
        said.append(_("Your prediction: {names}.").format(names=named(guessed)))
        if came.learnt - set(guessed) or came.not_learnt & set(guessed):
            mark = badge("orange", _("A surprise"))
        elif not came.open:
            mark = badge("green", _("As predicted"))
    return mark + ("" if language() == "zh" else " ").join(said)


def as_told(shown: list[Shown]) -> bool:
    """Whether the runs shown bear out the page's closing words."""
    came = verdict(shown)
    return "simple_rnn" in came.not_learnt and bool(came.learnt & {"lstm", "gru"})


def badge(colour: str, words: str) -> str:
    return f":{colour}-badge[{words}] "
