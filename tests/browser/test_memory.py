"""The memory page in a real browser: the walk back in time, the sliders, the matrices, a training in time-lapse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import overheard, rested, stamp

SMALL = "memory?ask=off&timesteps=12&units=4"


def places(page: Page) -> list[float]:
    """Where what stands on the page begins, from above."""
    keys = ["memory_sliders", "transport", "curves", "matrices", "way_on"]
    return [page.locator(f".st-key-{key}").bounding_box()["y"] for key in keys]


def curves(page: Page) -> Locator:
    return page.locator(".st-key-curves .picture")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_left_arrow_goes_back_in_time_and_the_pictures_follow(visit, lang: str) -> None:
    page = visit(SMALL, lang)
    stamp(page, "curves", "t=0")
    page.get_by_role("heading", level=1).click()
    for t in (1, 2, 3):
        page.keyboard.press("ArrowLeft")
        stamp(page, "curves", f"t={t}")
        stamp(page, "matrices", f"t={t}")
    expect(page.locator(".st-key-transport output")).to_have_text("9 / 12")
    page.keyboard.press("ArrowRight")
    stamp(page, "curves", "t=2")
    expect(page).to_have_url(re.compile(r"[?&]t=2\b"))
    page.keyboard.press("Home")  # the beginning of time is the end of the walk
    stamp(page, "matrices", "t=11")
    page.keyboard.press("End")
    stamp(page, "matrices", "t=0")


def test_forwards_the_keys_go_as_everywhere(visit) -> None:
    page = visit(SMALL + "&way=forth")
    stamp(page, "curves", "t=0")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    stamp(page, "curves", "t=1")
    page.keyboard.press("ArrowLeft")
    stamp(page, "curves", "t=0")


def test_the_film_plays_to_the_first_timestep(visit) -> None:
    page = visit(SMALL + "&speed=8")
    stamp(page, "curves", "t=0")
    play = page.locator(".st-key-transport button.play")
    play.click()
    stamp(page, "curves", "t=11")
    stamp(page, "matrices", "t=11")
    expect(play).to_have_attribute("title", "Play")
    expect(page.locator(".st-key-transport output")).to_have_text("1 / 12")
    expect(page.get_by_text("here, 11 timesteps earlier")).to_be_visible()


def test_dragging_the_timesteps_repaints_the_curves_alone_and_nothing_jumps(visit) -> None:
    page = visit("memory?ask=off&t=3")
    asked = overheard(page)
    rested(page)
    stamp(page, "curves", "t=3")
    asked.clear()
    before, drawn = places(page), curves(page).locator("svg").inner_html()
    slider = page.get_by_role("slider", name="timesteps", exact=True)
    slider.evaluate("""(slider) => {
      for (const value of [60, 90, 140, 200]) {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(page).to_have_url(re.compile("timesteps=200"))
    expect(curves(page)).to_contain_text("200")
    rested(page)
    assert curves(page).locator("svg").inner_html() != drawn
    assert places(page) == before
    runs = [message.rerun_script for message in asked if message.HasField("rerun_script")]
    assert runs
    assert all(run.fragment_id for run in runs), "the stage alone is drawn again"
    page.locator(".st-key-transport input[type=range]").fill("150")
    stamp(page, "curves", "t=150")
    stamp(page, "matrices", "t=150")
    assert places(page) == before


def test_a_click_on_a_matrix_opens_a_sum_and_its_factors_open_in_turn(visit) -> None:
    page = visit(SMALL + "&cell=lstm&t=4")
    stamp(page, "matrices", "t=4")
    canvas = page.locator(".st-key-matrices canvas").first
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 5.5 / 8, "y": box["height"] * 5.5 / 8})
    panel = page.locator(".st-key-arithmetic_panel")
    expect(panel).to_contain_text("from timestep 9 to 8")
    expect(page).to_have_url(re.compile("open=jacobian%3A5%3A8%3A5"))
    stamp(page, "arithmetic_products", "jacobian:5:8:5")
    page.locator(".st-key-arithmetic_products [data-pick='forget_gate:1:8']").click()
    expect(panel).to_contain_text("forget gate")
    page.locator(".st-key-arithmetic_back button").click()
    expect(panel).to_contain_text("from timestep 9 to 8")
    page.locator(".st-key-arithmetic_close button").click()
    expect(panel).to_have_count(0)
    stamp(page, "matrices", "t=4")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_guessed_is_shown_then(visit, lang: str) -> None:
    page = visit("memory", lang)
    expect(page.locator(".st-key-matrices")).to_have_count(0)
    play = page.locator(".st-key-transport button.play")
    play.click()
    expect(play).to_have_attribute("title", {"en": "answer first", "zh": "先回答"}[lang])
    page.locator(".st-key-guess_memory_keras_lstm button").click()
    stamp(page, "matrices", re.compile(r"t=\d+"))
    expect(page.get_by_text({"en": "that is right", "zh": "猜对了"}[lang])).to_be_visible()


def test_watch_it_learn_shows_every_epoch_and_the_columns_follow(visit) -> None:
    page = visit("memory?network=trained&ask=off&epoch=0")
    columns = page.locator(".st-key-epochs .picture")
    expect(columns.locator("[data-pick='epoch:0']")).to_have_count(0)
    expect(columns.locator("[data-pick='epoch:4']")).to_have_count(1)
    columns.evaluate("""(picture) => {
      globalThis.seen = [];
      const shown = () => {
        const picks = [...picture.querySelectorAll("[data-pick]")].map((e) => e.dataset.pick);
        const missing = globalThis.every.find((pick) => !picks.includes(pick));
        if (missing && globalThis.seen.at(-1) !== missing) globalThis.seen.push(missing);
      };
      globalThis.every = ["epoch:0", ...[...picture.querySelectorAll("[data-pick]")].map((e) => e.dataset.pick)];
      new MutationObserver(shown).observe(picture, { subtree: true, attributes: true, childList: true });
    }""")
    play = page.locator(".st-key-lapse button")
    play.click()
    expect(play).to_have_attribute("title", "Pause")
    expect(play).to_have_attribute("title", "Watch it learn")
    every, seen = page.evaluate("globalThis.every"), page.evaluate("globalThis.seen")
    assert every[-1] == "epoch:30"
    assert [pick for pick in seen if pick != "epoch:0"] == every[1:]
    columns.locator("[data-pick='epoch:5']").click()
    expect(page).to_have_url(re.compile("epoch=5"))
    expect(page.locator(".st-key-lapse output > span:last-child")).to_contain_text("epoch 5 of 30")


def test_the_small_network_shows_its_edges_and_any_gradient_opens(visit) -> None:
    page = visit("memory?ask=off")
    page.get_by_role("radio", name="small, every edge").click()
    stamp(page, "network", "t=0")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowLeft")
    stamp(page, "network", "t=1")
    node = page.locator(".st-key-network [data-pick='gradient_h:1:4']")
    expect(node).to_have_count(1)
    node.click()
    stamp(page, "arithmetic_products", "gradient_h:1:4")
    expect(page.locator(".st-key-arithmetic_panel")).to_contain_text("timestep 5")
