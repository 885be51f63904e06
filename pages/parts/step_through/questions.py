"""What the toy's page asks before it shows: two questions about shapes, and those that every cell is asked."""

from pages.common.language import _
from pages.common.predict import Question
from pages.common.trace_questions import questions_about
from pages.parts.step_through.settings import Settings, trace_of


def questions(settings: Settings, t: int) -> list[Question]:
    """Return the questions that are asked or answered at timestep t."""
    trace, scope = trace_of(settings), f"toy:{hash(settings.numbers):x}"
    timesteps, units = settings.timesteps, settings.units
    numbers = questions_about(trace, scope, t)
    if timesteps == 1 or units in (settings.input_features, timesteps):
        # Two of the answers about shapes would look the same.
        return numbers
    middle = [q for q in numbers if q.asked_at not in (0, timesteps - 1)]
    return [one_output(settings, scope), *middle, all_outputs(settings, scope)]


def one_output(settings: Settings, scope: str) -> Question:
    """Ask for the shape of one output, before the first timestep."""
    s = settings
    shapes = {
        "one": f"({s.units},)",
        "input": f"({s.input_features},)",
        "all": f"({s.timesteps}, {s.units})",
    }
    return Question(
        f"{scope}:one",
        _("After the first timestep, what will `outputs[-1].shape` be?"),
        shapes,
        "one",
        _("One output is one state: one number per unit, however long the input is."),
        0,
        1,
    )


def all_outputs(settings: Settings, scope: str) -> Question:
    """Ask for the shape of all outputs, before the last timestep."""
    s = settings
    shapes = {
        "all": f"({s.timesteps}, {s.units})",
        "turned": f"({s.units}, {s.timesteps})",
        "one": f"({s.units},)",
    }
    why = _("One output for each of the {timesteps} timesteps, each of {units} numbers.")
    return Question(
        f"{scope}:all",
        _("After the last timestep, what will `sequence.shape` be?"),
        shapes,
        "all",
        why.format(timesteps=s.timesteps, units=s.units),
        s.timesteps - 1,
        s.timesteps,
    )
