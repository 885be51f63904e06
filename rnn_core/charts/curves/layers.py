"""The spec of a chart of curves, built by Altair: how rows are drawn, whatever their numbers.

Nothing here may depend on the data. Import it late: Altair takes its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from rnn_core.charts import palette
from rnn_core.charts.curves.points import HEIGHT, ZOOM
from rnn_core.charts.curves.table import look_name

# A star of five points: what no line has for its own mark.
STAR = "M0,-1L.25,-.35L.95,-.31L.4,.13L.59,.81L0,.42L-.59,.81L-.4,.13L-.95,-.31L-.25,-.35Z"
SERIES, TEXT = alt.Detail("series:N"), alt.Text("text:N")
EVERY = [*palette.LOOKS.values(), *palette.FURTHER]
FONT = "Source Sans, Source Sans Pro, sans-serif"


@dataclass(frozen=True)
class _Style:
    """What all layers share: the axes' words, and colours of one theme."""

    title: str
    epochs: str
    percent: bool
    theme: str

    def tone(self, tone: palette.Tone) -> str:
        return getattr(tone, self.theme)

    @property
    def colour(self) -> alt.Color:
        """A network's own colour."""
        colours = [self.tone(tone) for tone in palette.NETWORKS.values()]
        return alt.Color("network:N", legend=None, scale=alt.Scale(domain=list(palette.NETWORKS), range=colours))

    @property
    def dash(self) -> alt.StrokeDash:
        """A line's own dash."""
        dashes = alt.Scale(domain=[look_name(look) for look in EVERY], range=[list(look.dash) for look in EVERY])
        return alt.StrokeDash("look:N", legend=None, scale=dashes)

    @property
    def shape(self) -> alt.Shape:
        """A line's own mark."""
        marks = alt.Scale(domain=[look_name(look) for look in EVERY], range=[look.mark for look in EVERY])
        return alt.Shape("look:N", legend=None, scale=marks)

    @property
    def tooltip(self) -> list[alt.Tooltip]:
        return [
            alt.Tooltip("series:N", title=" "),
            alt.Tooltip("x:Q", title=self.epochs, format="~g"),
            alt.Tooltip("value:Q", title=self.title, format=".1%" if self.percent else ".4f"),
        ]


def build(title: str, epochs: str, *, percent: bool, theme: str) -> dict[str, Any]:
    """Return the Vega-Lite spec as Altair writes it; see `curves.spec`."""
    style = _Style(title, epochs, percent, theme)
    frame, *layers = [*_ground(style), *_curves(style), *_texts(style)]
    # The wheel alone scrolls the page; with Alt, or by pinching, it zooms the chart.
    zoom = alt.selection_interval(name=ZOOM, bind="scales", zoom="wheel![event.altKey || event.ctrlKey]")
    frame = frame.properties(name="frame").add_params(zoom)
    ink, quiet, line = (style.tone(tone) for tone in (palette.INK, palette.QUIET, palette.LINE))
    chart = (
        alt.layer(frame, *layers, data=alt.NamedData("rows"))
        .properties(height=HEIGHT, background=style.tone(palette.GROUND))
        .properties(padding={"left": 4, "right": 14, "top": 24, "bottom": 4})
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=14, titleFontWeight=600, labelFont=FONT, titleFont=FONT,
            labelColor=quiet, titleColor=ink, gridColor=line, gridOpacity=0.6, domainColor=line, tickColor=line,
        )
    )  # fmt: skip
    made = chart.to_dict(validate=False)  # tests validate it; a visitor need not wait for that
    del made["data"]  # whoever draws the chart hands the rows in
    return made


def _layer(kind: str, style: _Style) -> alt.Chart:
    """The rows of one kind, on the axes that all layers share."""
    axis = alt.Axis(format=".0%" if style.percent else "~g", tickCount=6, minExtent=40, maxExtent=40, titleAngle=0,
                    titleAlign="left", titleAnchor="end", titleX=0, titleY=-12)  # fmt: skip
    whole = alt.Axis(format="d", tickMinStep=1, grid=False, tickCount=10)
    scale = alt.Scale(nice=False, zero=False)
    return (
        alt.Chart()
        .transform_filter(alt.FieldEqualPredicate(field="kind", equal=kind))
        .encode(
            x=alt.X("x:Q", title=style.epochs, scale=scale, axis=whole),
            y=alt.Y("y:Q", title=style.title, scale=scale, axis=axis),
        )
    )


def _drawn() -> Any:
    """A row without a series is there for Vega alone."""
    return alt.when("datum.series === ''").then(alt.value(0)).otherwise(alt.value(1))


