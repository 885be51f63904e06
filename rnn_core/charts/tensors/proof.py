"""Real values of one layer: its whole sequence, the last step of it beside the output without return_sequences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.charts import scene as s

WIDTH = 1200.0
TOP = 52.0

Labels = Mapping[str, str]


@dataclass(frozen=True)
class _Look:
    """What all heat maps of the picture have in common.

    Attributes:
        scale: the size that takes the full colour.
        height: of one with `features` rows.
        names: what a value, a row and a column are called.
    """

    scale: float
    height: float
    features: int
    names: tuple[str, str, str]


def proof(
    *,
    values: Sequence[Sequence[float]],
    with_sequences: Sequence[float],
    without: Sequence[float],
    states: Sequence[Mapping[str, Any]],
    labels: Labels,
) -> s.Scene:
    """Draw a layer's whole sequence, its last step beside the output without return_sequences, and its states.

    Args:
        values: (timesteps, features), the output with return_sequences=True for the first sequence.
        with_sequences, without: output[:, -1, :] and the output without return_sequences.
        states: what return_state=True returns, each with "name" and "values"; the output itself is left out.
        labels: sequence (with {timesteps} and {features}), sign, timestep, feature, value, alt.
    """
    matrix = np.asarray(values, dtype=float).T
    features, timesteps = matrix.shape
    scale = max([1e-9, float(np.abs(matrix).max()), *(float(np.abs(state["values"]).max()) for state in states)])
    names = labels["value"], labels["feature"], labels["timestep"]
    look = _Look(scale, max(120.0, min(256.0, 8.0 * features)), features, names)
    wide = min(560.0, max(150.0, 46.0 * timesteps))
    middle = TOP + look.height / 2
    marks = [*_sequence(matrix, wide, look, labels), s.path(f"M{wide + 8:.1f} {middle}h22", w=2, arrow=True)]
    x = wide + 44
    marks += _column(x, with_sequences, "output[:, -1, :]", "state", look)
    x += 9.0 * len("output[:, -1, :]") + 26
    marks.append(s.text(x - 14, middle + 8, labels["sign"], a="middle", z=26, c="strong"))
    marks += _column(x + 8, without, "return_sequences=False", "state", look)
    x += 9.0 * len("return_sequences=False") + 34
    for state in states:
        name = state["name"]
        if not name.endswith("output"):
            marks += _column(x, state["values"], name, "carry" if name.endswith("c") else "state", look)
            x += max(9.0 * len(name) + 22, 62)
    return s.scene(max(WIDTH, x), TOP + look.height + 28, labels["alt"], marks)


def _sequence(matrix: np.ndarray, wide: float, look: _Look, labels: Labels) -> Iterator[s.Mark]:
    """The whole output, a column per timestep; the last one is framed."""
    features, timesteps = matrix.shape
    shape = labels["sequence"].format(timesteps=timesteps, features=features)
    below = TOP + look.height + 18
    yield s.text(2, 18, "output", z=15, c="mono strong state")
    yield s.text(2, 40, shape, z=13, c="quiet")
    columns = s.Columns(first=1, cursor=timesteps - 1)
    box = s.Box(2, TOP, wide, look.height)
    yield s.heat(box, matrix, id="sequence", scale=look.scale, names=look.names, columns=columns)
    yield s.text(2, below, labels["timestep"] + " 1", z=13, c="quiet")
    yield s.text(2 + wide, below, str(timesteps), a="end", z=13, c="quiet")


def _column(x: float, vector: Sequence[float], title: str, role: str, look: _Look) -> Iterator[s.Mark]:
    """One vector, each number as high as in the sequence."""
    numbers = np.asarray(vector, dtype=float)[:, None]
    height = look.height * len(vector) / look.features
    name, row, _timestep = look.names
    yield s.text(x, 18, title, z=15, c=f"mono strong {role}")
    yield s.text(x, 40, f"({len(vector)},)", z=13, c="mono quiet")
    yield s.heat(s.Box(x, TOP, 40, height), numbers, id=title, scale=look.scale, names=(name, row, ""))
