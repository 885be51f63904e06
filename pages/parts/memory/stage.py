"""The curves, the matrices beside them, their transport, and all that repaints with them."""

from __future__ import annotations

import streamlit as st

from pages.common.language import language
from pages.common.steps import stamp
from pages.elements.picture import picked, picture, send_ahead
from pages.elements.transport import on_stage, transport
from pages.parts.memory.controls import sliders
from pages.parts.memory.measure import Case, arriving, product_after, reach_of, trace_of
from pages.parts.memory.networks import cases_of, shown_cell
from pages.parts.memory.questions import asked_now, knows, question
from pages.parts.memory.settings import SET, Settings, current
from pages.parts.memory.words import halves, labels, matrix_labels, observation
from rnn_core.cells.jacobian import Jacobian, jacobian
from rnn_core.cells.registry import CELLS
from rnn_core.charts.memory import Curve, curves, matrices
from rnn_core.charts.scene import Scene
from rnn_core.explain.gradient import length
from rnn_core.explain.walk import singular_values


def stages() -> None:
    """Draw the stage, which repaints alone."""
    on_stage(SET, stage, last_of(current()))


def last_of(settings: Settings) -> int:
    """Return how many timesteps can be walked."""
    return len(next(iter(reach_of(case).lengths["h"] for case in cases_of(settings).values()))) - 1


def stage() -> None:
    """Draw the sliders, the transport and all that changes with them."""
    settings = current()
    last = last_of(settings)
    if settings.t > last:  # the sequence has become shorter on the stage itself
        SET.change(t=last)
        settings = current()
    t, edition = settings.t, edition_of(settings)
    now = drawings(settings, t)
    sliders(settings)
    bar = st.container()
    drawing, beside = st.columns([1.87, 1], gap="medium")
    with drawing:
        picture(now["curves"], "curves", stamp=stamp(t), edition=edition, on_pick=_choose_cell)
    with beside:
        asked = asked_now(settings)
        if asked:
            question(settings)
        else:
            picture(now["matrices"], "matrices", stamp=stamp(t), edition=edition, on_pick=_pick_matrix)
    if not asked:
        st.markdown(observation(settings, cases_of(settings)[shown_cell(settings)], t))
    with bar:
        transport(SET, last, waits=asked)
    SET.keep_link()
    send_ahead({stamp(t + 1): drawings(settings, t + 1)} if t < last and not asked else {}, edition)


def edition_of(settings: Settings) -> str:
    """Name all that the pictures depend on beside how far has been walked."""
    cases = tuple(cases_of(settings).values())
    return str(hash((cases, settings.cell, settings.path, settings.open, language(), knows(settings))))


def drawings(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the pictures of a step of the walk, by their keys."""
    cases, cell = cases_of(settings), shown_cell(settings)
    timesteps = last_of(settings) + 1
    at = t + 1 if settings.way == "forth" else timesteps - t
    known = knows(settings)
    return {
        "curves": curves(
            drawn=[curve for name, case in cases.items() for curve in _curves_of(name, case, known)],
            at=at, here=cell, labels=labels(settings, at, timesteps), forwards=settings.way == "forth",
        ),
        "matrices": _matrices(settings, cases[cell], t, at),
    }  # fmt: skip


def _curves_of(cell: str, case: Case, known: bool) -> list[Curve]:
    found = reach_of(case)
    return [
        Curve(
            cell, state, lengths, halves(found.half_lives[state]),
            found.from_last[state] if found.from_last is not found.lengths and not case.forwards else None, known,
        )
        for state, lengths in found.lengths.items()
    ]  # fmt: skip


def _matrices(settings: Settings, case: Case, t: int, at: int) -> Scene:
    """The Jacobian that was multiplied last, the product with it, and the ways that the gradient took."""
    one = jacobian_of(case, t)
    whole = product_after(case, t)
    path = settings.path if one is not None and settings.path in one.paths else "whole"
    shown = None if one is None else one.whole if path == "whole" else one.paths[path]
    return matrices(
        jacobian=shown, product=whole,
        values=(None if one is None else singular_values(one.whole), singular_values(whole)),
        paths={} if one is None else _ways(case, one, t), chosen=path, states=CELLS[case.cell].states,
        labels=matrix_labels(settings, at, case.cell),
    )  # fmt: skip


def jacobian_of(case: Case, t: int) -> Jacobian | None:
    """Return the Jacobian of the step walked last; None before the first."""
    if t == 0:
        return None
    trace = trace_of(case)
    return jacobian(trace, t if case.forwards else trace.h.shape[1] - t)


def _ways(case: Case, one: Jacobian, t: int) -> dict[str, float]:
    """How long that is what takes each path of the step walked last."""
    before = arriving(case, t - 1)
    ways = {"whole": one.whole} | (one.paths if len(one.paths) > 1 else {})
    return {name: float(length(way @ before if case.forwards else before @ way)) for name, way in ways.items()}


def _choose_cell() -> None:
    kind, _colon, cell = (picked("curves") or "").partition(":")
    if kind == "cell" and cell in CELLS:
        SET.change(cell=cell, open="")


def _pick_matrix() -> None:
    kind, _colon, rest = (picked("matrices") or "").partition(":")
    if kind == "path":
        SET.take("path", rest)
