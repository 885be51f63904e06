"""Pictures of a gated cell: one timestep as a diagram in which the current numbers stand, and all timesteps as a strip.

Both are laid out in lanes. Above runs the carry track (in a GRU the state itself, which has no second track); below
stand the gates, each of which reads the input and the state before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_core.cells import GRUTrace, LSTMTrace
from rnn_core.charts import scene as s
from rnn_core.explain.arithmetic import CellTrace, Pointer

Labels = Mapping[str, str]

WIDTH, HEIGHT = 820.0, 410.0
STRIP_WIDTH = 1200.0
# Top edges of the three lanes, and the height of a vector; up to NUMBERED units stand as numbers.
TOP, MIDDLE, BOTTOM, TALL, CELL = 28.0, 144.0, 290.0, 92.0, 62.0
NUMBERED = 5

ROLE = {
    "c": "carry", "c_previous": "carry", "tanh_c": "carry", "kept": "forget_gate", "added": "input_gate",
    "h": "state", "h_previous": "state", "inputs": "input", "pre_activation": "bias",
    "input_gate": "input_gate", "forget_gate": "forget_gate", "candidate": "candidate", "output_gate": "output_gate",
    "update_gate": "update_gate", "reset_gate": "reset_gate",
}  # fmt: skip
LETTER = {
    "input_gate": "i", "forget_gate": "f", "output_gate": "o", "update_gate": "z", "reset_gate": "r",
    "candidate": "k",
}  # fmt: skip


def role(trace: CellTrace, field: str) -> str:
    """Whose colour a number wears; what a gate lets through wears the gate's."""
    if isinstance(trace, GRUTrace) and field in ("kept", "added"):
        return "update_gate" if field == "kept" else "candidate"
    return ROLE[field]


