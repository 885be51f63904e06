"""The parts that the diagrams of all cells are drawn from, and the lanes they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnn_core.cells.registry import CellTrace
from rnn_core.charts import scene as s
from rnn_core.charts.gates import fields
from rnn_core.explain.arithmetic import Pointer

Labels = Mapping[str, str]

WIDTH = 820.0
# Top edges of the three lanes, and the height and width of a vector; up to NUMBERED units stand as numbers.
TOP, MIDDLE, BOTTOM, TALL, CELL = 28.0, 144.0, 290.0, 92.0, 62.0
NUMBERED = 5
LONGEST_WORD = 12


@dataclass
class Drawing:
    """One diagram while it is drawn.

    Attributes:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the empty start.
        labels: see `diagram`.
        opened: the number whose arithmetic is shown.
        word: what is read at this timestep, if it has a name.
        marks: what has been drawn so far.
    """

    trace: CellTrace
    t: int
    labels: Labels
    opened: Pointer | None
    word: str
    marks: list[s.Mark] = field(default_factory=list)

    @property
    def known(self) -> bool:
        return self.t > 0

    def is_known(self, name: str) -> bool:
        return self.known or name.endswith("_previous")

    def role(self, name: str) -> str:
        return fields.role(self.trace, name)

    def values(self, name: str) -> np.ndarray:
        return np.asarray(getattr(self.trace, name)[0, max(self.t - 1, 0)])

    def timestep(self, name: str) -> int:
        """Which timestep a number belongs to, counted from 1; 0 is the start."""
        return max(self.t - 1, 0) if name.endswith("_previous") else max(self.t, 1)

    def vector(self, name: str, x: float, y: float) -> None:
        """All units of one number, one below the other: few as numbers, many as a column of colour."""
        if len(self.values(name)) <= NUMBERED:
            self._numbers(name, x, y)
        else:
            self._colours(name, x, y)

    def named(self, name: str, x: float, y: float) -> None:
        """A vector with its name above it; at the left edge the name begins there."""
        self.vector(name, x, y)
        at_edge = x < CELL / 2
        self.title(name, 2 if at_edge else x + CELL / 2, y - 9, a="start" if at_edge else "middle")

    def title(self, name: str, x: float, y: float, a: str = "middle") -> None:
        self.marks.append(s.text(x, y, self.labels[name], a=a, z=15, c=f"strong {self.role(name)}"))

    def state_track(self, x: float) -> None:
        """The state as it comes in from the left, stands at x, and goes on: SimpleRNN and GRU have no other track."""
        self.marks.append(self.tint("state"))
        self.named("h_previous", 16, TOP)
        self.named("h", x, TOP)
        self.line(f"M{x + CELL + 2} {TOP + TALL / 2}H{WIDTH - 8}", "h")
        self.onward()

    def tint(self, of: str) -> s.Mark:
        """The ground of the upper lane."""
        return s.rect(0, TOP + TALL / 2 - 22, WIDTH, 44, r=22, c=f"{of}-tint")

    def onward(self) -> None:
        self.marks.append(s.text(WIDTH - 4, TOP - 9, self.labels["next"], a="end", z=14, c="quiet"))

    def input(self, y: float) -> None:
        """The input, and below it the word that is being read."""
        self.named("inputs", 16, y)
        shown = self.word if len(self.word) <= LONGEST_WORD else self.word[: LONGEST_WORD - 1] + "…"
        read = f"“{shown}”" if self.word and self.known else ""
        self.marks.append(s.text(2, y + TALL + 24, read, z=17, c="strong input", tip=self.word or None))

    def gates(self, places: Mapping[str, float]) -> None:
        """Gates and candidate in the lower lane; below each gate a bar and above it a figure: how far it is open."""
        for name, x in places.items():
            self.vector(name, x, BOTTOM)
            self.title(name, x + CELL / 2, BOTTOM + TALL + 27)
            if name == "candidate":
                continue
            values = self.values(name)
            share = float(np.mean(values)) if self.known and np.isfinite(values).all() else 0.0
            figure = f"{share:.0%}" if self.known else ""
            self.marks += [
                s.rect(x, BOTTOM + TALL + 4, CELL, 6, r=3, c="frame ground"),
                s.rect(x, BOTTOM + TALL + 4, CELL * share, 6, r=3, c=f"{self.role(name)}-fill"),
                s.text(x + CELL / 2, BOTTOM - 8, figure, a="middle", z=14, c=f"strong {self.role(name)}"),
            ]

    def panel(self, right: float, state_from: str) -> None:
        """The ground on which the gates stand: all of them read x and the state before.

        Args:
            right: where the ground ends.
            state_from: the way from the state before down into the lane of the gates, as the beginning of a path.
        """
        self.marks += [
            s.rect(112, BOTTOM - 26, right - 112, TALL + 62, r=12, c="panel"),
            s.path(f"M{16 + CELL} {BOTTOM + TALL / 2}H110", w=2.5, c="input", arrow=True),
            s.path(f"{state_from}H94V{BOTTOM + 14}H110", w=2.5, c="state", arrow=True),
        ]

    def reads(self, x: float) -> None:
        """Beside the gates: what each of them reads."""
        for line, key in enumerate(("reads_1", "reads_2")):
            y = BOTTOM + TALL / 2 - 6 + 20 * line
            self.marks.append(s.text(x, y, self.labels[key], a="middle", z=14, c="quiet"))

    def line(self, d: str, name: str, arrow: bool = True) -> None:
        """A connection, as wide as the numbers that run along it are large."""
        flow = 0.0
        if self.is_known(name):
            flow = float(np.mean(np.abs(self.values(name)))) / fields.scale(self.trace, name)
        width = 1.5 + 5 * min(1.0, flow) if np.isfinite(flow) else 6.5
        self.marks.append(s.path(d, w=width, c=self.role(name) + ("" if self.known else " future"), arrow=arrow))

    def operator(self, x: float, y: float, sign: str) -> None:
        phase = "" if self.known else " future"
        self.marks += [
            s.circle(x, y, 12, c="ground lit-edge" + phase),
            s.text(x, y + 6, sign, a="middle", z=19, c="strong" + phase),
        ]

    def _numbers(self, name: str, x: float, y: float) -> None:
        values, known, scale = self.values(name), self.is_known(name), fields.scale(self.trace, name)
        row = min(TALL / len(values), 30.0)
        top = y + (TALL - row * len(values)) / 2
        for unit, value in enumerate(values):
            here = self.opened == Pointer(fields.at_hand(name), self.timestep(name) - 1, unit)
            edge = "lit-edge" if here else f"{self.role(name)}-edge" if known else "frame future"
            shown, at = float(value) / scale, top + unit * row
            self.marks += [
                s.rect(x, at, CELL, row - 1, r=4, v=shown if known else None, c=edge,
                       tip=self._tip(name, unit, float(value)), pick=self._pick(name, unit)),
                s.text(x + CELL / 2, at + row / 2 + 4.5, s.short(value) if known else "", a="middle", z=15, on=shown),
            ]  # fmt: skip

    def _colours(self, name: str, x: float, y: float) -> None:
        known, edge = self.is_known(name), f"{self.role(name)}-edge"
        names = self.labels[name], self._row(name), self.labels["timestep"]
        self.marks += [
            s.heat(s.Box(x, y, CELL, TALL), self.values(name)[:, None], id=name, names=names,
                   scale=fields.scale(self.trace, name), columns=s.Columns(self.timestep(name), int(known))),
            s.rect(x - 1, y - 1, CELL + 2, TALL + 2, r=2, c=f"clear under {edge if known else 'frame'}"),
        ]  # fmt: skip

    def _row(self, name: str) -> str:
        return self.labels["feature" if name == "inputs" else "unit"]

    def _tip(self, name: str, unit: int, value: float) -> str | None:
        if not self.is_known(name):
            return None
        places = f"{self._row(name)} {unit}", f"{self.labels['timestep']} {self.timestep(name)}"
        return s.number_tip(self.labels[name], value, *places)

    def _pick(self, name: str, unit: int) -> str | None:
        return f"{name}:{unit}:0" if self.known and name != "inputs" else None
