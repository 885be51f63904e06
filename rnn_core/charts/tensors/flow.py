"""The tensors that the layers of a stack hand on, one below each layer.

A stack is shown as columns: its input, its Embedding if it has one, and its layers. Each column has a tensor, drawn in
`slices.py`, and under it the tensor's shape in symbols and in numbers. Marks keep their number and order, whatever the
switches say: the browser then only repaints what changed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rnn_core.charts import scene as s
from rnn_core.charts.tensors import slices
from rnn_core.shapes import Embedding, LayerReport, Stack, StackReport, Tensor, concrete, shape_text

# What the pictures say, by key; a page hands in its visitor's language. Words in braces are filled in here.
Labels = Mapping[str, str]

#: Wider stacks continue on a second picture: with more in a row no text could be read from the last bench.
MOST_IN_A_ROW = 6
GAP = 16.0
WIDTH = 1200.0


@dataclass(frozen=True)
class Journey:
    """A batch on its way through a stack.

    Attributes:
        stack, told: the stack and its report.
        batch, length: sizes once data has arrived; a fixed length of the stack's input counts before `length`.
        hidden: index of a layer whose output is to be guessed; what comes after it is hidden, too.
    """

    stack: Stack
    told: StackReport
    batch: int
    length: int
    hidden: int | None = None

    @property
    def timesteps(self) -> int:
        fixed = None if isinstance(self.stack.input, Embedding) else self.stack.input.timesteps
        return fixed or self.length

    @cached_property
    def rows(self) -> dict[int | str, LayerReport]:
        """What is known of each column but the input, as far as data gets."""
        return {"embedding" if row.index is None else row.index: row for row in self.told.rows}

    def refused(self, column: int | str) -> bool:
        return self.told.problem is not None and self.told.problem.layer == column

    def reaches(self, column: int | str) -> bool:
        """Whether data arrives there, be it to be refused."""
        return column == "input" or column in self.rows or self.refused(column)

    def guessed(self, column: int | str) -> bool:
        return self.hidden is not None and isinstance(column, int) and column >= self.hidden

    def outputs(self, column: int | str) -> tuple[Tensor, ...]:
        """The tensors that a column hands on; none where nothing is."""
        if column != "input":
            return self.rows[column].outputs if column in self.rows else ()
        if isinstance(self.stack.input, Embedding):
            return (Tensor("input", (None, None)),)
        return (Tensor("input", (None, self.stack.input.timesteps, self.stack.input.input_features)),)


@dataclass(frozen=True)
class _Place:
    """Where a column stands."""

    left: float
    width: float

    @property
    def middle(self) -> float:
        """Of the tensor: a little to the right, since the size of its features stands left of it."""
        return self.left + self.width / 2 + 12

    @property
    def words(self) -> float:
        return self.middle if self.width > 230 else self.left + self.width / 2

    @property
    def pitch(self) -> float:
        """From one slice to the next."""
        return min(26.0, self.width * 0.54 / slices.MOST)


def columns(stack: Stack) -> list[int | str]:
    """Return what the picture shows from left to right: "input", "embedding" if there is one, the layers' indices."""
    front: list[int | str] = ["input", "embedding"] if isinstance(stack.input, Embedding) else ["input"]
    return [*front, *range(len(stack.layers))]


def rows_of_columns(stack: Stack) -> list[list[int | str]]:
    """Return the columns row by row, as evenly as they go: seven become four and three, not six and one."""
    every = columns(stack)
    count = math.ceil(len(every) / MOST_IN_A_ROW)
    most = math.ceil(len(every) / count)
    return [every[i : i + most] for i in range(0, len(every), most)]


def flow(*, journey: Journey, shown: Sequence[int | str], slots: int, labels: Labels) -> s.Scene:
    """Draw the tensors that the given columns hand on, each below the place where its layer's controls stand.

    Args:
        journey: the stack and the batch that goes through it.
        shown: the columns of this row, out of `columns(stack)`.
        slots: how many columns the width is divided into.
        labels: batch, timesteps, backwards, feature, features, last, last_of_each, parameters, refused, unreached,
            slice, word_ids, alt.
    """
    width = (WIDTH - GAP * (slots - 1)) / slots
    places = [_Place(place * (width + GAP), width) for place in range(len(shown))]
    if not any(journey.reaches(column) for column in shown):
        # Nothing arrives in this row: one line says so, instead of an empty picture.
        unreached = [s.text(at.left + width / 2, 22, labels["unreached"], a="middle", z=14, c="quiet") for at in places]
        return s.scene(WIDTH, 34, labels["alt"], unreached)
    marks: list[s.Mark] = []
    for number, (column, place) in enumerate(zip(shown, places, strict=True)):
        marks += _column(journey, column, place, labels)
        if _following(journey, column) is not None:
            marks.append(_onward(journey, column, place, number + 1 < len(shown)))
    extras = [len(journey.outputs(column)) - 1 for column in shown if not journey.guessed(column)]
    return s.scene(WIDTH, 250 + 20 * max([0, *extras]), labels["alt"], marks)


