"""What stands under the picture on the cells page: book beside Keras, the twin, the parameters, what to take away."""

from concurrent.futures import Future

import numpy as np
import streamlit as st

from pages.common import downloads
from pages.common.language import _
from pages.common.predict import Ask, quiz
from pages.common.worker import ask
from pages.elements.picture import picture
from pages.parts.cells.settings import Settings, read
from rnn_core.cells import gru_forward, registry, weights_class
from rnn_core.cells.book import book_lstm_forward, carry_kernel, other_convention, other_update_gate, reset_before
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import short
from rnn_core.explain.arithmetic import CellTrace
from rnn_core.export import as_notebook, as_script
from rnn_core.export.cells import cell_code, trace_csv, twin_code
from rnn_core.models.twin import largest_difference, twin

# Keras computes this much apart from NumPy at most, in float32: rounding, in another order of adding.
ROUNDING = 1e-5
# A trained network may have hundreds of thousands of weights; so many numbers are written out on the page at most.
MOST_WRITTEN = 40_000


def book_and_keras(settings: Settings) -> None:
    """Put the equations that books and papers print beside Keras', on the numbers of this page."""
    trace = read(settings)
    if settings.cell == "lstm":
        _book_lstm(trace, settings)
        return
    topics = {"reset": _("reset before or after"), "update": _("z or 1 − z")}
    topic = st.segmented_control(
        _("What differs"),
        list(topics),
        default="reset",
        required=True,
        format_func=topics.get,
        key="gru_topic",
        label_visibility="collapsed",
    )
    (_reset_before_or_after if topic == "reset" else _z_or_one_minus_z)(trace, settings)


def _side_by_side(left: tuple, right: tuple) -> None:
    # Lines of one length, so that both listings are drawn at one scale.
    longest = max(len(line) for side in (left, right) for line in side[2])
    for column, (title, key, lines, marked, numbers) in zip(st.columns(2, gap="medium"), (left, right), strict=True):
        with column:
            st.markdown(f"**{title}**")
            picture(
                listing(lines=[line.ljust(longest) for line in lines], marked=marked, shapes=numbers, label=title), key
            )


def _last(name: str, values: np.ndarray) -> list[tuple[str, str]]:
    """The last timestep's numbers of at most three units."""
    return [(f"{name}[{unit}]", short(value, 4)) for unit, value in enumerate(values[0, -1, :3])]


def _apart(one: np.ndarray, other: np.ndarray) -> str:
    return f"{float(np.abs(one - other).max()):.2g}"


def _book_lstm(trace: CellTrace, settings: Settings) -> None:
    Vo = carry_kernel(settings.units, settings.seed)
    with np.errstate(over="ignore", invalid="ignore"):
        book = book_lstm_forward(trace.inputs, trace.weights, Vo)
    ours = [
        "i = sigmoid(dot(x, Wi) + dot(h, Ui) + bi)",
        "f = sigmoid(dot(x, Wf) + dot(h, Uf) + bf)",
        "k = tanh(dot(x, Wk) + dot(h, Uk) + bk)",
        "o = sigmoid(dot(x, Wo) + dot(h, Uo) + bo)",
        "c = f * c + i * k",
        "h = o * tanh(c)",
    ]
    theirs = [
        "i_t = activation(dot(state_t, Ui) + dot(input_t, Wi) + bi)",
        "f_t = activation(dot(state_t, Uf) + dot(input_t, Wf) + bf)",
        "k_t = activation(dot(state_t, Uk) + dot(input_t, Wk) + bk)",
        "output_t = activation(dot(state_t, Uo) + dot(input_t, Wo)",
        "                      + dot(c_t, Vo) + bo)",
        "c_t_next = i_t * k_t + c_t * f_t",
    ]
    _side_by_side(
        (
            _("The book's pseudo-code"),
            "book_lstm",
            theirs,
            (3, 4),
            _last("output_t", book.output_t) + _last("c_t_next", book.c_t_next),
        ),
        (_("What Keras computes"), "keras_lstm", ours, (3, 5), _last("h", trace.h) + _last("c", trace.c)),
    )
    st.markdown(
        _(
            "Same inputs, same W, U and b; listed are the last timestep's numbers, of the first units. The "
            "book adds `dot(c_t, Vo)` *inside* the output and puts an activation around the whole; it needs "
            "a fourth kind of matrix, Vo, drawn here at random. Keras has no such term: its output gate "
            "reads the input and the state only, and lets through tanh of the *new* carry. Over all "
            "timesteps and units, the outputs differ by up to {h}, and since they feed the gates, the "
            "carries by up to {c}. The line of the carry is the same in both."
        ).format(h=_apart(book.output_t, trace.h), c=_apart(book.c_t_next, trace.c))
    )


