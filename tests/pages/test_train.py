"""The training page as a visitor meets it; what a worker would do is written into the store by hand."""

import csv
import io
import json
import re
import time
from dataclasses import replace

import pytest

from pages.parts.train.downloads import as_csv, as_json, take_away_words
from pages.parts.train.lines import lines, moment
from pages.parts.train.log import newest_first
from pages.parts.train.runs import Shown
from pages.parts.train.settings import NUMBERS, of_task, parameters
from rnn_core.charts.palette import looks
from rnn_core.export import as_script
from rnn_core.export.training import training_cells
from rnn_core.tasks import imdb
from rnn_core.training.kept import path_of
from rnn_core.training.runs import BatchPoint, EpochPoint, EventPoint
from rnn_core.training.spec import LIMITS, PRESETS, TrainingSpec
from rnn_core.training.store import StoreUnavailable
from rnn_core.training.told import RunProblem
from rnn_core.training.web.cluster import UNREACHABLE
from tests.pages.conftest import link, settings, shown, widget
from tests.pages.trained import trained
from tests.pages.visitor import Visitor

THREE = ("simple_rnn", "lstm", "gru")
BEGAN = time.time()


def work(trainer, run_id: str, epochs: int, **end) -> None:
    """Do what a worker does: train some epochs, a second each, and perhaps end."""
    store = trainer.store
    run = store.get(run_id)
    submission = store.hand_over(run, "test")
    run = store.begin(store.get(run_id), submission, 0, "worker")
    good = run.spec.cell != "simple_rnn"
    points = [
        EpochPoint(
            e, 2.0 / e, 0.9 if good else 0.13, 2.0 / e if good else 2.1, 0.98 if good else 0.12, 1.0, BEGAN + e
        )
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


def start(page):
    return label(page, "train_start").click().run()


def cards(page) -> list[str]:
    """What stands in the cards and the log, which are HTML."""
    said = []

    def walk(block):
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            elif child.type == "html":
                said.append(child.proto.body)

    walk(page.main)
    return said


def text(page) -> str:
    """All that the page says."""
    return "\n".join([shown(page), *cards(page)])


def choose(page, task: str):
    return widget(page, "selectbox", "task").set_value(task).run()


def pills(page, name: str):
    return widget(page, "button_group", name)


@pytest.mark.parametrize(("lang", "words"), [("en", "The same task"), ("zh", "同样的任务")])
def test_the_page_opens_with_the_measured_defaults(open_page, trainer, lang, words):
    page = open_page("train", lang)
    assert words in text(page)
    assert widget(page, "selectbox", "task").value == "delayed_recall"
    assert pills(page, "cells").value == list(THREE)
    assert link(page) == {}
    assert not label(page, "train_start").disabled
    assert label(page, "train_stop").disabled


def test_start_queues_one_training_per_cell_and_the_link_leads_there(open_page, trainer):
    page = open_page("train")
    start(page)
    assert not page.exception
    runs = trainer.store.runs()
    assert [run.spec for run in runs] == [
        replace(PRESETS["delayed_recall"], cell=c) for c in THREE
    ]
    assert link(page) == {"run": runs[0].group_id}
    assert "waiting: next in line" in text(page)
    assert "waiting: number 3 in line" in text(page)
    assert label(page, "train_start").disabled
    assert not label(page, "train_stop").disabled


def test_progress_and_results_are_read_from_the_store(open_page, trainer):
    page = open_page("train")
    start(page)
    ids = [run.id for run in trainer.store.runs()]
    work(trainer, ids[1], 2)
    page.run()
    assert "epoch 3 of 5" in text(page)
    assert "98.0%" in text(page)
    assert "7.5 ms a step · 3 s left" in text(page)


@pytest.mark.parametrize(("lang", "words"), [("en", "LSTM: past halfway"), ("zh", "LSTM：走过了一半以上")])
def test_the_guess_is_answered_when_all_has_ended(open_page, trainer, lang, words):
    page = open_page("train", lang, cells="simple_rnn,lstm")
    pills(page, "guess").set_value(["lstm"]).run()
    start(page)
    for run in trainer.store.runs():
        work(trainer, run.id, 5, state="done")
    page.run()
    assert words in text(page)
    assert "green-badge" in text(page)
    assert not label(page, "train_start").disabled


def test_what_was_stopped_is_not_judged_and_what_never_began_is_left_out(open_page, trainer):
    page = open_page("train")
    pills(page, "guess").set_value(["lstm"]).run()
    start(page)
    simple, lstm, gru = (run.id for run in trainer.store.runs())
    work(trainer, simple, 2, state="stopped")
    work(trainer, lstm, 5, state="done")
    trainer.store.wish(gru, page.session_state["_visitor"], "stop")
    page.run()
    assert "SimpleRNN: stopped too early to tell" in text(page)
    assert "LSTM: past halfway" in text(page)
    assert "GRU **" not in text(page)
    assert "Your prediction: LSTM." in text(page)
    assert "-badge" not in text(page)
    assert "What you saw" not in text(page)


def test_a_prediction_outlives_a_reload(open_page, trainer):
    page = open_page("train", cells="simple_rnn,lstm")
    pills(page, "guess").set_value(["lstm"]).run()
    start(page)
    assert link(page).keys() == {"run", "guess", "cells"}
    assert pills(open_page("train", **link(page)), "guess").value == ["lstm"]


def test_all_that_can_be_chosen_follows_the_language(open_page, trainer):
    page = open_page("train", task="adding", cells="lstm,bag_of_words", reading="both", guess="lstm")
    page.button_group(key="language_en").set_value("zh").run()
    assert widget(page, "selectbox", "task").value == "adding"
    assert "加法" in widget(page, "selectbox", "task").options
    for name, word in (("cells", "词袋"), ("guess", "词袋"), ("reading", "双向")):
        assert word in pills(page, name).options
    pills(page, "cells").set_value(["lstm"]).run()
    now = settings(page)
    assert (now.task, now.cells, now.reading) == ("adding", ("lstm",), "both")


def test_settings_that_are_opened_late_begin_with_what_is_set(open_page, trainer):
    """A closed popover's widgets come into being with what the page's last run told them to begin with."""
    page = open_page("train", units="7")
    pills(page, "cells").set_value(["lstm"]).run()
    begin = {name: widget(page, "number_input", name).proto.default for name in NUMBERS}
    assert begin == {name: getattr(settings(page), name) for name in NUMBERS}
    assert begin["units"] == 7
    assert list(pills(page, "reading").proto.default) == [0]


@pytest.mark.parametrize("task", PRESETS)
def test_a_task_sets_its_defaults_and_nothing_of_another_leaks(open_page, trainer, task):
    page = open_page("train", task="adding", length="44", seeds="3", seed="9", clip="1", reading="both")
    choose(page, task)
    pills(page, "cells").set_value(["lstm"]).run()
    expected = of_task(task) if task != "adding" else {"length": 44, "seeds": 3}
    assert {name: getattr(settings(page), name) for name in expected} == expected
    for name in NUMBERS if task != "adding" else ():
        assert widget(page, "number_input", name).value == expected[name], name
    assert set(link(page)) <= {"task", "cells"} or task == "adding"


def test_how_long_it_takes_is_said_only_before(open_page, trainer):
    page = open_page("train")
    assert re.search(r"^about \d+ s$", text(page), re.M)
    start(page)
    assert not re.search(r"^about \d+ s$", text(page), re.M)


def test_stop_ends_what_is_ones_own(open_page, trainer):
    page = open_page("train", cells="lstm")
    start(page)
    label(page, "train_stop").click().run()
    assert [run.state for run in trainer.store.runs()] == ["stopped"]
    assert "stopped before it began" in text(page)
    assert "Stopped too early to tell" in text(page)
    assert "None got" not in text(page)
    assert "What you saw" not in text(page)


def test_pause_and_resume(open_page, trainer):
    page = open_page("train", cells="lstm")
    start(page)
    label(page, "train_pause").click().run()
    assert [run.state for run in trainer.store.runs()] == ["paused"]
    label(page, "train_resume").click().run()
    assert [run.state for run in trainer.store.runs()] == ["queued"]


def test_several_seeds_are_one_card(open_page, trainer):
    page = open_page("train", cells="lstm", seeds="3", seed="5")
    start(page)
    assert [run.spec.seed for run in trainer.store.runs()] == [5, 6, 7]
    assert "(0 of 3 seeds)" in text(page)


def test_a_task_sets_its_defaults_after_the_settings_were_opened(trainer):
    """A browser sends along what a popover's widgets held when it was closed; nobody asks for it."""
    visitor = Visitor("train", lang="en", seeds="3")
    tasks = visitor.find("selectbox", "task")
    visitor.move(tasks, tasks.options[1])
    (place,) = visitor.popovers()
    visitor.toggle_popover(place)
    assert visitor.value(visitor.find("number_input", "epochs")) == PRESETS["adding"].epochs
    visitor.toggle_popover(place)
    visitor.move(visitor.find("selectbox", "task"), tasks.options[2])
    cells = visitor.find("button_group", "cells")
    visitor.move(cells, cells.options[1:])
    expected = of_task("small_reviews")
    assert {name: getattr(settings(visitor.app), name) for name in expected} == expected
    visitor.toggle_popover(place)
    for label in ("epochs", "length", "learning rate"):
        name = label.replace(" ", "_")
        assert visitor.value(visitor.find("number_input", label)) == expected[name], label


def test_a_task_says_what_guessing_gets(open_page, trainer):
    page = choose(open_page("train"), "adding")
    assert link(page) == {"task": "adding"}
    assert "Always answering the mean" in text(page)
    assert re.search(r"always answering the mean \(error 0\.1\d\d\) to perfect\?", text(page))


def test_the_task_and_a_bag_of_words_are_described_before_the_question(open_page, trainer):
    page = open_page("train", cells="lstm,bag_of_words")
    said = [m.value for m in page.markdown]
    task, bag, asked = (
        next(i for i, words in enumerate(said) if part in words)
        for part in ("**Which letter came first?**", "is a network without a cell", "Which will get more than halfway")
    )
    assert task < bag < asked
    assert "averages all inputs" in text(page)
    assert "network without a cell" not in text(open_page("train"))


@pytest.mark.parametrize("task", PRESETS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_task_opens_in_both_languages(open_page, trainer, task, lang):
    page = open_page("train", lang, task=task, cells="bag_of_words")
    assert widget(page, "selectbox", "task").value == task
    assert settings(page).units == PRESETS[task].units


ENDS_AND_MASK = {"padding": "post", "truncating": "post", "mask": "on"}


@pytest.mark.parametrize("task", ["small_reviews", "small_reviews_zh"])
def test_reviews_are_padded_cut_and_masked_as_the_link_says(open_page, trainer, task):
    page = open_page("train", task=task, cells="gru", length="9", **ENDS_AND_MASK)
    assert link(page) == {"task": task, "cells": "gru", "length": "9", **ENDS_AND_MASK}
    widget(page, "button_group", "truncating").set_value("pre").run()
    start(page)
    (run,) = trainer.store.runs()
    expected = replace(PRESETS[task], cell="gru", length=9, padding="post", mask=True)
    assert run.spec == expected
    other = open_page("train", run=run.id)
    now = settings(other)
    assert (now.padding, now.truncating, now.mask) == ("post", "pre", True)
    choose(other, "adding" if task == "small_reviews" else "small_reviews")
    now = settings(other)
    assert (now.padding, now.truncating, now.mask) == ("pre", "pre", False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_kept_of_a_long_review_is_said_where_its_length_is_set(open_page, trainer, lang):
    said = {"en": ("its last ones", "its first ones"), "zh": ("最后多少个词", "开头多少个词")}[lang]
    for truncating, words in zip(("pre", "post"), said, strict=True):
        page = open_page("train", lang, task="imdb_quick", truncating=truncating)
        assert words in widget(page, "number_input", "length").label


def test_other_tasks_have_nothing_to_pad_cut_or_mask(open_page, trainer):
    page = open_page("train", task="adding", cells="gru", **ENDS_AND_MASK)
    keys = [w.key for w in (*page.toggle, *page.get("button_group"))]
    assert not [key for key in keys if key and key.split("-")[0] in ENDS_AND_MASK]
    start(page)
    (run,) = trainer.store.runs()
    assert run.spec == replace(PRESETS["adding"], cell="gru")


BAD = ["", "-1", "99999999999999999999", "nan", "inf", "1e400", "abc", "<b>", "'; drop table runs; --", "0x10", "½"]


@pytest.mark.parametrize("raw", BAD)
def test_bad_values_in_the_link_become_the_nearest_and_are_told(open_page, trainer, raw):
    names = ["task", *(p.name for p in parameters("delayed_recall"))]
    page = open_page("train", **dict.fromkeys(names, raw))
    for name in ("units", "length", "epochs", "batch_size", "learning_rate", "seed"):
        assert LIMITS[name].low <= getattr(settings(page), name) <= LIMITS[name].high
    assert page.info
    assert "<b>" not in "".join(i.value for i in page.info)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"task": "imdb"}, {"task": "imdb_quick", "length": 100}),
        ({"task": "imdb", "length": "60"}, {"task": "imdb_quick", "length": 60}),
        ({"task": "imdb_article", "cells": "gru"}, {"task": "imdb_article", "length": 500, "cells": ("gru",)}),
        ({"units": "17", "clip": "0", "early_stopping": "3"}, {"units": 17, "clip": 0.0, "early_stopping": 3}),
        ({"guess": "lstm,gru", "seeds": "9"}, {"guess": ("lstm", "gru"), "seeds": 5}),
    ],
)
def test_links_of_earlier_versions_open_the_same_settings(open_page, trainer, given, expected):
    now = settings(open_page("train", **given))
    assert {name: getattr(now, name) for name in expected} == expected


