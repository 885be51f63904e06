"""The small network's numbers as tables that can be changed in place; what was changed stands in the link."""

from collections.abc import Callable

import streamlit as st

from pages.common.edits import with_edit
from pages.common.language import _
from pages.elements.number_table import number_table
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
        with st.container(horizontal=True, gap="small"):
            st.button(_("Rewind (same weights)"), on_click=rewind, key="rewind", icon=":material/replay:")
            st.button(_("New weights"), on_click=new_weights, key="new_weights", icon=":material/casino:")
            if settings.edits:
                st.button(_("Undo my changes"), on_click=_undo, key="undo_edits", icon=":material/undo:")
        for names, column in zip((("x", "b"), ("W", "U")), st.columns(2, gap="medium"), strict=True):
            with column:
                for name in names:
                    caption, columns = captions[name]
                    st.markdown(caption)
                    header, first = (_("timestep"), 1) if name == "x" else ("", 0)
                    number_table(name, numbers[name], columns, _edit(name), header=header, first=first)


def _edit(name: str) -> Callable[[int, int, float], None]:
    return lambda row, column, number: SET.change(edits=with_edit(current().edits, name, row, column, number))


def _undo() -> None:
    SET.change(edits="")
