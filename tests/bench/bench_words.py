"""From a text of 500 words to the numbers of the page: four networks of the size that IMDB is learnt with.

    python -m tests.bench.bench_words

In this process alone, without a browser: the verdict after each word, the edit of a word in the middle, saliency, and
each word left out. Then the picture of the verdict as data, and the numbers before an edit laid beside it.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from rnn_core import environment

# As in the web process: on a busy machine two threads mostly wait for each other.
environment.compute_with_one_thread()

import numpy as np  # noqa: E402

from rnn_core.cells import initial_weights  # noqa: E402
from rnn_core.cells.registry import CELLS  # noqa: E402
from rnn_core.charts.words import carried, verdict  # noqa: E402
from rnn_core.models.bag_of_words import BagOfWords  # noqa: E402
from rnn_core.models.trained import Trained  # noqa: E402
from rnn_core.models.verdict import Judge, left_out, reading, reread, saliency  # noqa: E402
from tests.bench.in_browser import report  # noqa: E402

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


def all_of(job: Callable[[str], object], names: Iterable[str]) -> None:
    for name in names:
        job(name)


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
            report(f"{name}: {what}", measured(partial(job, name), times))
        report(f"all four: {what}", measured(partial(all_of, job, judges), times))
    words = [f"word{token}" for token in tokens]
    curves = {"bag_of_words" if name == "bag of words" else name: read.probabilities for name, read in before.items()}
    steps, changed = before["lstm"].steps, [*words[:250], "other", *words[251:]]
    labels = defaultdict(str)
    draw = partial(verdict, readings=curves, words=words, steps=steps, here="lstm", at=500, labels=labels)
    report("the picture as data", measured(draw, 20))
    edit = partial(carried, curves["lstm"], words, changed)
    report("the numbers before an edit beside the words after it", measured(edit, 20))
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
