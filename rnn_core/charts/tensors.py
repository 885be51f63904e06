"""Pictures of tensors on their way through a stack of layers: their shapes, their parameters, their real values.

A tensor (batch, timesteps, features) is drawn as a row of slices, one per timestep: as high as it has features, and
as many sheets deep as there are sequences in the batch. A layer without return_sequences leaves the outlines of the
slices it drops, so that a toggle shows what is lost. Slices keep their number and order, whatever the toggles say:
the browser then only repaints what changed.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core.charts import scene as s
from rnn_core.shapes import (
    Dense,
    Embedding,
    LayerReport,
    ParameterTerm,
    Recurrent,
    Shape,
    Stack,
    StackReport,
    Tensor,
    concrete,
    shape_text,
)

# What the pictures say, by key; a page hands in its visitor's language. Words in braces are filled in here.
Labels = Mapping[str, str]

#: Wider stacks continue on a second picture: with more in a row no text could be read from the last bench.
MOST_IN_A_ROW = 6
GAP = 16.0
WIDTH = 1200.0
_MIDDLE = 104.0
_SLICES, _SHEETS = 7, 3
_BETWEEN = 5.0  # between the two directions of a bidirectional layer
_PARTS = {"kernel": "input", "recurrent_kernel": "state", "bias": "bias"}


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


def flow(
    *,
    stack: Stack,
    told: StackReport,
    shown: Sequence[int | str],
    slots: int,
    batch: int,
    timesteps: int,
    labels: Labels,
    hidden: int | None = None,
) -> s.Scene:
    """Draw the tensors that the given columns hand on, each below the place where its layer's controls stand.

    Args:
        stack, told: the stack and its report.
        shown: the columns of this row, out of `columns(stack)`.
        slots: how many columns the width is divided into.
        batch, timesteps: sizes once data has arrived.
        labels: batch, timesteps, backwards, feature, features, last, last_of_each, parameters, refused, unreached,
            slice, word_ids, alt.
        hidden: index of a layer whose output is to be guessed; what comes after it is hidden, too.
    """
    if not isinstance(stack.input, Embedding) and stack.input.timesteps:
        timesteps = stack.input.timesteps
    rows = {row.index if row.index is not None else "embedding": row for row in told.rows}
    width = (WIDTH - GAP * (slots - 1)) / slots
    every = columns(stack)
    if not any(column == "input" or column in rows or _refused(told, column) for column in shown):
        # Nothing arrives in this row: one line says so, instead of an empty picture.
        middles = [place * (width + GAP) + width / 2 for place in range(len(shown))]
        unreached = [s.text(middle, 22, labels["unreached"], a="middle", z=14, c="quiet") for middle in middles]
        return s.scene(WIDTH, 34, labels["alt"], unreached)
    marks: list[s.Mark] = []
    extras = 0
    for place, column in enumerate(shown):
        left = place * (width + GAP)
        middle = left + width / 2 + 12
        row = rows.get(column)
        guessed = hidden is not None and isinstance(column, int) and column >= hidden
        outputs = row.outputs if row else _input_tensors(stack) if column == "input" else ()
        refused = _refused(told, column)
        marks += _tensor(
            middle, min(26.0, width * 0.54 / _SLICES), outputs, row, batch, timesteps, labels, visible=not guessed
        )
        marks += _words(
            middle if width > 230 else left + width / 2, outputs, row, batch, timesteps, labels, guessed, refused
        )
        marks += _sign(middle, "?" if guessed else "✕" if refused else "" if outputs else "·")
        if column != "input":
            marks.append(s.path(f"M{middle:.1f} 2V20", w=2, c="thin" if not outputs else "", arrow=True))
        following = every[every.index(column) + 1] if column != every[-1] else None
        if following is not None:
            known = bool(outputs) and (following in rows or _refused(told, following))
            start = middle + min(26.0, width * 0.54 / _SLICES) * min(timesteps, _SLICES) / 2 + 22
            marks.append(_onward(start, left + width + GAP, known, place + 1 < len(shown)))
        if not guessed:
            extras = max(extras, len(outputs) - 1)
    return s.scene(WIDTH, 250 + 20 * extras, labels["alt"], marks)


def _refused(told: StackReport, column: int | str) -> bool:
    return told.problem is not None and told.problem.layer == column


def _input_tensors(stack: Stack) -> tuple[Tensor, ...]:
    if isinstance(stack.input, Embedding):
        return (Tensor("input", (None, None)),)
    return (Tensor("input", (None, stack.input.timesteps, stack.input.input_features)),)


def _height(features: int) -> float:
    """As high as it can be told apart: doubling the features adds the same piece; 32 are 66 pixels, 1024 are 122."""
    return 10 + 11.2 * math.log2(features)


def _tensor(
    middle: float,
    pitch: float,
    outputs: tuple[Tensor, ...],
    row: LayerReport | None,
    batch: int,
    timesteps: int,
    labels: Labels,
    *,
    visible: bool,
) -> list[s.Mark]:
    """Draw the slices and the sizes of the axes."""
    layer = row.layer if row else None
    shape: Shape = outputs[0].shape if outputs else (None, None, 1)
    word_ids = row is None and len(shape) == 2
    features = 1 if word_ids else (shape[-1] or 1)
    halves = 1
    if isinstance(layer, Recurrent) and layer.bidirectional and layer.merge_mode in ("concat", None):
        halves = 2
        features = features * 2 if layer.merge_mode is None else features
    role = "state" if isinstance(layer, Recurrent) else "bag_of_words" if isinstance(layer, Dense) else "input"
    last = "last_of_each" if halves == 2 else "last"
    in_time = word_ids or len(shape) == 3
    slices, sheets = min(timesteps, _SLICES), min(batch, _SHEETS)
    height = _height(features)
    if halves == 2:
        height = max(height, 2 * 22.0)  # a line of text fits beside each direction
    x0, y0 = middle - slices * pitch / 2, _MIDDLE - height / 2
    part = height / halves
    shown = visible and bool(outputs)
    marks: list[s.Mark] = []
    for sheet in reversed(range(sheets)):
        for i in range(slices):
            gap = timesteps > slices and i == slices // 2
            for half in range(halves):
                state = _slice_state(layer, in_time, i, slices, half, halves) if shown and not gap else "none"
                state = "none" if state == "dropped" and sheet else state  # one outline is enough
                x, y = x0 + i * pitch + 8 * sheet, y0 + half * part - 7 * sheet
                high = part - (_BETWEEN if half == 0 and halves == 2 else 0)
                if sheet and halves == 2 and in_time:
                    # The sheets behind only say how many there are: whole slices, and nothing filled.
                    state, high = ("kept", height) if state != "none" and half == 0 else ("none", high)
                tip = None
                if state in ("kept", "final"):
                    step = i + 1 if i < slices // 2 or timesteps <= slices else timesteps - slices + i + 1
                    tip = labels["slice"].format(sequence=sheet + 1, timestep=step, numbers=features // halves)
                    tip = tip if in_time else labels[last].format(timesteps=timesteps)
                looks = {
                    "kept": f"{role}-tint {role}-edge",
                    "final": f"{role}-fill frame",
                    "dropped": f"clear {role}-edge dashed faint",
                    "none": "clear",
                }
                marks.append(s.rect(x, y, pitch - 2, high, r=2, c="slice " + looks[state], tip=tip))
    dots = shown and in_time and timesteps > slices
    marks.append(
        s.text(x0 + (slices // 2 + 0.5) * pitch - 1, _MIDDLE + 5, "…" if dots else "", a="middle", z=15, c="quiet")
    )
    if not isinstance(layer, Recurrent) and not in_time:  # one slice in the middle, and the words beside it
        x0 += (slices // 2) * pitch
        slices = 1
    right, bottom = x0 + slices * pitch, y0 + height
    known = [shown, shown and not word_ids, shown]
    number, word = str(features), labels["feature" if features == 1 else "features"]
    if halves == 2:
        sizes = [(f"→ {features // 2}", y0 + part / 2 + 3, True), (f"← {features // 2}", y0 + 1.5 * part + 5, True)]
    elif height < 30:
        sizes = [(f"{number} {word}", y0 + height / 2 + 5, True), ("", bottom, False)]
    else:
        sizes = [(number, _MIDDLE - 3, True), (word, _MIDDLE + 13, False)]
    direction = "backwards" if isinstance(layer, Recurrent) and layer.go_backwards and in_time else "timesteps"
    along = labels[direction].format(n=timesteps) if in_time else ""
    if isinstance(layer, Recurrent) and not in_time:
        along = labels[last].format(timesteps=timesteps)
    marks += [
        s.text(
            right + 8 * (sheets - 1),
            y0 - 7 * (sheets - 1) - 6,
            labels["batch"].format(n=batch) if known[0] else "",
            a="end",
            z=13,
            c="quiet",
        ),
        *(
            s.text(
                x0 - 7,
                y,
                said if known[1] else "",
                a="end",
                z=14 if strong else 13,
                c=f"strong {role}" if strong else "quiet",
            )
            for said, y, strong in sizes
        ),
        s.text((x0 + right) / 2, bottom + 17, along if known[2] else "", a="middle", z=13, c="quiet"),
    ]
    return marks


def _slice_state(layer: Any, in_time: bool, i: int, slices: int, half: int, halves: int) -> str:
    """Say what becomes of slice i: kept, final (it has read everything), dropped, or never there."""
    if not isinstance(layer, Recurrent):
        return "kept" if in_time or i == slices // 2 else "none"
    # The backward half has read everything when it arrives at the first timestep.
    final = i == 0 if half == 1 else i == slices - 1
    if in_time:
        merged = layer.bidirectional and halves == 1
        return "final" if final and not merged else "kept"
    return "final" if final else "dropped"


def _words(
    middle: float,
    outputs: tuple[Tensor, ...],
    row: LayerReport | None,
    batch: int,
    timesteps: int,
    labels: Labels,
    guessed: bool,
    refused: bool,
) -> list[s.Mark]:
    """Write the symbolic shape, the concrete one and the parameters; the states of return_state below."""
    first = second = third = ""
    if guessed:
        first, second = "(?)", "(?)"
    elif outputs:
        first = shape_text(outputs[0].shape)
        second = str(concrete(outputs[0].shape, batch, timesteps))
        third = (
            labels["parameters"].format(n=f"{row.count.total:,}")
            if row
            else labels["word_ids"]
            if len(outputs[0].shape) == 2
            else ""
        )
    else:
        first = labels["refused"] if refused else labels["unreached"]
    several = len(outputs) > 1 and not guessed
    name = f"{outputs[0].name} " if several else ""
    marks = [
        s.text(middle, 200, first, a="middle", z=13, c="mono quiet" if outputs else "quiet"),
        s.text(middle, 221, name + second, a="middle", z=15, c="mono strong"),
        s.text(middle, 242, third, a="middle", z=13, c="quiet"),
    ]
    for i, tensor in enumerate(outputs[1:] if several else ()):
        role = "carry" if tensor.name.endswith("c") else "state"
        shape = concrete(tensor.shape, batch, timesteps)
        marks.append(s.text(middle, 264 + 20 * i, f"{tensor.name} {shape}", a="middle", z=14, c=f"mono strong {role}"))
    return marks


def _sign(middle: float, what: str) -> list[s.Mark]:
    return [s.text(middle, _MIDDLE + 14, what, a="middle", z=40, c="strong quiet")]


def _onward(start: float, next_left: float, known: bool, inside: bool) -> s.Mark:
    """The way from a tensor up into the next layer; at the end of a row only a start of it."""
    kind = "" if known else "thin dashed"
    if not inside:
        return s.path(f"M{start:.1f} {_MIDDLE}h14", w=2, c=kind, arrow=True)
    end = next_left + 12
    return s.path(
        f"M{start:.1f} {_MIDDLE}C{start + 16:.1f} {_MIDDLE} {end:.1f} {_MIDDLE} {end:.1f} 4", w=2, c=kind, arrow=True
    )


# --- Parameters ------------------------------------------------------------------------------------------------


def parameters(*, told: StackReport, labels: Labels, width: float = 531.0, hidden: int | None = None) -> s.Scene:
    """Draw where the parameters are: each layer's share of all, and each layer's arrays to scale.

    Within a layer one row of the bar is one gate, its length the rows of the kernel, of the recurrent kernel, and the
    bias: the area is the number of parameters. Layers are drawn to the same scale, save the Embedding.

    Args:
        labels: total, kernel, recurrent_kernel, bias, table, forward, backward, alt.
        hidden: index of a layer whose count is to be guessed; it and the total stay hidden.
    """
    rows = [row for row in told.rows if hidden is None or row.index is None or row.index < hidden]
    measured = [row for row in rows if row.index is not None]
    longest = max((sum(_lengths(row.count.terms)) for row in measured), default=1)
    units = max((row.layer.units for row in measured if not isinstance(row.layer, Embedding)), default=1)
    total = sum(row.count.total for row in rows)
    whole = hidden is None and told.total is not None
    marks: list[s.Mark] = [
        s.text(0, 16, labels["total"], z=14, c="quiet"),
        s.text(width, 17, f"{total:,}" if whole else "?" if told.total is not None else "–", a="end", z=19, c="strong"),
    ]
    x = 0.0
    for row in rows:
        length = max(2.0, (width - 2 * len(rows)) * row.count.total / total)
        marks.append(
            s.rect(
                x,
                26,
                min(length, width - x),
                14,
                r=2,
                c=f"{_colour(row)}-fill",
                tip=f"{row.name}: {row.count.total:,} = {100 * row.count.total / total:.1f} %",
            )
        )
        x += length
    x = 0.0
    for part, role in _PARTS.items():
        marks.append(s.rect(x, 54, 11, 11, r=2, c=f"{role}-fill"))
        marks.append(s.text(x + 16, 64, labels[part], z=13, c="quiet"))
        x += 28 + 5.9 * _cells(labels[part])
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
            strip = max(1.0, 9 * getattr(row.layer, "units", 1) / units)
            for direction in range(row.count.directions):
                for _block in range(getattr(row.layer, "blocks", 1)):
                    x = 0.0
                    for term, length in zip(row.count.terms, _lengths(row.count.terms), strict=True):
                        size = width * length / longest
                        name = "" if row.count.directions == 1 else labels[("forward", "backward")[direction]] + " "
                        marks.append(
                            s.rect(
                                x,
                                y,
                                max(size - 1, 1),
                                max(strip - 1, 1),
                                c=f"{_PARTS[term.part]}-fill",
                                tip=f"{name}{term.part} {term.shape}: {term.numbers} = {term.value:,}",
                            )
                        )
                        x += size
                    y += strip
                y += 4
        y += 32
    return s.scene(width, y - 16, labels["alt"], marks)


def _lengths(terms: Sequence[ParameterTerm]) -> list[int]:
    """How many weights each array has for one column of the kernel, that is for one gate of one unit."""
    return [term.shape[0] if len(term.shape) == 2 else 1 for term in terms]


def _arithmetic(row: LayerReport, y: float) -> list[s.Mark]:
    """The count as a sum, each product in its array's colour; a sign of our own advance, since fonts differ."""
    both = row.count.directions == 2
    pieces: list[tuple[str, str]] = [("2 × (", "quiet")] if both else []
    for i, term in enumerate(row.count.terms):
        pieces += [(" + ", "quiet")] if i else []
        pieces.append((term.numbers, _PARTS[term.part]))
    pieces += [(")", "quiet")] if both else []
    x, marks = 0.0, []
    for written, colour in pieces:
        marks.append(s.text(x, y, written, z=13, c=f"mono {colour}"))
        x += 7.9 * len(written)
    return marks


