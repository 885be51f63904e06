"""The small network's numbers as tables that can be changed in place; what was changed stands in the link."""

import streamlit as st

from pages.common.language import _
from pages.elements.number_table import above_tables, as_edit, number_table
from pages.parts.step_through.settings import SET, current, is_small, new_weights, rewind, tables, trace_of


def change_numbers() -> None:
    """Draw the tables, if the network is small enough for them."""
    settings = current()
    if not is_small(settings):
        return
    # Tables take the browser a while: they are made when they are asked for.
    shown = st.expander(
        _("Change inputs and weights"), icon=":material/edit:", key="edit_numbers", on_change="rerun"
    )
    if not shown.open:
        return
    features = [f"x[{i}]" for i in range(settings.input_features)]
    captions = {
        "x": (_("**x**: one row per timestep"), features),
        "b": (_("**b**: one number per unit"), ["b"]),
        "W": (_("**W**: one row per unit, one column per input feature"), features),
        "U": (
            _("**U**: one row per unit, one column per number of the state"),
            [f"state[{i}]" for i in range(settings.units)],
        ),
    }
    numbers = tables(trace_of(settings))
    with shown:
        above_tables(SET, list(captions), rewind, new_weights)
        for names, column in zip((("x", "b"), ("W", "U")), st.columns(2, gap="medium"), strict=True):
            with column:
                for name in names:
                    caption, columns = captions[name]
                    st.markdown(caption)
                    header, first = (_("timestep"), 1) if name == "x" else ("", 0)
                    number_table(name, numbers[name], columns, as_edit(SET, name), header=header, first=first)
