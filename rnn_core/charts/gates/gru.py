"""A GRU: one gate divides between the old state and the candidate, another lets the candidate see the old state."""

from rnn_core.charts import scene as s
from rnn_core.charts.gates.drawing import BOTTOM, CELL, MIDDLE, TALL, TOP, Drawing

# The strip's lanes from top to bottom: field and height.
LANES = (("h", 58), ("kept", 34), ("added", 34), ("update_gate", 44), ("reset_gate", 44), ("candidate", 34),
         ("inputs", 30))  # fmt: skip
HEIGHT = BOTTOM + TALL + 44


def draw(d: Drawing) -> None:
    """state = kept + added; kept = z × state before, added = (1 − z) × candidate."""
    track, gated = TOP + TALL / 2, BOTTOM - 40
    d.panel(668, f"M47 {TOP + TALL}V{MIDDLE + 40}")
    d.state_track(522)
    d.line(f"M{18 + CELL} {track}H145", "h_previous")
    d.line(f"M172 {track}H218", "kept")
    d.line(f"M{224 + CELL} {track}H327", "kept")
    d.line(f"M355 {track}H518", "h")
    d.line(f"M159 {BOTTOM - 24}V{track + 14}", "update_gate")
    d.line(f"M{130 + CELL} {BOTTOM + 8}L328 {gated + 6}", "update_gate", arrow=False)
    d.line(f"M372 {BOTTOM + 8}L352 {gated + 11}", "candidate", arrow=False)
    d.line(f"M341 {gated - 12}V{MIDDLE + TALL + 3}", "added", arrow=False)
    d.line(f"M341 {MIDDLE - 4}V{track + 14}", "added")
    d.line(f"M556 {BOTTOM + TALL / 2}H440", "reset_gate")
    d.operator(159, track, "×")
    d.operator(341, track, "+")
    d.operator(341, gated, "×")
    d.marks.append(s.text(236, BOTTOM - 30, "1 − z", a="middle", z=15, c="strong update_gate"))
    d.named("kept", 222, TOP)
    d.vector("added", 310, MIDDLE)
    d.title("added", 300, MIDDLE + TALL / 2 + 5, a="end")
    d.input(BOTTOM)
    d.gates({"update_gate": 128, "candidate": 372, "reset_gate": 560})
    d.reads(740)
