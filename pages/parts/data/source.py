"""What is read on the data page: the corpus, the review, and the review on its way."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.common.language import language, say, switched_from
from pages.common.settings import renew_widgets
from pages.parts.data.settings import PAGE, SET, SMALL, Settings, current, of_source
from rnn_core.errors import Told
from rnn_core.tasks import TaskError, imdb
from rnn_core.tasks.corpus import GENERATED, Corpus, Counting, generated, imdb_corpus, imdb_ready, prepare_imdb
from rnn_core.tasks.journey import Journey, journey, split

PREPARED_SECONDS = 300.0
_ASKED, _CORPUS = "_imdb_asked", "_data_corpus"


def open_source() -> None:
    """Follow the visitor's language; and where IMDB cannot be had now, say why and go on with generated reviews."""
    _follow_language()
    problem = _without_imdb() if current().source == "imdb" else None
    _offer_its_reviews()
    if problem is None:
        return
    st.info(say(problem))
    if problem == Counting("counting"):
        st.fragment(_come_when_ready, run_every=2)()


def _follow_language() -> None:
    if (before := switched_from(PAGE)) and current().source == SMALL[before]:
        SET.change(**of_source(SMALL[language()]))


def _offer_its_reviews() -> None:
    """Another corpus has other reviews: the list begins anew with them, though the number chosen may be the same."""
    before, now = st.session_state.get(_CORPUS), corpus_name(current())
    st.session_state[_CORPUS] = now
    if before not in (None, now):
        renew_widgets("review")


def _come_when_ready() -> None:
    if current().source == "imdb" and _without_imdb() != Counting("counting"):
        st.rerun()


def _without_imdb() -> Told | None:
    """Why IMDB cannot be read now; None if it can. A worker is asked to get it ready."""
    if imdb_ready():
        try:
            imdb_corpus()
            return None
        except TaskError as problem:
            return problem
    found = imdb.available()
    if not found.usable:
        return found.told
    if _ASKED not in st.session_state:
        from pages.common.worker import ask  # only who waits for IMDB waits for this import

        st.session_state[_ASKED] = ask(prepare_imdb, timeout=PREPARED_SECONDS)
    asked = st.session_state[_ASKED]
    if not asked.done():
        return Counting("counting")
    failure = asked.exception()
    return failure if isinstance(failure, TaskError) else Counting("not_counted")


def ask_anew() -> None:
    """Let IMDB be asked for again, if it could not be had before."""
    st.session_state.pop(_ASKED, None)


def corpus_of(settings: Settings) -> Corpus:
    """Return the corpus by which words are ranked."""
    name = corpus_name(settings)
    if name == "imdb":
        try:
            return imdb_corpus()
        except TaskError:  # it has gone since the page was opened
            return generated(SMALL[language()])
    return generated(name)


def corpus_name(settings: Settings) -> str:
    """Name that corpus; of a typed text it is the Chinese reviews', or IMDB's if that can be had at once."""
    if settings.source in GENERATED:
        return settings.source
    words = settings.text if settings.source == "typed" else ""
    if any("\u3400" <= character <= "\u9fff" for character in words):
        return "small_reviews_zh"
    return "imdb" if imdb_ready() else SMALL["en" if words else language()]


def is_loaded(settings: Settings) -> bool:
    """Whether the review is one of those that `load_data` loads."""
    return settings.source == "imdb" and all(corpus_of(settings) is not generated(task) for task in GENERATED)


def words_of(settings: Settings) -> tuple[str, ...]:
    """Return the words that are read."""
    corpus = corpus_of(settings)
    if settings.source == "typed":
        return tuple(split(settings.text, corpus.pattern))
    return corpus.reviews[settings.review - 1]


def text_of(settings: Settings) -> str:
    """Return the text as it is written."""
    return settings.text if settings.source == "typed" else " ".join(words_of(settings))


def journey_of(settings: Settings) -> Journey:
    """Return the review on its way. The same one is sent once for all visitors."""
    return _journey(
        corpus_of(settings), words_of(settings), settings.num_words, settings.maxlen, settings.padding,
        settings.truncating,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _journey(corpus: Corpus, words: tuple[str, ...], num_words: int, maxlen: int, padding: str, truncating: str,
             ) -> Journey:  # fmt: skip
    return journey(words, corpus.rank, num_words=num_words, maxlen=maxlen, padding=padding, truncating=truncating)  # type: ignore[arg-type]
