"""The journey, the lengths, the drift, and all that repaints with them."""

from __future__ import annotations

import streamlit as st

from pages.common.language import _, language
from pages.common.names import cell_name
from pages.common.predict import asks, guessed, predict
from pages.common.steps import stamp
from pages.elements.picture import picked, picture, send_ahead
from pages.elements.transport import on_stage, transport
from pages.parts.data.controls import preparation
from pages.parts.data.downloads import train_link
from pages.parts.data.questions import questions, zeros_known
from pages.parts.data.settings import SET, STATIONS, Settings, current
from pages.parts.data.source import corpus_of, journey_of, text_of
from pages.parts.data.words import (
    code_lines,
    drift_labels,
    drifted,
    labels,
    length_labels,
    losses,
    observation,
    shares,
    way_of,
)
from rnn_core.cells.registry import CELLS
from rnn_core.charts.data import drift_curves, journey_scene, lengths_scene
from rnn_core.charts.scene import Scene
from rnn_core.explain.zeros import drift
from rnn_core.tasks.journey import SPREAD, Journey, embedded
from rnn_core.tasks.padding import PADDING

ZEROS_SHOWN = 40


def stages() -> None:
    """Draw the stage, which repaints alone."""
    on_stage(SET, stage, lambda: STATIONS)


def stage() -> None:
    """Draw the preparation, the transport and all that changes with them."""
    settings = current()
    prepared, corpus, t = journey_of(settings), corpus_of(settings), settings.t
    edition = edition_of(settings)
    open_questions = questions(settings, prepared) if asks(SET) else []
    above, bar = st.container(), st.container()
    said = st.container(key="data_asks" if open_questions else None).container(key="data_said")
    picture(drawing(settings, t), "journey", stamp=stamp(t), edition=edition, on_pick=_open_token)
    with said:
        line = st.container()
        asked = predict(SET, open_questions, t)
        opened = 0 <= settings.token < prepared.n and t > 0
        if opened or asked != "told":  # what is told says more than the line would
            line.markdown(way_of(prepared, settings.token) if opened else observation(settings, prepared, corpus, t))
    with bar:
        transport(SET, STATIONS, waits=asked == "asked")
    with above:
        preparation(settings, shares(settings, corpus))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("What of the corpus is lost"), anchor=False)
        scene = lengths_scene(of_length=corpus.of_length, maxlen=settings.maxlen,
                              labels=length_labels(settings, corpus))  # fmt: skip
        picture(scene, "lengths")
        st.markdown(losses(settings, corpus))
        train_link(settings)
    with right:
        zeros(settings, prepared)
    SET.keep_link()
    send_ahead({stamp(t + 1): {"journey": drawing(settings, t + 1)}} if t < STATIONS and asked != "asked" else {},
               edition)  # fmt: skip


def edition_of(settings: Settings) -> str:
    """Name all that the picture depends on beside the station."""
    prepared = journey_of(settings)
    return str(hash((id(prepared), settings.text, settings.mask, settings.token, language(), _may_show(settings))))


def _may_show(settings: Settings) -> bool:
    """Whether nothing hides the row: no question about it is open."""
    return not asks(SET) or all(guessed(question.id) for question in questions(settings, journey_of(settings)))


def drawing(settings: Settings, t: int) -> Scene:
    """Return the picture of a station."""
    prepared = journey_of(settings)
    opened = settings.token if 0 <= settings.token < prepared.n else None
    return journey_scene(
        prepared=prepared, vectors=embedded(prepared.row), station=t, text=text_of(settings),
        code=code_lines(settings), labels=labels(settings, t), scale=SPREAD, opened=opened,
    )  # fmt: skip


def zeros(settings: Settings, prepared: Journey) -> None:
    """Draw what the zeros do to the state of a fresh network."""
    st.subheader(_("What the zeros do to the state"), anchor=False)
    if not prepared.words:
        st.markdown(_("Without a word there is nothing that the zeros could move or wash out."))
        return
    if not prepared.zeros:
        st.markdown(_("This review fills its row: there are no zeros in it."))
        st.button(_("Give it {n} zeros").format(n=ZEROS_SHOWN), key="more_zeros", icon=":material/add:",
                  on_click=_lengthen, args=(prepared.n + ZEROS_SHOWN,))  # fmt: skip
        return
    cells = {cell: cell_name(cell) for cell in CELLS}
    SET.segments("cell", _("Cell"), cells, label_visibility="collapsed")
    found = drift(settings.cell, embedded(prepared.row), prepared.row == PADDING)
    if zeros_known(settings, found):
        scene = drift_curves(drift=found, cell=settings.cell, mask=settings.mask,
                             labels=drift_labels(settings.cell, found))  # fmt: skip
        picture(scene, "drift")
        if not asks(SET) or settings.mask:
            st.markdown(drifted(settings, found))


def _lengthen(maxlen: int) -> None:
    SET.change(maxlen=min(maxlen, int(SET.bounds("maxlen")[1])))


def _open_token() -> None:
    kind, _colon, token = (picked("journey") or "").partition(":")
    if kind == "token" and token.isascii() and token.isdecimal() and len(token) <= 5:
        SET.take("token", -1 if int(token) == current().token else int(token))
