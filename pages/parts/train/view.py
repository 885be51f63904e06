"""Runs as a visitor sees them: a card for each, two charts for all, a log in words."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import streamlit as st

from pages.common.language import _
from pages.parts.train.words import cell_name, duration, phase, setting_name, state_name, task_name, told
from rnn_core import tasks
from rnn_core.charts import curves as chart
from rnn_core.charts.palette import INK, LINE, LOOKS, PANEL, QUIET, Look, looks
from rnn_core.charts.palette import NETWORKS as TONES
from rnn_core.charts.swatch import swatch
from rnn_core.models.build import count_parameters
from rnn_core.models.network import NETWORKS, Network
from rnn_core.numbers import percent
from rnn_core.results.article import HISTORIES
from rnn_core.training.diary import diary
from rnn_core.training.runs import Curves, Event, Run
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore
from rnn_core.training.told import befell, problem_of

_CSS = Path(__file__).with_name("train.css")
POINTS = 400  # batch points per run in a chart
LOG_LINES = 40


@dataclass(frozen=True)
class Shown:
    """One run with all that the page shows of it."""

    run: Run
    curves: Curves
    events: list[Event]
    position: int


def read(store: RunStore, ids: Sequence[str]) -> list[Shown]:
    """Read runs from the store, in the order of the cells. Raises StoreUnavailable."""
    runs = sorted(store.runs(ids=ids), key=lambda run: (NETWORKS.index(run.spec.cell), run.created))
    return [
        Shown(
            run,
            store.curves(run.id, POINTS),
            store.events(run.id),
            store.queue_position(run.id) if run.state == "queued" else 0,
        )
        for run in runs
    ]


def dark() -> bool:
    return st.context.theme.type == "dark"


# ------------------------------------------------------------------------------------------------------- cards


def cards(shown: Sequence[Shown], waiting: Sequence[TrainingSpec], cluster: str) -> None:
    """Draw a card per line of the charts; for cells not yet started, the same card, empty."""
    idle = _("the workers are starting") if cluster == "starting" else _("not started")
    groups = lines(shown)
    made = [_card(group, look, cluster) for group, look in zip(groups, looks_of(groups), strict=True)]
    made = made or [_empty_card(spec, idle) for spec in waiting]
    st.html(_CSS)
    tones = {"ink": INK, "quiet": QUIET, "line": LINE, "panel": PANEL, "bad": TONES["simple_rnn"]}
    style = "".join(f"--{name}:{tone.dark if dark() else tone.light};" for name, tone in tones.items())
    st.html(f'<div class="runs" style="{style}">{"".join(made)}</div>')


def lines(shown: Sequence[Shown]) -> list[list[Shown]]:
    """Group runs that differ in nothing but their seed and were started together: each group is one line."""
    groups: dict[tuple, list[Shown]] = {}
    for one in shown:
        groups.setdefault((one.run.group_id, replace(one.run.spec, seed=0)), []).append(one)
    return list(groups.values())


def looks_of(groups: Sequence[list[Shown]]) -> list[Look]:
    """Return the dash and mark of each line, in the charts and on its card."""
    return looks([group[0].run.spec.cell for group in groups])


def _card(group: list[Shown], look: Look, cluster: str) -> str:
    first = next((one for one in group if not one.run.ended), group[-1])
    run = first.run
    progress = sum(one.run.progress for one in group) / len(group)
    words = phase(run, first.position, cluster)
    if len(group) > 1:
        ended = sum(one.run.ended for one in group)
        words = _("seed {seed}: {phase} ({done} of {all} seeds)").format(
            seed=run.spec.seed, phase=words, done=ended, all=len(group)
        )
    figure, under = _result(group)
    facts = []
    if run.ms_per_step:
        facts.append(_("{n} ms a step").format(n=f"{run.ms_per_step:.1f}"))
    if run.seconds_left is not None and not run.ended:
        facts.append(_("{time} left").format(time=duration(run.seconds_left)))
    elif run.seconds:
        facts.append(duration(run.seconds))
    if run.xla:
        facts.append("XLA")
    parameters = run.parameters or _parameters(run.spec.network)
    bad = run.state in ("failed", "diverged", "interrupted")
    texts = words, progress, figure, under, " · ".join(facts)
    return _card_html(run.spec.cell, look, _title(run), parameters, *texts, bad)


def _empty_card(spec: TrainingSpec, words: str) -> str:
    look = LOOKS[spec.cell]
    return _card_html(spec.cell, look, cell_name(spec.cell), _parameters(spec.network), words, 0.0, "–", "", "", False)


def _title(run: Run) -> str:
    """A name the visitor gave, or the cell's."""
    return cell_name(run.spec.cell) if run.name == default_name(run.spec) else run.name