def _column(journey: Journey, column: int | str, place: _Place, labels: Labels) -> list[s.Mark]:
    """One column: its tensor, what stands under it, and the way into it."""
    outputs, guessed = journey.outputs(column), journey.guessed(column)
    row = journey.rows.get(column)
    tensor = slices.Slices(
        shape=outputs[0].shape if outputs else (None, None, 1),
        layer=row.layer if row else None,
        batch=journey.batch,
        timesteps=journey.timesteps,
        visible=bool(outputs) and not guessed,
    )
    sign = "?" if guessed else "✕" if journey.refused(column) else "" if outputs else "·"
    marks = slices.drawn(tensor, place.middle, place.pitch, labels)
    marks += _words(journey, column, place.words, labels)
    marks.append(s.text(place.middle, slices.MIDDLE + 14, sign, a="middle", z=40, c="strong quiet"))
    if column != "input":
        look = "" if outputs else "thin"
        marks.append(s.path(f"M{place.middle:.1f} 2V20", w=2, c=look, arrow=True))
    return marks


def _words(journey: Journey, column: int | str, middle: float, labels: Labels) -> list[s.Mark]:
    """The symbolic shape, the concrete one and the parameters; the states of return_state below."""
    outputs, guessed = journey.outputs(column), journey.guessed(column)
    if guessed:
        first, second, third = "(?)", "(?)", ""
    elif outputs:
        first, third = shape_text(outputs[0].shape), _under(journey, column, labels)
        second = str(concrete(outputs[0].shape, journey.batch, journey.timesteps))
    else:
        first, second, third = labels["refused" if journey.refused(column) else "unreached"], "", ""
    several = outputs[1:] if not guessed else ()
    name = f"{outputs[0].name} " if several else ""
    marks = [
        s.text(middle, 200, first, a="middle", z=13, c="mono quiet" if outputs else "quiet"),
        s.text(middle, 221, name + second, a="middle", z=15, c="mono strong"),
        s.text(middle, 242, third, a="middle", z=13, c="quiet"),
    ]
    for i, tensor in enumerate(several):
        role = "carry" if tensor.name.endswith("c") else "state"
        said = f"{tensor.name} {concrete(tensor.shape, journey.batch, journey.timesteps)}"
        marks.append(s.text(middle, 264 + 20 * i, said, a="middle", z=14, c=f"mono strong {role}"))
    return marks


def _under(journey: Journey, column: int | str, labels: Labels) -> str:
    """How many parameters a layer has; of an input of words, what a number in it is."""
    if column in journey.rows:
        return labels["parameters"].format(n=f"{journey.rows[column].count.total:,}")
    return labels["word_ids"] if len(journey.outputs(column)[0].shape) == 2 else ""


def _following(journey: Journey, column: int | str) -> int | str | None:
    every = columns(journey.stack)
    return every[every.index(column) + 1] if column != every[-1] else None


def _onward(journey: Journey, column: int | str, place: _Place, inside: bool) -> s.Mark:
    """The way from a tensor up into the next layer; at the end of a row only a start of it."""
    following = _following(journey, column)
    known = bool(journey.outputs(column)) and following is not None and journey.reaches(following)
    look = "" if known else "thin dashed"
    start, y = place.middle + place.pitch * min(journey.timesteps, slices.MOST) / 2 + 22, slices.MIDDLE
    if not inside:
        return s.path(f"M{start:.1f} {y}h14", w=2, c=look, arrow=True)
    end = place.left + place.width + GAP + 12
    way = f"M{start:.1f} {y}C{start + 16:.1f} {y} {end:.1f} {y} {end:.1f} 4"
    return s.path(way, w=2, c=look, arrow=True)
