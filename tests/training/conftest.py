"""A real cluster of two workers, shared by the tests of this folder that need one."""

import time

import pytest

from rnn_core.training.cluster import Trainer
from rnn_core.training.store import RunStore

PATIENCE = 120  # seconds after which something awaited is given up


def pytest_configure(config):
    config.addinivalue_line("markers", "faults: breaks processes of a real cluster; takes seconds")


def until(condition, what="the condition"):
    """Wait until condition() is true, and return what it gave."""
    deadline = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.005)
    return result


@pytest.fixture(scope="session")
def shared_trainer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trainings")
    trainer = Trainer(RunStore(f"sqlite:///{folder / 'runs.sqlite'}"), scheduler="", workers=2)
    yield trainer
    trainer.close()


@pytest.fixture
def trainer(shared_trainer):
    """The cluster with both workers ready and nothing to do; left so as well."""
    idle(shared_trainer)
    yield shared_trainer
    for run in shared_trainer.store.runs(states=["queued", "starting", "compiling", "running", "paused"]):
        shared_trainer.store.wish(run.id, OWNER, "stop")
    idle(shared_trainer)


def idle(trainer):
    until(lambda: trainer.status.workers == 2 and not trainer._flights, "an idle cluster of two workers")


OWNER = "the one who started it"
