"""How much of the first input is still there, as a shrinking band: one piece of a picture, for several of them."""

import numpy as np

from rnn_core.charts import scene as s


def band(left: np.ndarray, t: int, box: s.Box, c: str = "fill-input") -> list[s.Mark]:
    """Draw the trace up to timestep t; a full box is the whole of what it was at first, and more is cut off there.

    Args:
        left: from `first_input_left`, (timesteps,); NaN where there is nothing to measure.
        t: how many timesteps have been read.
        box: the place of all timesteps.
        c: the class that fills the band.
    """
    known, wide, bottom = left[:t], box.w / len(left), box.y + box.h
    top = ""
    if np.isfinite(known).all():
        heights = box.h * np.minimum(known, 1.0)
        top = "".join(
            f"L{box.x + i * wide:.1f} {bottom - high:.1f}H{box.x + (i + 1) * wide:.1f}"
            for i, high in enumerate(heights)
        )
    return [
        s.rect(*box, c="panel"),
        s.path(f"M{box.x} {bottom}{top}V{bottom}z", w=0, c=c),
    ]


def share(left: float) -> str:
    """What is left as one reads it on a picture: a share, or so many times where it has grown; nothing for NaN.

    >>> share(0.034), share(0.9999), share(0.0001), share(3.2), share(float("nan"))
    ('3%', '99.9%', '< 1%', '× 3.2', '')
    """
    if not np.isfinite(left):
        return ""
    if left >= 1.995:
        return f"× {left:.1f}"
    if 0 < left < 0.01:
        return "< 1%"
    # What is nearly all is not yet all.
    return f"{left:.0%}" if round(left, 2) != 1 or left == 1 else f"{np.floor(left * 1000) / 10:.1f}%"
