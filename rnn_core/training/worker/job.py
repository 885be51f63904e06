"""What a worker runs: one training from its spec to its weights, and short questions to Keras beside it.

This module can be imported anywhere; Keras comes in when a job begins.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnn_core.errors import Told, VisitorError
from rnn_core.models.trained import arrays_of
from rnn_core.tasks import Dataset
from rnn_core.training.files import write_arrays
from rnn_core.training.runs import EventPoint, Run
from rnn_core.training.spec import TrainingSpec, use_xla
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.told import RunProblem
from rnn_core.training.worker.recorder import (
    Checkpoint,
    DamagedCheckpoint,
    Diverged,
    Halt,
    Recorder,
    load_checkpoint,
)

log = logging.getLogger(__name__)

# Whoever seeds, builds or compiles in this process holds this lock: a question answered meanwhile would draw from
# the same random state, and the training would not be what its seed promises.
KERAS_LOCK = threading.RLock()

GROWTH_MB = 100  # a worker that has grown by this much since its first training is replaced
LEAVE_SECONDS = 1.0  # and this long after its last training, so that nothing new is on its way to it


@lru_cache(maxsize=4)
def _store(url: str, folder: str) -> RunStore:
    return RunStore(url, folder)


def answer(function: Callable[..., Any], args: tuple) -> Any:
    """Answer a short question to Keras, not while a training in this process is being built."""
    with KERAS_LOCK:
        return function(*args)


class Outcome(NamedTuple):
    """What became of a run, for the log; and the worker's address if it is about to be replaced."""

    what: str
    leaving: str | None = None


def run_training(run_id: str, submission: int, url: str, folder: str) -> Outcome:
    """Carry out a run, from its checkpoint if it has one.

    Safe to call again for the same submission, at any time and anywhere: whoever begins last goes on, and
    whoever is no longer wanted leaves without a trace.

    Args:
        run_id: the run.
        submission: the number under which it was handed over; an older one does nothing.
        url, folder: where the store is.
    """
    store = _store(url, folder)
    found = store.runs(ids=[run_id])
    if not found:
        return Outcome("deleted")
    run = found[0]
    if run.submission != submission:
        return Outcome("not wanted")
    try:
        checkpoint = load_checkpoint(store, run)
    except DamagedCheckpoint as error:
        return _cannot_go_on(store, run, error)
    begun = store.begin(run, submission, checkpoint.epoch if checkpoint else 0, worker=_whoami())
    if begun is None:
        return Outcome("not wanted")
    with Recorder(store, begun) as recorder:
        try:
            store.run_folder(run_id).mkdir(parents=True, exist_ok=True)
            _train(store, begun, recorder, checkpoint)
            what = "done"
        except Halt:
            what = "halted"
        except StoreUnavailable:
            what = "store unavailable"  # the web side sees a run that did not end and begins it again
        except Exception as error:
            what = _report(recorder, begun, error)
    return Outcome(what, leaving=_whoami() if _clean_up() else None)


def _cannot_go_on(store: RunStore, run: Run, error: DamagedCheckpoint) -> Outcome:
    """End the run before it begins again, so that it keeps its curves; its owner decides whether to train it anew."""
    log.error("run %s cannot go on: %s", run.id, error)
    problem = RunProblem("checkpoint_damaged", epoch=run.checkpoint_epoch)
    store.write(run.id, run.attempt, {"state": "failed", "checkpoint": None, "problem": problem})
    return Outcome("checkpoint damaged")


def _whoami() -> str:
    """The address of the Dask worker that we are, or the machine and process."""
    from distributed import get_worker

    try:
        return get_worker().address
    except ValueError:
        return f"{platform.node()}:{os.getpid()}"


def _train(store: RunStore, run: Run, recorder: Recorder, checkpoint: Checkpoint | None) -> None:
    from rnn_core import tasks

    # A download takes a while: stopping must not wait for its end.
    tasks.prepare(run.spec.data, progress=lambda done, total: recorder.check())
    dataset = tasks.load(run.spec.data)
    recorder.check()
    recorder.note(chance=dataset.chance)
    _keep_random_state_to_ourselves()
    compiling = contextlib.ExitStack()
    with compiling:
        compiling.enter_context(KERAS_LOCK)
        import keras

        from rnn_core.training.worker.callback import Progress

        xla = use_xla(run.spec)
        model = model_of(run.spec, dataset, jit_compile=xla)
        if checkpoint is not None:
            # Another order of batches than in the first epochs, but still decided by the seed.
            keras.utils.set_random_seed(run.spec.seed + checkpoint.epoch)
            restore(model, checkpoint.variables)
        recorder.check()
        metric = "acc" if dataset.answer != "regression" else None
        recorder.note(state="compiling", xla=xla, parameters=model.count_params(), metric=metric)
        stopping = None
        if run.spec.early_stopping is not None and not run.extended:
            stopping = keras.callbacks.EarlyStopping(patience=run.spec.early_stopping)
        progress = Progress(recorder, metric, stopping, first_batch=compiling.close)
        _fit(store, run, recorder, model, dataset, progress)


