"""What the measurements in Chromium share: a server, a page, and the time from a click to the repainted picture."""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, App, find_browser

# Clicks, waits until the picture carries a new stamp, then until that frame has been painted.
_CLICK = """([button, picture]) => new Promise((done, fail) => {
  const from = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    // A message posted just before a frame is painted arrives right after it.
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(performance.now() - from);
      painted.port2.postMessage(0);
    });
  });
  watch.observe(picture, { attributes: true, attributeFilter: ["data-stamp"] });
  button.click();
  setTimeout(() => fail(new Error("the picture did not change within 10 s")), 10000);
})"""


def click_to_repaint(page: Page, button: str, picture: str) -> float:
    """Click the button; return the milliseconds until the picture of this key shows its new state."""
    pair = [page.locator(button).element_handle(), page.locator(f".st-key-{picture} .picture").element_handle()]
    taken = page.evaluate(_CLICK, pair)
    # The quickest hand clicks some five times a second; what follows the picture has come by then.
    page.wait_for_timeout(150)
    return taken


@contextlib.contextmanager
def served_page(path: str, picture: str, **environment: str) -> Iterator[tuple[App, Page]]:
    """Start the app, open a page at 1280×720, wait for its picture and until the workers are ready too."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = App(Path(folder), **environment)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(f"{app.url}/{path}")
            page.locator(f".st-key-{picture} .picture[data-stamp]").wait_for(timeout=30_000)
            at_rest(app)
            yield app, page
        finally:
            browser.close()
            app.stop()


def at_rest(app: App) -> None:
    """Wait until server and workers idle: they import TensorFlow first, and a class has waited that long by then."""
    server = psutil.Process(app.process.pid)
    while True:
        before = _seconds(server)
        time.sleep(1)
        after = _seconds(server)
        if len(after) > 2 and after.keys() == before.keys() and sum(after.values()) - sum(before.values()) < 0.1:
            return


def _seconds(server: psutil.Process) -> dict[int, float]:
    """Processor time of the server and of all that it started, by process."""
    used = {}
    for process in (server, *server.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used[process.pid] = times.user + times.system
    return used


def report(what: str, milliseconds: list[float], limit: float | None = None) -> None:
    """Print median and p95, beside the limit where there is one."""
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    middle = statistics.median(ordered)
    beside = "" if limit is None else f" of {limit:.0f} ms"
    print(f"{what}: median {middle:.1f} ms, p95 {p95:.1f} ms{beside} ({len(ordered)} times)", flush=True)
