"""The web process' side of the cluster: start it, keep it alive, give it the runs that wait, end what is lost.

One Trainer per web process. All the work is done by its own thread; what pages call either writes a few rows into
the store or returns at once.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import pickle
import platform
import queue
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from rnn_core import environment, tasks
from rnn_core.environment import PROJECT
from rnn_core.errors import VisitorError
from rnn_core.training.runs import AT_WORK, WAITING, Run
from rnn_core.training.spec import TrainingSpec, check_budget
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.worker.job import answer, run_training

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
BEAT_SECONDS = 2.0
WATCH_SECONDS = 3.0  # how often runs are looked for that nobody carries
START_SECONDS = 90.0  # how long a local cluster may take to come up
RETRY_SECONDS = 3.0
SILENT_SECONDS = 20.0  # after which a run at work is taken back; longer than any lock on the store
GONE_SECONDS = 3.0  # the same, when its worker is known to be gone
FOREIGN_SECONDS = 30.0  # after which the carrier of another machine counts as gone
PATIENCE_SECONDS = 60.0  # how long queued runs wait for an unreachable cluster
MOST_LOSSES = 5  # after which a run that brings its workers down is given up

QUEUED_PER_OWNER = 24
QUEUED_IN_ALL = 120
KEEP_RUNS = 2000
QUESTIONS_WAITING = 200
ANSWERS_KEPT = 512


class TrainerError(VisitorError):
    """Why a training or a question is not taken on."""

    SENTENCES: ClassVar = {
        "trainer_unreachable": "The training workers cannot be reached, so nothing can be trained now. The rest of "
        "the page works.",
        "too_many_of_yours": "You have {limit} trainings waiting already. Stop some, or wait until they have run.",
        "queue_full": "{limit} trainings are waiting already. Try again when some of them have run.",
        "too_many_questions": "Too many questions wait for Keras at this moment. Try again in a few seconds.",
        "no_answer": "Keras has not answered in time. Try again in a few seconds.",
        "trainer_closed": "The app is closing.",
    }


class Status(NamedTuple):
    """How the cluster is: `code` is "starting", "ready" or "unreachable"; `workers` counts them."""

    code: str
    workers: int = 0


STARTING = Status("starting")
UNREACHABLE = Status("unreachable")


@dataclass
class _Question:
    """Something asked of Keras, until it is answered."""

    function: Callable[..., Any]
    args: tuple
    deadline: float
    answer: Future = field(default_factory=Future)
    future: Any = None  # Dask's, once it was sent


@dataclass
class _InFlight:
    """A run handed to the cluster."""

    submission: int
    future: Any
    worker: str


class Trainer:
    """Carries trainings. Safe to call from any thread; no call waits for the cluster.

    Args:
        store: where runs are kept; the default store if not given.
        scheduler: address of a cluster to use, "" for a local one of our own; by default what RNN_SCHEDULER says,
            and a local one if it says nothing.
        workers: size of the local cluster; by default RNN_WORKERS, or 3.
    """

    def __init__(self, store: RunStore | None = None, scheduler: str | None = None, workers: int | None = None):
        self.store = store or RunStore()
        self._scheduler = environment.SCHEDULER.read() if scheduler is None else scheduler
        self._workers = workers or environment.WORKERS.read()
        self._own = f"web-{uuid.uuid4().hex}"  # carries what this process has queued
        self._carrier = self._own  # carries what was handed over; an external cluster has an id of its own
        self._status = STARTING
        self._process: subprocess.Popen | None = None
        self._client: Any = None
        self._flights: dict[str, _InFlight] = {}
        self._questions: list[_Question] = []
        self._answers: OrderedDict[bytes, Future] = OrderedDict()
        self._lock = threading.Lock()  # around questions and answers
        self._wake = threading.Event()
        self._closing = False
        self._unreachable_since: float | None = None
        self._present: set[str] = set()  # workers that take trainings
        self._leaving: set[str] = set()  # those about to be replaced
        self._short_since: float | None = None  # since when there are fewer of them than there should be
        self._last_tick = time.monotonic()
        self._beaten = self._watched = float("-inf")
        self._signed_on = False
        self._thread = threading.Thread(target=self._supervise, name="trainer", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    # ---------------------------------------------------------------------------------------- what pages may call

    @property
    def status(self) -> Status:
        """How the cluster is."""
        return self._status

    def start(
        self,
        specs: Sequence[TrainingSpec],
        owner: str,
        group: str | None = None,
        names: Sequence[str] | None = None,
    ) -> list[str]:
        """Queue trainings and return their ids. Other runs are left as they are.

        Args:
            specs: what to train; checked here, and against the budget.
            owner: the visitor's secret token, see RunStore.create.
            group: id that they share; a new one by default.
            names: what to call them.

        Raises:
            SpecError: a setting is out of bounds, or the training over budget.
            TaskError: "too_short".
            TrainerError: "queue_full", "too_many_of_yours", "trainer_unreachable".
            StoreUnavailable: the run cannot be written down.
        """
        for spec in specs:
            check_budget(spec.check())
            tasks.check(spec.data)
        self._check_room(owner, len(specs))
        ids = self.store.create(specs, owner, self._own, group=group, names=names)
        self._wake.set()
        return ids

    def wish(self, run_id: str, owner: str, wish: str) -> Run:
        """Grant "stop", "pause", "resume" or "one_more_epoch"; see RunStore.wish, also for its errors."""
        run = self.store.get(run_id)
        if wish in ("resume", "one_more_epoch") and run.ended:
            self._check_room(owner, 1)
        run = self.store.wish(run_id, owner, wish, carrier=self._own)
        self._wake.set()
        return run

    def queue_position(self, run_id: str) -> int:
        """1 for the run that is next, 2 for the one behind it, ...; 0 if it does not wait."""
        return self.store.queue_position(run_id)

    def ask(self, function: Callable[..., Any], *args: Any, timeout: float = 30.0) -> Future:
        """Ask a worker that has Keras: `function(*args)`, run there.

        The same question is asked once; its answer is kept. The function must be importable in the worker by its
        module's name, the arguments and the answer must be picklable.

        Returns:
            concurrent.futures.Future: `done()`, `result(timeout)`. It fails with the function's own exception, or
            with TrainerError "no_answer" after `timeout` seconds, "too_many_questions", "trainer_closed".
        """
        key = pickle.dumps((function.__module__, function.__qualname__, args))
        with self._lock:
            known = self._answers.get(key)
            if known is not None and not (known.done() and known.exception()):
                self._answers.move_to_end(key)
                return known
            question = _Question(function, args, time.monotonic() + timeout)
            if self._closing or len(self._questions) >= QUESTIONS_WAITING:
                problem = TrainerError("trainer_closed" if self._closing else "too_many_questions")
                question.answer.set_exception(problem)
                return question.answer
            self._questions.append(question)
            self._answers[key] = question.answer
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        self._wake.set()
        return question.answer

    def close(self) -> None:
        """End the local cluster, or leave the external one; runs of a local cluster become "interrupted"."""
        atexit.unregister(self.close)
        self._closing = True
        self._wake.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(15)

    def _check_room(self, owner: str, runs: int) -> None:
        if self._status == UNREACHABLE:
            raise TrainerError("trainer_unreachable")
        if self.store.waiting(self._own, owner) + runs > QUEUED_PER_OWNER:
            raise TrainerError("too_many_of_yours", limit=QUEUED_PER_OWNER)
        if self.store.waiting(self._own) + runs > QUEUED_IN_ALL:
            raise TrainerError("queue_full", limit=QUEUED_IN_ALL)

    # ----------------------------------------------------------------------------------------------- the thread

    def _supervise(self) -> None:
        while not self._closing:
            try:
                self._tick()
            except StoreUnavailable as error:
                log.warning("the trainer waits for its store: %s", error)
            except Exception:
                log.exception("the trainer goes on after an error")
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
        self._shut_down()

    def _tick(self) -> None:
        now = time.monotonic()
        asleep = now - self._last_tick > 5  # the machine was suspended, or we were held up: beats look stale
        self._last_tick = now
        self._expire(now)
        if not self._connected():
            self._lose_cluster()
            self._connect()
            self._last_tick = time.monotonic()
        if now - self._beaten > BEAT_SECONDS:
            self._beaten = now
            self._sign_on()
        if self._client is not None:
            self._send_questions()
            workers = self._training_workers()
            self._status = self._describe(workers)
            self._present = set(workers)
            if self._scheduler or len(workers) >= self._workers:
                self._short_since = None
            else:
                self._short_since = self._short_since or now
            self._land()
            self._dispatch(workers)
            if not asleep:
                self._take_back(workers)
        if now - self._watched > WATCH_SECONDS and not asleep:
            self._watched = now
            self._watch()

    # ---------------------------------------------------------------------------------------------- the connection

    def _connected(self) -> bool:
        if self._client is None:
            return False
        if self._process is not None and self._process.poll() is not None:
            return False
        if self._short_since is not None and time.monotonic() - self._short_since > START_SECONDS:
            # The workers do not come back. Start again, as soon as that disturbs no training.
            return any(flight.worker in self._present for flight in self._flights.values())
        return self._client.status == "running"

    def _connect(self) -> None:
        """Start or find the cluster. On failure the status says so, and the next tick tries again."""
        try:
            address = self._scheduler or self._start_process()
            if address is None:
                return  # closing
            from distributed import Client
            from distributed.comm import get_address_host_port

            if self._scheduler:  # Dask would try for long; this tells at once that nobody is there
                socket.create_connection(get_address_host_port(address), timeout=3).close()
            self._client = Client(address, timeout="10s", set_as_default=False, name="unrolled-web")
            if self._scheduler:
                self._carrier = f"cluster-{self._client.scheduler_info()['id']}"
            self._unreachable_since = self._short_since = None
            self._beaten = float("-inf")
        except Exception as error:
            where = f"at {self._scheduler}" if self._scheduler else f"of our own, see {self._log_path}"
            log.warning("the cluster %s does not answer, so nothing can be trained now: %s", where, error)
            self._lose_cluster()
            self._unreachable_since = self._unreachable_since or time.monotonic()
            self._status = UNREACHABLE
            self._wake.wait(RETRY_SECONDS)

    def _start_process(self) -> str | None:
        """Start the local cluster and return its address once the workers are ready."""
        command = [sys.executable, "-m", "rnn_core.training.web.cluster_process", str(os.getpid()), str(self._workers)]
        with self._log_file() as errors:
            # Not through multiprocessing: that would run the web process' main script again in every child.
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment.for_child(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", PYTHONUNBUFFERED="1"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        process, output = self._process, self._process.stdout
        assert output is not None
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
        deadline = time.monotonic() + START_SECONDS
        while not self._closing:
            with contextlib.suppress(queue.Empty):
                return json.loads(lines.get(timeout=0.2) or "{}")["address"]
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"the cluster's process did not come up (exit code {process.poll()})")
            self._expire(time.monotonic())
        return None

    @property
    def _log_path(self) -> Path:
        return self.store.folder / "cluster.log"

    def _log_file(self) -> Any:
        try:
            self.store.folder.mkdir(parents=True, exist_ok=True)
            return open(self._log_path, "w")
        except OSError:
            return open(os.devnull, "w")

    def _lose_cluster(self) -> None:
        """Let go of a cluster that is gone: its runs are queued again, its questions asked again."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=1)
        process, self._process = self._process, None
        if process is not None:
            _end_process(process, patience=0)
        for question in self._questions:
            question.future = None
        if process is not None or client is not None:
            self._status = STARTING
        if not self._scheduler:
            # The runs of a local cluster died with it. Those of an external one may go on: _watch will tell.
            for run_id in list(self._flights):
                for run in self.store.runs(ids=[run_id]):
                    self.store.lost(run, MOST_LOSSES, carrier=self._own)
                del self._flights[run_id]
        else:
            self._flights.clear()

    def _training_workers(self) -> list[str]:
        """Addresses of the workers that take trainings."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [address for address, worker in workers.items() if worker["resources"].get("training", 0) >= 1]

    def _describe(self, workers: list[str]) -> Status:
        if workers:
            return Status("ready", len(workers))
        if self._scheduler and self._client.scheduler_info()["workers"]:
            if self._status != UNREACHABLE:
                where = self._scheduler
                log.warning("no worker of %s takes trainings: start them with --resources training=1", where)
            return UNREACHABLE
        return STARTING

    def _shut_down(self) -> None:
        for question in self._questions:
            if not question.answer.done():
                question.answer.set_exception(TrainerError("trainer_closed"))
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=1)
        if self._process is not None:
            _end_process(self._process, patience=5)
        with contextlib.suppress(StoreUnavailable):
            carried = [self._own] if self._scheduler else [self._own, self._carrier]
            for run in self.store.carried_by(carried, WAITING + AT_WORK):
                self.store.interrupt(run)
            self.store.forget_carrier(self._own)
        self.store.close()

    # ------------------------------------------------------------------------------------------------------- runs

    def _sign_on(self) -> None:
        import psutil

        self.store.carry(self._own, os.getpid(), psutil.Process().create_time())
        if self._scheduler and self._client is not None:
            self.store.carry(self._carrier, None, None)
        if not self._signed_on:
            self._signed_on = True
            self.store.prune(KEEP_RUNS)

    def _busy(self, but: str | None = None) -> set[str]:
        """Workers that have a training, or are about to get one; `but` is a run that does not count."""
        begun = self.store.carried_by([self._carrier], AT_WORK)
        busy = {run.worker for run in begun if run.held and run.worker and run.id != but}
        return busy | {flight.worker for run_id, flight in self._flights.items() if run_id != but}

    def _dispatch(self, workers: list[str]) -> None:
        """Hand the runs that have waited longest to the workers that are free."""
        waiting = self.store.carried_by([self._own], WAITING)
        if not waiting:
            return
        busy = self._busy() | self._leaving
        free = [address for address in workers if address not in busy]
        for run, worker in zip(waiting, free, strict=False):
            submission = self.store.hand_over(run, self._carrier)
            if submission is not None:
                self._submit(run.id, submission, worker)

    def _submit(self, run_id: str, submission: int, worker: str) -> None:
        from distributed import fire_and_forget

        future = self._client.submit(
            run_training,
            run_id,
            submission,
            self.store.url,
            str(self.store.folder),
            key=_key(run_id, submission),
            pure=False,
            resources={"training": 1},
            workers=[worker],
            allow_other_workers=True,  # should this one break down before the run begins
        )
        fire_and_forget(future)  # an external cluster goes on without us
        future.add_done_callback(lambda _: self._wake.set())
        self._flights[run_id] = _InFlight(submission, future, worker)

    def _land(self) -> None:
        """Look after runs whose task is over: one that has not ended was lost."""
        for run_id, flight in list(self._flights.items()):
            if flight.future.done():
                try:
                    self._leaving.add(flight.future.result(timeout=2).leaving)
                except Exception as error:  # its own, or that its worker is gone
                    log.warning("the task of run %s did not come to its end: %r", run_id, error)
                for run in self.store.runs(ids=[run_id]):
                    if run.submission == flight.submission:
                        self.store.lost(run, MOST_LOSSES, carrier=self._own)
                del self._flights[run_id]
                self._wake.set()

    def _take_back(self, workers: list[str]) -> None:
        """Queue runs again that have fallen silent: their worker is gone or frozen, or they wait behind another."""
        if not self._flights or not workers:
            return
        runs = {run.id: run for run in self.store.runs(ids=list(self._flights))}
        for run_id, flight in list(self._flights.items()):
            run = runs.get(run_id)
            if run is None or run.ended or run.submission != flight.submission:
                # Its task will notice, and land; unless it was on a worker that is gone, and on no other since.
                if flight.worker not in workers:
                    self._let_go(run_id)
                continue
            flight.worker = run.worker if run.worker in workers else flight.worker
            patience = SILENT_SECONDS if flight.worker in workers else GONE_SECONDS
            if time.time() - run.heartbeat > patience and set(workers) - self._busy(but=run_id):
                self._let_go(run_id)
                self.store.lost(run, MOST_LOSSES, carrier=self._own)
                self._wake.set()

    def _let_go(self, run_id: str) -> None:
        """Forget a run's task, and let the cluster forget it."""
        with contextlib.suppress(Exception):
            self._client.cancel([self._flights[run_id].future], force=True)
        del self._flights[run_id]

    def _watch(self) -> None:
        """End, or take over, runs that nobody carries."""
        unfinished = self.store.runs(states=WAITING + AT_WORK)
        if not unfinished:
            return
        carriers = {row.id: row for row in self.store.carriers()}
        for run in unfinished:
            silent = time.time() - run.heartbeat
            if run.carrier == self._own or (run.carrier == self._carrier and self._client is not None):
                self._watch_own(run, silent)
            elif not self._alive(carriers.get(run.carrier), silent):
                self.store.interrupt(run)

    def _watch_own(self, run: Run, silent: float) -> None:
        patient = self._unreachable_since is None or time.monotonic() - self._unreachable_since < PATIENCE_SECONDS
        if not patient and (run.state == "queued" or silent > SILENT_SECONDS):
            self.store.interrupt(run)
        elif (
            run.state in AT_WORK and run.id not in self._flights and silent > SILENT_SECONDS and not self._resting(run)
        ):
            # Handed over by a web process that is gone, to a cluster that we have in common: does it know the run?
            key = _key(run.id, run.submission)
            if self._client is not None and self._scheduler and self._client.run_on_scheduler(_knows, key=key):
                return
            self.store.lost(run, MOST_LOSSES, carrier=self._own)
            self._wake.set()

    @staticmethod
    def _resting(run: Run) -> bool:
        """Paused without a worker: it waits for its owner, and that is no fault."""
        return run.state == "paused" and not run.held

    def _alive(self, carrier: Any, silent: float) -> bool:
        """Whether somebody else still carries a run."""
        if carrier is None:
            return silent < GONE_SECONDS
        if carrier.pid is None:
            return min(silent, time.time() - carrier.beat) < FOREIGN_SECONDS
        import psutil

        if carrier.host != platform.node():
            return time.time() - carrier.beat < FOREIGN_SECONDS
        try:
            return abs(psutil.Process(carrier.pid).create_time() - carrier.born) < 1
        except psutil.Error:
            return False

    # -------------------------------------------------------------------------------------------------- questions

    def _send_questions(self) -> None:
        with self._lock:
            self._questions = [question for question in self._questions if not question.answer.done()]
            waiting = [question for question in self._questions if question.future is None]
        for question in waiting:
            key = f"answer-{uuid.uuid4().hex}"
            question.future = self._client.submit(answer, question.function, question.args, key=key, pure=False)
            question.future.add_done_callback(lambda future, question=question: _pass_on(future, question))

    def _expire(self, now: float) -> None:
        """Questions that nobody has answered in time fail, with the reason if it is known."""
        with self._lock:
            late = [question for question in self._questions if now > question.deadline]
        for question in late:
            if not question.answer.done():
                question.answer.set_exception(TrainerError("no_answer"))
            if question.future is not None:
                with contextlib.suppress(Exception):
                    question.future.cancel()


def _pass_on(future: Any, question: _Question) -> None:
    """Give Dask's answer to the one who asked; a cancelled or lost task is asked again by the next connection."""
    if question.answer.done() or future is not question.future:
        return
    if future.status == "finished":
        with contextlib.suppress(Exception):
            question.answer.set_result(future.result(timeout=10))
    elif future.status == "error":
        error = future.exception(timeout=10)
        with contextlib.suppress(Exception):
            question.answer.set_exception(error)


def _key(run_id: str, submission: int) -> str:
    return f"training-{run_id}-{submission}"


def _knows(key: str, dask_scheduler: Any = None) -> bool:
    """Run on the scheduler: whether it has a task of this name that is not over."""
    task = dask_scheduler.tasks.get(key)
    return task is not None and task.state not in ("memory", "erred", "forgotten", "released")


def _end_process(process: subprocess.Popen, patience: float) -> None:
    """Close the cluster's standard input, which ends it; kill it if that takes longer than `patience`."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
