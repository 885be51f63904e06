"""The one table of colours: what an idea or a cell looks like, on light and on dark ground.

Every colour carries text-grade contrast (WCAG AA, 4.5 : 1) against its ground, and the pairs that meet in one
picture differ in lightness as well as in hue, so that they stay apart for colour-blind readers. Lines of a chart also
differ by dash and by mark. What a cell is called stands in `rnn_core.cells.registry`, not here.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple


class Tone(NamedTuple):
    """One idea's colour on the two grounds, as #rrggbb."""

    light: str
    dark: str


class Look(NamedTuple):
    """How a line of a chart is told apart without colour.

    Attributes:
        dash: lengths of strokes and gaps, in pixels.
        mark: an outline in the square from -1 to 1, in the letters of an SVG path.
    """

    dash: tuple[int, ...]
    mark: str


GROUND = Tone("#ffffff", "#15141b")
INK = Tone("#1d1b26", "#ecebf2")
QUIET = Tone("#6b6678", "#a9a4b8")
LINE = Tone("#d9d5cc", "#3b3847")
PANEL = Tone("#f4f2ee", "#211f2a")

# What a number is in a network.
ROLES: dict[str, Tone] = {
    "input": Tone("#00726a", "#4fd1c5"),
    "state": Tone("#5b3fbf", "#b7a4ff"),
    "carry": Tone("#8f5f00", "#f2c14e"),
    "input_gate": Tone("#2c7a1f", "#8fdd6f"),
    "forget_gate": Tone("#b3124f", "#ff8fb3"),
    "candidate": Tone("#7a4a2b", "#e0a983"),
    "output_gate": Tone("#0067a8", "#74c0ff"),
    "update_gate": Tone("#2c7a1f", "#8fdd6f"),
    "reset_gate": Tone("#b3124f", "#ff8fb3"),
    "bias": Tone("#6b6678", "#a9a4b8"),
}

# Whose numbers they are: a cell, or the network without one that cells are compared with.
NETWORKS: dict[str, Tone] = {
    "simple_rnn": Tone("#b84a00", "#ff9a5c"),
    "lstm": Tone("#0b63b0", "#6db9ff"),
    "gru": Tone("#0e7c5a", "#4fd6a5"),
    "bag_of_words": Tone("#6b6678", "#a9a4b8"),
}

_CIRCLE = "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z"
_SQUARE = "M-.9 -.9H.9V.9H-.9Z"
_TRIANGLE = "M0 -1.1L1.1 .9H-1.1Z"
_DIAMOND = "M0 -1.25L1.25 0L0 1.25L-1.25 0Z"
_CROSS = "M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z"
_TURNED = "M0 1.1L1.1 -.9H-1.1Z"
_STAR = "M0 -1.3L.35 -.42L1.24 -.4L.55 .18L.76 1.05L0 .55L-.76 1.05L-.55 .18L-1.24 -.4L-.35 -.42Z"
_HOURGLASS = "M-1 -1.1H1L.3 0L1 1.1H-1L-.3 0Z"

# The first line of a network in a chart looks like this; further ones of the same network take FURTHER, in turn.
LOOKS: dict[str, Look] = {
    "simple_rnn": Look((1, 0), _CIRCLE),
    "lstm": Look((7, 3), _SQUARE),
    "gru": Look((2, 2), _TRIANGLE),
    "bag_of_words": Look((9, 3, 2, 3), _DIAMOND),
}
FURTHER: tuple[Look, ...] = (
    Look((12, 4), _CROSS),
    Look((4, 4), _TURNED),
    Look((6, 2, 1, 2, 1, 2), _STAR),
    Look((14, 3, 4, 3), _HOURGLASS),
)

# Signed values everywhere: orange below zero, blue above, the ground's own tint at zero.
NEGATIVE = Tone("#d95f02", "#ff9648")
ZERO = Tone("#f3f1ec", "#2b2935")
POSITIVE = Tone("#1f5fbf", "#5aa2ff")


def as_css() -> str:
    """Return the table as CSS: a custom property per colour, and the classes by which marks ask for a role's colour.

    `.state` colours text and lines, `.state-edge` a shape's outline, `.state-fill` its inside, `.state-tint` a panel.
    """
    tones = {
        "ground": GROUND,
        "ink": INK,
        "quiet": QUIET,
        "line": LINE,
        "panel": PANEL,
        "negative": NEGATIVE,
        "zero": ZERO,
        "positive": POSITIVE,
        **ROLES,
        **NETWORKS,
    }
    light = "".join(f"--{name}:{tone.light};" for name, tone in tones.items())
    dark = "".join(f"--{name}:{tone.dark};" for name, tone in tones.items())
    rules = [f".picture{{{light}}}", f".picture.dark{{{dark}}}"]
    for name in (*ROLES, *NETWORKS):
        colour = f"var(--{name})"
        rules += [
            f".picture text.{name}{{fill:{colour}}}",
            f".picture path.{name},.picture .{name}-edge{{stroke:{colour}}}",
            f".picture .{name}-fill{{fill:{colour}}}",
            f".picture .{name}-tint{{fill:color-mix(in srgb,{colour} 14%,var(--ground))}}",
        ]
    return "\n".join(rules)


def looks(networks: Sequence[str]) -> list[Look]:
    """Return a look for each line of a chart, given whose it is: no two lines share one before all are taken.

    >>> looks(["gru", "lstm"]) == [LOOKS["gru"], LOOKS["lstm"]]
    True
    >>> looks(["gru", "gru"])[1] == FURTHER[0]
    True
    """
    spare = itertools.cycle([*FURTHER, *(look for name, look in LOOKS.items() if name not in networks)])
    given: list[Look] = []
    for number, network in enumerate(networks):
        given.append(next(spare) if network in networks[:number] else LOOKS[network])
    return given
