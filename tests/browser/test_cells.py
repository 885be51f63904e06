"""The cells in a real browser: numbers open by click and by keyboard, a table is typed into, code is taken away."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import rested, stamp

LINK = "cells?input=pulse&ask=off"


@pytest.mark.parametrize(("lang", "gate"), [("en", "forget gate"), ("zh", "遗忘门")])
def test_a_number_opens_and_its_factors_open_in_turn(visit, lang: str, gate: str) -> None:
    page = visit(f"{LINK}&t=3", lang)
    stamp(page, "diagram", "t=3")
    page.locator(".st-key-diagram [data-pick='forget_gate:2:0']").click()
    stamp(page, "arithmetic_products", "forget_gate:2:2")
    expect(page.locator(".st-key-arithmetic_panel")).to_contain_text(gate)
    page.keyboard.press("ArrowRight")
    stamp(page, "arithmetic_products", "forget_gate:2:3")
    factor = page.locator(".st-key-arithmetic_products [data-pick^='h:']").first
    target = factor.get_attribute("data-pick")
    factor.focus()
    page.keyboard.press("Enter")
    stamp(page, "arithmetic_products", target)
    expect(page).to_have_url(re.compile("open=h%3A"))
    page.locator(".st-key-arithmetic_back button").click()
    stamp(page, "arithmetic_products", "forget_gate:2:3")
    rested(page)


def test_any_cell_of_the_strip_opens(visit) -> None:
    page = visit(f"{LINK}&t=12&units=8&timesteps=12")
    stamp(page, "strip", "t=12")
    canvas = page.locator(".st-key-strip canvas[aria-label='carry c']")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 4.5 / 12, "y": box["height"] * 5.5 / 8})
    stamp(page, "arithmetic_products", "c:5:4")


def type_into_second_row(page: Page, text: str) -> None:
    page.get_by_test_id("stDataFrame").dblclick(position={"x": 200, "y": 90})
    editor = page.locator(".gdg-input")
    expect(editor).to_be_visible()
    editor.fill(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)


def test_what_is_typed_wrongly_is_marked_and_the_picture_stays(visit) -> None:
    page = visit("cells?input=own&x=1_0_0&timesteps=3&ask=off&t=2")
    stamp(page, "diagram", "t=2")
    before = page.locator(".st-key-diagram").text_content()
    page.get_by_role("button", name="Edit the numbers").click()
    type_into_second_row(page, "abc")
    expect(page.get_by_text("is not a number. Type one such as")).to_be_visible()
    assert page.locator(".st-key-diagram").text_content() == before
    rested(page)
    type_into_second_row(page, "0.5")
    expect(page.get_by_text("is not a number. Type one such as")).to_have_count(0)
    expect(page).to_have_url(re.compile("x=1_0.5_0"))
    expect(page.locator(".st-key-diagram")).not_to_have_text(before)


def test_the_script_taken_away_prints_the_numbers_on_the_screen(visit, tmp_path) -> None:
    page = visit(f"{LINK}&t=3")
    stamp(page, "diagram", "t=3")
    page.get_by_role("button", name="Next", exact=True).click()
    stamp(page, "diagram", "t=4")
    shown = page.locator(".st-key-diagram [data-pick='h:1:0']").get_attribute("data-tip")
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Python").click()
    script = tmp_path / "lstm.py"
    download.value.save_as(script)
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    state = printed.split("\nh\n")[1].strip("[]\n ").split()
    assert f"{float(state[1]):.6f}" == shown.partition("= ")[2]