@dataclass
class _Drawing:
    """One diagram while it is drawn."""

    trace: CellTrace
    t: int
    labels: Labels
    opened: Pointer | None
    marks: list[s.Mark]

    @property
    def known(self) -> bool:
        return self.t > 0

    def role(self, field: str) -> str:
        return role(self.trace, field)

    def values(self, field: str) -> np.ndarray:
        return np.asarray(getattr(self.trace, field)[0, max(self.t - 1, 0)])

    def is_known(self, field: str) -> bool:
        return self.known or field.endswith("_previous")

    def vector(self, field: str, x: float, y: float) -> None:
        """All units of one number, one below the other: few as numbers, many as a column of colour."""
        values, known = self.values(field), self.is_known(field)
        scale = self.scale(field)
        name, count = self.labels[field], len(values)
        edge = f"{self.role(field)}-edge"
        if count <= NUMBERED:
            row = min(TALL / count, 30.0)
            top = y + (TALL - row * count) / 2
            for unit, value in enumerate(values):
                here = self.opened == Pointer(_home(field), self.step(field), unit)
                shown = float(value) / scale
                self.marks += [
                    s.rect(x, top + unit * row, CELL, row - 1, r=4, v=shown if known else None,
                           c="lit-edge" if here else edge if known else "frame future",
                           tip=f"{name} [{unit}] = {value:.6f}" if known else None, pick=self.pick(field, unit)),
                    s.text(x + CELL / 2, top + unit * row + row / 2 + 4.5, s.short(value) if known else "", a="middle",
                           z=15, on=shown),
                ]  # fmt: skip
            return
        self.marks += [
            s.heat(x, y, CELL, TALL, values[:, None], id=field, scale=scale, upto=1 if known else 0,
                   names=(name, self.labels["unit"], self.labels["timestep"]), first_column=max(self.t, 1)),
            s.rect(x - 1, y - 1, CELL + 2, TALL + 2, r=2, c=f"clear under {edge if known else 'frame'}"),
        ]  # fmt: skip

    def scale(self, field: str) -> float:
        if field not in ("c", "c_previous", "kept", "added", "inputs", "pre_activation"):
            return 1.0
        of = "c" if field in ("c_previous", "kept", "added") and isinstance(self.trace, LSTMTrace) else field
        return largest(getattr(self.trace, of)[0])

    def step(self, field: str) -> int:
        return self.t - 2 if field.endswith("_previous") else self.t - 1

    def pick(self, field: str, unit: int) -> str | None:
        return f"{field}:{unit}:0" if self.known and field != "inputs" else None

    def title(self, field: str, x: float, y: float, a: str = "middle", text: str | None = None) -> None:
        shown = self.labels[field] if text is None else text
        self.marks.append(s.text(x, y, shown, a=a, z=15, c=f"strong {self.role(field)}"))

    def gate(self, field: str, x: float) -> None:
        """A gate in the lower lane, with how far it stands open."""
        self.vector(field, x, BOTTOM)
        values = self.values(field)
        share = float(np.mean(values)) if self.known and np.isfinite(values).all() else 0.0
        self.title(field, x + CELL / 2, BOTTOM + TALL + 27)
        if field == "candidate":
            return
        self.marks += [
            s.rect(x, BOTTOM + TALL + 4, CELL, 6, r=3, c="frame ground"),
            s.rect(x, BOTTOM + TALL + 4, CELL * share, 6, r=3, c=f"{self.role(field)}-fill"),
            s.text(x + CELL / 2, BOTTOM - 8, f"{share:.0%}" if self.known else "", a="middle", z=14,
                   c=f"strong {self.role(field)}"),
        ]  # fmt: skip

    def line(self, d: str, field: str, arrow: bool = True) -> None:
        """A connection, as wide as the numbers that run along it are large."""
        values = self.values(field)
        flow = float(np.mean(np.abs(values))) / self.scale(field) if self.is_known(field) else 0.0
        width = 1.5 + 5 * min(1.0, flow) if np.isfinite(flow) else 6.5
        self.marks.append(s.path(d, w=width, c=self.role(field) + ("" if self.known else " future"), arrow=arrow))

    def operator(self, x: float, y: float, sign: str) -> None:
        phase = "" if self.known else " future"
        self.marks += [
            s.circle(x, y, 12, c="ground lit-edge" + phase),
            s.text(x, y + 6, sign, a="middle", z=19, c="strong" + phase),
        ]

    def panel(self, right: float) -> None:
        """The ground on which the gates stand: all of them read x and the state before."""
        self.marks += [
            s.rect(112, BOTTOM - 26, right - 112, TALL + 62, r=12, c="panel"),
            s.path(f"M{16 + CELL} {BOTTOM + TALL / 2}H110", w=2.5, c="input", arrow=True),
            s.path(f"M{16 + CELL} {MIDDLE + TALL / 2}H94V{BOTTOM + 14}H110", w=2.5, c="state", arrow=True),
        ]


def diagram(*, trace: CellTrace, t: int, labels: Labels, opened: Pointer | None = None) -> s.Scene:
    """Draw one timestep of a cell with its current numbers; a click on a number picks "field:unit:0".

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the empty start.
        labels: the names of all fields, and unit, timestep, reads, next, alt.
        opened: the number whose arithmetic is shown; it is framed.
    """
    drawing = _Drawing(trace, t, labels, opened, [])
    if isinstance(trace, LSTMTrace):
        _lstm(drawing)
    elif isinstance(trace, GRUTrace):
        _gru(drawing)
    else:
        _simple_rnn(drawing)
    # Two lanes are enough where there are no gates.
    height = HEIGHT + 16 if isinstance(trace, (LSTMTrace, GRUTrace)) else MIDDLE + TALL + 16
    return s.scene(WIDTH, height, labels["alt"], drawing.marks)


