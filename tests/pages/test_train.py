"""The training page as a visitor meets it; what a worker would do is written into the store by hand."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
import streamlit as st

from pages.common import worker
from pages.parts.train.ledger import as_csv, as_json, take_away_words
from pages.parts.train.settings import NUMBERS, parameters
from rnn_core.export import as_script
from rnn_core.export.training import training_cells
from rnn_core.tasks import imdb
from rnn_core.training.runs import BatchPoint, EpochPoint
from rnn_core.training.spec import LIMITS, PRESETS, check_budget
from rnn_core.training.store import RunStore, StoreUnavailable
from rnn_core.training.told import RunProblem
from rnn_core.training.web.cluster import UNREACHABLE, Status, TrainerError


class Deskbound:
    """A trainer without a cluster: it queues, and nobody comes to fetch."""

    def __init__(self, store: RunStore):
        self.store = store
        self.status = Status("ready", 2)

    def start(self, specs, owner, group=None, names=None):
        if self.status.code == "unreachable":
            raise TrainerError("trainer_unreachable")
        for spec in specs:
            check_budget(spec.check())
        return self.store.create(specs, owner, "test", group, names)

    def wish(self, run_id, owner, wish):
        return self.store.wish(run_id, owner, wish)

    def queue_position(self, run_id):
        return self.store.queue_position(run_id)


@pytest.fixture
def trainer(tmp_path, monkeypatch):
    """The page's trainer, with an empty store of its own."""
    made = Deskbound(RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}"))
    monkeypatch.setattr(worker, "Trainer", lambda: made)
    monkeypatch.setattr(Deskbound, "close", lambda self: None, raising=False)
    st.cache_resource.clear()
    yield made
    st.cache_resource.clear()


def work(trainer, run_id: str, epochs: int, **end) -> None:
    """Do what a worker does: train some epochs, and perhaps end."""
    store = trainer.store
    run = store.get(run_id)
    submission = store.hand_over(run, "test")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    good = run.spec.cell != "simple_rnn"
    points = [
        EpochPoint(e, 2.0 / e, 0.9 if good else 0.13, 2.0 / e if good else 2.1, 0.98 if good else 0.12, 1.0, 0.0)
        for e in range(1, epochs + 1)
    ]
    changes = {"state": "running", "phase": "training", "chance": 0.125, "metric": "acc", "parameters": 6680,
               "epochs_done": epochs, "step": epochs * run.spec.steps_per_epoch, "ms_per_step": 7.5,
               "seconds": float(epochs), "seconds_left": 3.0}  # fmt: skip
    store.write(run_id, run.attempt, changes, points, [BatchPoint(1, 2.1, 0.1)])
    if end:
        store.write(run_id, run.attempt, end)


def label(page, key: str):
    return page.button(key=key)


def text(page) -> str:
    """All that the page says."""
    said = [e.value for e in (*page.markdown, *page.caption, *page.info, *page.warning, *page.error)]

    def cards(block):
        for child in block.children.values():
            if hasattr(child, "children"):
                cards(child)
            elif child.type == "html":
                said.append(child.proto.body)

    cards(page.main)
    return "\n".join(said)


@pytest.mark.parametrize(("lang", "words"), [("en", "The same task"), ("zh", "同样的任务")])
def test_the_page_opens_with_the_measured_defaults(open_page, trainer, lang, words):
    page = open_page("train", lang)
    assert words in text(page)
    assert page.selectbox(key=f"task_{lang}").value == "delayed_recall"
    assert list(page.session_state["cells"]) == ["simple_rnn", "lstm", "gru"]
    assert not label(page, "train_start").disabled
    assert label(page, "train_stop").disabled


def test_start_queues_one_training_per_cell_and_the_link_leads_there(open_page, trainer):
    page = open_page("train")
    label(page, "train_start").click().run()
    assert not page.exception
    runs = trainer.store.runs()
    assert [run.spec for run in runs] == [
        replace(PRESETS["delayed_recall"], cell=c) for c in ("simple_rnn", "lstm", "gru")
    ]
    assert runs[0].group_id in page.query_params["run"]
    assert "waiting: next in line" in text(page)
    assert "waiting: number 3 in line" in text(page)
    assert label(page, "train_start").disabled
    assert not label(page, "train_stop").disabled


