"""Step through: the toy RNN of the lesson, one timestep at a time, with every number it computes."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, language, prose
from pages.common.link import keep_link, open_link
from pages.common.predict import ASK, ask_switch, predict
from pages.elements.arithmetic import OPENED, arithmetic_panel, opened, opens
from pages.elements.number_table import number_table
from pages.elements.picture import keep_numbers, picture, send_ahead
from pages.elements.transport import SPEED, on_stage, stamp, timestep, transport
from pages.parts.step_through.settings import PARAMETERS, again, controls, current, is_small, new_weights, toy_of
from pages.parts.step_through.words import left_of, observation, questions, take_away
from rnn_core.cells.simple_rnn import SimpleRNNTrace
from rnn_core.charts import toy
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import Scene

PAGE = "step_through"
LINK = (*PARAMETERS, SPEED, OPENED, ASK)


def in_strips(pick: str) -> str | None:
    """What opens behind a cell of the columns; the products of a sum open with the sum."""
    field, unit, _column = pick.split(":")
    now = st.session_state["t"] - 1
    if field == "h":
        return pick
    if field == "h_previous":
        return f"h:{unit}:{now - 1}" if now > 0 else None
    if field == "h_now":
        return f"h:{unit}:{now}"
    return f"pre_activation:{unit}:{now}" if field.endswith(("projection", "activation")) else None


def stage() -> None:
    """Draw the transport and all that changes with the timestep."""
    settings = current()
    trace = toy_of(settings)
    timesteps, units = settings.timesteps, settings.units
    t = timestep()
    at = opened(trace, t - 1)
    # Whatever changes the picture beside the timestep.
    w = trace.weights
    numbers = tuple(array.tobytes() for array in (trace.inputs, w.kernel, w.recurrent_kernel, w.bias))
    edition = str(hash((settings, numbers, st.session_state[OPENED.name], language())))
    bar = st.container()
    code, place = st.columns([1, 2.35], gap="medium")
    with place:
        picture(drawing(t), "toy", stamp=stamp(t), edition=edition, on_pick=opens("toy", in_strips))
    with code:
        marked = (1, 2) if t == 0 else (4, 5, 6, 7) if t == timesteps else (4, 5, 6)
        lines = toy.program(timesteps, settings.input_features, units)
        shapes = [
            ("outputs[-1].shape", f"({units},)" if t else "–"),
            ("sequence.shape" if t == timesteps else "np.stack(outputs).shape", f"({t}, {units})" if t else "–"),
        ]
        arithmetic_panel(trace, t - 1, toy=True)
        picture(listing(lines=lines, marked=marked, shapes=shapes, label=_("The program")), "listing")
        if not predict(questions(trace, settings, t), t):
            hint = (
                " :material/ads_click: " + _("Click any number to see the sum behind it.") if t and at is None else ""
            )
            st.markdown(observation(trace, t) + hint)
    with bar:
        transport(timesteps)
    if is_small(settings):
        matrices(trace, at.unit if at else None)
    st.session_state["_toy_shown"].update(trace=trace, toy=settings, t=t)
    keep_link(PAGE, LINK)
    send_ahead({stamp(t + 1): {"toy": drawing(t + 1)}} if t < timesteps else {}, edition)


def drawing(t: int) -> Scene:
    settings = current()
    trace = toy_of(settings)
    labels = {
        "state": _("state"), "sum": _("sum"), "input": _("input"), "unit": _("unit"), "feature": _("feature"),
        "timestep": _("timestep"), "not_yet": "–", "start": _("start"),
        "left": _("first input's trace"),
        "output": _("output sequence, one column per timestep"),
        "alt": _("The toy RNN after {t} of {timesteps} timesteps.").format(t=t, timesteps=settings.timesteps),
    }  # fmt: skip
    draw = toy.unrolled if is_small(settings) else toy.strips
    return draw(trace=trace, t=t, labels=labels, left=left_of(trace), opened=opened(trace, t - 1))


def matrices(trace: SimpleRNNTrace, unit: int | None) -> None:
    """Draw W, U and b with their numbers; the row of the open unit is framed."""
    weights = trace.weights
    parts = {"W": (weights.kernel.T, "input"), "U": (weights.recurrent_kernel.T, "state"), "b": (weights.bias, "bias")}
    widths = [part[0].shape[1] if part[0].ndim == 2 else 1 for part in parts.values()]
    *columns, _rest = st.columns([*widths, 12 - sum(widths)])
    for (name, (values, role)), column in zip(parts.items(), columns, strict=True):
        with column:
            picture(toy.matrix(values=values, title=name, role=role, lit=unit), f"matrix_{name}")


def edit() -> None:
    """Draw the small network's numbers as tables that can be changed in place."""
    settings = current()
    start = toy_of(settings, as_edited=False)
    units, features = range(settings.units), range(settings.input_features)
    with st.expander(_("Change inputs and weights"), icon=":material/edit:", key="edit_numbers"):
        with st.container(horizontal=True, gap="small"):
            st.button(_("Rewind (same weights)"), on_click=again, key="rewind", icon=":material/replay:")
            st.button(_("New weights"), on_click=new_weights, key="new_weights", icon=":material/casino:")
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown(_("**x**: one row per timestep"))
            number_table("x", start.inputs[0], [f"x[{i}]" for i in features])
            st.markdown(_("**b**: one number per unit"))
            number_table("b", start.weights.bias[:, None], ["b"])
        with right:
            st.markdown(_("**W**: one row per unit, one column per input feature"))
            number_table("W", start.weights.kernel.T, [f"x[{i}]" for i in features])
            st.markdown(_("**U**: one row per unit, one column per number of the state"))
            number_table("U", start.weights.recurrent_kernel.T, [f"state[{i}]" for i in units])


frame(PAGE)
open_link(PAGE, LINK)
st.markdown(prose(PAGE, "question"))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    controls()
    ask_switch()
# What the downloads write; a step changes it without drawing them anew.
shown = st.session_state.setdefault("_toy_shown", {})
keep_numbers(drawing(0), "toy")
on_stage(stage, current().timesteps)
take_away(shown)
if is_small(current()):
    edit()
with st.expander(_("What is what in this picture"), icon=":material/menu_book:"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
