"""The shapes in a real browser: switches that are clicked fast, and a visitor's way through the page."""

import re

import pytest
from playwright.sync_api import Page, expect

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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_visitor_toggles_mends_predicts_and_sees_keras_agree(visit, lang: str) -> None:
    def said(message: str) -> str:
        return catalogue(lang).get(message, message)

    page = visit("shapes", lang)
    picture, code = page.locator(".st-key-shapes_flow_0"), page.locator(".st-key-shapes_code")
    summary = page.locator(".st-key-shapes_word pre")
    # Keras is asked for the first time: its worker may be starting still.
    expect(summary).to_contain_text("(None, 32)", timeout=120_000)
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32")
    expect(picture).to_contain_text("(2, 32)")

    # One toggle, and the picture, the code and Keras' own summary say so.
    turn(page, 0)
    stamp(page, "shapes_flow_0", "emb.10000x32_simplernn.32.seq")
    expect(picture).to_contain_text("(batch, timesteps, 32)")
    expect(picture.locator(".dashed.slice")).to_have_count(0)
    expect(code).to_contain_text("layers.SimpleRNN(32, return_sequences=True)")
    expect(summary).to_contain_text("(None, None, 32)")
    expect(page).to_have_url(re.compile("stack=emb.10000x32_simplernn.32.seq"))

    # A classic mistake: Keras' error word for word, our reason, and one click that mends it.
    mistake = PRESETS["mistake_no_sequences"]
    problem = report(mistake).problem
    page.locator(".st-key-shapes_example input").click()
    page.get_by_role("option", name=said("no sequence")).click()
    stamp(page, "shapes_flow_0", to_link(mistake))
    expect(page.get_by_text(re.compile("ValueError: Input 0 "))).to_be_visible()
    reason = said(problem.sentence).format(**problem.values)
    expect(page.get_by_test_id("stAlert")).to_have_text(re.compile(re.escape(re.split("[`*]", reason)[0])))
    page.locator(".st-key-shapes_mend button").click()
    stamp(page, "shapes_flow_0", to_link(mend(mistake)[0]))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(summary).to_contain_text("Total params")

    # Predict, then reveal: a wrong count is explained, the right one shows what was hidden.
    page.goto(page.url.partition("?")[0] + f"?lang={lang}&stack=emb.10000x32_lstm.64")
    rested(page)
    expect(picture).to_contain_text("(2, 64)")
    page.locator(".st-key-shapes_predict label").click()
    expect(picture).not_to_contain_text("(2, 64)")
    page.locator(".st-key-shapes_guess_shape input").fill("(batch, 64)")
    page.locator(".st-key-shapes_guess_count input").fill("24,576")
    page.locator(".st-key-shapes_check button").click()
    forgot = said("You forgot the bias: there are {missing} more parameters.").format(missing=256)
    expect(page.get_by_text(forgot)).to_be_visible()
    expect(picture).not_to_contain_text("(2, 64)")
    page.locator(".st-key-shapes_guess_count input").fill("24832")
    page.locator(".st-key-shapes_check button").click()
    expect(picture).to_contain_text("(2, 64)")

    # A real batch: the last step is the output without return_sequences, to the last digit.
    page.locator(".st-key-shapes_prove label").click()
    proof = page.locator(".st-key-shapes_values")
    expect(proof.locator(".st-key-shapes_proof canvas").first).to_be_visible(timeout=60_000)
    equal = said(
        "`output[:, -1, :]` **equals** the output without `return_sequences`: the largest difference in the whole "
        "batch is **{output:.2g}**."
    ).format(output=0.0)
    expect(proof).to_contain_text(equal.replace("`", "").replace("**", ""))
    rested(page)

    # The link opens the same stack for somebody else.
    turn(page, 0)
    stamp(page, "shapes_flow_0", "emb.10000x32_lstm.64.seq")
    expect(page).to_have_url(re.compile("stack=emb.10000x32_lstm.64.seq"))
    copied = visit(page.url.partition("/shapes")[2].join(["shapes", ""]).replace(f"&lang={lang}", ""), lang)
    stamp(copied, "shapes_flow_0", "emb.10000x32_lstm.64.seq")
    expect(switch(copied, 0)).to_be_checked()
