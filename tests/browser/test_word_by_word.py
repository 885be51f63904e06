"""The word-by-word page in a real browser: keys, edits, ready reviews, what is typed, epochs, and the way to a cell."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.parts.word_by_word.texts import TEXTS
from rnn_core.numbers import percent
from tests.browser.conftest import overheard, rested, settled, stamp
from tests.pages.test_word_by_word import probabilities

MINUTES = 180_000
SHORT = {"en": "the plot is dull", "zh": "剧情 很 无聊"}
# Typed in the hope that it acts as markup; an element with an id would also be a property of the window.
TYPED = '<img src=x onerror="hit=1"> <b id=hit>Superb</b> [a](//x.invalid) 😀 סרט film'

WHERE_THEY_STOOD = """() => {
    window.stood = new Set();
    const look = () => {
        const places = [".st-key-insert_not", ".st-key-undo", ".st-key-beside"];
        const place = (key) => { const { x, y } = document.querySelector(key).getBoundingClientRect(); return [x, y]; };
        window.stood.add(JSON.stringify(places.map(place)));
        requestAnimationFrame(look);
    };
    look();
}"""


def come(visit: Callable[..., Page], path: str, lang: str = "en") -> Page:
    """Open the page and wait until all of the stage stands there: on a busy machine its parts come one by one."""
    page = visit(path, lang)
    settled(page)
    for part in (".st-key-verdict .picture[data-stamp]", ".st-key-transport output", ".st-key-undo button"):
        expect(page.locator(part)).to_be_visible()
    return page


def picture(page: Page) -> Locator:
    return page.locator(".st-key-verdict .picture")


def mark(page: Page, word: int) -> Locator:
    return picture(page).locator(f"[data-pick='word:{word}']")


def curve(page: Page, network: str = "lstm") -> str:
    return picture(page).locator(f"path.{network}:not(.dashed)").last.get_attribute("d") or ""


def before(page: Page) -> Locator:
    """The curves of the text before its edit."""
    return picture(page).locator("path.faint:not([d=''])")


def field(page: Page) -> Locator:
    """Where the word that was read last is changed; that of the word before is hidden before it goes."""
    return page.locator("[class*='st-key-edit_'] input").filter(visible=True)


def epoch(page: Page) -> Locator:
    """The name of the epoch that is shown, without the room that is kept for the others."""
    return page.locator(".st-key-lapse output > span:last-child")


def reads(page: Page, text: str) -> None:
    """Wait until these are the words on the picture."""
    expect(picture(page).locator("rect[data-pick^='word:'] + text")).to_have_text(text.split())


def places(page: Page) -> list[float]:
    """Where what stands on the page begins, from above."""
    keys = ["transport", "lapse", "verdict", "undo", "beside", "gates", "way_on"]
    return [page.locator(f".st-key-{key}").bounding_box()["y"] for key in keys]


def framed(page: Page) -> list[str]:
    """The word that is framed, and of each curve's dot the word below it."""
    return picture(page).evaluate("""(root) => {
      const middle = (e) => { const box = e.getBoundingClientRect(); return box.x + box.width / 2; };
      const words = [...root.querySelectorAll("[data-pick^='word:']")];
      const below = (e) => words.find((word) => {
        const box = word.getBoundingClientRect();
        return box.left < middle(e) && middle(e) < box.right;
      })?.dataset.pick ?? "none";
      return [...root.querySelectorAll("rect.lit-edge, circle:not([r='0'])")].map(below);
    }""")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_keys_step_word_by_word_and_the_curve_follows(visit, lang: str) -> None:
    page = come(visit, f"word_by_word?ask=off&text={SHORT[lang]}", lang)
    words = SHORT[lang].split()
    page.get_by_role("heading", level=1).click()
    after = {"en": "After {word} LSTM says", "zh": "读过 {word} 之后，LSTM"}[lang]
    for t, word in enumerate(words, 1):
        page.keyboard.press("ArrowRight")
        for key in ("verdict", "left", "beside", "gates"):
            stamp(page, key, f"t={t}")
        expect(page.get_by_text(after.format(word=word))).to_be_visible()
        assert framed(page) == [f"word:{t - 1}"] * 5, "the frame, and a dot on each of four curves"
        expect(field(page)).to_have_value(word)
    expect(page).to_have_url(re.compile(rf"[?&]t={len(words)}\b"))
    page.keyboard.press("ArrowLeft")
    stamp(page, "verdict", f"t={len(words) - 1}")
    page.keyboard.press("Home")
    stamp(page, "verdict", "t=0")
    expect(page.get_by_text({"en": "begins at", "zh": "一开始"}[lang])).to_be_visible()


