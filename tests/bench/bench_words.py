"""From a text of 500 words to the numbers of the page: four networks of the size that IMDB is learnt with.

    python -m tests.bench.bench_words

In this process alone, without a browser: the verdict after each word, the edit of a word in the middle, saliency, and
each word left out.
"""

import os
import time
from collections.abc import Callable

import numpy as np

from rnn_core.cells import initial_weights
from rnn_core.cells.registry import CELLS
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.trained import Trained
from rnn_core.models.verdict import Judge, left_out, reading, reread, saliency
from tests.bench.in_browser import report

WORDS, VOCABULARY, FEATURES, UNITS = 500, 10_000, 32, 32


def networks() -> dict[str, Judge]:
    random = np.random.default_rng(1)
    embedding = random.normal(size=(VOCABULARY, FEATURES)).astype("float32")
    kernel, bias = random.normal(size=(UNITS, 1)).astype("float32"), np.zeros(1, "float32")
    judges: dict[str, Judge] = {"bag of words": BagOfWords(embedding, kernel, bias)}
    for cell in CELLS:
        weights = initial_weights(cell, FEATURES, UNITS, seed=1)
        judges[cell] = Trained(cell, embedding, ((weights,),), kernel, bias, "binary")
    return judges


def measured(what: Callable[[], object], times: int) -> list[float]:
    """Return how many milliseconds it took, each time."""
    taken = []
    for _ in range(times + 2):
        start = time.perf_counter()
        what()
        taken.append(1000 * (time.perf_counter() - start))
    return taken[2:]


def main() -> None:
    judges, tokens = networks(), np.random.default_rng(2).integers(4, VOCABULARY, WORDS)
    before = {name: reading(judge, tokens) for name, judge in judges.items()}
    edited = tokens.copy()
    edited[WORDS // 2] = 3
    jobs: dict[str, tuple[Callable[[str], object], int]] = {
        "verdict after each word": (lambda name: reading(judges[name], tokens), 20),
        "word 250 changed": (lambda name: reread(before[name], edited), 20),
        "saliency": (lambda name: saliency(judges[name], tokens, read=before[name]), 20),
        "each word left out": (lambda name: left_out(judges[name], tokens), 5),
    }
    for what, (job, times) in jobs.items():
        for name in judges:
            report(f"{name}: {what}", measured(lambda name=name: job(name), times))
        report(f"all four: {what}", measured(lambda: [job(name) for name in judges], times))
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
