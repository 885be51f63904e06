"""The run store at the level of its rows: fencing, idempotence, owners, trouble with the disk."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
import sqlalchemy as sa

from rnn_core.training.runs import BatchPoint, EpochPoint, EventPoint, Orders, thin
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import NoSuchRun, NotOwner, RunStore, StoreUnavailable, WishImpossible
from tests import left_out

SPEC = TrainingSpec(samples=100, batch_size=20, epochs=3)  # 4 steps an epoch
ME, SOMEBODY = "my secret", "another"


@pytest.fixture(params=["sqlite", *(["postgresql"] if left_out.postgresql() else [])])
def store(request, tmp_path):
    if request.param == "sqlite":
        store = RunStore(f"sqlite:///{tmp_path / 'var' / 'runs.sqlite'}")
    else:
        store = RunStore(request.getfixturevalue("fresh_database"), folder=tmp_path / "runs")
    yield store
    store.close()


def queued(store, spec=SPEC):
    return store.create([spec], ME, "carrier")[0]


def begun(store, run_id, resume_epoch=0):
    """Hand the run over and begin it, as trainer and worker do."""
    submission = store.hand_over(store.get(run_id), "carrier")
    return store.begin(store.get(run_id), submission, resume_epoch, "worker")


def point(epoch, loss=1.0, val_loss=1.0):
    return EpochPoint(epoch, loss, 0.5, val_loss, 0.5, 1.0, 0.0)


def steps(*numbers):
    return [BatchPoint(step, float(step), None) for step in numbers]


def test_a_run_as_it_was_queued(store):
    run = store.get(queued(store))
    assert (run.state, run.spec, run.epochs_target, run.progress, run.epoch) == ("queued", SPEC, 3, 0.0, 1)
    assert [event.code for event in store.events(run.id)] == ["queued"]
    assert ME not in repr(run)


def test_runs_launched_together_share_a_group_and_keep_their_order(store):
    ids = store.create([SPEC] * 3, ME, "carrier", names=["a", "b", "c"])
    runs = store.runs(ids=ids)
    assert [run.name for run in runs] == ["a", "b", "c"]
    assert len({run.group_id for run in runs}) == 1
    assert [store.queue_position(run_id) for run_id in ids] == [1, 2, 3]
    assert store.runs(owner=SOMEBODY) == []
    assert store.runs(group=runs[0].group_id, limit=2) == runs[1:]


def test_points_written_twice_stand_there_once(store):
    run = begun(store, queued(store))
    for _ in range(2):
        store.write(run.id, run.attempt, {"step": 4}, [point(1)], steps(1, 2, 4))
    curves = store.curves(run.id)
    assert curves.epoch.tolist() == [1]
    assert curves.step.tolist() == [1, 2, 4]
    assert curves.batch_epoch.tolist() == [0.25, 0.5, 1.0]
    assert np.isnan(curves.batch_metric).all()


def test_curves_read_on_where_they_stopped(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {}, [], steps(1, 2))
    before = store.curves(run.id)
    assert store.curves(run.id) is before  # nothing new: nothing read
    store.write(run.id, run.attempt, {}, [point(1)], steps(3, 4))
    assert store.curves(run.id).step.tolist() == [1, 2, 3, 4]
    assert store.curves(run.id).epoch.tolist() == [1]


def test_a_new_attempt_removes_what_came_after_its_epoch_and_shuts_the_old_one_out(store):
    run_id = queued(store)
    old = begun(store, run_id)
    store.write(run_id, old.attempt, {"epochs_done": 1}, [point(1, val_loss=0.5)], steps(1, 2, 3, 4))
    store.write(run_id, old.attempt, {"epochs_done": 2}, [point(2, val_loss=0.1)], steps(6, 8))
    assert store.curves(run_id).epoch.tolist() == [1, 2]
    new = store.begin(store.get(run_id), old.submission, 1, "other worker")
    assert (new.epochs_done, new.step, new.seconds, new.best_epoch, new.best_val_loss) == (1, 4, 1.0, 1, 0.5)
    assert store.curves(run_id).epoch.tolist() == [1]
    assert store.curves(run_id).step.tolist() == [1, 2, 3, 4]
    assert store.write(run_id, old.attempt, {"state": "done"}, [point(9)]) is None
    assert store.orders(run_id, old.attempt) is None
    assert store.write(run_id, new.attempt) == Orders(pause=False, epochs_target=3)
    assert store.curves(run_id).epoch.tolist() == [1]


def test_only_one_of_two_workers_begins(store):
    run_id = queued(store)
    submission = store.hand_over(store.get(run_id), "carrier")
    seen = store.get(run_id)
    begins = [store.begin(seen, submission, 0, worker) for worker in ("a", "b")]
    assert begins[1] is None
    assert store.get(run_id).worker == "a"


def test_a_run_is_handed_over_once(store):
    run = store.get(queued(store))
    assert store.hand_over(run, "carrier") == 1
    assert store.hand_over(run, "carrier") is None


@pytest.mark.parametrize(("wish", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_a_run_that_its_owner_has_stopped_or_paused_meanwhile_is_not_handed_over(store, wish, state):
    seen_in_the_queue = store.get(queued(store))
    store.wish(seen_in_the_queue.id, ME, wish)
    assert store.hand_over(seen_in_the_queue, "carrier") is None
    assert store.get(seen_in_the_queue.id).state == state


@pytest.mark.parametrize("state", ["queued", "starting", "compiling", "running", "paused"])
def test_stop_is_immediate_in_every_state(store, state):
    run_id = queued(store)
    attempt = 0
    if state != "queued":
        attempt = begun(store, run_id).attempt
        store.write(run_id, attempt, {"state": state})
    assert store.wish(run_id, ME, "stop").state == "stopped"
    assert store.orders(run_id, attempt) is None
    assert store.write(run_id, attempt, {"state": "done"}, [point(1)]) is None
    assert store.get(run_id).state == "stopped"
    assert store.wish(run_id, ME, "stop").state == "stopped"


def test_pause_is_a_wish_until_the_worker_grants_it(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {"state": "running"})
    assert store.wish(run.id, ME, "pause").pausing
    assert store.write(run.id, run.attempt, {"state": "paused"}).pause
    now = store.get(run.id)
    assert (now.state, now.pausing, now.can_resume, now.can_pause) == ("paused", False, True, False)
    store.wish(run.id, ME, "resume")
    assert not store.orders(run.id, run.attempt).pause


def test_a_queued_run_that_is_paused_is_not_handed_over_and_loses_its_place(store):
    first, second = store.create([SPEC] * 2, ME, "carrier")
    assert store.wish(first, ME, "pause").state == "paused"
    assert [run.id for run in store.carried_by(["carrier"], ["queued"])] == [second]
    assert store.wish(first, ME, "resume").state == "queued"
    assert store.queue_position(first) == 2


def test_a_worker_gives_a_paused_run_back_only_while_it_is_paused(store):
    run = begun(store, queued(store))
    back = {"state": "paused", "held": False}
    assert store.write(run.id, run.attempt, back, unless="resumed") == Orders(False, 3, refused=True)
    assert store.get(run.id).held
    store.wish(run.id, ME, "pause")
    store.write(run.id, run.attempt, back, unless="resumed")
    assert not store.get(run.id).held
    assert not store.lost(store.get(run.id), 5, "carrier")  # it rests, it is not lost
    assert store.wish(run.id, ME, "resume").state == "queued"


def test_one_more_epoch_while_it_runs_keeps_it_from_being_done(store):
    run = begun(store, queued(store))
    store.wish(run.id, ME, "one_more_epoch")
    final = {"state": "done", "epochs_done": 3}
    assert store.write(run.id, run.attempt, final, [point(3)], unless="extended") == Orders(False, 4, refused=True)
    assert store.get(run.id).state == "starting"
    final["epochs_done"] = 4
    store.write(run.id, run.attempt, final, [point(4)], unless="extended")
    assert store.get(run.id).state == "done"


def test_one_more_epoch_for_a_done_run_needs_its_checkpoint(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {"state": "done", "epochs_done": 3}, [point(3)])
    with pytest.raises(WishImpossible) as caught:
        store.wish(run.id, ME, "one_more_epoch")
    assert caught.value.code == "cannot_extend"
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {"state": "done", "epochs_done": 3, "checkpoint": "c.npz", "checkpoint_epoch": 3})
    again = store.wish(run.id, ME, "one_more_epoch", carrier="new")
    assert (again.state, again.epochs_target, again.extended, again.carrier) == ("queued", 4, True, "new")


def test_what_is_over_is_over(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {"state": "done", "epochs_done": 3}, [point(3)])
    for wish, code in (("pause", "cannot_pause"), ("resume", "cannot_resume")):
        with pytest.raises(WishImpossible) as caught:
            store.wish(run.id, ME, wish)
        assert caught.value.code == code


def test_only_the_owner_may_change_a_run(store):
    run_id = queued(store)
    for forbidden in (
        lambda: store.wish(run_id, SOMEBODY, "stop"),
        lambda: store.rename(run_id, SOMEBODY, "x"),
        lambda: store.pin(run_id, SOMEBODY, True),
        lambda: store.delete(run_id, SOMEBODY),
    ):
        with pytest.raises(NotOwner) as caught:
            forbidden()
        assert caught.value.code == "not_owner"
    assert store.get(run_id).state == "queued"
    assert not store.is_owner(store.get(run_id), None)


def test_rename_pin_delete(store):
    run_id = queued(store)
    store.rename(run_id, ME, "  my \n run " + "x" * 100)
    store.pin(run_id, ME, True)
    assert store.get(run_id).name.startswith("my run xxx")
    assert len(store.get(run_id).name) == 80
    assert store.get(run_id).pinned
    run = begun(store, run_id)
    store.write(run_id, run.attempt, {}, [point(1)], steps(1))
    store.run_folder(run_id).mkdir(parents=True)
    store.delete(run_id, ME)
    assert not store.run_folder(run_id).exists()
    assert store.write(run_id, run.attempt, {}, [point(2)]) is None
    for gone in (store.get, store.curves):
        with pytest.raises(NoSuchRun):
            gone(run_id)
    assert store.events(run_id) == []
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from epochs")).scalar_one() == 0


@pytest.mark.parametrize("run_id", ["", "../../etc", "x" * 5000, "\ud800\0", "' or 1=1", "0123456789ab\n"])
def test_a_link_to_a_run_that_does_not_exist(store, run_id):
    for look in (store.get, store.curves, store.model_path, lambda run_id: store.wish(run_id, ME, "stop")):
        with pytest.raises(NoSuchRun) as caught:
            look(run_id)
        assert caught.value.code == "no_such_run"
        assert len(str(caught.value)) < 200


def test_a_lost_run_is_queued_again_in_its_old_place_until_it_was_lost_too_often(store):
    run_id, later = store.create([SPEC] * 2, ME, "carrier")
    for times in range(1, 5):
        run = begun(store, run_id)
        assert store.lost(run, 5, "carrier")
        assert not store.lost(run, 5, "carrier")  # that was somebody else's news
        assert store.get(run_id).losses == times
        assert store.queue_position(run_id) == 1
    assert not store.lost(begun(store, run_id), 5, "carrier")
    assert (store.get(run_id).state, store.get(run_id).problem_code) == ("failed", "worker_lost")
    assert store.get(later).state == "queued"


def test_a_paused_run_that_is_lost_stays_paused(store):
    run = begun(store, queued(store))
    store.wish(run.id, ME, "pause")
    store.lost(store.get(run.id), 5, "carrier")
    now = store.get(run.id)
    assert (now.state, now.held, now.can_resume) == ("paused", False, True)


def test_interrupted_says_at_which_epoch_and_can_be_resumed(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {"epochs_done": 2}, [point(1), point(2)])
    store.interrupt(store.get(run.id))
    now = store.get(run.id)
    assert now.state == "interrupted"
    assert now.problem.startswith("Interrupted at epoch 2:")
    assert store.wish(run.id, ME, "resume", carrier="new").carrier == "new"
    store.interrupt(now)  # late news of the old carrier
    assert store.get(run.id).state == "queued"


def test_prune_keeps_the_newest_the_pinned_and_the_unfinished(store):
    ids = [queued(store) for _ in range(5)]
    for run_id in ids[:4]:
        store.wish(run_id, ME, "stop")
    store.pin(ids[0], ME, True)
    assert store.prune(3) == 2
    assert [run.id for run in store.runs()] == [ids[0], ids[3], ids[4]]


def test_stop_and_resume_from_two_tabs_at_once_leave_one_clear_state(store):
    run_id = queued(store)
    together = threading.Barrier(2)

    def press(wish):
        for _ in range(25):
            together.wait()
            store.wish(run_id, ME, wish)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, ["stop", "resume"]))
    assert store.get(run_id).state in ("stopped", "queued")
    codes = [event.code for event in store.events(run_id)]
    assert all(a != b for a, b in pairwise(codes))  # strictly in turn: nothing happened twice


def test_long_series_are_thinned_and_their_older_points_stay_put():
    def thinned(n):
        step = np.arange(1, n + 1)
        at, (values,) = thin(step, [step.astype(float)], 100)
        return dict(zip(at.tolist(), values.tolist(), strict=True))

    small, large = thinned(350), thinned(390)
    assert len(small) <= 100
    assert max(small) == 350
    full_groups = {at: value for at, value in small.items() if at % 4 == 0}
    assert full_groups.items() <= large.items()
    assert small[4] == pytest.approx(2.5)


def test_no_row_with_not_a_number_gets_lost(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {}, [EpochPoint(1, 0.5, None, None, None, 1.0, 0.0)])
    curves = store.curves(run.id)
    assert np.isnan([curves.metric[0], curves.val_loss[0]]).all()
    assert store.get(run.id).best_epoch is None


def test_events_keep_their_order_and_values(store):
    run = begun(store, queued(store))
    store.write(run.id, run.attempt, {}, events=[EventPoint("paused", 1), EventPoint("note", None, {"a": 1})])
    events = store.events(run.id)
    assert [event.code for event in events] == ["queued", "started", "paused", "note"]
    assert events[-1].values == {"a": 1}


# ------------------------------------------------------------------------------------------------------- trouble


def test_a_store_that_cannot_be_opened_says_so_and_recovers(tmp_path):
    in_the_way = tmp_path / "var"
    in_the_way.write_text("a file where a folder should be")
    store = RunStore(f"sqlite:///{in_the_way / 'runs.sqlite'}")
    with pytest.raises(StoreUnavailable) as caught:
        store.runs()
    assert caught.value.code == "store_unreachable"
    in_the_way.unlink()
    assert store.runs() == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_full_disk(store):
    queued(store)

    @sa.event.listens_for(store.engine, "begin")
    def no_room(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StoreUnavailable) as caught:
        store.create([SPEC] * 200, ME, "carrier")
    assert caught.value.code == "store_full"
    assert store.runs()  # reading still works


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_read_only_store(store):
    queued(store)

    @sa.event.listens_for(store.engine, "begin")
    def read_only(connection):
        connection.exec_driver_sql("PRAGMA query_only=ON")

    with pytest.raises(StoreUnavailable) as caught:
        queued(store)
    assert caught.value.code == "store_read_only"
    assert store.runs()


def test_a_locked_store(tmp_path):
    url = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    queued(RunStore(url))
    store = RunStore(url, lock_seconds=0.05)
    lock = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as caught:
        queued(store)
    assert caught.value.code == "store_locked"
    assert len(store.runs()) == 1  # reading goes on
    lock.execute("ROLLBACK")
    lock.close()
    queued(store)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "runs.sqlite").write_text("hello" * 1000)
    with pytest.raises(StoreUnavailable):
        RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}").runs()


def test_what_waited_to_be_written_when_a_run_ends_does_not_keep_it_from_ending(store):
    run = begun(store, queued(store))
    waited = {"phase": "validating", "seconds_left": 4.0, "step": 4}
    store.write(run.id, run.attempt, {**waited, "state": "done"}, [point(1)], steps(1, 2, 4))
    ended = store.get(run.id)
    assert (ended.state, ended.phase, ended.seconds_left, ended.step) == ("done", "", None, 4)
