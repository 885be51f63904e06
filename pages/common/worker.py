"""The one trainer of this web process: it carries trainings to the workers, and short questions to Keras."""

import atexit
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st

from rnn_core.training.store import RunStore
from rnn_core.training.web.cluster import Trainer


@st.cache_resource(show_spinner=False)
def run_store() -> RunStore:
    """Return where the runs are kept; who only reads them needs no workers, and starts none."""
    return RunStore()


@st.cache_resource(show_spinner=False)
def trainer() -> Trainer:
    """Return the trainer; the first page of the first visitor starts it, in the background."""
    made = Trainer(run_store())
    atexit.register(made.close)
    return made


def ask(function: Callable[..., Any], *args: Any, timeout: float = 30.0) -> Future:
    """Let a worker, which has Keras, compute `function(*args)`; answers are kept, so that a question costs once."""
    return trainer().ask(function, *args, timeout=timeout)
