"""From a click on next to the repainted strip, and from a click on a number to its arithmetic: 100 timesteps, 64 units.

    python -m tests.bench.bench_gates
"""

from playwright.sync_api import Page

from tests.bench.in_browser import click_to_repaint, report, served_page

SIZE = "timesteps=100&units=64&input=sine&ask=off"

# Clicks a cell of a heat map, waits until the arithmetic's picture carries a new stamp and has been painted.
_OPEN = """([canvas, picture, row, column]) => new Promise((done, fail) => {
  const from = performance.now(), box = canvas.getBoundingClientRect(), now = canvas.mark;
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
  });
  watch.observe(picture, { attributes: true, attributeFilter: ["data-stamp"] });
  canvas.dispatchEvent(new MouseEvent("click", {
    clientX: box.left + (column + 0.5) / now.cols * box.width, clientY: box.top + (row + 0.5) / now.rows * box.height,
  }));
  setTimeout(() => fail(new Error("the arithmetic did not change within 10 s")), 10000);
})"""


def open_to_repaint(page: Page, row: int, column: int) -> float:
    """Click a forget gate in the strip; return the milliseconds until its arithmetic is painted."""
    canvas = page.locator(".st-key-strip canvas[aria-label*='forget']").element_handle()
    panel = page.locator(".st-key-arithmetic_products .picture").element_handle()
    return page.evaluate(_OPEN, [canvas, panel, row, column])


def main() -> None:
    for cell in ("lstm", "gru", "simple_rnn"):
        with served_page(f"cells?cell={cell}&{SIZE}", "strip") as (_app, page):
            times = [click_to_repaint(page, ".st-key-transport button.next", "strip") for _ in range(80)]
            report(f"{cell}: next → repainted", times[5:], 100)
    with served_page(f"cells?t=100&open=forget_gate:0:0&{SIZE}", "strip") as (_app, page):
        page.locator(".st-key-arithmetic_products .picture[data-stamp]").wait_for()
        times = [open_to_repaint(page, (7 * i) % 64, (13 * i) % 100) for i in range(1, 61)]
        report("click on a number → its arithmetic", times[5:], 150)


if __name__ == "__main__":
    main()
