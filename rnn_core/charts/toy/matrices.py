"""W, U and b of a small network, with their numbers."""

import numpy as np

from rnn_core.charts import scene as s

WIDE, TALL = 62.0, 32.0


def matrix(*, values: np.ndarray, title: str, role: str, lit: int | None = None) -> s.Scene:
    """Draw a small matrix (units, columns), or a vector as a column, with its numbers; row `lit` is framed."""
    values = values.reshape(len(values), -1)
    rows, columns = values.shape
    largest = float(np.abs(values).max()) or 1.0
    marks: list[s.Mark] = [s.text(4, 18, title, z=16, c=f"strong {role}")]
    for row in range(rows):
        for column in range(columns):
            value = float(values[row, column])
            x, y = column * WIDE + 2, 28 + row * TALL
            index = f"{row}, {column}" if columns > 1 else f"{row}"
            edge = f"{role}-edge" if row == lit else ""
            tip = s.number_tip(f"{title}[{index}]", value)
            marks.append(s.rect(x, y, WIDE - 3, TALL - 3, r=5, v=value / largest, tip=tip, c=edge))
            number = s.short(value)
            marks.append(s.text(x + (WIDE - 3) / 2, y + TALL / 2 + 4, number, a="middle", z=15, on=value / largest))
    return s.scene(max(columns * WIDE + 4, 64), 32 + rows * TALL, title, marks)
