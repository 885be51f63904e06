"""What each cell has really learnt, beside how long its gradient lasts: one row per network, one column per length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnn_core.charts import scene as s
from rnn_core.charts.memory.curves import figure
from rnn_core.results.recall import Entry, Recall, Row

WIDTH = 840.0
NAMES, ROW, TOP = 250.0, 50.0, 46.0

Labels = Mapping[str, str]


def recall_table(*, figures: Recall, labels: Labels) -> s.Scene:
    """Draw the table; a field's colour is the cell's, as strong as the accuracy is above guessing.

    Args:
        figures: from `results.recall`.
        labels: length (above the columns), forget_gate, input_gate and update_gate (with {bias}), lasts (of a gradient
            of which half and more arrives), half_life (with {before} and {after}), seeds (with {accuracies}), alt.
    """
    wide = (WIDTH - NAMES) / len(figures.lengths)
    marks: list[s.Mark] = [s.text(NAMES, 16, labels["length"], z=14, c="quiet")]
    for number, length in enumerate(figures.lengths):
        marks.append(s.text(NAMES + (number + 0.5) * wide, 38, str(length), a="middle", z=16, c="strong"))
    for number, row in enumerate(figures.rows):
        marks += _row(row, TOP + number * ROW, wide, figures.settings.guessing, labels)
    return s.scene(WIDTH, TOP + len(figures.rows) * ROW, labels["alt"], marks)


def _row(row: Row, y: float, wide: float, guessing: float, labels: Labels) -> Iterator[s.Mark]:
    biases = " · ".join(labels[gate].format(bias=f"{bias:g}".replace("-", "−")) for gate, bias in row.biases.items())
    yield s.text(4, y + (20 if biases else 29), row.label, z=16, c=f"strong {row.cell}")
    yield s.text(4, y + 38, biases, z=14, c="quiet")
    for number, entry in enumerate(row.entries):
        yield from _field(entry, row.cell, s.Box(NAMES + number * wide + 2, y + 2, wide - 4, ROW - 4), guessing, labels)


def _field(entry: Entry, cell: str, box: s.Box, guessing: float, labels: Labels) -> Iterator[s.Mark]:
    above = min(max((entry.accuracy - guessing) / (1 - guessing), 0.0), 1.0)
    seeds = " · ".join(f"{accuracy:.0%}" for accuracy in entry.accuracies)
    yield s.rect(*box, r=5, c="panel", tip=labels["seeds"].format(accuracies=seeds))
    yield s.rect(box.x, box.y + box.h - 5, box.w * above, 5, r=2, c=f"{cell}-fill under")
    middle = box.x + box.w / 2
    yield s.text(middle, box.y + 19, f"{entry.accuracy:.0%}", a="middle", z=17, c="strong")
    said = labels["half_life"].format(
        before=_lasts(entry.half_life_before, entry.length, labels),
        after=_lasts(entry.half_life_after, entry.length, labels),
    )
    yield s.text(middle, box.y + 36, said, a="middle", z=13, c="quiet")


def _lasts(half_life: float, length: int, labels: Labels) -> str:
    """A half-life, or that half of the gradient and more arrives at the first letter."""
    return labels["lasts"] if half_life < 0 or half_life >= length else figure(half_life)