def _colour(row: LayerReport) -> str:
    return (
        row.layer.cell
        if isinstance(row.layer, Recurrent)
        else "bag_of_words"
        if isinstance(row.layer, Dense)
        else "input"
    )


def _cells(written: str) -> int:
    """How many columns a text takes; Chinese characters take two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in written)


# --- Real values -----------------------------------------------------------------------------------------------


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
        labels: sequence, timestep, feature, value, difference, alt.
    """
    matrix = np.asarray(values, dtype=float).T
    features, timesteps = matrix.shape
    scale = max(float(np.abs(matrix).max()), max((float(np.abs(e["values"]).max()) for e in states), default=0.0), 1e-9)
    top, height = 52.0, max(120.0, min(256.0, 8.0 * features))
    name = (labels["value"], labels["feature"], labels["timestep"])
    wide = min(560.0, max(150.0, 46.0 * timesteps))
    marks: list[s.Mark] = [
        s.text(2, 18, "output", z=15, c="mono strong state"),
        s.text(2, 40, labels["sequence"].format(timesteps=timesteps, features=features), z=13, c="quiet"),
        s.heat(
            2, top, wide, height, matrix, id="sequence", scale=scale, cursor=timesteps - 1, names=name, first_column=1
        ),
        s.text(2, top + height + 18, labels["timestep"] + " 1", z=13, c="quiet"),
        s.text(2 + wide, top + height + 18, str(timesteps), a="end", z=13, c="quiet"),
    ]
    x = wide + 44
    marks.append(s.path(f"M{wide + 8:.1f} {top + height / 2}h22", w=2, arrow=True))
    for i, (title, vector) in enumerate((("output[:, -1, :]", with_sequences), ("return_sequences=False", without))):
        if i:
            marks.append(s.text(x - 14, top + height / 2 + 8, labels["sign"], a="middle", z=26, c="strong"))
            x += 8
        marks += _column(x, top, height, vector, features, scale, title, "state", name)
        x += 9.0 * len(title) + 26
    for element in states:
        if element["name"].endswith("output"):
            continue
        role = "carry" if element["name"].endswith("c") else "state"
        marks += _column(x, top, height, element["values"], features, scale, element["name"], role, name)
        x += max(9.0 * len(element["name"]) + 22, 62)
    return s.scene(max(WIDTH, x), top + height + 28, labels["alt"], marks)


def _column(
    x: float,
    top: float,
    height: float,
    vector: Sequence[float],
    features: int,
    scale: float,
    title: str,
    role: str,
    name: tuple[str, str, str],
) -> list[s.Mark]:
    numbers = np.asarray(vector, dtype=float)[:, None]
    return [
        s.text(x, 18, title, z=15, c=f"mono strong {role}"),
        s.text(x, 40, f"({len(vector)},)", z=13, c="mono quiet"),
        s.heat(x, top, 40, height * len(vector) / features, numbers, id=title, scale=scale, names=name),
    ]
