"""What stands below the picture: what each cell has really learnt, and what the words and signs mean."""

import streamlit as st

from pages.common.language import _, prose
from pages.elements.picture import picture
from pages.parts.memory.settings import PAGE
from rnn_core.charts.memory import recall_table
from rnn_core.results.recall import recall


def details() -> None:
    """Draw what explains and what proves."""
    st.subheader(_("Does a gradient that lasts learn more?"), anchor=False)
    table, beside = st.columns([1.87, 1], gap="medium")
    with table:
        picture(recall_table(figures=recall(), labels=_labels()), "recall")
    with beside:
        st.markdown(_about())
    with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
        st.markdown(prose(PAGE, "explanation"))


def _labels() -> dict[str, str]:
    return {
        "length": _("so many letters later it must name the first one"), "lasts": _("lasts"),
        "forget_gate": _("forget bias {bias}"), "input_gate": _("input bias {bias}"),
        "update_gate": _("update bias {bias}"),
        "half_life": _("½: {before} → {after}"), "seeds": _("right, one number for each seed: {accuracies}"),
        "alt": _("The share of right answers of each network at delayed recall, by length, and its half-lives."),
    }  # fmt: skip


def _about() -> str:
    figures = recall()
    settings = figures.settings
    return prose(PAGE, "recall").format(
        units=settings.units, samples=f"{settings.samples * 4 // 5:,}", epochs=settings.epochs,
        seeds=len(figures.seeds), guessing=f"{settings.guessing:.1%}",
    )  # fmt: skip
