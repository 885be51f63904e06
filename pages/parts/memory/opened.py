"""Any number opens: of a Jacobian, of the product so far, of the gradient, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable

from pages.common.language import _
from pages.common.names import field_name
from pages.elements.arithmetic import number_name, opens, pointed_at, sentence, sum_panel
from pages.parts.memory.measure import Case, flow_of, product_after, trace_of
from pages.parts.memory.settings import SET, current, path_of
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.explain.arithmetic import Arithmetic, OpenError, Pointer, open_number
from rnn_core.explain.gradient_sums import (
    GRADIENTS,
    JACOBIANS,
    open_gradient,
    open_jacobian,
    open_product,
)
from rnn_core.explain.walk import Stretch, product


def open_from_matrices(case: Case, t: int) -> Callable[[], None]:
    """Return what a click on one of the two heat maps does: its number opens, at the timestep on the screen."""

    def translated(pick: str) -> str | None:
        kind, *place = pick.split(":")
        if kind not in ("jacobian", "product") or len(place) != 2 or t == 0:
            return None
        row, column = place
        path = path_of(current(), case.cell)
        field = kind if kind == "product" or path == "whole" else f"jacobian_{path}"
        last = trace_of(case).h.shape[1] - 1
        at = t if case.forwards else last - t + 1
        if kind == "product":
            at = 0 if case.forwards else last - t
        return f"{field}:{row}:{at}:{column}"

    return opens(SET, "matrices", translated)


def opened(case: Case, t: int) -> tuple[Pointer, Arithmetic] | None:
    """Return the open number and its arithmetic, or None if none is open, or it has not been walked to yet."""
    at = pointed_at(SET)
    if at is None or at.t < 0:
        return None
    trace = trace_of(case)
    try:
        return at, _arithmetic(case, trace, at, t)
    except OpenError:
        return None  # of another network, or of another way


def _arithmetic(case: Case, trace: CellTrace, at: Pointer, t: int) -> Arithmetic:
    last = trace.h.shape[1] - 1
    if at.field in GRADIENTS and at.column is None:
        return open_gradient(trace, at.t, at.unit, GRADIENTS[at.field], flow_of(case))
    if at.field in JACOBIANS and at.column is not None:
        return open_jacobian(trace, at.t, at.unit, at.column, JACOBIANS[at.field])
    if at.field == "product" and at.column is not None:
        later = t if case.forwards else last
        if not at.t < later:
            raise OpenError("unknown_number", field=at.field, t=at.t, unit=at.unit, timesteps=later, units=0, fields="")
        rest = Stretch(later, at.t + 1)
        before = product(trace, rest) if case.forwards else product_after(case, rest.later - rest.earlier)
        return open_product(trace, later, at.t, at.unit, at.column, before)
    return open_number(trace, trace.weights, at.field, at.t, at.unit)


def panel(case: Case, found: tuple[Pointer, Arithmetic], t: int) -> None:
    """Draw the sum behind the open number."""
    at, arithmetic = found
    trace = trace_of(case)
    sum_panel(SET, arithmetic, _name(trace, at, t, case), _says(trace, arithmetic, at))


def _name(trace: CellTrace, at: Pointer, t: int, case: Case) -> str:
    if at.column is not None:
        later = at.t
        earlier = at.t - 1
        if at.field == "product":
            later, earlier = (t if case.forwards else trace.h.shape[1] - 1), at.t
        text = _("**∂{row} / ∂{column}**, from timestep {later} to {earlier}")
        return text.format(
            row=_number(trace, at.unit), column=_number(trace, at.column), later=later + 1, earlier=earlier + 1
        )
    if at.field in GRADIENTS:
        text = _("**∂L / ∂{state}**, unit {unit}, timestep {t}")
        return text.format(state=GRADIENTS[at.field], unit=at.unit, t=at.t + 1)
    return number_name(at, trace)


def _number(trace: CellTrace, place: int) -> str:
    """One number of the state, h and then c, such as "h[3]"."""
    units, states = trace.weights.units, cell_of(trace).states
    return f"{states[place // units]}[{place % units}]"


def _says(trace: CellTrace, arithmetic: Arithmetic, at: Pointer) -> str:
    if at.field in GRADIENTS:
        return _("How much the loss moves with this number: its own loss, and all that comes back along its edges.")
    if at.field == "product":
        return _("A row of the product so far times a column of the next Jacobian: every way between the two numbers.")
    if at.column is None:
        return sentence(arithmetic, trace)
    keeps = cell_of(trace).keeps
    if keeps and at.field == "jacobian_kept":
        return _("Along this path the {gate} alone multiplies.").format(gate=field_name(keeps, trace))
    return _("How far the later number moves when the earlier one is moved: the chain rule, one summand for each way.")
