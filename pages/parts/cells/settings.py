"""What the cells page is set to: which cell, which sequence, which sizes and biases; its controls, and the trace."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from pages.common.language import _
from pages.common.link import Choice, Number, number_setting
from pages.elements.number_table import adopt, edited, forget_tables, number_table
from rnn_core.cells import CellError, gru_forward, initial_weights, lstm_forward, simple_rnn_forward, weights_class
from rnn_core.cells.inputs import pulse, sine, split_words, typed_number, word_vectors
from rnn_core.cells.registry import CELLS as REGISTRY
from rnn_core.cells.weights import Weights
from rnn_core.explain.arithmetic import CellTrace

CELLS = ("lstm", "gru", "simple_rnn")
INPUTS = ("pulse", "sine", "words", "own")
TIMESTEPS, UNITS = 100, 64
SMALL = 4  # up to so many units and input features, single weights can be changed
NETWORK = "_network"  # where a trained network lies that is opened on this page
FORWARD = {"lstm": lstm_forward, "gru": gru_forward, "simple_rnn": simple_rnn_forward}
# Keras' own start.
START = {"input_gate": 0.0, "forget_gate": 1.0, "output_gate": 0.0, "update_gate": 0.0, "reset_gate": 0.0}
BIASES = tuple(Number(f"bias_{gate}", start, -10.0, 10.0) for gate, start in START.items())


class _Words:
    """A sentence in the link; blank means the page's own."""

    name, default = "words", ""
    options: tuple[str, ...] = ()

    def read(self, raw: str) -> tuple[str, bool]:
        return raw[:300], len(raw) <= 300

    def write(self, value: str) -> str:
        return value


class _Table:
    """Numbers in the link, timesteps divided by `_` and features by `,`; blank means a pulse."""

    name, default = "x", ""
    options: tuple[str, ...] = ()

    def read(self, raw: str) -> tuple[str, bool]:
        try:
            rows = [[typed_number(text) for text in row.split(",")] for row in raw[:6000].split("_")[:TIMESTEPS]]
        except CellError:
            return self.default, False
        if len({len(row) for row in rows}) != 1 or len(rows[0]) > 4:
            return self.default, False
        return raw[:6000], True

    def write(self, value: str) -> str:
        return value


PARAMETERS = (
    Choice("cell", "lstm", CELLS),
    Choice("input", "words", INPUTS),
    Number("timesteps", 12, 2, TIMESTEPS),
    Number("units", 4, 1, UNITS),
    Number("input_features", 1, 1, 4),
    Number("seed", 1, 0, 2**32 - 1),
    *BIASES,
    _Words(),
    _Table(),
)


@dataclass(frozen=True)
class Given:
    """Weights that were not drawn here. `name` stands for all of it: what has the same name has the same numbers.

    Attributes:
        weights: of the cell.
        start: the state before the first timestep, zeros if None.
    """

    name: str
    weights: Weights = field(compare=False)
    start: Any = field(compare=False, default=None)


@dataclass(frozen=True)
class Settings:
    """All that a trace depends on. The seed and the biases decide nothing where weights are given."""

    cell: str
    inputs: tuple[tuple[float, ...], ...]
    words: tuple[str, ...]
    units: int
    seed: int
    biases: tuple[tuple[str, float], ...]
    given: Given | None = None

    @property
    def timesteps(self) -> int:
        return len(self.inputs)

    @property
    def begun(self) -> bool:
        """Whether the cell has read something before the first timestep shown, so that its state is not zero."""
        return self.given is not None and self.given.start is not None

    @property
    def name(self) -> str:
        return REGISTRY[self.cell].label


@lru_cache(maxsize=64)
def read(settings: Settings) -> CellTrace:
    """Return the trace, a batch of one. The same settings are computed once for all visitors."""
    inputs = np.array(settings.inputs)
    weights = settings.given.weights if settings.given else drawn(settings)
    start = settings.given.start if settings.given else None
    with np.errstate(over="ignore", invalid="ignore"):
        return FORWARD[settings.cell](inputs[np.newaxis], weights, initial_state=start)


@lru_cache(maxsize=64)
def drawn(settings: Settings) -> Weights:
    """Return the weights that the seed and the biases make."""
    weights = initial_weights(settings.cell, len(settings.inputs[0]), settings.units, settings.seed)
    for gate, value in settings.biases:
        row = weights.bias[0] if weights.bias.ndim == 2 else weights.bias
        row[weights.columns(gate)] = value
    return weights