def _reset_before_or_after(trace: CellTrace, settings: Settings) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        before = gru_forward(trace.inputs, reset_before(trace.weights), reset_after=False)
    gates = ["z = sigmoid(dot(x, Wz) + dot(h, Uz) + bz)", "r = sigmoid(dot(x, Wr) + dot(h, Ur) + br)"]
    end = ["h = z * h + (1 - z) * k"]
    _side_by_side(
        (
            _("The paper's GRU: reset before the product"),
            "gru_before",
            [*gates, "k = tanh(dot(x, Wk) + dot(r * h, Uk) + bk)", *end],
            (2,),
            _last("h", before.h),
        ),
        (
            _("Keras' default: reset after it"),
            "gru_after",
            [*gates, "k = tanh(dot(x, Wk) + bk + r * (dot(h, Uk) + ck))", *end],
            (2,),
            _last("h", trace.h),
        ),
    )
    st.markdown(
        _(
            "In the paper every unit's reset gate acts on that unit of the *old state*, before the "
            "matrix mixes them. Keras' default, `reset_after=True`, multiplies first and lets each "
            "unit's gate act on its own *sum*; so it needs a second bias, hence a bias of shape (2, 3"
            " × units). With the same weights the states differ by up to {h} over all timesteps and units; "
            "listed is the last timestep, of the first units."
        ).format(h=_apart(before.h, trace.h))
    )


def _z_or_one_minus_z(trace: CellTrace, settings: Settings) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        other = other_convention(trace.inputs, trace.weights)
        turned = gru_forward(trace.inputs, other_update_gate(trace.weights)).h
    _side_by_side(
        (
            _("In many papers and blogs"),
            "gru_other",
            ["h = (1 - z) * h + z * k", "# z opens for the new"],
            (0,),
            _last("h", other),
        ),
        (
            _("What Keras computes"),
            "gru_keras",
            ["h = z * h + (1 - z) * k", "# z holds on to the old"],
            (0,),
            _last("h", trace.h),
        ),
    )
    st.markdown(
        _(
            "Both are the same network with z and 1 − z in each other's place, but weights must not "
            "be carried over as they are: with the *same* weights the states differ by up to {h} over all "
            "timesteps and units (listed is the last timestep, of the first units). "
            "With the sign of z's weights turned they agree (difference {same}), since sigmoid(−a) = "
            "1 − sigmoid(a)."
        ).format(h=_apart(other, trace.h), same=_apart(other, turned))
    )


# The twin


def twin_on_request(settings: Settings) -> None:
    """Let a real Keras layer read the same inputs with the same weights, when the visitor asks for it."""
    trace = read(settings)
    if st.session_state.get("_twin_of") != settings and not st.button(
        _("Ask Keras itself"), key="twin", icon=":material/balance:", on_click=_ask_twin, args=(settings,)
    ):
        st.caption(
            _("A real keras.layers.{layer} gets these weights and reads this sequence; the page compares.").format(
                layer=settings.name
            )
        )
        return
    begun = ()
    if settings.begun:
        start = settings.given.start
        begun = (True, None, "float32", list(start) if settings.cell == "lstm" else [start])
    future = ask(twin, settings.cell, trace.inputs, trace.weights.to_keras(), *begun)
    waiting = not future.done()
    st.fragment(_twin, run_every=0.5 if waiting else None)(future, settings, waiting)
    if trace.weights.parameters > MOST_WRITTEN:
        return
    with st.expander(_("The code to repeat it"), icon=":material/code:"):
        st.code(as_script([*cell_code(trace, settings.timesteps - 1), *twin_code(trace)]), height=320)


