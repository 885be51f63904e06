"""Accuracy and loss of all runs shown, while they grow; the runs of each task in charts of their own."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import streamlit as st

from pages.common.language import _
from pages.common.names import task_name
from pages.parts.train.lines import Line, dark, moment
from pages.parts.train.settings import Settings
from pages.parts.train.task import chance_of, what_is_set
from pages.parts.train.words import chart_key
from rnn_core import tasks
from rnn_core.charts import curves as chart
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.results.article import HISTORIES
from rnn_core.training.runs import Curves
from rnn_core.training.spec import PRESETS

LONGEST_TIP = 60


def charts(lines: Sequence[Line], settings: Settings) -> None:
    """Draw the charts of all lines, those of each task apart, and what the kinds of line in them mean.

    Where there are no lines, the empty ground is that of the settings.
    """
    by_task: dict[str, list[Line]] = {} if lines else {PRESETS[settings.task].task: []}
    for line in lines:
        by_task.setdefault(line.spec.task, []).append(line)
    for name, drawn in by_task.items():
        if len(by_task) > 1:
            st.markdown(f"**{task_name(name)}**")
        runs = [one.run for line in drawn for one in line.shown]
        epochs = max((run.epochs_target for run in runs), default=settings.epochs)
        chance = chance_of(runs) if runs else what_is_set(settings).chance
        _pair(name, drawn, epochs, chance, HISTORIES if settings.article and name == "imdb" else {})
    cells = {line.spec.cell for line in lines} - {BAG_OF_WORDS}
    seeds = any(len(line.shown) > 1 for line in lines)
    st.caption(chart_key(seeds=seeds, article=settings.article and "imdb" in by_task, cells=len(cells)))


def _pair(name: str, lines: Sequence[Line], epochs: int, chance: float | None, article: dict) -> None:
    """Draw accuracy and loss of one task's runs; a task without an accuracy has the loss alone."""
    grounds = _grounds(tasks.TASKS[name], max(epochs, len(article["lstm"].loss) if article else 0), chance)
    titles = {"accuracy": _("accuracy"), "loss": _("loss")}
    for (measure, ground), column in zip(grounds.items(), st.columns(len(grounds), gap="medium"), strict=True):
        field = {"accuracy": "val_metric", "loss": "val_loss"}[measure]
        underlay = {cell: getattr(history, field) for cell, history in article.items()}
        table = chart.rows(_drawn(lines, measure), ground, underlay)
        theme = "dark" if dark() else "light"
        spec = chart.spec(titles[measure], _("epochs"), percent=measure == "accuracy", theme=theme)
        with column:
            # New data resets a zoom, unless the zoom counts as a selection; nothing is done with it.
            st.vega_lite_chart(
                pa.table(table), spec, key=f"chart_{name}_{measure}", theme=None, on_select=_nothing,
                selection_mode=chart.ZOOM,
            )  # fmt: skip


def _grounds(task: tasks.Task, epochs: int, chance: float | None) -> dict[str, chart.Ground]:
    """What the curves of a task are drawn on, by measure."""
    if task.answer == "regression":
        mean = chart.Level(chance or 1.0, _("always the mean"))
        return {"loss": chart.loss_ground(epochs=epochs, guessing=mean)}
    classes = 2 if task.answer == "binary" else len(task.answers)
    guessing = None if chance is None else chart.Level(chance, _("guessing"))
    even = chart.Level(float(np.log(classes)), _("all answers equally likely"))
    return {
        "accuracy": chart.accuracy_ground(epochs=epochs, classes=classes, guessing=guessing),
        "loss": chart.loss_ground(epochs=epochs, guessing=even),
    }


def _drawn(lines: Sequence[Line], measure: str) -> list[chart.Line]:
    """Lines as the chart takes them, their names short enough and different."""
    texts = chart.shortened([line.apart for line in lines]) if any(line.apart for line in lines) else [""] * len(lines)
    names = chart.shortened([line.title for line in lines], LONGEST_TIP)
    return [
        chart.Line(
            network=line.spec.cell,
            look=line.look,
            series=name,
            points=tuple(_points(one.curves, measure) for one in line.shown),
            best_epoch=_best_epoch(line),
            text=text if line.apart else "",
            moment=chart.Moment(epoch, _("gets it")) if (epoch := moment(line)) else None,
        )
        for line, name, text in zip(lines, names, texts, strict=True)
    ]


def _best_epoch(line: Line) -> int | None:
    run = line.shown[0].run
    return run.best_epoch if len(line.shown) == 1 and run.epochs_done > 1 else None


def _points(curves: Curves, measure: str) -> chart.Points:
    of = "metric" if measure == "accuracy" else "loss"
    train, validation, batch = (getattr(curves, name) for name in (of, f"val_{of}", f"batch_{of}"))
    return chart.Points(train, validation, curves.batch_epoch, batch)


def _nothing() -> None:
    pass
