"""Runs as lines: what belongs together, how it looks, and what it is called, in cards, charts and log alike."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.common.language import _, listed
from pages.common.names import cell_name, task_name
from pages.parts.train.runs import Shown
from pages.parts.train.words import end_name, setting_name
from rnn_core.charts.palette import NETWORKS, Look, looks
from rnn_core.charts.swatch import swatch
from rnn_core.tasks import TASKS
from rnn_core.training.diary import gets_it
from rnn_core.training.runs import Run
from rnn_core.training.spec import TrainingSpec

MOST_SETTINGS = 3
# What may tell two lines of a cell apart, the most telling first.
FIELDS = (
    "units", "length", "layers", "bidirectional", "learning_rate", "batch_size", "samples", "epochs", "clip",
    "early_stopping", "padding", "truncating", "mask", "seed",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Runs that differ in nothing but their seed and were started together.

    Attributes:
        shown: the runs, by seed.
        look: dash and mark, which no other line has.
        name: the cell's, or what the visitor has called the run.
        apart: what tells it from other lines of its cell and its task, or nothing where there are none.
        task: its task, where several are shown, else nothing.
    """

    shown: tuple[Shown, ...]
    look: Look
    name: str
    apart: str
    task: str = ""

    @property
    def spec(self) -> TrainingSpec:
        return self.shown[0].run.spec

    @property
    def regression(self) -> bool:
        """Whether its task has an error and no accuracy."""
        return TASKS[self.spec.task].answer == "regression"

    @property
    def place(self) -> str:
        """What tells it from all others of its cell."""
        return " · ".join(part for part in (self.task, self.apart) if part)

    @property
    def title(self) -> str:
        """Its name with what tells it from others."""
        return " · ".join(part for part in (self.name, self.place) if part)

    @property
    def plain_title(self) -> str:
        """The same with the cell's name: words of ours, which stand in Markdown as they are."""
        return " · ".join(part for part in (cell_name(self.spec.cell), self.place) if part)


def lines(shown: Sequence[Shown]) -> list[Line]:
    """Return the lines that runs make, in the runs' order."""
    groups: dict[tuple, list[Shown]] = {}
    for one in shown:
        groups.setdefault((one.run.group_id, replace(one.run.spec, seed=0)), []).append(one)
    first = [group[0].run for group in groups.values()]
    several = len({run.spec.task for run in first}) > 1
    every = zip(groups.values(), looks([run.spec.cell for run in first]), first, _apart(first), strict=True)
    return [
        Line(tuple(group), look, run_name(run), apart, task_name(run.spec.task) if several else "")
        for group, look, run, apart in every
    ]


def run_name(run: Run) -> str:
    """Return the name that the visitor gave, or the cell's."""
    return run.name if renamed(run) else cell_name(run.spec.cell)


def renamed(run: Run) -> bool:
    """Whether the run is called otherwise than the store has called it."""
    return run.name != f"{run.spec.task} · {run.spec.cell}"


def dark() -> bool:
    """Whether the visitor sees light on dark."""
    return bool(st.context.theme.type == "dark")


def tone(cell: str) -> str:
    """Return a cell's colour on this visitor's ground."""
    return NETWORKS[cell].dark if dark() else NETWORKS[cell].light


def moment(line: Line) -> int | None:
    """Return the epoch at which a line's one run gets it, if it does."""
    if len(line.shown) != 1:
        return None
    one = line.shown[0]
    return gets_it(one.curves, one.run.chance, line.regression)


def mark(look: Look, cell: str) -> str:
    """Return a line's dash and mark for st.html, which keeps an image but no <svg>."""
    drawn = b64encode(swatch(look, tone(cell)).encode()).decode()
    return f'<img alt="" width="34" height="12" src="data:image/svg+xml;base64,{drawn}">'


def _apart(runs: Sequence[Run]) -> list[str]:
    """What tells each run from the others of its cell and task: settings, as few as do; else a number."""
    texts = []
    kinds = [(run.spec.cell, run.spec.task) for run in runs]
    for number, (run, kind) in enumerate(zip(runs, kinds, strict=True)):
        same = [other.spec for other, its in zip(runs, kinds, strict=True) if its == kind]
        if len(same) == 1:
            texts.append("")
            continue
        fields = _telling(same)
        said = listed([_setting(run.spec, name) for name in fields], short=True)
        if len({tuple(getattr(spec, name) for name in fields) for spec in same}) < len(same):
            said = f"{said} #{kinds[:number].count(kind) + 1}".strip()
        texts.append(said)
    return texts


def _telling(specs: Sequence[TrainingSpec]) -> list[str]:
    """The fewest of the fields, taken in turn, by which these differ."""
    fields: list[str] = []
    kinds = 1
    for name in FIELDS:
        further = len({tuple(getattr(spec, field) for field in (*fields, name)) for spec in specs})
        if further > kinds and len(fields) < MOST_SETTINGS:
            fields, kinds = [*fields, name], further
    return fields


def _setting(spec: TrainingSpec, name: str) -> str:
    value = getattr(spec, name)
    if name == "bidirectional":
        return _("both directions") if value else _("forwards")
    if name == "mask":
        return _("with a mask") if value else _("without a mask")
    if name in ("padding", "truncating"):
        return end_name(name, value)
    if value is None:
        return _("without {setting}").format(setting=setting_name(name))
    return _("{setting} {value}").format(setting=setting_name(name), value=f"{value:g}" if value < 1 else f"{value:,}")
