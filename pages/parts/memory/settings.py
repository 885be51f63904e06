"""What the memory page is set to: which networks, where the loss sits, and how far the gradient has been walked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pages.common.link import Choice, Number, Parameter, Text
from pages.common.opened import EPOCH, SEQUENCES
from pages.common.predict import ASK
from pages.common.settings import Owner
from pages.elements.arithmetic import OPENED
from pages.elements.transport import SPEED
from rnn_core.cells.recurrent import RECIPES
from rnn_core.cells.registry import CELLS

PAGE = "memory"
TIMESTEPS, UNITS = 500, 64
FEATURES = 4  # numbers in one random input
#: Up to these sizes the network is drawn with its edges.
SMALL_TIMESTEPS, SMALL_UNITS = 8, 4
SEEDS = 2**32 - 1
CLIPS = {"off": None, "10": 10.0, "1": 1.0, "0.1": 0.1}


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link.

    Attributes:
        network: "random", or "trained": those that come with the project.
        way: "back", the gradient from the loss to the first timestep, or "forth", a nudge of the first input.
        cell: whose matrices are shown.
        timesteps, units, input, recipe, radius, forget_bias, update_bias, seed: what random networks are and read.
        losses: "last" or "every" timestep.
        clip: the length to which the gradient of the weights is clipped, one of CLIPS.
        view: "curves" of all cells, or "edges" of one, in a network small enough.
        path: which part of a Jacobian is shown.
        run, epoch, sequence: a training whose network is opened in place of all that, after which epoch; and which of
            its task's sequences a trained network reads, from 1.
        t: how many timesteps have been walked.
        speed, open, ask: how fast a film goes, which number is open, whether to ask.
    """

    network: str
    way: str
    cell: str
    timesteps: int
    units: int
    input: str
    recipe: str
    radius: float
    forget_bias: float
    update_bias: float
    losses: str
    clip: str
    seed: int
    view: str
    path: str
    run: str
    sequence: int
    epoch: int
    t: int
    speed: str
    open: str
    ask: bool

    @property
    def is_small(self) -> bool:
        """Whether a random network of this size is drawn with its edges."""
        return self.timesteps <= SMALL_TIMESTEPS and self.units <= SMALL_UNITS


def _parameters(network: str) -> Sequence[Parameter]:
    return (
        Choice("way", "back", ("back", "forth")),
        Choice("cell", "lstm" if network == "trained" else "simple_rnn", tuple(CELLS)),
        Number("timesteps", 50, 2, TIMESTEPS),
        Number("units", 32, 1, UNITS),
        Choice("input", "noise", ("noise", "pulse")),
        Choice("recipe", "keras", RECIPES),
        Number("radius", 1.0, 0.05, 5.0),
        Number("forget_bias", 1.0, -5.0, 10.0),
        Number("update_bias", 0.0, -5.0, 10.0),
        Choice("losses", "last", ("last", "every")),
        Choice("clip", "off", tuple(CLIPS)),
        Number("seed", 1, 0, SEEDS),
        Choice("view", "curves", ("curves", "edges")),
        Choice("path", "whole", ("whole", "kept", "gates")),
        Text("run", longest=40),
        Number("sequence", 1, 1, SEQUENCES),
        EPOCH,
        Number("t", 0, 0, TIMESTEPS - 1),
        SPEED,
        OPENED,
        ASK,
    )


SET = Owner(PAGE, Settings, _parameters, base=Choice("network", "random", ("random", "trained")))
current = SET.current

#: Ready experiments: each where another cell wins, or where all of them lose.
EXPERIMENTS: dict[str, dict[str, Any]] = {
    "power": {"recipe": "identity", "radius": 0.9, "input": "pulse", "cell": "simple_rnn"},
    "orthogonal": {"input": "pulse", "cell": "simple_rnn"},
    "open": {"forget_bias": 5.0, "cell": "lstm"},
    "gru": {"update_bias": 5.0, "cell": "gru"},
    "explode": {"recipe": "normal", "radius": 3.0, "cell": "simple_rnn"},
}


def path_of(settings: Settings, cell: str) -> str:
    """Return the path whose part of a cell's Jacobian is shown; without a gate that keeps there is one path alone."""
    return settings.path if CELLS[cell].keeps else "whole"


#: Where the visitor looks, whatever networks these are.
LOOKS = ("cell", "path", "way", "view", "sequence", "epoch", "t", "speed", "open", "ask")


def experiment_of(settings: Settings) -> str:
    """Return the ready experiment that the settings are, wherever the visitor looks; blank if they are none."""
    looks = {name: getattr(settings, name) for name in LOOKS}
    for name in EXPERIMENTS:
        if settings == replace(set_up(name), **looks):
            return name
    return ""


def set_up(name: str) -> Settings:
    """Return the settings of a ready experiment."""
    return replace(SET.defaults("random"), **EXPERIMENTS[name])
