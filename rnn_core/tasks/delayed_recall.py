"""Delayed recall: which letter stood first, after many that do not matter?

Letters to remember and letters to ignore come from one alphabet, so no letter can be ignored for what it is:
only a network that keeps its first answer against whatever comes later gets this right.
"""

import numpy as np

LETTERS = "ABCDEFGH"
SYMBOLS = ("·", *LETTERS)  # token 0 is the silence before a sequence begins


def generate(
    train: int, validation: int, length: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw sequences of letters; the first letter is the answer.

    In training the first letter comes after a silence of any length, so every delay from 0 to `length` occurs:
    from the short ones a network learns what to do, if its memory lasts it does the same over the long ones.
    Validation asks for the full delay only.

    Args:
        train: number of training sequences.
        validation: number of validation sequences.
        length: distractors after the first letter; the longest delay.
        seed: the same seed gives the same sequences.

    Returns:
        x_train, y_train, x_val, y_val: tokens int32 (sequences, 1 + length), answers int32 (sequences,),
        the answer being the first letter's token minus 1.
    """
    rng = np.random.default_rng(seed)
    samples = train + validation
    x = rng.integers(1, len(SYMBOLS), size=(samples, 1 + length), dtype="int32")
    first = rng.integers(0, 1 + length, size=samples)
    first[train:] = 0
    y = x[np.arange(samples), first] - 1
    x[np.arange(1 + length) < first[:, None]] = 0
    return x[:train], y[:train], x[train:], y[train:]
