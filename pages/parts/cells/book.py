"""The equations that books and papers print beside Keras', on the numbers of this page."""

import numpy as np
import streamlit as st

from pages.common.language import _
from pages.elements.picture import picture
from pages.parts.cells.reading import Reading, read
from rnn_core.cells import gru_forward
from rnn_core.cells.book import book_lstm_forward, carry_kernel, other_convention, other_update_gate, reset_before
from rnn_core.cells.registry import CellTrace
from rnn_core.charts.listing import listing
from rnn_core.charts.scene import short

EQUATIONS = {
    "lstm": [
        "f = sigmoid(x·Wf + h·Uf + bf)",
        "i = sigmoid(x·Wi + h·Ui + bi)",
        "k = tanh(x·Wk + h·Uk + bk)",
        "o = sigmoid(x·Wo + h·Uo + bo)",
        "c = f * c + i * k",
        "h = o * tanh(c)",
    ],
    "gru": [
        "z = sigmoid(x·Wz + h·Uz + bz)",
        "r = sigmoid(x·Wr + h·Ur + br)",
        "k = tanh(x·Wk + bk + r * (h·Uk + ck))",
        "h = z * h + (1 - z) * k",
    ],
    "simple_rnn": ["h = tanh(x·W + h·U + b)"],
}
BOOK_LSTM = [
    "i_t = activation(dot(state_t, Ui) + dot(input_t, Wi) + bi)",
    "f_t = activation(dot(state_t, Uf) + dot(input_t, Wf) + bf)",
    "k_t = activation(dot(state_t, Uk) + dot(input_t, Wk) + bk)",
    "output_t = activation(dot(state_t, Uo) + dot(input_t, Wo)",
    "                      + dot(c_t, Vo) + bo)",
    "c_t_next = i_t * k_t + c_t * f_t",
]
KERAS_LSTM = [
    "i = sigmoid(dot(x, Wi) + dot(h, Ui) + bi)",
    "f = sigmoid(dot(x, Wf) + dot(h, Uf) + bf)",
    "k = tanh(dot(x, Wk) + dot(h, Uk) + bk)",
    "o = sigmoid(dot(x, Wo) + dot(h, Uo) + bo)",
    "c = f * c + i * k",
    "h = o * tanh(c)",
]
GRU_GATES = ["z = sigmoid(dot(x, Wz) + dot(h, Uz) + bz)", "r = sigmoid(dot(x, Wr) + dot(h, Ur) + br)"]
GRU_END = ["h = z * h + (1 - z) * k"]


def book_and_keras(reading: Reading) -> None:
    """Draw the equations side by side, each with the numbers it gives."""
    trace = read(reading)
    if reading.cell == "lstm":
        _book_lstm(trace, reading)
    else:
        _reset_before_or_after(trace)
        _z_or_one_minus_z(trace)


def _side_by_side(left: tuple, right: tuple) -> None:
    # Lines of one length, so that both listings are drawn at one scale.
    longest = max(len(line) for side in (left, right) for line in side[2])
    for column, (title, key, lines, marked, numbers) in zip(st.columns(2, gap="medium"), (left, right), strict=True):
        with column:
            st.markdown(f"**{title}**")
            padded = [line.ljust(longest) for line in lines]
            picture(listing(lines=padded, marked=marked, shapes=numbers, label=title), key)


def _last(name: str, values: np.ndarray) -> list[tuple[str, str]]:
    """The last timestep's numbers of at most three units."""
    return [(f"{name}[{unit}]", short(value, 4)) for unit, value in enumerate(values[0, -1, :3])]


def _apart(one: np.ndarray, other: np.ndarray) -> str:
    return f"{float(np.abs(one - other).max()):.2g}"


def _book_lstm(trace: CellTrace, reading: Reading) -> None:
    Vo = carry_kernel(reading.units, reading.seed)
    with np.errstate(over="ignore", invalid="ignore"):
        book = book_lstm_forward(trace.inputs, trace.weights, Vo)  # type: ignore[arg-type]
    numbers = _last("output_t", book.output_t) + _last("c_t_next", book.c_t_next)
    ours = _last("h", trace.h) + _last("c", trace.c)  # type: ignore[union-attr]
    _side_by_side(
        (_("The book's pseudo-code"), "book_lstm", BOOK_LSTM, (3, 4), numbers),
        (_("What Keras computes"), "keras_lstm", KERAS_LSTM, (3, 5), ours),
    )
    st.markdown(
        _(
            "Same inputs, same W, U and b; listed are the last timestep's numbers, of the first units. The book adds "
            "`dot(c_t, Vo)` *inside* the output and puts an activation around the whole; it needs one more matrix, "
            "Vo, drawn here at random. It leaves open what `activation` is: here sigmoid for i and f, tanh for k and "
            "the output. Keras has no such term: its output gate reads the input and the state only, and lets "
            "through tanh of the *new* carry. Over all timesteps and units, the outputs differ by up to {h}, and "
            "since they feed the gates, the carries by up to {c}. The line of the carry is the same in both."
        ).format(h=_apart(book.output_t, trace.h), c=_apart(book.c_t_next, trace.c))  # type: ignore[union-attr]
    )


def _reset_before_or_after(trace: CellTrace) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        before = gru_forward(trace.inputs, reset_before(trace.weights), reset_after=False)  # type: ignore[arg-type]
    lines = [*GRU_GATES, "k = tanh(dot(x, Wk) + dot(r * h, Uk) + bk)", *GRU_END]
    keras = [*GRU_GATES, "k = tanh(dot(x, Wk) + bk + r * (dot(h, Uk) + ck))", *GRU_END]
    _side_by_side(
        (_("The published paper: reset before the product"), "gru_before", lines, (2,), _last("h", before.h)),
        (_("Keras' default: reset after it"), "gru_after", keras, (2,), _last("h", trace.h)),
    )
    st.markdown(
        _(
            "In the GRU's paper (Cho et al. 2014) as it was published, its third version, every unit's reset gate "
            "acts on that unit of the *old state*, before the matrix mixes them. Its first version, and Keras' "
            "default `reset_after=True`, multiply first and let each unit's gate act on its own *sum*. `ck` is a "
            "second bias inside that sum; Keras has it because cuDNN lays out its weights so, hence a bias of shape "
            "(2, 3 × units). With the same weights the states differ by up to {h} over all timesteps and units; "
            "listed is the last timestep, of the first units."
        ).format(h=_apart(before.h, trace.h))
    )


def _z_or_one_minus_z(trace: CellTrace) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        other = other_convention(trace.inputs, trace.weights)  # type: ignore[arg-type]
        turned = gru_forward(trace.inputs, other_update_gate(trace.weights)).h  # type: ignore[arg-type]
    theirs = ["h = (1 - z) * h + z * k", "# z opens for the new"]
    ours = ["h = z * h + (1 - z) * k", "# z holds on to the old"]
    _side_by_side(
        (_("In many papers and blogs"), "gru_other", theirs, (0,), _last("h", other)),
        (_("What Keras computes"), "gru_keras", ours, (0,), _last("h", trace.h)),
    )
    st.markdown(
        _(
            "Both are the same network with z and 1 − z in each other's place, but weights cannot be copied as they "
            "are: with the *same* weights the states differ by up to {h} over all timesteps and units (listed is the "
            "last timestep, of the first units). With the sign of z's weights flipped they agree (difference {same}), "
            "since sigmoid(−a) = 1 − sigmoid(a)."
        ).format(h=_apart(other, trace.h), same=_apart(other, turned))
    )
