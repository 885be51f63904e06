"""The weights that a run keeps of its epochs: which stay, that they are what was trained, and what may go wrong."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.models.trained import Trained
from rnn_core.training.files import read_arrays, write_arrays
from rnn_core.training.kept import (
    HEADERS,
    KEPT_BYTES,
    KEPT_EPOCHS,
    Kept,
    epochs_in,
    nearest,
    path_of,
    room,
    spread,
    why_none,
)
from rnn_core.training.runs import EpochPoint
from rnn_core.training.spec import LIMITS, TrainingSpec
from rnn_core.training.store import RunStore
from rnn_core.training.worker import job
from rnn_core.training.worker.keeper import Keeper
from rnn_core.training.worker.recorder import Checkpoint, Halt, Recorder

SPEC = TrainingSpec(cell="lstm", units=3, length=4, samples=60, epochs=3, batch_size=16)
ME = "my secret"


@pytest.fixture
def store(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield store
    store.close()


def carried_out(store, run_id):
    submission = store.hand_over(store.get(run_id), "carrier")
    job.run_training(run_id, submission, store.url, str(store.folder))
    return store.get(run_id)


def begun(store, spec=SPEC, resume_epoch=0, run_id=None):
    """A run that a worker has begun, and its recorder; its thread is not started."""
    run_id = run_id or store.create([spec], ME, "carrier")[0]
    submission = store.hand_over(store.get(run_id), "carrier")
    run = store.begin(store.get(run_id), submission, resume_epoch, "worker")
    store.run_folder(run_id).mkdir(parents=True, exist_ok=True)
    return Recorder(store, run)


def trains(recorder, epoch):
    """Say that an epoch is done, with weights that can be told from all others."""
    recorder.keep(epoch, {"kernel": np.full(3, float(epoch), np.float32)})
    point = EpochPoint(epoch, 1.0, 0.5, 1.0, 0.5, 1.0, 0.0)
    recorder.epoch(point, Checkpoint(epoch, [np.full(3, float(epoch))]))
    recorder.finish()


# ------------------------------------------------------------------------------------------------- which ones stay


def kept_online(epochs, most, planned):
    stay: tuple[int, ...] = (0,)
    for epoch in range(1, epochs + 1):
        stay = spread([*stay, epoch], most, planned)
        assert (stay[0], stay[-1]) == (0, epoch)
        assert len(stay) <= most
    return stay


@pytest.mark.parametrize("planned", [1, 5, 11, 12, 13, 30, 200])
@pytest.mark.parametrize("most", [2, 3, 9, 12])
def test_a_training_that_ends_as_planned_has_kept_evenly_spread_epochs(planned, most):
    stay = kept_online(planned, most, planned)
    gaps = np.diff(stay)
    assert len(stay) == min(most, planned + 1)
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize("ended", [3, 12, 25, 90])
def test_one_that_ends_early_has_kept_as_many_and_no_large_gap(ended):
    stay = kept_online(ended, 12, planned=200)
    assert len(stay) == min(12, ended + 1)
    assert np.diff(stay).max() <= max(1, 2 * np.ceil(ended / 11))


def test_one_that_goes_on_makes_room_for_the_newest():
    stay = spread(range(31), 12, planned=30)
    for epoch in (31, 32, 33):
        stay = spread([*stay, epoch], 12, planned=epoch)
        assert (stay[0], stay[-1], len(stay)) == (0, epoch, 12)
        assert np.diff(stay).max() <= 7


def test_a_large_network_keeps_fewer_epochs_and_a_very_large_one_none():
    assert room(5_000) == KEPT_EPOCHS
    assert room(329_000) == 9
    assert room(1_490_000) == 2
    assert room(1_500_000) == 0
    assert str(why_none(1_500_000)).startswith("This network is too large")
    assert why_none(5_000) == Kept("none_kept")


def test_the_nearest_epoch_is_shown_in_place_of_one_that_was_not_kept():
    assert [nearest((0, 3, 6, 30), wanted) for wanted in (0, 1, 4, 5, 10_000)] == [0, 0, 3, 6, 30]


# ------------------------------------------------------------------------------------------------ what a run keeps


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A store and the run that was trained in it."""
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'runs.sqlite'}")
    (run_id,) = store.create([SPEC], ME, "carrier")
    yield store, carried_out(store, run_id)
    store.close()


