"""Any number opens: the panel that shows the sum behind one number of a trace, and lets its factors open in turn.

A page puts OPENED among its link's parameters, gives its pictures `on_pick=opens(owner, key)`, and calls
`arithmetic_panel` where the panel shall stand. A pick is "field:unit:t", with t counted from 0, for the number of one
timestep, or "field:unit" for a number that follows the transport.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from pages.common.language import _
from pages.common.link import Problems, Text
from pages.common.names import field_name
from pages.common.settings import Owner
from pages.elements.picture import picked, picture
from rnn_core.cells import LSTMTrace
from rnn_core.charts.products import SEVERAL, figure, products
from rnn_core.explain.arithmetic import ACTIVATION, Arithmetic, CellTrace, Pointer, fields_that_open, open_number

NOW = -1
_BEFORE = "_opened_before"


def _mend(raw: str) -> tuple[str, Problems] | None:
    return (raw, ()) if not raw or _parse(raw) else None


#: Which number is open, in the link: `open=forget_gate:2` or `open=forget_gate:2:7`, or nothing.
OPENED = Text("open", longest=60, mend=_mend)


def opens(owner: Owner, picture_key: str, of: Callable[[str], str | None] = lambda pick: pick) -> Callable[[], None]:
    """Return an `on_pick` callback: what was clicked on that picture opens.

    `of` may translate a picture's own pick into "field:unit:t" or "field:unit", or None if it does not open.
    """

    def open_it() -> None:
        pick = picked(picture_key)
        target = of(pick) if pick else None
        if target and _parse(target):
            _open(owner, target)

    return open_it


def opened(owner: Owner, trace: CellTrace, now: int) -> Pointer | None:
    """Return where the open number stands in this trace, or None if none is open, or it is not there (yet).

    Args:
        owner: of OPENED.
        trace: what is on the screen.
        now: index of the timestep on the screen; -1 before the first one.
    """
    at = _parse(owner.current().open)
    if at is None or at.field not in fields_that_open(trace):
        return None
    if at.t == NOW:
        at = replace(at, t=now)
    _batch, timesteps, units = trace.h.shape
    return at if 0 <= at.t <= min(now, timesteps - 1) and at.unit < units else None


def arithmetic_panel(owner: Owner, trace: CellTrace, now: int, key: str = "arithmetic", *, toy: bool = False,
                     height: int | str = "content") -> None:  # fmt: skip
    """Draw the sum behind the open number: products, largest first, sum, activation, result; sentence; formula.

    Draws nothing if no number is open. With a `height` in pixels all below the title scrolls within it, so that the
    page below stays where it is.
    """
    at = opened(owner, trace, now)
    if at is None:
        return
    arithmetic = open_number(trace, trace.weights, at.field, at.t, at.unit, toy=toy)
    with st.container(key=f"{key}_panel", border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                _("**{name}**, unit {unit}, timestep {t}").format(
                    name=field_name(at.field, trace), unit=at.unit, t=at.t + 1
                )
            )
            st.space("stretch")
            if st.session_state.get(_BEFORE):
                st.button(_("Back"), icon=":material/arrow_back:", on_click=_back, args=(owner,), key=f"{key}_back",
                          type="tertiary")  # fmt: skip
            st.button(_("Close"), icon=":material/close:", on_click=_close, args=(owner,), key=f"{key}_close",
                      type="tertiary")  # fmt: skip
        with st.container(height=height, border=False, gap="small"):
            formulas = [_translated(latex) for latex in (arithmetic.formula, arithmetic.formula_with_numbers)]
            # One element, since each one costs the browser time at every step.
            st.markdown("\n\n".join([sentence(arithmetic, trace), *(rf"$\small {latex}$" for latex in formulas)]))
            everything = len(arithmetic.terms) > SEVERAL + 2 and st.toggle(
                _("All {count} products").format(count=len(arithmetic.terms)), key=f"{key}_all"
            )
            labels = {
                "sum": _("sum") if arithmetic.activation or len(arithmetic.terms) > 1 else _("product"),
                "rest": _("the other {count} products together"), "open": _("Open {name}"),
                "alt": _("The products behind {name}, largest first.").format(name=at.field),
            }  # fmt: skip
            with st.container(height=420 if everything and height == "content" else "content", border=False):
                picture(products(arithmetic=arithmetic, labels=labels, everything=everything), f"{key}_products",
                        stamp=f"{at.field}:{at.unit}:{at.t}", on_pick=opens(owner, f"{key}_products"))  # fmt: skip


def sentence(arithmetic: Arithmetic, trace: CellTrace) -> str:
    """Say in words how the number came about, with its numbers."""
    parts, total, result = arithmetic.parts, arithmetic.total, arithmetic.result
    values = {
        f"{term.part}{i}": figure(factor.value) for term in arithmetic.terms for i, factor in enumerate(term.factors)
    }
    values |= {"total": figure(total), "result": figure(result)}
    values |= {part: figure(value) for part, value in parts.items()}
    if not math.isfinite(total):
        return _(
            "The numbers have grown beyond what the computer can hold: the sum is {total}. Make the inputs or biases "
            "smaller."
        ).format(**values)
    if "carried_over" in parts:
        return _("This timestep is skipped: the number before it stays.")
    if "shown" in parts:
        return _("The output gate lets {shown0} of tanh(c) = {shown1} through: the state is {result}.").format(**values)
    if "carry" in parts:
        return _("tanh squeezes the carry {total} into the range from −1 to 1: {result}.").format(**values)
    if "kept" in parts and "added" in parts:
        if isinstance(trace, LSTMTrace):
            text = _(
                "Of the old carry {kept1} the forget gate keeps {kept0}, that is {kept}. The input gate "
                "lets {added0} of the candidate {added1} get on, that is {added}. Together: {result}."
            )
        else:
            text = _(
                "Of the old state {kept1} the update gate keeps {kept0}, that is {kept}. The rest of the "
                "gate, {added0}, takes the candidate {added1}, that is {added}. Together: {result}."
            )
        return text.format(**values)
    if "kept" in parts:
        return _("The gate keeps {kept0} of {kept1}: {result}.").format(**values)
    if "added" in parts:
        return _("The gate lets {added0} of the candidate {added1} get on: {result}.").format(**values)

    values["both"] = figure(parts["bias"] + parts.get("recurrent_bias", 0.0))
    said = _(
        "Inputs times weights add up to {input}, the state before times weights to {recurrent}; with the bias {both} "
        "that makes {total}."
    ).format(**values)
    if arithmetic.activation:
        said += " " + _("{activation} makes {result} of it.").format(activation=arithmetic.activation, **values)
        further = abs(ACTIVATION[arithmetic.activation](total + math.copysign(1, total)) - result)
        if further < 0.01:
            change = figure(further) if further >= 1e-4 else _("less than 0.0001")
            said += " " + _(
                "**Saturated:** the curve is flat here; a sum larger by 1 would change the result by only {further}."
            ).format(further=change)
    return said


def _translated(latex: str) -> str:
    return latex.replace(r"\text{kept}", rf"\text{{{_('kept')}}}").replace(r"\text{added}", rf"\text{{{_('added')}}}")


def _parse(text: str) -> Pointer | None:
    """Read "field:unit" or "field:unit:t"; what anybody may have typed into a link is None."""
    field, *rest = text.split(":") if isinstance(text, str) and len(text) <= 60 else ("",)
    if (
        not field.isidentifier()
        or len(rest) not in (1, 2)
        or not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in rest)
    ):
        return None
    return Pointer(field, int(rest[1]) if len(rest) == 2 else NOW, int(rest[0]))


def _open(owner: Owner, target: str) -> None:
    current = owner.current().open
    if current and current != target:
        st.session_state[_BEFORE] = [*st.session_state.get(_BEFORE, []), current][-30:]
    owner.change(open=target)


def _back(owner: Owner) -> None:
    *rest, last = st.session_state.get(_BEFORE) or [""]
    st.session_state[_BEFORE] = rest
    owner.change(open=last)


def _close(owner: Owner) -> None:
    st.session_state.pop(_BEFORE, None)
    owner.change(open="")
