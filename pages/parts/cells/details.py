"""The tabs below the picture; only the one that is open is drawn, so that a step stays quick."""

import streamlit as st

from pages.common.language import _, prose
from pages.elements.picture import picture
from pages.parts.cells.book import EQUATIONS, book_and_keras
from pages.parts.cells.network import network_of, reading_of
from pages.parts.cells.parameters import parameters
from pages.parts.cells.reading import Reading, read
from pages.parts.cells.settings import PAGE, current
from pages.parts.cells.twin import twin_on_request
from rnn_core.charts.listing import listing


def details() -> None:
    """Draw the tab that is open."""
    reading = reading_of(current())
    subjects = {
        _("What is what in this picture"): explanation,
        _("In the book, in Keras"): book_and_keras,
        _("Is this really Keras?"): twin_on_request,
        _("What do the gates cost?"): parameters,
    }
    if reading.cell == "simple_rnn" or reading.begun or read(reading).mask is not None:
        # Books and Keras write a SimpleRNN alike; the book's cells would have to begin where the page's do, and know
        # of no mask.
        subjects.pop(_("In the book, in Keras"))
    for tab, draw in zip(st.tabs(list(subjects), on_change="rerun", key="further"), subjects.values(), strict=True):
        if tab.open:
            with tab:
                draw(reading)


def explanation(reading: Reading) -> None:
    """Draw what the parts of this cell's picture are, and its equations."""
    settings = current()
    network = network_of(settings)
    kind = "random" if network is None else "run" if settings.run or settings.review else "trained"
    text, equations = st.columns([1.87, 1], gap="medium")
    with text:
        st.markdown("\n".join(prose(PAGE, f"explanation_{part}") for part in (reading.cell, kind, "picture")))
    with equations:
        lines = EQUATIONS[reading.cell]
        picture(listing(lines=lines, marked=(), shapes=(), label=_("The cell's equations")), "equations")
