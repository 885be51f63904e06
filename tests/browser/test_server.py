"""What the web process is and is not, seen from outside: small, without TensorFlow, and gone with all it started."""

import os
import signal

import psutil
import pytest

from tests.browser.conftest import App, rested

PAGES = ("", "step_through", "shapes", "cells", "memory", "data", "word_by_word", "train")
MEGABYTE = 2**20


def test_a_visit_to_every_page_keeps_the_web_process_small_and_without_tensorflow(chromium, tmp_path) -> None:
    # A server of its own: what it weighs is what these visits weigh, whichever tests ran before.
    app = App(tmp_path)
    try:
        for lang in ("en", "zh"):
            for name in PAGES:
                page = chromium.new_page()
                page.goto(f"{app.url}/{name}?lang={lang}")
                rested(page)
                page.close()
        web = psutil.Process(app.process.pid)
        assert not [mapped.path for mapped in web.memory_maps() if "tensorflow" in mapped.path]
        assert web.memory_info().rss <= 250 * MEGABYTE, f"{web.memory_info().rss / MEGABYTE:.0f} MB"
    finally:
        app.stop()


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_on_a_fresh_server_shows_the_whole_page(chromium, tmp_path, name: str) -> None:
    app = App(tmp_path)
    try:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{app.url}/{name}?lang=zh")
        rested(page)
        assert page.get_by_test_id("stPageLink").count() >= len(PAGES)
        page.close()
    finally:
        app.stop()


@pytest.mark.faults
def test_when_the_web_process_is_killed_nothing_stays_behind(chromium, tmp_path) -> None:
    app = App(tmp_path)
    page = chromium.new_page()
    page.goto(f"{app.url}/train")
    rested(page)
    web = psutil.Process(app.process.pid)
    started = web.children(recursive=True)
    while not started:
        page.wait_for_timeout(50)
        started = web.children(recursive=True)
    page.close()
    os.kill(app.process.pid, signal.SIGKILL)
    app.process.wait(10)
    _gone, alive = psutil.wait_procs(started, timeout=10)
    assert not alive
