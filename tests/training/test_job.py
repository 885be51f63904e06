"""What a worker does with a run, in this very process: no cluster, a small network, the store as it is."""

from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest

from rnn_core.training.files import write_arrays
from rnn_core.training.runs import EpochPoint
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore
from rnn_core.training.told import problem_of
from rnn_core.training.worker import job
from rnn_core.training.worker.recorder import Recorder, load_checkpoint

SPEC = TrainingSpec(cell="simple_rnn", units=3, length=4, samples=60, epochs=2, batch_size=16)
ME = "my secret"


@pytest.fixture
def store(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield store
    store.close()


def carried_out(store, run_id):
    """Hand the run over and do it, as trainer and worker would."""
    submission = store.hand_over(store.get(run_id), "carrier")
    job.run_training(run_id, submission, store.url, str(store.folder))
    return store.get(run_id)


def test_an_epoch_is_counted_once_and_never_back(store, monkeypatch):
    """Whoever looks, at whatever moment, sees one epoch train, validate, and be done before the next begins."""
    seen = []

    class Prompt(Recorder):
        """Writes at once what it hears, so that no moment is hidden by the next."""

        def heard(self):
            self.finish()
            seen.append(self.store.get(self.run.id))

        def note(self, *events, **changes):
            super().note(*events, **changes)
            self.heard()

        def mention(self, *batches, **changes):
            super().mention(*batches, **changes)
            self.heard()

        def epoch(self, point, checkpoint, **changes):
            super().epoch(point, checkpoint, **changes)
            self.heard()

    monkeypatch.setattr(job, "Recorder", Prompt)
    (run_id,) = store.create([replace(SPEC, epochs=3)], ME, "carrier")
    assert carried_out(store, run_id).state == "done"
    moments = [key for key, _ in groupby((run.epoch, run.phase, run.epochs_done) for run in seen if run.phase)]
    assert moments == [
        (1, "training", 0),
        (1, "validating", 0),
        (2, "training", 1),
        (2, "validating", 1),
        (3, "training", 2),
        (3, "validating", 2),
        (3, "training", 3),  # the model is being saved
    ]
    assert all(before.step <= after.step for before, after in pairwise(seen))


def left_after_one_epoch(store):
    """A run whose worker was lost after its first epoch."""
    (run_id,) = store.create([SPEC], ME, "carrier")
    submission = store.hand_over(store.get(run_id), "carrier")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    point = EpochPoint(1, 2.0, 0.2, 2.1, 0.1, 1.0, 0.0)
    store.run_folder(run_id).mkdir(parents=True)
    path = store.run_folder(run_id) / "checkpoint.npz"
    write_arrays(path, {f"arr_{i}": np.ones((4, 5)) for i in range(3)})
    store.write(run_id, run.attempt, {"epochs_done": 1, "checkpoint": path.name, "checkpoint_epoch": 1}, [point])
    store.lost(store.get(run_id), 5, "carrier")
    return run_id, path


def damaged(path, how):
    whole = path.read_bytes()
    match how:
        case "empty":
            path.write_bytes(b"")
        case "half":
            path.write_bytes(whole[: len(whole) // 2])
        case "all but the end":
            path.write_bytes(whole[:-1])
        case "overwritten":
            path.write_bytes(whole[:80] + bytes(len(whole) - 160) + whole[-80:])
        case "something else":
            path.write_text("hello")
        case "an array by itself":
            np.save(path.with_suffix(""), np.ones(3))
            path.with_suffix(".npy").rename(path)
        case "gone":
            path.unlink()


@pytest.mark.parametrize(
    "how", ["empty", "half", "all but the end", "overwritten", "something else", "an array by itself", "gone"]
)
def test_a_damaged_checkpoint_ends_the_run_with_the_truth_and_keeps_its_curves(store, how):
    run_id, path = left_after_one_epoch(store)
    damaged(path, how)
    run = carried_out(store, run_id)
    assert (run.state, run.epochs_done, run.checkpoint) == ("failed", 1, None)
    assert store.curves(run_id).loss.tolist() == [2.0]
    assert str(problem_of(run)).startswith("The file needed to continue this run after epoch 1 cannot be read.")
    assert run.can_resume
    assert "resumed" not in [event.code for event in store.events(run_id)]


def test_after_a_damaged_checkpoint_resume_begins_anew(store):
    run_id, path = left_after_one_epoch(store)
    damaged(path, "half")
    carried_out(store, run_id)
    store.wish(run_id, ME, "resume")
    run = carried_out(store, run_id)
    assert (run.state, run.epochs_done, run.problem_code) == ("done", 2, None)
    assert store.curves(run_id).epoch.tolist() == [1, 2]
    assert store.curves(run_id).loss[0] != 2.0


def test_a_task_that_cannot_be_had_says_so_itself(store, monkeypatch, tmp_path):
    monkeypatch.setenv("RNN_IMDB_DIR", str(tmp_path / "nowhere"))
    (run_id,) = store.create([replace(SPEC, task="imdb")], ME, "carrier")
    run = carried_out(store, run_id)
    assert (run.state, run.problem_code) == ("failed", "imdb_no_folder")
    assert str(tmp_path / "nowhere") in str(problem_of(run))


def test_whoever_was_handed_an_older_submission_does_nothing(store):
    run_id, path = left_after_one_epoch(store)
    damaged(path, "gone")
    submission = store.hand_over(store.get(run_id), "carrier")
    before = store.get(run_id)
    job.run_training(run_id, submission - 1, store.url, str(store.folder))
    assert store.get(run_id) == before


def test_batch_points_are_means_that_add_up_to_their_epoch(store):
    (run_id,) = store.create([SPEC], ME, "carrier")
    carried_out(store, run_id)
    curves = store.curves(run_id)
    steps = SPEC.steps_per_epoch
    assert len(curves.step) > 2
    for epoch, loss, metric in zip(curves.epoch, curves.loss, curves.metric, strict=True):
        inside = (curves.batch_epoch > epoch - 1) & (curves.batch_epoch <= epoch)
        # All batches have 16 sequences, and 48 are 3 of them: each step weighs the same.
        widths = np.diff(curves.step[inside], prepend=(epoch - 1) * steps)
        assert np.average(curves.batch_loss[inside], weights=widths) == pytest.approx(loss, rel=1e-4)
        assert np.average(curves.batch_metric[inside], weights=widths) == pytest.approx(metric, rel=1e-4)


def test_early_stopping_ends_a_run_as_done(store):
    # Steps so large that validation soon gets worse.
    spec = replace(SPEC, epochs=40, learning_rate=1.0, early_stopping=2)
    (run_id,) = store.create([spec], ME, "carrier")
    run, val_loss = carried_out(store, run_id), store.curves(run_id).val_loss
    assert run.state == "done"
    assert run.epochs_target == run.epochs_done == len(val_loss) < 40
    assert run.best_epoch == run.epochs_done - 2
    assert {event.code for event in store.events(run_id)} == {"queued", "started", "stopped_early", "done"}
    assert store.model_path(run_id) is not None


def test_a_checkpoint_holds_all_that_a_training_needs_to_go_on(store):
    """Weights, and what the optimizer has gathered."""
    from rnn_core import tasks

    (run_id,) = store.create([SPEC], ME, "carrier")
    run = carried_out(store, run_id)
    checkpoint = load_checkpoint(store, run)
    dataset = tasks.load(SPEC.data)
    model = job.model_of(replace(SPEC, seed=1), dataset)
    job.restore(model, checkpoint.variables)
    restored = [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]
    assert model.optimizer.iterations == SPEC.epochs * SPEC.steps_per_epoch
    for ours, theirs in zip(restored, checkpoint.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    loss, accuracy = model.evaluate(dataset.x_val, dataset.y_val, verbose=0)
    assert (loss, accuracy) == pytest.approx((store.curves(run_id).val_loss[-1], store.curves(run_id).val_metric[-1]))
    with pytest.raises(ValueError, match="variables"):
        job.restore(model, checkpoint.variables[:-1])
