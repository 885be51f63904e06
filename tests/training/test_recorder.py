"""Between a training and its store: nothing is lost or changes its order while the store cannot be written."""

from contextlib import contextmanager

import numpy as np
import pytest

from rnn_core.training.runs import BatchPoint, EpochPoint, EventPoint
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.worker.recorder import Checkpoint, Halt, Recorder, load_checkpoint

SPEC = TrainingSpec(samples=100, batch_size=20, epochs=3)  # 4 steps an epoch
ME = "my secret"


class Shaky(RunStore):
    """A store that can be out of reach."""

    reachable = True

    @contextmanager
    def _begin(self, writes):
        if writes and not self.reachable:
            raise StoreUnavailable("store_locked")
        with super()._begin(writes) as connection:
            yield connection


@pytest.fixture
def store(tmp_path):
    store = Shaky(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield store
    store.close()


@pytest.fixture
def recorder(store):
    """A recorder whose thread is not started: what is said is written when the test says finish()."""
    (run_id,) = store.create([SPEC], ME, "carrier")
    submission = store.hand_over(store.get(run_id), "carrier")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    store.run_folder(run_id).mkdir(parents=True)
    return Recorder(store, run)


def epoch(number):
    return EpochPoint(number, 1.0 / number, 0.5, 1.0, 0.5, 1.0, 0.0), Checkpoint(number, [np.full(3, float(number))])


def test_what_could_not_be_written_is_written_later_in_its_order(recorder, store, monkeypatch):
    monkeypatch.setattr("rnn_core.training.worker.recorder.GIVE_UP_SECONDS", 0.0)
    store.reachable = False
    recorder.note(EventPoint("paused", 0), state="paused")
    recorder.mention(BatchPoint(1, 2.0, 0.1), step=1)
    recorder.epoch(*epoch(1), step=4)
    with pytest.raises(StoreUnavailable):
        recorder.finish()
    recorder.note(EventPoint("continued", 0), state="running")
    recorder.mention(BatchPoint(5, 1.0, 0.2), step=5)
    recorder.epoch(*epoch(2), step=8)
    store.reachable = True
    assert recorder.finish(EventPoint("stopped_early", 2))
    run, curves = store.get(recorder.run.id), store.curves(recorder.run.id)
    assert (run.state, run.step, run.epochs_done, run.epoch) == ("running", 8, 2, 3)
    assert (curves.epoch.tolist(), curves.step.tolist()) == ([1, 2], [1, 5])
    codes = [event.code for event in store.events(run.id)]
    assert codes == ["queued", "started", "paused", "continued", "stopped_early"]
    np.testing.assert_array_equal(load_checkpoint(store, run).variables, [np.full(3, 2.0)])


def test_one_checkpoint_is_kept_and_it_is_the_last(recorder, store):
    for number in (1, 2, 3):
        recorder.epoch(*epoch(number))
        recorder.finish()
    run = store.get(recorder.run.id)
    assert [file.name for file in store.run_folder(run.id).iterdir()] == [run.checkpoint]
    assert load_checkpoint(store, run).epoch == run.checkpoint_epoch == 3


def test_an_end_that_is_refused_ends_nothing_and_keeps_what_waits(recorder, store):
    store.wish(recorder.run.id, ME, "one_more_epoch")
    recorder.mention(BatchPoint(12, 0.5, None), step=12)
    assert not recorder.finish(unless="extended", state="done", epochs_done=3)
    assert recorder.epochs_target == 4
    assert store.get(recorder.run.id).state == "starting"
    assert recorder.finish(unless="extended", state="done", epochs_done=4)
    assert store.get(recorder.run.id).state == "done"
    assert store.curves(recorder.run.id).step.tolist() == [12]


def test_wishes_are_heard_with_every_exchange(recorder, store):
    store.wish(recorder.run.id, ME, "pause")
    recorder.finish()
    assert recorder.pause
    store.wish(recorder.run.id, ME, "stop")
    with pytest.raises(Halt):
        recorder.finish(EventPoint("paused", 0))
    with pytest.raises(Halt):
        recorder.check()
    assert "paused" not in [event.code for event in store.events(recorder.run.id)]
