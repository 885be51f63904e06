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
LONGEST = 200.0

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Lane:
    """One thing that is measured after each epoch.

    Attributes:
        name: what it is.
        heights: of the columns, from 0 to 1, one after each epoch; NaN where it is not known.
        said: what stands on each of them.
        role: whose colour it wears.
    """

    name: str
    heights: Sequence[float]
    said: Sequence[str]
    role: str

    @classmethod
    def shares(cls, name: str, values: Sequence[float], role: str) -> Lane:
        """Shares of 1, as percentages."""
        return cls(name, values, ["" if math.isnan(v) else f"{100 * v:.0f}%" for v in values], role)

    @classmethod
    def errors(cls, name: str, values: Sequence[float], role: str) -> Lane:
        """Errors, beside the largest of them."""
        largest = max((v for v in values if math.isfinite(v)), default=0.0) or 1.0
        return cls(name, [v / largest for v in values], ["" if math.isnan(v) else figure(v) for v in values], role)

    @classmethod
    def half_lives(cls, name: str, values: Sequence[float], role: str) -> Lane:
        """Half-lives in timesteps on a logarithmic scale, from 1 to LONGEST; beyond it nothing is lost, or it grows."""
        lasting = [LONGEST if v < 0 or v > LONGEST else v for v in values]
        heights = [max(math.log(v) / math.log(LONGEST), 0.02) if v > 0 else math.nan for v in lasting]
        said = [f"> {LONGEST:.0f}" if v == LONGEST else "" if math.isnan(v) else figure(v) for v in lasting]
        return cls(name, heights, said, role)


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
    yield s.text(4, y + LANE / 2 + 5, lane.name, z=15, c=f"strong {lane.role}")
    yield s.path(f"M{START} {y + LANE}H{END}", w=1, c="thin")
    for i, (epoch, height) in enumerate(zip(kept, lane.heights, strict=True)):
        x = START + i * wide
        tall = 0.0 if math.isnan(height) else LANE * min(max(height, 0.0), 1.0)
        c = f"{lane.role}-fill" + ("" if epoch == shown else " faint")
        yield s.rect(x + 0.16 * wide, y + LANE - tall, 0.68 * wide, tall, r=2, c=c)
        said = lane.said[i] if wide > 34 else ""
        strong = " strong" if epoch == shown else ""
        yield s.text(x + wide / 2, y + LANE - 4, said, a="middle", z=13, c=f"halo{strong}")
