"""How the state of a fresh network drifts through the zeros of a row, with a mask and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from rnn_core.charts import scene as s
from rnn_core.explain.zeros import Drift

WIDTH, HEIGHT = 580.0, 274.0
TOP = 58.0  # above it stand the lines' names
BOX = s.Box(46, TOP, WIDTH - 46 - 68, HEIGHT - TOP - 30)
POINTS = 420

Labels = Mapping[str, str]


def drift_curves(*, drift: Drift, cell: str, mask: bool, labels: Labels) -> s.Scene:
    """Draw what the zeros do to the state, and how long it is with a mask and without, at each place of the row.

    The two numbers of which a share is made, what the effect is at the end and what it is measured by, are marked.

    Args:
        drift: of `explain.zeros.drift`.
        cell: whose colour the state's lengths wear.
        mask: whether there is one; what is in force is drawn strong.
        labels: effect, read, masked, zeros, place, alt.
    """
    lines = (
        ("effect", drift.effect, "forget_gate", not mask), ("read", drift.read, cell, False),
        ("masked", drift.masked, f"{cell} dashed", mask),
    )  # fmt: skip
    largest = float(max(values.max() for _name, values, _look, _strong in lines)) or 1.0
    timesteps = len(drift.read)
    marks: list[s.Mark] = [s.rect(*BOX, r=4, c="panel")]
    marks += _padding(drift, labels)
    marks += [
        s.text(BOX.x - 6, BOX.y + 12, s.short(largest), a="end", z=15, c="quiet"),
        s.text(BOX.x - 6, BOX.y + BOX.h, "0", a="end", z=15, c="quiet"),
        s.text(BOX.x, BOX.y + BOX.h + 20, f"{labels['place']} 1", z=15, c="quiet"),
        s.text(BOX.x + BOX.w, BOX.y + BOX.h + 20, f"{timesteps:,}", a="end", z=15, c="quiet"),
    ]
    for number, (name, values, look, strong) in enumerate(lines):
        width = 3.5 if strong else 1.75
        x, y = (BOX.x, 16) if number == 0 else (BOX.x + (number - 1) * 262, 40)
        marks.append(s.path(f"M{x} {y}H{x + 30}", w=width, c=look))
        marks.append(s.text(x + 38, y + 5, labels[name], z=16, c="strong" if strong else ""))
        marks.append(s.path(_line(values, largest), w=width, c=look))
    marks += _measured(drift, cell, largest)
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def figure(value: float) -> str:
    """Return one of the numbers that a share is made of, with digits enough that the share follows from them.

    >>> figure(0.6134), figure(0.004931), figure(8e-18)
    ('0.613', '0.00493', '≈ 0')
    """
    return f"{value:.3g}" if value >= 1e-4 else "≈ 0"


def _x(place: float, timesteps: int) -> float:
    return BOX.x + BOX.w * (place + 0.5) / timesteps


def _y(value: float, largest: float) -> float:
    return BOX.y + BOX.h - (BOX.h - 12) * value / largest


def _measured(drift: Drift, cell: str, largest: float) -> Iterator[s.Mark]:
    """The effect at the end, and the whole that it is a share of, each with its number."""
    timesteps, end = len(drift.padding), BOX.x + BOX.w
    after, whole = _y(drift.after, largest), _y(drift.whole, largest)
    yield s.circle(_x(timesteps - 1, timesteps), after, 5, c="forget_gate-fill")
    if drift.behind:
        x = _x(drift.last_word, timesteps)
        yield s.circle(x, whole, 5, c="forget_gate-fill")
        yield s.rect(x + 8, whole - 10, 62, 19, r=4, c="ground")
        yield s.text(x + 11, whole + 5, figure(drift.whole), z=15, c="strong forget_gate")
    else:
        yield s.circle(_x(timesteps - 1, timesteps), whole, 5, c=f"{cell}-fill")
        # One below the other, however near to one another they are.
        middle, room = (after + whole) / 2, max(abs(after - whole), 17) / 2
        after, whole = (middle - room, middle + room) if after <= whole else (middle + room, middle - room)
        yield s.text(end + 7, whole + 5, figure(drift.whole), z=15, c=f"strong {cell}")
    yield s.text(end + 7, after + 5, figure(drift.after), z=15, c="strong forget_gate")


def _line(values: np.ndarray, largest: float) -> str:
    chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), POINTS)).round().astype(int))
    points = (
        f"{_x(i, len(values)):.1f} {_y(values[i], largest):.1f}" for i in chosen.tolist()
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
    y = BOX.y + 20 if drift.behind else BOX.y + BOX.h - 10  # where the effect is not
    yield s.text(x + wide / 2, y, told if fits else "", a="middle", z=15, c="quiet")
