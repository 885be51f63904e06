"""The one place where the nets of this folder touch what a visitor cannot see.

Links, the random visitor and whatever else asks what a page is set to go through here. Whoever moves the pages' state
changes these few lines and nothing else.
"""

from collections.abc import Iterable

import pytest
import streamlit as st

from pages.common import worker
from rnn_core.training.store import RunStore


def settings(app, page: str) -> dict[str, str]:
    """Return all that the page is set to, by the link's names, each as the link would write it."""
    return {name: written(value) for name, value in app.session_state["_link"][page]["values"].items()}


def written(value: object) -> str:
    """Return a value as links write it: switches as on and off, several words with commas, everything else plainly."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)


def parameter(key: str) -> str:
    """Return the link's parameter that a widget of this key stands for, blank if it stands for none."""
    name = key.partition("-")[0]
    special = {"task_en": "task", "task_zh": "task", "shapes_prove": "prove", "shapes_sizes_batch": "batch",
               "shapes_sizes_timesteps": "timesteps"}  # fmt: skip
    return special.get(name, "" if name.startswith("shapes_") else name)


def use_trainer(monkeypatch: pytest.MonkeyPatch, trainer: object) -> None:
    """Let the pages meet this trainer instead of one with a cluster."""
    monkeypatch.setattr(worker, "Trainer", lambda: trainer)
    st.cache_resource.clear()


class Desk:
    """A trainer that has a store and no workers: what is started stays queued."""

    def __init__(self, store: RunStore):
        from rnn_core.training.cluster import Status

        self.store, self.status = store, Status("ready", "", 2)

    def start(self, specs, owner, group=None, names=None):
        return self.store.create(specs, owner, "test", group, names)

    def wish(self, run_id, owner, wish):
        return self.store.wish(run_id, owner, wish)

    def queue_position(self, run_id):
        return self.store.queue_position(run_id)

    def ask(self, function, *args, timeout=30.0):
        from concurrent.futures import Future

        answer: Future = Future()
        answer.set_exception(RuntimeError("no worker"))
        return answer

    def close(self) -> None:
        pass
