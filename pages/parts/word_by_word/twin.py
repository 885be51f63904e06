"""Keras itself reads the same review with the same weights, when the visitor asks for it."""

from concurrent.futures import Future

import streamlit as st

from pages.common.language import _
from pages.common.names import cell_name
from pages.common.worker import ask
from pages.parts.word_by_word.networks import Verdict, shown, verdicts
from pages.parts.word_by_word.settings import current
from rnn_core.models.verdict_twin import verdict_twin

_ASKED = "_verdict_twin"


def twin_on_request() -> None:
    """Draw the button to ask Keras; then its verdict beside ours."""
    settings = current()
    verdict = verdicts(settings)[shown(settings)]
    asked = (verdict.reader.key, verdict.row.tobytes())
    if st.session_state.get(_ASKED) != asked:
        st.button(_("Ask Keras itself"), key="twin", icon=":material/balance:", on_click=_ask, args=(asked,))
        return
    future = ask(verdict_twin, verdict.reader.judge, verdict.row, verdict.reader.architecture.mask)
    waiting = not future.done()
    st.fragment(_answer, run_every=0.5 if waiting else None)(future, verdict, waiting)


def _ask(asked: tuple[str, bytes]) -> None:
    st.session_state[_ASKED] = asked


def _answer(future: Future, verdict: Verdict, waiting: bool) -> None:
    if not future.done():
        st.markdown(_(":material/hourglass_top: Keras is reading the sequence; the first question takes some seconds."))
        return
    if waiting:
        st.rerun()  # only a run of the whole page can end the clock
    if problem := future.exception():
        said = _("Keras cannot be asked at this moment: {problem} The numbers above are our own NumPy.")
        st.warning(said.format(problem=str(problem)[:200]))
        return
    answer, ours = future.result(), float(verdict.reading.probabilities[-1])
    text = _(
        "{network} in NumPy: {ours} positive. In Keras {version}, with the same weights: {theirs}. The difference is "
        "**{difference}**."
    )
    st.markdown(text.format(
        network=cell_name(verdict.reader.architecture.cell), ours=f"{ours:.8f}", version=answer["keras"],
        theirs=f"{answer['probability']:.8f}", difference=f"{abs(ours - answer['probability']):.1e}",
    ))  # fmt: skip
