"""A real Keras layer reads the same inputs with the same weights, when the visitor asks for it."""

from concurrent.futures import Future
from typing import Any

import numpy as np
import streamlit as st

from pages.common.language import _, ngettext
from pages.common.worker import ask
from pages.parts.cells.reading import Reading, read
from rnn_core.export import as_script
from rnn_core.export.cells import cell_code, twin_code
from rnn_core.models.twin import largest_difference, twin

# Keras computes this much apart from NumPy at most, in float32: rounding, in another order of adding.
ROUNDING = 1e-5
# A trained network may have hundreds of thousands of weights; so many numbers are written out on the page at most.
MOST_WRITTEN = 40_000
_ASKED = "_twin_of"


def twin_on_request(reading: Reading) -> None:
    """Draw the button to ask Keras; then its answer beside ours, and the code to repeat it."""
    trace = read(reading)
    if st.session_state.get(_ASKED) != reading and not st.button(
        _("Ask Keras itself"), key="twin", icon=":material/balance:", on_click=_ask, args=(reading,)
    ):
        said = _("A real keras.layers.{layer} gets these weights and reads this sequence; the page compares.")
        st.caption(said.format(layer=reading.label))
        return
    begun: list[Any] | None = None
    if reading.given is not None and reading.begun:
        start = reading.given.start
        begun = list(start) if isinstance(start, tuple) else [start]
    future = ask(twin, reading.cell, trace.inputs, trace.weights.to_keras(), True, trace.mask, "float32", begun)
    waiting = not future.done()
    st.fragment(_answer, run_every=0.5 if waiting else None)(future, reading, waiting)
    if trace.weights.parameters > MOST_WRITTEN:
        return
    with st.expander(_("The code to repeat it"), icon=":material/code:"):
        st.code(as_script([*cell_code(trace, reading.timesteps - 1), *twin_code(trace)]), height=320)


def _ask(reading: Reading) -> None:
    st.session_state[_ASKED] = reading


def _answer(future: Future, reading: Reading, waiting: bool) -> None:
    if not future.done():
        st.markdown(_(":material/hourglass_top: Keras is reading the sequence; the first question takes some seconds."))
        return
    if waiting:
        # Only a run of the whole page can end the clock.
        st.rerun()
    if problem := future.exception():
        said = _("Keras cannot be asked at this moment: {problem} The numbers above are our own NumPy.")
        st.warning(said.format(problem=str(problem)[:200]))
        return
    answer = future.result()
    difference = largest_difference(read(reading), answer)
    count = reading.timesteps * reading.units
    if np.isfinite(difference) and difference <= ROUNDING:
        text = ngettext(
            "**Equal.** keras.layers.{layer} of Keras {version} and this page differ by at most **{difference}** in "
            "{n} number: rounding of float32.",
            "**Equal.** keras.layers.{layer} of Keras {version} and this page differ by at most **{difference}** in "
            "all {n} numbers of the states: rounding of float32.",
            count,
        )
        show = st.success
    else:
        text = _(
            "keras.layers.{layer} of Keras {version} and this page differ by up to **{difference}** over all {n} "
            "numbers of the states."
        )
        show = st.warning
    show(text.format(layer=reading.label, version=answer["keras"], difference=f"{difference:.1e}", n=f"{count:,}"))
