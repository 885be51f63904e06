"""What the live display costs a training, how soon the first point is there, what memory stays, what a step costs.

    python tests/bench/bench_training.py [cost] [first] [wishes] [memory] [steps] [article] [keeping]

Every figure is a ratio or a time measured within one run; no argument means cost and first.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rnn_core.models.network import NETWORKS
from rnn_core.training.spec import DEFAULT, PRESETS, TrainingSpec, step_ms
from rnn_core.training.store import RunStore
from rnn_core.training.web.cluster import Trainer

ROUNDS = 5


def cost(folder: Path) -> None:
    """`fit` with the recorder, the store and the checkpoints against `fit` alone, by turns, in one process.

    On a busy machine times differ by more than what is looked for, so the processor time of our own code is
    counted as well: callbacks in the training's thread, the recorder in its own.
    """
    from rnn_core.training.worker import setup as worker_setup

    worker_setup.dask_setup(None)
    import keras

    from rnn_core import tasks
    from rnn_core.training.worker.callback import Progress
    from rnn_core.training.worker.job import model_of, run_training
    from rnn_core.training.worker.recorder import Recorder

    store = RunStore(f"sqlite:///{folder / 'cost.sqlite'}")
    fits: list[float] = []
    ours = [0.0]

    def counted(owner, name, into):
        inner = getattr(owner, name)

        def outer(*args, **kwargs):
            began = time.thread_time()
            try:
                return inner(*args, **kwargs)
            finally:
                into(time.thread_time() - began)

        setattr(owner, name, outer)

    plain_fit = keras.Model.fit

    def timed_fit(*args, **kwargs):
        began = time.process_time()
        result = plain_fit(*args, **kwargs)
        fits.append(time.process_time() - began)
        return result

    def add(seconds):
        ours[0] += seconds

    keras.Model.fit = timed_fit
    for name in ("on_train_batch_begin", "on_train_batch_end", "on_epoch_begin", "on_epoch_end", "on_test_batch_begin"):
        counted(Progress, name, add)
    counted(Recorder, "_loop", add)

    for spec in (
        replace(DEFAULT, epochs=6),
        replace(DEFAULT, cell="simple_rnn", epochs=6),
        TrainingSpec(task="small_reviews", cell="bag_of_words", length=20, samples=5000, epochs=6, batch_size=64),
    ):
        dataset = tasks.load(spec.data)
        alone: list[float] = []
        live: list[float] = []
        shares: list[float] = []

        def fit_alone(spec=spec, dataset=dataset, alone=alone):
            model = model_of(spec, dataset)
            validation = (dataset.x_val, dataset.y_val)
            model.fit(
                dataset.x_train,
                dataset.y_train,
                batch_size=spec.batch_size,
                epochs=spec.epochs,
                validation_data=validation,
                verbose=0,
            )
            alone.append(fits[-1])
            keras.backend.clear_session()

        def fit_live(spec=spec, live=live, shares=shares):
            (run_id,) = store.create([spec], "bench", "bench")
            submission = store.hand_over(store.get(run_id), "bench")
            ours[0] = 0.0
            assert run_training(run_id, submission, store.url, str(store.folder)).what == "done"
            live.append(fits[-1])
            shares.append(ours[0] / fits[-1])

        for turn in range(ROUNDS):
            for fit in (fit_alone, fit_live) if turn % 2 else (fit_live, fit_alone):
                fit()
        ratios = [with_it / without for with_it, without in zip(live, alone, strict=True)]
        print(
            f"{spec.task} {spec.cell}, {spec.epochs} epochs of {spec.steps_per_epoch} steps, fit alone "
            f"{statistics.median(alone):.2f} s of processor time: live / alone {statistics.median(ratios):.3f} "
            f"({min(ratios):.3f} to {max(ratios):.3f}), our own code {100 * statistics.median(shares):.1f} % of it",
            flush=True,
        )
    keras.Model.fit = plain_fit


def keeping(folder: Path) -> None:
    """What it costs to keep the epochs' weights, as a share of a training, and how many bytes they are.

    Within one run: the time that copying and writing take, of the training's time. And the processor time of runs
    that keep them against runs that do not, by turns. IMDB in the article's size has few reviews here, so that its
    bytes are true and its share is far greater than that of 25,000 reviews.
    """
    from rnn_core.training.worker import callback, job, keeper
    from rnn_core.training.worker import setup as worker_setup

    worker_setup.dask_setup(None)
    store = RunStore(f"sqlite:///{folder / 'keeping.sqlite'}")
    spent = {"copying": 0.0, "writing": 0.0}

    def timed(function, what):
        def outer(*args, **kwargs):
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[what] += time.perf_counter() - began

        return outer

    callback.arrays_of = timed(callback.arrays_of, "copying")
    keeper.Keeper.keep = timed(keeper.Keeper.keep, "writing")  # type: ignore[method-assign]
    room = keeper.room

    def trained(spec, keeps):
        keeper.room = room if keeps else lambda parameters: 0
        (run_id,) = store.create([spec], "bench", "bench")
        submission = store.hand_over(store.get(run_id), "bench")
        spent.update(copying=0.0, writing=0.0)
        began = time.process_time()
        assert job.run_training(run_id, submission, store.url, str(store.folder)).what == "done"
        return store.get(run_id), time.process_time() - began

    for name, spec, rounds in (
        ("delayed recall as it is set", DEFAULT, 2 * ROUNDS),
        ("IMDB, the article's size, 500 reviews", replace(PRESETS["imdb_article"], samples=500, epochs=10), 1),
    ):
        shares, ratios = [], []
        for turn in range(rounds):
            processor = {}
            for keeps in (True, False) if turn % 2 else (False, True):
                run, processor[keeps] = trained(spec, keeps)
                if keeps:
                    shares.append(100 * sum(spent.values()) / run.seconds)
                    kept = store.kept_epochs(run.id)
                    size = sum(file.stat().st_size for file in store.run_folder(run.id).glob("epoch-*"))
            ratios.append(processor[True] / processor[False])
        print(
            f"{name}: {len(kept)} epochs kept of {run.epochs_done + 1}, {size / 1e6:.2f} MB; copying and writing "
            f"{statistics.median(shares):.2f} % of the training's time (most {max(shares):.2f} %); processor time "
            f"with / without {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
            flush=True,
        )


def _ready(folder: Path, workers: int = 3) -> Trainer:
    began = time.perf_counter()
    trainer = Trainer(RunStore(f"sqlite:///{folder / 'first.sqlite'}"), scheduler="", workers=workers)
    while trainer.status.workers < workers:
        time.sleep(0.01)
    print(f"cluster of {workers}: ready after {time.perf_counter() - began:.1f} s")
    return trainer


def first(folder: Path) -> None:
    """From the click on start to the first point in the store, and to the end, default settings, warm workers."""
    trainer = _ready(folder)
    try:
        for turn in range(4):
            began = time.perf_counter()
            ids = trainer.start([replace(DEFAULT, cell=cell) for cell in ("simple_rnn", "lstm", "gru")], "bench")
            called = time.perf_counter() - began
            points: dict[str, float] = {}
            while not all(run.ended for run in trainer.store.runs(ids=ids)):
                for run_id in ids:
                    if run_id not in points and len(trainer.store.curves(run_id).step):
                        points[run_id] = time.perf_counter() - began
                time.sleep(0.01)
            runs = trainer.store.runs(ids=ids)
            print(
                f"turn {turn}: start() {called * 1000:.0f} ms, first points after "
                f"{', '.join(f'{points[i]:.2f}' for i in ids)} s, all done after {time.perf_counter() - began:.1f} s; "
                f"best validation {', '.join(f'{run.spec.cell} {run.best_val_metric:.2f}' for run in runs)}"
            )
    finally:
        trainer.close()


def wishes(folder: Path) -> None:
    """From pause, resume and stop to the state that says it has been done; quick steps, and steps as slow as IMDB's."""
    trainer = _ready(folder)
    slow = TrainingSpec(task="delayed_recall", cell="lstm", length=500, batch_size=128, samples=20000, epochs=20)

    def after(run_id, wish, state):
        began = time.perf_counter()
        trainer.wish(run_id, "bench", wish)
        while trainer.store.get(run_id).state != state:
            time.sleep(0.005)
        return time.perf_counter() - began

    try:
        for name, spec in (("quick steps", replace(DEFAULT, epochs=100)), ("slow steps", slow)):
            taken: dict[str, list[float]] = {"pause": [], "resume": [], "stop": []}
            for _turn in range(4):
                (run_id,) = trainer.start([spec], "bench")
                for _pause in range(3):
                    while not len(trainer.store.curves(run_id).step) or trainer.store.get(run_id).state != "running":
                        time.sleep(0.005)
                    taken["pause"].append(after(run_id, "pause", "paused"))
                    taken["resume"].append(after(run_id, "resume", "running"))
                taken["stop"].append(after(run_id, "stop", "stopped"))
            said = ", ".join(f"{wish} {max(seconds):.2f} s" for wish, seconds in taken.items())
            print(f"{name}: longest of {len(taken['pause'])} each: {said}", flush=True)
    finally:
        trainer.close()


