"""The one table of colours: what an idea or a cell looks like, on light and on dark ground.

Every colour carries text-grade contrast (WCAG AA, 4.5 : 1) against its ground, and the pairs that meet in one
picture differ in lightness as well as in hue, so that they stay apart for colour-blind readers. Cells also differ
by dash and by mark.
"""

from typing import NamedTuple


class Tone(NamedTuple):
    """One idea's colour on the two grounds, as #rrggbb."""

    light: str
    dark: str


GROUND = Tone("#ffffff", "#15141b")
INK = Tone("#1d1b26", "#ecebf2")
QUIET = Tone("#6b6678", "#a9a4b8")
LINE = Tone("#d9d5cc", "#3b3847")
PANEL = Tone("#f4f2ee", "#211f2a")

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

CELLS: dict[str, Tone] = {
    "simple_rnn": Tone("#b84a00", "#ff9a5c"),
    "lstm": Tone("#0b63b0", "#6db9ff"),
    "gru": Tone("#0e7c5a", "#4fd6a5"),
    "bag_of_words": Tone("#6b6678", "#a9a4b8"),
}
CELL_DASH: dict[str, list[int]] = {"simple_rnn": [1, 0], "lstm": [7, 3], "gru": [2, 2], "bag_of_words": [9, 3, 2, 3]}
CELL_MARK: dict[str, str] = {"simple_rnn": "circle", "lstm": "square", "gru": "triangle-up", "bag_of_words": "diamond"}
CELL_LABEL: dict[str, str] = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}

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
        **CELLS,
    }
    light = "".join(f"--{name}:{tone.light};" for name, tone in tones.items())
    dark = "".join(f"--{name}:{tone.dark};" for name, tone in tones.items())
    rules = [f".picture{{{light}}}", f".picture.dark{{{dark}}}"]
    for name in (*ROLES, *CELLS):
        colour = f"var(--{name})"
        rules += [
            f".picture text.{name}{{fill:{colour}}}",
            f".picture path.{name},.picture .{name}-edge{{stroke:{colour}}}",
            f".picture .{name}-fill{{fill:{colour}}}",
            f".picture .{name}-tint{{fill:color-mix(in srgb,{colour} 14%,var(--ground))}}",
        ]
    return "\n".join(rules)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
