"""What stands around every page: its title, the menu, the language switch, the way on.

Every page begins with `frame("its_name")` and ends with `way_on("its_name", ...)`. The menu is drawn here and not by
Streamlit, because a deep link on a fresh server goes straight to the page's file and never passes through app.py.
"""

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from pages.common.browser import element
from pages.common.glossary import glossary
from pages.common.language import LANGUAGES, _, choose_language, language, prose, settle_language
from pages.common.settings import called, renew_widgets

_STYLE = Path(__file__).with_name("frame.css")
# A file of our own: Streamlit would fetch a Material icon for the tab from the network.
_ICON = str(Path(__file__).with_name("icon.png"))
_departure = element(Path(__file__).with_name("departure.js"))


class Page(NamedTuple):
    name: str
    file: str
    menu: str
    question: str
    icon: str


def pages() -> list[Page]:
    """Return the lesson's pages in their order, in this visitor's language."""
    return [
        Page("home", "app.py", _("Home"), _("Why does a network need memory?"), ":material/home:"),
        Page("step_through", "pages/step_through.py", _("Step through"), _("What is a state?"), ":material/footprint:"),
        Page(
            "shapes",
            "pages/shapes.py",
            _("Shapes"),
            _("What does return_sequences change?"),
            ":material/deployed_code:",
        ),
        Page("cells", "pages/cells.py", _("Cells"), _("What do LSTM and GRU add?"), ":material/memory:"),
        Page("memory", "pages/memory.py", _("Memory"), _("Why does SimpleRNN forget?"), ":material/trending_down:"),
        Page("data", "pages/data.py", _("Data"), _("What does the network really see?"), ":material/dataset:"),
        Page("train", "pages/train.py", _("Train"), _("Which cell can learn the task?"), ":material/show_chart:"),
        Page(
            "word_by_word",
            "pages/word_by_word.py",
            _("Word by word"),
            _("When does it make up its mind?"),
            ":material/abc:",
        ),
    ]


def frame(name: str) -> Page:
    """Set the page up and draw what stands above it; return its entry in the menu."""
    code = settle_language(name)
    entries = pages()
    page = next(entry for entry in entries if entry.name == name)
    st.set_page_config(page_title=f"{page.question} · Unrolled", page_icon=_ICON, layout="wide")
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="menu"):
        st.markdown("**Unrolled**", width="content")
        for entry in entries:
            # The page one is on is bold, and by that the styles know it: without a server all links are disabled.
            label = f"**{entry.menu}**" if entry is page else entry.menu
            st.page_link(entry.file, label=label, disabled=entry is page, query_params={"lang": code})
        st.space("stretch")
        glossary()
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            default=code,
            required=True,
            format_func=called(LANGUAGES),
            key=f"language_{code}",
            label_visibility="collapsed",
            on_change=_switch,
            args=(f"language_{code}",),
        )
    _departure(key="departure", data={"page": name})
    # Shown by the styles alone, while the browser has no server to talk to.
    with st.container(key="server_gone"):
        st.markdown(
            _(
                "**The server does not answer.** Your settings are safe: they stand in this page's address. The page "
                "continues by itself as soon as the server is back."
            )
        )
    st.title(page.question, anchor=False)
    return page


def lesson_map() -> None:
    """Draw a card for each page of the lesson but the first."""
    st.subheader(_("The lesson"), anchor=False)
    first, *others = pages()
    for page, column in zip(others, st.columns(len(others), border=True), strict=True):
        with column:
            st.page_link(page.file, label=f"**{page.menu}**", icon=page.icon, query_params={"lang": language()})
            st.markdown(page.question)
            st.caption(prose(first.name, page.name))


def way_on(name: str, seen: str) -> None:
    """Close a page: one line on what was seen, and the pages before and after it."""
    entries = pages()
    here = next(i for i, entry in enumerate(entries) if entry.name == name)
    link = {"lang": language()}
    with st.container(key="way_on"):
        st.markdown(seen)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            if here > 0:
                before = entries[here - 1]
                st.page_link(
                    before.file,
                    label=_("{page}: {question}").format(page=before.menu, question=before.question),
                    icon=":material/arrow_back:",
                    query_params=link,
                )
            if here + 1 < len(entries):
                after = entries[here + 1]
                st.page_link(
                    after.file,
                    label=_("{page}: {question}").format(page=after.menu, question=after.question),
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    query_params=link,
                )
    # Only now that the page stands, since this import alone takes 0.4 s: the workers get ready while the visitor reads.
    from pages.common.worker import trainer

    trainer()


def _switch(key: str) -> None:
    choose_language(st.session_state.get(key))
    renew_widgets()