def test_too_costly_settings_are_refused_before_anything_starts(open_page, trainer, monkeypatch):
    monkeypatch.setenv("RNN_BUDGET_SECONDS", "8")
    page = open_page("train", epochs="50")
    assert label(page, "train_start").disabled
    assert "are allowed here" in text(page)
    label(page, "train_lower").click().run()
    assert settings(page).epochs < 50
    assert widget(page, "number_input", "epochs").value == settings(page).epochs
    assert not label(page, "train_start").disabled


def test_no_cell_no_start(open_page, trainer):
    page = open_page("train")
    pills(page, "cells").set_value([]).run()
    assert label(page, "train_start").disabled
    assert "Choose at least one cell" in text(page)


def test_imdb_that_is_not_here_names_where_it_was_looked_for(open_page, trainer, monkeypatch, tmp_path):
    monkeypatch.setenv("RNN_IMDB_DIR", str(tmp_path / "nowhere"))
    page = open_page("train", task="imdb")
    assert str(tmp_path / "nowhere") in text(page)
    assert label(page, "train_start").disabled
    label(page, "train_instead").click().run()
    assert settings(page).task == widget(page, "selectbox", "task").value == "small_reviews"
    assert not label(page, "train_start").disabled
    assert not imdb.available().usable


def test_a_run_of_somebody_else_can_be_watched_but_not_stopped(open_page, trainer):
    spec = replace(PRESETS["small_reviews"], cell="gru", units=17)
    (run_id,) = trainer.start([spec], "somebody else")
    work(trainer, run_id, 1)
    page = open_page("train", run=run_id)
    assert "epoch 2 of 5" in text(page)
    assert "You are watching somebody else's training. Only its owner can stop it" in text(page)
    assert label(page, "train_stop").disabled
    assert (settings(page).task, settings(page).units, settings(page).run) == ("small_reviews", 17, run_id)
    trainer.store.wish(run_id, "somebody else", "stop")
    page.run()
    assert "somebody else's training; it has ended" in text(page)
    assert "can stop it" not in text(page)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("000000000000", "There is no such run"),
        ("0123456789,abcdef012345", "There is no such run"),
        ("ab" * 500, "The link's `run` ="),
        ("../../etc/passwd", "The link's `run` ="),
        ("<script>", "The link's `run` ="),
        ("", None),
    ],
)
def test_a_link_to_no_run_is_a_sentence(open_page, trainer, raw, said):
    page = open_page("train", run=raw)
    sentences = [e.value for e in (*page.info, *page.warning, *page.error)]
    assert len(sentences) == (said is not None)
    assert said is None or said in sentences[0]
    assert "not started" in text(page)
    assert not label(page, "train_start").disabled


