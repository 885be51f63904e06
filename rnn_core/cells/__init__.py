"""Recurrent cells in plain NumPy, with the weights, masks and numbers of Keras."""

from rnn_core.cells.errors import CellError
from rnn_core.cells.gru import GRUGradients, GRUStep, GRUTrace, GRUWeights, gru_backward, gru_forward, gru_step
from rnn_core.cells.initial import initial_weights
from rnn_core.cells.lstm import (
    LSTMGradients,
    LSTMState,
    LSTMStep,
    LSTMTrace,
    LSTMWeights,
    lstm_backward,
    lstm_forward,
    lstm_step,
)
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
    "GRUGradients",
    "GRUStep",
    "GRUTrace",
    "GRUWeights",
    "LSTMGradients",
    "LSTMState",
    "LSTMStep",
    "LSTMTrace",
    "LSTMWeights",
    "SimpleRNNGradients",
    "SimpleRNNStep",
    "SimpleRNNTrace",
    "SimpleRNNWeights",
    "gru_backward",
    "gru_forward",
    "gru_step",
    "initial_weights",
    "lstm_backward",
    "lstm_forward",
    "lstm_step",
    "simple_rnn_backward",
    "simple_rnn_forward",
    "simple_rnn_step",
]
