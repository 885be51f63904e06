"""A visitor in a real browser who clicks, types and goes back without a plan, and looks after each action.

    python -m tests.browser.walker --seed 3 --minutes 6
    python -m tests.browser.walker --seed 0 1 2 3 --minutes 6 --url http://localhost:8501

prints a line per seed. The same seed takes the same decisions as long as the pages offer the same things at the same
moments. What goes wrong is printed with the last actions that led there and a screenshot, and the walk begins anew.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PageLeft
from playwright.sync_api import TimeoutError as Late

from pages.common.language import catalogue
from tests.browser.conftest import FLAGS, App
from tests.left_out import browser as find_browser
from tests.pages.links_of_before import LINKS, address

PAGES = ("", "step_through", "shapes", "cells", "memory", "data", "word_by_word", "train")
LAST = 15  # actions that are told of a failure
LONGEST_STAY = 25  # actions on one page
PATIENCE = 60_000  # milliseconds for a page to come to rest
KEYS = ("ArrowRight", "ArrowLeft", "Space", "Home", "End", "Escape", "Tab", "PageDown")
TYPED = ("3", "0", "12", "-1", "1e9", "abc", "", "0.5", "(batch, 32)", "not bad at all", "这部电影不好看")
ERROR = re.compile(r"encountered an error|Traceback|Bad message format|Connection error", re.IGNORECASE)
# What is never pressed, and what is pressed once in a while and stopped again.
NEVER = ("Yes, delete",)
SELDOM = ("Start training", "Start with a new seed", "Resume", "+1 epoch")

# All that can be clicked or typed into, in our own elements, too; each by what a visitor would call it.
COLLECT = """() => {
  const found = [], kinds = {
    mark: "[data-pick]", canvas: "canvas", link: "[data-testid=stPageLink-NavLink]", choice: "[role=radio]",
    tab: "[role=tab]", fold: "summary", option: "[role=option]", menuitem: "[role=menuitem]", select: "select",
    range: "input[type=range]", switch: "[role=switch], input[type=checkbox]", box: "[role=combobox]",
    field: "input, textarea", button: "button, [role=button]" };
  const outside = "header, [data-testid=stToolbar], [data-testid=stElementToolbar], [data-testid=stException], " +
    "[data-testid=stDownloadButton], [data-testid=stFullScreenFrame] > [data-testid=stElementToolbar]";
  const visit = (root) => {
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) visit(e.shadowRoot);
      const kind = Object.keys(kinds).find((k) => e.matches(kinds[k]));
      if (!kind || e.disabled || e.ariaDisabled === "true" || e.closest(outside) || e.closest("[inert]")) continue;
      const box = (e.matches("input") && e.closest("label") || e).getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !e.checkVisibility({ visibilityProperty: true })) continue;
      const name = e.getAttribute("aria-label") || e.dataset.pick || e.textContent || e.value || "";
      found.push({ kind, name: name.trim().replace(/\\s+/g, " ").slice(0, 60), element: e });
    }
  };
  visit(document);
  window.walkerFound = found.map(({ element }) => element);
  return found.map(({ kind, name }) => [kind, name]);
}"""
PLACE = """([index, across, down]) => {
  const found = window.walkerFound[index];
  const e = found.matches("input") && found.closest("label") || found;
  e.scrollIntoView({ block: "center", inline: "center" });
  const box = e.getBoundingClientRect();
  return [box.x + box.width * across, box.y + box.height * down];
}"""
# Two frames: by then a click has been handed to the server, if it was meant for it.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
RESTED = "() => document.querySelector('[data-test-script-state=notRunning]') && document.querySelector('h1')"
LOOK = """() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.innerText);
  const pictures = [];
  const visit = (root) => root.querySelectorAll("*").forEach((e) => {
    if (e.shadowRoot) visit(e.shadowRoot);
    if (e.matches(".picture")) pictures.push(e.querySelectorAll("svg > :not(defs)").length);
  });
  visit(document);
  return { exceptions: texts("[data-testid=stException]"), dialogs: texts("[data-testid=stDialog]"),
    alerts: texts("[role=alert]"), title: texts("h1").join(), pictures,
    calm: texts("[data-testid=stException]").length === 0,
    whole: texts("h1").join().trim() !== "" && pictures.every((marks) => marks > 0) &&
      pictures.length + document.querySelectorAll("[data-testid=stVegaLiteChart]").length > 0 };
}"""


class WrongTurn(AssertionError):
    """Something went wrong on a walk; says what, and how one gets there."""


@dataclass
class Walk:
    """One visitor's walk; `step()` takes one action and looks."""

    page: Page
    url: str
    seed: int
    folder: Path
    taken: int = 0
    stayed: int = 0
    seen: Counter = field(default_factory=Counter)
    last: deque = field(default_factory=lambda: deque(maxlen=LAST))
    thrown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.page.on("pageerror", lambda error: self.thrown.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.visit("")

    # --- What it does -----------------------------------------------------------------------------------------

    def step(self) -> None:
        """Take one action, wait until the page is at rest, and look; now and then be too quick to wait."""
        try:
            self._step()
        except PageLeft as left:
            if "context was destroyed" not in str(left):  # whoever goes back may get another document only now
                raise

    def _step(self) -> None:
        self.taken += 1
        name = self.where()
        self.seen[name or "home"] += 1
        self.stayed += 1
        if self.stayed > LONGEST_STAY:
            self.visit(self.draw.choice([page for page in PAGES if page != name]))
        else:
            self.draw.choices(
                (self.click, self.press_a_key, self.go_back, self.open_link),
                (80, 12, 5, 3),
            )[0]()
        if self.draw.random() < 0.2:
            return
        self.rest()
        self.look()

    def where(self) -> str:
        return self.page.url.removeprefix(self.url).strip("/").partition("?")[0].strip("/")

    def visit(self, path: str) -> None:
        self.told(f"opens /{path}")
        self.stayed = 0
        self.page.goto(f"{self.url}/{path}", timeout=PATIENCE)
        self.rest()

    def open_link(self) -> None:
        """Open a link as one gets it from somebody."""
        page, lang, link = self.draw.choice(LINKS)
        self.visit(address(page, lang, link).removeprefix("home"))

    def click(self) -> None:
        """Click on something; what there is many of, such as the marks of a picture, is not clicked more often."""
        offered: dict[str, list[tuple[int, str]]] = {}
        for index, (kind, name) in enumerate(self.page.evaluate(COLLECT)):
            if not _is(name, NEVER) and not (_is(name, SELDOM) and self.draw.random() < 0.97):
                offered.setdefault(kind, []).append((index, name))
        kinds = sorted(offered)
        if not kinds:
            return
        weights = [{"button": 5, "mark": 3, "option": 6, "menuitem": 6, "link": 0.6}.get(kind, 2) for kind in kinds]
        kind = self.draw.choices(kinds, weights)[0]
        index, name = self.draw.choice(offered[kind])
        across, down = (self.draw.random(), self.draw.random()) if kind in ("canvas", "range") else (0.5, 0.5)
        x, y = self.page.evaluate(PLACE, [index, across, down])
        if kind == "field":
            self.type_into(index, name)
        elif kind == "select":
            self.told(f"chooses another {name!r}")
            self.page.evaluate("""(index) => { const e = window.walkerFound[index];
                e.selectedIndex = (e.selectedIndex + 1) % e.options.length;
                e.dispatchEvent(new Event("change", { bubbles: true })); }""", index)
        else:
            times = self.draw.choices((1, 2, 5), (85, 12, 3))[0]
            self.told(f"clicks {kind} {name!r}" + (f" {times} times" if times > 1 else ""))
            self.page.mouse.click(x, y, click_count=times)
        if _is(name, SELDOM):
            self.stop_training()

    def type_into(self, index: int, name: str) -> None:
        text = self.draw.choice(TYPED)
        self.told(f"types {text!r} into {name!r}")
        self.page.evaluate("(i) => { window.walkerFound[i].focus(); window.walkerFound[i].select?.(); }", index)
        self.page.keyboard.insert_text(text) if text else self.page.keyboard.press("Delete")
        self.page.keyboard.press(self.draw.choice(("Enter", "Tab")))

    def press_a_key(self) -> None:
        key = self.draw.choice(KEYS)
        times = self.draw.choice((1, 1, 1, 6))
        self.told(f"presses {key}" + (f" {times} times" if times > 1 else ""))
        # Space on a button is a click: of those that are pressed seldom, too.
        if key == "Space" and self.page.evaluate("() => document.activeElement?.matches('button, a, [role=button]')"):
            key = "Escape"
        for _time in range(times):
            self.page.keyboard.press(key)

    def go_back(self) -> None:
        forward = self.draw.random() < 0.4
        self.told("goes forward" if forward else "goes back")
        (self.page.go_forward if forward else self.page.go_back)(timeout=PATIENCE)
        if not self.page.url.startswith(self.url):
            self.visit("")

    def stop_training(self) -> None:
        """Nothing is left to train for long."""
        self.told("stops the training")
        for word in ("Stop", catalogue("zh").gettext("Stop")):
            stop = self.page.get_by_role("button", name=word, exact=True)
            try:
                if stop.count():
                    stop.first.click(timeout=10_000)
            except Late:
                self.told("… which had ended, or never began")

    # --- What it looks at -------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Wait until the page's script has run to its end."""
        try:
            self.page.evaluate(FRAMES)
            self.page.wait_for_function(RESTED, timeout=PATIENCE)
        except Late:
            self.wrong("the page does not come to rest")

    def look(self) -> None:
        """Look whether anything is wrong on a page at rest."""
        try:  # a page that was left, or its last messages, may be a moment late
            seen = f"() => {{ const seen = ({LOOK})(); return seen.whole || !seen.calm; }}"
            self.page.wait_for_function(seen, timeout=PATIENCE)
        except Late:
            self.told("… and waits")
        sight = self.page.evaluate(LOOK)
        if not sight["whole"] and sight["calm"]:  # it was the page before that had been whole
            try:
                self.page.wait_for_function(seen, timeout=PATIENCE)
            except Late:
                self.told("… and waits")
            sight = self.page.evaluate(LOOK)
        if self.thrown:
            self.wrong(f"a script threw {self.thrown[:3]}")
        if sight["exceptions"]:
            self.wrong(f"the error box: {sight['exceptions'][0][:80]} …")
        if said := [text for text in sight["alerts"] + sight["dialogs"] if ERROR.search(text)]:
            self.wrong(f"the page says: {said[0][:200]}")
        if not sight["whole"]:
            self.wrong(f"no title {sight['title']!r}, or no picture, by marks: {sight['pictures']}")

    def told(self, action: str) -> None:
        self.last.append(f"{self.taken}: on /{self.where() or 'home'} {action}")

    def wrong(self, what: str) -> None:
        picture = self.folder / f"seed{self.seed}_action{self.taken}.png"
        self.page.screenshot(path=picture)
        steps = "\n  ".join(self.last)
        raise WrongTurn(f"{what}\nseed {self.seed}, action {self.taken}, now at {self.page.url}\n  {steps}\n{picture}")


def _is(name: str, messages: tuple[str, ...]) -> bool:
    return name in messages or name in {catalogue("zh").gettext(message) for message in messages}


def walk(browser: Browser, url: str, seed: int, seconds: float, folder: Path) -> Walk:
    """Walk for so long as a new visitor; raises WrongTurn at the first thing that is wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        until = time.monotonic() + seconds
        walked = Walk(context.new_page(), url.rstrip("/"), seed, folder)
        while time.monotonic() < until:
            walked.step()
        walked.rest()
        walked.look()
        return walked
    finally:
        context.close()


def walks(browser: Browser, url: str, seed: int, seconds: float, folder: Path) -> int:
    """Walk for so long, with another visitor after each thing that went wrong; print and count those."""
    until, wrong, visits, actions = time.monotonic() + seconds, 0, 0, 0
    while (left := until - time.monotonic()) > 0:
        try:
            # Each visitor of a seed has a seed of its own: the first the seed itself.
            actions += walk(browser, url, seed + 1000 * visits, left, folder).taken
        except WrongTurn as turn:
            wrong += 1
            print(f"\n!! {turn}\n", flush=True)
        visits += 1
    print(f"seed {seed}: {visits} visitors, {actions} actions of those who met nothing wrong, {wrong} wrong turns, "
          f"{seconds / 60:.1f} minutes", flush=True)  # fmt: skip
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="for each seed")
    parser.add_argument("--url", help="of a server that runs; without it one is started")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="walker_"))
    app = None if chosen.url else App(folder)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
            url = chosen.url or app.url
            return int(any([walks(browser, url, seed, chosen.minutes * 60, folder) for seed in chosen.seed]))
    finally:
        if app:
            app.stop()
            print(f"The server's log, with each error's cause: {folder / 'server.log'}")


if __name__ == "__main__":
    sys.exit(main())
