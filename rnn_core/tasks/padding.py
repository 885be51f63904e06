"""Bringing sequences of tokens to one length: which end is filled up with zeros, and which end is cut away."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

End = Literal["pre", "post"]
ENDS: tuple[End, ...] = ("pre", "post")
PADDING = 0


def pad(
    sequences: Iterable[Sequence[int] | np.ndarray], length: int, padding: End = "pre", truncating: End = "pre"
) -> np.ndarray:
    """Bring every sequence to `length` tokens, as `keras.utils.pad_sequences(sequences, maxlen=length, …)` does.

    Args:
        sequences: tokens, each as long as it is.
        length: tokens that every row shall have.
        padding: where the zeros of a short sequence go: "pre" before its first token, "post" behind its last.
        truncating: where a long sequence is cut: "pre" away from its beginning, so that its *last* tokens stay.

    Returns:
        int32 (sequences, length).
    """
    rows = list(sequences)
    x = np.full((len(rows), length), PADDING, "int32")
    for row, tokens in zip(x, rows, strict=True):
        kept = tokens[max(len(tokens) - length, 0) :] if truncating == "pre" else tokens[:length]
        if padding == "pre":
            row[length - len(kept) :] = kept
        else:
            row[: len(kept)] = kept
    return x
