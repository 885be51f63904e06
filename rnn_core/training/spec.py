"""What is to be trained: one frozen record, its bounds, what it will cost.

Everything that decides the outcome of a training stands in a TrainingSpec, so that the same spec gives the
same curves again, can be written into a link or a notebook, and can be refused before anything starts.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple

from rnn_core import tasks

TASKS = ("delayed_recall", "adding", "small_reviews", "imdb")
CELLS = ("simple_rnn", "lstm", "gru", "bag_of_words")
VALIDATION_SHARE = 0.2


class SpecError(ValueError):
    """A setting that cannot be used. `code` is stable, `values` fills the sentence, str() is that sentence."""

    def __init__(self, code: str, sentence: str, **values: Any):
        super().__init__(sentence.format(**values))
        self.code = code
        self.values = values


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
CHOICES: dict[str, tuple[str, ...]] = {"task": TASKS, "cell": CELLS}
WHOLE = frozenset(LIMITS) - {"learning_rate", "clip"}


@dataclass(frozen=True)
class TrainingSpec:
    """One training.

    Attributes:
        task: one of TASKS, what is learnt.
        cell: one of CELLS, which network learns it; "bag_of_words" is the baseline without any order.
        units: size of the hidden state, per layer and direction.
        length: the task's timesteps knob: distractors for delayed recall, words kept of a review, ...
        samples: sequences used altogether; the last VALIDATION_SHARE of them validate.
        epochs: passes over the training sequences.
        batch_size: sequences per step.
        learning_rate: of the optimizer.
        seed: of data, initial weights and shuffling.
        layers: recurrent layers stacked.
        bidirectional: read each sequence in both directions.
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

    def check(self) -> TrainingSpec:
        """Return self, or raise the first SpecError: code "unknown_choice", "not_a_number" or "out_of_range"."""
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise _unknown(name, value, choices)
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            if value is None and limit.optional:
                continue
            whole = name in WHOLE
            right_type = isinstance(value, int) if whole else isinstance(value, (int, float))
            if not right_type or isinstance(value, bool) or math.isnan(value):
                raise _not_a_number(name, value)
            if not limit.low <= value <= limit.high:
                raise _out_of_range(name, value, limit)
        if not isinstance(self.bidirectional, bool):
            raise SpecError(
                "not_a_switch",
                "{name} is on or off, not {value!r}. Choose true or false.",
                name="bidirectional",
                value=self.bidirectional,
            )
        return self

    def data_only(self) -> TrainingSpec:
        """What decides the data: specs that are equal in it learn from the same sequences."""
        return TrainingSpec(task=self.task, length=self.length, samples=self.samples, seed=self.seed)

    @property
    def train_samples(self) -> int:
        """Sequences trained on, counted as Keras' `validation_split` counts them."""
        return int(self.samples * (1 - VALIDATION_SHARE))

    @property
    def validation_samples(self) -> int:
        """Sequences held back for validation."""
        return self.samples - self.train_samples

    @property
    def steps_per_epoch(self) -> int:
        """Gradient steps in one epoch; the last batch may be smaller."""
        return math.ceil(self.train_samples / self.batch_size)

    @property
    def validation_steps(self) -> int:
        """Batches of one validation."""
        return math.ceil(self.validation_samples / self.batch_size)

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
            raise SpecError("unreadable", "These settings cannot be read. Choose them again.")
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in raw.items() if name in known}).check()


DEFAULT = TrainingSpec()

# What the tasks' own defaults are is measured by tests/bench/bench_tasks.py.
PRESETS: dict[str, TrainingSpec] = {
    "delayed_recall": DEFAULT,
    "adding": TrainingSpec(**tasks.DEFAULTS["adding"]),
    "small_reviews": TrainingSpec(**tasks.DEFAULTS["small_reviews"]),
    "imdb_quick": TrainingSpec(**tasks.DEFAULTS["imdb"]),
    "imdb_article": TrainingSpec(
        task="imdb", units=32, length=500, samples=25_000, epochs=10, batch_size=128, learning_rate=0.001
    ),
}


