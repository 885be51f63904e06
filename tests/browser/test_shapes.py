"""The shapes in a real browser: switches that are clicked fast, and a visitor's way through the page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.common.language import catalogue
from rnn_core.shapes import PRESETS, mend, report
from rnn_core.shapes.link import to_link
from tests.browser.conftest import rested, stamp


def switch(page: Page, layer: int):
    return page.locator(f".st-key-shapes_blocks_0 [data-layer='{layer}'] input")


def turn(page: Page, layer: int) -> None:
    """Click as a hand does: where the switch stands at this moment, whatever stands there."""
    track = page.locator(f".st-key-shapes_blocks_0 [data-layer='{layer}'] .track")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("link", ["emb.10000x32_lstm.32_gru.16", "emb.10000x32_rnn.32"])
def test_switches_clicked_fast_all_count(visit, link: str) -> None:
    # The second link says SimpleRNN wrongly: the sentence on that goes with the first click, and must move nothing.
    page = visit(f"shapes?stack={link}")
    layers = 2 if "gru" in link else 1
    picture = page.locator(".st-key-shapes_flow_0 .picture").element_handle()
    on = [False] * layers
    for burst in range(1, 13):
        for click in range(burst % 5 + 1):
            layer = click % layers
            turn(page, layer)
            on[layer] = not on[layer]
        names = ["lstm.32", "gru.16"] if layers == 2 else ["simplernn.32"]
        words = [name + (".seq" if sequences else "") for name, sequences in zip(names, on, strict=True)]
        stamp(page, "shapes_flow_0", "_".join(["emb.10000x32", *words]))
        for layer in range(layers):
            expect(switch(page, layer)).to_be_checked(checked=on[layer])
        assert picture.evaluate("(element) => element.isConnected"), "the picture was replaced instead of repainted"
    rested(page)
    stamp(page, "shapes_flow_0", "_".join(["emb.10000x32", *words]))


def test_a_switch_turned_there_and_back_at_once_leaves_the_picture_as_it_was(visit) -> None:
    page = visit("shapes?stack=emb.10000x32_lstm.32")
    for _time in range(5):
        # The server may hear both clicks at once; nothing changes for it then, and it sends no picture anew.
        switch(page, 0).evaluate("(box) => { box.click(); box.click(); }")
        expect(switch(page, 0)).not_to_be_checked()
        rested(page)
        stamp(page, "shapes_flow_0", "emb.10000x32_lstm.32")


def said(message: str, lang: str) -> str:
    return catalogue(lang).gettext(message)


def open_block(page: Page, layer: int, row: int = 0) -> Locator:
    page.locator(f".st-key-shapes_blocks_{row} [data-layer='{layer}'] .name").click()
    panel = page.locator(".st-key-shapes_panel")
    expect(panel).to_be_visible()
    return panel


def take_example(page: Page, message: str, lang: str = "en") -> None:
    page.locator(".st-key-shapes_example button").click()
    page.get_by_role("option", name=said(message, lang)).or_(
        page.get_by_role("menuitem", name=said(message, lang))
    ).click()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_toggle_and_picture_code_keras_and_link_say_so(visit, lang: str) -> None:
    page = visit("shapes", lang)
    picture, code = page.locator(".st-key-shapes_flow_0"), page.locator(".st-key-shapes_code")
    summary = page.locator(".st-key-shapes_word pre")
    # Keras is asked for the first time: its worker may be starting still.
    expect(summary).to_contain_text("(None, 32)", timeout=120_000)
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32")
    expect(picture).to_contain_text("(2, 32)")
    turn(page, 0)
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32.seq")
    expect(picture).to_contain_text("(batch, timesteps, 32)")
    expect(picture.locator(".dashed.slice")).to_have_count(0)
    expect(code).to_contain_text("layers.SimpleRNN(32, return_sequences=True)")
    expect(summary).to_contain_text("(None, None, 32)")
    expect(page).to_have_url(re.compile("stack=emb.10000x32_simplernn.32.seq"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_classic_mistake_is_refused_by_keras_explained_and_fixed_by_one_click(visit, lang: str) -> None:
    page = visit("shapes", lang)
    mistake = PRESETS["mistake_no_sequences"]
    problem = report(mistake).problem
    take_example(page, "Classic mistake: no sequence", lang)
    stamp(page, "shapes_flow_0", to_link(mistake))
    expect(page.get_by_text(re.compile("ValueError: Input 0 "))).to_be_visible(timeout=120_000)
    reason = said(problem.sentence, lang).format(**problem.values)
    expect(page.get_by_test_id("stAlert")).to_have_text(re.compile(re.escape(re.split("[`*]", reason)[0])))
    page.locator(".st-key-shapes_mend button").click()
    stamp(page, "shapes_flow_0", to_link(mend(mistake)[0]))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(".st-key-shapes_word pre")).to_contain_text("Total params")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_predict_then_reveal_explains_a_wrong_count_and_shows_what_was_hidden(visit, lang: str) -> None:
    page = visit("shapes?stack=emb.10000x32_lstm.64", lang)
    picture = page.locator(".st-key-shapes_flow_0")
    expect(picture).to_contain_text("(2, 64)")
    page.locator("[class*='st-key-ask-'] label").click()
    expect(picture).not_to_contain_text("(2, 64)")
    lines = page.locator(".st-key-written input")
    expect(lines).to_have_count(2)
    shape, count = lines.all()
    shape.fill("(batch, 64)")
    count.fill("24,576")
    check = page.locator(".st-key-written_check button")
    check.click()
    forgot = said("You forgot the bias: there are {missing} more parameters.", lang).format(missing=256)
    expect(page.get_by_text(forgot)).to_be_in_viewport(ratio=1)
    expect(picture).not_to_contain_text("(2, 64)")
    place = check.bounding_box()
    count.fill("24832")
    check.click()
    expect(picture).to_contain_text("(2, 64)")
    assert check.bounding_box() == place


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_in_a_real_batch_the_last_step_is_the_output_without_return_sequences(visit, lang: str) -> None:
    page = visit("shapes?stack=emb.10000x32_lstm.64", lang)
    page.locator("[class*='st-key-prove-'] label").click()
    proof = page.locator(".st-key-shapes_values")
    expect(proof.locator(".st-key-shapes_proof canvas").first).to_be_visible(timeout=120_000)
    equal = said(
        "`output[:, -1, :]` **equals** the output without `return_sequences`: the largest difference in the whole "
        "batch is **{output:.2g}**.",
        lang,
    ).format(output=0.0)
    expect(proof).to_contain_text(equal.replace("`", "").replace("**", ""))
    rested(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_copied_link_opens_the_same_stack_for_somebody_else(visit, lang: str) -> None:
    page = visit("shapes?stack=emb.10000x32_lstm.64", lang)
    turn(page, 0)
    expect(page).to_have_url(re.compile("stack=emb.10000x32_lstm.64.seq"))
    copied = visit(page.url.partition("/shapes")[2].join(["shapes", ""]).replace(f"&lang={lang}", ""), lang)
    stamp(copied, "shapes_flow_0", "emb.10000x32_lstm.64.seq")
    expect(switch(copied, 0)).to_be_checked()


def test_after_six_toggles_one_back_leaves_the_page(visit) -> None:
    page = visit("")
    page.get_by_role("link", name="Shapes").first.click()
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32")
    rested(page)
    for click in range(6):
        turn(page, 0)
        stamp(page, "shapes_flow_0", re.compile(r"\.seq$" if click % 2 == 0 else r"simplernn\.32$"))
    turn(page, 0)
    expect(page).to_have_url(re.compile("stack=emb.10000x32_simplernn.32.seq"))
    rested(page)
    page.go_back()
    expect(page.locator(".st-key-memory .picture")).to_be_visible()


def test_two_rapid_clicks_on_remove_remove_one_layer(visit) -> None:
    page = visit("shapes?stack=emb.100x8_lstm.8.seq_gru.4")
    panel = open_block(page, 1)
    box = panel.locator(".st-key-shapes_remove button").bounding_box()
    for _click in range(2):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stamp(page, "shapes_flow_0", "emb.100x8_lstm.8.seq")
    rested(page)
    stamp(page, "shapes_flow_0", "emb.100x8_lstm.8.seq")
    expect(panel).to_have_count(0)


def test_rapid_clicks_on_a_size_all_count(visit) -> None:
    page = visit("shapes?stack=emb.100x8_lstm.8")
    plus = open_block(page, 0).get_by_test_id("stNumberInputStepUp")
    box = plus.bounding_box()
    for _click in range(5):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stamp(page, "shapes_flow_0", "emb.100x8_lstm.13")
    expect(page.locator(".st-key-shapes_panel input[type=number]")).to_have_value("13")


def test_an_example_is_taken_after_fixing_eight_layers_with_an_editor_open(visit) -> None:
    page = visit("shapes?stack=" + "_".join(["emb.100x8", *["lstm.8"] * 8]))
    panel = open_block(page, 7, row=1)
    page.locator(".st-key-shapes_mend button").click()
    stamp(page, "shapes_flow_0", re.compile("seq_lstm.8$"))
    take_example(page, "The article: every state")
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32.seq")
    expect(panel).to_have_count(0)


@pytest.mark.parametrize("layer", [0, 7])
def test_the_editor_opens_in_sight(visit, layer: int) -> None:
    page = visit("shapes?stack=" + "_".join(["emb.100x8", *["lstm.8.seq"] * 8]))
    expect(open_block(page, layer, row=layer // 7)).to_be_in_viewport(ratio=1)