def default_name(spec: TrainingSpec) -> str:
    """What the store calls a run that nobody has renamed."""
    return f"{spec.task} · {spec.cell}"


@lru_cache(maxsize=256)
def _parameters(network: Network) -> int:
    return count_parameters(network)


def _result(group: list[Shown]) -> tuple[str, str]:
    """The last validation figure, or the mean over seeds, and what it is."""
    regression = tasks.TASKS[group[0].run.spec.task].answer == "regression"
    values = [
        (one.curves.val_loss if regression else one.curves.val_metric)[-1] for one in group if len(one.curves.epoch)
    ]
    if not values or not np.isfinite(values).any():
        return "–", ""
    mean = float(np.nanmean(values))
    return (f"{mean:.4f}", _("validation error")) if regression else (percent(mean, 1), _("validation"))


def _card_html(
    cell: str, look: Look, title: str, parameters: int, words: str, progress: float, figure: str, under: str,
    facts: str, bad: bool
) -> str:
    tone = TONES[cell].dark if dark() else TONES[cell].light
    title, words, facts = html.escape(title), html.escape(words), html.escape(facts)
    count = html.escape(_("{n} parameters").format(n=f"{parameters:,}"))
    done = f"{progress * 100:.1f}"
    return f"""<div class="run" style="--tone:{tone}">
<div class="top">{_swatch(look, tone)}<b>{title}</b><span class="quiet">{count}</span></div>
<div class="middle"><span class="phase {"bad" if bad else ""}">{words}</span>
<span class="quiet">{html.escape(under)}</span><span class="figure">{html.escape(figure)}</span></div>
<div class="track" role="progressbar" aria-valuenow="{done}" aria-valuemin="0" aria-valuemax="100" aria-label="{title}">
<i style="width:{done}%"></i></div>
<div class="quiet facts">{facts}</div></div>"""


def _swatch(look: Look, tone: str) -> str:
    """A line's dash and mark; as an image, since st.html keeps no <svg>."""
    drawn = b64encode(swatch(look, tone).encode()).decode()
    return f'<img alt="" width="34" height="12" src="data:image/svg+xml;base64,{drawn}">'


# ------------------------------------------------------------------------------------------------------ charts


def charts(shown: Sequence[Shown], task: tasks.Task, epochs: int, chance: float | None, article: bool) -> None:
    """Draw accuracy and loss of all runs shown, the runs of each task in charts of their own.

    Args:
        shown: the runs; none draws the empty ground.
        task: what the ground shall suit while there are none.
        epochs: how far the axis reaches at least.
        chance: what guessing gets, if it is known before the first run has said so.
        article: whether to lay the article's own curves underneath.
    """
    groups = lines(shown)
    untouched = next(name for name, known in tasks.TASKS.items() if known is task)
    by_task: dict[str, list[tuple[list[Shown], Look]]] = {} if shown else {untouched: []}
    for group, look in zip(groups, looks_of(groups), strict=True):
        by_task.setdefault(group[0].run.spec.task, []).append((group, look))
    for name, drawn in by_task.items():
        if len(by_task) > 1:
            st.caption(f"**{task_name(name)}**")
        _charts(name, drawn, epochs, chance, article and name == "imdb")


