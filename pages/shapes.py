"""Shapes: what return_sequences changes, layer by layer, counted by hand and in Keras' own words."""

import streamlit as st

from pages.common.frame import frame, way_on
from pages.common.language import _, language, prose
from pages.common.link import open_link
from pages.elements.picture import picture, send_ahead
from pages.parts.shapes import keras as shapes_keras
from pages.parts.shapes import questions as shapes_predict
from pages.parts.shapes import settings as shapes_stack
from pages.parts.shapes import words as shapes_say
from pages.parts.shapes.downloads import code
from rnn_core.charts import tensors
from rnn_core.charts.scene import Scene
from rnn_core.shapes import MAX_TIMESTEPS, Recurrent, Stack, StackReport, report
from rnn_core.shapes.link import to_link

PAGE = shapes_stack.PAGE


def lab() -> None:
    """Draw all that follows the stack; a click on it repaints this part alone.

    The browser pays for each element that stands here at every repaint, so what is closed has none. And each part has
    a container of its own, there or not: a part that goes must not move the others to another place in the page, for
    a click that overtakes a run leaves the browser with half of its messages.
    """
    stack = shapes_stack.current()
    told = report(stack)
    hidden = shapes_predict.asked(stack, told)
    batch, timesteps = st.session_state["batch"], st.session_state["timesteps"]
    above = st.container(horizontal=True, vertical_alignment="center", gap="small", key="shapes_bar")
    shown, panel, notes = st.container(), st.container(), st.container()
    with shown:
        flow(stack, told, hidden, batch, timesteps)
    with above:
        bar(told, hidden, batch, timesteps)
    shapes_stack.keep()
    with panel:
        shapes_stack.panel(stack)
    with notes:
        say(stack, told, hidden, batch, timesteps)
    listing, counted = st.columns([1, 1.13], gap="medium")
    with listing:
        code(stack, batch, timesteps, hidden is not None)
    with counted:
        st.subheader(_("What Keras says"), anchor=False)
        if hidden is None:
            shapes_keras.word(stack, told)
        else:
            st.markdown(_("Keras' summary waits until you have guessed."))
        st.subheader(_("Counted by hand"), anchor=False)
        picture(tensors.parameters(told=told, labels=count_labels(), hidden=hidden), "shapes_count")
        if hidden is None:
            st.markdown(shapes_say.about_biases(stack))
    shapes_stack.hold("shapes_prove", st.session_state["prove"] == "yes")
    st.toggle(_("Send a batch through Keras"), key="shapes_prove", on_change=prove)
    if st.session_state["prove"] == "yes" and hidden is None:
        shapes_keras.real_tensors(stack, told, batch, timesteps)
    ahead(stack, batch, timesteps)


def say(stack: Stack, told: StackReport, hidden: int | None, batch: int, timesteps: int) -> None:
    """Say what a link got wrong, why Keras refuses the stack, or what it does; or ask about it."""
    for problem in st.session_state.get("shapes_said", ()):
        st.info(shapes_say.say(problem))
    if hidden is None:
        # Directly under the stack, where the mistake is seen: nobody should have to scroll to mend it.
        shapes_keras.why(stack, told)
    if st.session_state.get("shapes_predict"):
        shapes_predict.form(stack, told, batch, timesteps)
    if hidden is None and not told.problem:
        st.markdown(shapes_say.observation(told))


def bar(told: StackReport, hidden: int | None, batch: int, timesteps: int) -> None:
    """Draw the one line of controls above the picture."""
    shapes_stack.choose_example()
    shapes_stack.add_layer()
    sizes = st.popover(
        _("Batch: {batch} × {timesteps}").format(batch=batch, timesteps=timesteps),
        icon=":material/tune:",
        key="shapes_sizes",
        on_change="rerun",
    )
    if sizes.open:
        with sizes:
            for name, label, high in (
                ("batch", _("sequences in a batch"), 8),
                ("timesteps", _("timesteps in each"), MAX_TIMESTEPS),
            ):
                shapes_stack.hold(f"shapes_sizes_{name}", st.session_state[name])
                st.number_input(label, 1, high, key=f"shapes_sizes_{name}", on_change=resize, args=(name,))
    shapes_predict.switch()
    st.space("stretch")
    if told.total is None:
        return
    total = "?" if hidden is not None else f"{told.total:,}"
    st.markdown(_("**{total}** parameters in all").format(total=total), width="content")


def resize(name: str) -> None:
    st.session_state[name] = st.session_state[f"shapes_sizes_{name}"]


def flow(stack: Stack, told: StackReport, hidden: int | None, batch: int, timesteps: int) -> None:
    """Draw each layer's block, and below it the tensor that it hands on."""
    refused = told.problem.layer if told.problem else None
    scenes = drawn(stack, told, hidden, batch, timesteps)
    kept = {"stamp": st.session_state["stack"], "edition": edition(batch, timesteps)}
    for row, (shown, key) in enumerate(zip(tensors.rows_of_columns(stack), scenes, strict=True)):
        shapes_stack.row_of_blocks(stack, shown, row, shapes_stack.slots_for(stack), refused)
        picture(scenes[key], key, **kept)


def edition(batch: int, timesteps: int) -> str:
    """Name whatever changes the tensors' pictures beside the stack; while shapes are guessed none is kept."""
    return "" if st.session_state.get("shapes_predict") else f"{batch}:{timesteps}:{language()}"


def ahead(stack: Stack, batch: int, timesteps: int) -> None:
    """Send what each switch would show. Of very deep stacks it would be too much to send."""
    steps = {}
    if edition(batch, timesteps) and len(tensors.rows_of_columns(stack)) == 1:
        for index, layer in enumerate(stack.layers):
            if isinstance(layer, Recurrent):
                turned = shapes_stack.turn(stack, index)
                steps[to_link(turned)] = drawn(turned, report(turned), None, batch, timesteps)
    send_ahead(steps, edition(batch, timesteps))


def drawn(stack: Stack, told: StackReport, hidden: int | None, batch: int, timesteps: int) -> dict[str, Scene]:
    """Return the picture of each row of tensors, by its key."""
    journey, slots = tensors.Journey(stack, told, batch, timesteps, hidden), shapes_stack.slots_for(stack)
    labels = {
        "batch": _("batch {n}"),
        "timesteps": _("{n} timesteps"),
        "backwards": _("{n} timesteps, last one first"),
        "feature": _("feature"),
        "features": _("features"),
        "last": _("only the last of {timesteps}"),
        "last_of_each": _("each way only the last of {timesteps}"),
        "parameters": _("{n} parameters"),
        "refused": _("Keras refuses this layer"),
        "unreached": _("never reached"),
        "word_ids": _("one number per word"),
        "slice": _("sequence {sequence}, timestep {timestep}: {numbers} numbers"),
        "alt": _("The tensors that go through the stack, from the input to the last layer."),
    }
    return {
        f"shapes_flow_{row}": tensors.flow(journey=journey, shown=shown, slots=slots, labels=labels)
        for row, shown in enumerate(tensors.rows_of_columns(stack))
    }


def count_labels() -> dict[str, str]:
    return {
        "total": _("parameters in all, each layer's share"),
        "kernel": _("kernel = input features × blocks × units"),
        "recurrent_kernel": _("recurrent kernel = units × blocks × units"),
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
open_link(PAGE, shapes_stack.PARAMETERS)
st.markdown(prose(PAGE, "question"))
st.fragment(lab)()
with st.container(key="shapes_explanation"):
    st.markdown(prose(PAGE, "explanation"))
way_on(PAGE, prose(PAGE, "seen"))
