"""A finished run as the pages meet it, without having been trained."""

from collections.abc import Sequence

import numpy as np

from rnn_core import tasks
from rnn_core.cells import initial_weights
from rnn_core.training.files import write_arrays
from rnn_core.training.kept import path_of
from rnn_core.training.runs import EpochPoint
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore

SPEC = TrainingSpec(task="delayed_recall", cell="lstm", units=6, length=9, samples=100)


def trained(
    store: RunStore, spec: TrainingSpec = SPEC, kept: Sequence[int] = (), state: str = "done", steps_more: int = 0
) -> str:
    """Leave a run in the store as a worker does, with weights that were drawn instead of learnt.

    Args:
        store: where.
        spec: of the training.
        kept: epochs whose weights it has kept, the last of them the one that it ended with. After epoch n it has
            1 - 1/n right.
        state: how it ended.
        steps_more: so many steps of another epoch were done, when it was stopped.
    """
    (run_id,) = store.create([spec], "somebody else", "test")
    submission = store.hand_over(store.get(run_id), "test")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    store.run_folder(run_id).mkdir(parents=True)
    end = weights(spec, len(kept))
    write_arrays(store.run_folder(run_id) / "weights.npz", end)
    (store.run_folder(run_id) / "model.keras").touch()
    for number, epoch in enumerate(kept, 1):
        last = number == len(kept) and not steps_more
        write_arrays(path_of(store.run_folder(run_id), epoch), end if last else weights(spec, number - 1))
    done = max(kept, default=0)
    points = [EpochPoint(n, 1 / n, 1 - 1 / n, 1 / n, 1 - 1 / n, 1.0, 0.0) for n in range(1, done + 1)]
    step = done * spec.steps_per_epoch + steps_more
    store.write(run_id, run.attempt, {"epochs_done": done, "step": step, "chance": 0.25}, points)
    store.write(run_id, run.attempt, {"state": state})
    return run_id


def weights(spec: TrainingSpec, seed: int) -> dict[str, np.ndarray]:
    """Return weights of the network of a training, drawn and not learnt, by the names that a worker gives them."""
    task, directions = tasks.TASKS[spec.task], 2 if spec.bidirectional else 1
    rng = np.random.default_rng(seed)
    arrays, first, features = {}, 0, task.input_size
    if task.inputs == "tokens":
        first, features = 1, task.embedding_features
        arrays["0_embedding/embeddings"] = rng.normal(size=(task.input_size, features)).astype("float32")
    if spec.cell == "bag_of_words":
        arrays["2_dense/kernel"] = rng.normal(size=(features, 1)).astype("float32")
        return arrays | {"2_dense/bias": np.zeros(1, "float32")}
    for number in range(first, first + spec.layers):
        for half in ("forward", "backward")[:directions]:
            drawn = initial_weights(spec.cell, features, spec.units, number + 10 * seed)
            for name in ("kernel", "recurrent_kernel", "bias"):
                arrays[f"{number}_{half}_{spec.cell}/{name}"] = getattr(drawn, name)
        features = directions * spec.units
    answers = len(task.answers) if task.answer == "classes" else 1
    head = f"{first + spec.layers}_dense"
    arrays[f"{head}/kernel"] = rng.normal(size=(features, answers)).astype("float32")
    arrays[f"{head}/bias"] = np.zeros(answers, "float32")
    return arrays
