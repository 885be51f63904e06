"""Pages run in Streamlit's own AppTest, each from the home page as a visitor would get there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.common.language import catalogue

APP = Path(__file__).parents[2] / "app.py"


def go_to(app: AppTest, t: int) -> AppTest:
    """Step to a timestep. AppTest cannot press the transport's buttons; what a browser may ask is in test_transport."""
    app.session_state["t"] = t
    return app.run()


def turn_to(app: AppTest, tab: str, lang: str = "en") -> AppTest:
    """Open one of the tabs below the cells' picture; the others are not drawn."""
    app.session_state["further"] = catalogue(lang).get(tab, tab)
    return app.run()


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