def test_every_epoch_is_kept_and_the_last_is_the_trained_network(trained):
    store, run = trained
    assert store.kept_epochs(run.id) == (0, 1, 2, 3)
    last, end = store.weights(run.id, 3), store.weights(run.id)
    assert list(last) == list(end)
    for name, array in end.items():
        np.testing.assert_array_equal(last[name], array)
    assert store.weights(run.id, 4) is None


def test_before_the_first_epoch_it_is_the_network_that_the_seed_makes(trained):
    store, run = trained
    from rnn_core.models.trained import arrays_of

    fresh = arrays_of(job.model_of(SPEC, tasks.load(SPEC.data)))
    for name, array in store.weights(run.id, 0).items():
        np.testing.assert_array_equal(array, fresh[name])


def test_a_kept_epoch_answers_as_its_point_of_the_curve_says(trained):
    store, run = trained
    validation = tasks.load(SPEC.data)
    for epoch, accuracy in enumerate(store.curves(run.id).val_metric, start=1):
        network = Trained.from_arrays(SPEC.network, store.weights(run.id, epoch))
        right = network.predict(validation.x_val).argmax(axis=1) == validation.y_val
        assert right.mean() == pytest.approx(accuracy)


def test_one_more_epoch_is_kept_as_well(store):
    (run_id,) = store.create([replace(SPEC, epochs=1)], ME, "carrier")
    carried_out(store, run_id)
    first = store.weights(run_id, 1)
    store.wish(run_id, ME, "one_more_epoch")
    assert carried_out(store, run_id).epochs_done == 2
    assert store.kept_epochs(run_id) == (0, 1, 2)
    for name, array in store.weights(run_id, 1).items():
        np.testing.assert_array_equal(array, first[name])


def test_early_stopping_leaves_what_was_kept_until_then(store):
    spec = replace(SPEC, epochs=40, learning_rate=1.0, early_stopping=2)
    (run_id,) = store.create([spec], ME, "carrier")
    run = carried_out(store, run_id)
    kept = store.kept_epochs(run_id)
    assert (kept[0], kept[-1]) == (0, run.epochs_done)
    assert len(kept) == min(KEPT_EPOCHS, run.epochs_done + 1)


def test_after_a_resume_nothing_of_a_later_epoch_is_left(store):
    recorder = begun(store)
    for epoch in (1, 2, 3):
        trains(recorder, epoch)
    run_id = recorder.run.id
    store.lost(store.get(run_id), 5, "carrier")
    again = begun(store, resume_epoch=1, run_id=run_id)
    assert epochs_in(store.run_folder(run_id)) == store.kept_epochs(run_id) == (1,)
    trains(again, 2)
    assert store.kept_epochs(run_id) == (1, 2)


def test_an_attempt_that_is_no_longer_wanted_writes_nothing(store):
    old = begun(store)
    trains(old, 1)
    run_id = old.run.id
    store.lost(store.get(run_id), 5, "carrier")
    new = begun(store, resume_epoch=1, run_id=run_id)
    new.keep(1, {"kernel": np.full(3, 10.0)})
    new.finish()
    for epoch in (1, 2):
        with pytest.raises(Halt):
            trains(old, epoch)
    assert store.kept_epochs(run_id) == (1,)
    np.testing.assert_array_equal(store.weights(run_id, 1)["kernel"], np.full(3, 10.0))


