"""Our own rules, Keras' own word, and from a toggle to the repainted picture in Chromium, in milliseconds.

python -m tests.bench.bench_shapes            # all
python -m tests.bench.bench_shapes browser    # only what the visitor waits for
"""

import sys
import time

from playwright.sync_api import Page

from rnn_core.export.shapes import as_code, model_lines
from rnn_core.models.stack import keras_answer, keras_values
from rnn_core.shapes import PRESETS, Embedding, Recurrent, Stack, mend
from rnn_core.shapes import report as count
from rnn_core.shapes.link import from_link, to_link
from tests.bench.in_browser import click_to_repaint, report, served_page

STACKS = {
    "article, 5 layers": PRESETS["stacked_simple_rnn"],
    "impossible": PRESETS["mistake_no_sequences"],
    "largest, 8 × bidirectional": Stack(
        Embedding(), tuple(Recurrent("lstm", 64, return_sequences=True, bidirectional=True) for _ in range(8))
    ),
}

# Clicks, and waits until the tensors are repainted and until Keras' summary says `text`: the milliseconds to each.
_CLICK = """([button, picture, text]) => new Promise((done, fail) => {
  const from = performance.now();
  const painted = () => new Promise((then) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => then(performance.now() - from);
    after.port2.postMessage(0);
  }));
  const there = () => (document.querySelector(".st-key-shapes_word")?.textContent || "").includes(text);
  const tensors = new Promise((then) => {
    const watch = new MutationObserver(() => { watch.disconnect(); painted().then(then); });
    watch.observe(picture, { attributes: true, attributeFilter: ["data-stamp"] });
  });
  const word = new Promise((then) => {
    const watch = new MutationObserver(() => { if (there()) { watch.disconnect(); painted().then(then); } });
    watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  Promise.all([tensors, word]).then(done);
  button.click();
  setTimeout(() => fail(new Error("Keras' word did not come within 20 s")), 20000);
})"""


def milliseconds(function, times):
    """Median and 95th percentile after one warm-up."""
    function()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    return f"{taken[len(taken) // 2]:9.2f} {taken[int(0.95 * len(taken))]:9.2f}"


def our_rules(stack):
    count(stack)
    mend(stack)
    as_code(model_lines(stack))
    from_link(to_link(stack))


def in_process() -> None:
    print(f"{'':45}{'median':>9} {'p95':>9}  ms")
    for name, stack in STACKS.items():
        raw = stack.to_json()
        print(f"{name + ': our rules, code and link':45}", milliseconds(lambda s=stack: our_rules(s), 200))
        print(f"{name + ': keras_answer, warm':45}", milliseconds(lambda r=raw: keras_answer(r), 20))
        print(f"{name + ': keras_values (2, 6), warm':45}", milliseconds(lambda r=raw: keras_values(r), 10))


def switch(layer: int) -> str:
    """Where a layer's return_sequences is turned."""
    return f".st-key-shapes_blocks_0 [data-layer='{layer}'] input"


def keras_word(page: Page, layer: int, expected: str) -> tuple[float, float]:
    """Click a layer's switch; return the milliseconds until the tensors, and until Keras' summary says `expected`."""
    button = page.locator(switch(layer)).element_handle()
    picture = page.locator(".st-key-shapes_flow_0 .picture").element_handle()
    tensors, word = page.evaluate(_CLICK, [button, picture, expected])
    return tensors, word


def in_browser() -> None:
    with served_page("shapes", "shapes_flow_0") as (app, page):
        # Ready once the first summary stands there: the worker is warm.
        page.locator(".st-key-shapes_word pre").wait_for(timeout=120_000)
        for name, layer in (("embedding_simple_rnn", 0), ("stacked_simple_rnn", 3)):
            page.goto(f"{app.url}/shapes?stack={to_link(PRESETS[name])}")
            page.locator(".st-key-shapes_word pre").wait_for()
            times = []
            for _ in range(60):
                times.append(click_to_repaint(page, switch(layer), "shapes_flow_0"))
                page.wait_for_timeout(150)
            report(f"toggle → tensors repainted, {name}", times[5:], 100)
        warm, kept = [], []
        for units in range(33, 53):
            page.goto(f"{app.url}/shapes?stack=emb.10000x32_lstm.{units}")
            page.locator(".st-key-shapes_word pre").wait_for()
            warm.append(keras_word(page, 0, f"(None, None, {units})"))
            page.wait_for_timeout(150)
            keras_word(page, 0, f"(None, {units})")
            page.wait_for_timeout(150)
            kept.append(keras_word(page, 0, f"(None, None, {units})"))
        report("toggle → Keras' summary, new to a warm worker", [word for _tensors, word in warm], 300)
        report("toggle → Keras' summary, answered before", [word for _tensors, word in kept], 50)


if __name__ == "__main__":
    if "browser" not in sys.argv[1:]:
        in_process()
    in_browser()