def _charts(
    name: str, groups: Sequence[tuple[list[Shown], Look]], epochs: int, chance: float | None, article: bool
) -> None:
    """Draw accuracy and loss of one task's runs; a task without an accuracy has the loss alone."""
    task = tasks.TASKS[name]
    shown = [one for group, _look in groups for one in group]
    epochs = max(one.run.epochs_target for one in shown) if shown else epochs
    chance = next((one.run.chance for one in shown if one.run.chance is not None), chance)
    if article:
        epochs = max(epochs, len(HISTORIES["lstm"].loss))
    regression = task.answer == "regression"
    classes = {"binary": 2, "classes": len(task.answers), "regression": 0}[task.answer]
    grounds = {} if regression else {
        "accuracy": chart.accuracy_ground(
            epochs=epochs, classes=classes, guessing=None if chance is None else chart.Level(chance, _("guessing"))
        )
    }  # fmt: skip
    untaught = chart.Level(chance or 1.0, _("always the mean")) if regression else chart.Level(
        float(np.log(classes)), _("all answers equally likely"))  # fmt: skip
    grounds["loss"] = chart.loss_ground(epochs=epochs, guessing=untaught)
    titles = {"accuracy": _("accuracy"), "loss": _("loss")}
    for (measure, ground), column in zip(grounds.items(), st.columns(len(grounds), gap="medium"), strict=True):
        field = {"accuracy": "val_metric", "loss": "val_loss"}[measure]
        underlay = {cell: getattr(history, field) for cell, history in HISTORIES.items()} if article else None
        table = chart.rows(_chart_lines(groups, measure), ground, underlay)
        theme = "dark" if dark() else "light"
        spec = chart.spec(titles[measure], _("epochs"), percent=measure == "accuracy", theme=theme)
        with column:
            # New data resets a zoom, unless the zoom counts as a selection; nothing is done with it.
            st.vega_lite_chart(
                pa.table(table), spec, key=f"chart_{name}_{measure}", theme=None, on_select=_nothing,
                selection_mode=chart.ZOOM,
            )  # fmt: skip


def _chart_lines(groups: Sequence[tuple[list[Shown], Look]], measure: str) -> list[chart.Line]:
    """One task's runs as lines of a chart, their names short enough and different."""
    runs = [group[0].run for group, _look in groups]
    named = len(runs) > len({run.spec.cell for run in runs})
    every = [group for group, _look in groups]
    texts = chart.shortened([_difference(run, every) or _title(run) for run in runs]) if named else [""] * len(runs)
    names = chart.shortened([_title(run) for run in runs])
    return [
        chart.Line(
            network=run.spec.cell,
            look=look,
            series=name,
            points=tuple(_points(one.curves, measure) for one in group),
            best_epoch=run.best_epoch if len(group) == 1 and run.epochs_done > 1 else None,
            text=text,
        )
        for (group, look), run, name, text in zip(groups, runs, names, texts, strict=True)
    ]


def _points(curves: Curves, measure: str) -> chart.Points:
    """What a run measured, as the chart takes it."""
    of = "metric" if measure == "accuracy" else "loss"
    train, validation, batch = (getattr(curves, name) for name in (of, f"val_{of}", f"batch_{of}"))
    return chart.Points(train, validation, curves.batch_epoch, batch)


def _nothing() -> None:
    pass


def _difference(run: Run, groups: Sequence[list[Shown]]) -> str:
    """What tells a line from the others of its cell: the settings in which they differ."""
    others = [group[0].run.spec for group in groups if group[0].run.spec.cell == run.spec.cell]
    fields = (
        "task",
        "units",
        "length",
        "learning_rate",
        "batch_size",
        "layers",
        "samples",
        "seed",
        "clip",
        "bidirectional",
    )
    varied = [name for name in fields if len({getattr(spec, name) for spec in others}) > 1]
    return ", ".join(f"{setting_name(name)} {getattr(run.spec, name)}" for name in varied[:2])


def compared(cells: Sequence[str]) -> str:
    """Return the warning that belongs beside every comparison of cells, or nothing if there is none."""
    if len([cell for cell in cells if cell != "bag_of_words"]) < 2:
        return ""
    return " · " + _("equal units are not equal parameters: see the cards")


