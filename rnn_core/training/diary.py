"""What a person would say about a training while it runs: computed from its numbers.

Nothing here is a guess: every entry follows from the points that stand in the run store, and the same points give
the same entries, whether the run is watched live or opened a year later. What was told once stays told.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np

from rnn_core.errors import Told
from rnn_core.numbers import Figure, Share
from rnn_core.training.runs import Curves

LEARNT = 0.95  # accuracy at which we say so
RISES = 2  # epochs in a row that validation loss rises while training loss falls ...
RISEN = 0.05  # ... and by which share of its lowest point it must have risen in all
FALL = 0.10  # a loss of accuracy from one epoch to the next that is worth a word
STILL = 0.01  # share by which training loss moves when it stands still ...
STILL_EPOCHS = 3  # ... over so many epochs
# Share of the way from guessing to perfect that counts as better than guessing, beyond what luck does.
ABOVE_CHANCE = 0.10
HALF = 0.5  # share of it at which a run "gets it"


class Remark(Told):
    """What one epoch's numbers say. Of a regression there is no accuracy, so it has sentences of its own."""

    SENTENCES: ClassVar = {
        "above_chance": "validation {value}, above the {chance} of guessing: it has begun to learn.",
        "above_mean": "validation error {value}, below the {chance} of always answering the mean: it has begun to "
        "learn.",
        "learnt": "validation {value}: it has learnt the task.",
        "learnt_error": "validation error {value}, less than a twentieth of {chance}: it has learnt the task.",
        "still_chance": "validation {value}, where guessing gets {chance}: nothing it has learnt works on new "
        "sequences.",
        "still_mean": "validation error {value}, hardly better than always answering the mean ({chance}): it "
        "has learnt nothing.",
        "best": "the lowest validation loss was that of epoch {best}, with {value} right.",
        "best_error": "the lowest validation loss was that of epoch {best}: {value}.",
        "overfitting": "validation loss has risen {rises} times in a row while training loss falls: overfitting "
        "begins. Best so far: epoch {best}.",
        "fell": "validation accuracy fell from {before} to {after}: the steps may be too large.",
        "stands_still": "training loss has stood still for {epochs} epochs, at {loss}.",
    }
    OF_REGRESSION: ClassVar = {
        "above_chance": "above_mean",
        "learnt": "learnt_error",
        "still_chance": "still_mean",
        "best": "best_error",
    }


class Entry(NamedTuple):
    """One line of the log: the finished epoch whose numbers say it, from 1, and what they say."""

    epoch: int
    remark: Remark


def diary(
    curves: Curves, chance: float | None, regression: bool, ended: bool, validates_more: bool = False
) -> list[Entry]:
    """Return what the epochs so far say, in their order.

    Args:
        curves: the run's points.
        chance: what guessing reaches: an accuracy, or a mean squared error if `regression`; None if unknown.
        regression: whether there is no accuracy, only a loss.
        ended: whether the last epoch is the last; then a verdict follows.
        validates_more: of the task; a gap between the curves then tells nothing of overfitting.
    """
    if not len(curves.epoch):
        return []
    judged = _Judged(curves, chance, regression)
    above, learnt = judged.first(judged.progress >= ABOVE_CHANCE, "above_chance"), judged.first(judged.learnt, "learnt")
    entries = learnt if [e.epoch for e in learnt] == [e.epoch for e in above] else above + learnt
    if not validates_more:
        entries += _overfitting(judged)
    if not regression:
        entries += _falls(curves.val_metric)
    entries += _standing_still(curves.loss, judged.progress)
    if ended:
        entries += _verdict(judged)
    return sorted(entries, key=lambda entry: entry.epoch)


def gets_it(curves: Curves, chance: float | None, regression: bool) -> int | None:
    """Return the epoch, from 1, at which validation has first come half the way from guessing to perfect.

    None if it has not, or was there after its first epoch already, so that its curve has no such moment.

    Args:
        curves, chance, regression: as in `diary`.
    """
    there = np.flatnonzero(_Judged(curves, chance, regression).progress >= HALF)
    return int(curves.epoch[there[0]]) if there.size and there[0] > 0 else None


