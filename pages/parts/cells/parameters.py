"""What the gates cost: the parameters of all three cells, with the arithmetic."""

import streamlit as st

from pages.common.language import _
from pages.common.predict import Question, quiz
from pages.parts.cells.reading import Reading
from pages.parts.cells.settings import SET
from rnn_core.cells.registry import CELLS, Cell

ARTICLE = (32, 32)


def parameters(reading: Reading) -> None:
    """Count the parameters, at the article's size and at the one on the page; first the visitor guesses."""
    question = Question(
        "cells:parameters",
        _("A SimpleRNN with 32 units on 32 input features has 2,080 parameters. How many has an LSTM of that size?"),
        {"2080": "2,080", "4160": "4,160", "8320": "8,320"},
        "8320",
        _("Three gates and the candidate: four blocks, each with the same three arrays."),
    )
    if not quiz(SET, question):
        return
    here = (reading.input_features, reading.units)
    for input_features, units in dict.fromkeys([ARTICLE, here]):
        head = _("| {input_features} → {units} | arithmetic | parameters |")
        lines = [head.format(input_features=input_features, units=units), "|---|---|---:|"]
        lines += [_row(cell, input_features, units) for cell in CELLS.values()]
        st.markdown("\n".join(lines))
    st.caption(
        _(
            "Kernel, recurrent kernel, bias. The GRU has two biases, one on the input's side and one on the state's: "
            "it is the layout of cuDNN, which Keras shares. Only in the candidate does the second one, `ck` in the "
            "equations, act differently from the first: r scales it too."
        )
    )


def _row(cell: Cell, input_features: int, units: int) -> str:
    blocks, biases = len(cell.blocks), cell.biases
    count = blocks * units * (input_features + units + biases)
    times = f"{blocks} × " if blocks > 1 else ""
    bias = f"{biases} × {units}" if biases > 1 else f"{units}"
    return f"| {cell.label} | {times}({input_features} × {units} + {units} × {units} + {bias}) | **{count:,}** |"
