"""Pages run in Streamlit's own AppTest, each from the home page as a visitor would get there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


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
