"""The pictures of the cell, their transport, and all that repaints with the timestep."""

import streamlit as st

from pages.common.language import _, language, say
from pages.common.opened import in_words
from pages.common.predict import asks, predict
from pages.common.steps import stamp
from pages.common.trace_labels import trace_labels
from pages.elements.arithmetic import arithmetic_panel, opened, opens
from pages.elements.lapse import lapse
from pages.elements.picture import keep_numbers, picked, picture, send_ahead
from pages.elements.transport import on_stage, transport
from pages.parts.cells.controls import other_weights, still_the_pulse
from pages.parts.cells.network import Network, network_of, networks_beside, racers, reading_of, untrained
from pages.parts.cells.questions import before_training, knows_the_untrained, questions
from pages.parts.cells.reading import Reading, left_of, read
from pages.parts.cells.settings import SET, Settings, current
from pages.parts.cells.words import network_says, observation, race_labels, what_is_left
from rnn_core.cells.registry import CELLS
from rnn_core.charts import gates
from rnn_core.charts.race import race
from rnn_core.charts.scene import Scene


def stages() -> None:
    """Draw the stage, which repaints alone; numbers that stay the same from step to step are sent ahead."""
    reading = reading_of(current())
    keep_numbers(drawings(current(), 0)["strip"], "strip")
    epoch = current().epoch
    on_stage(SET, lambda: stage(reading, epoch), lambda: reading.timesteps)


def stage(around: Reading, epoch: int) -> None:
    """Draw the transport and all that changes with the timestep.

    Args:
        around: what the page around the stage shows.
        epoch: after which epoch.
    """
    settings = current()
    reading, t = reading_of(settings), settings.t
    if reading != around or settings.epoch != epoch:
        # Something on the stage has turned to another network: the controls above it follow.
        st.rerun()
    trace, now = read(reading), drawings(settings, t)
    edition = edition_of(settings)
    shown = {"stamp": stamp(t), "edition": edition}
    is_open = opened(SET, trace, t - 1) is not None
    # All is computed before the first element is sent, and the pictures go first.
    bar, above = st.container(), st.container()
    picture(now["strip"], "strip", on_pick=opens(SET, "strip"), **shown)
    with above:
        drawing, beside = st.columns([1.87, 1], gap="medium")
        with drawing:
            picture(now["diagram"], "diagram", on_pick=opens(SET, "diagram", in_diagram), **shown)
        with beside:
            if not is_open:
                picture(now["race"], "race", on_pick=_turn_to_another_cell, **shown)
            arithmetic_panel(SET, trace, t - 1)
            asked = says(settings, is_open)
    st.markdown(what_is_left(trace, left_of(reading), t))
    with bar:
        transport(SET, reading.timesteps, waits=asked == "asked")
        epochs(network_of(settings), waits=asked == "asked")
    SET.keep_link()
    send_ahead({stamp(t + 1): drawings(settings, t + 1)} if t < reading.timesteps else {}, edition)


def epochs(network: Network | None, *, waits: bool) -> None:
    """Draw the slider over the epochs of a trained network, or say why there is none."""
    if network is None:
        return
    shown = network.lapse
    if shown.why is not None:
        st.caption(say(shown.why))
        return
    reached = in_words(shown.measured, network.dataset.answer)
    lapse(SET, shown.epochs, notes=reached, unfinished=shown.unfinished, waits=waits)


def says(settings: Settings, is_open: bool) -> str | None:
    """Draw what is asked, or what this timestep's numbers show; return what `predict` does."""
    t, network = settings.t, network_of(settings)
    asked = predict(SET, questions(settings, t), t)
    if is_open or asked == "asked":
        return asked
    if network:
        st.markdown(network_says(network, t, tells_the_end=not asks(SET), beside=networks_beside(settings)))
    if asked or before_training(settings):
        return asked
    st.markdown(observation(read(reading_of(settings)), t))
    if still_the_pulse():
        st.markdown(_("These are still the pulse's numbers: press **Edit the numbers** above and type your own."))
    return asked


def edition_of(settings: Settings) -> str:
    """Name all that the pictures depend on beside the timestep."""
    run = tuple(racers(settings).values())
    return str(hash((reading_of(settings), run, settings.open, language(), knows_the_untrained())))


def drawings(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the pictures of a timestep, by their keys."""
    reading, run = reading_of(settings), racers(settings)
    trace = read(reading)
    words, at = trace_labels(trace, t), opened(SET, trace, t - 1)
    read_now = reading.words[t - 1] if t and reading.words else ""
    comes_with_us = settings.network == "trained" and not settings.run and not settings.review
    beside = untrained(settings) if comes_with_us and knows_the_untrained() else {}
    return {
        "strip": gates.strip(
            trace=trace, t=t, labels=words, left=left_of(reading), words=reading.words, opened=at
        ),
        "diagram": gates.diagram(trace=trace, t=t, labels=words, word=read_now, opened=at),
        "race": race(
            left={cell: left_of(run[cell]) for cell in CELLS if cell in run},
            beside={cell: left_of(other) for cell, other in beside.items()},
            t=t, here=reading.cell, words=reading.words, labels=race_labels(t, reading.timesteps),
        ),
    }  # fmt: skip


def in_diagram(pick: str) -> str | None:
    """A number of the diagram follows the transport, but what came from the timestep before stays where it is."""
    field, unit, *_column = [*pick.split(":"), ""]
    if not field.endswith("_previous"):
        return f"{field}:{unit}"
    before = current().t - 2
    return f"{field.removesuffix('_previous')}:{unit}:{before}" if before >= 0 else None


def _turn_to_another_cell() -> None:
    kind, _colon, cell = (picked("race") or "").partition(":")
    if kind == "cell" and cell in CELLS and not current().run:
        SET.change(cell=cell)
        other_weights()
