"""A real cluster of two workers, shared by the tests of this folder that need one."""

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from rnn_core.training.store import RunStore
from rnn_core.training.web.cluster import Trainer
from tests import left_out

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
def postgresql_server():
    """A PostgreSQL server of our own, reached by its socket alone; yields the URL of its first database."""
    programs = left_out.postgresql()
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    as_user = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, control = folder / "data", [*as_user, programs / "pg_ctl", "-D", folder / "data", "-w"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "store", "--no-sync"], **quiet)
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)
    yield f"postgresql+psycopg://store@/postgres?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder)


@pytest.fixture
def fresh_database(postgresql_server):
    """The URL of an empty database."""
    name = f"store_{uuid.uuid4().hex}"
    engine = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql_server.replace("/postgres?", f"/{name}?")


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
