"""An LSTM: a carry track above, and three gates below that decide what is kept, what is added and what is shown."""

from rnn_core.charts.gates.drawing import BOTTOM, CELL, MIDDLE, TALL, TOP, WIDTH, Drawing

# The strip's lanes from top to bottom: field and height.
LANES = (("c", 58), ("kept", 30), ("added", 30), ("forget_gate", 38), ("input_gate", 38), ("candidate", 30),
         ("output_gate", 38), ("h", 48), ("inputs", 26))  # fmt: skip
HEIGHT = BOTTOM + TALL + 44
_TRACK, _STATE, _GATED = TOP + TALL / 2, MIDDLE + TALL / 2, BOTTOM - 40


def draw(d: Drawing) -> None:
    """carry = kept + added; kept = f × carry before, added = i × candidate; state = o × tanh(carry)."""
    d.marks.append(d.tint("carry"))
    d.panel(682, f"M{16 + CELL} {_STATE}")
    _lines(d)
    for x, y, sign in ((159, _TRACK, "×"), (341, _TRACK, "+"), (341, _GATED, "×"), (634, _STATE, "×")):
        d.operator(x, y, sign)
    d.named("c_previous", 16, TOP)
    d.named("kept", 222, TOP)
    d.named("c", 416, TOP)
    d.onward()
    d.named("h_previous", 16, MIDDLE)
    d.vector("added", 310, MIDDLE)
    d.title("added", 300, _STATE + 5, a="end")
    d.named("tanh_c", 524, MIDDLE)
    d.named("h", 698, MIDDLE)
    d.input(BOTTOM)
    d.gates({"forget_gate": 128, "input_gate": 248, "candidate": 372, "output_gate": 603})
    d.reads(518)


def _lines(d: Drawing) -> None:
    """The ways along the track, from the gates up to it, and from the carry to the state."""
    d.line(f"M{18 + CELL} {_TRACK}H145", "c_previous")
    d.line(f"M172 {_TRACK}H218", "kept")
    d.line(f"M{224 + CELL} {_TRACK}H327", "kept")
    d.line(f"M355 {_TRACK}H412", "c")
    d.line(f"M{418 + CELL} {_TRACK}H{WIDTH - 8}", "c")
    d.line(f"M159 {BOTTOM - 24}V{_TRACK + 14}", "forget_gate")
    d.line(f"M310 {BOTTOM + 8}L330 {_GATED + 11}", "input_gate", arrow=False)
    d.line(f"M372 {BOTTOM + 8}L352 {_GATED + 11}", "candidate", arrow=False)
    d.line(f"M341 {_GATED - 12}V{MIDDLE + TALL + 3}", "added", arrow=False)
    d.line(f"M341 {MIDDLE - 4}V{_TRACK + 14}", "added")
    d.line(f"M447 {TOP + TALL + 2}V{_STATE}H520", "c")
    d.line(f"M{526 + CELL} {_STATE}H620", "tanh_c")
    d.line(f"M634 {BOTTOM - 24}V{_STATE + 14}", "output_gate")
    d.line(f"M648 {_STATE}H694", "h")
    d.line(f"M{700 + CELL} {_STATE}H{WIDTH - 8}", "h")
