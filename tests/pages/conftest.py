"""Pages run in Streamlit's own AppTest, each from the home page as a visitor would get there."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.common import worker
from pages.common.language import catalogue
from rnn_core import tasks
from rnn_core.training.spec import check_budget
from rnn_core.training.store import RunStore
from rnn_core.training.web.cluster import UNREACHABLE, Status, TrainerError

APP = Path(__file__).parents[2] / "app.py"


class Deskbound:
    """A trainer without a cluster: it queues, and nobody comes to fetch."""

    def __init__(self, store: RunStore):
        self.store = store
        self.status = Status("ready", 2)

    def start(self, specs, owner, group=None, names=None):
        if self.status == UNREACHABLE:
            raise TrainerError("trainer_unreachable")
        for spec in specs:
            check_budget(spec.check())
            tasks.check(spec.data)
        return self.store.create(specs, owner, "test", group, names)

    def wish(self, run_id, owner, wish):
        return self.store.wish(run_id, owner, wish)

    def ask(self, function, *args, timeout=30.0):
        answer: Future = Future()
        answer.set_exception(RuntimeError("no worker"))
        return answer

    def close(self):
        pass


@pytest.fixture
def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deskbound]:
    """The trainer of all pages, with an empty store of its own."""
    made = Deskbound(RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}"))
    monkeypatch.setattr(worker, "RunStore", lambda: made.store)
    monkeypatch.setattr(worker, "Trainer", lambda store: made)
    st.cache_resource.clear()
    yield made
    st.cache_resource.clear()


def settings(app: AppTest) -> Any:
    """Return what is set on the page that the visitor is on."""
    return app.session_state[f"_settings_{app.session_state['_page']}"].settings


def go_to(app: AppTest, t: int) -> AppTest:
    """Step to a timestep. AppTest cannot press the transport's buttons; what a browser may ask is in test_transport."""
    held = app.session_state[f"_settings_{app.session_state['_page']}"]
    held.settings = replace(held.settings, t=t)
    return app.run()


def turn_to(app: AppTest, tab: str, lang: str = "en") -> AppTest:
    """Open one of the tabs below the cells' picture; the others are not drawn."""
    app.session_state["further"] = catalogue(lang).gettext(tab)
    return app.run()


def widget(app: AppTest, kind: str, name: str) -> Any:
    """Return the widget of this kind that shows a setting; its key ends in an edition."""
    return next(w for w in getattr(app, kind) if w.key and w.key.rpartition("-")[0] == name)


def elements(app: AppTest, key: str) -> list[dict]:
    """Return what was sent to our own elements whose key begins so."""
    found = ((node.proto.id.split("-", 2)[2], node.proto.json) for node in app.get("bidi_component"))
    return [json.loads(data) for name, data in found if name.startswith(key)]


def link(app: AppTest) -> dict[str, str]:
    """Return the link as the page writes it, without the language."""
    texts = elements(app, "link")[0]["texts"]
    return {name: text for name, text in texts.items() if text is not None and name != "lang"}


def shown(app: AppTest) -> str:
    """Return all text on the page."""
    return "\n".join(
        element.value
        for kind in ("title", "markdown", "caption", "info", "warning", "error", "success", "subheader")
        for element in getattr(app, kind)
    )


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Return a function that opens a page in a language, with a link's parameters."""

    def open_it(page: str, lang: str = "en", **link: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=30)
        app.query_params["lang"] = lang
        if page != "home":
            app.switch_page(f"pages/{page}.py")
        for name, value in link.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, [e.value for e in app.exception]
        return app

    return open_it
