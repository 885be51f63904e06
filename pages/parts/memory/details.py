"""What stands below the picture: what each cell has really learnt, and what the words and signs mean."""

import streamlit as st

from pages.common.language import _, prose
from pages.parts.memory.settings import PAGE


def details() -> None:
    """Draw what explains and what proves."""
    with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
        st.markdown(prose(PAGE, "explanation"))
