"""What the two networks of the home page read, and how much of the state the second one carries on."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.common.language import _
from pages.common.link import Number
from pages.common.predict import ASK, ask_switch
from pages.common.settings import Owner
from pages.elements.slider import slider
from rnn_core.cells.simple_rnn import SimpleRNNTrace, SimpleRNNWeights, simple_rnn_forward

PAGE = "home"
TIMESTEPS = 8


@dataclass(frozen=True)
class Settings:
    """Which inputs are on, as the bits of one number, the first one the highest; the weight U; whether to ask."""

    inputs: int
    u: float
    ask: bool

    @property
    def sequence(self) -> np.ndarray:
        """The inputs, (timesteps,)."""
        return np.array([self.inputs >> (TIMESTEPS - 1 - t) & 1 for t in range(TIMESTEPS)], dtype=float)


SET = Owner(PAGE, Settings, (Number("inputs", 128, 0, 2**TIMESTEPS - 1), Number("u", 0.9, 0.0, 1.5), ASK))
current = SET.current


def controls() -> None:
    """Draw what can be changed beside the inputs themselves."""
    slider(SET, "u", _("U: how much of the state is passed on"), step=0.05, digits=2)
    st.caption(_("Click an input to switch it on or off. At U = 0 the two networks are the same."))
    ask_switch(SET)


def switch_input(t: int) -> None:
    """Turn one input on or off."""
    SET.change(inputs=current().inputs ^ 1 << (TIMESTEPS - 1 - t))


def read(inputs: np.ndarray, u: float) -> SimpleRNNTrace:
    """Let one unit with W = 1, b = 0 and this U read the inputs."""
    weights = SimpleRNNWeights(kernel=np.ones((1, 1)), recurrent_kernel=np.full((1, 1), u), bias=np.zeros(1))
    return simple_rnn_forward(inputs[np.newaxis, :, np.newaxis], weights)
