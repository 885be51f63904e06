"""What is to be trained: the task, the cells and all that is seldom changed; which runs are shown; what is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pages.common.link import Choice, Number, Parameter, Problems, Several, Switch, Text
from pages.common.predict import ASK
from pages.common.settings import Owner
from rnn_core.cells.registry import CELLS
from rnn_core.models.network import NETWORKS
from rnn_core.tasks import TASKS
from rnn_core.tasks.padding import ENDS, End
from rnn_core.training.spec import LIMITS, OF_REVIEWS, PRESETS, TrainingSpec

PAGE = "train"
FIRST_TASK = "delayed_recall"
MOST_SEEDS = 5
# Fields of a spec that are numbers here. Off is zero in the link and in the widget, None in the spec.
NUMBERS = tuple(LIMITS)
# What a task does not decide.
KEPT = ("task", "cells", "guess", "run", "article", "ask")
_RUNS = re.compile(r"[0-9a-f]{0,40}(,[0-9a-f]{1,40})*")


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link.

    Attributes:
        task: a key of PRESETS.
        seeds: how many of them, from `seed` on.
        reading: "forwards" or "both".
        padding, truncating, mask: of reviews; whatever they are, they do nothing for another task.
        run: what is shown: a group of runs that were started together, or ids of runs with commas in between.
        guess: the cells that will learn it, as the visitor predicts.
        article: whether the article's curves lie under those of IMDB.

    All others are those of a TrainingSpec.
    """

    task: str
    cells: tuple[str, ...]
    units: int
    length: int
    samples: int
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    layers: int
    clip: float
    early_stopping: int
    seeds: int
    reading: str
    padding: End
    truncating: End
    mask: bool
    run: str
    guess: tuple[str, ...]
    article: bool
    ask: bool


class _Task(Choice):
    """The task; links of earlier versions say "imdb" without its size."""

    def read(self, raw: str) -> tuple[str, Problems]:
        return super().read("imdb_quick" if raw == "imdb" else raw)


def _runs(raw: str) -> tuple[str, Problems] | None:
    return (raw, ()) if _RUNS.fullmatch(raw) else None


@lru_cache(maxsize=len(PRESETS))
def parameters(task: str) -> tuple[Parameter, ...]:
    """Return the link's parameters but the task; what a task does by default need not stand in its links."""
    preset = PRESETS[task]
    numbers = []
    for name, limit in LIMITS.items():
        low, default = (0, getattr(preset, name) or 0) if limit.optional else (limit.low, getattr(preset, name))
        kind = float if name in ("learning_rate", "clip") else int
        numbers.append(Number(name, kind(default), kind(low), kind(limit.high)))
    return (
        Several("cells", tuple(CELLS), NETWORKS),
        *numbers,
        Number("seeds", 1, 1, MOST_SEEDS),
        Choice("reading", "forwards", ("forwards", "both")),
        Choice("padding", preset.padding, ENDS),
        Choice("truncating", preset.truncating, ENDS),
        Switch("mask", preset.mask),
        Text("run", longest=520, mend=_runs),
        Several("guess", (), NETWORKS),
        Switch("article", True),
        ASK,
    )


SET = Owner(PAGE, Settings, parameters, base=_Task("task", FIRST_TASK, tuple(PRESETS)))
current = SET.current


def has_reviews(task: str) -> bool:
    """Whether a key of PRESETS is a task with reviews, which are padded and cut."""
    return TASKS[PRESETS[task].task].reviews


def of_task(task: str) -> dict[str, Any]:
    """Return what a task sets: all but which cells, which runs and what was guessed."""
    return {"task": task} | {p.name: p.default for p in parameters(task) if p.name not in KEPT}


def of_runs(specs: Sequence[TrainingSpec]) -> dict[str, Any]:
    """Return what runs of one task were started with, so that it can be varied."""
    spec, article = specs[0], PRESETS["imdb_article"]
    size = "imdb_article" if (spec.length, spec.samples) == (article.length, article.samples) else "imdb_quick"
    task = size if spec.task == "imdb" else spec.task
    numbers = {p.name: p for p in parameters(task) if p.name in NUMBERS}
    return {
        **of_task(task),
        **{name: number.accept(getattr(spec, name) or 0) for name, number in numbers.items()},
        "cells": tuple(cell for cell in NETWORKS if cell in {s.cell for s in specs}),
        "seed": min(s.seed for s in specs),
        "seeds": min(MOST_SEEDS, len({s.seed for s in specs})),
        "reading": "both" if spec.bidirectional else "forwards",
        **{name: getattr(spec, name) for name in OF_REVIEWS},
    }


def specs(settings: Settings) -> list[TrainingSpec]:
    """Return what is asked for: one training per seed and cell, all cells of the first seed first."""
    numbers = {name: getattr(settings, name) for name in NUMBERS}
    off = {name: None for name, limit in LIMITS.items() if limit.optional and not numbers[name]}
    of_reviews = {name: getattr(settings, name) for name in OF_REVIEWS} if has_reviews(settings.task) else {}
    base = replace(
        PRESETS[settings.task], **(numbers | off | of_reviews), bidirectional=settings.reading == "both"
    )
    highest = int(LIMITS["seed"].high)
    return [
        replace(base, cell=cell, seed=min(base.seed + seed, highest))
        for seed in range(settings.seeds)
        for cell in NETWORKS
        if cell in settings.cells
    ]
