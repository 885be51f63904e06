"""What the tasks' default settings show, and how long they take: python tests/bench/bench_tasks.py [task ...]

Every task's defaults, each cell, five seeds; then the three recurrent cells of one seed as the page runs them, two
at a time in processes of one thread each, started and warm. IMDB needs RNN_IMDB_DIR or an earlier download.
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

RECURRENT = ("simple_rnn", "lstm", "gru")


def warm_up() -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras  # noqa: F401


def train(task: str, cell: str, seed: int) -> tuple[float, list[float], float]:
    """Seconds, validation accuracy (or loss) by epoch, chance level."""
    import keras

    from rnn_core import tasks
    from rnn_core.training.spec import PRESETS, use_xla
    from rnn_core.training.worker.job import model_of

    began = time.perf_counter()
    spec = replace(PRESETS[task], cell=cell, seed=seed)
    dataset = tasks.load(spec.data)
    keras.backend.clear_session()
    history = model_of(spec, dataset, jit_compile=use_xla(spec)).fit(
        dataset.x_train,
        dataset.y_train,
        batch_size=spec.batch_size,
        epochs=spec.epochs,
        validation_data=(dataset.x_val, dataset.y_val),
        verbose=0,
    )
    curve = history.history["val_loss" if dataset.answer == "regression" else "val_acc"]
    return time.perf_counter() - began, curve, dataset.chance


def main() -> None:
    from rnn_core.training.spec import PRESETS

    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), initializer=warm_up)
    list(pool.map(abs, range(2)))
    for task in sys.argv[1:] or PRESETS:
        print(f"\n{task}: {PRESETS[task]}")
        print(f"{'cell':14}{'seed':>5}{'seconds':>9}{'chance':>8}{'best':>8}  by epoch")
        jobs = [(cell, seed) for cell in (*RECURRENT, "bag_of_words") for seed in range(5)]
        results = pool.map(train, [task] * len(jobs), *zip(*jobs, strict=True))
        for (cell, seed), (seconds, curve, chance) in zip(jobs, results, strict=True):
            best = min(curve) if task == "adding" else max(curve)
            epochs = " ".join(f"{value:.2f}" for value in curve)
            print(f"{cell:14}{seed:5}{seconds:9.1f}{chance:8.3f}{best:8.3f}  {epochs}", flush=True)
        began = time.perf_counter()
        list(pool.map(train, [task] * 3, RECURRENT, [0] * 3))
        print(f"three cells, two at a time: {time.perf_counter() - began:.1f} s")
    pool.shutdown()


if __name__ == "__main__":
    main()
