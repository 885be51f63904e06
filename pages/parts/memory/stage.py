"""The curves, the matrices beside them, their transport, and all that repaints with them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.language import _, language, say
from pages.common.opened import LAST, in_words
from pages.common.steps import stamp
from pages.elements.arithmetic import opens, pointed_at
from pages.elements.lapse import lapse
from pages.elements.picture import picked, picture, send_ahead
from pages.elements.transport import on_stage, transport
from pages.parts.memory.controls import sliders
from pages.parts.memory.measure import Case, arriving, flow_of, product_after, reach_of, trace_of
from pages.parts.memory.networks import before_training, cases_of, learnt, over_epochs, shown_cell, shows_edges
from pages.parts.memory.opened import open_from_matrices, opened, panel
from pages.parts.memory.questions import answered, asked_now, knows, question
from pages.parts.memory.settings import SET, Settings, current, path_of
from pages.parts.memory.words import epoch_labels, halves, labels, matrix_labels, network_labels, observation
from rnn_core.cells.jacobian import Jacobian, jacobian
from rnn_core.cells.registry import CELLS
from rnn_core.charts.memory import Curve, Lane, curves, epochs, gradient_network, matrices
from rnn_core.charts.scene import Scene
from rnn_core.explain.gradient import length
from rnn_core.explain.walk import singular_values

# Where the epochs stand below them, the curves are lower.
HEIGHT, LOW = 344.0, 262.0


def stages() -> None:
    """Draw the stage, which repaints alone."""
    around = current().cell
    on_stage(SET, lambda: stage(around), lambda: last_of(current()))


def last_of(settings: Settings) -> int:
    """Return how many timesteps can be walked."""
    return len(next(iter(reach_of(case).lengths["h"] for case in cases_of(settings).values()))) - 1


def stage(around: str) -> None:
    """Draw the sliders, the transport and all that changes with them.

    Args:
        around: which cell the controls around the stage show, if they do.
    """
    settings = current()
    if settings.view == "edges" and settings.cell != around:
        st.rerun()  # it was chosen on the stage: the control above it follows
    last = last_of(settings)
    t, edition, asked = settings.t, edition_of(settings), asked_now(settings)
    above, bar = st.container(), st.container()
    drawing, beside = st.columns([1.87, 1], gap="medium")
    case = cases_of(settings)[shown_cell(settings)]
    # What is sent first is painted first: the curves do not wait for the matrices, which may be a product of hundreds.
    with drawing:
        picks = {"network": opens(SET, "network"), "curves": _choose_cell, "epochs": _choose_epoch}
        for key, scene in overview(settings, t).items():
            picture(scene, key, stamp=stamp(t), edition=edition, on_pick=picks[key])
    with beside:
        if asked:
            question(settings)
        elif number := opened(case, t):
            panel(case, number, t)
        else:
            scene = step(settings, t)["matrices"]
            picture(scene, "matrices", stamp=stamp(t), edition=edition, on_pick=_pick_matrix(case, t))
    with bar:
        transport(SET, last, waits=asked, backwards=settings.way == "back", first=1)
        time_lapse(settings, waits=asked)
    if not learnt(settings):
        with above:
            sliders(settings)
    if not asked:
        with drawing:
            answered(settings)
            st.markdown(observation(settings, case, t))
    SET.keep_link()
    send_ahead({stamp(t + 1): drawings(settings, t + 1)} if t < last and not asked else {}, edition)


def time_lapse(settings: Settings, *, waits: bool) -> None:
    """Draw the slider over the epochs of a trained network, or say why there is none."""
    network = learnt(settings).get(shown_cell(settings))
    if network is None:
        return
    if network.lapse.why is not None:
        st.caption(say(network.lapse.why))
        return
    reached = in_words(network.lapse.measured, network.dataset.answer)
    lapse(SET, network.lapse.epochs, notes=reached, unfinished=network.lapse.unfinished, waits=waits)


def edition_of(settings: Settings) -> str:
    """Name all that the pictures depend on beside how far has been walked."""
    cases = tuple(cases_of(settings).values())
    return str(hash((cases, settings.cell, settings.path, settings.open, settings.view, language(), knows(settings))))


def drawings(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the pictures of a step of the walk, by their keys."""
    return overview(settings, t) | step(settings, t)


