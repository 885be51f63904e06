"""What a visitor may guess about any trace, in the visitor's language: the questions that step-by-step pages share."""

from functools import lru_cache

from pages.common.language import _
from pages.common.names import field_name, percent
from pages.common.predict import Question
from rnn_core.cells import GRUTrace, LSTMTrace
from rnn_core.cells.registry import CellTrace
from rnn_core.charts.scene import short
from rnn_core.explain.questions import Question as Asked
from rnn_core.explain.questions import cell_questions


@lru_cache(maxsize=64)
def _asked(trace: CellTrace) -> list[Asked]:
    # A trace is one object for as long as its settings stay; its questions need the sequence read anew.
    return cell_questions(trace)


def questions_about(trace: CellTrace, scope: str, t: int) -> list[Question]:
    """Return the questions asked or answered at timestep t in the visitor's language; `scope` names its numbers."""
    asked = []
    for q in _asked(trace):
        if t not in (q.asked_at, q.shown_at):
            continue
        v = {k: short(x, 3) if isinstance(x, float) else x for k, x in q.values.items()}
        text, options, why = _worded(q.code, q.shown_at, trace, v, q.values)
        asked.append(
            Question(
                f"cells:{q.code}:{scope}",
                text,
                {o: options[o] for o in q.options},
                q.answer,
                why,
                q.asked_at,
                q.shown_at,
            )
        )
    return asked


def _worded(code: str, t: int, trace: CellTrace, v: dict, raw: dict) -> tuple[str, dict[str, str], str]:
    lstm = isinstance(trace, LSTMTrace)
    if code == "sign":
        options = {"positive": _("above zero"), "negative": _("below zero")}
        text = _("Timestep {t}: which sign will the state of unit {unit} have?").format(t=t, **v)
        if lstm:
            why = _(
                "h = o · tanh(c), and a gate is never negative: the state has the sign of the carry, "
                "{memory}. Here h = {h}."
            )
        elif isinstance(trace, GRUTrace):
            why = _("The new state is a mixture of the old one, {before}, and of the candidate. Here h = {h}.")
        else:
            why = _("tanh keeps the sign of the sum. Here h = {h}; before it was {before}.")
        return text, options, why.format(**v)
    if code == "gate":
        options = {gate: field_name(gate, trace) for gate in trace.weights.GATES}
        text = _("Timestep {t}, unit {unit}: which gate will be nearest to shut?").format(t=t, **v)
        values = ", ".join(f"{field_name(gate, trace)} {v[gate]}" for gate in options if gate in v)
        why = _("{values}. Click a gate to see the sum that decided it.").format(values=values)
        if lstm and raw["forget_bias"] >= 1:
            why += " " + _("The forget gate is seldom the one: its bias of {forget_bias} holds it open.").format(**v)
        return text, options, why
    if code == "balance":
        options = {"kept": _("mostly kept"), "added": _("mostly added")}
        what = _("carry") if lstm else _("state")
        text = _("Timestep {t}: will the {what} be mostly what was kept, or what is added now?").format(t=t, what=what)
        return (
            text,
            options,
            _("Over all units {kept} is kept and {added} is added (sizes, regardless of sign).").format(**v),
        )
    if code == "weight":
        options = {"input": _("the input"), "state": _("the state before")}
        text = _("Timestep {t}: what will weigh more in the sums?").format(t=t)
        return (
            text,
            options,
            _("Over all units the input brings {input}, the state before {state} (sizes).").format(**v),
        )
    if code == "saturated":
        options = {"none": _("none"), "some": _("some"), "all": _("all of them")}
        text = _("Timestep {t}: how many units will be saturated (beyond ±0.995)?").format(t=t)
        return text, options, _("{saturated} of {units}; the largest state is {largest} in size.").format(**v)
    options = {"most": _("half or more"), "some": _("between 1% and half"), "nothing": _("less than 1%")}
    text = _("How much of the first input's trace will be left at the last timestep, {timesteps}?").format(**v)
    why = _(
        "Measured: {share}. The page read the sequence again with the first input set to zero, and compared."
    ).format(share=percent(raw["share"]))
    if raw["gate"] is not None:
        why += " " + _(
            "Every timestep multiplies what is there by the {gate}, {mean} on average: a power with {count} factors."
        ).format(
            gate=field_name("forget_gate" if lstm else "update_gate", trace), mean=v["gate"], count=raw["timesteps"] - 1
        )
    else:
        why += " " + _("Every timestep mixes the whole state through one matrix and tanh; nothing protects it.")
    return text, options, why
