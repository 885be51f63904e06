"""Training curves: one constant Vega-Lite spec per measure, everything that varies in the data.

A chart whose spec and key stay the same is updated in place: it does not flicker, and keeps its zoom, while points
arrive. So the number of epochs, the level of chance and the cells at work are rows of the data, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from rnn_core.charts.palette import CELL_DASH, CELL_MARK, CELLS, GROUND, INK, LINE, QUIET
from rnn_core.training.runs import Curves

HEIGHT = 300
RING = 0.045  # half a ring's height, and a little more, as a share of the chart's
ZOOM = "zoom"  # name of the selection that moves the axes
COLUMNS = ("kind", "cell", "series", "x", "y", "low", "high", "value", "text")
KINDS = ("chance", "batch", "train", "validation", "band", "best", "article", "end")

# Which of a run's arrays a measure draws: one point per batch, per epoch in training, per epoch in validation.
FIELDS = {"accuracy": ("batch_metric", "metric", "val_metric"), "loss": ("batch_loss", "loss", "val_loss")}


@dataclass(frozen=True)
class Line:
    """What is drawn as one line: a training, or several that differ in their seed only.

    Attributes:
        cell: decides colour, dash and mark.
        series: name that no other line of the chart has.
        curves: one per seed, from the run store.
        best_epoch: the epoch with the lowest validation loss, or None.
        text: what stands at the line's end, or nothing.
    """

    cell: str
    series: str
    curves: tuple[Curves, ...]
    best_epoch: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Frame:
    """The ground the curves are drawn on, known before the first point arrives.

    Attributes:
        epochs: how far the x axis reaches.
        low, high: what the y axis shows at least.
        cap: larger values are drawn at this height; their true value is in the tooltip.
        chance: what guessing reaches, or None.
        chance_text: what that line means.
    """

    epochs: float
    low: float
    high: float
    cap: float = float("inf")
    chance: float | None = None
    chance_text: str = ""


def rows(
    measure: str, lines: Sequence[Line], frame: Frame, article: Mapping[str, Any] | None = None
) -> dict[str, list]:
    """Return the chart's data as columns.

    Args:
        measure: "accuracy" or "loss".
        lines: what is compared.
        frame: axes and chance.
        article: cell → history with `metric` and `val_loss` … per epoch, laid under the curves; none by default.

    Returns:
        COLUMNS, by name. `kind` says what a row is: "frame" or one of KINDS. A row without a series is not drawn:
        each kind has one, since Vega warns of a layer that has no rows, at every update.
    """
    table: dict[str, list] = {name: [] for name in COLUMNS}

    def add(
        kind: str, cell: str, series: str, x: Any, y: Any, low: Any = None, high: Any = None, text: str = ""
    ) -> None:
        x, y = np.asarray(x, float), np.asarray(y, float)
        known, cap = np.isfinite(y), np.inf if kind == "frame" else frame.cap
        for name, constant in (("kind", kind), ("cell", cell), ("series", series), ("text", text)):
            table[name] += [constant] * int(known.sum())
        table["x"] += x[known].tolist()
        table["y"] += np.minimum(y[known], cap).tolist()
        table["value"] += y[known].tolist()
        for name, bound in (("low", low), ("high", high)):
            table[name] += np.minimum((y if bound is None else np.asarray(bound, float))[known], cap).tolist()

    # A little room, so that marks at the edge are whole.
    add("frame", "", "", [0, 1.04 * frame.epochs], [frame.low, frame.high])
    for kind in KINDS:
        add(kind, "", "", [0], [frame.low])
    if frame.chance is not None:
        add("chance", "", "chance", [0], [frame.chance], text=f"- - - {frame.chance_text}")
    batch, train, validation = FIELDS[measure]
    for cell, history in (article or {}).items():
        values = getattr(history, validation)
        add("article", cell, f"article {cell}", np.arange(1, len(values) + 1), values)
    for line in lines:
        if len(line.curves) == 1:
            add("batch", line.cell, line.series, line.curves[0].batch_epoch, getattr(line.curves[0], batch))
        for kind, field in (("train", train), ("validation", validation)):
            epoch, mean, low, high = across_seeds(line.curves, field)
            add(kind, line.cell, line.series, epoch, mean)
            if kind == "validation":
                if len(line.curves) > 1:
                    add("band", line.cell, line.series, epoch, mean, low, high)
                elif line.best_epoch is not None and line.best_epoch <= len(mean):
                    add("best", line.cell, line.series, [line.best_epoch], [mean[line.best_epoch - 1]])
                if line.text and len(mean):
                    add("end", line.cell, line.series, epoch[-1:], mean[-1:], text=line.text)
    # The axis reaches from the lowest to the highest value; marks there must be whole, and so must the ring.
    drawn = zip(table["kind"], table["series"], table["y"], strict=True)
    marked = [y for kind, series, y in drawn if series and kind in ("train", "validation")]
    if marked:
        bottom, top = min(frame.low, *table["y"]), max(frame.high, *table["y"])
        room = RING * (top - bottom)
        add("frame", "", "", [0, 0], [min(bottom, min(marked) - room), max(top, max(marked) + room)])
    return table


def across_seeds(curves: Sequence[Curves], field: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return epochs, mean, smallest and largest value of a field over those seeds that have come that far."""
    longest = max((len(c.epoch) for c in curves), default=0)
    if longest == 0:
        return (np.empty(0),) * 4
    table = np.full((len(curves), longest), np.nan)
    for row, curve in zip(table, curves, strict=True):
        row[: len(curve.epoch)] = getattr(curve, field)
    known = np.isfinite(table)
    count = known.sum(axis=0)
    mean = np.where(count, np.where(known, table, 0).sum(axis=0) / np.maximum(count, 1), np.nan)
    low = np.where(known, table, np.inf).min(axis=0)
    high = np.where(known, table, -np.inf).max(axis=0)
    return np.arange(1, longest + 1), mean, low, high


