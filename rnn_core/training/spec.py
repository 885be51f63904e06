"""What is to be trained: one frozen record, its bounds, what it will cost.

Everything that decides the outcome of a training stands in a TrainingSpec, so that the same spec gives the
same curves again, can be written into a link or a notebook, and can be refused before anything starts.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple

from rnn_core import environment
from rnn_core.errors import VisitorError
from rnn_core.models.network import BAG_OF_WORDS, NETWORKS, Network
from rnn_core.numbers import Seconds
from rnn_core.tasks import TASKS, Data
from rnn_core.tasks.padding import ENDS, End


class SpecError(VisitorError):
    """A setting that cannot be used. A value called `setting` is the name of a field of a TrainingSpec."""

    SENTENCES: ClassVar = {
        "no_cells": "Choose at least one cell to train.",
        "unknown_choice": "There is no such choice for “{setting}”: {value}. Choose one of {choices}.",
        "not_a_number": "“{setting}” needs a number from {low} to {high}, not {value}.",
        "out_of_range": "“{setting}” lies between {low} and {high}; {value} is outside.",
        "only_reviews": "“{setting}” is a setting of reviews, which are of different lengths; this task has none.",
        "not_a_switch": "“{setting}” is on or off, not {value}.",
        "unreadable": "These settings cannot be read. Choose them again.",
        "over_budget": "This training would take about {estimate}; {budget} are allowed here. "
        "Lower “{setting}” to {to}.",
        "far_over_budget": "This training would take about {estimate}; {budget} are allowed here. Lower the epochs, "
        "the length and the units.",
    }


class Limit(NamedTuple):
    """The bounds of one number. `optional` numbers may also be None, which switches the setting off."""

    low: float
    high: float
    optional: bool = False


LIMITS: dict[str, Limit] = {
    "units": Limit(1, 256),
    "length": Limit(1, 1000),
    "samples": Limit(20, 50_000),
    "epochs": Limit(1, 200),
    "batch_size": Limit(1, 1024),
    "learning_rate": Limit(1e-6, 1e4),
    "seed": Limit(0, 2**31 - 1),
    "layers": Limit(1, 5),
    "clip": Limit(1e-3, 1e3, optional=True),
    "early_stopping": Limit(1, 50, optional=True),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "task": tuple(TASKS), "cell": NETWORKS, "padding": ENDS, "truncating": ENDS,
}  # fmt: skip
SWITCHES = ("bidirectional", "mask")
# What reviews alone have to set: other tasks keep the defaults.
OF_REVIEWS = ("padding", "truncating", "mask")
WHOLE = frozenset(LIMITS) - {"learning_rate", "clip"}


@dataclass(frozen=True)
class TrainingSpec:
    """One training.

    Attributes:
        task, length, samples, padding, truncating: what is learnt, see tasks.Data.
        cell, units, layers, bidirectional, mask: which network learns it, see models.network.Network.
        epochs: passes over the training sequences.
        batch_size: sequences per step.
        learning_rate: of the optimizer.
        seed: of data, initial weights and shuffling.
        clip: `global_clipnorm` of the optimizer, or None for no clipping.
        early_stopping: epochs without a better validation loss after which training ends, or None.
    """

    task: str = "delayed_recall"
    cell: str = "lstm"
    units: int = 32
    length: int = 30
    samples: int = 5000
    epochs: int = 5
    batch_size: int = 32
    learning_rate: float = 0.01
    seed: int = 0
    layers: int = 1
    bidirectional: bool = False
    clip: float | None = None
    early_stopping: int | None = None
    padding: End = "pre"
    truncating: End = "pre"
    mask: bool = False

    def check(self) -> TrainingSpec:
        """Return self.

        Raises:
            SpecError: the first of "unknown_choice", "not_a_number", "out_of_range", "not_a_switch", "only_reviews".
        """
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise SpecError("unknown_choice", setting=name, value=_short(value), choices=", ".join(choices))
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            if value is None and limit.optional:
                continue
            kinds = int if name in WHOLE else (int, float)
            bounds = {"low": f"{limit.low:.10g}", "high": f"{limit.high:.10g}"}
            if not isinstance(value, kinds) or isinstance(value, bool) or math.isnan(value):
                raise SpecError("not_a_number", setting=name, value=_short(value), **bounds)
            if not limit.low <= value <= limit.high:
                raise SpecError("out_of_range", setting=name, value=_short(value), **bounds)
        for name in SWITCHES:
            if not isinstance(getattr(self, name), bool):
                raise SpecError("not_a_switch", setting=name, value=_short(getattr(self, name)))
        for name in OF_REVIEWS:
            if not TASKS[self.task].reviews and getattr(self, name) != getattr(TrainingSpec, name):
                raise SpecError("only_reviews", setting=name)
        return self

    @property
    def data(self) -> Data:
        """What is learnt: specs that are equal in it learn from the same sequences."""
        return Data(self.task, self.length, self.samples, self.seed, self.padding, self.truncating)

    @property
    def network(self) -> Network:
        """Which network learns it."""
        return Network(self.task, self.cell, self.units, self.layers, self.bidirectional, self.mask)

    @property
    def steps_per_epoch(self) -> int:
        """Gradient steps in one epoch; the last batch may be smaller."""
        return math.ceil(self.data.train_samples / self.batch_size)

    @property
    def validation_steps(self) -> int:
        """Batches of one validation."""
        return math.ceil(self.data.validation_samples / self.batch_size)

    def to_json(self) -> str:
        """The spec as one line of JSON, keys sorted."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> TrainingSpec:
        """Read to_json's output back; fields that are missing take their default, unknown ones are ignored.

        Raises:
            SpecError: "unreadable" if the text is no JSON object, or what check() raises.
        """
        try:
            raw = json.loads(text)
        except (TypeError, ValueError):
            raw = None
        if not isinstance(raw, dict):
            raise SpecError("unreadable")
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in raw.items() if name in known}).check()