def memory(folder: Path) -> None:
    """Fifty trainings one after another on one worker."""
    import psutil

    trainer = _ready(folder, workers=1)
    try:
        specs = [replace(DEFAULT, cell=cell, samples=400, epochs=2) for cell in ("lstm", "gru", "simple_rnn")]
        sizes, pids = [], set()
        for turn in range(50):
            (run_id,) = trainer.start([specs[turn % 3]], "bench")
            while not trainer.store.get(run_id).ended or trainer._flights:
                time.sleep(0.02)
            pid = trainer.ask(os.getpid, timeout=60)
            trainer._answers.clear()
            pids.add(pid.result(60))
            sizes.append(psutil.Process(pid.result(60)).memory_info().rss / 2**20)
        print(
            f"memory of the worker after training 1: {sizes[0]:.0f} MB, 10: {sizes[9]:.0f}, 25: {sizes[24]:.0f}, "
            f"50: {sizes[-1]:.0f} MB; most {max(sizes):.0f} MB; {len(pids)} processes"
        )
    finally:
        trainer.close()


def steps(folder: Path) -> None:
    """Milliseconds of processor time a step, measured and estimated, plain and with XLA, one thread."""
    from rnn_core.training.worker import setup as worker_setup

    worker_setup.dask_setup(None)
    from rnn_core import tasks
    from rnn_core.training.worker.job import model_of

    for length, units, batch_size in ((30, 32, 32), (100, 32, 128), (500, 32, 128), (100, 128, 128), (100, 128, 16)):
        for cell in NETWORKS:
            spec = TrainingSpec(
                task="delayed_recall",
                cell=cell,
                length=length,
                units=units,
                batch_size=batch_size,
                samples=max(20, batch_size * 25),
            )
            data = tasks.load(spec.data)
            said = f"{cell:13} length {length:3} units {units:3} batch {batch_size:3}:"
            for xla in (False, True):
                model = model_of(spec, data, jit_compile=xla)
                began = time.process_time()
                model.fit(data.x_train, data.y_train, batch_size=batch_size, epochs=1, verbose=0)
                compiled = time.process_time() - began
                began = time.process_time()
                model.fit(data.x_train, data.y_train, batch_size=batch_size, epochs=1, verbose=0)
                measured = (time.process_time() - began) * 1000 / spec.steps_per_epoch
                name = "xla" if xla else "plain"
                compile_s = compiled - measured * spec.steps_per_epoch / 1000
                said += f"  {name} {measured:.1f} ms (estimate {step_ms(spec, xla):.1f}, first {compile_s:.1f} s)"
            print(said, flush=True)


