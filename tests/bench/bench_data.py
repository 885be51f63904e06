"""From a control that moves to the repainted journey and lengths, with all of IMDB; and what the web process weighs.

    RNN_IMDB_DIR=folder python -m tests.bench.bench_data

Each value is one that the server has not seen before.
"""

import os

import psutil
from playwright.sync_api import Page

from tests.bench.bench_memory import move, told
from tests.bench.in_browser import click_to_repaint, report, served_page

LIMIT = 100
IMDB = "data?source=imdb&ask=off&t=4"


def measure(page: Page, what: str, slider: str, values: range, picture: str, attribute: str) -> None:
    told(what, [move(page, slider, value, picture, attribute) for value in values], LIMIT)


def main() -> None:
    for source, path in (("IMDB", IMDB), ("IMDB behind, LSTM", f"{IMDB}&padding=post&cell=lstm")):
        with served_page(path, "journey") as (app, page):
            measure(page, f"{source}: maxlen → journey", "slider_maxlen", range(600, 280, -10), "journey", "data-tip")
            measure(page, f"{source}: maxlen → lengths", "slider_maxlen", range(800, 600, -10), "lengths", "d")
            measure(page, f"{source}: num_words → journey", "slider_num_words", range(500, 15_000, 500), "journey",
                    "data-tip")  # fmt: skip
            print(f"    the web process: {psutil.Process(app.process.pid).memory_info().rss / 2**20:.0f} MB")
    with served_page("data?source=imdb&ask=off", "journey") as (_app, page):
        steps = []
        for _ in range(8):
            steps += [click_to_repaint(page, ".st-key-transport button.next", "journey") for _ in range(4)]
            click_to_repaint(page, ".st-key-transport button.first", "journey")
        report("IMDB: next → journey", steps[2:], LIMIT)
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
