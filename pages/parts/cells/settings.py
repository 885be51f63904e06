"""What the cells page is set to: which network reads which sequence, and where the visitor looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.common.edits import edits_parameter
from pages.common.link import Choice, Number, Parameter, Problems, Text
from pages.common.opened import EPOCH, SEQUENCES
from pages.common.predict import ASK
from pages.common.reviews import CHARACTERS, CORPORA
from pages.common.settings import Owner
from pages.elements.arithmetic import OPENED
from pages.elements.transport import SPEED
from rnn_core.cells.inputs import TypedNumberError, typed_number
from rnn_core.cells.registry import CELLS

PAGE = "cells"
INPUTS = ("words", "pulse", "sine", "own")
TIMESTEPS, UNITS, FEATURES = 100, 64, 4
SEEDS = 2**32 - 1
#: How many timesteps the trained networks that come with the project read.
RECALLED = 31
# Keras' own start.
START = {"input_gate": 0.0, "forget_gate": 1.0, "output_gate": 0.0, "update_gate": 0.0, "reset_gate": 0.0}


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link.

    Attributes:
        network: "trained", those that come with the project, or "random".
        cell: one of CELLS.
        input: what a random network reads, one of INPUTS; then what decides its sizes and its weights.
        bias_input_gate, …: the biases that its gates begin with.
        words, x: a sentence or numbers of the visitor's own; blank for the page's.
        edits: single weights changed by hand.
        run: a training whose network is opened in place of all that; blank without one.
        sequence: which of its task's sequences a trained network reads, from 1.
        review, corpus: a review that a network reads in place of a sequence: the run, or the one of its cell that comes
            with the project, in one of two languages; blank without one.
        epoch: after which epoch a trained network is shown, as far as it was kept.
        t, speed, open, ask: where the transport stands, how fast it goes, which number is open, whether to ask.
    """

    network: str
    cell: str
    input: str
    timesteps: int
    units: int
    input_features: int
    seed: int
    bias_input_gate: float
    bias_forget_gate: float
    bias_output_gate: float
    bias_update_gate: float
    bias_reset_gate: float
    words: str
    x: str
    edits: str
    run: str
    sequence: int
    review: str
    corpus: str
    epoch: int
    t: int
    speed: str
    open: str
    ask: bool

    def biases(self, cell: str) -> tuple[tuple[str, float], ...]:
        """The biases that this cell's gates begin with, by gate."""
        return tuple((gate, getattr(self, f"bias_{gate}")) for gate in CELLS[cell].gates)


def numbers_of(x: str) -> list[list[float]]:
    """Return the numbers of a table in the link, timesteps divided by `_` and features by `,`.

    Raises:
        TypedNumberError: one of them is no number.
    """
    return [[typed_number(text) for text in row.split(",")] for row in x.split("_")[:TIMESTEPS]] if x else []


def _mend_table(raw: str) -> tuple[str, Problems] | None:
    try:
        rows = numbers_of(raw)
    except TypedNumberError:
        return None
    return (raw, ()) if not rows or (len({len(row) for row in rows}) == 1 and len(rows[0]) <= FEATURES) else None


def _parameters(network: str) -> Sequence[Parameter]:
    return (
        Choice("cell", "lstm", ("lstm", "gru", "simple_rnn")),
        Choice("input", "words", INPUTS),
        Number("timesteps", 12, 2, TIMESTEPS),
        Number("units", 4, 1, UNITS),
        Number("input_features", 1, 1, FEATURES),
        Number("seed", 1, 0, SEEDS),
        *(Number(f"bias_{gate}", start, -10.0, 10.0) for gate, start in START.items()),
        Text("words"),
        Text("x", longest=6000, mend=_mend_table),
        edits_parameter("kernel", "recurrent_kernel", "bias"),
        Text("run", longest=40),
        Number("sequence", 1, 1, SEQUENCES),
        Text("review", longest=CHARACTERS),
        Choice("corpus", CORPORA[0], CORPORA),
        EPOCH,
        # A trained network is seen at the end, where it has to answer.
        Number("t", RECALLED if network == "trained" else 0, 0, TIMESTEPS),
        SPEED,
        OPENED,
        ASK,
    )


# A link without a network was written when all that were not opened from a training were random.
SET = Owner(PAGE, Settings, _parameters, base=Choice("network", "trained", ("trained", "random")), older="random")
current = SET.current
