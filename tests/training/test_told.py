"""Why a run went wrong, found by the code that the store keeps, whichever version wrote it."""

from dataclasses import replace

import pytest

from rnn_core.tasks import TaskError
from rnn_core.training.runs import Event
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore
from rnn_core.training.told import RunProblem, befell, problem_of


@pytest.fixture
def run(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    run_id = store.create([TrainingSpec()], "me", "carrier")[0]
    yield store.get(run_id)
    store.close()


def with_problem(run, code, values, written="Words of its time."):
    return replace(run, problem_code=code, problem_values=values, problem=written)


def test_nothing_went_wrong(run):
    assert problem_of(run) is None


@pytest.mark.parametrize(
    "problem",
    [
        RunProblem("diverged", epoch=2, step=31, learning_rate=9.0),
        RunProblem("failed", error="ValueError: {braces} stay braces"),
        TaskError("imdb_no_folder", folder="/nowhere"),
        TaskError("too_short", length=1, shortest=2),
    ],
    ids=lambda problem: problem.code,
)
def test_a_problem_comes_back_as_it_was_told(run, problem):
    found = problem_of(with_problem(run, problem.code, problem.values))
    assert (type(found), found.code, str(found)) == (type(problem), problem.code, str(problem))


def test_what_an_earlier_version_wrote_is_told_in_todays_words_if_its_values_suffice(run):
    found = problem_of(with_problem(run, "too_short", {"task": "adding", "length": "1", "shortest": "2"}))
    assert str(found) == "This task needs a length of at least 2. Raise the length, now 1."


@pytest.mark.parametrize(("code", "values"), [("imdb_unreadable", {"path": "/x"}), ("forgotten", {"a": 1})])
def test_else_in_the_words_that_were_written_down(run, code, values):
    assert str(problem_of(with_problem(run, code, values))) == "Words of its time."
    assert str(problem_of(with_problem(run, code, values, written=None))) == code


@pytest.mark.parametrize(("code", "said"), [("lost", True), ("stopped", True), ("queued", False), ("done", False)])
def test_only_what_is_worth_a_line_is_told(code, said):
    assert (befell(Event(1, 0.0, code, None, {})) is not None) == said