def _lstm(d: _Drawing) -> None:
    track, middle, low = TOP + TALL / 2, MIDDLE + TALL / 2, BOTTOM - 2
    d.marks.append(s.rect(0, track - 22, WIDTH, 44, r=22, c="carry-tint"))
    d.panel(682)
    d.line(f"M{16 + CELL} {track}H142", "c_previous")
    d.line(f"M172 {track}H218", "kept")
    d.line(f"M{222 + CELL} {track}H326", "kept")
    d.line(f"M356 {track}H412", "c")
    d.line(f"M{416 + CELL} {track}H{WIDTH - 8}", "c")
    d.line(f"M159 {BOTTOM - 24}V{track + 16}", "forget_gate")
    d.line(f"M310 {BOTTOM + 8}L330 {low - 29}", "input_gate", arrow=False)
    d.line(f"M372 {BOTTOM + 8}L352 {low - 29}", "candidate", arrow=False)
    d.line(f"M341 {low - 52}V{MIDDLE + TALL + 3}", "added", arrow=False)
    d.line(f"M341 {MIDDLE - 4}V{track + 16}", "added")
    d.line(f"M447 {TOP + TALL}V{middle}H520", "c")
    d.line(f"M{524 + CELL} {middle}H619", "tanh_c")
    d.line(f"M634 {BOTTOM - 24}V{middle + 16}", "output_gate")
    d.line(f"M649 {middle}H694", "h")
    d.line(f"M{698 + CELL} {middle}H{WIDTH - 8}", "h")
    d.operator(159, track, "×")
    d.operator(341, track, "+")
    d.operator(341, low - 38, "×")
    d.operator(634, middle, "×")
    d.vector("c_previous", 16, TOP)
    d.title("c_previous", 2, TOP - 9, a="start")
    d.vector("kept", 222, TOP)
    d.title("kept", 222 + CELL / 2, TOP - 9)
    d.vector("c", 416, TOP)
    d.title("c", 416 + CELL / 2, TOP - 9)
    d.marks.append(s.text(WIDTH - 4, TOP - 9, d.labels["next"], a="end", z=14, c="quiet"))
    d.vector("h_previous", 16, MIDDLE)
    d.title("h_previous", 2, MIDDLE - 9, a="start")
    d.vector("added", 310, MIDDLE)
    d.title("added", 300, middle + 5, a="end")
    d.vector("tanh_c", 524, MIDDLE)
    d.title("tanh_c", 524 + CELL / 2, MIDDLE - 9)
    d.vector("h", 698, MIDDLE)
    d.title("h", 698 + CELL / 2, MIDDLE - 9)
    d.vector("inputs", 16, BOTTOM)
    d.title("inputs", 2, BOTTOM - 8, a="start")
    for gate, x in {"forget_gate": 128, "input_gate": 248, "candidate": 372, "output_gate": 603}.items():
        d.gate(gate, x)
    d.marks.append(s.text(518, BOTTOM + TALL / 2 - 6, d.labels["reads_1"], a="middle", z=14, c="quiet"))
    d.marks.append(s.text(518, BOTTOM + TALL / 2 + 14, d.labels["reads_2"], a="middle", z=14, c="quiet"))


def _gru(d: _Drawing) -> None:
    track, low = TOP + TALL / 2, BOTTOM - 2
    d.marks.append(s.rect(0, track - 22, WIDTH, 44, r=22, c="state-tint"))
    d.marks += [
        s.rect(112, BOTTOM - 26, 556, TALL + 62, r=12, c="panel"),
        s.path(f"M{16 + CELL} {BOTTOM + TALL / 2}H110", w=2.5, c="input", arrow=True),
        s.path(f"M47 {TOP + TALL}V{MIDDLE + 40}H94V{BOTTOM + 14}H110", w=2.5, c="state", arrow=True),
    ]
    d.line(f"M{16 + CELL} {track}H142", "h_previous")
    d.line(f"M172 {track}H218", "kept")
    d.line(f"M{222 + CELL} {track}H326", "kept")
    d.line(f"M356 {track}H518", "h")
    d.line(f"M{522 + CELL} {track}H{WIDTH - 8}", "h")
    d.line(f"M159 {BOTTOM - 24}V{track + 16}", "update_gate")
    d.line(f"M{130 + CELL} {BOTTOM + 8}L328 {low - 34}", "update_gate", arrow=False)
    d.line(f"M372 {BOTTOM + 8}L352 {low - 29}", "candidate", arrow=False)
    d.line(f"M341 {low - 52}V{MIDDLE + TALL + 3}", "added", arrow=False)
    d.line(f"M341 {MIDDLE - 4}V{track + 16}", "added")
    d.line(f"M556 {BOTTOM + TALL / 2}H440", "reset_gate")
    d.operator(159, track, "×")
    d.operator(341, track, "+")
    d.operator(341, low - 38, "×")
    d.marks.append(s.text(236, BOTTOM - 30, "1 − z", a="middle", z=15, c="strong update_gate"))
    d.vector("h_previous", 16, TOP)
    d.title("h_previous", 2, TOP - 9, a="start")
    d.vector("kept", 222, TOP)
    d.title("kept", 222 + CELL / 2, TOP - 9)
    d.vector("h", 522, TOP)
    d.title("h", 522 + CELL / 2, TOP - 9)
    d.marks.append(s.text(WIDTH - 4, TOP - 9, d.labels["next"], a="end", z=14, c="quiet"))
    d.vector("added", 310, MIDDLE)
    d.title("added", 300, MIDDLE + TALL / 2 + 5, a="end")
    d.vector("inputs", 16, BOTTOM)
    d.title("inputs", 2, BOTTOM - 8, a="start")
    for gate, x in {"update_gate": 128, "candidate": 372, "reset_gate": 560}.items():
        d.gate(gate, x)
    d.marks.append(s.text(740, BOTTOM + TALL / 2 - 6, d.labels["reads_1"], a="middle", z=14, c="quiet"))
    d.marks.append(s.text(740, BOTTOM + TALL / 2 + 14, d.labels["reads_2"], a="middle", z=14, c="quiet"))


