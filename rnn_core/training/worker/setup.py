"""Preloaded by every worker of the local cluster: TensorFlow imported ahead and kept to one thread.

Workers with one thread each finish more trainings than one with several: small recurrent steps gain nothing from a
second thread.
"""

from __future__ import annotations

import importlib
from typing import Any


def dask_setup(worker: Any) -> None:
    """Called by Dask before the worker takes its first task; it counts as ready afterwards."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    for module in ("keras", "rnn_core.models.build", "rnn_core.training.worker.callback"):
        importlib.import_module(module)
