"""Training curves: one constant Vega-Lite spec per measure, everything that varies in the data.

A chart whose spec and key stay the same is updated in place: it does not flicker, and keeps its zoom, while points
arrive. So the number of epochs, the level of guessing and the lines' looks are rows of the data, too.

    table = rows(lines, loss_ground(epochs=5, guessing=Level(math.log(8), "guessing")))
    chart = spec("loss", "epochs", percent=False, theme="light")
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rnn_core.charts.curves.names import shortened
from rnn_core.charts.curves.points import (
    HEIGHT,
    ZOOM,
    Ground,
    Level,
    Line,
    Moment,
    Points,
    accuracy_ground,
    loss_ground,
)
from rnn_core.charts.curves.table import rows

__all__ = [
    "HEIGHT", "ZOOM", "Ground", "Level", "Line", "Moment", "Points", "accuracy_ground", "loss_ground", "rows",
    "shortened", "spec",
]  # fmt: skip


@lru_cache(maxsize=32)
def spec(title: str, epochs: str, *, percent: bool, theme: str) -> dict[str, Any]:
    """Return the Vega-Lite spec: the same object for all data, built once per language and theme.

    Args:
        title: what stands above the y axis.
        epochs: what stands under the x axis.
        percent: whether values are shares.
        theme: "light" or "dark".
    """
    # Altair takes 0.13 s and 28 MB, which a server that draws no curve need not spend.
    from rnn_core.charts.curves.layers import build

    return build(title, epochs, percent=percent, theme=theme)
