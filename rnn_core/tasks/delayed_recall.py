"""Delayed recall: which symbol stood first, after many that do not matter?"""

import numpy as np

from .dataset import Dataset, Sample, chance_of_classes, split

# Tokens: 0 is padding (never used here), then the symbols to remember, then the distractors.
TARGETS = ("A", "B", "C", "D")
DISTRACTORS = ("p", "q", "r", "s")
SYMBOLS = ("·", *TARGETS, *DISTRACTORS)


def generate(samples: int, length: int, seed: int, targets: int = 4, distractors: int = 4):
    """Draw sequences: one symbol to remember, then `length` distractors.

    Args:
        samples: number of sequences.
        length: number of distractors after the symbol.
        seed: the same seed gives the same sequences.
        targets: how many symbols there are to remember; tokens 1 … targets.
        distractors: how many kinds of distractor; the tokens after those.

    Returns:
        x int32 (samples, 1 + length), y int32 (samples,): the class of the first symbol, its token minus 1.
    """
    rng = np.random.default_rng(seed)
    y = rng.integers(0, targets, size=samples)
    noise = rng.integers(1 + targets, 1 + targets + distractors, size=(samples, length))
    x = np.concatenate([1 + y[:, None], noise], axis=1)
    return x.astype("int32"), y.astype("int32")


def load(samples: int, length: int, seed: int) -> Dataset:
    """Delayed recall as a Dataset."""
    x_train, y_train, x_val, y_val = split(*generate(samples, length, seed, len(TARGETS), len(DISTRACTORS)))
    return Dataset(
        task="delayed_recall",
        x_train=x_train,
        y_train=y_train,
        x_val=x_val,
        y_val=y_val,
        inputs="tokens",
        input_size=len(SYMBOLS),
        embedding_features=16,
        answer="classes",
        classes=len(TARGETS),
        chance=chance_of_classes(y_train, y_val),
        symbols=SYMBOLS,
        answers=TARGETS,
    )