def test_a_file_of_an_epoch_that_the_run_has_not_done_is_none_of_its_own(store):
    recorder = begun(store)
    trains(recorder, 1)
    write_arrays(path_of(store.run_folder(recorder.run.id), 7), {"kernel": np.ones(3)})
    assert store.kept_epochs(recorder.run.id) == (1,)


def test_what_a_run_keeps_stays_within_its_budget(store):
    """As much of a network as fits nine times: the file, with names and headers, is what counts."""
    spec = replace(SPEC, task="imdb", units=32, epochs=200)
    (run_id,) = store.create([spec], ME, "carrier")
    folder = store.run_folder(run_id)
    folder.mkdir(parents=True)
    keeper = Keeper(folder, store.get(run_id))
    weights = {"0_embedding/embeddings": np.zeros((10_000, 32), np.float32)}
    weights["1_lstm/lstm_cell/kernel"] = np.zeros((65, 128), np.float32)
    for epoch in range(15):
        keeper.keep({epoch: weights}, planned=200)
        assert sum(file.stat().st_size for file in folder.iterdir()) <= KEPT_BYTES
    assert len(epochs_in(folder)) == keeper.room == 9


def test_headers_and_names_are_no_more_than_was_allowed_for_them(tmp_path):
    """Five bidirectional layers behind an embedding, each array with a name as long as they come."""
    names = [f"{number}_bidirectional/backward_simple_rnn/simple_rnn_cell/recurrent_k" for number in range(33)]
    write_arrays(tmp_path / "most.npz", {name: np.zeros(0, np.float32) for name in names})
    assert (tmp_path / "most.npz").stat().st_size <= HEADERS


def test_the_largest_network_of_the_page_keeps_nothing(store):
    most = {name: int(LIMITS[name].high) for name in ("units", "layers")}
    recorder = begun(store, replace(SPEC, bidirectional=True, **most))
    assert not recorder.keeps


def test_a_run_that_is_deleted_takes_its_epochs_along(store):
    recorder = begun(store)
    trains(recorder, 1)
    store.delete(recorder.run.id, ME)
    assert store.kept_epochs(recorder.run.id) == ()
    assert not store.run_folder(recorder.run.id).exists()


# ------------------------------------------------------------------------------------------------ what may go wrong


def test_a_full_disk_costs_the_epoch_and_not_the_training(store, monkeypatch):
    def full(path, arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rnn_core.training.worker.keeper.write_arrays", full)
    (run_id,) = store.create([SPEC], ME, "carrier")
    run = carried_out(store, run_id)
    assert (run.state, run.epochs_done) == ("done", 3)
    assert store.kept_epochs(run_id) == ()
    assert store.weights(run_id) is not None


def test_what_did_not_fit_on_the_disk_is_not_left_there_in_part(tmp_path, monkeypatch):
    def full(file, *args, **kwargs):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        write_arrays(tmp_path / "epoch-0001.npz", {"a": np.ones(3)})
    assert list(tmp_path.iterdir()) == []


def test_a_kept_file_that_is_damaged_is_as_good_as_none(store):
    recorder = begun(store)
    trains(recorder, 1)
    path_of(store.run_folder(recorder.run.id), 1).write_bytes(b"hello")
    assert store.weights(recorder.run.id, 1) is None


def test_while_the_store_cannot_be_written_no_more_wait_than_would_be_kept(store):
    recorder = begun(store, replace(SPEC, epochs=100))
    for epoch in range(101):
        recorder.keep(epoch, {"kernel": np.full(3, float(epoch), np.float32)})
    recorder.finish(epochs_done=100)
    kept = store.kept_epochs(recorder.run.id)
    assert (len(kept), kept[0], kept[-1]) == (KEPT_EPOCHS, 0, 100)
    found = {epoch: read_arrays(path_of(store.run_folder(recorder.run.id), epoch))["kernel"][0] for epoch in kept}
    assert all(value == epoch for epoch, value in found.items())