def _ask_twin(settings: Settings) -> None:
    st.session_state["_twin_of"] = settings


def _twin(future: Future, settings: Settings, waiting: bool) -> None:
    if not future.done():
        st.markdown(_(":material/hourglass_top: Keras is reading the sequence; the first question takes some seconds."))
        return
    if waiting:
        # Only a run of the whole page can end the clock.
        st.rerun()
    if problem := future.exception():
        st.warning(
            _("Keras cannot be asked at this moment: {problem} The numbers above are our own NumPy.").format(
                problem=str(problem)[:200]
            )
        )
        return
    answer = future.result()
    difference = largest_difference(read(settings), answer)
    if np.isfinite(difference) and difference <= ROUNDING:
        text = _(
            "**Equal.** keras.layers.{layer} of Keras {version} and this page differ by at most "
            "**{difference}** over all {count} states: rounding of float32."
        )
        show = st.success
    else:
        text = _(
            "keras.layers.{layer} of Keras {version} and this page differ by up to **{difference}** "
            "over all {count} states."
        )
        show = st.warning
    count = settings.timesteps * settings.units
    show(text.format(layer=settings.name, version=answer["keras"], difference=f"{difference:.1e}", count=count))


# Parameters


def parameters(settings: Settings) -> None:
    """Count the parameters of all three cells, with the arithmetic; first the visitor guesses."""
    guess = Ask(
        "cells:parameters",
        _("A SimpleRNN with 32 units on 32 input features has 2,080 parameters. How many has an LSTM of that size?"),
        {"2080": "2,080", "4160": "4,160", "8320": "8,320"},
        "8320",
        _("Three gates and the candidate: four times the same three arrays."),
    )
    if not quiz(guess):
        return
    sizes = [(32, 32)]
    here = (len(settings.inputs[0]), settings.units)
    sizes += [here] if here not in sizes else []
    for input_features, units in sizes:
        lines = [
            _("| {input_features} → {units} | arithmetic | parameters |").format(
                input_features=input_features, units=units
            ),
            "|---|---|---:|",
        ]
        for cell in ("simple_rnn", "lstm", "gru"):
            gates = len(weights_class(cell).GATES)
            biases = 2 if cell == "gru" else 1
            count = gates * units * (input_features + units + biases)
            times = f"{gates} × " if gates > 1 else ""
            bias = f"{biases} × {units}" if biases > 1 else f"{units}"
            arithmetic = f"{times}({input_features} × {units} + {units} × {units} + {bias})"
            lines.append(f"| {registry.CELLS[cell].label} | {arithmetic} | **{count:,}** |")
        st.markdown("\n".join(lines))
    st.caption(
        _(
            "Input kernel, recurrent kernel, bias. The GRU has two biases, one for the input and one "
            "for the state; in Keras that is its default, `reset_after=True`."
        )
    )


# Take away


def take_away(settings: Settings, on_screen: dict[str, int]) -> None:
    """Draw the downloads: code that computes the numbers on the screen, and all numbers as a table.

    `on_screen["t"]` says how many timesteps have been read at the moment of the click.
    """
    trace = read(settings)
    words = {
        "title": _("{layer}: {timesteps} timesteps, {units} units"),
        "numbers": _(
            "Inputs and weights, the same as on the page; weights as Keras' layer.get_weights() lays them out."
        ),
        "loop": _("Every timestep, gate by gate."),
        "step": _("The numbers of timestep {t}, counted from 0."),
        "twin": _("The same weights in a real Keras layer, and the largest difference."),
    }

    def code() -> list:
        return cell_code(trace, max(on_screen["t"] - 1, 0), words=words)

    files = {"py": lambda: as_script(code()), "ipynb": lambda: as_notebook(code()), "csv": lambda: trace_csv(trace)}
    downloads.take_away(settings.cell, files, "take")
