"""One race: the same input through several cells, and how much each still has of the first input."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnn_core.cells.registry import CELLS
from rnn_core.charts import first_input
from rnn_core.charts import scene as s

WIDTH = 440.0
START, END = 92.0, WIDTH - 62  # left of the lanes stand the cells' names, right of them a figure each
TOP, LANE, BETWEEN = 32.0, 42.0, 10.0

Labels = Mapping[str, str]


def race(
    *, left: Mapping[str, np.ndarray], t: int, labels: Labels, here: str = "", words: Sequence[str] = (),
    beside: Mapping[str, np.ndarray] | None = None,
) -> s.Scene:  # fmt: skip
    """Draw a lane per cell, all to one scale: full height is the whole of what the first input left at first.

    Args:
        left: cell → from `first_input_left`, (timesteps,), over the same inputs; drawn in this order.
        t: how many timesteps have been read; what comes later is not yet there.
        labels: left (what is drawn), beside (what the dashed lines are), open (with {cell}), timestep, alt.
        here: the cell that the page shows; the others can be picked, as "cell:gru".
        words: what was read at each timestep, if it has a name.
        beside: the same of other networks, as dashed lines; none without.
    """
    timesteps = len(next(iter(left.values())))
    bottom = TOP + len(left) * (LANE + BETWEEN) - BETWEEN
    marks: list[s.Mark] = [
        s.text(0, 17, labels["left"], z=15, c="strong input"),
        s.path(f"M{WIDTH - 112} 12H{WIDTH - 84}" if beside else "", w=2, c="dashed over"),
        s.text(WIDTH, 17, labels["beside"] if beside else "", a="end", z=14, c="quiet"),
    ]
    for number, (cell, trace) in enumerate(left.items()):
        box = s.Box(START, TOP + number * (LANE + BETWEEN), END - START, LANE)
        marks += _lane(cell, trace, t, box, labels, cell == here)
        other = beside.get(cell) if beside else None
        marks.append(s.path("" if other is None else _line(other, t, box), w=2, c="dashed over"))
    wide = (END - START) / timesteps
    x = START + max(t - 1, 0) * wide
    marks.append(s.rect(x, TOP - 3, wide, bottom - TOP + 6, r=3, c="clear under " + ("lit-edge" if t else "")))
    marks += s.sequence_axis(s.Box(START, bottom, END - START, 20), t, timesteps, words, labels["timestep"])
    return s.scene(WIDTH, bottom + 26, labels["alt"], marks)


def _lane(cell: str, left: np.ndarray, t: int, box: s.Box, labels: Labels, here: bool) -> list[s.Mark]:
    """One cell: its name, its band, and what is left now."""
    middle, name = box.y + box.h / 2 + 6, CELLS[cell].label
    known = first_input.share(left[t - 1]) if t else ""
    said = f"{name} · {labels['timestep']} {t} · {known}" if known else name
    tip = said if here else f"{said}\n{labels['open'].format(cell=name)}"
    return [
        s.rect(0, box.y - 3, WIDTH, box.h + 6, r=7, c=f"{cell}-tint" if here else "clear"),
        s.text(8, middle, name, z=15, c=f"strong {cell}"),
        *first_input.band(left, t, box, c=f"{cell}-fill"),
        s.text(WIDTH - 6, middle, known, a="end", z=18, c=f"strong {cell}"),
        s.rect(0, box.y - 3, WIDTH, box.h + 6, r=7, c="clear", tip=tip, pick=None if here else f"cell:{cell}"),
    ]


def _line(left: np.ndarray, t: int, box: s.Box) -> str:
    """The upper edge of a band, as a line through the middles of the timesteps."""
    if not np.isfinite(left[:t]).all() or t == 0:
        return ""
    wide, bottom = box.w / len(left), box.y + box.h
    heights = box.h * np.minimum(left[:t], 1.0)
    return "M" + "L".join(f"{box.x + (i + 0.5) * wide:.1f} {bottom - high:.1f}" for i, high in enumerate(heights))
