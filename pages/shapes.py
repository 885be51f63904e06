"""Shapes: what return_sequences changes, layer by layer, counted by hand and in Keras' own words."""

import streamlit as st

from pages.common import shapes_keras, shapes_predict, shapes_say, shapes_stack
from pages.common.frame import frame, way_on
from pages.common.language import _, prose
from pages.common.link import Choice, Number, keep_link, open_link
from pages.common.picture import picture
from pages.common.shapes_code import code
from rnn_core.charts import tensors
from rnn_core.shapes import MAX_TIMESTEPS, Stack, StackReport, report

PAGE = "shapes"
PARAMETERS = (
    shapes_stack.StackLink(),
    Number("batch", 2, 1, 8),
    Number("timesteps", 6, 1, MAX_TIMESTEPS),
    Choice("prove", "no", ("no", "yes")),
)


def lab() -> None:
    """Draw all that follows the stack; a click on it repaints this part alone."""
    for problem in st.session_state.get("shapes_said", ()):
        st.info(shapes_say.sentence(problem))
    stack = shapes_stack.current()
    told = report(stack)
    hidden = shapes_predict.asked(stack, told)
    batch, timesteps = st.session_state["batch"], st.session_state["timesteps"]
    # Whatever is sent first is painted first: the tensors, then the controls around them.
    above = st.container(gap="small")
    flow(stack, told, hidden, batch, timesteps)
    with above:
        shapes_stack.presets()
    keep_link(PAGE, PARAMETERS)
    if hidden is None:
        # Directly under the stack, where the mistake is seen: nobody should have to scroll to mend it.
        shapes_keras.why(stack, told)
    sizes_and_more(stack, told, hidden, batch, timesteps)
    if st.session_state.get("shapes_predict"):
        shapes_predict.form(stack, told, batch, timesteps)
    if hidden is None and not told.problem:
        st.markdown(shapes_say.observation(told))
    count, keras = st.columns([1, 1.2], gap="large")
    with count:
        st.subheader(_("Counted by hand"), anchor=False)
        picture(tensors.parameters(told=told, labels=count_labels(), hidden=hidden), "shapes_count")
        if hidden is None:
            st.markdown(shapes_say.about_biases(stack))
    with keras:
        st.subheader(_("What Keras says"), anchor=False)
        if hidden is None:
            shapes_keras.word(stack, told)
        else:
            st.markdown(_("Keras' summary waits until you have guessed."))
    listing, words = st.columns([1.2, 1], gap="large")
    with listing:
        st.subheader(_("In code"), anchor=False)
        code(stack, batch, timesteps, hidden is not None)
    with words:
        st.subheader(_("Where batch and None come from"), anchor=False)
        st.markdown(prose(PAGE, "explanation"))
    st.subheader(_("A real batch through real layers"), anchor=False)
    shapes_stack.hold("shapes_prove", st.session_state["prove"] == "yes")
    st.toggle(_("Send a batch through Keras"), key="shapes_prove", on_change=prove)
    if st.session_state["prove"] == "yes" and hidden is None:
        shapes_keras.real_tensors(stack, told, batch, timesteps)


def flow(stack: Stack, told: StackReport, hidden: int | None, batch: int, timesteps: int) -> None:
    """Draw each layer's controls, and below them the tensor that it hands on."""
    refused = told.problem.layer if told.problem else None
    slots = shapes_stack.slots_for(stack)
    labels = {
        "batch": _("batch {n}"),
        "timesteps": _("{n} timesteps"),
        "backwards": _("{n} timesteps, last one first"),
        "feature": _("feature"),
        "features": _("features"),
        "last": _("only the last of {timesteps}"),
        "parameters": _("{n} parameters"),
        "refused": _("Keras refuses this layer"),
        "unreached": _("never reached"),
        "word_ids": _("one number per word"),
        "slice": _("sequence {sequence}, timestep {timestep}: {numbers} numbers"),
        "alt": _("The tensors that go through the stack, from the input to the last layer."),
    }
    rows = [(shown, st.container(), st.container()) for shown in tensors.rows_of_columns(stack)]
    sizes = {"slots": slots, "batch": batch, "timesteps": timesteps}
    for number, (shown, _blocks, place) in enumerate(rows):
        drawn = tensors.flow(stack=stack, told=told, shown=shown, labels=labels, hidden=hidden, **sizes)
        with place:
            picture(drawn, f"shapes_flow_{number}", stamp=st.session_state["stack"])
    for shown, blocks, _place in rows:
        with blocks:
            shapes_stack.controls(stack, shown, slots, refused)


def sizes_and_more(stack: Stack, told: StackReport, hidden: int | None, batch: int, timesteps: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="shapes_add"):
        shapes_stack.add_buttons(stack)
        with st.popover(
            _("Batch: {batch} × {timesteps}").format(batch=batch, timesteps=timesteps),
            icon=":material/tune:",
            key="shapes_sizes",
        ):
            st.number_input(_("sequences in a batch"), 1, 8, key="batch")
            st.number_input(_("timesteps in each"), 1, MAX_TIMESTEPS, key="timesteps")
        shapes_predict.switch()
        st.space("stretch")
        total = "?" if hidden is not None else "–" if told.total is None else f"{told.total:,}"
        st.markdown(_("**{total}** parameters in all").format(total=total), width="content")


def count_labels() -> dict[str, str]:
    return {
        "total": _("parameters in all, each layer's share"),
        "kernel": _("kernel = inputs × gates × units"),
        "recurrent_kernel": _("recurrent kernel = units × gates × units"),
        "bias": _("bias"),
        "table": _("the table of word vectors, not to the scale of the others"),
        "forward": _("forward"),
        "backward": _("backward"),
        "alt": _("The parameters of each layer, split into their arrays."),
    }


def prove() -> None:
    st.session_state["prove"] = "yes" if st.session_state["shapes_prove"] else "no"


frame(PAGE)
shapes_stack.style()
open_link(PAGE, PARAMETERS)
st.markdown(prose(PAGE, "question"))
st.fragment(lab)()
way_on(PAGE, prose(PAGE, "seen"))
