"""Training in time-lapse in a real browser: the film, the slider that is dragged, and the transport beside it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import stamp

TRAINED = "cells?network=trained&ask=off"


def shown(page: Page) -> Locator:
    """The name of the epoch that is shown, without the room that is kept for the others."""
    return page.locator(".st-key-lapse output > span:last-child")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_film_shows_every_kept_epoch_and_stops_at_the_last(visit, lang: str) -> None:
    page = visit(TRAINED, lang)
    last = {"en": "epoch 30 of 30", "zh": "第 30 轮，共 30 轮"}[lang]
    expect(shown(page)).to_contain_text(last)
    shown(page).evaluate("""(output) => {
      globalThis.seen = [];
      new MutationObserver(() => seen.push(output.firstChild.textContent)).observe(output, { childList: true });
    }""")
    play = page.locator(".st-key-lapse button")
    play.click()
    pause = {"en": "Pause", "zh": "暂停"}[lang]
    expect(play).to_have_attribute("title", pause)
    expect(play).not_to_have_attribute("title", pause)
    expect(shown(page)).to_contain_text(last)
    seen = list(dict.fromkeys(page.evaluate("seen")))
    assert len(seen) == 12
    assert "epoch=" not in page.url


def test_while_it_is_dragged_the_picture_follows_and_the_newest_wish_wins(visit) -> None:
    page = visit(TRAINED)
    diagram = page.locator(".st-key-diagram .picture")
    before = diagram.inner_text()
    slider = page.get_by_role("slider", name="Epoch", exact=True)
    slider.evaluate("""(slider) => {
      for (let at = 11; at >= 0; at--) {
        slider.value = at;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(shown(page)).to_contain_text("before the first epoch")
    expect(page.get_by_text("Before the first epoch", exact=False).first).to_be_visible()
    expect(page).to_have_url(re.compile("epoch=0"))
    expect(diagram).not_to_have_text(before)
    expect(slider).to_have_value("0")


def test_the_epochs_and_the_timesteps_do_not_take_each_others_keys(visit) -> None:
    page = visit(TRAINED + "&epoch=4&t=5")
    stamp(page, "diagram", "t=5")
    page.get_by_role("slider", name="Epoch", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("epoch=5"))
    stamp(page, "diagram", "t=5")
    page.get_by_role("heading", name="What do LSTM and GRU add?").click()
    page.keyboard.press("ArrowRight")
    stamp(page, "diagram", "t=6")
    expect(shown(page)).to_contain_text("epoch 5 of 30")


def test_of_two_films_the_one_that_begins_ends_the_other(visit) -> None:
    page = visit(TRAINED + "&epoch=0&t=0")
    lapse, transport = page.locator(".st-key-lapse button"), page.locator(".st-key-transport button.play")
    lapse.click()
    expect(lapse).to_have_attribute("title", "Pause")
    transport.click()
    expect(transport).to_have_attribute("title", "Pause")
    expect(lapse).to_have_attribute("title", "Watch it learn")
    lapse.click()
    expect(lapse).to_have_attribute("title", "Pause")
    expect(transport).to_have_attribute("title", "Play")


def test_while_a_question_is_open_no_film_runs(visit) -> None:
    page = visit("cells?network=trained&epoch=0&t=0")
    lapse = page.locator(".st-key-lapse button")
    expect(lapse).to_have_attribute("title", "Watch it learn")
    page.locator(".st-key-transport button.play").click()
    expect(page.get_by_text("Predict", exact=True)).to_be_visible()
    expect(lapse).to_have_attribute("title", "answer first")
    lapse.click()
    expect(lapse).to_have_attribute("title", "answer first")
    expect(shown(page)).to_contain_text("before the first epoch")
