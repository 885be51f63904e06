"""A real server and a real Chromium. Without a browser these tests are left out, and `make test` says so first."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.left_out import browser as find_browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]
ROOT = Path(__file__).parents[2]
expect.set_options(timeout=20_000)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if find_browser() is None and collection_path.name.startswith("test_") else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen) -> None:
    """Wait until the server answers; a server that died is told at once."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            # Refused until it listens; the process' end or the test's own time limit ends this loop.
            pass
    raise RuntimeError(f"the server ended with code {process.returncode}")


class App:
    """A running app: its address, its process and where it keeps its runs."""

    def __init__(self, folder: Path, **environment: str):
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        clean = {k: v for k, v in os.environ.items() if k != "RNN_SCHEDULER"}
        self.store_url = f"sqlite:///{folder / 'runs.sqlite'}"
        # Two workers are ready sooner than three.
        settings = {"RNN_STORE_URL": self.store_url, "RNN_RUNS_DIR": str(folder / "runs"), "RNN_WORKERS": "2"}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "localhost"]
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(
            [*command, "--server.port", str(self.port)],
            cwd=ROOT,
            env={**clean, **settings, **environment},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        wait_for(f"{self.url}/_stcore/health", self.process)

    def stop(self) -> None:
        """End the server as Ctrl-C or a container would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.log.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    running = App(tmp_path_factory.mktemp("app"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(app: App, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page as a new visitor at 1280×720; in the end nothing may have gone wrong."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    opened: list[Page] = []
    errors: list[str] = []

    def open_it(path: str = "", lang: str = "en") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append(page)
        page.goto(f"{app.url}/{path}{'&' if '?' in path else '?'}lang={lang}")
        rested(page)
        return page

    yield open_it
    for page in opened:
        expect(page.get_by_test_id("stException")).to_have_count(0)
    context.close()
    assert not errors


def rested(page: Page) -> None:
    """Wait until the page stands there whole, down to the link to the next one, and its script has run to its end."""
    expect(page.locator(".st-key-way_on")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def settled(page: Page) -> None:
    """Wait for our style sheet and the fonts: on a busy machine either may come after the page, and moves it."""
    expect(page.get_by_test_id("stMainBlockContainer")).to_have_css("max-width", "1360px")
    page.evaluate("document.fonts.ready.then(() => null)")


def stamp(page: Page, picture: str, value: str | re.Pattern[str]) -> None:
    """Wait until the picture of this key shows the state of this stamp."""
    expect(page.locator(f".st-key-{picture} .picture")).to_have_attribute("data-stamp", value)


def overheard(page: Page) -> list[BackMsg]:
    """Load the page again; return the list that from now on grows by whatever it asks of the server."""
    asked: list[BackMsg] = []

    def hear(frame: bytes) -> None:
        asked.append(BackMsg.FromString(frame))

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    page.reload()
    return asked