def article(folder: Path) -> None:
    """The article's experiment, ten epochs of three cells: ours side by side, against three plain fits in turn.

    Of each plain fit one epoch is timed, in a script of its own with TensorFlow's defaults; the other nine are alike.
    """
    import subprocess

    spec = PRESETS["imdb_article"]
    code = (
        "import sys, time; from rnn_core import tasks; from rnn_core.training.worker.job import model_of;"
        "from rnn_core.training.spec import TrainingSpec; spec = TrainingSpec.from_json(sys.argv[1]);"
        "d = tasks.load(spec.data); m = model_of(spec, d); t = time.perf_counter();"
        "m.fit(d.x_train, d.y_train, batch_size=spec.batch_size, epochs=1, verbose=0,"
        " validation_data=(d.x_val, d.y_val)); print(time.perf_counter() - t)"
    )
    plain = 0.0
    for cell in ("simple_rnn", "lstm", "gru"):
        command = [sys.executable, "-c", code, replace(spec, cell=cell).to_json()]
        seconds = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])
        plain += spec.epochs * seconds
        print(f"plain fit, {cell}: {seconds:.1f} s an epoch", flush=True)
    trainer = _ready(folder)
    try:
        began = time.perf_counter()
        ids = trainer.start([replace(spec, cell=cell) for cell in ("simple_rnn", "lstm", "gru")], "bench")
        while not all(run.ended for run in trainer.store.runs(ids=ids)):
            time.sleep(0.05)
        ours = time.perf_counter() - began
        for run_id in ids:
            run = trainer.store.get(run_id)
            seconds = ", ".join(f"{s:.1f}" for s in trainer.store.curves(run_id).seconds)
            print(f"{run.spec.cell}: {run.state}, xla {run.xla}, seconds an epoch: {seconds}; "
                  f"best validation accuracy {run.best_val_metric:.3f}")  # fmt: skip
        print(f"all three in the app {ours:.0f} s, plain in turn {plain:.0f} s: {plain / ours:.2f} times faster")
    finally:
        trainer.close()


MEASURES = {measure.__name__: measure for measure in (cost, first, wishes, memory, steps, article, keeping)}

if __name__ == "__main__":
    for name in sys.argv[1:] or ["cost", "first"]:
        place = Path(tempfile.mkdtemp())
        try:
            MEASURES[name](place)
        finally:
            shutil.rmtree(place, ignore_errors=True)
