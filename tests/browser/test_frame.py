"""What stands around every page: the glossary, the history, and a server that is gone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import App, rested, stamp


@pytest.mark.parametrize(("lang", "word", "other"), [("en", "timestep", "时间步"), ("zh", "时间步", "Timestep")])
def test_the_first_mention_of_a_term_leads_to_its_entry(visit, lang: str, word: str, other: str) -> None:
    page = visit("step_through?toy=small", lang)
    page.get_by_role("link", name=word, exact=True).click()
    entry = page.get_by_role("dialog")
    expect(entry).to_contain_text(other)
    expect(entry).to_contain_text("t = 1, …, T")
    expect(page).not_to_have_url(re.compile("#"))
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()


def test_the_glossary_finds_a_term_by_either_name(visit) -> None:
    page = visit("shapes")
    page.get_by_role("button", name="Glossary").click()
    find = page.get_by_role("searchbox", name="Find a term")
    find.fill("遗忘门")
    expect(page.get_by_role("dialog")).to_contain_text("Forget gate (LSTM)")
    find.fill("zzz")
    expect(page.get_by_role("dialog")).to_contain_text("No such term.")


def test_what_is_set_makes_no_history_so_back_leaves_the_page(visit) -> None:
    page = visit("")
    page.get_by_role("link", name="Step through").first.click()
    stamp(page, "toy", "t=0")
    rested(page)
    for name in ("The article's network", "A small one, every number", "Next", "Next"):
        page.get_by_role("button", name=name, exact=True).click()
    stamp(page, "toy", "t=2")
    expect(page).to_have_url(re.compile(r"[?&]t=2"))
    for _turn in range(3):  # each at once, while the page before still comes
        page.go_back()
        expect(page.get_by_role("heading", name="Why does a network need memory?")).to_be_visible()
        page.go_forward()
        stamp(page, "toy", "t=2")


def test_a_server_that_is_gone_is_told_in_the_visitors_language(chromium, tmp_path) -> None:
    app = App(tmp_path)
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{app.url}/step_through?lang=zh")
    rested(page)
    told = page.get_by_text("服务器没有回应")
    expect(told).to_be_hidden()
    app.stop()
    expect(told).to_be_visible()
    expect(page.get_by_text("streamlit run")).to_be_hidden()
    page.close()
