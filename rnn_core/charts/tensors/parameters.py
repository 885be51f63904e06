"""Where the parameters of a stack are: each layer's share of all, and each layer's arrays to scale."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rnn_core.charts import scene as s
from rnn_core.shapes import Dense, Embedding, LayerReport, ParameterTerm, Recurrent, StackReport

Labels = Mapping[str, str]

# Whose colour an array wears.
PARTS = {"kernel": "input", "recurrent_kernel": "state", "bias": "bias"}


class _Scale(NamedTuple):
    """How long a bar is and how thick a row of it: for all layers save the Embedding the same.

    Attributes:
        width: of the longest bar, in pixels.
        longest: how many weights that is.
        units: of the widest layer, whose rows are 9 pixels thick.
    """

    width: float
    longest: int
    units: int


def parameters(*, told: StackReport, labels: Labels, width: float = 531.0, hidden: int | None = None) -> s.Scene:
    """Draw how many parameters each layer has, and why.

    Within a layer one row of the bar is one gate, its length the rows of the kernel, of the recurrent kernel, and the
    bias: the area is the number of parameters.

    Args:
        labels: total, kernel, recurrent_kernel, bias, table, forward, backward, alt.
        hidden: index of a layer whose count is to be guessed; it and the total stay hidden.
    """
    rows = [row for row in told.rows if hidden is None or row.index is None or row.index < hidden]
    measured = [row for row in rows if row.index is not None]
    scale = _Scale(
        width,
        max((sum(_lengths(row.count.terms)) for row in measured), default=1),
        max((row.layer.units for row in measured if not isinstance(row.layer, Embedding)), default=1),
    )
    total = "–" if told.total is None else "?" if hidden is not None else f"{sum(r.count.total for r in rows):,}"
    marks: list[s.Mark] = [
        s.text(0, 16, labels["total"], z=14, c="quiet"),
        s.text(width, 17, total, a="end", z=19, c="strong"),
        *_shares(rows, width),
        *_legend(labels),
    ]
    y = 92.0
    for row in rows:
        marks.append(s.text(0, y, row.name, z=14, c="mono strong"))
        marks.append(s.text(width, y, f"{row.count.total:,}", a="end", z=15, c="strong"))
        marks += _arithmetic(row, y + 20)
        y += 28
        if row.index is None:
            marks.append(s.rect(0, y, width, 9, r=2, c="input-tint input-edge", tip=labels["table"]))
            y += 9
        else:
            marks += _bars(row, y, scale, labels)
            y += row.count.directions * (getattr(row.layer, "blocks", 1) * _thick(row, scale) + 4)
        y += 32
    return s.scene(width, y - 16, labels["alt"], marks)


def _shares(rows: Sequence[LayerReport], width: float) -> Iterator[s.Mark]:
    """One bar for all parameters, a piece for each layer."""
    total = sum(row.count.total for row in rows)
    x = 0.0
    for row in rows:
        length = max(2.0, (width - 2 * len(rows)) * row.count.total / total)
        tip = f"{row.name}: {row.count.total:,} = {100 * row.count.total / total:.1f} %"
        yield s.rect(x, 26, min(length, width - x), 14, r=2, c=f"{_colour(row)}-fill", tip=tip)
        x += length


def _legend(labels: Labels) -> Iterator[s.Mark]:
    """What each colour of the bars below is."""
    x = 0.0
    for part, role in PARTS.items():
        yield s.rect(x, 54, 11, 11, r=2, c=f"{role}-fill")
        yield s.text(x + 16, 64, labels[part], z=13, c="quiet")
        x += 28 + 5.9 * _cells(labels[part])


def _bars(row: LayerReport, y: float, scale: _Scale, labels: Labels) -> Iterator[s.Mark]:
    """A layer's arrays: a row per direction and gate, a pixel of ground between two arrays."""
    thick = _thick(row, scale)
    for direction in range(row.count.directions):
        name = "" if row.count.directions == 1 else labels[("forward", "backward")[direction]] + " "
        for _block in range(getattr(row.layer, "blocks", 1)):
            x = 0.0
            for term, length in zip(row.count.terms, _lengths(row.count.terms), strict=True):
                size = scale.width * length / scale.longest
                tip = f"{name}{term.part} {term.shape}: {term.numbers} = {term.value:,}"
                yield s.rect(x, y, max(size - 1, 1), max(thick - 1, 1), c=f"{PARTS[term.part]}-fill", tip=tip)
                x += size
            y += thick
        y += 4


def _thick(row: LayerReport, scale: _Scale) -> float:
    """A row's thickness: a pixel for so many units."""
    return max(1.0, 9 * getattr(row.layer, "units", 1) / scale.units)


def _lengths(terms: Sequence[ParameterTerm]) -> list[int]:
    """How many weights each array has for one column of the kernel, that is for one gate of one unit."""
    return [term.shape[0] if len(term.shape) == 2 else 1 for term in terms]


def _arithmetic(row: LayerReport, y: float) -> Iterator[s.Mark]:
    """The count as a sum, each product in its array's colour; a sign of our own advance, since fonts differ."""
    both = row.count.directions == 2
    pieces: list[tuple[str, str]] = [("2 × (", "quiet")] if both else []
    for i, term in enumerate(row.count.terms):
        pieces += [(" + ", "quiet")] if i else []
        pieces.append((term.numbers, PARTS[term.part]))
    pieces += [(")", "quiet")] if both else []
    x = 0.0
    for written, colour in pieces:
        yield s.text(x, y, written, z=13, c=f"mono {colour}")
        x += 7.9 * len(written)


def _colour(row: LayerReport) -> str:
    if isinstance(row.layer, Recurrent):
        return row.layer.cell
    return "bag_of_words" if isinstance(row.layer, Dense) else "input"


def _cells(written: str) -> int:
    """How many columns a text takes; Chinese characters take two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in written)