def clamped(raw: Mapping[str, Any], default: TrainingSpec = DEFAULT) -> tuple[TrainingSpec, list[SpecError]]:
    """The usable spec nearest to what a link, a form or a file says.

    Args:
        raw: field name to value; values may be of any type, a list means the field was given repeatedly.
            Names that are no field of a spec are ignored.
        default: where absent and unreadable values come from.

    Returns:
        The spec, which passes check(), and one SpecError for each value that had to be changed.
    """
    values: dict[str, Any] = {}
    problems: list[SpecError] = []
    for name, fallback in asdict(default).items():
        if name not in raw:
            continue
        value = raw[name]
        if isinstance(value, (list, tuple)):
            if len(value) > 1:
                sentence = "{name} is given more than once; the first value, {value!r}, is used."
                problems.append(SpecError("repeated", sentence, name=name, value=_short(value[0])))
            value = value[0] if value else fallback
        try:
            values[name] = _READERS[name](name, value)
        except _Mended as mended:
            problems.append(mended.problem)
            values[name] = fallback if mended.value is _FALLBACK else mended.value
    return replace(default, **values).check(), problems


# ---------------------------------------------------------------------------------------------- what it costs

# Milliseconds that one timestep adds to a training step on one thread, for 32 units and a batch of 128, plain and
# with XLA. tests/bench/bench_training.py steps prints them anew, beside the estimates.
STEP_COST: dict[str, dict[str, float]] = {
    "simple_rnn": {"plain": 0.115, "xla": 0.060},
    "lstm": {"plain": 0.195, "xla": 0.106},
    "gru": {"plain": 0.265, "xla": 0.106},
    "bag_of_words": {"plain": 0.013, "xla": 0.008},
}
# How much of that is there however small the matrices are: XLA has less to do around each product.
FIXED_SHARE = {"plain": 0.75, "xla": 0.5}
STEP_OVERHEAD_MS = 3.0  # a step costs this whatever its length
START_SECONDS = 3.0  # making the data, building the model, tracing its first step and its first validation
XLA_COMPILE_SECONDS = 2.0
VALIDATION_COST = 0.35  # a forward pass alone, as a share of a training step
DEFAULT_BUDGET_SECONDS = 4 * 3600.0


def step_ms(spec: TrainingSpec, xla: bool) -> float:
    """Estimated milliseconds of one training step.

    The loop over time costs a fixed price per timestep; the products in it grow with the batch, and with the
    units a little less than squared.
    """
    kind = "xla" if xla else "plain"
    work = (spec.batch_size / 128) * (spec.units / 32) ** 1.5
    fixed = FIXED_SHARE[kind]
    copies = spec.layers * (2 if spec.bidirectional else 1)
    return STEP_OVERHEAD_MS + STEP_COST[spec.cell][kind] * spec.length * (fixed + (1 - fixed) * work) * copies


def _fit_seconds(spec: TrainingSpec, xla: bool) -> float:
    steps = spec.steps_per_epoch + VALIDATION_COST * spec.validation_steps
    return spec.epochs * steps * step_ms(spec, xla) / 1000


def use_xla(spec: TrainingSpec) -> bool:
    """Whether compiling the training step with XLA saves clearly more time than its compilation takes.

    Clearly, because the compilation comes before the first point of the curve, and somebody is waiting for that.
    """
    if spec.cell == "bag_of_words":
        return False
    return _fit_seconds(spec, xla=False) - _fit_seconds(spec, xla=True) > 3 * XLA_COMPILE_SECONDS


def estimate_seconds(spec: TrainingSpec) -> float:
    """Roughly how long the training takes on one thread of an ordinary machine, in seconds."""
    xla = use_xla(spec)
    return START_SECONDS + (XLA_COMPILE_SECONDS if xla else 0) + _fit_seconds(spec, xla)


