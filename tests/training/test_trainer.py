"""Runs on a real cluster, from start to end: order, control, questions, the same numbers for the same seed."""

import os
import sys
from dataclasses import replace

import numpy as np
import pytest

from rnn_core.training.spec import SpecError, TrainingSpec
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.web.cluster import QUEUED_PER_OWNER, Trainer, TrainerError
from tests.training import questions
from tests.training.conftest import OWNER, until

SMALL = TrainingSpec(task="delayed_recall", cell="gru", units=4, length=5, samples=400, epochs=3, batch_size=32)
ENDLESS = replace(SMALL, epochs=200, samples=2000, batch_size=8)


def ended(trainer, run_id):
    return until(lambda: (run := trainer.store.get(run_id)).ended and run, "the end of the run")


def reached(trainer, run_id, condition):
    return until(lambda: condition(run := trainer.store.get(run_id)) and run, "the state")


def assert_whole(trainer, run_id):
    """Every epoch stands there once, and so does the last batch of each."""
    run, curves = trainer.store.get(run_id), trainer.store.curves(run_id, points=10**9)
    epochs = range(1, run.epochs_done + 1)
    assert curves.epoch.tolist() == list(epochs)
    assert np.all(np.diff(curves.step) > 0)
    assert {epoch * run.spec.steps_per_epoch for epoch in epochs} <= set(curves.step.tolist())
    assert np.isfinite([curves.loss, curves.val_loss, curves.seconds]).all()
    assert np.isfinite(curves.batch_loss).all()
    with trainer.store.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from epochs where run = ?", (run_id,)).scalar_one() == len(
            epochs
        )