def test_a_diverged_run_explains_itself(open_page, trainer):
    page = open_page("train", cells="lstm")
    start(page)
    (run,) = trainer.store.runs()
    problem = RunProblem("diverged", epoch=1, step=3, learning_rate=9000.0)
    work(trainer, run.id, 1, state="diverged", problem=problem)
    page.run()
    assert "the steps are too large. Lower the learning rate, now 9000," in text(page)


def test_workers_that_cannot_be_reached_are_told(open_page, trainer):
    trainer.status = UNREACHABLE
    page = open_page("train")
    assert "cannot be reached" in text(page)
    start(page)
    assert page.error
    assert not page.exception


@pytest.mark.parametrize("code", ["store_full", "store_read_only", "store_locked", "store_unreachable"])
def test_a_store_in_trouble_is_told_and_the_page_works(open_page, trainer, monkeypatch, code):
    page = open_page("train")

    def trouble(*_args, **_kwargs):
        raise StoreUnavailable(code)

    for name in ("create", "runs"):
        monkeypatch.setattr(trainer.store, name, trouble)
    start(page)
    assert not page.exception
    assert [error.value for error in page.error] == [StoreUnavailable.SENTENCES[code]]


def test_the_ledger_keeps_ones_runs(open_page, trainer):
    page = open_page("train", cells="lstm,gru")
    assert "are kept here" in text(page)
    start(page)
    assert list(page.dataframe[-1].value["cell"]) == ["GRU", "LSTM"]
    assert list(page.dataframe[-1].value["length"]) == [30, 30]
    assert list(page.dataframe[-1].value["status"]) == ["waiting", "waiting"]


