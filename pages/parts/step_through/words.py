"""What the toy's page says, asks and gives away, all of it read off the numbers."""

from functools import lru_cache

import numpy as np

from pages.common import downloads
from pages.common.language import _
from pages.common.predict import Ask
from pages.parts.cells.words import questions_about
from pages.parts.step_through.settings import Toy
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts.scene import short
from rnn_core.explain.first_input import first_input_left
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import trace_csv
from rnn_core.export.step_through import step_through


@lru_cache(maxsize=32)
def left_of(trace: SimpleRNNTrace) -> np.ndarray:
    """How much of the first input is left at each timestep, (timesteps,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return first_input_left(trace)


def observation(trace: SimpleRNNTrace, t: int) -> str:
    """Say in a sentence what this timestep's numbers show."""
    if t == 0:
        return _("Nothing has been read yet: the state is all zeros. Press **Next**, or the right arrow key.")
    sums, states = trace.pre_activation[0, t - 1], trace.h[0, t - 1]
    saturated = int((np.abs(states) > 0.995).sum())
    if saturated == states.size:
        return _(
            "All {units} numbers of the state read ±1.00. The sums lie between {low} and {high}, where tanh is flat: "
            "whatever the input, the state stays the same. Try *small weights of both signs*."
        ).format(units=states.size, low=short(sums.min(), 1), high=short(sums.max(), 1))
    moved = float(np.abs(states - trace.h_previous[0, t - 1]).mean())
    return _(
        "The sums lie between {low} and {high}; {saturated} of {units} states are saturated (beyond ±0.995). The state "
        "moved by {moved} on average."
    ).format(low=short(sums.min()), high=short(sums.max()), saturated=saturated, units=states.size, moved=short(moved))


def questions(trace: SimpleRNNTrace, toy: Toy, t: int) -> list[Ask]:
    """Return the questions for timestep t: two about shapes, and those about the numbers that every cell is asked."""
    units, features, timesteps = toy.units, toy.input_features, toy.timesteps
    scope = f"{hash(toy):x}"
    shapes = {"one": f"({units},)", "input": f"({features},)", "all": f"({timesteps}, {units})"}
    first = Ask(
        f"toy:one:{scope}", _("After the first timestep, what will `outputs[-1].shape` be?"), shapes, "one",
        _("One output is one state: one number per unit, however long the input is."), 0, 1,
    )  # fmt: skip
    stacked = {"all": f"({timesteps}, {units})", "turned": f"({units}, {timesteps})", "one": f"({units},)"}
    last = Ask(
        f"toy:all:{scope}", _("After the last timestep, what will `sequence.shape` be?"), stacked, "all",
        _("One output for each of the {timesteps} timesteps, each of {units} numbers.").format(**toy._asdict()),
        timesteps - 1, timesteps,
    )  # fmt: skip
    if timesteps == 1 or units in (features, timesteps):
        # Two of the answers would look the same.
        return questions_about(trace, scope, t)
    middle = [q for q in questions_about(trace, scope, t) if q.asked_at not in (0, timesteps - 1)]
    return [first, *middle, last]


def take_away(shown: dict) -> None:
    """Draw the downloads: code that computes the numbers on the screen, and all numbers as a table.

    Args:
        shown: `trace`, `toy` and `t` as they stand on the screen when somebody clicks.
    """
    words = {
        "title": _("A recurrent network in NumPy"),
        "about": _("It reads {timesteps} timesteps of {input_features} numbers each; its state has {units} numbers."),
        "numbers": _("Inputs and weights, the same as on the page."),
        "loop": _("The network: each output is the next state."),
        "step": _("The numbers of timestep {t}, counted from 0."),
    }

    def code() -> list:
        toy = shown["toy"]
        return step_through(shown["trace"], toy.recipe, toy.seed, max(shown["t"] - 1, 0), words)

    files = {
        "py": lambda: as_script(code()),
        "ipynb": lambda: as_notebook(code()),
        "csv": lambda: trace_csv(shown["trace"]),
    }
    downloads.take_away("toy_rnn", files, "take")
