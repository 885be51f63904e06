"""What the data page gives away: the code for its settings; and the way to a training with them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.downloads import take_away, worded
from pages.common.language import _, language
from pages.parts.data.settings import PAGE, SET, Settings
from pages.parts.data.source import corpus_of, is_imdb, journey_of, text_of
from rnn_core.export import as_notebook, as_script
from rnn_core.export import data as export


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
    prepared, imdb = journey_of(settings), settings.source == "imdb"
    return export.Given(
        prepared=prepared, mask=settings.mask, text=text_of(settings), commas=not is_imdb(settings),
        imdb_review=settings.review - 1 if imdb else None, imdb_reviews=corpus_of(settings).size if imdb else 0,
    )  # fmt: skip


def train_link(settings: Settings) -> None:
    """Draw the link to a training on reviews that are prepared like this."""
    task = "imdb_quick" if settings.source == "imdb" else "small_reviews"
    query = {
        "lang": language(), "task": task, "length": str(settings.maxlen), "padding": settings.padding,
        "truncating": settings.truncating, "mask": "on" if settings.mask else "off",
    }  # fmt: skip
    st.page_link("pages/train.py", label=_("Train on reviews prepared like this"), icon=":material/show_chart:",
                 query_params=query)  # fmt: skip