def test_progress_and_results_are_read_from_the_store(open_page, trainer):
    page = open_page("train")
    label(page, "train_start").click().run()
    ids = [run.id for run in trainer.store.runs()]
    work(trainer, ids[1], 2)
    page.run()
    assert "epoch 3 of 5" in text(page)
    assert "98.0%" in text(page)
    assert "7.5 ms a step · 3 s left" in text(page)


@pytest.mark.parametrize(("lang", "words"), [("en", "LSTM: more than half of the way"), ("zh", "LSTM：走过了一半以上")])
def test_the_guess_is_answered_when_all_has_ended(open_page, trainer, lang, words):
    page = open_page("train", lang, cells="simple_rnn,lstm")
    page.button_group(key="guess").set_value(["lstm"]).run()
    label(page, "train_start").click().run()
    for run in trainer.store.runs():
        work(trainer, run.id, 5, state="done")
    page.run()
    assert words in text(page)
    assert "green-badge" in text(page)
    assert not label(page, "train_start").disabled


def test_what_was_stopped_is_not_judged_and_what_never_began_is_left_out(open_page, trainer):
    page = open_page("train")
    page.button_group(key="guess").set_value(["lstm"]).run()
    label(page, "train_start").click().run()
    simple, lstm, gru = (run.id for run in trainer.store.runs())
    work(trainer, simple, 2, state="stopped")
    work(trainer, lstm, 5, state="done")
    trainer.store.wish(gru, page.session_state["_visitor"], "stop")
    page.run()
    assert "SimpleRNN: stopped too early to tell" in text(page)
    assert "LSTM: more than half of the way" in text(page)
    assert "GRU **" not in text(page)
    assert "Your prediction: LSTM." in text(page)
    assert "-badge" not in text(page)
    assert "What you saw" not in text(page)


def test_a_prediction_outlives_a_reload(open_page, trainer):
    page = open_page("train", cells="simple_rnn,lstm")
    page.button_group(key="guess").set_value(["lstm"]).run()
    label(page, "train_start").click().run()
    link = {name: "".join(page.query_params[name]) for name in ("run", "guess", "cells")}
    again = open_page("train", **link)
    assert again.button_group(key="guess").value == ["lstm"], link


def test_the_task_follows_the_language(open_page, trainer):
    page = open_page("train", task="adding")
    page.query_params["lang"] = "zh"
    page.run()
    chosen = page.selectbox(key="task_zh")
    assert chosen.value == "adding"
    assert "加法" in chosen.options
    assert "adding" in page.query_params["task"]


def test_all_that_can_be_chosen_follows_the_language(open_page, trainer):
    page = open_page("train", cells="lstm,bag_of_words", reading="both", guess="lstm")
    page.query_params["lang"] = "zh"
    page.run()
    for key, label in (("cells", "词袋"), ("guess", "词袋"), ("reading", "双向")):
        assert label in page.button_group(key=key).options
    assert page.button_group(key="cells").value == ["lstm", "bag_of_words"]
    assert page.button_group(key="guess").value == ["lstm"]
    assert page.session_state["reading"] == "both"
    page.button_group(key="cells").set_value(["lstm"]).run()
    assert page.session_state["reading"] == "both"


def test_settings_that_are_opened_late_begin_with_what_is_set(open_page, trainer):
    """A closed popover's widgets come into being with what the page's last run told them to begin with."""
    page = open_page("train", units="7")
    page.button_group(key="cells").set_value(["lstm"]).run()
    begin = {name: page.number_input(key=name).proto.default for name in NUMBERS}
    assert begin == {name: page.session_state[name] for name in NUMBERS}
    assert begin["units"] == 7
    assert list(page.button_group(key="reading").proto.default) == [0]


def test_how_long_it_takes_is_said_only_before(open_page, trainer):
    page = open_page("train")
    assert re.search(r"^about \d+ s$", text(page), re.M)
    label(page, "train_start").click().run()
    assert not re.search(r"^about \d+ s$", text(page), re.M)


def test_stop_ends_what_is_ones_own(open_page, trainer):
    page = open_page("train", cells="lstm")
    label(page, "train_start").click().run()
    label(page, "train_stop").click().run()
    assert [run.state for run in trainer.store.runs()] == ["stopped"]
    assert "stopped before it began" in text(page)
    assert "Stopped too early to tell" in text(page)
    assert "None of them" not in text(page)
    assert "What you saw" not in text(page)