def test_a_word_changed_in_place_changes_the_curve_alone_and_undo_brings_it_back(visit) -> None:
    page = come(visit, "word_by_word?ask=off&text=the plot is dull&t=4")
    stamp(page, "gates", "t=4")
    drawn = curve(page)
    page.evaluate(WHERE_THEY_STOOD)
    for _time in range(2):  # what was typed before an undo must not come back with its field
        expect(field(page)).to_have_value("dull")
        field(page).fill("superb")
        field(page).press("Enter")
        reads(page, "the plot is superb")
        expect(field(page)).to_have_value("superb")
        expect(before(page)).to_have_count(4)
        expect(page.get_by_text("The pale lines are those of before.")).to_be_visible()
        expect(page).to_have_url(re.compile(r"[?&]text=the\+plot\+is\+superb\b.*[?&]before=the\+plot\+is\+dull\b"))
        rested(page)
        assert curve(page) != drawn
        page.get_by_role("button", name="Undo").click()
        reads(page, "the plot is dull")
        expect(before(page)).to_have_count(0)
        expect(page).not_to_have_url(re.compile("before="))
        assert curve(page) == drawn
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    rested(page)
    stood = page.evaluate("[...window.stood]")
    assert len(stood) == 1, stood


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_not_is_put_in_swapped_and_left_out_again(visit, lang: str) -> None:
    page = come(visit, f"word_by_word?ask=off&text={SHORT[lang]}&t={len(SHORT[lang].split())}", lang)
    *start, last = SHORT[lang].split()
    negation = {"en": "not", "zh": "不"}[lang]
    reads(page, SHORT[lang])
    drawn = curve(page)
    page.get_by_role("button", name=re.compile(f"[“‘]{negation}[”’]")).click()
    reads(page, " ".join([*start, negation, last]))
    expect(before(page)).to_have_count(4)
    assert curve(page) != drawn
    expect(field(page)).to_have_value(negation)
    rested(page)
    page.locator(".st-key-swap button").click()
    reads(page, " ".join([*start, last, negation]))
    expect(page).to_have_url(re.compile(r"[?&]before="))
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("End")
    expect(field(page)).to_have_value(negation)
    rested(page)
    page.locator(".st-key-leave_out button").click()
    reads(page, SHORT[lang])
    expect(field(page)).to_have_value(last)
    expect(before(page)).to_have_count(4)
    assert curve(page) == drawn


def test_who_is_quick_changes_no_word_but_the_one_that_was_meant(visit) -> None:
    """The browser then repeats what the field of the word before said, which Streamlit takes for something new."""
    page = come(visit, "word_by_word?ask=off&text=the plot is dull")
    stamp(page, "gates", "t=0")
    page.get_by_role("heading", level=1).click()
    for _key in range(3):
        page.keyboard.press("ArrowRight")
    expect(field(page)).to_have_value("is")
    rested(page)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    following = page.locator(".st-key-transport button.next").element_handle()
    page.locator(".st-key-insert_not button").evaluate(
        "async (a, b) => { a.click(); await new Promise(requestAnimationFrame); b.click(); }", following
    )
    stamp(page, "gates", "t=4")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    rested(page)
    reads(page, "the plot not is dull")
    page.locator(".st-key-undo button").evaluate(
        "async (a) => { a.click(); await new Promise(requestAnimationFrame); a.click(); }"
    )
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    rested(page)
    reads(page, "the plot is dull")
    expect(page).not_to_have_url(re.compile("before="))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_ready_review_asks_first_and_shows_the_curves_then(visit, lang: str) -> None:
    page = come(visit, "word_by_word", lang)
    page.get_by_role("combobox", name={"en": "Ready reviews", "zh": "现成"}[lang]).click()
    page.get_by_role("option", name={"en": "its twin", "zh": "孪生"}[lang]).click()
    reads(page, TEXTS["twin"][lang])
    rested(page)
    drawn = picture(page).locator("path.lstm-dash").last
    expect(drawn).to_have_attribute("d", "")
    expect(page.locator(".st-key-beside")).to_have_count(0)
    page.locator(f".st-key-guess_words_twin_{lang}_bag_of_words button").click()
    expect(page.get_by_text({"en": "that is right", "zh": "猜对了"}[lang])).to_be_visible()
    stamp(page, "verdict", f"t={len(TEXTS['twin'][lang].split())}")
    expect(page.locator(".st-key-beside .picture")).to_be_visible()
    expect(drawn).to_have_attribute("d", re.compile("^M.*L"))


