"""What a visitor may guess about any trace, in the visitor's language: the questions that step-by-step pages share."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pages.common.language import _, listed, ngettext, sentences
from pages.common.names import field_name, percent
from pages.common.predict import Question
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.charts.scene import short
from rnn_core.explain.questions import Question as Asked
from rnn_core.explain.questions import cell_questions


class Words(NamedTuple):
    """A question in words: what is asked, what can be guessed, by id, and why the answer is the right one."""

    text: str
    options: dict[str, str]
    why: str


@lru_cache(maxsize=64)
def _asked(trace: CellTrace) -> list[Asked]:
    # A trace is one object for as long as its settings stay; its questions need the sequence read anew.
    return cell_questions(trace)


def questions_about(trace: CellTrace, scope: str, t: int) -> list[Question]:
    """Return the questions asked or answered at timestep t in the visitor's language; `scope` names its numbers."""
    made = []
    for q in _asked(trace):
        if t not in (q.asked_at, q.shown_at):
            continue
        words = _WORDS[q.code](q, trace)
        options = {option: words.options[option] for option in q.options}
        name = f"cells:{q.code}:{scope}"
        made.append(Question(name, words.text, options, q.answer, words.why, q.asked_at, q.shown_at))
    return made


def _figures(q: Asked) -> dict[str, object]:
    """A question's values as they stand in sentences; `t` is the timestep that is asked about."""
    return {k: short(x, 3) if isinstance(x, float) else x for k, x in q.values.items()} | {"t": q.shown_at}


def _sign(q: Asked, trace: CellTrace) -> Words:
    why = {
        "lstm": _(
            "h = o · tanh(c), and a gate is never negative: the state has the sign of the carry, {memory}. Here "
            "h = {h}."
        ),
        "gru": _("The new state is a mixture of the old one, {before}, and of the candidate. Here h = {h}."),
        "simple_rnn": _("tanh keeps the sign of the sum. Here h = {h}; before it was {before}."),
    }[cell_of(trace).name]
    return Words(
        _("Timestep {t}: which sign will the state of unit {unit} have?").format(**_figures(q)),
        {"positive": _("above zero"), "negative": _("below zero")},
        why.format(**_figures(q)),
    )


def _gate(q: Asked, trace: CellTrace) -> Words:
    options = {gate: field_name(gate, trace) for gate in cell_of(trace).gates}
    figures = _figures(q)
    values = listed((f"{name} {figures[gate]}" for gate, name in options.items() if gate in figures), short=True)
    held = ""
    if q.values.get("forget_bias", 0) >= 1:
        held = _("It is rarely the forget gate: its bias of {forget_bias} holds it open.").format(**figures)
    why = _("{values}. Click a gate to see the sum that decided it.").format(values=values)
    text = _("Timestep {t}, unit {unit}: which gate will be nearest to shut?").format(**figures)
    return Words(text, options, sentences([why, held]))


def _balance(q: Asked, trace: CellTrace) -> Words:
    text = _("Timestep {t}: will the state be mostly what was kept, or what is added now?")
    if cell_of(trace).memory == "c":
        text = _("Timestep {t}: will the carry be mostly what was kept, or what is added now?")
    return Words(
        text.format(**_figures(q)),
        {"kept": _("mostly kept"), "added": _("mostly added")},
        _("Over all units {kept} is kept and {added} is added (sizes, regardless of sign).").format(**_figures(q)),
    )


def _weight(q: Asked, trace: CellTrace) -> Words:
    return Words(
        _("Timestep {t}: what will weigh more in the sums?").format(**_figures(q)),
        {"input": _("the input"), "state": _("the state before")},
        _("Over all units the input brings {input}, the state before {state} (sizes).").format(**_figures(q)),
    )


def _saturated(q: Asked, trace: CellTrace) -> Words:
    return Words(
        _("Timestep {t}: how many units will be saturated (beyond ±0.995)?").format(**_figures(q)),
        {"none": _("none"), "some": _("some"), "all": _("all of them")},
        _("{saturated} of {units}; the largest state is {largest} in size.").format(**_figures(q)),
    )


def _left(q: Asked, trace: CellTrace) -> Words:
    gate, factors = cell_of(trace).keeps, q.values["timesteps"] - 1
    measured = _(
        "Measured: {share}. The page read the sequence again with the first input set to zero, and compared."
    ).format(share=percent(q.values["share"]))
    if gate is None:
        why = _("Every timestep mixes the whole state through one matrix and tanh; nothing protects it.")
    else:
        why = ngettext(
            "Every timestep multiplies what is there by the {gate}, {mean} on average: here by {n} factor.",
            "Every timestep multiplies what is there by the {gate}, {mean} on average: a product of {n} factors.",
            factors,
        ).format(gate=field_name(gate, trace), mean=_figures(q)["gate"], n=factors)
        if q.values["share"] > 1.2 * q.values["gate"] ** factors:
            # The gate alone does not explain it.
            why = _(
                "The {gate}, {mean} on average, would leave less: what differs in the state feeds the gates and the "
                "candidate, so the trace can also grow."
            ).format(gate=field_name(gate, trace), mean=_figures(q)["gate"])
    return Words(
        _("How much of the first input's trace will be left at the last timestep, {timesteps}?").format(**q.values),
        {"most": _("half or more"), "some": _("between 1% and half"), "nothing": _("less than 1%")},
        sentences([measured, why]),
    )


_WORDS: dict[str, Callable[[Asked, CellTrace], Words]] = {
    "sign": _sign, "gate": _gate, "balance": _balance, "weight": _weight, "saturated": _saturated, "left": _left,
}  # fmt: skip
