"""Arrays written as Python code, to the last digit."""

from __future__ import annotations

import base64
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


def packed_code(array: np.ndarray, digits_up_to: int = 100) -> str:
    """Like `array_code`, but a large array of floats is one string of its bytes; needs `import base64`.

    Numbers that float32 holds exactly take half the room.
    """
    if array.size <= digits_up_to:
        return array_code(array)
    with np.errstate(over="ignore"):
        small = array.astype("<f4")
    kept = small if np.array_equal(small, array, equal_nan=True) else array.astype("<f8")
    text = base64.b64encode(kept.tobytes()).decode()
    unpacked = f'np.frombuffer(base64.b64decode("{text}"), "{kept.dtype.str}").reshape({array.shape})'
    return unpacked if kept.dtype == array.dtype else f'{unpacked}.astype("{array.dtype}")'
