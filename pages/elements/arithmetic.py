"""Any number opens: the panel that shows the sum behind one number of a trace, and lets its factors open in turn.

A page puts OPENED among its link's parameters, gives its pictures `on_pick=opens(owner, key)`, and calls
`arithmetic_panel` where the panel shall stand. A pick is "field:unit:t", with t counted from 0, for the number of one
timestep, or "field:unit" for a number that follows the transport; of a matrix "field:row:t:column". A page that shows
other numbers than those of a trace asks `pointed_at` and draws `sum_panel` itself.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from pages.common.language import _, sentences
from pages.common.link import Problems, Text
from pages.common.names import field_name
from pages.common.settings import Owner
from pages.elements.picture import picked, picture
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.charts.products import SEVERAL, figure, products
from rnn_core.explain.arithmetic import ACTIVATION, Arithmetic, Pointer, fields_that_open, open_number

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
    at = pointed_at(owner)
    if at is None or at.column is not None or at.field not in fields_that_open(trace):
        return None
    if at.t == NOW:
        at = replace(at, t=now)
    _batch, timesteps, units = trace.h.shape
    return at if 0 <= at.t <= min(now, timesteps - 1) and at.unit < units else None


def pointed_at(owner: Owner) -> Pointer | None:
    """Return which number the link opens, wherever there is one; NOW stands for the timestep of the transport."""
    return _parse(owner.current().open)


def arithmetic_panel(owner: Owner, trace: CellTrace, now: int, key: str = "arithmetic", *, toy: bool = False) -> None:
    """Draw the sum behind the open number: sentence; products, largest first, sum, activation, result; formula.

    Draws nothing if no number is open.
    """
    at = opened(owner, trace, now)
    if at is None:
        return
    arithmetic = open_number(trace, trace.weights, at.field, at.t, at.unit, toy=toy)
    sum_panel(owner, arithmetic, number_name(at, trace), sentence(arithmetic, trace), key)


def number_name(at: Pointer, trace: CellTrace) -> str:
    """Return what a number of a trace is called, and where it stands."""
    name = _("**{name}**, unit {unit}, timestep {t}")
    return name.format(name=field_name(at.field, trace), unit=at.unit, t=at.t + 1)


def sum_panel(owner: Owner, arithmetic: Arithmetic, name: str, said: str, key: str = "arithmetic") -> None:
    """Draw the sum behind a number: its name, the ways back and out, a sentence, the products, the formula."""
    with st.container(key=f"{key}_panel", border=True, gap="small"):
        _head(owner, name, key)
        st.markdown(said)
        _products(owner, arithmetic, key)
        formulas = [_translated(latex) for latex in (arithmetic.formula, arithmetic.formula_with_numbers)]
        # One element, since each one costs the browser time at every step.
        st.markdown("\n\n".join(rf"$\small {latex}$" for latex in formulas))


def _head(owner: Owner, name: str, key: str) -> None:
    """Draw which number is open, and the ways back and out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(name)
        st.space("stretch")
        if st.session_state.get(_BEFORE):
            st.button(_("Back"), icon=":material/arrow_back:", on_click=_back, args=(owner,), key=f"{key}_back",
                      type="tertiary")  # fmt: skip
        st.button(_("Close"), icon=":material/close:", on_click=_close, args=(owner,), key=f"{key}_close",
                  type="tertiary")  # fmt: skip


def _products(owner: Owner, arithmetic: Arithmetic, key: str) -> None:
    """Draw the products and what they add up to; of very many the largest, unless all are asked for."""
    count = len(arithmetic.terms)
    everything = count > SEVERAL + 2 and st.toggle(_("All {count} summands").format(count=count), key=f"{key}_all")
    labels = {
        "sum": _("sum") if arithmetic.activation or count > 1 else _("product"),
        "rest": _("the other {count} products together"), "open": _("Open {name}"),
        "alt": _("The products behind {name}, largest first.").format(name=arithmetic.at.field),
    }  # fmt: skip
    with st.container(height=420 if everything else "content", border=False):
        picture(products(arithmetic=arithmetic, labels=labels, everything=everything), f"{key}_products",
                stamp=arithmetic.at.pick, on_pick=opens(owner, f"{key}_products"))  # fmt: skip