def test_what_has_learnt_reviews_leads_to_its_verdict_word_by_word(open_page, trainer):
    runs = [trained(trainer.store, TrainingSpec(task="small_reviews", cell=cell)) for cell in ("gru", "bag_of_words")]
    page = open_page("train", run=",".join(runs))
    links = [to.proto for to in page.get("page_link") if "run=" in to.proto.query_string]
    judged = "Watch {} make up its mind, word by word"
    assert [(to.label, to.query_string) for to in links if to.page == "word_by_word"] == [
        (judged.format("GRU"), f"lang=en&run={runs[0]}"), (judged.format("bag of words"), f"lang=en&run={runs[1]}"),
    ]  # fmt: skip


def test_a_network_that_is_done_can_be_opened_on_the_cells_page(open_page, trainer):
    page = open_page("train", cells="lstm,bag_of_words")
    start(page)
    lstm, bag = (run.id for run in trainer.store.runs())
    for run_id in (lstm, bag):
        work(trainer, run_id, 5, state="done")
        trainer.store.run_folder(run_id).mkdir(parents=True)
        (trainer.store.run_folder(run_id) / "model.keras").touch()
    page.run()
    links = [to.proto for to in page.get("page_link") if "run=" in to.proto.query_string]
    leads = f"lang=en&run={lstm}"
    assert [(to.label, to.query_string) for to in links] == [("Watch LSTM read, step by step", leads)]


