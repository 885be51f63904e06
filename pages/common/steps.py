"""Where the timestep changes: the transport, an answer and a rewind all come through here."""

import streamlit as st

from pages.common.settings import Owner

_HALTED = "_halted"


def step_to(owner: Owner, t: int) -> None:
    """Go to a timestep; a film that runs stops there."""
    owner.change(t=t)
    halt()


def halt() -> None:
    """Stop the film, if one runs: there is something to read, or other numbers to look at."""
    st.session_state[_HALTED] = halts() + 1


def halts() -> int:
    """Return how often a film has been stopped: the browser's film stops when the number grows."""
    return st.session_state.get(_HALTED, 0)


def stamp(t: int) -> str:
    """Name a timestep, as the transport asks for it in the browser."""
    return f"t={t}"
