"""From a control that moves to the repainted curves, and from a step of the walk to its matrices: 500 timesteps,
64 units, three cells.

    python -m tests.bench.bench_memory

Each value is one that the server has not seen before. A step is measured as a visitor takes it, 150 ms after the last
one stood there, when its pictures have been sent ahead; and as a leap, to where nothing was sent ahead.
"""

import os
from collections.abc import Iterable

from playwright.sync_api import Page

from tests.bench.in_browser import click_to_repaint, report, served_page

SIZE = "timesteps=500&units=64&ask=off"
ORTHOGONAL = f"{SIZE}&recipe=orthogonal"
CURVES, STEP = 200, 100

# Moves a slider as a hand does. Notes the frame in which a path of the picture has been drawn anew, for curves, or a
# stamp has been written, for a step; and when the page came to rest: nothing on it changes for 300 ms any more.
_MOVE = """([slider, picture, value, attribute]) => new Promise((done, fail) => {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const from = performance.now();
  let painted = null, last = null, quiet = null;
  const rested = () => {
    if (painted === null) return;
    all.disconnect();
    done([painted, Math.max(painted, last)]);
  };
  const all = new MutationObserver(() => {
    last = performance.now() - from;
    clearTimeout(quiet);
    quiet = setTimeout(rested, 300);
  });
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        painted = performance.now() - from;
        clearTimeout(quiet);
        quiet = setTimeout(rested, 300);
      };
      after.port2.postMessage(0);
    });
  });
  watch.observe(picture, { attributes: true, attributeFilter: [attribute], subtree: attribute !== "data-stamp" });
  all.observe(document.body, { attributes: true, childList: true, characterData: true, subtree: true });
  setter.call(slider, value);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => fail(new Error("the picture did not change within 10 s")), 10000);
})"""


def move(page: Page, slider: str, value: float, picture: str, attribute: str) -> tuple[float, float]:
    """Move a slider; return the milliseconds until the picture is painted anew, and until all is at rest."""
    track = page.locator(f".st-key-{slider} input[type=range]").element_handle()
    drawn = page.locator(f".st-key-{picture} .picture").element_handle()
    painted, rested = page.evaluate(_MOVE, [track, drawn, str(value), attribute])
    return painted, rested


def measure(page: Page, what: str, slider: str, values: Iterable[float], limit: float) -> None:
    """Report how long the curves take to follow a slider."""
    told(what, [move(page, slider, value, "curves", "d") for value in values], limit)


def told(what: str, times: list[tuple[float, float]], limit: float) -> None:
    painted, rested = zip(*times[2:], strict=True)
    report(what, list(painted), limit)
    report("    until all is at rest", list(rested))


def curves(way: str) -> None:
    with served_page(f"memory?{SIZE}&way={way}", "curves") as (_app, page):
        biases = [-5 + i / 2 for i in range(31) if i not in (10, 12)]
        measure(page, f"{way}: LSTM's forget bias → curves", "slider_forget_bias", biases, CURVES)
        measure(page, f"{way}: GRU's update bias → curves", "slider_update_bias", biases, CURVES)
        measure(page, f"{way}: timesteps → curves", "slider_timesteps", range(499, 460, -1), CURVES)
    with served_page(f"memory?{ORTHOGONAL}&way={way}", "curves") as (_app, page):
        measure(page, f"{way}: spectral radius → curves", "slider_radius", [i / 20 for i in range(1, 41) if i != 20],
                CURVES)  # fmt: skip
    with served_page(f"memory?{SIZE}&way={way}&cell=lstm&t=250", "curves") as (_app, page):
        measure(page, f"{way}: LSTM's forget bias, 250 steps walked → curves", "slider_forget_bias", biases, CURVES)


def walk(cell: str) -> None:
    with served_page(f"memory?{SIZE}&cell={cell}", "matrices") as (_app, page):
        steps = [click_to_repaint(page, ".st-key-transport button.next", "matrices") for _ in range(60)]
        report(f"{cell}: next → matrices", steps[5:], STEP)
        leaps = [move(page, "transport", (137 * i) % 499, "matrices", "data-stamp") for i in range(3, 33)]
        told(f"{cell}: leap to another timestep → matrices", leaps, STEP)


def epochs() -> None:
    with served_page("memory?network=trained&ask=off", "epochs") as (_app, page):
        stops = int(page.locator(".st-key-lapse input[type=range]").get_attribute("max") or 0)
        there = [*range(stops - 1, -1, -1), *range(1, stops + 1)] * 2
        told("trained: epoch → curves", [move(page, "lapse", stop, "curves", "d") for stop in there], CURVES)


def main() -> None:
    curves("back")
    for cell in ("simple_rnn", "lstm", "gru"):
        walk(cell)
    curves("forth")
    epochs()
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
