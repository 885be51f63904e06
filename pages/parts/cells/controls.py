"""The cells page's controls: which network, which cell, which sequence; in popovers what is seldom changed."""

import numpy as np
import streamlit as st

from pages.common.edits import shortest
from pages.common.language import _, language
from pages.common.link import Number
from pages.common.names import cell_name, field_name, task_name
from pages.common.opened import LAST, beginnings
from pages.common.predict import ask_switch
from pages.common.steps import step_to
from pages.elements.number_table import forget_edits, number_table
from pages.parts.cells.network import Network, network_of
from pages.parts.cells.reading import own_reading, own_sentence, read, rows_of
from pages.parts.cells.settings import SEEDS, SET, START, TIMESTEPS, current
from rnn_core.cells.registry import CELLS


def controls() -> None:
    """Draw the controls of what is shown: a run, a network that comes with the project, or a random one."""
    settings, network = current(), network_of(current())
    if settings.review and network:
        _review(network)
    elif settings.run and network:
        _run(network)
    else:
        names = {"trained": _("trained"), "random": _("random weights")}
        SET.segments("network", _("Network"), names, then=_see_the_end, label_visibility="collapsed")
        labels = {cell: cell_name(cell) for cell in CELLS}
        SET.segments("cell", _("Cell"), labels, then=other_weights, label_visibility="collapsed")
        if network:
            _sequence(network)
        else:
            # Here its sliders open over the diagram, and the race beside it is seen.
            _biases()
            _input()
            _sizes()
    ask_switch(SET)


def other_weights() -> None:
    """Forget what was changed by hand: it was changed in weights that are no longer there."""
    forget_edits(SET, "kernel", "recurrent_kernel", "bias")


def new_weights() -> None:
    """Draw the next seed's weights; the inputs stay."""
    SET.change(seed=(current().seed + 1) % (SEEDS + 1))
    other_weights()


def still_the_pulse() -> bool:
    """Whether the visitor chose own numbers, but has typed none yet."""
    settings = current()
    return network_of(settings) is None and settings.input == "own" and not settings.x


def _see_the_end() -> None:
    """Trained or random: how much of the first input is left is seen at the end."""
    step_to(SET, TIMESTEPS)


# --- A trained network ------------------------------------------------------------------------------------------------


def _run(network: Network) -> None:
    """Draw which training it comes from, which sequence it reads, and the way back."""
    of = network.architecture
    name = _("**{cell}**, trained on “{task}”").format(cell=cell_name(of.cell), task=task_name(of.task))
    st.markdown(name, width="content")
    _sequence(network)
    st.button(_("Back to the small network"), icon=":material/close:", on_click=leave_run, key="leave_network")


def _review(network: Network) -> None:
    """Draw which network reads a review, and the ways back."""
    settings, of = current(), network.architecture
    if settings.run:
        name = _("**{cell}**, trained on “{task}”").format(cell=cell_name(of.cell), task=task_name(of.task))
        st.markdown(name, width="content")
    else:
        labels = {cell: cell_name(cell) for cell in CELLS}
        SET.segments("cell", _("Cell"), labels, label_visibility="collapsed")
    back = {"lang": language(), "text": settings.review, "corpus": settings.corpus, "cell": of.cell}
    back |= {} if settings.epoch == LAST else {"epoch": str(settings.epoch)}
    st.page_link(
        "pages/word_by_word.py", label=_("Back to the verdict, word by word"), icon=":material/arrow_back:",
        query_params=back | ({"run": settings.run} if settings.run else {}),
    )  # fmt: skip
    st.button(_("To the small network"), icon=":material/close:", on_click=leave_run, key="leave_network")


def leave_run() -> None:
    """Show the page's own network again."""
    SET.change(run="", sequence=1, review="", epoch=LAST)
    step_to(SET, 0)


def _sequence(network: Network) -> None:
    """Draw the choice of a sequence, each with its beginning."""
    SET.select("sequence", _("Which sequence"), beginnings(network.dataset), label_visibility="collapsed", width=360)


# --- A random one -----------------------------------------------------------------------------------------------------


def _input() -> None:
    """Draw what it reads."""
    names = {"words": _("words"), "pulse": _("a pulse"), "sine": _("a wave"), "own": _("own numbers")}
    SET.select("input", _("Input"), names, label_visibility="collapsed", width=150)
    kind = current().input
    if kind == "words":
        SET.text("words", _("Words"), placeholder=own_sentence(), max_chars=300, width=215,
                 label_visibility="collapsed")  # fmt: skip
    if kind == "own":
        with st.popover(
            _("Edit the numbers"), icon=":material/table:", type="primary" if still_the_pulse() else "secondary"
        ):
            _table()


def _sizes() -> None:
    """Draw the sizes and the seed, in a popover."""
    with st.popover(_("Sizes"), icon=":material/tune:"):
        given = current().input == "words"
        _number("timesteps", _("timesteps: how long the sequence is"), disabled=given)
        _number("units", _("units: numbers in the state"), then=other_weights)
        _number("seed", _("seed: which random weights"), then=other_weights)
        st.button(_("New weights"), icon=":material/casino:", on_click=new_weights, key="new_weights")


def _number(name: str, label: str, **options: object) -> None:
    """Draw a number with its limits in its label."""
    limits: Number = next(p for p in SET.parameters() if p.name == name)  # type: ignore[assignment]
    SET.number(name, _("{label} ({low} to {high})").format(label=label, low=f"{limits.low:,}", high=f"{limits.high:,}"),
               **options)  # type: ignore[arg-type]  # fmt: skip


def _biases() -> None:
    """Draw a slider for each gate's bias, in a popover beside which the race can be seen."""
    settings = current()
    cell = CELLS[settings.cell]
    if cell.keeps is None:
        return
    trace = read(own_reading(settings))
    with st.popover(_("Biases"), icon=":material/instant_mix:", key="biases"):
        for gate in cell.gates:
            name = f"{cell.letters[gate]} · {field_name(gate, trace)}"
            SET.slider(f"bias_{gate}", _("bias of {gate}").format(gate=name), step=0.5, format="%.1f")
        st.button(
            _("{gate} bias 5, 40 timesteps").format(gate=field_name(cell.keeps, trace).capitalize()),
            on_click=_long_memory, args=(cell.keeps,), key="long_memory", icon=":material/science:",
        )  # fmt: skip
        st.button(_("Keras' defaults"), on_click=_keras_start, key="keras_start", icon=":material/restart_alt:")


def _long_memory(gate: str) -> None:
    SET.change(input="pulse", timesteps=40, edits="", **{f"bias_{gate}": 5.0})
    step_to(SET, 40)


def _keras_start() -> None:
    SET.change(**{f"bias_{gate}": value for gate, value in START.items()})


def _table() -> None:
    """Draw the table of one's own numbers; what is typed into it goes into the link."""
    _number("input_features", _("input features: numbers in one input"))
    rows = _own_rows()
    columns = [f"x[{i}]" for i in range(rows.shape[1])]
    number_table("own", rows, columns, type_number, header=_("timestep"), first=1, width=180 + 110 * len(columns))


def _own_rows() -> np.ndarray:
    settings = current()
    return rows_of(settings.x, settings.timesteps, settings.input_features)


def type_number(row: int, column: int, number: float) -> None:
    """Change one of one's own numbers."""
    rows = _own_rows()
    rows[row, column] = number
    SET.change(x="_".join(",".join(shortest(n) for n in row) for row in np.asarray(rows)))
