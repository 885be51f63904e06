"""From a click on next to the repainted pictures, article's sizes; and from the start of the app to a usable home page.

    python -m tests.bench.bench_step
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.in_browser import click_to_repaint, report, served_page
from tests.browser.conftest import FLAGS, App, find_browser


def main() -> None:
    for recipe in ("article", "small"):
        with served_page(f"step_through?recipe={recipe}", "toy") as (_app, page):
            times = [click_to_repaint(page, ".st-key-transport button.next", "toy") for _ in range(80)]
            report(f"next → repainted, 100 × 32 → 64, recipe {recipe}", times[5:], 100)
    starts = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for _ in range(5):
            with tempfile.TemporaryDirectory() as folder:
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                start = time.perf_counter()
                app = App(Path(folder))
                page.goto(app.url)
                page.locator(".st-key-way_on").wait_for()
                starts.append(1000 * (time.perf_counter() - start))
                page.close()
                app.stop()
        browser.close()
    report("start → home page usable", starts, 3000)


if __name__ == "__main__":
    main()
