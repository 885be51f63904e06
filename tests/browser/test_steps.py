"""Stepping in a real browser, in each language: buttons, keys, and the picture that follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import rested, stamp

NEXT = {"en": "Next", "zh": "下一步"}
TITLE = {"en": "What is a state?", "zh": "状态是什么？"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_buttons_keys_and_slider_walk_through_the_toy(visit, lang: str) -> None:
    page = visit("step_through?t=17", lang)
    expect(page.get_by_role("heading", name=TITLE[lang])).to_be_visible()
    stamp(page, "toy", "t=17")
    page.get_by_role("button", name=NEXT[lang]).click()
    stamp(page, "toy", "t=18")
    expect(page).to_have_url(re.compile(r"[?&]t=18"))
    page.get_by_role("heading", name=TITLE[lang]).click()
    page.keyboard.press("ArrowRight")
    stamp(page, "toy", "t=19")
    page.keyboard.press("ArrowLeft")
    stamp(page, "toy", "t=18")
    page.keyboard.press("End")
    stamp(page, "toy", "t=100")
    expect(page.locator(".st-key-listing .picture")).to_contain_text("(100, 64)")
    page.keyboard.press("Home")
    stamp(page, "toy", "t=0")


def test_play_runs_to_the_end_and_stops(visit) -> None:
    page = visit("step_through?timesteps=6&input_features=3&units=4&recipe=small&t=2&ask=off")
    stamp(page, "toy", "t=2")
    page.keyboard.press("Space")
    stamp(page, "toy", "t=6")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_fast_film_shows_every_step_and_another_speed_holds(visit) -> None:
    page = visit("step_through?timesteps=12&input_features=3&units=4&recipe=small&ask=off&speed=8")
    stamp(page, "toy", "t=0")
    page.get_by_role("button", name="Play", exact=True).click()
    stamp(page, "toy", "t=12")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]speed=8"))


def test_many_quick_clicks_are_all_taken(visit) -> None:
    page = visit("step_through?ask=off")
    stamp(page, "toy", "t=0")
    next_button = page.get_by_role("button", name="Next", exact=True)
    next_button.evaluate("(button) => { for (let i = 0; i < 9; i++) button.click(); }")
    stamp(page, "toy", "t=9")
    expect(page.get_by_role("slider", name="timestep")).to_have_value("9")


def test_the_slider_goes_where_it_is_put(visit) -> None:
    page = visit("step_through?ask=off")
    page.get_by_role("slider", name="timestep").fill("64")
    stamp(page, "toy", "t=64")


def test_a_film_waits_visibly_for_the_answer_to_a_question(visit) -> None:
    page = visit("step_through?toy=small&speed=8")
    stamp(page, "toy", "t=0")
    page.get_by_role("button", name="Play", exact=True).click()
    waits = page.get_by_role("button", name="answer first")
    expect(waits).to_be_visible()
    stamp(page, "toy", "t=0")
    page.get_by_role("button", name="(4,)").click()
    expect(page.get_by_text("As predicted")).to_be_visible()
    stamp(page, "toy", "t=1")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_film_that_waits_can_be_stopped_and_stepped_on(visit) -> None:
    page = visit("step_through?toy=small&speed=8")
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="answer first").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    stamp(page, "toy", "t=1")


def test_a_deep_link_in_chinese_shows_the_small_network(visit) -> None:
    page = visit("step_through?timesteps=6&input_features=3&units=4&recipe=small&t=3", "zh")
    stamp(page, "toy", "t=3")
    expect(page.locator(".st-key-toy .picture")).to_contain_text("时间步 3")


def test_home_forgets_without_a_state(visit) -> None:
    page = visit("")
    page.get_by_role("slider").fill("1.5")
    expect(page.locator(".st-key-memory .picture")).to_contain_text("0.86")
    page.get_by_role("slider").fill("0.9")
    expect(page.get_by_text("the network without memory says")).to_contain_text("0.00")
    page.locator(".st-key-memory [data-pick='x:7']").click()
    expect(page.get_by_text("came at timestep 8")).to_contain_text("0.76")
    page.get_by_role("link", name="Step through").first.click()
    expect(page.get_by_role("heading", name=TITLE["en"])).to_be_visible()
    rested(page)


def test_the_language_switch_changes_the_page_and_the_link(visit) -> None:
    page = visit("step_through?t=5")
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name=TITLE["zh"])).to_be_visible()
    expect(page).to_have_url(re.compile(r"lang=zh"))
    stamp(page, "toy", "t=5")


@pytest.mark.parametrize(
    ("path", "picture", "answer"),
    [("step_through?t=3&recipe=small", "toy", "(4, 64)"), ("cells?t=3&input=sine", "strip", "At timestep 4")],
)
def test_the_picture_sent_ahead_is_the_one_that_the_server_then_draws(visit, path, picture, answer) -> None:
    page = visit(f"{path}&ask=off")
    drawn = page.locator(f".st-key-{picture} .picture svg")
    before = drawn.inner_html()
    next_button = page.get_by_role("button", name="Next", exact=True)
    # No round to the server fits between the click and the look at the picture.
    at_once = next_button.evaluate(
        """(button, picture) => {
          const place = document.querySelector(`.st-key-${picture}`);
          const root = [...place.querySelectorAll("*")].find((e) => e.shadowRoot)?.shadowRoot ?? place;
          button.click();
          return root.querySelector("svg").innerHTML;
        }""",
        picture,
    )
    assert at_once != before
    expect(page.get_by_text(answer)).to_be_visible()
    rested(page)
    assert drawn.inner_html() == at_once