def ground(answer: str, classes: int, chance: float | None, epochs: float, measure: str, chance_text: str) -> Frame:
    """Return the frame that suits a task, so that axes need not move while curves grow.

    Args:
        answer, classes: of the task's Dataset.
        chance: what guessing reaches: an accuracy, or for regression a mean squared error.
        epochs: how far the x axis reaches.
        measure: "accuracy" or "loss".
        chance_text: says what the chance line is.
    """
    if measure == "accuracy":
        low = 0.4 if classes == 2 else 0.0
        return Frame(epochs, low, 1.04, chance=chance if answer != "regression" else None, chance_text=chance_text)
    # Loss of an answer that gives every class the same probability; for regression, of always the mean.
    level = chance or 1.0 if answer == "regression" else float(np.log(classes))
    return Frame(epochs, -0.06 * level, 1.15 * level, 3 * level, level, chance_text)


@lru_cache(maxsize=32)
def spec(measure: str, title: str, epochs: str, theme: str) -> dict[str, Any]:
    """Return the Vega-Lite spec: the same for all data, so build it once per language and theme.

    Args:
        measure: "accuracy" or "loss".
        title: what stands above the y axis.
        epochs: what stands under the x axis.
        theme: "light" or "dark".
    """
    dark = theme == "dark"
    ground, ink, quiet, line = (tone.dark if dark else tone.light for tone in (GROUND, INK, QUIET, LINE))
    cells = list(CELLS)
    percent = ".0%" if measure == "accuracy" else "~g"
    colour = {
        "field": "cell", "type": "nominal", "legend": None,
        "scale": {"domain": cells, "range": [CELLS[c].dark if dark else CELLS[c].light for c in cells]},
    }  # fmt: skip
    dash = {
        "field": "cell",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": cells, "range": [CELL_DASH[c] for c in cells]},
    }
    mark = {
        "field": "cell",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": cells, "range": [CELL_MARK[c] for c in cells]},
    }
    x = {
        "field": "x", "type": "quantitative", "title": epochs, "scale": {"nice": False, "zero": False},
        "axis": {"format": "d", "tickMinStep": 1, "grid": False, "tickCount": 10},
    }  # fmt: skip
    y = {
        "field": "y", "type": "quantitative", "title": title, "scale": {"nice": False, "zero": False},
        "axis": {"format": percent, "tickCount": 6, "minExtent": 40, "maxExtent": 40,
                 "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -12},
    }  # fmt: skip
    series = {"field": "series", "type": "nominal"}
    tooltip = [
        {"field": "series", "type": "nominal", "title": " "},
        {"field": "x", "type": "quantitative", "title": epochs, "format": "~g"},
        {"field": "value", "type": "quantitative", "title": title, "format": ".1%" if measure == "accuracy" else ".4f"},
    ]

    def layer(kind: str, marked: dict[str, Any], **encoding: Any) -> dict[str, Any]:
        if marked["type"] in ("point", "rule") and kind != "frame":
            encoding["opacity"] = {"condition": {"test": "datum.series === ''", "value": 0}, "value": 1}
        return {
            "transform": [{"filter": {"field": "kind", "equal": kind}}],
            "mark": {"clip": True, **marked},
            "encoding": {"x": x, "y": y, **encoding},
        }

    layers = [
        layer("frame", {"type": "point", "opacity": 0}),
        layer("chance", {"type": "rule", "stroke": quiet, "strokeDash": [3, 4], "strokeWidth": 1.5}),
        layer("article", {"type": "line", "strokeWidth": 7, "opacity": 0.22}, color=colour, detail=series),
        layer("band", {"type": "area", "opacity": 0.2}, color=colour, detail=series),
        layer("batch", {"type": "line", "strokeWidth": 1, "opacity": 0.38}, color=colour, detail=series),
        layer("train", {"type": "line", "strokeWidth": 1.4, "opacity": 0.85}, color=colour, detail=series),
        layer("train", {"type": "point", "filled": False, "fill": ground, "size": 26, "strokeWidth": 1.4},
              color=colour, shape=mark, tooltip=tooltip),
        layer("validation", {"type": "line", "strokeWidth": 2.8}, color=colour, strokeDash=dash, detail=series),
        layer("validation", {"type": "point", "filled": True, "size": 75}, color=colour, shape=mark, tooltip=tooltip),
        layer("best", {"type": "point", "shape": "circle", "size": 260, "stroke": ink, "strokeWidth": 1.8},
              tooltip=tooltip),
        layer("end", {"type": "text", "align": "right", "dx": -8, "dy": -11, "fontSize": 12}, color=colour,
              text={"field": "text"}),
    ]  # fmt: skip
    layers[1]["encoding"].pop("x")  # a rule across the whole chart
    # What the dashed level means is written above the chart, beside the axis' title: curves may stay at that level.
    where = {"type": "text", "align": "right", "baseline": "alphabetic", "fontSize": 13, "clip": False}
    layers.append(layer("chance", {**where, "color": quiet}, text={"field": "text"}))
    layers[-1]["encoding"] |= {"x": {"value": "width"}, "y": {"value": -12}}
    layers[3]["encoding"] |= {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    # The wheel alone scrolls the page; with Alt, or by pinching, it zooms the chart.
    layers[0]["params"] = [
        {"name": ZOOM, "bind": "scales",
         "select": {"type": "interval", "zoom": "wheel![event.altKey || event.ctrlKey]"}}
    ]  # fmt: skip
    font = "Source Sans, Source Sans Pro, sans-serif"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "height": HEIGHT,
        "background": ground,
        "padding": {"left": 4, "right": 14, "top": 24, "bottom": 4},
        "layer": layers,
        "config": {
            "font": font,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 13, "titleFontSize": 14, "titleFontWeight": 600,
                "labelColor": quiet, "titleColor": ink,
                "gridColor": line, "gridOpacity": 0.6,
                "domainColor": line, "tickColor": line, "labelFont": font, "titleFont": font,
            },
        },
    }  # fmt: skip
