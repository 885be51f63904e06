"""The verdict's curves above the words, the reasons below them, and all that repaints while they are read."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common.language import _, language, prose, say
from pages.common.names import cell_name
from pages.common.opened import LAST, in_words
from pages.common.reviews import row_of
from pages.common.steps import stamp, step_to
from pages.common.trace_labels import trace_labels
from pages.elements.lapse import lapse
from pages.elements.picture import picked, picture, send_ahead
from pages.elements.transport import on_stage, transport
from pages.parts.word_by_word.controls import editing, typing
from pages.parts.word_by_word.networks import Verdict, left_of, readers_of, salient, shown, verdicts, without_each
from pages.parts.word_by_word.questions import asked_now, question
from pages.parts.word_by_word.settings import PAGE, SET, Settings, current
from pages.parts.word_by_word.texts import corpus_of, text_of
from pages.parts.word_by_word.twin import twin_on_request
from pages.parts.word_by_word.words import (
    after_the_edit,
    at_the_end,
    labels,
    left_labels,
    length_says,
    observation,
    reason_labels,
    telling,
    what_is_left,
)
from rnn_core.charts import gates
from rnn_core.charts.scene import Scene
from rnn_core.charts.words import beside, carried, left_behind
from rnn_core.charts.words import verdict as curves
from rnn_core.models.network import NETWORKS

# Leaving out each word in turn costs as much as the square of their number: of more words only on request.
AT_ONCE = 60
_ASKED = "_left_out_of"
CELLS_SHOW = 100  # timesteps


def stages() -> None:
    """Draw the stage, which repaints alone."""
    around = current().cell
    on_stage(SET, lambda: stage(around), lambda: len(_here(current()).text.words))


def stage(around: str) -> None:
    """Draw the curves, the transport, and all that changes with the word that was read last.

    Args:
        around: which network the control above the stage shows.
    """
    settings = current()
    if settings.cell != around:
        st.rerun()  # it was chosen on the stage: the control above it follows
    verdict, t, asked = _here(settings), settings.t, asked_now(settings)
    last, edition = len(verdict.text.words), edition_of(settings)
    typing()
    bar = st.container()
    drawing, aside = st.columns([1.87, 1], gap="medium")
    shown_at: dict[str, Any] = {"stamp": stamp(t), "edition": edition}
    with drawing:
        picture(drawings(settings, t)["verdict"], "verdict", on_pick=_pick, **shown_at)
        editing(settings)
    with aside:
        question(settings)
        if not asked:
            st.markdown(observation(verdict, t))
            if t == last and verdict.is_read:
                st.markdown(at_the_end(verdicts(settings)))
            if settings.before and (edited := verdicts(settings, settings.before)):
                st.markdown(after_the_edit(edited, verdicts(settings)))
            if cut := length_says(verdict):
                st.markdown(cut)
                st.button(_("Read all of it"), key="read_all", on_click=SET.change, kwargs={"whole": True})
    with bar:
        transport(SET, last, waits=asked)
        _epochs(settings, waits=asked)
    if not asked:
        still_there(settings, t, edition)
        reasons(settings, verdict, t, shown_at)
        twin_on_request()
    SET.keep_link()
    send_ahead({stamp(t + 1): drawings(settings, t + 1)} if t < last and not asked else {}, edition)


def still_there(settings: Settings, t: int, edition: str) -> None:
    """Draw what is left of one word as the networks read on: of the one read last, at the end of one that decides."""
    found = verdicts(settings)
    words = found[shown(settings)].text.words
    if not words:
        return
    word = t - 1 if 0 < t < len(words) else telling(found[shown(settings)])
    numbers = {name: left_of(verdict, word) for name, verdict in found.items() if name in _drawn(settings)}
    left = {name: array for name, array in numbers.items() if array is not None}
    if not left:
        return
    st.subheader(_("How long does one word count?"), anchor=False)
    # The sentence has room for its longest words, so that nothing below moves with it.
    drawing, aside = st.container(key="word_left").columns([1.87, 1], gap="medium")
    with drawing:
        scene = left_behind(left=left, words=words, word=word, labels=left_labels(words[word]),
                            unknown=found[shown(settings)].text.unknown, cut=found[shown(settings)].cut)  # fmt: skip
        picture(scene, "left", on_pick=_pick_left, stamp=stamp(t), edition=edition)
    with aside:
        st.markdown(what_is_left(found, left, words[word]))
        st.caption(prose(PAGE, "left"))


def reasons(settings: Settings, verdict: Verdict, t: int, shown_at: dict[str, Any]) -> None:
    """Draw what each word did, measured in three ways, and how the gates stood."""
    st.subheader(_("What did each word do?"), anchor=False)
    drawing, aside = st.columns([1.87, 1], gap="medium")
    with drawing:
        picture(_beside(verdict, t), "beside", on_pick=_pick_reason, **shown_at)
    with aside:
        if not _is_measured(verdict):
            st.button(_("Measure: leave out each word in turn"), key="measure", on_click=_measure, args=(verdict,))
        st.caption(prose(PAGE, "reasons"))
    if verdict.reading.trace is not None:
        st.subheader(_("What stood in the state and the gates"), anchor=False)
        picture(_gates(verdict, t), "gates", **shown_at)
        _on_cells(settings, verdict, t)


def drawings(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the pictures of a word, by their keys."""
    found, here = verdicts(settings), shown(settings)
    words = found[here].text.words
    chosen = {name: verdict for name, verdict in found.items() if name in _drawn(settings)}
    before = verdicts(settings, settings.before) if settings.before else {}
    return {
        "verdict": curves(
            readings={name: verdict.probabilities for name, verdict in chosen.items()}, words=words,
            steps=found[here].steps.tolist(), here=here, at=t, labels=labels(found[here]),
            before={name: carried(before[name].probabilities, before[name].text.words, words)
                    for name in chosen if name in before},
            hidden=NETWORKS if asked_now(settings) else (), unknown=found[here].text.unknown, cut=found[here].cut,
        )
    }  # fmt: skip


