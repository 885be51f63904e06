"""Writes the weights that a run keeps of its epochs, and removes what is too many. In the recorder's thread alone."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rnn_core.models.build import count_parameters
from rnn_core.training.files import write_arrays
from rnn_core.training.kept import epochs_in, path_of, room, spread
from rnn_core.training.runs import Run

log = logging.getLogger(__name__)

Weights = Mapping[str, np.ndarray]


class Keeper:
    """The kept epochs of one attempt at a run. What earlier attempts kept beyond its beginning is removed.

    Attributes:
        room: how many epochs are kept; 0 if the network is too large.
    """

    def __init__(self, folder: Path, run: Run):
        self.folder = folder
        self.room = room(count_parameters(run.spec.network))
        for epoch in epochs_in(folder):
            if epoch > run.epochs_done:
                self._remove(epoch)

    def keep(self, weights: Mapping[int, Weights], planned: int) -> None:
        """Write the weights of these epochs, as far as they stay; what must make room for them goes first.

        A full disk or a folder that cannot be written costs the epoch, not the training.
        """
        there = epochs_in(self.folder)
        stay = spread([*there, *weights], self.room, planned)
        for epoch in there:
            if epoch not in stay:
                self._remove(epoch)
        for epoch in weights:
            if epoch in stay:
                try:
                    write_arrays(path_of(self.folder, epoch), weights[epoch])
                except OSError as error:
                    log.warning("the weights of epoch %d were not kept in %s: %s", epoch, self.folder, error)

    def _remove(self, epoch: int) -> None:
        with contextlib.suppress(OSError):
            path_of(self.folder, epoch).unlink()