class _Judged:
    """A run's points, measured against guessing."""

    def __init__(self, curves: Curves, chance: float | None, regression: bool):
        self.curves, self.chance, self.regression = curves, chance, regression

    @property
    def progress(self) -> np.ndarray:
        """How far from guessing (0) to perfect (1) each epoch's validation has come; NaN if guessing is unknown."""
        if self.chance is None:
            return np.full(len(self.curves.epoch), np.nan)
        if self.regression:
            return 1 - self.curves.val_loss / max(self.chance, 1e-12)
        return (self.curves.val_metric - self.chance) / max(1 - self.chance, 1e-12)

    @property
    def learnt(self) -> np.ndarray:
        """Whether each epoch's validation is as good as perfect."""
        return (self.progress if self.regression else self.curves.val_metric) >= LEARNT

    def first(self, there: np.ndarray, code: str) -> list[Entry]:
        """Told of the first epoch where it is so, if there is one."""
        return [self.told(int(at), code, int(at)) for at in np.flatnonzero(there)[:1]]

    def told(self, at: int, code: str, shown: int, **values: int) -> Entry:
        """An entry at index `at` about what index `shown` reached."""
        measured = self.curves.val_loss if self.regression else self.curves.val_metric
        value, chance = float(measured[shown]), self.chance
        if self.regression:
            code = Remark.OF_REGRESSION[code]
        kind = Figure if self.regression else Share
        known = None if chance is None else kind(chance)
        return Entry(int(self.curves.epoch[at]), Remark(code, value=kind(value), chance=known, **values))


def _overfitting(judged: _Judged) -> list[Entry]:
    """Told once for each lowest point of the validation loss that is clearly left behind.

    Only of a network that had begun to understand, since what was never understood cannot be forgotten; and only of
    one that was not perfect already, since a wobble there is a step too large and soon mended.
    """
    curves, entries, told, rises = judged.curves, [], set(), 0
    with np.errstate(invalid="ignore"):
        understood = np.maximum.accumulate(np.nan_to_num(judged.progress, nan=1.0) >= ABOVE_CHANCE)
        perfect = np.maximum.accumulate(judged.learnt)
    for i in range(1, len(curves.epoch)):
        rose = curves.val_loss[i] > curves.val_loss[i - 1] and curves.loss[i] < curves.loss[i - 1]
        rises = rises + 1 if rose else 0
        if rises < RISES or not understood[i] or perfect[i]:
            continue
        at = int(np.nanargmin(curves.val_loss[: i + 1]))
        best = int(curves.epoch[at])
        if curves.val_loss[i] > (1 + RISEN) * curves.val_loss[at] and best not in told:
            told.add(best)
            entries.append(Entry(int(curves.epoch[i]), Remark("overfitting", rises=rises, best=best)))
    return entries


def _falls(metric: np.ndarray) -> list[Entry]:
    return [
        Entry(i + 1, Remark("fell", before=Share(metric[i - 1]), after=Share(metric[i])))
        for i in range(1, len(metric))
        if metric[i - 1] - metric[i] > FALL
    ]


def _standing_still(loss: np.ndarray, progress: np.ndarray) -> list[Entry]:
    for i in range(STILL_EPOCHS, len(loss)):
        window = loss[i - STILL_EPOCHS : i + 1]
        # A loss near zero has nowhere left to fall; that is success, not standing still.
        if np.ptp(window) < STILL * abs(window[0]) and not progress[i] >= LEARNT:
            return [Entry(i + 1, Remark("stands_still", epochs=STILL_EPOCHS, loss=Figure(loss[i])))]
    return []


def _verdict(judged: _Judged) -> list[Entry]:
    curves, progress = judged.curves, judged.progress
    last = len(curves.epoch) - 1
    if np.isfinite(progress).all() and progress.max() < ABOVE_CHANCE:
        return [judged.told(last, "still_chance", last)]
    if not np.isfinite(curves.val_loss).any():
        return []
    best = int(np.nanargmin(curves.val_loss))
    return [judged.told(last, "best", best, best=int(curves.epoch[best]))]