def chart_key(article: bool, seeds: bool) -> str:
    """Return what the kinds of line in the charts mean."""
    parts = [
        _("**bold with marks**: validation"),
        _("thin: training, once an epoch"),
        _("pale: single batches"),
        _("ring: best epoch"),
    ]
    if seeds:
        parts.append(_("band: smallest to largest over the seeds"))
    if article:
        parts.append(_("broad and pale: the article's own validation"))
    parts.append(_("drag to move, Alt and the wheel to zoom, double-click to reset"))
    return " · ".join(parts)


# --------------------------------------------------------------------------------------------------------- log


def log(shown: Sequence[Shown]) -> None:
    """Draw what the numbers and the events tell, newest first."""
    told_lines: list[tuple[float, str, str]] = []
    for one in shown:
        run, curves = one.run, one.curves
        task = tasks.TASKS[run.spec.task]
        ended = run.state == "done"  # what was stopped is not judged
        for epoch, remark in diary(curves, run.chance, task.answer == "regression", ended, task.validates_more):
            told_lines.append((epoch, run.spec.cell, _("epoch {n}: ").format(n=epoch) + told(remark, markdown=False)))
        for event in one.events:
            if (line := befell(event)) is not None:
                told_lines.append(((event.epoch or 0) + 0.5, run.spec.cell, told(line, markdown=False)))
    told_lines.sort(key=lambda line: -line[0])
    if not told_lines:
        st.caption(_("Nothing to tell yet: the first epoch says more."))
        return
    tones = {cell: tone.dark if dark() else tone.light for cell, tone in TONES.items()}
    body = "".join(
        f'<li><b style="color:{tones[cell]}">{html.escape(cell_name(cell))}</b> {html.escape(text)}</li>'
        for _at, cell, text in told_lines[:LOG_LINES]
    )
    st.html(f'<ul class="told">{body}</ul>')


def problems(shown: Sequence[Shown]) -> None:
    """Draw why runs went wrong, each reason once."""
    for sentence in dict.fromkeys(
        f"**{cell_name(one.run.spec.cell)}**: {told(problem)}" for one in shown if (problem := problem_of(one.run))
    ):
        st.warning(sentence, icon=":material/report:")


@dataclass(frozen=True)
class Verdict:
    """What came of the runs shown.

    Attributes:
        figures: cell and what it reached, for each line; those that never finished an epoch are missing.
        learnt: cells that got more than half of the way from guessing to perfect.
        not_learnt: cells that trained to their end and got less far.
        open: cells that ended too early to tell, or never began.
    """

    figures: list[tuple[str, str]]
    learnt: set[str]
    not_learnt: set[str]
    open: set[str]


def verdict(shown: Sequence[Shown]) -> Verdict:
    """Judge each cell by its last validation, the mean over its seeds. Half-trained cells are not judged."""
    made = Verdict([], set(), set(), set())
    for group in lines(shown):
        run = group[0].run
        cell = run.spec.cell
        regression = tasks.TASKS[run.spec.task].answer == "regression"
        last = [
            one.curves.val_loss[-1] if regression else one.curves.val_metric[-1]
            for one in group
            if len(one.curves.epoch)
        ]
        if last:
            made.figures.append((cell, _result(group)[0]))
        if last and run.chance is not None:
            mean = float(np.mean(last))
            if mean < run.chance / 2 if regression else mean > (1 + run.chance) / 2:
                made.learnt.add(cell)
                continue
        if all(one.run.state in ("done", "diverged") for one in group):
            made.not_learnt.add(cell)
        else:
            made.open.add(cell)
    # Of several lines of one cell, the best counts.
    for rest in (made.not_learnt, made.open):
        rest -= made.learnt
    return made


def state_word(run: Run) -> str:
    """Return a run's state for a table, with epochs done and wanted."""
    words = {
        "paused": _("paused"),
        "done": _("done"),
        "stopped": _("stopped"),
        "interrupted": _("interrupted"),
    }.get(run.state) or state_name(run.state)
    return f"{words} {run.epochs_done}/{run.epochs_target}" if run.epochs_done else words