def _fit(store: RunStore, run: Run, recorder: Recorder, model: Any, dataset: Dataset, progress: Any) -> None:
    """Train until all the epochs that are wanted by then are done, and end the run."""
    from rnn_core.training.worker.callback import AlreadyStopped

    epochs_done, stopped_early = run.epochs_done, False
    if recorder.keeps:
        recorder.keep(epochs_done, arrays_of(model))
    while True:
        target = recorder.epochs_target
        if epochs_done < target:
            try:
                model.fit(
                    dataset.x_train,
                    dataset.y_train,
                    batch_size=run.spec.batch_size,
                    initial_epoch=epochs_done,
                    epochs=target,
                    validation_data=(dataset.x_val, dataset.y_val),
                    callbacks=[*filter(None, [progress.early_stopping]), progress],
                    verbose=0,
                )
                epochs_done = progress.epoch
                stopped_early = model.stop_training
            except AlreadyStopped:
                stopped_early = True
            except Halt:
                if progress.compiled:
                    _keep_stopped_model(store, run, model)
                raise
        recorder.check()
        save_model(model, store.run_folder(run.id))
        if stopped_early:
            recorder.finish(EventPoint("stopped_early", epochs_done), state="done", epochs_target=epochs_done)
            return
        # Not done if one more epoch was asked for in the meantime.
        if recorder.finish(unless="extended", state="done", epochs_done=epochs_done):
            return


def model_of(spec: TrainingSpec, dataset: Dataset, jit_compile: bool = False) -> Any:
    """The Keras model that a training of `spec` begins with."""
    from rnn_core.models.build import build_model

    return build_model(
        spec.network,
        dataset,
        learning_rate=spec.learning_rate,
        seed=spec.seed,
        clip=spec.clip,
        jit_compile=jit_compile,
    )


def _keep_stopped_model(store: RunStore, run: Run, model: Any) -> None:
    """A run that its owner stopped keeps the model it had; one deleted or begun elsewhere leaves nothing."""
    with contextlib.suppress(StoreUnavailable, OSError):
        now = store.runs(ids=[run.id])
        if now and now[0].state == "stopped" and now[0].attempt == run.attempt:
            save_model(model, store.run_folder(run.id))


def _keep_random_state_to_ourselves() -> None:
    """Give Dask random numbers of its own.

    Its event loop draws from Python's global generator when it estimates the size of a list. In between our
    seeding and Keras' drawing of initial weights, that would make another training of the same seed.
    """
    import random

    import dask.sizeof

    vars(dask.sizeof)["random"] = random.Random()


def restore(model: Any, variables: list[np.ndarray]) -> None:
    """Give a freshly built model, and its optimizer, the values of a checkpoint.

    Raises:
        ValueError: if the checkpoint belongs to a model of another shape.
    """
    model.optimizer.build(model.trainable_variables)
    own = [*model.variables, *model.optimizer.variables]
    if len(own) != len(variables):
        raise ValueError(f"checkpoint has {len(variables)} variables, the model {len(own)}")
    for variable, value in zip(own, variables, strict=True):
        variable.assign(value)


def save_model(model: Any, folder: Path) -> None:
    """Write model.keras and weights.npz; each is whole or not there."""
    partial = folder / "partial.keras"
    model.save(partial)
    os.replace(partial, folder / "model.keras")
    write_arrays(folder / "weights.npz", arrays_of(model))


def _report(recorder: Recorder, run: Run, error: Exception) -> str:
    """End the run as diverged or failed, and say why."""
    final: dict[str, Any] = {"state": "failed"}
    if isinstance(error, Diverged):
        final["state"] = "diverged"
        problem: Told = RunProblem(
            "diverged", epoch=error.epoch, step=error.step, learning_rate=run.spec.learning_rate
        )
    elif isinstance(error, VisitorError):
        problem = error  # a task that says itself what is missing, such as data that cannot be had
    else:
        log.error("run %s failed:\n%s", run.id, traceback.format_exc())
        problem = RunProblem("failed", error=f"{type(error).__name__}: {error}"[:300])
    try:
        recorder.finish(problem=problem, **final)
    except Halt:
        return "halted"
    return final["state"]


# ------------------------------------------------------------------------------------------------------- memory

_memory: dict[str, float] = {}


def _clean_up() -> bool:
    """Give back what the training used; if too much stays, have this worker replaced and return True."""
    keras = sys.modules.get("keras")
    if keras is not None:
        with KERAS_LOCK:
            keras.backend.clear_session()  # collects garbage, too
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
    import psutil

    now = psutil.Process().memory_info().rss / 2**20
    first = _memory.setdefault("first", now)
    return now - first > GROWTH_MB and _leave()


def _leave() -> bool:
    """Let the worker end once its result is delivered; its nanny starts a new one."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:
        return False  # not on a worker: called by a test or a script
    if worker.nanny is None:
        return False
    worker.loop.call_later(LEAVE_SECONDS, worker.close_gracefully, restart=True)
    return True
