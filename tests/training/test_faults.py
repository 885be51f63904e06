"""What breaks: workers, the web process, the cluster's process, the store. After each: the curves are whole, every
run comes to an end, no process stays behind."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import psutil
import pytest

from rnn_core.environment import PROJECT
from rnn_core.training.store import NoSuchRun, RunStore, StoreUnavailable, WishImpossible
from rnn_core.training.web.cluster import Trainer
from tests.training import questions
from tests.training.conftest import OWNER, until
from tests.training.test_trainer import SMALL, assert_whole, ended, reached

pytestmark = pytest.mark.faults

STEADY = replace(SMALL, epochs=5, samples=2000, batch_size=8)  # 200 steps an epoch
ENDLESS = replace(STEADY, epochs=200)


def kill_worker_of(trainer, run_id):
    address = trainer.store.get(run_id).worker
    pid = trainer._client.run(questions.whoami, workers=[address])[address]
    psutil.Process(pid).kill()


def codes(trainer, run_id):
    return [event.code for event in trainer.store.events(run_id)]


@pytest.mark.parametrize("when", ["training", "validating", "compiling"])
def test_a_killed_worker_costs_nothing_but_time(trainer, when):
    (run_id,) = trainer.start([STEADY], OWNER)
    if when == "compiling":
        reached(trainer, run_id, lambda run: run.state == "compiling")
    else:
        reached(trainer, run_id, lambda run: run.epochs_done >= 1 and run.phase == when)
    kill_worker_of(trainer, run_id)
    killed = trainer.store.get(run_id)
    points = trainer.store.curves(run_id)
    run = ended(trainer, run_id)
    assert (run.state, run.epochs_done) == ("done", STEADY.epochs)
    assert run.attempt > killed.attempt
    assert_whole(trainer, run_id)
    # What was recorded before is still what it was: the run went on from there, and did not begin anew.
    kept = min(len(points.epoch), killed.epochs_done)
    assert trainer.store.curves(run_id).loss[:kept].tolist() == points.loss[:kept].tolist()
    if when != "compiling":
        resumed = [event.epoch for event in trainer.store.events(run_id) if event.code == "resumed"]
        assert resumed[0] >= killed.epochs_done >= 1


def test_both_workers_killed_at_once(trainer):
    ids = trainer.start([STEADY] * 2, OWNER)
    for run_id in ids:
        reached(trainer, run_id, lambda run: run.state == "running")
    for run_id in ids:
        kill_worker_of(trainer, run_id)
    for run_id in ids:
        assert ended(trainer, run_id).state == "done"
        assert_whole(trainer, run_id)


def test_the_cluster_process_is_killed(trainer):
    running, *waiting = trainer.start([STEADY, STEADY, SMALL], OWNER)
    question = trainer.ask(questions.draw_and_build, 12345)
    reached(trainer, running, lambda run: run.epochs_done >= 1)
    old = psutil.Process(trainer._process.pid)
    family = [old, *old.children(recursive=True)]
    old.kill()
    assert psutil.wait_procs(family, timeout=10)[1] == []
    for run_id in (running, *waiting):
        assert (run := ended(trainer, run_id)).state == "done", run.problem
        assert_whole(trainer, run_id)
    assert "lost" in codes(trainer, running)
    assert question.result(60) == 112
    assert trainer._process.pid != old.pid


@pytest.fixture
def web_process(tmp_path):
    """Start a web process of its own, with runs; and end whatever is left of it."""
    url = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    started: list[psutil.Process] = []

    def start(*specs, scheduler=""):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.training.web_process", url, scheduler, *(spec.to_json() for spec in specs)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(psutil.Process(process.pid))
        return process, json.loads(process.stdout.readline())

    yield RunStore(url), start
    for process in started:
        if process.is_running():
            process.kill()


def test_the_web_process_is_killed_and_started_again(web_process):
    store, start = web_process
    process, (short, long, queued) = start(replace(SMALL, epochs=1), ENDLESS, ENDLESS)
    until(lambda: store.get(short).state == "done")
    until(lambda: store.get(long).epochs_done >= 1 and store.get(long).state == "running")
    web = psutil.Process(process.pid)
    family = [web, *web.children(recursive=True)]
    assert len(family) >= 4  # itself, the cluster, two workers
    process.kill()
    process.wait()
    began = time.monotonic()
    assert psutil.wait_procs(family, timeout=10)[1] == []
    print(f"no process left after {time.monotonic() - began:.1f} s")

    trainer = Trainer(store, scheduler="", workers=1)
    try:
        for run_id in (long, queued):
            run = until(lambda run_id=run_id: (run := store.get(run_id)).ended and run)
            assert run.state == "interrupted"
            assert run.problem.startswith(f"Interrupted at epoch {run.epochs_done}:")
        assert store.get(short).state == "done"
        assert_whole(trainer, short)
        assert_whole(trainer, long)
        before = store.get(long).epochs_done
        assert trainer.wish(long, "owner", "resume").state == "queued"
        until(lambda: store.get(long).epochs_done > before)
        trainer.wish(long, "owner", "stop")
        assert_whole(trainer, long)
    finally:
        trainer.close()


def test_a_run_of_a_living_web_process_is_left_alone(trainer, web_process):
    store, start = web_process
    process, (run_id,) = start(ENDLESS)
    until(lambda: store.get(run_id).state == "running")
    other = Trainer(store, scheduler="tcp://127.0.0.1:9")  # its own cluster does not matter here
    try:
        other._watch()
        assert store.get(run_id).state == "running"
    finally:
        other.close()
    process.terminate()  # as an operator would
    process.wait()


@pytest.fixture
def external_cluster():
    """A cluster that no web process owns, of one worker."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rnn_core.training.web.cluster_process", str(os.getpid()), "1"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield json.loads(process.stdout.readline())["address"]
    process.stdin.close()
    process.wait(30)


