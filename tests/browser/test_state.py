"""What is set stays set: popovers opened and closed, networks opened and left, clicks that overtake a run."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.common.language import catalogue
from rnn_core.training.store import RunStore
from tests.browser.conftest import App, rested, stamp
from tests.pages.trained import trained


def say(message: str, lang: str) -> str:
    return catalogue(lang).gettext(message)


def glance_into(page: Page, popover: str) -> None:
    """Open a popover, look at it, and close it again."""
    page.get_by_role("button", name=popover).click()
    # Its fields are fetched when they are seen for the first time.
    expect(page.get_by_test_id("stPopoverBody").get_by_role("spinbutton").or_(page.get_by_test_id("stNumberInput")
           .locator("input")).first).to_be_visible()  # fmt: skip
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def go(page: Page, name: str, heading: str) -> None:
    """Follow a link in the menu or on the page."""
    page.get_by_test_id("stPageLink").get_by_text(name, exact=True).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    rested(page)


def one_then_other(one: Locator, other: Locator, after: int) -> None:
    """Click in the page itself, quicker than any hand: the other so many milliseconds after the one."""
    clicks = "(one, [other, after]) => { one.click(); setTimeout(() => other.click(), after); }"
    one.evaluate(clicks, [other.element_handle(), after])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_preset_holds_after_a_look_at_the_sizes(visit, lang: str) -> None:
    page = visit("step_through?timesteps=12&units=8", lang)
    glance_into(page, say("Sizes and seed", lang))
    page.get_by_role("button", name=say("A small one, every number", lang)).click()
    slider = page.get_by_role("slider", name=say("timestep", lang))
    expect(slider).to_have_attribute("max", "6")
    rested(page)
    page.get_by_role("button", name=say("Next", lang), exact=True).click()
    # The program's shapes are not sent ahead: they are what the server makes of the click.
    expect(page.locator(".st-key-listing .picture")).to_contain_text("(1, 4)")
    rested(page)
    expect(slider).to_have_attribute("max", "6")
    page.get_by_role("button", name=say("Sizes and seed", lang)).click()
    expect(page.get_by_label(say("timesteps: how long the sequence is", lang))).to_have_value("6")


def test_the_long_memory_holds_after_a_look_at_the_sizes(visit) -> None:
    page = visit("cells?input=pulse&ask=off")
    glance_into(page, "Sizes")
    page.get_by_role("button", name="Biases").click()
    page.get_by_role("button", name="bias 5, 40 timesteps").click()
    slider = page.get_by_role("slider", name="timestep", exact=True)
    expect(slider).to_have_attribute("max", "40")
    rested(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page.get_by_text(re.compile("At timestep 39"))).to_be_visible()
    rested(page)
    expect(slider).to_have_attribute("max", "40")
    expect(page).to_have_url(re.compile(r"timesteps=40\b"))


def test_another_task_brings_its_own_settings_after_a_look_at_them(visit) -> None:
    page = visit("train?task=adding")
    glance_into(page, "Settings")
    page.get_by_role("combobox", name="task").click()
    page.get_by_role("option", name="Small reviews", exact=True).click()
    expect(page).to_have_url(re.compile("task=small_reviews"))
    rested(page)
    page.locator("[data-variant=pills]").get_by_text("GRU", exact=True).first.click()
    expect(page).to_have_url(re.compile("cells=simple_rnn%2Clstm"))
    rested(page)
    assert not re.search("epochs=|length=|learning_rate=", page.url), f"settings of another task: {page.url}"
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("epochs: times through all sequences")).to_have_value("5")


def test_back_from_a_trained_network_the_small_one_is_as_it_was(visit, app: App) -> None:
    store = RunStore(url=app.store_url)
    run = trained(store)
    page = visit(f"train?run={run}")
    cells, train = "What do LSTM and GRU add?", "Which cell can learn the task?"
    go(page, "Cells", cells)
    go(page, "Train", train)
    go(page, "Watch LSTM read, step by step", cells)
    page.get_by_role("button", name="Last", exact=True).click()
    stamp(page, "diagram", "t=10")
    page.get_by_role("button", name="Back to the small network").click()
    stamp(page, "diagram", "t=0")
    rested(page)
    page.get_by_role("button", name="Next", exact=True).click()
    # The transport's output is not sent ahead: it is what the server makes of the click.
    expect(page.locator(".st-key-transport output")).to_have_text(re.compile("^1 /"))
    stamp(page, "diagram", "t=1")
    rested(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    cells = page.get_by_role("radiogroup", name="Cell", exact=True)
    expect(cells.get_by_role("radio", name="LSTM", exact=True)).to_be_checked()
    expect(page.get_by_role("combobox", name="Input", exact=True)).to_have_value("words")


@pytest.mark.parametrize("layer", [0, 1])
def test_two_quick_clicks_on_remove_take_one_layer(visit, layer: int) -> None:
    page = visit("shapes?stack=emb.10000x32_lstm.32.seq_gru.16")
    page.get_by_role("button", name=f"change: {layer + 1} ·").click()
    remove = page.get_by_role("button", name="remove")
    expect(remove).to_be_enabled()
    rested(page)
    remove.evaluate("(button) => { button.click(); requestAnimationFrame(() => button.click()); }")
    stamp(page, "shapes_flow_0", ["emb.10000x32_gru.16", "emb.10000x32_lstm.32.seq"][layer])
    # Whatever the second click asked for is answered by the time that this one is.
    page.get_by_text("Ask me first", exact=True).click()
    form = page.get_by_role("textbox", name="Output shape")
    expect(form.or_(page.get_by_test_id("stException"))).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_an_example_takes_the_place_of_an_input_that_is_being_changed(visit) -> None:
    page = visit("shapes?stack=in.anyx5_gru.8")
    page.get_by_role("button", name="change: Input").click()
    fixed = page.get_by_text("a fixed number of timesteps", exact=True)
    expect(fixed).to_be_visible()
    rested(page)
    page.get_by_role("button", name="Examples", exact=True).click()
    example = page.get_by_role("menuitem", name="On IMDB: GRU")
    expect(example).to_be_visible()
    # As a hand that is faster than the server: the example, and the switch before it is gone.
    example.evaluate("(option, label) => { option.click(); requestAnimationFrame(() => label.click()); }",
                     fixed.element_handle())  # fmt: skip
    stamp(page, "shapes_flow_0", "emb.10000x32_gru.32_dense.1.sigmoid")
    expect(page).to_have_url(re.compile("emb.10000x32_gru.32_dense.1.sigmoid"))
    rested(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_another_language_leaves_the_stack_as_it_is(visit) -> None:
    page = visit("shapes?stack=emb.500x8_gru.8")
    page.get_by_role("button", name="change: Input").click()
    expect(page.get_by_role("combobox", name="What arrives")).to_be_visible()
    rested(page)
    for language, title in (("中文", "形状"), ("English", "Shapes")):
        page.get_by_role("radio", name=language).click()
        expect(page.get_by_test_id("stPageLink").get_by_text(title, exact=True).first).to_be_visible()
        rested(page)
    stamp(page, "shapes_flow_0", "emb.500x8_gru.8")
    expect(page).to_have_url(re.compile("stack=emb.500x8_gru.8"))


def test_who_leaves_in_a_hurry_finds_the_next_picture_drawn(visit) -> None:
    page = visit("shapes?stack=emb.10000x32_gru.8")
    switch = page.get_by_role("switch", name="return_sequences: 1 · GRU(8)")
    link = page.get_by_test_id("stPageLink").get_by_text("Step through", exact=True)
    # As quick as a hand can be: in one and the same moment, Streamlit 1.67 loses the other page.
    one_then_other(switch, link, 20)
    expect(page.get_by_role("heading", name="What is a state?")).to_be_visible()
    rested(page)
    stamp(page, "toy", "t=0")
    expect(page.locator(".st-key-toy .picture svg > :not(defs)").first).to_be_attached()


def test_who_leaves_with_a_popover_open_finds_the_other_page(visit) -> None:
    page = visit("shapes?stack=emb.10000x32_gru.8")
    for opened in ("Download", "Batch: 2 × 6"):
        page.get_by_role("button", name=opened).click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        rested(page)
        go(page, "Step through", "What is a state?")
        stamp(page, "toy", "t=0")
        go(page, "Shapes", "What does return_sequences change?")
        stamp(page, "shapes_flow_0", "emb.10000x32_gru.8")


# At eight steps a second a film asks the server in the very moment in which one leaves, sooner or later.
@pytest.mark.parametrize("moment", [0, 5, 10, 20])
def test_who_goes_back_while_a_film_runs_finds_the_page_before(visit, moment: int) -> None:
    page = visit("shapes?stack=emb.10000x32_gru.8")
    go(page, "Step through", "What is a state?")
    stamp(page, "toy", "t=0")
    rested(page)
    page.locator(".st-key-transport button.next").evaluate("""(next, moment) => {
      history.back();
      addEventListener("popstate", () => setTimeout(() => next.click(), moment), { once: true });
    }""", moment)  # fmt: skip
    expect(page.get_by_role("heading", name="What does return_sequences change?")).to_be_visible()
    rested(page)
    stamp(page, "shapes_flow_0", "emb.10000x32_gru.8")


def test_a_page_lost_to_what_the_one_before_still_said_is_asked_for_again(visit) -> None:
    page = visit("step_through")
    rested(page)
    switch = page.get_by_role("switch", name="Ask me first")
    link = page.get_by_test_id("stPageLink").get_by_text("Shapes", exact=True)
    # Streamlit's own widgets do not know that one leaves; this one speaks a moment after the link was followed.
    one_then_other(link, switch, 4)
    expect(page.get_by_role("heading", name="What does return_sequences change?")).to_be_visible()
    rested(page)
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32")


def test_who_leaves_and_changes_the_language_at_once_finds_a_page(visit) -> None:
    page = visit("shapes")
    link = page.get_by_test_id("stPageLink").get_by_text("Step through", exact=True)
    other = page.get_by_role("radio", name="中文")
    link.evaluate("(link, other) => { link.click(); requestAnimationFrame(() => other.click()); }",
                  other.element_handle())  # fmt: skip
    # Which of the two clicks Streamlit hears last decides the page; a whole one it is.
    titles = re.compile("状态是什么|What is a state|改变了什么|What does return_sequences")
    expect(page.get_by_role("heading", name=titles)).to_be_visible()
    rested(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
