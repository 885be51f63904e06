"""The home page's picture: one unit without a state above, one with a state below, reading the same inputs."""

from collections.abc import Mapping

from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import scene as s


def with_and_without(*, forgetful: SimpleRNNTrace, remembering: SimpleRNNTrace, labels: Mapping[str, str]) -> s.Scene:
    """Draw both networks timestep by timestep; a click on an input picks `x:timestep`.

    Args:
        forgetful, remembering: traces of one unit and one input feature, over the same inputs.
        labels: feedforward, recurrent, input, timestep, forgets, keeps (two sentences), alt.
    """
    timesteps = forgetful.h.shape[1]
    u = float(remembering.weights.recurrent_kernel[0, 0])
    left, pitch, radius = 168.0, 84.0, 24.0
    upper, middle, lower = 58.0, 164.0, 286.0
    marks: list[s.Mark] = [
        s.rect(0, 8, 840, 100, r=10, c="panel"),
        s.rect(0, 232, 840, 108, r=10, c="panel"),
        s.text(16, upper - 8, labels["feedforward"], z=17, c="strong"),
        s.text(16, upper + 16, "tanh(W·x + b)", z=14, c="mono quiet"),
        s.text(16, middle + 6, labels["input"], z=17, c="strong input"),
        s.text(16, lower - 8, labels["recurrent"], z=17, c="strong state"),
        s.text(16, lower + 16, "tanh(W·x + U·", z=14, c="mono quiet"),
        s.text(16, lower + 36, f"     {labels['state']} + b)", z=14, c="mono quiet"),
    ]
    for t in range(timesteps):
        x = left + 40 + t * pitch
        arriving = float(forgetful.inputs[0, t, 0])
        marks.append(s.path(f"M{x} {middle - radius}V{upper + radius + 3}", w=2, c="input", arrow=True))
        marks.append(s.path(f"M{x} {middle + radius}V{lower - radius - 3}", w=2, c="input", arrow=True))
        if t:
            marks.append(
                s.path(
                    f"M{x - pitch + radius} {lower}H{x - radius - 3}",
                    w=1 + 4 * u,
                    v=u,
                    arrow=True,
                    tip=f"U = {s.short(u)}",
                )
            )
        for y, trace, edge in ((upper, forgetful, "frame"), (lower, remembering, "state-edge")):
            value = float(trace.h[0, t, 0])
            marks.append(s.circle(x, y, radius, v=value, c=edge, tip=f"{labels['timestep']} {t + 1}: {value:.6f}"))
            marks.append(s.text(x, y + 5, s.short(value), a="middle", z=15, on=value))
        marks.append(
            s.rect(
                x - radius,
                middle - radius,
                2 * radius,
                2 * radius,
                r=9,
                v=arriving,
                c="input-edge",
                tip=labels["switch"],
                pick=f"x:{t}",
            )
        )
        marks.append(s.text(x, middle + 5, s.short(arriving, 0), a="middle", z=16, on=arriving))
    return s.scene(840, 344, labels["alt"], marks)