def test_a_run_on_an_external_cluster_outlives_the_web_process(web_process, external_cluster):
    store, start = web_process
    process, (run_id, queued) = start(STEADY, SMALL, scheduler=external_cluster)
    until(lambda: store.get(run_id).state == "running")
    process.kill()
    process.wait()
    trainer = Trainer(store, scheduler=external_cluster)
    try:
        # What waited in the web process' own queue is interrupted; what trains is left alone, and is whole.
        until(lambda: store.get(queued).state == "interrupted")
        trainer.wish(queued, "owner", "resume")
        run = ended(trainer, run_id)
        assert (run.state, run.attempt) == ("done", 1)
        assert_whole(trainer, run_id)
        assert ended(trainer, queued).state == "done"
        assert store.get(queued).started_at >= run.ended_at  # one training at a time on a worker
    finally:
        trainer.close()


def test_the_store_is_locked_for_five_seconds(trainer):
    (run_id,) = trainer.start([replace(STEADY, epochs=8)], OWNER)
    reached(trainer, run_id, lambda run: run.state == "running")
    lock = sqlite3.connect(trainer.store.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    before = trainer.store.get(run_id)
    released = threading.Timer(5.0, lock.close)
    released.start()
    assert trainer.store.curves(run_id).attempt == before.attempt  # reading goes on
    released.join()
    run = ended(trainer, run_id)
    # Nobody took it for dead.
    assert (run.state, run.attempt) == ("done", before.attempt), (run.problem_code, run.problem_values)
    assert_whole(trainer, run_id)
    curves = trainer.store.curves(run_id, points=10**9)
    covered = np.diff(curves.step, prepend=0)
    assert covered.sum() == run.steps_total


def test_stop_and_resume_at_once_from_two_tabs(trainer):
    (run_id,) = trainer.start([ENDLESS], OWNER)
    reached(trainer, run_id, lambda run: run.state == "running")
    for _ in range(3):
        together = threading.Barrier(2)

        def press(wish, together=together):
            together.wait()
            return trainer.wish(run_id, OWNER, wish)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(press, ["stop", "resume"]))
        run = until(lambda: (run := trainer.store.get(run_id)).state in ("stopped", "running") and run)
        if run.ended:
            trainer.wish(run_id, OWNER, "resume")
            reached(trainer, run_id, lambda run: run.state == "running")
    reached(trainer, run_id, lambda run: run.epochs_done >= 1)
    assert trainer.wish(run_id, OWNER, "stop").state == "stopped"
    with pytest.raises(WishImpossible):
        trainer.wish(run_id, OWNER, "pause")
    assert_whole(trainer, run_id)


def test_a_run_is_deleted_while_it_trains(trainer):
    (run_id,) = trainer.start([ENDLESS], OWNER)
    reached(trainer, run_id, lambda run: run.epochs_done >= 1)
    trainer.store.delete(run_id, OWNER)
    with pytest.raises(NoSuchRun):
        trainer.store.get(run_id)
    until(lambda: not trainer._flights, "the worker's leaving")
    assert not trainer.store.run_folder(run_id).exists()
    (after,) = trainer.start([SMALL], OWNER)
    assert ended(trainer, after).state == "done"


def test_a_full_disk_loses_the_run_nothing_once_there_is_room(trainer, monkeypatch):
    """The store refuses to be written, from the web side, as a full disk does; runs go on, the page is told."""
    (run_id,) = trainer.start([STEADY], OWNER)
    reached(trainer, run_id, lambda run: run.state == "running")
    with monkeypatch.context() as broken:
        broken.setattr(trainer.store, "_open", lambda: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(StoreUnavailable) as caught:
            trainer.start([SMALL], OWNER)
        assert caught.value.code == "store_full"
    assert ended(trainer, run_id).state == "done"
    assert_whole(trainer, run_id)


def test_a_question_that_kills_its_worker_fails_and_the_rest_goes_on(trainer):
    (run_id,) = trainer.start([STEADY], OWNER)
    reached(trainer, run_id, lambda run: run.state == "running")
    with pytest.raises(Exception, match=r"(?i)killed|worker|time"):
        trainer.ask(questions.die, timeout=100).result(100)
    until(lambda: trainer.status.workers == 2)
    assert ended(trainer, run_id).state == "done"
    assert_whole(trainer, run_id)


def test_a_worker_that_has_grown_is_replaced_and_nobody_notices(trainer):
    before = set(trainer._client.run(questions.whoami).values())
    trainer._client.run(questions.pretend_growth)
    ids = trainer.start([SMALL] * 4, OWNER)
    for run_id in ids:
        assert (run := ended(trainer, run_id)).state == "done"
        assert "lost" not in codes(trainer, run_id)
        assert run.attempt == 1
    until(lambda: len(trainer._client.scheduler_info(n_workers=-1)["workers"]) == 2)
    until(lambda: before.isdisjoint(trainer._client.run(questions.whoami).values()))
