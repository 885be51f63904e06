"""The weights of a small random network: every number in a table, to be changed in place; it stands in the link."""

import streamlit as st

from pages.common.language import _
from pages.common.steps import step_to
from pages.elements.number_table import above_tables, as_edit, number_table
from pages.parts.cells.controls import new_weights
from pages.parts.cells.network import reading_of
from pages.parts.cells.reading import tables, weights_of
from pages.parts.cells.settings import SET, current
from rnn_core.cells.registry import cell_of


def change_weights() -> None:
    """Draw the tables, if the network is small enough for them; they stand in Keras' layout."""
    reading = reading_of(current())
    if not reading.is_small:
        return
    # Tables take the browser a while: they are made when they are asked for.
    shown = st.expander(_("Change single weights"), icon=":material/edit:", key="edit_weights", on_change="rerun")
    if not shown.open:
        return
    weights = weights_of(reading)
    letters = cell_of(weights).letters
    columns = [f"{letters.get(block, 'h')}[{unit}]" for block in weights.GATES for unit in range(reading.units)]
    captions = {
        "kernel": _("**kernel**: one row per input feature, one column per gate and unit"),
        "recurrent_kernel": _("**recurrent_kernel**: one row per number of the state before"),
        "bias": _("**bias**: one row for the input, one for the state")
        if weights.bias.ndim == 2
        else _("**bias**: one number per gate and unit"),
    }
    with shown:
        above_tables(SET, list(captions), rewind, begin_anew)
        for name, numbers in tables(weights).items():
            st.markdown(captions[name])
            number_table(name, numbers, columns, as_edit(SET, name))


def rewind() -> None:
    """Go back to the start with the same weights."""
    step_to(SET, 0)


def begin_anew() -> None:
    """Go back to the start with other weights."""
    new_weights()
    rewind()