def test_the_web_process_stays_free_of_tensorflow():
    import subprocess

    code = (
        "import sys, rnn_core.training.web.cluster, distributed;"
        "print([m for m in ('tensorflow', 'keras', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_run_from_start_to_end(trainer):
    (run_id,) = trainer.start([SMALL], OWNER)
    run = ended(trainer, run_id)
    assert (run.state, run.epochs_done, run.step, run.progress) == ("done", 3, 3 * 10, 1.0)
    assert (run.metric, run.xla, run.seconds_left) == ("acc", False, None)
    assert run.parameters > 0
    assert 0 < run.chance < 1
    assert run.best_val_loss == min(trainer.store.curves(run_id).val_loss)
    assert_whole(trainer, run_id)
    assert [event.code for event in trainer.store.events(run_id)] == ["queued", "started", "done"]
    assert trainer.store.model_path(run_id).stat().st_size > 0
    weights = trainer.store.weights(run_id)
    assert sum(array.size for array in weights.values()) == run.parameters
    assert list(weights) == [
        "0_embedding/embeddings",
        "1_gru/gru_cell/kernel",
        "1_gru/gru_cell/recurrent_kernel",
        "1_gru/gru_cell/bias",
        "2_dense/kernel",
        "2_dense/bias",
    ]


def test_as_many_run_at_once_as_there_are_workers_and_the_others_in_turn(trainer):
    ids = trainer.start([ENDLESS] * 4, OWNER)
    at_work = lambda: [run.state in ("starting", "compiling", "running") for run in trainer.store.runs(ids=ids)]  # noqa: E731
    until(lambda: at_work() == [True, True, False, False])
    assert [trainer.queue_position(run_id) for run_id in ids] == [0, 0, 1, 2]
    trainer.wish(ids[0], OWNER, "stop")
    until(lambda: at_work() == [False, True, True, False])
    trainer.wish(ids[3], OWNER, "stop")
    assert trainer.queue_position(ids[3]) == 0
    workers = {run.worker for run in trainer.store.runs(ids=ids[1:3])}
    reached(trainer, ids[2], lambda run: run.state == "running")
    assert len(workers | {run.worker for run in trainer.store.runs(ids=ids[1:3])} - {None}) >= 2


@pytest.mark.parametrize("phase", ["training", "validating"])
def test_stop_takes_effect_at_once(trainer, phase, capsys):
    (run_id,) = trainer.start([replace(ENDLESS, length=40)], OWNER)
    reached(trainer, run_id, lambda run: run.phase == phase)
    stopped = trainer.wish(run_id, OWNER, "stop")
    assert stopped.state == "stopped"
    until(lambda: not trainer._flights, "the worker's leaving")
    import time

    with capsys.disabled():
        print(f" [left {time.time() - stopped.ended_at:.2f} s after stop while {phase}]", end="")
    assert trainer.store.get(run_id).revision == stopped.revision  # nothing was written any more
    (after,) = trainer.start([SMALL], OWNER)
    assert ended(trainer, after).state == "done"


def test_a_stopped_run_keeps_its_model_and_can_be_resumed(trainer):
    spec = replace(SMALL, epochs=6, samples=2000, batch_size=8)
    (run_id,) = trainer.start([spec], OWNER)
    reached(trainer, run_id, lambda run: run.epochs_done >= 2)
    trainer.wish(run_id, OWNER, "stop")
    until(lambda: trainer.store.model_path(run_id), "the stopped run's model")
    before = trainer.store.curves(run_id)
    trainer.wish(run_id, OWNER, "resume")
    run = ended(trainer, run_id)
    assert (run.state, run.epochs_done) == ("done", 6)
    assert_whole(trainer, run_id)
    kept = slice(0, len(before.epoch))
    assert trainer.store.curves(run_id).loss[kept].tolist() == before.loss.tolist()
    resumed = next(event for event in trainer.store.events(run_id) if event.code == "resumed")
    assert resumed.epoch == len(before.epoch)


def test_pause_holds_and_resume_goes_on_without_loss(trainer):
    spec = replace(SMALL, epochs=2, samples=2000, batch_size=8)
    (run_id,) = trainer.start([spec], OWNER)
    reached(trainer, run_id, lambda run: run.step > 10)
    assert trainer.wish(run_id, OWNER, "pause").state in ("running", "paused")
    paused = reached(trainer, run_id, lambda run: run.state == "paused")
    assert paused.held
    # Others get their turn meanwhile: the paused run keeps only its own worker.
    (other,) = trainer.start([SMALL], OWNER)
    assert ended(trainer, other).state == "done"
    assert trainer.store.get(run_id).step == paused.step
    trainer.wish(run_id, OWNER, "resume")
    assert ended(trainer, run_id).state == "done"
    assert_whole(trainer, run_id)
    codes = [event.code for event in trainer.store.events(run_id)]
    assert codes == ["queued", "started", "paused", "continued", "done"]


def test_a_paused_run_gives_its_worker_to_those_who_wait(trainer):
    ids = trainer.start([ENDLESS] * 2, OWNER)
    for run_id in ids:
        reached(trainer, run_id, lambda run: run.epochs_done >= 1)
        trainer.wish(run_id, OWNER, "pause")
    (waiting,) = trainer.start([SMALL], OWNER)
    assert ended(trainer, waiting).state == "done"
    for run_id in ids:
        reached(trainer, run_id, lambda run: run.state == "paused")
    back = next(run for run in trainer.store.runs(ids=ids) if not run.held)
    trainer.wish(back.id, OWNER, "resume")
    reached(trainer, back.id, lambda run: run.epochs_done > back.epochs_done)
    trainer.wish(back.id, OWNER, "stop")
    assert_whole(trainer, back.id)


def test_one_more_epoch_after_the_end_and_before_it(trainer):
    (run_id,) = trainer.start([SMALL], OWNER)
    trainer.wish(run_id, OWNER, "one_more_epoch")
    assert ended(trainer, run_id).epochs_done == 4
    before = trainer.store.curves(run_id).val_loss.tolist()
    trainer.wish(run_id, OWNER, "one_more_epoch")
    assert ended(trainer, run_id).epochs_done == 5
    assert trainer.store.curves(run_id).val_loss.tolist()[:4] == before
    assert_whole(trainer, run_id)


def test_a_loss_without_bounds_ends_as_diverged_with_an_explanation(trainer):
    spec = TrainingSpec(task="adding", cell="simple_rnn", units=8, length=20, samples=400, epochs=5, learning_rate=1e4)
    (run_id,) = trainer.start([replace(spec, batch_size=1)], OWNER)
    run = ended(trainer, run_id)
    assert (run.state, run.problem_code) == ("diverged", "diverged")
    assert run.problem_values["learning_rate"] == 1e4
    assert "learning rate" in run.problem
    with_clip = trainer.start([replace(SMALL, clip=0.5)], OWNER)
    assert ended(trainer, with_clip[0]).state == "done"


def test_every_cell_and_option_trains(trainer):
    specs = [
        replace(SMALL, cell="simple_rnn"),
        replace(SMALL, cell="lstm", bidirectional=True),
        replace(SMALL, cell="gru", layers=2),
        replace(SMALL, cell="bag_of_words"),
        replace(SMALL, task="adding"),
    ]
    for run_id in trainer.start([replace(spec, epochs=1) for spec in specs], OWNER):
        assert (run := ended(trainer, run_id)).state == "done", run.problem


def test_the_same_seed_gives_the_same_curves_whatever_is_asked_meanwhile(trainer):
    spec = replace(SMALL, cell="lstm")
    (alone,) = trainer.start([spec], OWNER)
    ended(trainer, alone)
    disturbed = trainer.start([spec] * 2, OWNER)
    turn = 0
    while not all(run.ended for run in trainer.store.runs(ids=disturbed)):
        turn += 1
        assert trainer.ask(questions.draw_and_build, turn).result(60) == 112
    assert turn > 0
    first = trainer.store.curves(alone)
    for run_id in disturbed:
        again = trainer.store.curves(run_id)
        assert again.loss.tolist() == first.loss.tolist()
        assert again.val_loss.tolist() == first.val_loss.tolist()


def test_dask_does_not_draw_from_our_random_numbers():
    import random

    import dask.sizeof

    from rnn_core.training.worker.job import _keep_random_state_to_ourselves

    _keep_random_state_to_ourselves()
    before = random.getstate()
    assert dask.sizeof.sizeof(list(range(1000))) > 0
    assert random.getstate() == before


def test_plain_fit_ends_where_the_recorded_epoch_ends(trainer):
    (run_id,) = trainer.start([SMALL], OWNER)
    ended(trainer, run_id)
    from rnn_core import tasks
    from rnn_core.training.worker.job import model_of

    data = tasks.load(SMALL.data)
    model = model_of(SMALL, data)
    history = model.fit(
        data.x_train, data.y_train, SMALL.batch_size, epochs=1, validation_data=(data.x_val, data.y_val), verbose=0
    ).history
    curves = trainer.store.curves(run_id)
    assert history["loss"][0] == pytest.approx(curves.loss[0], rel=1e-4)
    assert history["val_loss"][0] == pytest.approx(curves.val_loss[0], rel=1e-4)


def test_questions_are_answered_beside_trainings_and_answers_kept(trainer):
    ids = trainer.start([ENDLESS] * 2, OWNER)
    for run_id in ids:
        reached(trainer, run_id, lambda run: run.state == "running")
    first = trainer.ask(questions.draw_and_build, -1 % 1000)
    assert first.result(60) == 112
    assert trainer.ask(questions.draw_and_build, -1 % 1000) is first
    failing = trainer.ask(questions.fail)
    with pytest.raises(ValueError, match="on purpose"):
        failing.result(60)
    assert trainer.ask(questions.fail) is not failing  # what failed may be asked again


def test_too_many_waiting_or_too_dear_is_refused_before_anything_starts(trainer, monkeypatch):
    with pytest.raises(TrainerError) as caught:
        trainer.start([SMALL] * (QUEUED_PER_OWNER + 1), OWNER)
    assert caught.value.code == "too_many_of_yours"
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "8")
    with pytest.raises(SpecError) as over:
        trainer.start([ENDLESS], OWNER)
    assert over.value.code == "over_budget"
    with pytest.raises(SpecError):
        trainer.start([replace(SMALL, units=10**6)], OWNER)


def test_an_unreachable_cluster_is_a_status_and_a_sentence(tmp_path, caplog):
    trainer = Trainer(RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}"), scheduler="tcp://127.0.0.1:9")
    try:
        until(lambda: trainer.status.code == "unreachable")
        assert "tcp://127.0.0.1:9" in caplog.text
        with pytest.raises(TrainerError) as caught:
            trainer.start([SMALL], OWNER)
        assert caught.value.code == "trainer_unreachable"
        with pytest.raises(TrainerError) as late:
            trainer.ask(questions.whoami, timeout=0.1).result(60)
        assert late.value.code == "no_answer"
    finally:
        trainer.close()


def test_a_store_that_cannot_be_written_does_not_stop_the_questions(tmp_path):
    (tmp_path / "var").write_text("in the way")
    trainer = Trainer(RunStore(f"sqlite:///{tmp_path / 'var' / 'runs.sqlite'}"), scheduler="", workers=1)
    try:
        with pytest.raises(StoreUnavailable):
            trainer.start([SMALL], OWNER)
        assert trainer.ask(questions.whoami, timeout=100).result(100) != os.getpid()
    finally:
        trainer.close()