@pytest.mark.parametrize(("lang", "label"), [("en", "LSTM gets it: epoch 3"), ("zh", "LSTM 开窍：第 3 轮")])
@pytest.mark.parametrize(("kept", "nearest"), [((0, 1, 2, 3, 5), "3"), ((0, 1, 4, 5), "4"), ((), None)])
def test_the_moment_when_a_run_gets_it_leads_to_the_nearest_epoch_that_was_kept(
    open_page, trainer, lang, label, kept, nearest
):
    """Guessing gets a quarter: two thirds, after epoch 3, are past halfway."""
    run_id = trained(trainer.store, kept=kept or (5,))
    if not kept:
        path_of(trainer.store.run_folder(run_id), 5).unlink()
    page = open_page("train", lang, run=run_id)
    links = [to.proto for to in page.get("page_link") if to.proto.page == "memory" and "run=" in to.proto.query_string]
    leads = [(label, f"lang={lang}&run={run_id}&epoch={nearest}")] if nearest else []
    assert [(to.label, to.query_string) for to in links] == leads
    (line,) = lines(seen(trainer, run_id))
    assert moment(line) == 3


def test_a_line_of_several_seeds_has_no_single_moment(trainer):
    ids = trainer.start([replace(PRESETS["delayed_recall"], seed=seed) for seed in (1, 2)], "me")
    for run_id in ids:
        work(trainer, run_id, 2)
    (both,) = lines(seen(trainer, *ids))
    assert moment(both) is None
    assert len(both.shown) == 2


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
    first, second = json.loads(as_json(trainer.store, runs))
    assert [point["epoch"] for point in first["epochs_recorded"]] == [1, 2]
    assert second["epochs_recorded"] == []


