"""A training in time-lapse: what changes from one kept epoch to the next, a column for each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rnn_core.charts import scene as s
from rnn_core.charts.memory.curves import figure

WIDTH = 840.0
START, END = 214.0, WIDTH
TOP, LANE, BETWEEN = 6.0, 34.0, 8.0

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Lane:
    """One thing that is measured after each epoch.

    Attributes:
        name: what it is.
        values: after each epoch; NaN where it is not known.
        role: whose colour it wears.
        whole: the value of a full column; None: the largest one.
        shares: whether the values are written as shares.
    """

    name: str
    values: Sequence[float]
    role: str
    whole: float | None = 1.0
    shares: bool = True


def epochs(*, kept: Sequence[int], shown: int, lanes: Sequence[Lane], labels: Labels) -> s.Scene:
    """Draw a lane for each thing, a column for each kept epoch; a click on a column picks "epoch:7".

    Args:
        kept: the epochs, in their order.
        shown: the one that the page shows.
        lanes: what was measured.
        labels: epoch, open (with {epoch}), alt.
    """
    wide = (END - START) / len(kept)
    bottom = TOP + len(lanes) * (LANE + BETWEEN)
    marks: list[s.Mark] = []
    for number, lane in enumerate(lanes):
        marks += _lane(lane, kept, shown, TOP + number * (LANE + BETWEEN), wide)
    at = START + list(kept).index(shown) * wide
    marks.append(s.rect(at, TOP - 4, wide, bottom - TOP + 26, r=5, c="clear under lit-edge"))
    marks.append(s.text(4, bottom + 17, labels["epoch"], z=14, c="quiet"))
    for i, epoch in enumerate(kept):
        x = START + i * wide
        marks.append(s.text(x + wide / 2, bottom + 17, str(epoch), a="middle", z=14,
                            c="strong" if epoch == shown else "quiet"))  # fmt: skip
        tip = labels["open"].format(epoch=epoch)
        marks.append(s.rect(x, TOP - 4, wide, bottom - TOP + 26, r=5, c="clear", tip=tip,
                            pick=None if epoch == shown else f"epoch:{epoch}"))  # fmt: skip
    return s.scene(WIDTH, bottom + 26, labels["alt"], marks)


def _lane(lane: Lane, kept: Sequence[int], shown: int, y: float, wide: float) -> Iterator[s.Mark]:
    whole = lane.whole or max((v for v in lane.values if math.isfinite(v)), default=0.0) or 1.0
    yield s.text(4, y + LANE / 2 + 5, lane.name, z=15, c=f"strong {lane.role}")
    yield s.path(f"M{START} {y + LANE}H{END}", w=1, c="thin")
    for i, (epoch, value) in enumerate(zip(kept, lane.values, strict=True)):
        x, known = START + i * wide, not math.isnan(value)
        tall = LANE * min(max(value / whole, 0.0), 1.0) if math.isfinite(value) else LANE * known
        c = f"{lane.role}-fill" + ("" if epoch == shown else " faint")
        yield s.rect(x + 0.16 * wide, y + LANE - tall, 0.68 * wide, tall, r=2, c=c)
        said = (f"{value:.0%}" if lane.shares else figure(value)) if known and wide > 34 else ""
        strong = " strong" if epoch == shown else ""
        yield s.text(x + wide / 2, y + LANE - 4, said, a="middle", z=13, c=f"halo{strong}")
