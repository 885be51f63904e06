"""A finished run as the pages meet it, without having been trained."""

import numpy as np

from rnn_core import tasks
from rnn_core.cells import initial_weights
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore

SPEC = TrainingSpec(task="delayed_recall", cell="lstm", units=6, length=9, samples=100)


def trained(store: RunStore, spec: TrainingSpec = SPEC) -> str:
    """Leave a run in the store as a worker does, with weights that were drawn instead of learnt."""
    (run_id,) = store.create([spec], "somebody else", "test")
    submission = store.hand_over(store.get(run_id), "test")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    task, directions = tasks.TASKS[spec.task], 2 if spec.bidirectional else 1
    rng = np.random.default_rng(0)
    arrays, first, features = {}, 0, task.input_size
    if task.inputs == "tokens":
        first, features = 1, task.embedding_features
        arrays["0_embedding/embeddings"] = rng.normal(size=(task.input_size, features)).astype("float32")
    for number in range(first, first + spec.layers):
        for half in ("forward", "backward")[:directions]:
            weights = initial_weights(spec.cell, features, spec.units, number)
            for name in ("kernel", "recurrent_kernel", "bias"):
                arrays[f"{number}_{half}_{spec.cell}/{name}"] = getattr(weights, name)
        features = directions * spec.units
    answers = len(task.answers) if task.answer == "classes" else 1
    head = f"{first + spec.layers}_dense"
    arrays[f"{head}/kernel"] = rng.normal(size=(features, answers)).astype("float32")
    arrays[f"{head}/bias"] = np.zeros(answers, "float32")
    store.run_folder(run_id).mkdir(parents=True)
    np.savez(store.run_folder(run_id) / "weights.npz", **arrays)
    (store.run_folder(run_id) / "model.keras").touch()
    store.write(run_id, run.attempt, {"state": "done"})
    return run_id