def overview(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the picture of the whole walk, by its key; and where there are epochs, theirs."""
    cases, cell = cases_of(settings), shown_cell(settings)
    at, known, before = _reached(settings, t), knows(settings), before_training(settings)
    if shows_edges(settings) and known:
        return {
            "network": gradient_network(
                trace=trace_of(cases[cell]), flow=flow_of(cases[cell]), back=t, labels=network_labels(at),
                opened=pointed_at(SET),
            ),
        }  # fmt: skip
    return {
        "curves": curves(
            drawn=[c for name, case in cases.items() for c in _curves_of(name, case, known, before.get(name))],
            at=at, here=cell, labels=labels(settings, at, last_of(settings) + 1), forwards=settings.way == "forth",
            height=LOW if _has_epochs(settings, cell) else HEIGHT,
        ),
    } | ({"epochs": _epochs(settings, cell)} if known and _has_epochs(settings, cell) else {})  # fmt: skip


def step(settings: Settings, t: int) -> dict[str, Scene]:
    """Return the picture of the step walked last, by its key."""
    case = cases_of(settings)[shown_cell(settings)]
    return {"matrices": _matrices(settings, case, t, _reached(settings, t))}


def _reached(settings: Settings, t: int) -> int:
    """The timestep to which has been walked, counted from 1."""
    return t + 1 if settings.way == "forth" else last_of(settings) + 1 - t


def _has_epochs(settings: Settings, cell: str) -> bool:
    network = learnt(settings).get(cell)
    return network is not None and len(network.lapse.epochs) > 1


def _epochs(settings: Settings, cell: str) -> Scene:
    """What has changed from epoch to epoch: the gradient's half-life, the gate that keeps, what it answers."""
    found = over_epochs(settings, cell)
    measured, memory, keeps = learnt(settings)[cell].lapse.measured, CELLS[cell].memory, CELLS[cell].keeps
    networks, cases = [list(column) for column in zip(*found.values(), strict=True)]
    regression = networks[0].dataset.answer == "regression"
    name = _("half-life of the nudge") if settings.way == "forth" else _("half-life of the gradient")
    known = Lane.errors if regression else Lane.shares
    lanes = [
        Lane.half_lives(name, [reach_of(case).half_lives[memory] for case in cases], "state"),
        known(_("error in validation") if regression else _("right in validation"),
              [measured.get(epoch, float("nan")) for epoch in found], cell),
        known(_("error in this sequence") if regression else _("right answer here, how sure"),
              [network.right for network in networks], cell),
    ]  # fmt: skip
    if keeps:
        open_ = [float(getattr(trace_of(case), keeps)[0].mean()) for case in cases]
        lanes.insert(1, Lane.shares(_("forget gate, mean") if cell == "lstm" else _("update gate, mean"), open_, keeps))
    return epochs(kept=list(found), shown=learnt(settings)[cell].lapse.epoch or 0, lanes=lanes, labels=epoch_labels())


def _curves_of(cell: str, case: Case, known: bool, before: Case | None) -> list[Curve]:
    """The curves of one network; dashed beside them those before its training, or of the last loss alone."""
    found = reach_of(case)
    beside = reach_of(before).lengths if before else found.from_last if case.every else {}
    return [
        Curve(cell, state, lengths, halves(found.half_lives[state]), beside.get(state), known)
        for state, lengths in found.lengths.items()
    ]


def _matrices(settings: Settings, case: Case, t: int, at: int) -> Scene:
    """The Jacobian that was multiplied last, the product with it, and the ways that the gradient took."""
    one = jacobian_of(case, t)
    whole = product_after(case, t)
    path = path_of(settings, case.cell)
    shown = None if one is None else one.whole if path == "whole" else one.paths[path]
    return matrices(
        jacobian=shown, product=whole,
        values=(None if one is None else singular_values(one.whole), singular_values(whole)),
        paths={} if one is None else _ways(case, one, t), chosen=path, states=CELLS[case.cell].states,
        labels=matrix_labels(settings, at, trace_of(case).h.shape[1], case.cell),
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


def _choose_epoch() -> None:
    kind, _colon, epoch = (picked("epochs") or "").partition(":")
    kept = learnt(current())[shown_cell(current())].lapse.epochs
    if kind == "epoch" and epoch in map(str, kept):
        SET.take("epoch", LAST if int(epoch) == kept[-1] else int(epoch))


def _pick_matrix(case: Case, t: int) -> Callable[[], None]:
    def pick() -> None:
        kind, _colon, rest = (picked("matrices") or "").partition(":")
        if kind == "path":
            SET.take("path", rest)
        else:
            open_from_matrices(case, t)()

    return pick
