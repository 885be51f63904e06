"""The word-by-word page's controls: which review, what is typed, which networks read it, and what is changed in it."""

from __future__ import annotations

import streamlit as st

from pages.common.language import LANGUAGES, _, language, say
from pages.common.names import cell_name, task_name
from pages.common.opened import LAST
from pages.common.predict import ask_switch
from pages.common.steps import step_to
from pages.parts.word_by_word.networks import readers_of, shown, verdicts
from pages.parts.word_by_word.settings import CHARACTERS, SET, Settings, current
from pages.parts.word_by_word.texts import TEXTS, corpus_of, names, ready, text_of
from rnn_core.models.network import NETWORKS

NOT = {"en": "not", "zh": "不"}
EDITS = 50  # so many can be taken back
_EDITS, _EDITED = "_word_edits", "_word_edited"


def controls() -> None:
    """Draw which networks read, and how."""
    settings = current()
    readers = readers_of(settings)
    if settings.run:
        for name, reader in readers.items():
            text = _("**{cell}**, trained on “{task}”")
            st.markdown(text.format(cell=cell_name(name), task=task_name(reader.architecture.task)), width="content")
        st.button(_("Back"), icon=":material/close:", on_click=leave_run, key="leave_network")
    else:
        called = {name: cell_name(name) for name in NETWORKS}
        SET.segments("cell", _("Network"), called, label_visibility="collapsed")
    with st.popover(_("Settings"), icon=":material/tune:"):
        if not settings.run:
            corpora = {"page": _("this page's")} | dict(LANGUAGES)
            SET.segments("corpus", _("language of the reviews"), corpora, then=start_over)
            SET.pills("beside", _("curves drawn beside it"), {name: cell_name(name) for name in NETWORKS})
        SET.switch("whole", _("read all of a long text, longer than any of the training"))
    ask_switch(SET)


def typing() -> None:
    """Draw the ready reviews and the line to type one into, and what there is to say about it."""
    called, here = names(), ready(current())
    choice, line = st.columns([1, 3.4], gap="small")
    with choice:
        # Another key for another choice, and for other words: it begins with what is read, however that came about.
        key = f"ready_{language()}_{here}"
        st.selectbox(
            _("Ready reviews"), list(called), list(called).index(here) if here else None, called.__getitem__, key=key,
            on_change=_take_chosen, args=(key,), placeholder=_("Ready reviews"), label_visibility="collapsed",
        )  # fmt: skip
    with line:
        SET.text(
            "text", _("A review, to be changed or replaced"), placeholder=text_of(current()), max_chars=CHARACTERS,
            then=_typed, label_visibility="collapsed",
        )  # fmt: skip
    for remark in next(iter(verdicts(current()).values())).text.remarks:
        st.caption(say(remark))


def _take_chosen(key: str) -> None:
    if (name := st.session_state.get(key)) in TEXTS:
        take(name)


def take(name: str) -> None:
    """Take a ready review; the one that is too long is cut, as it would have been in training."""
    settings = current()
    SET.change(text=TEXTS[name][corpus_of(settings)], before="", whole=name != "cut")
    step_to(SET, 0)


def start_over() -> None:
    """Other reviews, other words: begin with the first."""
    SET.change(text="", before="")
    step_to(SET, 0)


def leave_run() -> None:
    """Let the page's own networks read again."""
    SET.change(run="", epoch=LAST, corpus="page", text="", before="")
    step_to(SET, 0)


def _typed() -> None:
    SET.change(before="")
    step_to(SET, 0)


# --- Changing the text ------------------------------------------------------------------------------------------------


def editing(settings: Settings) -> None:
    """Draw what can be done to the word that was read last."""
    words = _words()
    here = settings.t - 1
    there = 0 <= here < len(words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        key = f"edit_{settings.t}_{hash(words):x}"
        st.text_input(
            _("this word"), words[here] if there else "", key=key, max_chars=40, width=170, disabled=not there,
            label_visibility="collapsed", on_change=_replace, args=(key, words, here),
        )  # fmt: skip
        negation = NOT[corpus_of(settings)]
        st.button(_("Insert “{word}” before it").format(word=negation), key="insert_not", disabled=not there,
                  on_click=_change, args=(here, 0, negation))  # fmt: skip
        last = here + 1 >= len(words)
        st.button(_("Swap with the next"), key="swap", disabled=not there or last, icon=":material/swap_horiz:",
                  on_click=_swap, args=(here,))  # fmt: skip
        st.button(_("Leave it out"), key="leave_out", disabled=not there or len(words) < 2,
                  on_click=_leave_out, args=(here,))  # fmt: skip
        st.button(_("Undo"), key="undo", disabled=not settings.before, icon=":material/undo:", on_click=_undo)


def _words() -> tuple[str, ...]:
    """The words of the text that is set."""
    settings = current()
    return verdicts(settings)[shown(settings)].text.words


def _replace(key: str, words: tuple[str, ...], here: int) -> None:
    """Take what was typed in the place of a word.

    A browser in a hurry repeats what the field of another word or of another text says, and Streamlit takes that for
    something new. See `pages.common.settings`.
    """
    word = str(st.session_state.get(key, "")).strip()[:40]
    if words != _words() or word == words[here]:
        return
    if word:
        _change(here, 1, word)
    else:
        _leave_out(here)  # an emptied field


def _swap(here: int) -> None:
    words = _words()
    if here + 1 < len(words):
        _change(here, 2, words[here + 1], words[here])


def _leave_out(here: int) -> None:
    if len(_words()) > 1:
        _change(here, 1)


def _change(here: int, old: int, *new: str) -> None:
    """Put new words in the place of some old ones, from word `here` on."""
    words = list(_words())
    if not 0 <= here < len(words):
        return
    words[here : here + old] = new
    settings = current()
    # What stood before the edits that went before: they can be taken back one by one.
    st.session_state[_EDITS] = [*_edits(settings), settings.before][-EDITS:]
    SET.change(text=" ".join(words)[:CHARACTERS], before=text_of(settings))
    st.session_state[_EDITED] = current().text


def _undo() -> None:
    settings = current()
    if not settings.before:  # a second click may come before the button is drawn anew
        return
    earlier = _edits(settings)
    SET.change(text=settings.before, before=earlier.pop() if earlier else "")
    st.session_state[_EDITS], st.session_state[_EDITED] = earlier, settings.before


def _edits(settings: Settings) -> list[str]:
    """The texts that were there before; none if the one that stands there is not the last edit."""
    return list(st.session_state.get(_EDITS, ())) if settings.text == st.session_state.get(_EDITED) else []