def test_what_is_typed_is_shown_as_text_and_never_acts_as_markup(visit) -> None:
    page = come(visit, "word_by_word?ask=off")
    line = page.get_by_role("textbox", name="A review, to be changed or replaced")
    line.fill(TYPED)
    line.press("Enter")
    words = "img src x onerror hit 1 b id hit superb b a x invalid 😀 סרט film"
    reads(page, words)
    told = page.get_by_text("The network has never seen some of these words")
    expect(told.locator("code")).to_contain_text("img, src, x, onerror")
    for word in ("😀", "סרט", "superb"):
        at = words.split().index(word)
        mark(page, at).hover()
        expect(picture(page).locator(".tip.on")).to_contain_text(word)
        mark(page, at).click()
        stamp(page, "verdict", f"t={at + 1}")
        expect(field(page)).to_have_value(word)
        expect(page.locator("code").get_by_text(word, exact=True).last).to_be_visible()
    field(page).fill("<b id=hit>")
    field(page).press("Enter")
    reads(page, words.replace("superb", "b id hit"))
    expect(page.locator("#hit, b:text-is('Superb'), img[src='x'], a[href*='x.invalid']")).to_have_count(0)
    assert page.evaluate("'hit' in window") is False
    rested(page)


def test_a_word_opens_in_the_cell_at_its_timestep_and_after_its_epoch(visit) -> None:
    page = come(visit, "word_by_word?ask=off&text=the plot is dull&cell=gru&epoch=4&t=1")
    mark(page, 1).click()
    stamp(page, "gates", "t=2")
    expect(epoch(page)).to_contain_text("epoch 4 of 20")
    way = page.get_by_role("link", name="Open this word in the cell")
    expect(way).to_have_attribute("href", re.compile(r"t=22\b"))
    way.click()
    stamp(page, "diagram", "t=22")  # twenty timesteps of silence, then the words
    expect(page.locator(".st-key-diagram")).to_contain_text("“plot”")
    expect(page.locator(".st-key-diagram")).to_contain_text("update gate")
    expect(epoch(page)).to_contain_text("epoch 4 of 20")
    rested(page)
    page.get_by_role("link", name="Back to the verdict").click()
    reads(page, "the plot is dull")
    expect(epoch(page)).to_contain_text("epoch 4 of 20")
    rested(page)


def test_dragging_the_epochs_repaints_the_curves_alone_and_nothing_jumps(visit) -> None:
    page = come(visit, "word_by_word?ask=off&text=the plot is dull&t=4")
    asked = overheard(page)
    rested(page)
    settled(page)
    stamp(page, "gates", "t=4")
    slider = page.get_by_role("slider", name="Epoch", exact=True)
    expect(slider).to_be_visible()
    drawn, stood = curve(page), places(page)
    asked.clear()
    slider.evaluate("""(slider) => {
      for (let at = Number(slider.max); at >= 0; at--) {
        slider.value = at;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(epoch(page)).to_contain_text("before the first epoch")
    expect(page).to_have_url(re.compile("epoch=0"))
    untrained = float(probabilities("en", "lstm", SHORT["en"].split(), epoch=0)[-1])
    expect(picture(page)).to_contain_text(f"{percent(untrained)} positive")
    rested(page)
    assert curve(page) != drawn
    assert places(page) == stood
    runs = [message.rerun_script for message in asked if message.HasField("rerun_script")]
    assert runs
    assert all(run.fragment_id for run in runs), "the stage alone is drawn again"
    stamp(page, "verdict", "t=4")


def test_keras_itself_gives_the_same_verdict(visit) -> None:
    page = come(visit, "word_by_word?ask=off&text=the plot is dull")
    page.get_by_role("button", name="Ask Keras itself").click()
    said = page.get_by_text("The difference is")
    expect(said).to_be_visible(timeout=MINUTES)
    ours, theirs = (float(number) for number in re.findall(r"0\.\d{8}", said.inner_text()))
    assert abs(ours - theirs) < 1e-6
    assert float(said.locator("strong").last.inner_text()) < 1e-6
