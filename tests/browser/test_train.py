"""The third job in a real browser, in each language: a training is launched, lives, ends, and outlives a restart."""

import os
import re
import signal

import pytest
from playwright.sync_api import Page, expect

from rnn_core.training.store import RunStore
from tests.browser.conftest import App, rested

MINUTES = 180_000
DONE = {"en": "done", "zh": "完成"}
QUICK = "train?samples=600&epochs=2&length=10&units=8"


def launched(page: Page) -> None:
    button = page.locator(".st-key-train_start button")
    expect(button).to_be_enabled()
    button.click()
    expect(page.locator(".st-key-train_stop button")).to_be_enabled(timeout=MINUTES)


def ended(page: Page) -> None:
    expect(page.locator(".st-key-train_stop button")).to_be_disabled(timeout=MINUTES)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def runs_of(app: App) -> RunStore:
    return RunStore(url=app.store_url)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_three_cells_train_side_by_side_in_one_chart(visit, app: App, lang: str) -> None:
    page = visit(QUICK, lang)
    launched(page)
    ended(page)
    rested(page)
    expect(page.get_by_text(re.compile(DONE[lang])).first).to_be_visible()
    newest = runs_of(app).runs()[-3:]
    assert {run.spec.cell for run in newest} == {"simple_rnn", "lstm", "gru"}
    assert [run.state for run in newest] == ["done"] * 3
    for run in newest:
        assert len(runs_of(app).curves(run.id).epoch) == 2


def test_stop_ends_a_training(visit, app: App) -> None:
    page = visit("train?cells=lstm&epochs=50")
    launched(page)
    page.locator(".st-key-train_stop button").click()
    ended(page)
    assert runs_of(app).runs()[-1].state == "stopped"


@pytest.mark.skipif(not os.environ.get("RNN_IMDB_DIR"), reason="RNN_IMDB_DIR is not set; make test says so first")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_training_on_real_reviews(visit, app: App, lang: str) -> None:
    page = visit("train?task=imdb_quick&samples=300&epochs=1&length=60&units=8&cells=gru", lang)
    launched(page)
    ended(page)
    run = runs_of(app).runs()[-1]
    assert (run.spec.task, run.state) == ("imdb", "done")


def choose(page: Page, task: str) -> None:
    page.locator(".st-key-train_controls [data-testid=stSelectbox] input").click()
    page.get_by_role("option", name=task, exact=True).click()
    rested(page)


def test_a_task_sets_its_defaults_after_the_settings_were_opened(visit) -> None:
    """Widgets in a popover that was opened and closed keep nothing of the task before."""
    page = visit("train?seeds=3")
    choose(page, "Adding")
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("epochs: times through all sequences")).to_have_value("8")
    page.keyboard.press("Escape")
    expect(page.get_by_label("epochs: times through all sequences")).to_have_count(0)
    for task, epochs, length in (("Small reviews", "5", "23"), ("IMDB, quick", "5", "100"), ("Adding", "8", "30")):
        choose(page, task)
        page.get_by_role("button", name="bag of words").first.click()
        rested(page)
        assert not set(re.findall(r"[?&](\w+)=", page.url)) - {"lang", "task", "cells"}, page.url
        page.get_by_role("button", name="Settings").click()
        expect(page.get_by_label("epochs: times through all sequences")).to_have_value(epochs)
        # For a moment the number of the task before may stand beside the new one.
        expect(page.get_by_label(re.compile("^length: "))).to_have_count(1)
        expect(page.get_by_label(re.compile("^length: "))).to_have_value(length)
        expect(page.get_by_role("spinbutton", name="how many seeds")).to_have_value("1")
        page.keyboard.press("Escape")
        expect(page.get_by_role("spinbutton", name="how many seeds")).to_have_count(0)


def test_a_second_tab_shows_the_live_run_and_its_address_says_so(visit, app: App) -> None:
    page = visit("train?cells=lstm&epochs=50")
    launched(page)
    second = visit("train")
    expect(second).to_have_url(re.compile(f"[?&]run={runs_of(app).runs()[-1].group_id}"))
    expect(second.locator(".st-key-train_stop button")).to_be_enabled()
    second.locator(".st-key-train_stop button").click()
    ended(page)


def test_what_is_shown_out_of_the_ledger_comes_into_view(visit) -> None:
    page = visit(f"{QUICK}&cells=lstm")
    launched(page)
    ended(page)
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": 52})  # the first row's mark
    page.get_by_role("button", name="Show in the chart").click()
    expect(page.locator(".st-key-train_stage .runs")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".st-key-train_read a")).to_have_count(1)


WHERE_THEY_STOOD = """() => {
    window.stood = new Set();
    const look = () => {
        const places = [".st-key-train_stage .runs", "[data-testid=stVegaLiteChart]"];
        const top = (place) => document.querySelector(place)?.getBoundingClientRect().top;
        window.stood.add(JSON.stringify(places.map(top)));
        requestAnimationFrame(look);
    };
    return document.fonts.ready.then(look);  // a font that comes late moves what stands below its words
}"""


def test_nothing_jumps_while_it_trains(visit) -> None:
    """Cards and charts stand where they stood before, in every frame."""
    page = visit(f"{QUICK}&cells=lstm,gru")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    page.evaluate(WHERE_THEY_STOOD)
    launched(page)
    ended(page)
    expect(page.locator(".st-key-train_read a")).to_have_count(2, timeout=MINUTES)
    rested(page)
    stood = page.evaluate("[...window.stood]")
    assert len(stood) == 1, stood


@pytest.mark.faults
def test_a_run_that_lost_its_server_says_at_which_epoch(chromium, tmp_path) -> None:
    first = App(tmp_path)
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{first.url}/train?cells=gru&epochs=60&samples=1000&units=8&length=10&lang=en")
    rested(page)
    launched(page)
    expect(page.get_by_text(re.compile(r"epoch [3-9] of 60")).first).to_be_visible(timeout=MINUTES)
    link = page.url
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait(10)
    again = App(tmp_path)
    try:
        page.goto(link.replace(first.url, again.url))
        rested(page)
        expect(page.get_by_text(re.compile(r"interrupted", re.IGNORECASE)).first).to_be_visible(timeout=MINUTES)
        page.close()
        assert runs_of(again).runs()[-1].state == "interrupted"
    finally:
        again.stop()