def edition_of(settings: Settings) -> str:
    """Name all that the pictures depend on beside the word."""
    keys = tuple(reader.key for reader in readers_of(settings).values())
    verdict = _here(settings)
    return str(hash((keys, verdict.text.words, settings.before, settings.beside, settings.cell, settings.whole,
                     language(), asked_now(settings), _is_measured(verdict))))  # fmt: skip


def _drawn(settings: Settings) -> set[str]:
    """The networks whose curves are drawn."""
    return {*settings.beside, shown(settings)}


def _here(settings: Settings) -> Verdict:
    return verdicts(settings)[shown(settings)]


def _beside(verdict: Verdict, t: int) -> Scene:
    left_out = verdict.by_word(without_each(verdict)) if _is_measured(verdict) else None
    return beside(
        step=verdict.steps, saliency=verdict.by_word(salient(verdict).signed), left_out=left_out,
        words=verdict.text.words, at=t, labels=reason_labels(), unknown=verdict.text.unknown, cut=verdict.cut,
    )  # fmt: skip


def _is_measured(verdict: Verdict) -> bool:
    few = len(verdict.row) <= AT_ONCE
    return few or st.session_state.get(_ASKED) == (verdict.reader.key, verdict.text.words)


def _measure(verdict: Verdict) -> None:
    st.session_state[_ASKED] = (verdict.reader.key, verdict.text.words)


def _gates(verdict: Verdict, t: int) -> Scene:
    """The trace, each timestep above the token that was read at it."""
    trace = verdict.reading.trace
    assert trace is not None
    words = [verdict.text.words[word] if word >= 0 else "·" for word in verdict.read]
    read = next((i + 1 for i, word in enumerate(verdict.read) if word == t - 1), 0)
    at = max(read, next((i for i, word in enumerate(verdict.read) if word >= 0), len(words)))
    return gates.strip(trace=trace, t=at, labels=trace_labels(trace, at), words=words)


def _on_cells(settings: Settings, verdict: Verdict, t: int) -> None:
    """Draw the link that opens the word that was read last on the cells page, which shows the end of a long text."""
    read = row_of(verdict.reader, text_of(settings), whole=True).read
    at = read.index(t - 1) + 1 - max(0, len(read) - CELLS_SHOW) if t - 1 in read and t else 0
    if at < 1:
        return
    of = {"run": settings.run} if settings.run else {"corpus": corpus_of(settings)}
    of |= {} if settings.epoch == LAST else {"epoch": str(settings.epoch)}  # the numbers are those of the curve
    query = {"lang": language(), "cell": verdict.reader.architecture.cell, "review": text_of(settings), "t": str(at)}
    label = _("Open this word in the cell, with every number")
    st.page_link("pages/cells.py", label=label, icon=":material/memory:", query_params=query | of)


def _epochs(settings: Settings, *, waits: bool) -> None:
    """Draw the slider over the epochs of the network, or say why there is none."""
    reader = readers_of(settings)[shown(settings)]
    if reader.lapse.why is not None:
        st.caption(say(reader.lapse.why))
        return
    # Each network has its own: the note says whose.
    name = cell_name(reader.architecture.cell)
    notes = {epoch: f"{name} {said}" for epoch, said in in_words(reader.lapse.measured, "binary").items()}
    lapse(SET, reader.lapse.epochs, notes=notes, unfinished=reader.lapse.unfinished, waits=waits)


def _pick() -> None:
    _go_to(picked("verdict"))


def _pick_reason() -> None:
    _go_to(picked("beside"))


def _pick_left() -> None:
    _go_to(picked("left"))


def _go_to(pick: str | None) -> None:
    kind, _colon, which = (pick or "").partition(":")
    if kind == "word" and which.isascii() and which.isdigit():
        step_to(SET, int(which[:4]) + 1)
    if kind == "network" and which in NETWORKS and not current().run:
        SET.change(cell=which)
