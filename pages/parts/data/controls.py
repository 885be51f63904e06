"""The data page's controls: which review; and, on the stage, how it is numbered, padded and cut."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.common.language import _
from pages.common.names import task_name
from pages.common.predict import ask_switch
from pages.common.steps import halt
from pages.elements.slider import slider
from pages.parts.data.settings import SET, SOURCES, Settings, current, of_source
from pages.parts.data.source import ask_anew, corpus_of


def controls() -> None:
    """Draw what is read."""
    corpora = {source: task_name(source) for source in SOURCES if source != "typed"}
    names = corpora | {"typed": _("Your own text")}
    SET.segments("source", _("Reviews"), names, then=begin, label_visibility="collapsed")
    settings = current()
    if settings.source == "typed":
        SET.text("text", _("Your text"), then=other_text, placeholder=_("Type a review and press Enter"),
                 label_visibility="collapsed", width=480)  # fmt: skip
    else:
        reviews = corpus_of(settings).reviews
        names_of = {
            n: " · ".join((str(n), _("{n} tokens").format(n=len(words) + 1), " ".join(words[:14])))
            for n, words in enumerate(reviews, 1)
        }
        SET.select("review", _("Which review"), names_of, then=other_text, label_visibility="collapsed", width=380)
    ask_switch(SET)


def begin() -> None:
    """Another source has other lengths and other words."""
    ask_anew()
    SET.change(**of_source(current().source), t=0)
    halt()


def other_text() -> None:
    """Another text has other tokens."""
    SET.change(token=-1)
    halt()


def preparation(settings: Settings, notes: Mapping[str, str]) -> None:
    """Draw how it is prepared, on the stage itself, so that all follows while a slider is dragged.

    Args:
        settings: what is set.
        notes: what stands below the sliders, by their names.
    """
    maxlen, num_words = SOURCES[settings.source]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="data_preparation"):
        slider(SET, "maxlen", "maxlen", step=maxlen.step, digits=0, note=notes["maxlen"])
        slider(SET, "num_words", "num_words", step=num_words.step, digits=0, note=notes["num_words"])
        SET.segments("padding", "padding", {"pre": 'padding="pre"', "post": '"post"'}, label_visibility="collapsed")
        SET.segments("truncating", "truncating", {"pre": 'truncating="pre"', "post": '"post"'},
                     label_visibility="collapsed")  # fmt: skip
        SET.switch("mask", "mask_zero")
