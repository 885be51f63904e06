"""The edges of a network that is unrolled through time: how wide, from where to where, what a pointer reads on one."""

from collections.abc import Callable

import numpy as np

from rnn_core.charts import scene as s

Point = tuple[float, float]


def thickness(share: float, lit: bool) -> float:
    """How wide an edge is whose weight is this share of the largest, at most 1."""
    return (0.6 + 4.4 * share) * (1.0 if lit else 0.45)


def straight(start: Point, end: Point, before: float, behind: float) -> str:
    """A line between two nodes, which ends `before` and `behind` their middles, as the letters of an SVG path."""
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0)) or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    return f"M{x0 + before * dx:.1f} {y0 + before * dy:.1f}L{x1 - behind * dx:.1f} {y1 - behind * dy:.1f}"


def product_tip(
    name: str, weight: float, factor: str, value: float, written: Callable[[float], str] = s.short
) -> str:
    """What stands under the pointer on an edge: what is multiplied, and what it makes.

    >>> print(product_tip("U[0, 1]", 0.5, "state[1]", -0.5))
    U[0, 1] = 0.50
    × state[1] = −0.50
    → −0.25
    """
    return f"{name} = {written(weight)}\n× {factor} = {written(value)}\n→ {written(weight * value)}"