def budget_seconds() -> float:
    """What one training may cost, from RNN_BUDGET_SECONDS; four hours unless the operator says otherwise."""
    try:
        seconds = float(os.environ.get("RNN_BUDGET_SECONDS", ""))
    except ValueError:
        return DEFAULT_BUDGET_SECONDS
    return seconds if seconds > 0 else DEFAULT_BUDGET_SECONDS


def check_budget(spec: TrainingSpec) -> float:
    """Return the estimate in seconds, or raise SpecError "over_budget" naming the setting to lower.

    The error's values: estimate, budget (seconds), lower (field name), to (the largest value that fits, or
    None if no value of that field alone does).
    """
    estimate, budget = estimate_seconds(spec), budget_seconds()
    if estimate <= budget:
        return estimate
    name, fitting = _what_to_lower(spec, budget)
    sentence = (
        "This training would take about {estimate:.0f} seconds; {budget:.0f} are allowed. Lower {lower} to {to}."
        if fitting is not None
        else "This training would take about {estimate:.0f} seconds; {budget:.0f} are allowed. Lower {lower} and more."
    )
    raise SpecError("over_budget", sentence, estimate=estimate, budget=budget, lower=name, to=fitting)


def _what_to_lower(spec: TrainingSpec, budget: float) -> tuple[str, int | None]:
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
    return "epochs", None


# ---------------------------------------------------------------------------------------------- reading values

_FALLBACK = object()


class _Mended(Exception):
    """A value that is not usable as it came: the problem, and what to use instead."""

    def __init__(self, problem: SpecError, value: Any = _FALLBACK):
        super().__init__(str(problem))
        self.problem = problem
        self.value = value


def _short(value: Any) -> str:
    """What a visitor typed, short enough to be shown back."""
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _unknown(name: str, value: Any, choices: tuple[str, ...]) -> SpecError:
    return SpecError(
        "unknown_choice",
        "There is no {name} {value!r}. Choose one of {choices}.",
        name=name,
        value=_short(value),
        choices=", ".join(choices),
    )


def _not_a_number(name: str, value: Any) -> SpecError:
    limit = LIMITS[name]
    return SpecError(
        "not_a_number",
        "{name} needs a number from {low:g} to {high:g}, not {value!r}.",
        name=name,
        value=_short(value),
        low=limit.low,
        high=limit.high,
    )


def _out_of_range(name: str, value: Any, limit: Limit) -> SpecError:
    return SpecError(
        "out_of_range",
        "{name} lies between {low:g} and {high:g}; {value} is outside.",
        name=name,
        value=_short(value),
        low=limit.low,
        high=limit.high,
    )


def _read_choice(name: str, value: Any) -> str:
    text = str(value).strip().lower()
    if text not in CHOICES[name]:
        raise _Mended(_unknown(name, value, CHOICES[name]))
    return text


def _read_switch(name: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text in ("true", "1", "yes", "on"):
        return True
    if text in ("false", "0", "no", "off", "none", ""):
        return False
    sentence = "{name} is on or off, not {value!r}. It stays off."
    raise _Mended(SpecError("not_a_switch", sentence, name=name, value=_short(value)), False)


def _read_number(name: str, value: Any) -> float | int | None:
    limit, whole = LIMITS[name], name in WHOLE
    if limit.optional and (value is None or str(value).strip().lower() in ("", "none", "off")):
        return None
    try:
        # A text of a million digits is no number that anybody meant, and slow to convert.
        number = float(str(value).strip()[:400])
    except ValueError:
        number = math.nan
    if isinstance(value, bool) or math.isnan(number):
        raise _Mended(_not_a_number(name, value))
    bounded = min(max(number, limit.low), limit.high)
    usable = round(bounded) if whole else bounded
    if bounded != number:
        raise _Mended(_out_of_range(name, value, limit), usable)
    if whole and usable != number:
        sentence = "{name} is a whole number; {value} becomes {used}."
        raise _Mended(SpecError("not_whole", sentence, name=name, value=_short(value), used=usable), usable)
    return usable


_READERS = {
    **dict.fromkeys(CHOICES, _read_choice),
    **dict.fromkeys(LIMITS, _read_number),
    "bidirectional": _read_switch,
}
