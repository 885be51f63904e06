"""A SimpleRNN: no gate, no track of its own; the whole state is computed anew at every timestep."""

from rnn_core.charts import scene as s
from rnn_core.charts.gates.drawing import CELL, MIDDLE, TALL, TOP, Drawing

# The strip's lanes from top to bottom: field and height.
LANES = (("h", 70), ("pre_activation", 60), ("inputs", 40))
HEIGHT = MIDDLE + TALL + 34


def draw(d: Drawing) -> None:
    """state before and input → sum → tanh → state."""
    track = TOP + TALL / 2
    d.state_track(560)
    d.line(f"M{18 + CELL} {track}H306", "h_previous")
    d.marks.append(s.path(f"M{16 + CELL} {MIDDLE + TALL / 2}H341V{TOP + TALL + 4}", w=2.5, c="input", arrow=True))
    d.named("pre_activation", 310, TOP)
    d.line(f"M{312 + CELL} {track}H440", "pre_activation")
    d.line(f"M502 {track}H556", "h")
    d.marks += [
        s.rect(444, track - 18, 56, 36, r=8, c="ground lit-edge"),
        s.text(472, track + 6, "tanh", a="middle", z=16, c="strong"),
    ]
    d.input(MIDDLE)
