"""Recurrent cells in plain NumPy, with the weights, masks and numbers of Keras."""

from rnn_core.cells.errors import CellError
from rnn_core.cells.simple_rnn import (
    SimpleRNNGradients,
    SimpleRNNStep,
    SimpleRNNTrace,
    SimpleRNNWeights,
    simple_rnn_backward,
    simple_rnn_forward,
    simple_rnn_step,
)

__all__ = [
    "CellError",
    "SimpleRNNGradients",
    "SimpleRNNStep",
    "SimpleRNNTrace",
    "SimpleRNNWeights",
    "simple_rnn_backward",
    "simple_rnn_forward",
    "simple_rnn_step",
]
