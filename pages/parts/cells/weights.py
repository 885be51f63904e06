"""The weights of a small network on the cells page: every number in a table, to be changed in place."""

import streamlit as st

from pages.common.language import _
from pages.elements.number_table import number_table
from pages.parts.cells.settings import Settings, drawn, is_small, new_weights, tables


def edit_weights(settings: Settings) -> None:
    """Draw the tables, if the network is small enough for them; they stand in Keras' layout."""
    if not is_small(settings):
        return
    # Tables take the browser a while: they are made when they are asked for.
    with st.expander(
        _("Change single weights"), icon=":material/edit:", key="edit_weights", on_change="rerun"
    ) as shown:
        if not shown.open:
            return
        with st.container(horizontal=True, gap="small"):
            st.button(_("Rewind (same weights)"), on_click=_rewind, key="rewind", icon=":material/replay:")
            st.button(_("New weights"), on_click=_begin_anew, key="other_weights", icon=":material/casino:")
        weights = drawn(settings)
        letters = cell_of(weights).letters
        columns = [f"{letters.get(gate, 'h')}[{unit}]" for gate in weights.GATES for unit in range(settings.units)]
        captions = {
            "kernel": _("**kernel**: one row per input feature, one column per gate and unit"),
            "recurrent_kernel": _("**recurrent_kernel**: one row per number of the state before"),
            "bias": _("**bias**: one row for the input, one for the state")
            if weights.bias.ndim == 2
            else _("**bias**: one number per gate and unit"),
        }
        for name, numbers in tables(weights).items():
            st.markdown(captions[name])
            number_table(name, numbers, columns)


def _rewind() -> None:
    st.session_state["t"] = 0


def _begin_anew() -> None:
    new_weights()
    _rewind()
