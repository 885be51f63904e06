"""The line of controls above the picture: an example, one more layer, the batch, whether to ask, and the total."""

from dataclasses import replace

import streamlit as st

from pages.common.language import _
from pages.common.predict import ask_switch
from pages.common.settings import called
from pages.parts.shapes.panel import LAYERS, close, new_layer
from pages.parts.shapes.settings import MAX_BATCH, SET, change, current, stack
from rnn_core.shapes import MAX_LAYERS, MAX_TIMESTEPS, PRESETS, StackReport


def bar(told: StackReport, hidden: int | None) -> None:
    """Draw the controls and the total, which stays hidden while a layer's share of it is to be guessed."""
    _examples()
    st.menu_button(
        _("Add a layer"), list(LAYERS), key="shapes_add", icon=":material/add:", on_click=_add,
        disabled=len(stack().layers) >= MAX_LAYERS, format_func=called(LAYERS),
    )  # fmt: skip
    _batch()
    ask_switch(SET)
    st.space("stretch")
    if told.total is not None:
        total = "?" if hidden is not None else f"{told.total:,}"
        st.markdown(_("**{total}** parameters in all").format(total=total), width="content")


def examples() -> dict[str, str]:
    """The article's three summaries, three classic mistakes, and the article's models of IMDB, by the preset's name."""
    return {
        "embedding_simple_rnn": _("The article: last state"),
        "embedding_simple_rnn_sequences": _("The article: every state"),
        "stacked_simple_rnn": _("The article: stacked"),
        "mistake_no_sequences": _("Classic mistake: no sequence"),
        "mistake_state_in_the_middle": _("Classic mistake: states in between"),
        "mistake_answer_per_timestep": _("Classic mistake: an answer per word"),
        "imdb_simple_rnn": _("On IMDB: SimpleRNN"),
        "imdb_lstm": _("On IMDB: LSTM"),
        "imdb_gru": _("On IMDB: GRU"),
    }


def _examples() -> None:
    """Draw the list of examples; it is called by the one that stands below, if it is one of them."""
    names, now = examples(), stack()
    shown = next((names[name] for name in names if PRESETS[name] == now), _("Examples"))
    st.menu_button(
        shown, list(names), key="shapes_example", format_func=called(names), on_click=_take_example, width=280
    )


def _batch() -> None:
    settings = current()
    shown = _("Batch: {batch} × {timesteps}").format(batch=settings.batch, timesteps=settings.timesteps)
    with st.popover(shown, icon=":material/tune:"):
        SET.number("batch", _("sequences in a batch, 1 to {most}").format(most=MAX_BATCH))
        SET.number("timesteps", _("timesteps in each, 1 to {most}").format(most=MAX_TIMESTEPS))


def _take_example() -> None:
    name = st.session_state["shapes_example"]
    if name in PRESETS:
        close()
        change(PRESETS[name])


def _add() -> None:
    kind, now = st.session_state["shapes_add"], stack()
    if kind in LAYERS and len(now.layers) < MAX_LAYERS:
        change(replace(now, layers=(*now.layers, new_layer(kind, 1 if kind == "dense" else 32))))