def _short(value: Any) -> str:
    """What a visitor typed, short enough to be shown back."""
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


# Settings with which each task shows what it has to show; tests/bench/bench_tasks.py measures it.
DEFAULT = TrainingSpec()
PRESETS: dict[str, TrainingSpec] = {
    "delayed_recall": DEFAULT,
    "adding": replace(DEFAULT, task="adding", epochs=8),
    "small_reviews": replace(DEFAULT, task="small_reviews", length=23, learning_rate=0.005),
    "small_reviews_zh": replace(DEFAULT, task="small_reviews_zh", length=23, learning_rate=0.005),
    "imdb_quick": replace(DEFAULT, task="imdb", length=100, samples=10_000, batch_size=64, learning_rate=0.004),
    "imdb_article": replace(
        DEFAULT, task="imdb", length=500, samples=25_000, epochs=10, batch_size=128, learning_rate=0.001
    ),
}


# ---------------------------------------------------------------------------------------------- what it costs

# Milliseconds that one timestep adds to a training step on one thread, for 32 units and a batch of 128, plain and
# with XLA. tests/bench/bench_training.py steps prints them anew, beside the estimates.
STEP_COST: dict[str, dict[str, float]] = {
    "simple_rnn": {"plain": 0.115, "xla": 0.060},
    "lstm": {"plain": 0.195, "xla": 0.106},
    "gru": {"plain": 0.265, "xla": 0.106},
    "bag_of_words": {"plain": 0.013, "xla": 0.008},
}
# How many times as long a timestep takes where a mask is minded, plain; with XLA it takes no longer.
MASK_COST = {"simple_rnn": 1.5, "lstm": 1.2, "gru": 1.1, "bag_of_words": 1.0}
# How much of that is there however small the matrices are: XLA has less to do around each product.
FIXED_SHARE = {"plain": 0.75, "xla": 0.5}
STEP_OVERHEAD_MS = 3.0  # a step costs this whatever its length
START_SECONDS = 3.0  # making the data, building the model, tracing its first step and its first validation
XLA_COMPILE_SECONDS = 2.0
VALIDATION_COST = 0.35  # a forward pass alone, as a share of a training step


def step_ms(spec: TrainingSpec, xla: bool) -> float:
    """Estimated milliseconds of one training step.

    The loop over time costs a fixed price per timestep; the products in it grow with the batch, and with the
    units a little less than squared.
    """
    kind = "xla" if xla else "plain"
    work = (spec.batch_size / 128) * (spec.units / 32) ** 1.5
    fixed = FIXED_SHARE[kind]
    copies = spec.layers * (2 if spec.bidirectional else 1)
    timestep = STEP_COST[spec.cell][kind] * (MASK_COST[spec.cell] if spec.mask and not xla else 1)
    return STEP_OVERHEAD_MS + timestep * spec.length * (fixed + (1 - fixed) * work) * copies


def _fit_seconds(spec: TrainingSpec, xla: bool) -> float:
    steps = spec.steps_per_epoch + VALIDATION_COST * spec.validation_steps
    return spec.epochs * steps * step_ms(spec, xla) / 1000


def use_xla(spec: TrainingSpec) -> bool:
    """Whether compiling the training step with XLA saves clearly more time than its compilation takes.

    Clearly, because the compilation comes before the first point of the curve, and somebody is waiting for that.
    """
    if spec.cell == BAG_OF_WORDS:
        return False
    return _fit_seconds(spec, xla=False) - _fit_seconds(spec, xla=True) > 3 * XLA_COMPILE_SECONDS


def estimate_seconds(spec: TrainingSpec) -> float:
    """Roughly how long the training takes on one thread of an ordinary machine, in seconds."""
    xla = use_xla(spec)
    return START_SECONDS + (XLA_COMPILE_SECONDS if xla else 0) + _fit_seconds(spec, xla)


def check_budget(spec: TrainingSpec) -> float:
    """Return the estimate in seconds.

    Raises:
        SpecError: "over_budget" with the setting to lower, and to what, or "far_over_budget" if no value of one
            setting alone brings the estimate within the operator's budget.
    """
    estimate, budget = Seconds(estimate_seconds(spec)), Seconds(environment.BUDGET_SECONDS.read())
    if estimate <= budget:
        return estimate
    found = _what_to_lower(spec, budget)
    if found is None:
        raise SpecError("far_over_budget", estimate=estimate, budget=budget)
    setting, to = found
    raise SpecError("over_budget", estimate=estimate, budget=budget, setting=setting, to=to)


def _what_to_lower(spec: TrainingSpec, budget: float) -> tuple[str, int] | None:
    """The first setting that alone brings the estimate within the budget, with the largest value that does."""

    def fits(name: str, value: int) -> bool:
        changed: dict[str, Any] = {name: value}
        return estimate_seconds(replace(spec, **changed)) <= budget

    for name in ("epochs", "samples", "length", "units"):
        low, high = int(LIMITS[name].low), int(getattr(spec, name))
        if not fits(name, low):
            continue
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(name, middle) else (low, middle - 1)
        return name, low
    return None
