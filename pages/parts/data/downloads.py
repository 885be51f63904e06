"""What the data page gives away: the code for its settings; and the way to a training with them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.downloads import take_away, worded
from pages.common.language import _, language
from pages.parts.data.settings import PAGE, SET, Settings
from pages.parts.data.source import corpus_name, corpus_of, is_loaded, journey_of, text_of, words_of
from pages.parts.data.words import not_carried
from rnn_core.export import as_notebook, as_script
from rnn_core.export import data as export
from rnn_core.tasks.journey import chinese


def downloads() -> None:
    """Draw the downloads; what they hold is made at the click, of what is on the screen then."""
    live = SET.live()
    words = worded(export.DataWords)

    def code() -> list:
        return export.data_code(given(live()), words=words)

    files: dict[str, Callable[[], str | bytes]] = {
        "py": lambda: as_script(code()), "ipynb": lambda: as_notebook(code()),
    }  # fmt: skip
    take_away(PAGE, files, "take")


def given(settings: Settings) -> export.Given:
    """Return what the code is made of."""
    prepared, imdb = journey_of(settings), is_loaded(settings)
    return export.Given(
        prepared=prepared, mask=settings.mask, text=text_of(settings), pattern=_pattern(settings),
        imdb_review=settings.review - 1 if imdb else None, imdb_reviews=corpus_of(settings).size if imdb else 0,
    )  # fmt: skip


def _pattern(settings: Settings) -> str:
    """What a word is; of Chinese words those of the text alone, which gives the same."""
    corpus = corpus_of(settings)
    if corpus_name(settings) != "small_reviews_zh":
        return corpus.pattern
    return chinese(sorted({word for word in words_of(settings) if word in corpus.rank}))


def train_link(settings: Settings) -> None:
    """Draw the link to a training on reviews that are prepared like this."""
    name = corpus_name(settings)
    task = "imdb_quick" if name == "imdb" else name
    query = {
        "lang": language(), "task": task, "length": str(settings.maxlen), "padding": settings.padding,
        "truncating": settings.truncating, "mask": "on" if settings.mask else "off",
    }  # fmt: skip
    st.page_link("pages/train.py", label=_("Train on reviews prepared like this"), icon=":material/show_chart:",
                 query_params=query)  # fmt: skip
    st.caption(not_carried(name))