def _simple_rnn(d: _Drawing) -> None:
    middle = TOP + TALL / 2
    d.marks.append(s.rect(0, middle - 22, WIDTH, 44, r=22, c="state-tint"))
    d.line(f"M{16 + CELL} {middle}H306", "h_previous")
    d.marks.append(s.path(f"M{16 + CELL} {MIDDLE + TALL / 2}H341V{TOP + TALL + 4}", w=2.5, c="input", arrow=True))
    d.line(f"M{310 + CELL} {middle}H440", "pre_activation")
    d.line(f"M500 {middle}H556", "h")
    d.line(f"M{560 + CELL} {middle}H{WIDTH - 8}", "h")
    d.marks += [
        s.rect(444, middle - 18, 56, 36, r=8, c="ground lit-edge"),
        s.text(472, middle + 6, "tanh", a="middle", z=16, c="strong"),
    ]
    d.vector("h_previous", 16, TOP)
    d.title("h_previous", 2, TOP - 9, a="start")
    d.vector("pre_activation", 310, TOP)
    d.title("pre_activation", 310 + CELL / 2, TOP - 9)
    d.vector("h", 560, TOP)
    d.title("h", 560 + CELL / 2, TOP - 9)
    d.marks.append(s.text(WIDTH - 4, TOP - 9, d.labels["next"], a="end", z=14, c="quiet"))
    d.vector("inputs", 16, MIDDLE)
    d.title("inputs", 2, MIDDLE - 8, a="start")


def lanes(trace: CellTrace) -> list[tuple[str, float]]:
    """The strip's lanes from top to bottom: field and height."""
    if isinstance(trace, LSTMTrace):
        return [("c", 58), ("kept", 30), ("added", 30), ("forget_gate", 38), ("input_gate", 38), ("candidate", 30),
                ("output_gate", 38), ("h", 48), ("inputs", 26)]  # fmt: skip
    if isinstance(trace, GRUTrace):
        return [("h", 58), ("kept", 34), ("added", 34), ("update_gate", 44), ("reset_gate", 44), ("candidate", 34),
                ("inputs", 30)]  # fmt: skip
    return [("h", 70), ("pre_activation", 60), ("inputs", 40)]


