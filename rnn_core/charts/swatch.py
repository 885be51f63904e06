"""A line's dash and mark as a small picture, for a list beside the chart."""

from rnn_core.charts.palette import Look


def swatch(look: Look, colour: str) -> str:
    """Return an SVG, 34 by 12 pixels, of the line and its mark in one colour (#rrggbb)."""
    dashes = " ".join(map(str, look.dash))
    line = f'<path d="M0 6 H34" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
    mark = f'<path d="{look.mark}" transform="translate(17 6) scale(4.6)" stroke="none"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="34" height="12" fill="{colour}">{line}{mark}</svg>'
