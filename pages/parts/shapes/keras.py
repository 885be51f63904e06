"""Keras' own word on a stack, from a worker: its summary or its error, and a real batch through its layers."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

import streamlit as st

from pages.common.language import _, listed, say
from pages.common.settings import called
from pages.common.worker import ask, trainer
from pages.elements.picture import picture
from pages.elements.summary import summary
from pages.parts.shapes.settings import SET, current, edit
from rnn_core.charts import tensors
from rnn_core.models.stack import keras_answer, keras_values
from rnn_core.shapes import Edit, Recurrent, Stack, StackReport, edited, mend

#: A warm worker answers within this time, and its answer is then drawn in the same run. A click has to wait for that
#: run's end, so no longer.
SOON = 0.3
POLL = 0.5
#: A worker that starts on a busy machine takes its time; that there is none at all, the trainer knows much sooner.
PATIENCE = 120.0
_LOOK = "_shapes_look"


def word(stack: Stack, told: StackReport) -> None:
    """Show Keras' summary of the stack, or its error."""
    # A summary has two lines a layer; its place is kept, so that nothing moves when it arrives.
    lines = 8 + 2 * len(told.rows)
    with st.container(height=24 * lines + 34 if told.total is not None else "content", border=False, key="shapes_word"):
        _when_there([ask(keras_answer, stack.to_json(), timeout=PATIENCE)], _say, "shapes_answer")


def why(stack: Stack, told: StackReport) -> None:
    """Say in plain words why a stack is impossible, or hardly meant, and offer to fix it."""
    if told.problem:
        edits, show, icon, said = mend(stack)[1], st.error, ":material/block:", say(told.problem)
    elif told.remarks:
        edits, show, icon = told.remarks[0].edits, st.warning, ":material/help:"
        said = "\n\n".join(map(say, told.remarks))
    else:
        return
    words, button = st.columns([2.4, 1], gap="small", vertical_alignment="center")
    with words:
        show(said, icon=icon)
    place = _("layer {n}: {what}")
    changes = listed([place.format(n=e.layer + 1, what=f"`{e.field}={e.value!r}`") for e in edits], short=True)
    button.button(
        _("Fix it: {changes}").format(changes=changes),
        key="shapes_mend",
        icon=":material/build:",
        type="primary",
        on_click=edit,
        args=(edits,),
    )


def _say(answer: dict[str, Any]) -> None:
    if answer["ok"] is None:
        st.info(_too_large(answer))
    elif answer["ok"]:
        text = "\n".join(answer["summary"])
        summary(text, current().stack, "shapes_summary")
        st.caption(_("Keras {version}, `model.summary()`").format(version=answer["keras"]))
    else:
        st.code(f"{answer['type']}: {answer['message']}", language=None, wrap_lines=True)
        st.caption(_("Keras {version}, word for word").format(version=answer["keras"]))


def _too_large(answer: dict[str, Any]) -> str:
    return _(
        "With {parameters} parameters this stack is too large to be built here (at most {limit}); our own rules "
        "count it all the same."
    ).format(**{name: f"{value:,}" for name, value in answer["values"].items()})


# --- When the worker answers ------------------------------------------------------------------------------------


def _when_there(futures: list[Future], draw: Callable[..., None], key: str) -> None:
    """Draw the answers as soon as all are there: from the cache at once, from a warm worker after a short wait."""
    with st.empty():
        if not _all_there(futures):
            st.caption(_("Asking Keras …"))
            wait(futures, SOON)
        if _all_there(futures):
            with st.container():
                if _failed(futures):
                    _not_to_be_had(key)
                else:
                    draw(*(future.result() for future in futures))
        else:
            st.fragment(_watch, run_every=POLL)(futures, key)


def _all_there(futures: list[Future]) -> bool:
    return all(future.done() for future in futures)


def _watch(futures: list[Future], key: str) -> None:
    """Look again every now and then. Only a run of the whole page ends a fragment's clock."""
    if trainer().status.code == "unreachable" or _failed(futures):
        _not_to_be_had(key)
    elif _all_there(futures):
        st.rerun()
    else:
        st.caption(_("Asking Keras; its worker is still starting or busy …"))


def _failed(futures: list[Future]) -> bool:
    return any(future.done() and future.exception() for future in futures)


def _not_to_be_had(key: str) -> None:
    st.info(
        _("Keras could not be asked: no worker answers at the moment. What our own rules say still holds."),
        icon=":material/cloud_off:",
    )
    if st.button(_("Ask again"), key=f"{key}_again", icon=":material/refresh:"):
        st.rerun()


# --- A real batch ----------------------------------------------------------------------------------------------