def strip(*, trace: CellTrace, t: int, labels: Labels, left: np.ndarray, words: Sequence[str] = (),
          opened: Pointer | None = None) -> s.Scene:  # fmt: skip
    """Draw all timesteps side by side, one lane for each number, and how much of the first input is left.

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; what comes later is not yet there.
        labels: the names of all fields, and unit, timestep, mean_size (with {value}), left, alt.
        left: from `first_input_left`, (timesteps,).
        words: what was read at each timestep, if it has a name.
        opened: the number whose arithmetic is shown; it is framed.
    """
    timesteps = trace.h.shape[1]
    start, end = 134.0, STRIP_WIDTH - 160
    wide = (end - start) / timesteps
    marks: list[s.Mark] = []
    y = 10.0
    frame = s.rect(0, 0, 0, 0, c="clear")
    memory, height = lanes(trace)[0]
    # The track runs on beyond both ends of the sequence.
    marks += [
        s.rect(start - 10, y - 5, end - start + 34, height + 10, r=10, c=f"{role(trace, memory)}-tint"),
        s.path(f"M{end + 10} {y + height / 2}H{end + 40}", w=3, c=role(trace, memory), arrow=True),
    ]
    for field, height in lanes(trace):
        values = np.asarray(getattr(trace, field)[0]).T
        rows = len(values)
        marks += [
            s.text(start - 16, y + height / 2 + 5, labels[field], a="end", z=15, c=f"strong {role(trace, field)}"),
            s.heat(start, y, end - start, height, values, id=field, scale=_lane_scale(trace, field), upto=t,
                   cursor=t - 1 if t else None, names=(labels[field], labels["unit"], labels["timestep"]),
                   first_column=1),
            s.text(STRIP_WIDTH, y + height / 2 + 5, _summary(values[:, t - 1], field, labels) if t else "",
                   a="end", z=14, c=role(trace, field)),
        ]  # fmt: skip
        if opened and opened.field == field and opened.t < t:
            cell = height / rows
            frame = s.rect(start + opened.t * wide - 1, y + opened.unit * cell - 1, wide + 2, cell + 2, r=2,
                           c="clear under lit-edge thick")  # fmt: skip
        y += height + 9
        if field == memory:
            marks += _left_lane(left, t, start, wide, y, labels)
            y += 46
    marks.append(frame)
    if words and wide >= 26:
        for i, word in enumerate(words[:timesteps]):
            phase = "strong" if i == t - 1 else "future" if i >= t else ""
            longest = int(wide / 7.5)
            shown = word if len(word) <= longest else word[: longest - 1] + "…"
            marks.append(s.text(start + (i + 0.5) * wide, y + 12, shown, a="middle", z=14, c=phase, tip=word))
    else:
        marks.append(s.text(start, y + 12, f"{labels['timestep']} 1", z=14, c="quiet"))
        marks.append(s.text(end, y + 12, str(timesteps), a="end", z=14, c="quiet"))
    return s.scene(STRIP_WIDTH, y + 20, labels["alt"], marks)


def _left_lane(left: np.ndarray, t: int, start: float, wide: float, y: float, labels: Labels) -> list[s.Mark]:
    """How much of the first input is still there, as a shrinking band."""
    tall = 36.0
    known = left[:t]
    if len(known) and np.isfinite(known).all():
        heights = tall * np.minimum(known, 1.0)
        top = "".join(
            f"L{start + i * wide:.1f} {y + tall - v:.1f}H{start + (i + 1) * wide:.1f}" for i, v in enumerate(heights)
        )
        d = f"M{start} {y + tall}{top}V{y + tall}z"
        now = known[-1]
        share = f"× {now:.1f}" if now >= 1.995 else f"{now:.0%}" if now >= 0.01 or now == 0 else "< 1%"
    else:
        d, share = f"M{start} {y + tall}z", ""
    return [
        s.rect(start, y, wide * len(left), tall, c="panel"),
        s.path(d, w=0, c="fill-input"),
        s.text(start - 16, y + tall / 2 + 5, labels["left"], a="end", z=14, c="strong input"),
        s.text(STRIP_WIDTH, y + tall / 2 + 5, share, a="end", z=16, c="strong input"),
    ]


def _lane_scale(trace: CellTrace, field: str) -> float:
    if field in ("kept", "added") and isinstance(trace, LSTMTrace):
        field = "c"
    return largest(getattr(trace, field)[0]) if field in ("c", "inputs", "pre_activation") else 1.0


def largest(values: np.ndarray) -> float:
    """The size that takes the full colour: the largest finite one, and 1 where there is nothing larger than 0."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0


def _summary(values: np.ndarray, field: str, labels: Labels) -> str:
    """A lane in one number at this timestep: how far a gate is open on average, or the mean size."""
    if not np.isfinite(values).all():
        return "∞"
    if field.endswith("_gate"):
        return f"{float(np.mean(values)):.0%}"
    return labels["mean_size"].format(value=s.short(float(np.mean(np.abs(values)))))


def _home(field: str) -> str:
    return field.removesuffix("_previous")
