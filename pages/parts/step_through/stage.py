"""The picture of the toy, its transport, and all that repaints with the timestep."""

import streamlit as st

from pages.common.language import _, language
from pages.common.predict import predict
from pages.common.steps import stamp
from pages.elements.arithmetic import arithmetic_panel, opened, opens
from pages.elements.picture import keep_numbers, picture, send_ahead
from pages.elements.transport import transport
from pages.parts.step_through.questions import questions
from pages.parts.step_through.settings import SET, Settings, current, is_small, left_of, trace_of
from pages.parts.step_through.words import labels, observation
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import toy
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import Scene


def send_numbers() -> None:
    """Send the numbers that stay the same from step to step ahead, outside the part that steps."""
    keep_numbers(drawing(current(), 0), "toy")


def stage() -> None:
    """Draw the transport and all that changes with the timestep."""
    settings = current()
    trace, t, last = trace_of(settings), settings.t, settings.timesteps
    edition = edition_of(settings)
    bar = st.container()
    code, place = st.columns([1, 2.35], gap="medium")
    with place:
        picture(drawing(settings, t), "toy", stamp=stamp(t), edition=edition, on_pick=opens(SET, "toy", in_strips))
    with code:
        # Above an open sum: a film that waits for the answer must show what it waits for.
        asked = predict(SET, questions(settings, t), t)
        arithmetic_panel(SET, trace, t - 1, toy=True)
        program(settings)
        if not asked:
            st.markdown(observation(trace, t, opened(SET, trace, t - 1) is None))
    with bar:
        transport(SET, last, waits=asked == "asked")
    if is_small(settings):
        matrices(trace)
    SET.keep_link()
    send_ahead({stamp(t + 1): {"toy": drawing(settings, t + 1)}} if t < last else {}, edition)


def edition_of(settings: Settings) -> str:
    """Name all that the picture depends on beside the timestep."""
    return str(hash((settings.numbers, settings.open, language())))


def in_strips(pick: str) -> str | None:
    """Return what opens behind a cell of the columns; the products of a sum open with the sum."""
    field, unit, _column = pick.split(":")
    now = current().t - 1
    if field == "h":
        return pick
    if field == "h_previous":
        return f"h:{unit}:{now - 1}" if now > 0 else None
    if field == "h_now":
        return f"h:{unit}:{now}"
    return f"pre_activation:{unit}:{now}" if field.endswith(("projection", "activation")) else None


def drawing(settings: Settings, t: int) -> Scene:
    """Return the picture of a timestep."""
    trace = trace_of(settings)
    draw = toy.unrolled if is_small(settings) else toy.strips
    return draw(trace=trace, t=t, labels=labels(settings, t), left=left_of(trace), opened=opened(SET, trace, t - 1))


def program(settings: Settings) -> None:
    """Draw the toy's code with the lines that ran last, and the shapes of what it has made so far."""
    t, units, timesteps = settings.t, settings.units, settings.timesteps
    marked = (1, 2) if t == 0 else (4, 5, 6, 7) if t == timesteps else (4, 5, 6)
    lines = toy.program(timesteps, settings.input_features, units)
    shapes = [
        ("outputs[-1].shape", f"({units},)" if t else "–"),
        ("sequence.shape" if t == timesteps else "np.stack(outputs).shape", f"({t}, {units})" if t else "–"),
    ]
    picture(listing(lines=lines, marked=marked, shapes=shapes, label=_("The program")), "listing")


def matrices(trace: SimpleRNNTrace) -> None:
    """Draw W, U and b with their numbers; the row of the open unit is framed."""
    at = opened(SET, trace, current().t - 1)
    weights = trace.weights
    parts = {"W": (weights.kernel.T, "input"), "U": (weights.recurrent_kernel.T, "state"), "b": (weights.bias, "bias")}
    widths = [part[0].shape[1] if part[0].ndim == 2 else 1 for part in parts.values()]
    *columns, _rest = st.columns([*widths, 12 - sum(widths)])
    for (name, (values, role)), column in zip(parts.items(), columns, strict=True):
        with column:
            scene = toy.matrix(values=values, title=name, role=role, lit=at.unit if at else None)
            picture(scene, f"matrix_{name}")