def settings() -> Settings:
    """Return what the visitor has set, from the widgets' state, or the trained network that is open."""
    chosen = st.session_state
    if chosen.get(NETWORK):
        return chosen[NETWORK].settings
    words: tuple[str, ...] = ()
    if chosen["input"] == "words":
        words = tuple(split_words(chosen["words"], TIMESTEPS) or split_words(own_sentence(), TIMESTEPS))
        array = word_vectors(words)
    elif chosen["input"] == "own":
        array = own_rows()
    else:
        array = (pulse if chosen["input"] == "pulse" else sine)(chosen["timesteps"])
    gates = [gate for gate in weights_class(chosen["cell"]).GATES if gate in START]
    made = Settings(
        chosen["cell"],
        tuple(map(tuple, array.tolist())),
        words,
        chosen["units"],
        chosen["seed"],
        tuple((gate, float(chosen[f"bias_{gate}"])) for gate in gates),
    )
    return as_edited(made) if is_small(made) else made


def is_small(settings: Settings) -> bool:
    """Whether its weights are so few that each can be shown and changed."""
    return settings.units <= SMALL and len(settings.inputs[0]) <= SMALL


def as_edited(settings: Settings) -> Settings:
    """Return the settings with the weights that the visitor has changed, if any."""
    weights = drawn(settings)
    start = tables(weights)
    now = {name: edited(name, numbers) for name, numbers in start.items()}
    if all(np.array_equal(now[name], start[name]) for name in start):
        return settings
    changed = type(weights)(now["kernel"], now["recurrent_kernel"], now["bias"].reshape(weights.bias.shape))
    digits = b"".join(array.tobytes() for array in changed.to_keras())
    return replace(settings, given=Given(hashlib.sha256(digits).hexdigest(), changed))


def tables(weights: Weights) -> dict[str, np.ndarray]:
    """Return the weights as tables, by name; a bias of one row is a table too."""
    return {
        "kernel": weights.kernel,
        "recurrent_kernel": weights.recurrent_kernel,
        "bias": np.atleast_2d(weights.bias),
    }


def own_sentence() -> str:
    """The page's own short sequence of words."""
    return _("the film was not good at all")


def controls() -> None:
    """Draw which cell, which sequence; in popovers what is seldom changed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.segmented_control(
            _("Cell"), CELLS, key="cell", required=True, label_visibility="collapsed",
            format_func=lambda name: REGISTRY[name].label,
        )
        names = {"pulse": _("a pulse"), "sine": _("a wave"), "words": _("words"), "own": _("own numbers")}
        st.segmented_control(
            _("Input"), INPUTS, key="input", required=True, format_func=names.get, label_visibility="collapsed"
        )
        if st.session_state["input"] == "words":
            st.text_input(
                _("Words"),
                key="words",
                placeholder=own_sentence(),
                max_chars=300,
                width=205,
                label_visibility="collapsed",
            )
        if st.session_state["input"] == "own":
            kind = "primary" if still_the_pulse() else "secondary"
            with st.popover(_("Edit the numbers"), icon=":material/table:", type=kind):
                _table()
        with st.popover(_("Sizes and seed"), icon=":material/tune:"):
            given = st.session_state["input"] == "words"
            number_setting(_("timesteps: how long the sequence is"), 2, TIMESTEPS, key="timesteps", disabled=given)
            number_setting(_("units: numbers in the state"), 1, UNITS, key="units")
            number_setting(_("seed: which random numbers"), 0, 2**32 - 1, key="seed")
            st.button(_("New weights"), icon=":material/casino:", on_click=new_weights, key="new_weights")


def still_the_pulse() -> bool:
    """Whether the visitor chose own numbers, but has typed none yet."""
    return st.session_state["input"] == "own" and not st.session_state["x"]


def new_weights() -> None:
    """Draw the next seed's weights; what was changed by hand is gone."""
    forget_tables("kernel", "recurrent_kernel", "bias")
    st.session_state["seed"] = (st.session_state["seed"] + 1) % 2**32


def own_rows() -> np.ndarray:
    """One's own numbers in the size that is wanted now, (timesteps, input_features)."""
    timesteps, features = st.session_state["timesteps"], st.session_state["input_features"]
    text = st.session_state["x"]
    typed = np.array([[float(n) for n in row.split(",")] for row in text.split("_")]) if text else pulse(timesteps)
    rows = np.zeros((timesteps, features))
    kept = typed[:timesteps, :features]
    rows[: len(kept), : kept.shape[1]] = kept
    return rows


def _table() -> None:
    """Draw the table of one's own numbers; what is typed into it goes into the link."""
    number_setting(_("input features: numbers in one input"), 1, 4, key="input_features")
    rows = own_rows()
    columns = [f"x[{i}]" for i in range(rows.shape[1])]
    good = number_table("own", rows, columns, header=_("timestep"), first=1, width=180 + 110 * len(columns))
    if not np.array_equal(good, rows):
        st.session_state["x"] = "_".join(",".join(_shortest(n) for n in row) for row in good)
        adopt("own")


def _shortest(number: float) -> str:
    """All digits, but no more."""
    text = f"{number:g}"
    return text if float(text) == number else repr(float(number))
