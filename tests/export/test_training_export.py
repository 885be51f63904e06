"""The exported run, executed: the same numbers as the run itself."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.export import Code, Markdown, as_notebook, as_script
from rnn_core.export.training import GENERATORS, training_cells
from rnn_core.training.spec import TrainingSpec, use_xla
from rnn_core.training.worker.job import model_of

SMALL = TrainingSpec(cell="gru", units=4, length=5, samples=50, epochs=1, batch_size=8)


def first_epoch(spec: TrainingSpec) -> dict[str, float]:
    """What our own way to train records."""
    import keras

    keras.backend.clear_session()
    dataset = tasks.load(spec.data)
    model = model_of(spec, dataset, jit_compile=use_xla(spec))
    validation = (dataset.x_val, dataset.y_val)
    history = model.fit(
        dataset.x_train, dataset.y_train, batch_size=spec.batch_size, validation_data=validation, verbose=0
    )
    return {name: values[0] for name, values in history.history.items()}


def executed(code: str) -> dict[str, float]:
    import keras

    keras.backend.clear_session()
    namespace: dict = {}
    exec(compile(code, "export", "exec"), namespace)
    return {name: values[0] for name, values in namespace["history"].history.items()}


def assert_same(recorded: dict[str, float], exported: dict[str, float]) -> None:
    assert recorded.keys() == exported.keys()
    for name, value in recorded.items():
        assert exported[name] == pytest.approx(value, rel=1e-5), name


@pytest.mark.parametrize(
    "spec",
    [
        replace(SMALL, task="delayed_recall", seed=3),
        replace(SMALL, task="adding", cell="simple_rnn", clip=0.1),
        replace(SMALL, task="small_reviews", cell="lstm", layers=2, bidirectional=True, early_stopping=2),
        replace(SMALL, task="small_reviews", cell="bag_of_words"),
        replace(SMALL, task="small_reviews_zh", cell="simple_rnn"),
        replace(SMALL, task="small_reviews", padding="post", truncating="post", length=9, mask=True),
        replace(SMALL, task="small_reviews_zh", cell="bag_of_words", padding="post", mask=True, length=25),
    ],
    ids=lambda spec: f"{spec.task}-{spec.cell}{'-mask' if spec.mask else ''}",
)
def test_the_notebook_trains_as_we_do(spec):
    notebook = json.loads(as_notebook(training_cells(spec)))
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert_same(first_epoch(spec), executed(code))


def test_the_script_needs_nothing_of_this_project(tmp_path):
    script = tmp_path / "run.py"
    ending = "\nimport json\njson.dump(history.history, open('history.json', 'w'))\n"
    script.write_text(as_script(training_cells(SMALL)) + ending, encoding="utf-8")
    subprocess.run([sys.executable, "-I", script], cwd=tmp_path, check=True, capture_output=True)
    history = json.loads((tmp_path / "history.json").read_text())
    assert_same(first_epoch(SMALL), {name: values[0] for name, values in history.items()})


@pytest.mark.parametrize(
    "settings",
    [{}, {"padding": "post", "truncating": "post"}, {"mask": True, "padding": "post"}],
    ids=["default", "post", "mask"],
)
def test_imdb_as_keras_loads_it(tmp_path, monkeypatch, settings):
    import keras.src.datasets.imdb as keras_imdb

    rng = np.random.default_rng(0)
    reviews = np.empty(60, dtype=object)
    reviews[:] = [rng.integers(1, 20_000, size=rng.integers(3, 20)).tolist() for _ in range(60)]
    path = tmp_path / "imdb.npz"
    labels = rng.integers(0, 2, size=60)
    np.savez(path, x_train=reviews, y_train=labels, x_test=reviews[:2], y_test=labels[:2])
    monkeypatch.setenv("RNN_IMDB_DIR", str(tmp_path))
    monkeypatch.setenv("RNN_CACHE_DIR", str(tmp_path / "cache"))
    # Keras would reject any file but its own by hash; which file it reads is not what is compared.
    monkeypatch.setattr(keras_imdb, "get_file", lambda *args, **kwargs: str(path))
    spec = replace(SMALL, task="imdb", cell="simple_rnn", length=12, **settings)
    assert_same(first_epoch(spec), executed(as_script(training_cells(spec))))


def test_every_generated_task_is_handed_over_whole():
    assert {*GENERATORS, "imdb"} == set(tasks.TASKS)


def test_text_in_other_words():
    words = dict.fromkeys(("title", "seed", "data", "model", "fit"), "{task}：{cell}")
    cells = training_cells(SMALL, words)
    assert cells[0] == Markdown("# delayed_recall：GRU")
    assert [cell for cell in cells if isinstance(cell, Code)] == [
        cell for cell in training_cells(SMALL) if isinstance(cell, Code)
    ]
