"""A tensor (batch, timesteps, features) as a row of slices, one per timestep.

A slice is as high as the tensor has features, and the row as many sheets deep as there are sequences in the batch. A
layer without return_sequences leaves the outlines of the slices it drops, so that a switch shows what is lost.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rnn_core.charts import scene as s
from rnn_core.shapes import Dense, Recurrent, Shape

Labels = Mapping[str, str]

MIDDLE = 104.0  # the line on which tensors stand
MOST, SHEETS = 7, 3
BETWEEN = 5.0  # between the two directions of a bidirectional layer

_LOOKS = {"kept": "{role}-tint {role}-edge", "final": "{role}-fill frame", "dropped": "clear {role}-edge dashed faint",
          "none": "clear"}  # fmt: skip


@dataclass(frozen=True)
class Slices:
    """What is drawn of one tensor.

    Attributes:
        shape: with None for the batch and for a length that is not fixed.
        layer: that hands it on; None for the stack's input.
        batch, timesteps: sizes once data has arrived.
        visible: whether anything is shown; otherwise only the places are kept.
    """

    shape: Shape
    layer: Any
    batch: int
    timesteps: int
    visible: bool

    @property
    def recurrent(self) -> bool:
        return isinstance(self.layer, Recurrent)

    @property
    def word_ids(self) -> bool:
        """Whether it holds a number per word and not yet features."""
        return self.layer is None and len(self.shape) == 2

    @property
    def in_time(self) -> bool:
        return self.word_ids or len(self.shape) == 3

    @property
    def halves(self) -> int:
        """2 where the two directions of a layer stand one above the other."""
        both = self.recurrent and self.layer.bidirectional and self.layer.merge_mode in ("concat", None)
        return 2 if both else 1

    @property
    def features(self) -> int:
        if self.word_ids:
            return 1
        apart = self.halves == 2 and self.layer.merge_mode is None
        return (self.shape[-1] or 1) * (2 if apart else 1)

    @property
    def height(self) -> float:
        """As high as can be told apart: doubling the features adds as much again; 32 are 66 pixels, 1024 are 122."""
        height = 10 + 11.2 * math.log2(self.features)
        return max(height, 2 * 22.0) if self.halves == 2 else height  # a line of text fits beside each direction

    @property
    def count(self) -> int:
        return min(self.timesteps, MOST)

    @property
    def sheets(self) -> int:
        return min(self.batch, SHEETS)

    @property
    def role(self) -> str:
        return "state" if self.recurrent else "bag_of_words" if isinstance(self.layer, Dense) else "input"

    def state(self, i: int, half: int) -> str:
        """Say what becomes of slice i: kept, final (it has read everything), dropped, or never there."""
        if not self.visible or (self.timesteps > self.count and i == self.count // 2):
            return "none"
        if not self.recurrent:
            return "kept" if self.in_time or i == self.count // 2 else "none"
        # The backward half has read everything when it arrives at the first timestep.
        final = i == 0 if half == 1 else i == self.count - 1
        merged = self.layer.bidirectional and self.halves == 1
        if self.in_time:
            return "final" if final and not merged else "kept"
        return "final" if final else "dropped"

    def look(self, sheet: int, i: int, half: int) -> str:
        """The same for one sheet: those behind only say how many there are, whole slices and nothing filled."""
        state = self.state(i, half)
        if sheet and state == "dropped":
            return "none"  # one outline is enough
        if sheet and self.halves == 2 and self.in_time:
            return "kept" if state != "none" and half == 0 else "none"
        return state

    def timestep(self, i: int) -> int:
        """Which timestep slice i stands for, counted from 1; the middle of a long sequence is left out."""
        return i + 1 if i < self.count // 2 or self.timesteps <= self.count else self.timesteps - self.count + i + 1


def drawn(tensor: Slices, middle: float, pitch: float, labels: Labels) -> list[s.Mark]:
    """Draw the slices and the sizes of the axes around `middle`, a slice every `pitch` pixels."""
    left = middle - tensor.count * pitch / 2
    return [*_slices(tensor, left, pitch, labels), *_sizes(tensor, left, pitch, labels)]


def _slices(tensor: Slices, left: float, pitch: float, labels: Labels) -> Iterator[s.Mark]:
    """All sheets, the one in front last."""
    top, part = MIDDLE - tensor.height / 2, tensor.height / tensor.halves
    for sheet in reversed(range(tensor.sheets)):
        for i in range(tensor.count):
            for half in range(tensor.halves):
                state = tensor.look(sheet, i, half)
                whole = sheet and tensor.halves == 2 and tensor.in_time and half == 0
                tall = tensor.height if whole else part - (BETWEEN if half == 0 and tensor.halves == 2 else 0)
                x, y = left + i * pitch + 8 * sheet, top + half * part - 7 * sheet
                tip = _tip(tensor, sheet, i, labels) if state in ("kept", "final") else None
                yield s.rect(x, y, pitch - 2, tall, r=2, c="slice " + _LOOKS[state].format(role=tensor.role), tip=tip)


def _tip(tensor: Slices, sheet: int, i: int, labels: Labels) -> str:
    if not tensor.in_time:
        return labels["last_of_each" if tensor.halves == 2 else "last"].format(timesteps=tensor.timesteps)
    numbers = tensor.features // tensor.halves
    return labels["slice"].format(sequence=sheet + 1, timestep=tensor.timestep(i), numbers=numbers)


def _sizes(tensor: Slices, left: float, pitch: float, labels: Labels) -> Iterator[s.Mark]:
    """How many sequences, features and timesteps there are, each at its axis; and dots where slices are left out."""
    top, bottom = MIDDLE - tensor.height / 2, MIDDLE + tensor.height / 2
    dots = tensor.visible and tensor.in_time and tensor.timesteps > tensor.count
    at = left + (tensor.count // 2 + 0.5) * pitch - 1
    yield s.text(at, MIDDLE + 5, "…" if dots else "", a="middle", z=15, c="quiet")
    right = left + tensor.count * pitch
    if not tensor.recurrent and not tensor.in_time:  # one slice in the middle, and the words beside it
        left += (tensor.count // 2) * pitch
        right = left + pitch
    behind = tensor.sheets - 1
    batch = labels["batch"].format(n=tensor.batch) if tensor.visible else ""
    yield s.text(right + 8 * behind, top - 7 * behind - 6, batch, a="end", z=13, c="quiet")
    for said, y, strong in _features(tensor, top, labels):
        shown = said if tensor.visible and not tensor.word_ids else ""
        look = f"strong {tensor.role}" if strong else "quiet"
        yield s.text(left - 7, y, shown, a="end", z=14 if strong else 13, c=look)
    along = _along(tensor, labels) if tensor.visible else ""
    yield s.text((left + right) / 2, bottom + 17, along, a="middle", z=13, c="quiet")


def _features(tensor: Slices, top: float, labels: Labels) -> list[tuple[str, float, bool]]:
    """How many features there are, in two texts: what stands there, on which line, and whether it is bold."""
    half, bottom = tensor.features // 2, top + tensor.height
    number, word = str(tensor.features), labels["feature" if tensor.features == 1 else "features"]
    if tensor.halves == 2:
        part = tensor.height / 2
        return [(f"→ {half}", top + part / 2 + 3, True), (f"← {half}", top + 1.5 * part + 5, True)]
    if tensor.height < 30:
        return [(f"{number} {word}", top + tensor.height / 2 + 5, True), ("", bottom, False)]
    return [(number, MIDDLE - 3, True), (word, MIDDLE + 13, False)]


def _along(tensor: Slices, labels: Labels) -> str:
    """What stands under the slices."""
    if tensor.in_time:
        backwards = tensor.recurrent and tensor.layer.go_backwards
        return labels["backwards" if backwards else "timesteps"].format(n=tensor.timesteps)
    if not tensor.recurrent:
        return ""
    return labels["last_of_each" if tensor.halves == 2 else "last"].format(timesteps=tensor.timesteps)