def _ground(style: _Style) -> list[alt.Chart]:
    """What lies below the curves: the axes, the level of guessing, the article's curves, the range over seeds."""
    quiet = style.tone(palette.QUIET)
    guessing = _layer("guessing", style).mark_rule(clip=True, stroke=quiet, strokeDash=[3, 4], strokeWidth=1.5)
    guessing = guessing.encode(opacity=_drawn())
    guessing.encoding.x = alt.Undefined  # a rule across the whole chart
    article = _layer("article", style).mark_line(clip=True, strokeWidth=7, opacity=0.22)
    band = _layer("band", style).mark_area(clip=True, opacity=0.2)
    return [
        _layer("frame", style).mark_point(clip=True, opacity=0),
        guessing,
        article.encode(style.colour, SERIES),
        band.encode(style.colour, SERIES, alt.Y("low:Q", title=style.title), alt.Y2("high")),
    ]


def _curves(style: _Style) -> list[alt.Chart]:
    """The curves themselves: single batches, in training, in validation, and a ring at the best epoch."""
    batch, train, validation, best = (_layer(kind, style) for kind in ("batch", "train", "validation", "best"))
    point: dict[str, Any] = {"opacity": _drawn(), "tooltip": style.tooltip}
    hollow: dict[str, Any] = {"filled": False, "fill": style.tone(palette.GROUND), "size": 26, "strokeWidth": 1.4}
    ring: dict[str, Any] = {"shape": "circle", "size": 260, "stroke": style.tone(palette.INK), "strokeWidth": 1.8}
    return [
        batch.mark_line(clip=True, strokeWidth=1, opacity=0.38).encode(style.colour, SERIES),
        train.mark_line(clip=True, strokeWidth=1.4, opacity=0.85).encode(style.colour, SERIES),
        train.mark_point(clip=True, **hollow).encode(style.colour, style.shape, **point),
        validation.mark_line(clip=True, strokeWidth=2.8).encode(style.colour, style.dash, SERIES),
        validation.mark_point(clip=True, filled=True, size=75).encode(style.colour, style.shape, **point),
        best.mark_point(clip=True, **ring).encode(**point),
        *_moment(style),
    ]


def _moment(style: _Style) -> list[alt.Chart]:
    """The star of a moment, and its word on the side to which its curve does not go on: it rises, or it falls."""
    ground, below = style.tone(palette.GROUND), style.percent
    star = _layer("moment", style).mark_point(
        clip=True, shape=STAR, filled=True, size=480, stroke=ground, strokeWidth=1.6
    )
    text: dict[str, Any] = {
        "fontSize": 13, "fontWeight": 600, "clip": False, "align": "left", "dx": 14, "dy": 12 if below else -12
    }  # fmt: skip
    word = _layer("word", style)
    return [
        star.encode(style.colour, opacity=_drawn(), tooltip=style.tooltip),
        word.mark_text(**text, stroke=ground, fill=ground, strokeWidth=4, strokeJoin="round").encode(TEXT),
        word.mark_text(**text).encode(style.colour, TEXT),
    ]


def _texts(style: _Style) -> list[alt.Chart]:
    """What the lines are, at their ends; and above the chart what the level of guessing is.

    That stands beside the axis' title and not at its level: curves may stay there.
    """
    level = _layer("guessing", style).mark_text(
        align="right", baseline="alphabetic", fontSize=13, clip=False, color=style.tone(palette.QUIET)
    )
    return [
        *_ends("end", "right", style),
        *_ends("begin", "left", style),
        level.encode(TEXT, x=alt.value("width"), y=alt.value(-12)),
    ]


def _ends(kind: str, align: Literal["left", "right"], style: _Style) -> list[alt.Chart]:
    """The texts at lines' ends, to the left or to the right of them, on a ground that no curve crosses.

    A line's mark stands there once more, since texts move apart where lines end beside one another.
    """
    base, ground, way = _layer(kind, style), style.tone(palette.GROUND), -1 if align == "right" else 1
    text: dict[str, Any] = {
        "fontSize": 13, "fontWeight": 600, "clip": False, "align": align, "dx": 20 * way, "dy": -14
    }  # fmt: skip
    mark = base.mark_point(filled=True, size=60, xOffset=12 * way, yOffset=-14, clip=False)
    return [
        base.mark_text(**text, stroke=ground, fill=ground, strokeWidth=4, strokeJoin="round").encode(TEXT),
        base.mark_text(**text).encode(style.colour, TEXT),
        mark.encode(style.colour, style.shape, opacity=_drawn()),
    ]
