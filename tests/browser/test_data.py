"""The data page in a real browser: the stations, the sliders, what is typed, the questions, the way to a training."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_core.tasks.corpus import generated
from rnn_core.tasks.journey import journey
from tests.browser.conftest import overheard, rested, settled, stamp

CORPUS = generated("small_reviews")
SENT = journey(CORPUS.reviews[0], CORPUS.rank, num_words=100, maxlen=12, padding="pre", truncating="pre")
START = {"en": "[start]", "zh": "[开头]"}
TOKENS = [START["en"], *SENT.words]
# What is said at each station.
SAID = {
    "en": ("Press Next", "in small letters", "1 is the start", "The last 12 of 15 tokens stay", "100 × 8 numbers"),
    "zh": ("按下一步", "字母一律小写", "1 是开头", "15 个词元留下最后 12 个", "100 × 8"),
}
# How many words, and how often the index of the word "fair", stand on the picture at each station.
DRAWN = ((0, 0), (14, 0), (15, 1), (15, 2), (15, 2))
# Typed in the hope that it acts as markup; an element with an id would also be a property of the window.
TYPED = '<img src=x onerror="hit=1"> <b id=hit>Dull</b> [a](//x.invalid) 😀 סרט'
WORDS = ["img", "src", "x", "onerror", "hit", "1", "b", "id", "hit", "dull", "b", "a", "x", "invalid", "😀", "סרט"]


def come(visit: Callable[..., Page], path: str, lang: str = "en") -> Page:
    """Open the page and wait until all of the stage stands there: on a busy machine its parts come one by one."""
    page = visit(path, lang)
    settled(page)
    for part in (
        ".st-key-journey .picture[data-stamp]",
        ".st-key-transport output",
        ".st-key-lengths .picture[data-stamp]",
    ):
        expect(page.locator(part)).to_be_visible()
    return page


def picture(page: Page) -> Locator:
    return page.locator(".st-key-journey .picture")


def said(page: Page) -> Locator:
    return page.locator(".st-key-data_said")


def words(page: Page, look: str = "") -> Locator:
    """The words on the picture; "strong" ones reach the network, "quiet" ones are cut away."""
    return picture(page).locator(f"text{look}[data-tip]:not(.mono):not(:empty)")


def survive(page: Page, stay: list[str], gone: list[str]) -> None:
    """Wait until these words stay and those are gone; each of the latter is struck through."""
    expect(words(page, ".strong")).to_have_text(stay)
    expect(words(page, ".quiet")).to_have_text(gone)
    expect(picture(page).locator("path.forget_gate:not([d=''])")).to_have_count(len(gone))


def places(page: Page) -> list[float]:
    """Where what stands on the page begins, from above."""
    keys = ["data_preparation", "transport", "data_said", "journey", "lengths"]
    return [page.locator(f".st-key-{key}").bounding_box()["y"] for key in keys]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_keys_walk_to_the_tensor_and_the_picture_follows(visit, lang: str) -> None:
    page = come(visit, "data?ask=off&source=small_reviews", lang)
    page.get_by_role("heading", level=1).click()
    for t, (tokens, indices) in enumerate(DRAWN):
        stamp(page, "journey", f"t={t}")
        expect(said(page)).to_contain_text(SAID[lang][t])
        expect(words(page)).to_have_count(tokens)
        expect(picture(page).get_by_text(str(SENT.indices[3]), exact=True)).to_have_count(indices)
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"[?&]t=4\b"))
    survive(page, TOKENS[3:], [START[lang], *TOKENS[1:3]])
    page.keyboard.press("Home")
    stamp(page, "journey", "t=0")
    expect(said(page)).to_contain_text(SAID[lang][0])


def test_dragging_maxlen_repaints_the_stage_alone_and_the_last_words_stay(visit) -> None:
    page = come(visit, "data?ask=off&t=3")
    asked = overheard(page)
    rested(page)
    settled(page)
    survive(page, TOKENS[3:], TOKENS[:3])
    slider = page.get_by_role("slider", name="maxlen", exact=True)
    expect(slider).to_be_visible()
    expect(page.locator(".st-key-transport output")).to_have_text("3 / 4")
    before = places(page)
    asked.clear()
    slider.evaluate("""(slider) => {
      for (const value of [20, 15, 11, 8, 5]) {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(said(page)).to_contain_text("The last 5 of 15 tokens stay, the first 10 are gone.")
    survive(page, TOKENS[10:], TOKENS[:10])
    expect(picture(page)).to_contain_text("5 kept")
    expect(page.locator(".st-key-lengths .picture")).to_contain_text("maxlen 5")
    expect(page).to_have_url(re.compile("maxlen=5"))
    rested(page)
    assert places(page) == before
    runs = [message.rerun_script for message in asked if message.HasField("rerun_script")]
    assert runs
    assert all(run.fragment_id for run in runs), "the stage alone is drawn again"
    page.get_by_role("button", name="Last", exact=True).click()
    slider.fill("40")
    expect(said(page)).to_contain_text("The index 0 has a vector too")  # the longest that is said, two lines
    assert places(page) == before


def test_truncating_post_keeps_the_first_words_instead(visit) -> None:
    page = come(visit, "data?ask=off&t=3&maxlen=9")
    survive(page, TOKENS[6:], TOKENS[:6])
    truncating = page.locator("[class*='st-key-truncating-']")
    truncating.get_by_role("radio", name='"post"').click()
    survive(page, TOKENS[:9], TOKENS[9:])
    expect(said(page)).to_contain_text("The first 9 of 15 tokens stay, the last 6 are gone")
    expect(page).to_have_url(re.compile("truncating=post"))
    truncating.get_by_role("radio", name='truncating="pre"').click()
    survive(page, TOKENS[6:], TOKENS[:6])
    expect(page).not_to_have_url(re.compile("truncating="))


def test_what_is_typed_is_shown_as_text_and_never_acts_as_markup(visit) -> None:
    page = come(visit, "data?ask=off&source=typed&maxlen=20")
    field = page.get_by_role("textbox", name="Your text")
    field.fill(TYPED)
    field.press("Enter")
    expect(picture(page).get_by_text(TYPED, exact=True)).to_have_count(1)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("End")
    stamp(page, "journey", "t=4")
    expect(words(page)).to_have_text([START["en"], *WORDS])
    for token in (WORDS.index("😀") + 1, WORDS.index("סרט") + 1, WORDS.index("img") + 1):
        mark = picture(page).locator(f"[data-pick='token:{token}']")
        mark.hover()
        expect(picture(page).locator(".tip.on")).to_have_text(f"Show the way of {WORDS[token - 1]}")
        mark.click()
        expect(said(page).locator("code")).to_have_text(WORDS[token - 1])
    expect(page.locator("#hit, b:text-is('Dull'), img[src='x'], a[href*='x.invalid']")).to_have_count(0)
    assert page.evaluate("'hit' in window") is False
    rested(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_which_words_survive_is_guessed_and_shown_then(visit, lang: str) -> None:
    page = come(visit, "data?speed=8&source=small_reviews", lang)
    play = page.locator(".st-key-transport button.play")
    play.click()
    expect(play).to_have_attribute("title", {"en": "answer first", "zh": "先回答"}[lang])
    stamp(page, "journey", "t=2")
    survive(page, [START[lang], *SENT.words], [])
    page.locator(".st-key-guess_data_15_12_pre_post button").click()
    stamp(page, "journey", "t=3")
    expect(said(page)).to_contain_text({"en": "Right is: the last 12.", "zh": "正确的是“最后 12 个”"}[lang])
    survive(page, TOKENS[3:], [START[lang], *TOKENS[1:3]])
    page.locator("[class*='st-key-truncating-']").get_by_role("radio", name='"post"').click()
    survive(page, [START[lang], *TOKENS[1:12]], TOKENS[12:])
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowLeft")
    stamp(page, "journey", "t=2")
    page.locator(".st-key-guess_data_15_12_post_post button").click()
    stamp(page, "journey", "t=3")
    expect(said(page)).to_contain_text({"en": "the first 12, that is right", "zh": "猜对了"}[lang])


def test_what_the_zeros_do_is_guessed_and_drawn_then(visit) -> None:
    page = come(visit, "data?maxlen=40")
    guess = page.locator("[class*='st-key-guess_zeros_'] button").first
    expect(guess).to_be_visible()
    expect(page.locator(".st-key-drift")).to_have_count(0)
    guess.click()
    expect(page.locator(".st-key-drift .picture")).to_contain_text("25 zeros")
    expect(page.get_by_text("25 zeros move the state of a fresh SimpleRNN")).to_be_visible()


def test_a_training_begins_with_reviews_prepared_like_these(visit) -> None:
    page = come(visit, "data?ask=off")
    page.get_by_role("slider", name="maxlen", exact=True).fill("9")
    page.locator("[class*='st-key-padding-']").get_by_role("radio", name='"post"').click()
    page.locator("[class*='st-key-truncating-']").get_by_role("radio", name='"post"').click()
    page.locator("[class*='st-key-mask-'] label").click()
    expect(page).to_have_url(re.compile("mask=on"))
    page.get_by_role("link", name="Train on reviews prepared like this").click()
    expect(page).to_have_url(re.compile("/train"))
    rested(page)
    for setting in ("task=small_reviews", "length=9", "padding=post", "truncating=post", "mask=on"):
        expect(page).to_have_url(re.compile(rf"[?&]{setting}\b"))
    page.get_by_role("button", name="Settings").click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body.get_by_role("spinbutton", name="length")).to_have_value("9")
    for end in ("zeros behind", "cut at the end"):
        expect(body.get_by_role("radio", name=end)).to_have_attribute("aria-checked", "true")
    expect(body.get_by_role("switch", name="mask: skip the padding")).to_be_checked()