def real_tensors(stack: Stack, told: StackReport, batch: int, timesteps: int) -> None:
    """Let a batch pass through Keras' layers, and open one of them."""
    if told.problem:
        st.markdown(_("Nothing can be sent through an impossible stack: fix it first."))
        return
    recurrent = [i for i, layer in enumerate(stack.layers) if isinstance(layer, Recurrent)]
    if not recurrent:
        st.markdown(_("There is no recurrent layer here to look into: add one."))
        return
    chosen = st.session_state.get(_LOOK)
    index = chosen if chosen in recurrent else recurrent[-1]
    names = {row.index: row.name for row in told.rows}
    st.segmented_control(
        _("Look into"), recurrent, default=index, format_func=called(names), required=True,
        **SET.part("stack", "look", _look_into),
    )  # fmt: skip
    layer = stack.layers[index]
    assert isinstance(layer, Recurrent)
    # The same layers up to this one get the same weights; only this one returns its whole sequence.
    front = Stack(stack.input, stack.layers[: index + 1])
    opened = edited(front, (Edit(index, "return_sequences", True),))
    questions = [
        ask(keras_values, asked.to_json(), batch, timesteps, 0, index, timeout=PATIENCE) for asked in (stack, opened)
    ]
    with st.container(key="shapes_values"):
        _when_there(questions, partial(_show, layer), "shapes_proof_answer")


def _look_into(index: int) -> None:
    st.session_state[_LOOK] = index


def _show(layer: Recurrent, answer: dict[str, Any], sequence: dict[str, Any]) -> None:
    if not (answer["ok"] and sequence["ok"]):
        _say(answer)
        return
    outputs = [(row["name"], [str(tuple(output["shape"])) for output in row["outputs"]]) for row in answer["layers"]]
    passed = " → ".join(f"`{name}` {listed(shapes, short=True)}" for name, shapes in outputs)
    st.markdown(
        _("What Keras' layers returned for a real batch of {batch} × {timesteps}: {passed}").format(
            batch=answer["batch"], timesteps=answer["timesteps"], passed=passed
        )
    )
    last, states = answer["last_step"], answer["states"]
    labels = {
        "sequence": _("the whole sequence, {timesteps} × {features} (first of the batch)"),
        "timestep": _("timestep"),
        "feature": _("feature"),
        "value": _("value"),
        "sign": "=" if _equal(last["differences"]) else "≠",
        "alt": _("The output of every timestep, its last one, and the output without return_sequences."),
    }
    shown = tensors.proof(
        values=sequence["values"], with_sequences=last["with"], without=last["without"], states=states, labels=labels
    )
    picture(shown, "shapes_proof")
    st.markdown("\n".join(f"- {line}" for line in (_equality(last["differences"]), *_states(layer, states))))


def _equality(differences: dict[str, float]) -> str:
    """Say whether the last step is the output without return_sequences, with the largest difference in the batch."""
    if list(differences) != ["output"]:
        return _(
            "`output[:, -1, :]` and the output without `return_sequences`: the forward half **equals** (difference "
            "{forward:.2g}), the backward half does not ({backward:.2g}). At the last timestep it has read one input "
            "only; its own last step is `output[:, 0, :]`."
        ).format(**differences)
    if _equal(differences):
        message = _(
            "`output[:, -1, :]` **equals** the output without `return_sequences`: the largest difference in the whole "
            "batch is **{output:.2g}**."
        )
    else:
        message = _(
            "`output[:, -1, :]` differs from the output without `return_sequences` by up to **{output:.2g}**: the "
            "backward half is merged in, and at the last timestep it has read one input only."
        )
    return message.format(**differences)


def _equal(differences: dict[str, float]) -> bool:
    """The same but for the rounding of float32."""
    return max(differences.values()) < 1e-6


def _states(layer: Recurrent, states: list[dict[str, Any]]) -> list[str]:
    """Name what return_state=True returns, element by element."""
    named = []
    for i, element in enumerate(states):
        piece = f"`[{i}]` **{element['name']}** {tuple(element['shape'])}"
        if "equals" in element:
            piece += f" = `{element['equals']}`" + (
                "" if element["difference"] == 0 else f" (± {element['difference']:.1g})"
            )
        named.append(piece)
    returned = _("`return_state=True` makes the layer return a tuple of {n}: {named}")
    lines = [returned.format(n=len(states), named=" · ".join(named))]
    if layer.cell == "lstm":
        lines.append(
            _(
                "`h` you already have: it is the last output. `c`, the carry, comes only once, from the very "
                "end: Keras never returns it per timestep."
            )
        )
    else:
        lines.append(
            _(
                "The state of this layer *is* its output, so `h` tells nothing new. Only an LSTM has a second state, "
                "`c`."
            )
        )
    return lines
