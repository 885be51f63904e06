"""How a picture is drawn: scenes in, elements of a real browser out. No server is needed for it."""

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from rnn_core.cells.simple_rnn import simple_rnn_forward
from rnn_core.cells.toy import toy_inputs, toy_weights
from rnn_core.charts import palette, toy
from rnn_core.charts import scene as s
from rnn_core.explain.first_input import first_input_left
from tests.charts.contrast import contrast
from tests.charts.labels import LABELS

# As pages.common.browser puts them together.
SCRIPTS = (Path("pages/common/store.js"), Path("pages/elements/picture.js"))
STYLES = Path("pages/elements/picture.css")


@pytest.fixture
def draw(chromium: Browser):
    """Return a function that draws a scene on a ground, and then the next one in its place."""
    page = chromium.new_page()
    page.set_content('<div id="place"><div class="picture"></div></div>')
    page.add_style_tag(content=palette.as_css() + STYLES.read_text("utf-8"))
    script = "".join(file.read_text("utf-8") for file in SCRIPTS)
    page.add_script_tag(content=script.replace("export default function", "window.draw = function"), type="module")
    page.wait_for_function("window.draw !== undefined")

    def drawn(scene: s.Scene, theme: str = "light") -> Page:
        page.evaluate(
            """([data, ground]) => {
              const place = document.getElementById("place");
              place.style.setProperty("--st-background-color", ground);
              document.body.style.background = ground;
              window.draw({ data, parentElement: place, setTriggerValue: () => null });
            }""",
            [json.loads(json.dumps(scene)), getattr(palette.GROUND, theme)],
        )
        return page

    yield drawn
    page.close()


def small_network(t: int = 3) -> s.Scene:
    weights = toy_weights(3, 4, "small", 0)
    trace = simple_rnn_forward(toy_inputs(6, 3, 0)[np.newaxis], weights)
    return toy.unrolled(trace=trace, t=t, labels=LABELS, left=first_input_left(trace))


def as_hex(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour.removeprefix("rgb(").removesuffix(")").split(",")[:3])


def mixed(over: str, ground: str, share: float) -> str:
    parts = [(int(over[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in parts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_number_can_be_read_on_every_colour_of_its_ground(draw, theme: str) -> None:
    values = np.linspace(-1, 1, 41)
    marks = []
    for i, value in enumerate(values):
        marks += [s.rect(20 * i, 0, 18, 18, v=value), s.text(20 * i, 14, "0", on=value)]
    page = draw(s.scene(900, 20, "numbers", marks), theme)
    grounds, texts = (
        page.locator(f".picture {tag}").evaluate_all("all => all.map((e) => getComputedStyle(e).fill)")
        for tag in ("rect", "text")
    )
    assert len(grounds) == len(texts) == len(values)
    assert min(contrast(as_hex(g), as_hex(t)) for g, t in zip(grounds, texts, strict=True)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_past_in_a_small_network_keeps_its_contrast(draw, theme: str) -> None:
    page = draw(small_network(5), theme)
    ground = getattr(palette.GROUND, theme)
    opacity, strokes = page.locator("path.past").evaluate_all(
        "all => [getComputedStyle(all[0]).opacity, [...new Set(all.map((e) => getComputedStyle(e).stroke))]]"
    )
    assert min(contrast(mixed(as_hex(stroke), ground, float(opacity)), ground) for stroke in strokes) >= 3
    past = page.locator('circle[data-node^="x1."], circle[data-node^="h1."]')
    assert set(past.evaluate_all("all => all.map((e) => getComputedStyle(e).opacity)")) == {"1"}


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_node_quietens_the_edges_of_all_others_until_it_is_left(draw, way: str) -> None:
    page = draw(small_network())
    node = page.locator('[data-node="h2.1"]')
    node.focus() if way == "focus" else node.hover(force=True)
    quiet = page.locator("[data-quiet]")
    own = 3 + 4 + 1 + 4  # inputs, states and bias that go into it, and the states it goes into
    expect(quiet).to_have_count(6 * 4 * 8 - own)
    assert not [e for e in quiet.evaluate_all("all => all.map((e) => e.dataset.ends)") if "h2.1" in e.split()]
    page.evaluate("document.activeElement.blur()") if way == "focus" else page.mouse.move(0, 0)
    expect(quiet).to_have_count(0)


def test_an_arrows_head_is_wider_than_its_line_which_ends_below_it(draw) -> None:
    widths = (1.0, 2.5, 6.5)
    marks = [s.path(f"M10 {20 + 30 * i}H110", w=width, arrow=True) for i, width in enumerate(widths)]
    page = draw(s.scene(200, 120, "arrows", marks))
    for i, width in enumerate(widths):
        line = page.locator(".picture svg > path").nth(i)
        head = line.get_attribute("marker-end").removeprefix("url(#").removesuffix(")")
        size = float(page.locator(f"#{head}").get_attribute("markerWidth"))
        assert size >= 2 * width + 3
        drawn = float(line.get_attribute("stroke-dasharray").split()[0])
        assert 100 - size <= drawn + width / 2 <= 100 - 0.2 * size, "its round end lies under the head"


def test_another_timestep_changes_no_element_but_their_looks(draw) -> None:
    page = draw(small_network(2))
    page.evaluate("window.before = [...document.querySelectorAll('.picture svg > *')]")
    draw(small_network(3))
    assert page.evaluate(
        "[...document.querySelectorAll('.picture svg > *')].every((element, i) => element === window.before[i])"
    )
    expect(page.locator('[data-node="h3.0"]')).to_have_attribute("data-pick", "h:0:2")