def test_runs_are_found_again_by_the_visitor_alone(open_page, trainer):
    page = open_page("train", cells="gru")
    start(page)
    assert trainer.store.is_owner(trainer.store.runs()[0], page.session_state["_visitor"])
    stranger = open_page("train")
    assert stranger.session_state["_visitor"] != page.session_state["_visitor"]
    assert "not started" in text(stranger)


def test_a_link_with_settings_begins_afresh_while_others_of_ones_own_go_on(open_page, trainer, monkeypatch):
    page = open_page("train", cells="gru")
    start(page)
    monkeypatch.setattr("pages.common.visitor.secrets.token_urlsafe", lambda _n: page.session_state["_visitor"])
    bare = open_page("train")
    assert "waiting: next in line" in text(bare)
    assert link(bare)["run"] == trainer.store.runs()[0].group_id, "the address leads to what is shown"
    fresh = open_page("train", units="8")
    assert "not started" in text(fresh)
    assert not label(fresh, "train_start").disabled


# --- Comparing runs -------------------------------------------------------------------------------------------------


def seen(trainer, *ids: str) -> list[Shown]:
    """Runs as the page reads them."""
    store = trainer.store
    return [Shown(store.get(i), store.curves(i), store.events(i), 0) for i in ids]


def test_lines_of_one_cell_are_told_apart_by_mark_and_by_their_settings(trainer):
    gru = replace(PRESETS["delayed_recall"], cell="gru")
    longer = replace(gru, length=50, learning_rate=0.002)
    ids = [trainer.start([spec], "me")[0] for spec in (gru, longer, replace(gru, cell="lstm"), gru)]
    first, second, lstm, again = lines(seen(trainer, *ids))
    assert [line.look for line in (first, second, lstm, again)] == looks(["gru", "gru", "lstm", "gru"])
    assert len({line.look for line in (first, second, lstm, again)}) == 4
    assert (first.apart, second.apart, lstm.apart, again.apart) == ("length 30 #1", "length 50 #2", "", "length 30 #3")
    assert (first.title, lstm.title) == ("GRU · length 30 #1", "LSTM")


def test_lines_are_told_apart_by_how_reviews_are_padded_and_cut(trainer):
    spec = replace(PRESETS["small_reviews"], cell="gru")
    every = [spec, replace(spec, padding="post"), replace(spec, padding="post", mask=True)]
    said = [line.apart for line in lines(seen(trainer, *(trainer.start([one], "me")[0] for one in every)))]
    assert said == ["zeros in front, without a mask", "zeros behind, without a mask", "zeros behind, with a mask"]
    cut = [spec, replace(spec, truncating="post")]
    said = [line.apart for line in lines(seen(trainer, *(trainer.start([one], "me")[0] for one in cut)))]
    assert said == ["cut at the beginning", "cut at the end"]