def test_pause_and_resume(open_page, trainer):
    page = open_page("train", cells="lstm")
    label(page, "train_start").click().run()
    label(page, "train_pause").click().run()
    assert [run.state for run in trainer.store.runs()] == ["paused"]
    label(page, "train_resume").click().run()
    assert [run.state for run in trainer.store.runs()] == ["queued"]


def test_several_seeds_are_one_card(open_page, trainer):
    page = open_page("train", cells="lstm", seeds="3", seed="5")
    label(page, "train_start").click().run()
    assert [run.spec.seed for run in trainer.store.runs()] == [5, 6, 7]
    assert "(0 of 3 seeds)" in text(page)


def test_a_task_brings_its_defaults(open_page, trainer):
    page = open_page("train")
    page.selectbox(key="task_en").set_value("adding").run()
    assert page.number_input(key="epochs").value == PRESETS["adding"].epochs
    assert "adding" in page.query_params["task"]
    assert "Always answering the mean" in text(page)


@pytest.mark.parametrize("task", PRESETS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_task_opens_in_both_languages(open_page, trainer, task, lang):
    page = open_page("train", lang, task=task, cells="bag_of_words")
    assert page.selectbox(key=f"task_{lang}").value == task
    assert page.session_state["units"] == PRESETS[task].units


BAD = ["", "-1", "99999999999999999999", "nan", "inf", "1e400", "abc", "<b>", "'; drop table runs; --", "0x10", "½"]


@pytest.mark.parametrize("raw", BAD)
def test_bad_values_in_the_link_become_the_nearest_and_are_told(open_page, trainer, raw):
    names = [p.name for p in parameters("delayed_recall")]
    page = open_page("train", **dict.fromkeys(names, raw))
    for name in ("units", "length", "epochs", "batch_size", "learning_rate", "seed"):
        assert LIMITS[name].low <= page.session_state[name] <= LIMITS[name].high
    assert page.info
    assert "<b>" not in "".join(i.value for i in page.info)


def test_too_costly_settings_are_refused_before_anything_starts(open_page, trainer, monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "8")
    page = open_page("train", epochs="50")
    assert label(page, "train_start").disabled
    assert "are allowed here" in text(page)
    label(page, "train_lower").click().run()
    assert page.session_state["epochs"] < 50
    assert not label(page, "train_start").disabled


def test_no_cell_no_start(open_page, trainer):
    page = open_page("train")
    page.button_group(key="cells").set_value([]).run()
    assert label(page, "train_start").disabled
    assert "Choose at least one cell" in text(page)


def test_imdb_that_is_not_here_names_where_it_was_looked_for(open_page, trainer, monkeypatch, tmp_path):
    monkeypatch.setenv("RNN_IMDB_DIR", str(tmp_path / "nowhere"))
    page = open_page("train", task="imdb")
    assert str(tmp_path / "nowhere") in text(page)
    assert label(page, "train_start").disabled
    label(page, "train_instead").click().run()
    assert page.selectbox(key="task_en").value == "small_reviews"
    assert not label(page, "train_start").disabled
    assert not imdb.available().usable


def test_a_run_of_somebody_else_can_be_watched_but_not_stopped(open_page, trainer):
    spec = replace(PRESETS["small_reviews"], cell="gru", units=17)
    (run_id,) = trainer.start([spec], "somebody else")
    work(trainer, run_id, 1)
    page = open_page("train", run=run_id)
    assert "epoch 2 of 5" in text(page)
    assert "somebody else" in text(page)
    assert label(page, "train_stop").disabled
    assert page.session_state["task"] == "small_reviews"
    assert page.session_state["units"] == 17


@pytest.mark.parametrize("raw", ["000000000000", "x" * 500, "../../etc/passwd", "<script>", ""])
def test_a_link_to_no_run_is_a_sentence(open_page, trainer, raw):
    page = open_page("train", run=raw)
    assert bool(page.error) == bool(raw)
    assert not label(page, "train_start").disabled


def test_a_diverged_run_explains_itself(open_page, trainer):
    page = open_page("train", cells="lstm")
    label(page, "train_start").click().run()
    (run,) = trainer.store.runs()
    problem = RunProblem("diverged", epoch=1, step=3, learning_rate=9000.0)
    work(trainer, run.id, 1, state="diverged", problem=problem)
    page.run()
    assert "the steps are too large. Lower the learning rate, now 9000," in text(page)


def test_workers_that_cannot_be_reached_are_told(open_page, trainer):
    trainer.status = UNREACHABLE
    page = open_page("train")
    assert "cannot be reached" in text(page)
    label(page, "train_start").click().run()
    assert page.error
    assert not page.exception


@pytest.mark.parametrize("code", ["store_full", "store_read_only", "store_locked", "store_unreachable"])
def test_a_store_in_trouble_is_told_and_the_page_works(open_page, trainer, monkeypatch, code):
    page = open_page("train")

    def trouble(*_args, **_kwargs):
        raise StoreUnavailable(code)

    for name in ("create", "runs"):
        monkeypatch.setattr(trainer.store, name, trouble)
    label(page, "train_start").click().run()
    assert not page.exception
    assert [error.value for error in page.error] == [StoreUnavailable.SENTENCES[code]]


def test_the_ledger_keeps_ones_runs(open_page, trainer):
    page = open_page("train", cells="lstm,gru")
    assert "are kept here" in text(page)
    label(page, "train_start").click().run()
    assert list(page.dataframe[-1].value["cell"]) == ["GRU", "LSTM"]


def test_a_network_that_is_done_can_be_opened_on_the_cells_page(open_page, trainer):
    page = open_page("train", cells="lstm,bag_of_words")
    label(page, "train_start").click().run()
    lstm, bag = (run.id for run in trainer.store.runs())
    for run_id in (lstm, bag):
        work(trainer, run_id, 5, state="done")
        trainer.store.run_folder(run_id).mkdir(parents=True)
        (trainer.store.run_folder(run_id) / "model.keras").touch()
    page.run()
    links = [link.proto for link in page.get("page_link") if "run=" in link.proto.query_string]
    assert [(link.label, link.query_string) for link in links] == [("LSTM", f"lang=en&run={lstm}")]


@pytest.mark.parametrize(("lang", "words"), [("en", "# LSTM learns “Delayed recall”"), ("zh", "学习“延迟回忆”")])
def test_a_run_is_taken_away_in_ones_language(trainer, monkeypatch, lang, words):
    monkeypatch.setattr("pages.common.language.language", lambda: lang)
    (run_id,) = trainer.start([PRESETS["delayed_recall"]], "me")
    run = trainer.store.get(run_id)
    script = as_script(training_cells(run.spec, take_away_words(run)))
    compile(script, "lstm.py", "exec")
    assert words in script


def test_tables_to_take_away_hold_settings_results_and_epochs(trainer):
    ids = trainer.start([PRESETS["delayed_recall"], PRESETS["adding"]], "me")
    work(trainer, ids[0], 2)
    runs = trainer.store.runs()
    rows = list(csv.DictReader(io.StringIO(as_csv(runs))))
    assert [row["task"] for row in rows] == ["delayed_recall", "adding"]
    assert float(rows[0]["best_val_metric"]) == 0.98
    first, second = json.loads(as_json(trainer, runs))
    assert [point["epoch"] for point in first["epochs_recorded"]] == [1, 2]
    assert second["epochs_recorded"] == []


def test_runs_are_found_again_by_the_visitor_alone(open_page, trainer):
    page = open_page("train", cells="gru")
    label(page, "train_start").click().run()
    assert trainer.store.is_owner(trainer.store.runs()[0], page.session_state["_visitor"])
    stranger = open_page("train")
    assert stranger.session_state["_visitor"] != page.session_state["_visitor"]
    assert "not started" in text(stranger)


def test_a_link_with_settings_begins_afresh_while_others_of_ones_own_go_on(open_page, trainer, monkeypatch):
    page = open_page("train", cells="gru")
    label(page, "train_start").click().run()
    monkeypatch.setattr("pages.common.visitor.secrets.token_urlsafe", lambda _n: page.session_state["_visitor"])
    assert "waiting: next in line" in text(open_page("train"))
    fresh = open_page("train", units="8")
    assert "not started" in text(fresh)
    assert not label(fresh, "train_start").disabled
