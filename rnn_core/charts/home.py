"""The home page's picture: one unit without a state above, one with a state below, reading the same inputs."""

from collections.abc import Mapping

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import scene as s

WIDTH, HEIGHT = 840.0, 352.0
LEFT, PITCH, RADIUS = 208.0, 84.0, 24.0
UPPER, MIDDLE, LOWER = 58.0, 168.0, 294.0  # the lines on which the units and the inputs stand

Labels = Mapping[str, str]


def with_and_without(*, forgetful: SimpleRNNTrace, remembering: SimpleRNNTrace, labels: Labels) -> s.Scene:
    """Draw both networks timestep by timestep; a click on an input picks `x:timestep`, counted from 0.

    Args:
        forgetful, remembering: traces of one unit and one input feature, over the same inputs; W and b are one
            number each, the same in both.
        labels: feedforward, recurrent, input, output, timestep, state, switch (what a click on an input does), alt.
    """
    marks = _words(remembering, labels)
    for t in range(forgetful.h.shape[1]):
        x = LEFT + t * PITCH
        weight = float(remembering.weights.kernel[0, 0])
        for d in (f"M{x} {MIDDLE - RADIUS}V{UPPER + RADIUS + 3}", f"M{x} {MIDDLE + RADIUS}V{LOWER - RADIUS - 3}"):
            marks.append(s.path(d, w=2, c="input", arrow=True, tip=f"W = {s.short(weight)}"))
        if t:
            marks.append(_carried_on(remembering, x - PITCH))
        said, kept = float(forgetful.h[0, t, 0]), float(remembering.h[0, t, 0])
        at = f"{labels['timestep']} {t + 1}"
        marks += _unit(said, x, UPPER, "frame", s.number_tip(labels["output"], said, at))
        marks += _unit(kept, x, LOWER, "state-edge", s.number_tip(labels["state"], kept, at))
        marks += _input(float(forgetful.inputs[0, t, 0]), t, x, labels)
    u = float(remembering.weights.recurrent_kernel[0, 0])
    marks += [
        s.text(LEFT + PITCH / 2, LOWER + RADIUS + 19, f"U = {s.short(u)}", a="middle", z=14, c="mono strong state"),
        s.text(LEFT + 10, (UPPER + MIDDLE) / 2 + 5, f"W = {_plain(weight)}", z=14, c="mono strong input"),
        s.text(LEFT + 10, (MIDDLE + LOWER) / 2 + 5, f"W = {_plain(weight)}", z=14, c="mono strong input"),
    ]
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)


def _words(remembering: SimpleRNNTrace, labels: Labels) -> list[s.Mark]:
    """What the two rows are, and their equations with the weights they have."""
    bias = f"b = {_plain(float(remembering.weights.bias[0]))}"
    return [
        s.rect(0, 8, WIDTH, 100, r=10, c="panel"),
        s.rect(0, 236, WIDTH, 112, r=10, c="panel"),
        s.text(16, UPPER - 20, labels["feedforward"], z=17, c="strong"),
        s.text(16, UPPER + 6, "tanh(W·x + b)", z=14, c="mono quiet"),
        s.text(16, UPPER + 30, bias, z=14, c="mono strong bias"),
        s.text(16, MIDDLE + 6, labels["input"], z=17, c="strong input"),
        s.text(16, LOWER - 26, labels["recurrent"], z=17, c="strong state"),
        s.text(16, LOWER - 2, "tanh(W·x + U·", z=14, c="mono quiet"),
        s.text(16, LOWER + 18, f"     {labels['state']} + b)", z=14, c="mono quiet"),
        s.text(16, LOWER + 42, bias, z=14, c="mono strong bias"),
    ]


def _carried_on(trace: SimpleRNNTrace, x: float) -> s.Mark:
    """The way of the state at x to the next timestep, as wide as U is large."""
    u = float(trace.weights.recurrent_kernel[0, 0])
    d = f"M{x + RADIUS} {LOWER}H{x + PITCH - RADIUS - 3}"
    return s.path(d, w=1 + 4 * min(abs(u), 1.5), v=u, arrow=True, tip=f"U = {s.short(u)}")


def _unit(value: float, x: float, y: float, edge: str, tip: str) -> list[s.Mark]:
    """What a unit says."""
    return [
        s.circle(x, y, RADIUS, v=value, c=edge, tip=tip),
        s.text(x, y + 5, s.short(value), a="middle", z=15, on=value),
    ]


def _input(value: float, t: int, x: float, labels: Labels) -> list[s.Mark]:
    """An input, and what a click on it does."""
    told = f"{labels['input']} = {_plain(value)}\n{labels['timestep']} {t + 1}\n{labels['switch']}"
    side = 2 * RADIUS
    return [
        s.rect(x - RADIUS, MIDDLE - RADIUS, side, side, r=9, v=value, c="input-edge", tip=told, pick=f"x:{t}"),
        s.text(x, MIDDLE + 5, _plain(value), a="middle", z=16, on=value),
    ]


def _plain(value: float) -> str:
    """A whole number without decimals, any other with two."""
    return s.short(value, 0 if value == round(value) else 2)
