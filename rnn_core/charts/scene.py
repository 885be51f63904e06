"""A picture as data: a list of marks that the browser draws as SVG, and updates in place when the numbers change.

A scene is a dict `{"width", "height", "label", "marks": [...]}` in units of one CSS pixel at full size. A mark is a
dict whose `k` names its kind; every mark may carry `c` (CSS classes: a role such as `state`, and `lit`, `quiet`,
`future`), `tip` (text under the pointer) and `pick` (what the page is told when it is clicked or entered).

    rect   x, y, w, h, r; v in [-1, 1] fills by the signed palette; node = its name in the network
    circle x, y, r; v and node as above
    text   x, y, s; a = start | middle | end, z = size in px; on = v of the ground it stands on
    path   d; v = sign and size of a weight, w = width, arrow = True for a head that is larger than the line is wide;
           ends = names of the two nodes it joins: under the pointer, a node quietens the edges of all others
    heat   x, y, w, h, values (rows, columns): one cell per number, drawn on a canvas; the pick is `id:row:column`
"""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

Mark = dict[str, Any]
Scene = dict[str, Any]


class Box(NamedTuple):
    """A place in a picture."""

    x: float
    y: float
    w: float
    h: float


def scene(width: float, height: float, label: str, marks: list[Mark]) -> Scene:
    """Return the scene; `label` says in one sentence what a reader who cannot see it should know."""
    return {"width": round(width, 1), "height": round(height, 1), "label": label, "marks": marks}


# What is no coordinate keeps its digits.
EXACT = ("scale", "times")


def _mark(kind: str, values: dict[str, Any]) -> Mark:
    """Drop what is not given and shorten the coordinates, so that a step sends few bytes."""
    short = {
        k: round(v, 3) if isinstance(v, float) and k not in EXACT else v for k, v in values.items() if v is not None
    }
    return {"k": kind, **short}


def rect(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    r: float = 0,
    v: float | None = None,
    c: str = "",
    tip: str | None = None,
    pick: str | None = None,
    node: str | None = None,
) -> Mark:
    places = {"x": x, "y": y, "w": w, "h": h, "r": r}
    return _mark("rect", {**places, "v": _finite(v), "c": c, "tip": tip, "pick": pick, "node": node})


def circle(
    x: float,
    y: float,
    r: float,
    *,
    v: float | None = None,
    c: str = "",
    tip: str | None = None,
    pick: str | None = None,
    node: str | None = None,
) -> Mark:
    return _mark("circle", {"x": x, "y": y, "r": r, "v": _finite(v), "c": c, "tip": tip, "pick": pick, "node": node})


def text(
    x: float,
    y: float,
    s: str,
    *,
    a: str = "start",
    z: float = 15,
    c: str = "",
    on: float | None = None,
    tip: str | None = None,
) -> Mark:
    return _mark("text", {"x": x, "y": y, "s": s, "a": a, "z": z, "c": c, "on": _finite(on), "tip": tip})


def path(
    d: str,
    *,
    v: float | None = None,
    w: float = 1.5,
    c: str = "",
    arrow: bool | None = None,
    tip: str | None = None,
    ends: tuple[str, str] | None = None,
) -> Mark:
    joined = " ".join(ends) if ends else None
    return _mark("path", {"d": d, "v": _finite(v), "w": w, "c": c, "arrow": arrow, "tip": tip, "ends": joined})


class Columns(NamedTuple):
    """What the columns of a heat map are.

    Attributes:
        first: what the first one is counted as.
        upto: how many are computed already; the rest is drawn as not yet there. None: all of them.
        cursor: the one that is being computed, counted from 0.
    """

    first: int = 0
    upto: int | None = None
    cursor: int | None = None


ALL = Columns()


def heat(
    box: Box,
    values: ArrayLike,
    *,
    id: str,
    names: tuple[str, str, str],
    scale: float = 1.0,
    times: float | None = None,
    columns: Columns = ALL,
) -> Mark:
    """Return a heat map of `values` (rows, columns).

    Args:
        box: its place.
        id: what a pick of one of its cells begins with.
        names: what the tooltip calls the value, a row and a column; without a name columns are not told.
        scale: the absolute value that takes the palette's full colour.
        times: what each value is to be multiplied with to be told; so numbers too small for single precision can be
            drawn.
        columns: which of them are there, and how they are counted.
    """
    array = np.ascontiguousarray(values, dtype="<f4")
    rows, count = array.shape
    return _mark(
        "heat",
        {
            **box._asdict(),
            "rows": rows,
            "cols": count,
            "id": id,
            "scale": float(scale) or 1.0,
            "times": times,
            "upto": count if columns.upto is None else columns.upto,
            "cursor": columns.cursor,
            "names": list(names),
            "first": columns.first,
            "b64": base64.b64encode(array.tobytes()).decode("ascii"),
        },
    )


def sequence_axis(box: Box, t: int, timesteps: int, words: Sequence[str], timestep: str) -> list[Mark]:
    """Write under a picture of all timesteps the words that are read, or else how many timesteps there are.

    Args:
        box: where the timesteps stand; the texts' line is its lower edge.
        t: how many have been read; the last of them is bold, later ones are pale.
        words: what is read at each timestep; none where they have no names. Too narrow columns are counted only.
        timestep: the word for it.
    """
    wide, y = box.w / timesteps, box.y + box.h
    if not words or wide < 26:
        first, last = f"{timestep} 1", str(timesteps)
        return [text(box.x, y, first, z=14, c="quiet"), text(box.x + box.w, y, last, a="end", z=14, c="quiet")]
    longest = int(wide / 7.5)
    marks = []
    for i, word in enumerate(words[:timesteps]):
        phase = "strong" if i == t - 1 else "quiet" if i >= t else ""
        shown = word if len(word) <= longest else word[: longest - 1] + "…"
        marks.append(text(box.x + (i + 0.5) * wide, y, shown, a="middle", z=14, c=phase, tip=word))
    return marks


def number_tip(name: str, value: float, *places: str) -> str:
    """Return what stands under the pointer on one number: which it is, and where it stands.

    >>> print(number_tip("state", 0.25, "unit 2", "timestep 1"))
    state = 0.250000
    unit 2 · timestep 1
    """
    return "\n".join([f"{name} = {value:.6f}".replace("-", "−"), *filter(None, [" · ".join(places)])])


def short(value: float, digits: int = 2) -> str:
    """Return a number as it stands on a picture: few digits, a true minus sign, saturation not hidden.

    >>> short(-0.5), short(0.99999), short(1234.5)
    ('−0.50', '1.00', '1.2e3')
    """
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size >= 1000:
        mantissa, exponent = f"{size:.1e}".split("e")
        written = f"{mantissa}e{int(exponent)}"
    elif size >= 100:
        written = f"{size:.0f}"
    elif size >= 10:
        written = f"{size:.{max(digits - 1, 0)}f}"
    else:
        written = f"{size:.{digits}f}"
    return ("−" if value < 0 and float(written) != 0 else "") + written


def _finite(value: float | None) -> float | None:
    """Infinite and NaN values cannot travel as JSON; the mark then shows the full colour or none."""
    if value is None or np.isnan(value):
        return None
    return float(np.clip(value, -1.0, 1.0))
