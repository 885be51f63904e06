"""How the state of a fresh network drifts through the zeros of a row, with a mask and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from rnn_core.charts import scene as s
from rnn_core.explain.zeros import Drift

WIDTH, HEIGHT = 580.0, 250.0
BOX = s.Box(46, 34, WIDTH - 54, HEIGHT - 34 - 30)
POINTS = 420

Labels = Mapping[str, str]


def drift_curves(*, drift: Drift, cell: str, mask: bool, labels: Labels) -> s.Scene:
    """Draw the state's length at each place of the row, as the network reads it with a mask and without.

    Args:
        drift: of `explain.zeros.drift`.
        cell: whose colour the curves wear.
        mask: which of the two is in force, and drawn strong.
        labels: read, masked, zeros, place, alt.
    """
    largest = float(max(drift.read.max(), drift.masked.max())) or 1.0
    timesteps = len(drift.read)
    marks: list[s.Mark] = [s.rect(*BOX, r=4, c="panel")]
    marks += _padding(drift, labels)
    marks += [
        s.text(BOX.x - 6, BOX.y + 12, s.short(largest), a="end", z=15, c="quiet"),
        s.text(BOX.x - 6, BOX.y + BOX.h, "0", a="end", z=15, c="quiet"),
        s.text(BOX.x, BOX.y + BOX.h + 20, f"{labels['place']} 1", z=15, c="quiet"),
        s.text(BOX.x + BOX.w, BOX.y + BOX.h + 20, f"{timesteps:,}", a="end", z=15, c="quiet"),
    ]
    for number, (name, values, in_force) in enumerate(
        (("read", drift.read, not mask), ("masked", drift.masked, mask))
    ):
        dash = "dashed" if name == "masked" else ""
        width = 3.5 if in_force else 1.75
        x = BOX.x + number * 262
        marks.append(s.path(f"M{x} 16H{x + 30}", w=width, c=f"{cell} {dash}"))
        marks.append(s.text(x + 38, 21, labels[name], z=16, c="strong" if in_force else ""))
        marks.append(s.path(_line(values, largest), w=width, c=f"{cell} {dash}"))
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def _x(place: float, timesteps: int) -> float:
    return BOX.x + BOX.w * (place + 0.5) / timesteps


def _line(values: np.ndarray, largest: float) -> str:
    chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), POINTS)).round().astype(int))
    points = (
        f"{_x(i, len(values)):.1f} {BOX.y + BOX.h - (BOX.h - 12) * values[i] / largest:.1f}" for i in chosen.tolist()
    )
    return "M" + "L".join(points)


def _padding(drift: Drift, labels: Labels) -> Iterator[s.Mark]:
    """The places that are filled up, tinted."""
    filled = np.flatnonzero(drift.padding)
    timesteps = len(drift.padding)
    first, count = (int(filled[0]), len(filled)) if len(filled) else (0, 0)
    x, wide = BOX.x + BOX.w * first / timesteps, BOX.w * count / timesteps
    yield s.rect(x, BOX.y, wide, BOX.h, c="below")
    told = labels["zeros"]
    fits = wide > 9 * len(told)
    yield s.text(x + wide / 2, BOX.y + BOX.h - 10, told if fits else "", a="middle", z=15, c="quiet")
