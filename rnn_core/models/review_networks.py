"""Four trained networks for each language that come with the project: they have learnt to judge small reviews.

A SimpleRNN, an LSTM, a GRU and a bag of words have learnt from the same reviews to say whether one is positive. Those
that validate them are twins: the same words in another order, and the opposite verdict. Their weights lie beside this
file as plain arrays; `make_review_networks.py` trains them again, and says what was tried.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rnn_core.models.shipped import ShippedNetwork, read_networks
from rnn_core.models.verdict import Judge, judge_from_arrays

# The task that each language's reviews come from.
TASKS = {"en": "small_reviews", "zh": "small_reviews_zh"}

ReviewNetwork = ShippedNetwork[Judge]


def file_of(language: str) -> Path:
    """Return where the networks of a language lie. Raises KeyError for a language that is not one of TASKS."""
    if language not in TASKS:
        raise KeyError(language)
    return Path(__file__).with_name(f"review_networks_{language}.npz")


@cache
def review_networks(language: str) -> dict[str, ReviewNetwork]:
    """Return the networks of a language by their names, in the order of models.network.NETWORKS.

    They read 24 tokens of their task, with silence (token 0) in front.

    Raises:
        KeyError: for a language that is not one of TASKS.
    """
    return read_networks(file_of(language), judge_from_arrays)