def test_the_same_look_stands_on_the_card_and_in_the_log(open_page, trainer):
    page = open_page("train", cells="gru", seeds="1")
    start(page)
    label(page, "train_stop").click().run()
    label(page, "train_new_seed").click().run()
    label(page, "train_stop").click().run()
    ids = [run.id for run in trainer.store.runs()]
    both = open_page("train", run=",".join(ids))
    html = next(body for body in cards(both) if "class=\"runs\"" in body)
    marks = re.findall(r"base64,[^\"]+", html)
    assert len(set(marks)) == 2
    log = next(body for body in cards(both) if "class=\"told\"" in body)
    assert set(re.findall(r"base64,[^\"]+", log)) == set(marks)
    assert re.search(r"GRU · seed \d+", log)


def test_a_long_name_is_shortened_where_one_can_see_it(open_page, trainer):
    page = open_page("train", cells="lstm")
    start(page)
    (run,) = trainer.store.runs()
    name = "the network of which we hope that it will remember"
    trainer.store.rename(run.id, page.session_state["_visitor"], name)
    page.run()
    html = next(body for body in cards(page) if "class=\"runs\"" in body)
    assert f'title="{name}"' in html
    assert f">{name}<" not in html
    assert re.search(r">the network of …?[^<]*…[^<]*<", html)


def test_runs_of_two_tasks_have_charts_of_their_own(open_page, trainer):
    ids = trainer.start([PRESETS["delayed_recall"], PRESETS["adding"]], "me")
    page = open_page("train", run=",".join(ids))
    assert "**Delayed recall**" in text(page)
    assert "**Adding**" in text(page)
    assert len(page.get("vega_lite_chart")) == 3, "accuracy and loss, and a loss alone"


# --- The log --------------------------------------------------------------------------------------------------------


def test_the_log_tells_in_the_order_in_which_things_happened(trainer):
    """Also of what the store has written down in the same moment, newest first."""
    (run_id,) = trainer.start([replace(PRESETS["small_reviews"], cell="lstm")], "me")
    work(trainer, run_id, 2)
    run = trainer.store.get(run_id)
    for code in ("paused", "gave_worker_back", "continued"):
        trainer.store.write(run_id, run.attempt, {}, [], [], [EventPoint(code, 2)])
    told = [entry.text for entry in newest_first(lines(seen(trainer, run_id)))]
    assert told == ["training continues.", "paused for long: others may use its worker.", "paused.",
                    "epoch 1: validation 98.0%: it has learnt the task."]  # fmt: skip


def test_the_log_orders_runs_by_time_and_not_by_their_epochs(trainer):
    spec = PRESETS["small_reviews"]
    slow, quick = trainer.start([replace(spec, cell="lstm"), replace(spec, cell="gru")], "me")
    for run_id, ended in ((slow, 50.0), (quick, 10.0)):
        run = trainer.store.begin(trainer.store.get(run_id), trainer.store.hand_over(trainer.store.get(run_id), "t"),
                                  0, "worker")  # fmt: skip
        points = [EpochPoint(1, 0.1, 0.99, 0.1, 0.997, 1.0, BEGAN + ended)]
        trainer.store.write(run_id, run.attempt, {"state": "running", "chance": 0.5, "epochs_done": 1}, points)
    told = newest_first(lines(seen(trainer, quick, slow)))
    assert [entry.line.name for entry in told] == ["LSTM", "GRU"]
    assert all("99.7%" in entry.text and "100%" not in entry.text for entry in told)


def test_what_is_written_between_two_readings_does_not_run_ahead(open_page, trainer):
    page = open_page("train", cells="lstm")
    start(page)
    (run,) = trainer.store.runs()
    work(trainer, run.id, 2)
    attempt = trainer.store.get(run.id).attempt
    trainer.store.write(run.id, attempt, {}, [EpochPoint(3, 0.1, 0.9, 0.1, 0.555, 1.0, BEGAN + 3)])
    page.run()
    assert "epoch 3 of 5" in text(page)
    assert "55.5%" not in text(page)
    trainer.store.write(run.id, attempt, {"epochs_done": 3, "state": "paused"})
    page.run()
    assert "paused in epoch 4 of 5" in text(page)
    assert "55.5%" in text(page)


def test_another_run_of_the_page_changes_neither_settings_nor_link(open_page, trainer):
    page = open_page("train", cells="gru", guess="gru")
    start(page)
    before, where = settings(page), link(page)
    page.run()
    assert settings(page) == before
    assert link(page) == where
