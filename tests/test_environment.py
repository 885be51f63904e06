"""What an operator sets: read in one place, bounded, told when it cannot be meant, and listed in the README."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_core import environment
from rnn_core.environment import VARIABLES

SOURCES = [Path("app.py"), *sorted(Path("pages").rglob("*.py")), *sorted(Path("rnn_core").rglob("*.py"))]


@pytest.mark.parametrize("file", [f for f in SOURCES if f != Path("rnn_core/environment.py")], ids=str)
def test_nothing_else_reads_the_environment(file):
    names = {node.attr for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert not names & {"environ", "getenv", "environb"}


def test_the_readme_lists_exactly_these():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", Path("README.md").read_text("utf-8"), re.MULTILINE)
    assert rows == [(variable.name, variable.meaning, variable.otherwise) for variable in VARIABLES]


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_unset_or_empty_is_the_default(variable, monkeypatch):
    monkeypatch.delenv(variable.name, raising=False)
    assert variable.read() == variable.default
    monkeypatch.setenv(variable.name, "  ")
    assert variable.read() == variable.default


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        (environment.WORKERS, " 2 ", 2),
        (environment.BUDGET_SECONDS, "1.5e3", 1500.0),
        (environment.SCHEDULER, "tcp://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        (environment.SCHEDULER, "trainer.local:8786", "trainer.local:8786"),
        (environment.STORE_URL, "postgresql+psycopg://me@/runs?host=/tmp", "postgresql+psycopg://me@/runs?host=/tmp"),
        (environment.IMDB_DIR, "~/imdb", Path.home() / "imdb"),
    ],
)
def test_a_value_is_read(variable, text, value, monkeypatch):
    monkeypatch.setenv(variable.name, text)
    assert variable.read() == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        *((environment.WORKERS, text) for text in ("0", "-1", "abc", "2.5", "1000")),
        *((environment.BUDGET_SECONDS, text) for text in ("plenty", "0", "-3", "nan", "inf")),
        *((environment.SCHEDULER, text) for text in ("somewhere", "tcp://", "tcp://host")),
        *((environment.STORE_URL, text) for text in ("runs.sqlite", "/var/runs", "mongodb://x")),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_and_not_used(variable, text, monkeypatch, caplog):
    environment._warn.cache_clear()
    monkeypatch.setenv(variable.name, text)
    assert variable.read() == variable.default
    assert variable.read() == variable.default
    (record,) = caplog.records  # once, however often it is read
    assert variable.name in record.getMessage()
    assert repr(text) in record.getMessage()


def test_a_child_finds_the_project_and_keeps_what_is_set(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("RNN_WORKERS", "2")
    child = environment.for_child(KERAS_BACKEND="tensorflow")
    assert child["PYTHONPATH"].split(":") == [str(environment.PROJECT), "/elsewhere"]
    assert (child["RNN_WORKERS"], child["KERAS_BACKEND"]) == ("2", "tensorflow")


def test_products_use_one_thread_unless_the_operator_has_set_how_many(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "4")
    monkeypatch.setenv("VECLIB_MAXIMUM_THREADS", "1")
    environment.compute_with_one_thread()
    assert os.environ.pop("OPENBLAS_NUM_THREADS") == "1"
    assert os.environ["MKL_NUM_THREADS"] == "4"


def test_the_pages_say_so_before_numpy_is_imported():
    code = "import streamlit, pages.common, os, sys; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    clean = {name: value for name, value in environment.for_child().items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run([sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "False"]
