"""What a person would say about a training while it runs: computed from its numbers, told as codes.

Nothing here is a guess: every entry follows from the points that stand in the run store, and the same points give
the same entries, whether the run is watched live or opened a year later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.training.runs import Curves

LEARNT = 0.95  # accuracy at which we say so
RISES = 2  # epochs in a row that validation loss rises while training loss falls
FALL = 0.10  # a loss of accuracy from one epoch to the next that is worth a word
STILL = 0.01  # share by which training loss moves when it stands still ...
STILL_EPOCHS = 3  # ... over so many epochs
# Share of the way from guessing to perfect that counts as better than guessing, beyond what luck does.
ABOVE_CHANCE = 0.10


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        epoch: the finished epoch whose numbers say it, from 1.
        code: "above_chance", "learnt", "overfitting", "fell", "stands_still", "still_chance", "best".
        values: what fills the sentence.
    """

    epoch: int
    code: str
    values: dict[str, Any]


def diary(curves: Curves, chance: float | None, regression: bool, ended: bool) -> list[Entry]:
    """Return what the epochs so far say, in their order.

    Args:
        curves: the run's points.
        chance: what guessing reaches: an accuracy, or a mean squared error if `regression`; None if unknown.
        regression: whether there is no accuracy, only a loss.
        ended: whether the last epoch is the last; then a verdict follows.
    """
    if not len(curves.epoch):
        return []
    entries: list[Entry] = []
    progress = _progress(curves, chance, regression)
    learnt = _first(progress, LEARNT, "learnt", curves, regression, chance, at_least=curves.val_metric)
    above = _first(progress, ABOVE_CHANCE, "above_chance", curves, regression, chance)
    entries += learnt if [e.epoch for e in learnt] == [e.epoch for e in above] else above + learnt
    entries += _overfitting(curves)
    if not regression:
        entries += _falls(curves.val_metric)
    entries += _standing_still(curves.loss, progress)
    if ended:
        entries += _verdict(curves, progress, regression, chance)
    return sorted(entries, key=lambda entry: entry.epoch)


def _progress(curves: Curves, chance: float | None, regression: bool) -> np.ndarray:
    """How far from guessing (0) to perfect (1) each epoch's validation has come."""
    if chance is None:
        return np.full(len(curves.epoch), np.nan)
    if regression:
        return 1 - curves.val_loss / max(chance, 1e-12)
    return (curves.val_metric - chance) / max(1 - chance, 1e-12)


def _reached(curves: Curves, at: int, regression: bool, chance: float | None) -> dict[str, Any]:
    value = curves.val_loss[at] if regression else curves.val_metric[at]
    return {"value": float(value), "chance": chance, "regression": regression}


def _first(
    progress: np.ndarray,
    threshold: float,
    code: str,
    curves: Curves,
    regression: bool,
    chance: float | None,
    at_least: np.ndarray | None = None,
) -> list[Entry]:
    measured = at_least if at_least is not None and not regression else progress
    there = np.flatnonzero(measured >= threshold)
    if not there.size:
        return []
    at = int(there[0])
    return [Entry(int(curves.epoch[at]), code, _reached(curves, at, regression, chance))]


def _overfitting(curves: Curves) -> list[Entry]:
    """Told once for each lowest point of the validation loss that is left behind."""
    entries: list[Entry] = []
    rises = 0
    for i in range(1, len(curves.epoch)):
        rose = curves.val_loss[i] > curves.val_loss[i - 1] and curves.loss[i] < curves.loss[i - 1]
        rises = rises + 1 if rose else 0
        if rises == RISES:
            values = {"rises": RISES, "best": int(curves.epoch[np.nanargmin(curves.val_loss[: i + 1])])}
            if not entries or entries[-1].values["best"] != values["best"]:
                entries.append(Entry(int(curves.epoch[i]), "overfitting", values))
    return entries


def _falls(metric: np.ndarray) -> list[Entry]:
    return [
        Entry(i + 1, "fell", {"before": float(metric[i - 1]), "after": float(metric[i])})
        for i in range(1, len(metric))
        if metric[i - 1] - metric[i] > FALL
    ]


def _standing_still(loss: np.ndarray, progress: np.ndarray) -> list[Entry]:
    for i in range(STILL_EPOCHS, len(loss)):
        window = loss[i - STILL_EPOCHS : i + 1]
        # A loss near zero has nowhere left to fall; that is success, not standing still.
        if np.ptp(window) < STILL * abs(window[0]) and not progress[i] >= LEARNT:
            return [Entry(i + 1, "stands_still", {"epochs": STILL_EPOCHS, "loss": float(loss[i])})]
    return []


def _verdict(curves: Curves, progress: np.ndarray, regression: bool, chance: float | None) -> list[Entry]:
    last = len(curves.epoch) - 1
    if np.isfinite(progress).all() and progress.max() < ABOVE_CHANCE:
        return [Entry(int(curves.epoch[last]), "still_chance", _reached(curves, last, regression, chance))]
    if not np.isfinite(curves.val_loss).any():
        return []
    best = int(np.nanargmin(curves.val_loss))
    values = {"best": int(curves.epoch[best]), **_reached(curves, best, regression, chance)}
    return [Entry(int(curves.epoch[last]), "best", values)]