def sentence(arithmetic: Arithmetic, trace: CellTrace) -> str:
    """Say in words how the number came about, with its numbers."""
    parts = arithmetic.parts
    values = {
        f"{term.part}{i}": figure(factor.value) for term in arithmetic.terms for i, factor in enumerate(term.factors)
    }
    values |= {part: figure(value) for part, value in parts.items()}
    values |= {"total": figure(arithmetic.total), "result": figure(arithmetic.result)}
    if not math.isfinite(arithmetic.total):
        text = _(
            "The numbers have grown beyond what the computer can hold: the sum is {total}. Make the inputs or biases "
            "smaller."
        )
    elif "carried_over" in parts:
        text = _("This timestep is skipped: the number before it stays.")
    elif "shown" in parts:
        text = _("The output gate lets {shown0} of tanh(c) = {shown1} through: the state is {result}.")
    elif "carry" in parts:
        text = _("tanh squeezes the carry {total} into the range from −1 to 1: {result}.")
    elif "kept" in parts and "added" in parts:
        text = _kept_and_added(trace)
    elif "kept" in parts:
        text = _("The gate keeps {kept0} of {kept1}: {result}.")
    elif "added" in parts:
        text = _("The gate adds {added0} of the candidate {added1}: {result}.")
    else:
        return _summed(arithmetic, values)
    return text.format(**values)


def _kept_and_added(trace: CellTrace) -> str:
    if cell_of(trace).memory == "c":
        return _(
            "Of the old carry {kept1} the forget gate keeps {kept0}, that is {kept}. The input gate adds {added0} of "
            "the candidate {added1} to the carry, that is {added}. Together: {result}."
        )
    return _(
        "Of the old state {kept1} the update gate keeps {kept0}, that is {kept}. The rest, {added0}, goes to the "
        "candidate {added1}, that is {added}. Together: {result}."
    )


def _summed(arithmetic: Arithmetic, values: dict[str, str]) -> str:
    """A sum of products of input and state, and what an activation turns it into."""
    parts, total, activation = arithmetic.parts, arithmetic.total, arithmetic.activation
    both = figure(parts["bias"] + parts.get("recurrent_bias", 0.0))
    said = _(
        "Inputs times weights add up to {input}, the state before times weights to {recurrent}; with the bias {both} "
        "that makes {total}."
    ).format(both=both, **values)
    if activation is None:
        return said
    turned = _("{activation} turns this into {result}.").format(activation=activation, **values)
    further = abs(ACTIVATION[activation](total + math.copysign(1, total)) - arithmetic.result)
    flat = ""
    if further < 0.01:
        flat = _(
            "**Saturated:** the curve is almost flat here; a sum further from zero by 1 would change the result by "
            "only {further}."
        ).format(further=figure(further) if further >= 1e-4 else _("less than 0.0001"))
    return sentences([said, turned, flat])


def _translated(latex: str) -> str:
    for word, said in {"kept": _("kept"), "added": _("added"), "gates": _("gates")}.items():
        latex = latex.replace(rf"\text{{{word}}}", rf"\text{{{said}}}")
    return latex


def _parse(text: str) -> Pointer | None:
    """Read "field:unit", "field:unit:t" or "field:row:t:column"; what anybody may have typed into a link is None."""
    field, *rest = text.split(":") if isinstance(text, str) and len(text) <= 60 else ("",)
    if (
        not field.isidentifier()
        or len(rest) not in (1, 2, 3)
        or not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in rest)
    ):
        return None
    unit, t, column = [*map(int, rest), None, None][:3]
    return Pointer(field, NOW if t is None else t, unit or 0, column)


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
