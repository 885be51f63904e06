"""The spec of a chart of curves, built by Altair: how rows are drawn, whatever their numbers.

Nothing here may depend on the data. Import it late: Altair takes its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt

from rnn_core.charts import curves, palette
from rnn_core.charts.curves.table import look_name

FONT = "Source Sans, Source Sans Pro, sans-serif"


class _Words(NamedTuple):
    title: str
    epochs: str
    percent: bool


def build(title: str, epochs: str, *, percent: bool, theme: str) -> dict[str, Any]:
    """Return the Vega-Lite spec as Altair writes it; see `curves.spec`."""
    words = _Words(title, epochs, percent)
    tones = {"ground": palette.GROUND, "ink": palette.INK, "quiet": palette.QUIET, "line": palette.LINE}
    colours = {name: getattr(tone, theme) for name, tone in tones.items()}
    networks = [getattr(tone, theme) for tone in palette.NETWORKS.values()]
    colour = alt.Color("network:N", legend=None, scale=alt.Scale(domain=list(palette.NETWORKS), range=networks))
    layers = [*_ground(words, colours, colour), *_curves(words, colours, colour), *_texts(words, colours, colour)]
    # The wheel alone scrolls the page; with Alt, or by pinching, it zooms the chart.
    zoom = alt.selection_interval(name=curves.ZOOM, bind="scales", zoom="wheel![event.altKey || event.ctrlKey]")
    layers[0] = layers[0].properties(name="frame").add_params(zoom)
    chart = alt.layer(*layers, height=curves.HEIGHT, background=colours["ground"])
    made = _configured(chart.properties(data=alt.NamedData("rows")), colours).to_dict()
    del made["data"]  # whoever draws the chart hands the rows in
    return made


def _layer(kind: str, words: _Words) -> alt.Chart:
    """The rows of one kind, on the axes that all layers share."""
    axis = alt.Axis(format=".0%" if words.percent else "~g", tickCount=6, minExtent=40, maxExtent=40, titleAngle=0,
                    titleAlign="left", titleAnchor="end", titleX=0, titleY=-12)  # fmt: skip
    whole = alt.Axis(format="d", tickMinStep=1, grid=False, tickCount=10)
    scale = alt.Scale(nice=False, zero=False)
    return (
        alt.Chart()
        .transform_filter(alt.FieldEqualPredicate(field="kind", equal=kind))
        .encode(
            x=alt.X("x:Q", title=words.epochs, scale=scale, axis=whole),
            y=alt.Y("y:Q", title=words.title, scale=scale, axis=axis),
        )
    )


def _drawn() -> alt.Opacity:
    """A row without a series is there for Vega alone."""
    return alt.when("datum.series === ''").then(alt.value(0)).otherwise(alt.value(1))


def _ground(words: _Words, colours: Mapping[str, str], colour: alt.Color) -> list[alt.Chart]:
    """What lies below the curves: the axes, the level of guessing, the article's curves, the range over seeds."""
    guessing = _layer("guessing", words).mark_rule(clip=True, stroke=colours["quiet"], strokeDash=[3, 4],
                                                   strokeWidth=1.5).encode(opacity=_drawn())  # fmt: skip
    guessing.encoding.x = alt.Undefined  # a rule across the whole chart
    band = _layer("band", words).mark_area(clip=True, opacity=0.2)
    return [
        _layer("frame", words).mark_point(clip=True, opacity=0),
        guessing,
        _layer("article", words).mark_line(clip=True, strokeWidth=7, opacity=0.22).encode(colour, detail="series:N"),
        band.encode(colour, alt.Y("low:Q", title=words.title), alt.Y2("high"), detail="series:N"),
    ]


def _curves(words: _Words, colours: Mapping[str, str], colour: alt.Color) -> list[alt.Chart]:
    """The curves themselves: single batches, in training, in validation, and a ring at the best epoch."""
    every = [*palette.LOOKS.values(), *palette.FURTHER]
    names = [look_name(look) for look in every]
    dash = alt.StrokeDash("look:N", legend=None, scale=alt.Scale(domain=names, range=[list(k.dash) for k in every]))
    shape = alt.Shape("look:N", legend=None, scale=alt.Scale(domain=names, range=[look.mark for look in every]))
    tips = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=words.epochs, format="~g"),
        alt.Tooltip("value:Q", title=words.title, format=".1%" if words.percent else ".4f"),
    ]
    point = {"opacity": _drawn(), "tooltip": tips}
    train, validation = _layer("train", words), _layer("validation", words)
    hollow = {"filled": False, "fill": colours["ground"], "size": 26, "strokeWidth": 1.4}
    ring = {"shape": "circle", "size": 260, "stroke": colours["ink"], "strokeWidth": 1.8}
    batch = _layer("batch", words).mark_line(clip=True, strokeWidth=1, opacity=0.38)
    return [
        batch.encode(colour, detail="series:N"),
        train.mark_line(clip=True, strokeWidth=1.4, opacity=0.85).encode(colour, detail="series:N"),
        train.mark_point(clip=True, **hollow).encode(colour, shape, **point),
        validation.mark_line(clip=True, strokeWidth=2.8).encode(colour, dash, detail="series:N"),
        validation.mark_point(clip=True, filled=True, size=75).encode(colour, shape, **point),
        _layer("best", words).mark_point(clip=True, **ring).encode(**point),
    ]


def _texts(words: _Words, colours: Mapping[str, str], colour: alt.Color) -> list[alt.Chart]:
    """What tells lines of one network apart, and above the chart what the level of guessing is.

    That stands beside the axis' title and not at its level: curves may stay there.
    """
    beside = {"fontSize": 13, "fontWeight": 600, "clip": False, "dy": -12}
    above = {"align": "right", "baseline": "alphabetic", "fontSize": 13, "clip": False, "color": colours["quiet"]}
    level = _layer("guessing", words).mark_text(**above).encode(text="text:N")
    return [
        _layer("end", words).mark_text(align="right", dx=-8, **beside).encode(colour, text="text:N"),
        _layer("begin", words).mark_text(align="left", dx=8, **beside).encode(colour, text="text:N"),
        level.encode(x=alt.value("width"), y=alt.value(-12)),
    ]


def _configured(chart: alt.LayerChart, colours: Mapping[str, str]) -> alt.LayerChart:
    return (
        chart.properties(padding={"left": 4, "right": 14, "top": 24, "bottom": 4})
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=14, titleFontWeight=600, labelFont=FONT, titleFont=FONT,
            labelColor=colours["quiet"], titleColor=colours["ink"],
            gridColor=colours["line"], gridOpacity=0.6, domainColor=colours["line"], tickColor=colours["line"],
        )
    )  # fmt: skip
