"""One race: the same input through several cells, and how much each still has of the first input."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnn_core.cells.registry import CELLS
from rnn_core.charts import first_input
from rnn_core.charts import scene as s

WIDTH = 1200.0
START, END = 134.0, WIDTH - 110
LANE, BETWEEN, TOP = 64.0, 14.0, 30.0

Labels = Mapping[str, str]


def race(*, left: Mapping[str, np.ndarray], t: int, labels: Labels, words: Sequence[str] = ()) -> s.Scene:
    """Draw a lane per cell, all to one scale: full height is the whole of what the first input left at first.

    Args:
        left: cell → from `first_input_left`, (timesteps,), over the same inputs; drawn in this order.
        t: how many timesteps have been read; what comes later is not yet there.
        labels: left (what is drawn), timestep, alt.
        words: what was read at each timestep, if it has a name.
    """
    timesteps = len(next(iter(left.values())))
    bottom = TOP + len(left) * (LANE + BETWEEN) - BETWEEN
    marks: list[s.Mark] = [s.text(START, 18, labels["left"], z=15, c="strong input")]
    for number, (cell, trace) in enumerate(left.items()):
        marks += _lane(cell, trace, t, s.Box(START, TOP + number * (LANE + BETWEEN), END - START, LANE), labels)
    wide = (END - START) / timesteps
    x = START + max(t - 1, 0) * wide
    marks.append(s.rect(x, TOP - 4, wide, bottom - TOP + 8, r=3, c="clear under " + ("lit-edge" if t else "")))
    below = s.Box(START, bottom, END - START, 20)
    marks += s.sequence_axis(below, t, timesteps, words, labels["timestep"])
    return s.scene(WIDTH, bottom + 28, labels["alt"], marks)


def _lane(cell: str, left: np.ndarray, t: int, box: s.Box, labels: Labels) -> list[s.Mark]:
    """One cell: its name, its band, and what is left now; a column's tip names the timestep and the share."""
    middle, wide = box.y + box.h / 2 + 6, box.w / len(left)
    known = first_input.share(left[t - 1]) if t else ""
    name = CELLS[cell].label
    marks = [
        s.text(box.x - 14, middle, name, a="end", z=17, c=f"strong {cell}"),
        *first_input.band(left, t, box, c=f"fill {cell}-fill"),
        s.text(WIDTH, middle, known, a="end", z=20, c=f"strong {cell}"),
    ]
    for i, share in enumerate(left):
        said = f"{name}, {labels['timestep']} {i + 1}: {first_input.share(share)}" if i < t else None
        marks.append(s.rect(box.x + i * wide, box.y, wide, box.h, c="clear", tip=said))
    return marks

