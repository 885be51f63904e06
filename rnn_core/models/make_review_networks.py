"""Train the networks on small reviews that come with the project, and write their files anew; about TODO minutes.

    python -m rnn_core.models.make_review_networks
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rnn_core import tasks
from rnn_core.models import plain_reviews
from rnn_core.models.make_shipped import Made, train, write
from rnn_core.models.network import NETWORKS, Network
from rnn_core.models.review_networks import TASKS, file_of
from rnn_core.tasks import small_reviews, small_reviews_zh

LENGTH = 24  # no review is cut: the longest has 23 words
TWINS = 10_000
PLAIN = 4_000
UNITS = 16
# The same for all networks.
LEARNING: dict[str, Any] = {"epochs": 20, "batch_size": 128, "learning_rate": 0.003, "seed": 0}
# The epochs whose weights are kept, 0 before the first: close together where the cells learn, in the first ten.
KEPT = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)

GRAMMARS = {
    "en": (small_reviews.GRAMMAR, plain_reviews.ENGLISH),
    "zh": (small_reviews_zh.GRAMMAR, plain_reviews.CHINESE),
}


def main() -> None:
    """Train one network after the other, and write those of each language into one file."""
    for language in TASKS:
        write(file_of(language), (trained(language, cell) for cell in NETWORKS))


def trained(language: str, cell: str) -> Made:
    """Train one of the networks."""
    network, data = Network(TASKS[language], cell, UNITS), tasks.Data(TASKS[language], LENGTH, TWINS, seed=0)
    return train(network, data, LEARNING | {"plain_reviews": PLAIN}, KEPT, lessons(language, data))


def lessons(language: str, data: tasks.Data) -> tasks.Dataset:
    """Return the twins, and for training alone plain reviews among them."""
    twins, (grammar, rules) = tasks.load(data), GRAMMARS[language]
    x, y = plain_reviews.lessons(grammar, rules, twins.x_train, twins.y_train, PLAIN, data.seed)
    return replace(twins, x_train=x, y_train=y)


if __name__ == "__main__":
    main()
