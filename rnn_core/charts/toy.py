"""Pictures of the toy RNN at one timestep: the article's size as strips and a heat map, a small one node by node."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import scene as s
from rnn_core.explain.arithmetic import Pointer

# Both pictures fill the same place beside the program.
WIDTH = 840.0

# What the pictures say, by key; a page hands in its visitor's language.
Labels = Mapping[str, str]


def program(timesteps: int, input_features: int, units: int) -> list[str]:
    """Return the lines shown beside the picture; run on its W, U, b and inputs, they compute its numbers."""
    return [
        "# W, U, b, inputs = ...",
        f"state = np.zeros({units})",
        "outputs = []",
        f"for x in inputs:          # {timesteps} × {input_features}",
        "    output = np.tanh(W @ x + U @ state + b)",
        "    outputs.append(output)",
        "    state = output",
        "sequence = np.stack(outputs)",
    ]


def strips(*, trace: SimpleRNNTrace, t: int, labels: Labels, opened: Pointer | None = None) -> s.Scene:
    """Draw one timestep as columns of numbers, and the output sequence as it grows.

    All columns but the input have one cell per unit, so that a row is one unit from left to right:
    state | U·state + W·x + b = sum | tanh | output sequence.

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the empty start.
        labels: input, state, sum, output, unit, timestep, not_yet.
        opened: where the number stands whose arithmetic is shown.
    """
    units, features, timesteps = trace.h.shape[2], trace.inputs.shape[2], trace.h.shape[1]
    top, bottom, cell = 48.0, 368.0, 20.0
    height = bottom - top
    now = max(t - 1, 0)
    bias = trace.weights.bias
    sums = float(np.abs(trace.pre_activation).max())
    columns = [
        ("h_previous", labels["state"], "", trace.h_previous[0, now], 1.0, "state"),
        ("inputs", "x", "", trace.inputs[0, now], 1.0, "input"),
        ("recurrent_projection", "U·" + labels["state"], "", trace.recurrent_projection[0, now], sums, "state"),
        ("input_projection", "W·x", "+", trace.input_projection[0, now], sums, "input"),
        ("bias", "b", "+", bias, sums, "bias"),
        ("pre_activation", labels["sum"], "=", trace.pre_activation[0, now], sums, ""),
        ("h_now", "tanh", "→", trace.h[0, now], 1.0, "state"),
    ]
    marks: list[s.Mark] = []
    x, pitch = 18.0, 55.0
    for field, title, operator, values, scale, role in columns:
        known = t > 0 or field in ("h_previous", "bias")
        length = height * min(1.0, len(values) / max(units, features))
        if operator:
            marks.append(s.text(x - (pitch - cell) / 2, top + height / 2 + 6, operator, a="middle", z=20, c="quiet"))
        marks.append(s.text(x + cell / 2, top - 28, title, a="middle", z=15, c=f"strong {role}"))
        under = _range(values) if known else labels["not_yet"]
        marks.append(s.text(x + cell / 2, top - 10, under, a="middle", z=12, c="quiet"))
        marks.append(
            s.heat(
                x,
                top,
                cell,
                length,
                np.asarray(values)[:, None],
                id=field,
                scale=scale,
                upto=1 if known else 0,
                names=(title, labels["feature"] if field == "inputs" else labels["unit"], labels["timestep"]),
                first_column=now + 1,
            )
        )
        x += pitch
    left, width = x + 4, WIDTH - x - 6
    marks += [
        s.text(x - (pitch - cell) / 2 + 2, top + height / 2 + 6, "→", a="middle", z=20, c="quiet"),
        s.text(left, top - 28, labels["output"], z=15, c="strong state"),
        s.text(left, top - 10, f"{t} / {timesteps}", z=12, c="quiet"),
        s.heat(
            left,
            top,
            width,
            height,
            trace.h[0].T,
            id="h",
            upto=t,
            cursor=now if t else None,
            names=(labels["state"], labels["unit"], labels["timestep"]),
            first_column=1,
        ),
        s.text(left, bottom + 20, labels["timestep"] + " 1", z=13, c="quiet"),
        s.text(left + width, bottom + 20, str(timesteps), a="end", z=13, c="quiet"),
    ]
    marks.append(_opened_frame(opened, left, top, width / timesteps, height / units))
    return s.scene(WIDTH, bottom + 26, labels["alt"], marks)


def unrolled(*, trace: SimpleRNNTrace, t: int, labels: Labels, opened: Pointer | None = None) -> s.Scene:
    """Draw a small network unrolled through time: every node, every weighted edge, every number.

    Below each column of state nodes stand the input nodes of its timestep. What is computed at `t` is lit, what came
    before is quiet, what comes after is an outline.
    """
    units, features, timesteps = trace.h.shape[2], trace.inputs.shape[2], trace.h.shape[1]
    states = np.concatenate([trace.h_previous[:, :1], trace.h], axis=1)[0]
    kernel, recurrent = trace.weights.kernel, trace.weights.recurrent_kernel
    largest = max(float(np.abs(kernel).max()), float(np.abs(recurrent).max()), 1e-9)
    pitch = (WIDTH - 20) / (timesteps + 1)
    first = pitch * 0.5
    radius = min(21.0, pitch * 0.19)
    small = min(radius, 0.45 * pitch / max(features, 1))
    top, row = 60.0, min(62.0, 250 / units)
    below = top + (units - 1) * row + 96

    def state_at(step: int, unit: int) -> tuple[float, float]:
        return first + step * pitch, top + unit * row

    def input_at(step: int, feature: int) -> tuple[float, float]:
        spread = min(2.2 * small, 0.94 * pitch / max(features, 1))
        return first + (step - 0.2) * pitch + (feature - (features - 1) / 2) * spread, below

    marks: list[s.Mark] = []
    for step in range(1, timesteps + 1):
        phase = "" if step == t else "faint" if step < t else "future"
        for unit in range(units):
            end = state_at(step, unit)
            for feature in range(features):
                weight = float(kernel[feature, unit])
                x_value = float(trace.inputs[0, step - 1, feature])
                marks.append(
                    _edge(
                        input_at(step, feature),
                        end,
                        weight,
                        largest,
                        phase,
                        (small, radius),
                        step == t,
                        f"W[{unit},{feature}] = {s.short(weight)}\n× x[{feature}] = {s.short(x_value)}\n"
                        f"→ {s.short(weight * x_value)}",
                    )
                )
            for source in range(units):
                weight = float(recurrent[source, unit])
                before = float(states[step - 1, source])
                tip = f"U[{unit},{source}] = {s.short(weight)}"
                if step <= t:
                    tip += f"\n× {labels['state']}[{source}] = {s.short(before)}\n→ {s.short(weight * before)}"
                marks.append(
                    _edge(state_at(step - 1, source), end, weight, largest, phase, (radius, radius), step == t, tip)
                )
    for step in range(timesteps + 1):
        known, lit = step <= t, step == t
        if step:
            marks.append(
                s.text(
                    first + step * pitch,
                    24,
                    f"{labels['timestep']} {step}",
                    a="middle",
                    z=15,
                    c="strong" if lit else "quiet",
                )
            )
        else:
            marks.append(s.text(first, 24, labels["start"], a="middle", z=15, c="strong" if lit else "quiet"))
        for unit in range(units):
            x, y = state_at(step, unit)
            value = float(states[step, unit])
            chosen = opened is not None and (opened.t, opened.unit) == (step - 1, unit)
            edge = "state-edge" if lit or chosen else "frame"
            marks.append(
                s.circle(
                    x,
                    y,
                    radius * (1.14 if chosen else 1),
                    v=value if known else None,
                    c=edge if known else "frame ground future",
                    tip=f"{labels['state']}[{unit}] = {value:.6f}" if known else None,
                    pick=f"h:{unit}:{step - 1}" if known and step else None,
                )
            )
            marks.append(s.text(x, y + 5, s.short(value) if known else "", a="middle", z=14, on=value))
        for feature in range(features if step else 0):
            x, y = input_at(step, feature)
            value = float(trace.inputs[0, step - 1, feature])
            marks.append(
                s.circle(
                    x,
                    y,
                    small,
                    v=value,
                    c="input-edge" if lit else "frame faint" if known else "frame future",
                    tip=f"x[{feature}] = {value:.6f}",
                )
            )
            marks.append(
                s.text(
                    x,
                    y + 4.5,
                    s.short(value),
                    a="middle",
                    z=min(14.0, small * 0.78),
                    on=value if known else None,
                    c="" if known else "quiet",
                )
            )
    marks.append(s.text(first, below + 5, labels["input"], a="middle", z=15, c="strong input"))
    return s.scene(WIDTH, below + radius + 10, labels["alt"], marks)


def matrix(*, values: np.ndarray, title: str, role: str, lit: int | None = None) -> s.Scene:
    """Draw a small matrix (units, columns), or a vector as a column, with its numbers; row `lit` is framed."""
    values = values.reshape(len(values), -1)
    rows, columns = values.shape
    width, height = 62.0, 32.0
    largest = float(np.abs(values).max()) or 1.0
    marks: list[s.Mark] = [s.text(4, 18, title, z=16, c=f"strong {role}")]
    for row in range(rows):
        for column in range(columns):
            value = float(values[row, column])
            x, y = column * width + 2, 28 + row * height
            index = f"{row}, {column}" if columns > 1 else f"{row}"
            tip = f"{title}[{index}] = {value:.6f}"
            edge = f"{role}-edge" if row == lit else ""
            marks.append(s.rect(x, y, width - 3, height - 3, r=5, v=value / largest, tip=tip, c=edge))
            number = s.short(value)
            marks.append(s.text(x + (width - 3) / 2, y + height / 2 + 4, number, a="middle", z=15, on=value / largest))
    return s.scene(max(columns * width + 4, 64), 32 + rows * height, title, marks)


def listing(*, lines: Sequence[str], marked: Sequence[int], shapes: Sequence[tuple[str, str]], label: str) -> s.Scene:
    """Draw the program with the lines that run now marked, and below it what it prints, as far as it has come."""
    line, size = 24.0, 14.0
    width = max(max(len(text) for text in lines) * size * 0.605 + 28, 380)
    marks: list[s.Mark] = [s.rect(0, 0, width, len(lines) * line + 14, r=8, c="panel")]
    for i, code in enumerate(lines):
        y = 7 + i * line
        marks.append(s.rect(5, y, width - 10, line, r=5, c="marked" if i in marked else "clear"))
        marks.append(s.text(14, y + 17, code, z=size, c="mono strong" if i in marked else "mono"))
    y = len(lines) * line + 42
    for name, value in shapes:
        marks.append(s.text(14, y, name, z=size, c="mono quiet"))
        marks.append(s.text(width - 14, y, value, a="end", z=17, c="mono strong state"))
        y += 28
    return s.scene(width, y - 10, label, marks)


def _edge(
    start: tuple[float, float],
    end: tuple[float, float],
    weight: float,
    largest: float,
    phase: str,
    radii: tuple[float, float],
    lit: bool,
    tip: str,
) -> s.Mark:
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0)) or 1.0
    (from_start, from_end) = (radius / length for radius in radii)
    a = x0 + (x1 - x0) * from_start, y0 + (y1 - y0) * from_start
    b = x1 - (x1 - x0) * from_end, y1 - (y1 - y0) * from_end
    width = 0.6 + 4.4 * abs(weight) / largest
    return s.path(
        f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", v=weight, w=width if lit else width * 0.6, c=phase, tip=tip
    )


def _range(values: np.ndarray) -> str:
    low, high = float(np.min(values)), float(np.max(values))
    return s.short(low, 1) if low == high else f"{s.short(low, 1)}…{s.short(high, 1)}"


def _opened_frame(opened: Pointer | None, left: float, top: float, width: float, height: float) -> s.Mark:
    """Frame the cell of the output sequence whose arithmetic is open; an empty frame keeps the marks' order."""
    if opened is None:
        return s.rect(left, top, 0, 0, c="clear")
    pad = 2.0
    return s.rect(
        left + opened.t * width - pad,
        top + opened.unit * height - pad,
        width + 2 * pad,
        height + 2 * pad,
        r=2,
        c="clear carry-edge",
    )
