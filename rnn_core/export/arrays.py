"""Arrays written as Python code, to the last digit."""

from __future__ import annotations

import sys

import numpy as np


def array_code(array: np.ndarray) -> str:
    """`np.array(...)`, which gives back exactly these numbers in this dtype."""
    digits = np.array2string(
        array, separator=", ", threshold=sys.maxsize, floatmode="unique", max_line_width=110, prefix="np.array("
    )
    for word in ("nan", "inf"):
        digits = digits.replace(word, f"np.{word}")
    dtype = "" if array.dtype in (np.float64, np.bool_) else f", dtype=np.{array.dtype}"
    return f"np.array({digits}{dtype})"
