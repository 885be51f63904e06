"""What a page gives away: one button for each kind of file, with the same name and picture on every page."""

from collections.abc import Callable

import streamlit as st

from pages.common.language import _
from rnn_core.errors import Told


def take_away(name: str, files: dict[str, Callable[[], str | bytes]], key: str) -> None:
    """Draw a button that opens to one for each kind of file."""
    with st.popover(_("Download"), icon=":material/download:"):
        for suffix, write in files.items():
            download(suffix, name, write, key)


def worded(kind: type[Told]) -> dict[str, str]:
    """Return the sentences that stand between the pieces of code, by code, in this visitor's language."""
    return {code: _(kind(code).sentence) for code in kind.SENTENCES}


def download(suffix: str, name: str, write: Callable[[], str | bytes], key: str) -> None:
    """Draw the button for a file `name.suffix`. `write` makes it when it is clicked, outside the page's run."""
    label, kind, icon = {
        "py": ("Python", "text/x-python", "code"),
        "ipynb": ("Jupyter", "application/x-ipynb+json", "menu_book"),
        "csv": (_("Table (CSV)"), "text/csv", "table"),
        "json": ("JSON", "application/json", "data_object"),
        "keras": (_("Model (.keras)"), "application/octet-stream", "model_training"),
    }[suffix]
    st.download_button(
        label, write, f"{name}.{suffix}", kind, key=f"{key}_{suffix}", icon=f":material/{icon}:", on_click="ignore"
    )
