"""From Enter, or a changed word, to the repainted verdict: a text of 500 words, four networks.

    python -m tests.bench.bench_word_by_word

Each text is one that the server has not seen before.
"""

import random
from collections.abc import Callable

from playwright.sync_api import Page

from rnn_core.tasks.small_reviews import SYMBOLS
from tests.bench.in_browser import report, served_page

ENTER, CHANGED, TIMES = 300, 150, 20
# From now until a curve has another path, and that frame has been painted.
_REPAINTED = """(picture) => { window.repainted = new Promise((done, fail) => {
  const from = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(performance.now() - from);
      painted.port2.postMessage(0);
    });
  });
  watch.observe(picture, { attributes: true, childList: true, attributeFilter: ["d", "class"], subtree: true });
  setTimeout(() => fail(new Error("the picture did not change within 10 s")), 10000);
}); }"""


def text(seed: int) -> str:
    return " ".join(random.Random(seed).choices(SYMBOLS[1:], k=500))


def _repainted(page: Page, act: Callable[[], object]) -> float:
    """Do something; return the milliseconds until the verdict's picture is repainted."""
    page.evaluate(_REPAINTED, page.locator(".st-key-verdict .picture").element_handle())
    act()
    taken = page.evaluate("window.repainted")
    page.wait_for_timeout(600)
    return taken


def typed(page: Page, words: str) -> float:
    """Replace the text; return the milliseconds from Enter to the repainted picture."""
    line = page.locator(".st-key-word_by_word_text input, [data-testid=stTextInput] input").first
    line.fill(words)
    return _repainted(page, lambda: line.press("Enter"))


def changed(page: Page, word: str) -> float:
    """Put another word in the place of the one that was read last; return the milliseconds until it is repainted."""
    line = page.locator("[class*='st-key-edit_'] input").filter(visible=True)
    line.fill(word)
    return _repainted(page, lambda: line.press("Enter"))


def left_out(page: Page) -> float:
    """Leave the word out that was read last, so that all later ones move; return the milliseconds likewise."""
    return _repainted(page, lambda: page.evaluate("document.querySelector('.st-key-leave_out button').click()"))


def main() -> None:
    with served_page("word_by_word?ask=off", "verdict") as (_app, page):
        report("Enter → picture, 500 words", [typed(page, text(n)) for n in range(TIMES)], ENTER)
        page.locator(".st-key-transport input[type=range]").fill("250")
        page.wait_for_timeout(1500)
        words = random.Random(7).sample(SYMBOLS[2:], TIMES)
        report("a changed word → picture, 500 words", [changed(page, word) for word in words], CHANGED)
        report("a word left out → picture, 500 words", [left_out(page) for _ in range(TIMES)], CHANGED)


if __name__ == "__main__":
    main()
