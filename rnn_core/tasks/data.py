"""What decides the data of a training, and how they are split; nothing of who learns from them, or how."""

from __future__ import annotations

from dataclasses import dataclass

from .padding import End

VALIDATION_SHARE = 0.2


@dataclass(frozen=True)
class Data:
    """Which sequences: equal Data are the same sequences, to the last number.

    Attributes:
        task: one of tasks.TASKS.
        length: the task's timesteps knob: distractors for delayed recall, words kept of a review, ...
        samples: sequences altogether; the last VALIDATION_SHARE of them validate.
        seed: which random numbers they are drawn from; IMDB is the same for every seed.
        padding, truncating: at which end reviews are filled up with zeros and cut, see padding.pad(). The sequences of
            other tasks all have one length, so there it decides nothing.
    """

    task: str
    length: int
    samples: int
    seed: int = 0
    padding: End = "pre"
    truncating: End = "pre"

    @property
    def train_samples(self) -> int:
        """Sequences trained on, counted as Keras' `validation_split` counts them."""
        return int(self.samples * (1 - VALIDATION_SHARE))

    @property
    def validation_samples(self) -> int:
        """Sequences held back for validation."""
        return self.samples - self.train_samples
