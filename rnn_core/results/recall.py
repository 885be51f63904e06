"""What each cell has really learnt at delayed recall, and how far its gradient reaches: recorded trainings.

The figures lie beside this file; `make_recall.py` trains all of it again, and says why the trainings are what they are.

A short half-life after training does not mean that a network forgets. A SimpleRNN that has learnt this task holds a
letter in units that are driven to -1 or 1 and stay there: a little more or less of the letter changes nothing later,
so its derivative is next to zero, and still which letter it was can be told (Bengio, Simard & Frasconi 1994). It means
that nothing more can be learnt from so far away: such a network learnt from the short delays, and its units held on.

>>> figures = recall()
>>> figures.lengths
(10, 20, 50, 100, 200)
>>> row = figures.row("lstm", forget_gate=5.0)
>>> row.label, [len(entry.accuracies) for entry in row.entries]
('LSTM', [3, 3, 3, 3, 3])
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from rnn_core.cells.registry import CELLS
from rnn_core.tasks import TASKS

FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Settings:
    """What all the trainings share.

    Attributes:
        task: one of tasks.TASKS.
        units: of the cell.
        samples: sequences made anew for each length and seed; the last fifth of them validates.
        batch_size, epochs: of the training.
        learning_rate, clip: of RMSprop; the greatest norm that all gradients together may have.
        measured: validation sequences in which the gradient was followed.
    """

    task: str = "delayed_recall"
    units: int = 32
    samples: int = 8000
    batch_size: int = 64
    epochs: int = 20
    learning_rate: float = 0.01
    clip: float = 1.0
    measured: int = 8

    @property
    def guessing(self) -> float:
        """The accuracy of a network that knows nothing."""
        return 1 / len(TASKS[self.task].answers)


@dataclass(frozen=True)
class Gradient:
    """How the loss's gradient fares on its way from the last timestep to the first; means over the sequences measured.

    Attributes:
        halvings: part of the state ("h", an LSTM's "c") → how often it is halved from one timestep to the one before,
            1 / `explain.gradient.half_life`; negative where it grows.
        left: the same parts → log10 of the share of the last timestep's that is there at the first; -324 if nothing
            that a float64 could hold.
    """

    halvings: Mapping[str, float]
    left: Mapping[str, float]


@dataclass(frozen=True)
class Training:
    """One training, as it went.

    Attributes:
        cell: one of CELLS.
        biases: gate → the bias that it began with, where that is another than Keras' own.
        length: letters between the first one, which is the answer, and the end.
        seed: of sequences, first weights and order of batches.
        parameters: of the whole network.
        seconds: of processor time that it took, with its compilation, on the machine that recorded it.
        accuracies: of the validation sequences, which all have the full length, after each epoch.
        training_accuracy: in the last epoch, over all delays from 0 to `length`.
        before, after: the gradient before the first epoch and after the last.
    """

    cell: str
    biases: Mapping[str, float]
    length: int
    seed: int
    parameters: int
    seconds: float
    accuracies: tuple[float, ...]
    training_accuracy: float
    before: Gradient
    after: Gradient

    @property
    def last(self) -> float:
        """Its validation accuracy after the last epoch, of the very network that `after` measures."""
        return self.accuracies[-1]

    @property
    def best(self) -> float:
        """Its best validation accuracy; of a network that guesses, no more than its luckiest epoch."""
        return max(self.accuracies)

    def epoch_of(self, accuracy: float) -> int | None:
        """The first epoch, counted from 1, after which it answered so many rightly; None if it never did."""
        return next((epoch for epoch, reached in enumerate(self.accuracies, 1) if reached >= accuracy), None)


@dataclass(frozen=True)
class Entry:
    """The trainings of one cell at one length: one for each seed, in the seeds' order."""

    length: int
    trainings: tuple[Training, ...]
    halfway: float

    @property
    def accuracies(self) -> tuple[float, ...]:
        """Validation accuracy after the last epoch, one per seed."""
        return tuple(training.last for training in self.trainings)

    @property
    def accuracy(self) -> float:
        """Their mean."""
        return float(np.mean(self.accuracies))

    @property
    def epochs(self) -> tuple[int | None, ...]:
        """After which epoch it first came half the way from guessing to all right, one per seed; None for never."""
        return tuple(training.epoch_of(self.halfway) for training in self.trainings)

    @property
    def half_life_before(self) -> float:
        """Timesteps after which half the gradient is left, before the first epoch; as `explain.gradient.half_life`.

        Of the gradient at the cell's memory, the carry of an LSTM and the state of the others; from the mean number of
        halvings in a timestep, over all seeds and sequences. Negative where it grows, and then it doubles in so many;
        inf if it stays what it is.
        """
        return _half_life(self._mean("before", "halvings"))

    @property
    def half_life_after(self) -> float:
        """The same after the last epoch."""
        return _half_life(self._mean("after", "halvings"))

    @property
    def left_before(self) -> float:
        """log10 of the share of the last timestep's gradient that is there at the first, before the first epoch."""
        return self._mean("before", "left")

    @property
    def left_after(self) -> float:
        """The same after the last epoch."""
        return self._mean("after", "left")

    def _mean(self, when: str, figure: str) -> float:
        return float(np.mean([getattr(getattr(t, when), figure)[CELLS[t.cell].memory] for t in self.trainings]))


@dataclass(frozen=True)
class Row:
    """One kind of network at all lengths.

    Attributes:
        cell: one of CELLS.
        biases: gate → the bias that it began with; empty for Keras' own beginning.
        entries: one for each length, the shortest first.
    """

    cell: str
    biases: Mapping[str, float]
    entries: tuple[Entry, ...]

    @property
    def label(self) -> str:
        """The name of Keras' class."""
        return CELLS[self.cell].label

    @property
    def parameters(self) -> int:
        """Numbers that the whole network learns; the same at every length."""
        return self.entries[0].trainings[0].parameters


@dataclass(frozen=True)
class Recall:
    """All figures: what the trainings share, and a row for each kind of network, in the order of the table."""

    settings: Settings
    rows: tuple[Row, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(entry.length for entry in self.rows[0].entries)

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(training.seed for training in self.rows[0].entries[0].trainings)

    @property
    def seconds(self) -> float:
        """What all trainings together took."""
        return sum(t.seconds for row in self.rows for entry in row.entries for t in entry.trainings)

    def row(self, cell: str, **biases: float) -> Row:
        """Return the row of a cell that began with these biases of its gates, or with Keras' own.

        Raises:
            KeyError: there is none.
        """
        for row in self.rows:
            if (row.cell, row.biases) == (cell, biases):
                return row
        raise KeyError((cell, biases))


@cache
def recall() -> Recall:
    """Return the recorded figures."""
    return read(FILE)


def read(file: Path) -> Recall:
    """Return what `make_recall.py` has written, each row's trainings by length and seed."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    settings = Settings(**raw["settings"])
    halfway = (settings.guessing + 1) / 2
    by_row: dict[tuple, list[Training]] = {}
    for training in map(_training, raw["trainings"]):
        by_row.setdefault((training.cell, *training.biases.items()), []).append(training)
    rows = []
    for trainings in by_row.values():
        trainings.sort(key=lambda training: (training.length, training.seed))
        entries = (Entry(n, tuple(those), halfway) for n, those in groupby(trainings, lambda t: t.length))
        rows.append(Row(trainings[0].cell, trainings[0].biases, tuple(entries)))
    return Recall(settings, tuple(rows))


def _training(raw: dict[str, Any]) -> Training:
    gradients = {when: Gradient(**raw[when]) for when in ("before", "after")}
    return Training(**raw | gradients | {"accuracies": tuple(raw["accuracies"])})


def _half_life(halvings: float) -> float:
    return 1 / halvings if halvings else float("inf")
