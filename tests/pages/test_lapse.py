"""The epochs of a training, chosen on a page: what a link and a browser may ask for, and what is told."""

from dataclasses import replace

import pytest

from pages.common.opened import EPOCH, LAST
from pages.elements.lapse import asked, epoch_name
from pages.parts.cells.network import small_network
from rnn_core.models.small_networks import small_networks
from rnn_core.training.spec import LIMITS
from tests.pages.conftest import elements, link, settings, shown, widget
from tests.pages.trained import SPEC, trained

KEPT = (0, 3, 6, 9)


@pytest.fixture
def store(trainer):
    """The pages' run store, empty."""
    return trainer.store


# ------------------------------------------------------------------------------------------ what may be asked for


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"to": 3, "asking": 1}, (3, 1)),
        ({"to": 4, "asking": 1}, (3, 1)),
        ({"to": 9, "asking": 2}, (LAST, 2)),
        ({"to": 10**400, "asking": 10**400}, (LAST, 2**53)),
        ({"to": -10, "asking": -1}, (0, 0)),
        ({"to": True, "asking": 1}, None),
        ({"to": 1.5, "asking": 1}, None),
        ({"to": "3", "asking": 1}, None),
        ({"to": 3}, None),
        ([3, 1], None),
        (None, None),
    ],
)
def test_what_a_browser_asks_for_is_a_kept_epoch_or_refused(value, found):
    assert asked(value, KEPT) == found


@pytest.mark.parametrize(
    ("raw", "epoch", "told"),
    [
        ("0", 0, []),
        ("7", 7, []),
        ("10000", LAST, []),
        ("99999", LAST, ["unreadable"]),
        ("soon", LAST, ["unreadable"]),
        ("nan", LAST, ["unreadable"]),
        ("-1", 0, ["not_in_range"]),
    ],
)
def test_a_link_may_say_any_epoch(raw, epoch, told):
    value, problems = EPOCH.read(raw)
    assert (value, [problem.code for problem in problems]) == (epoch, told)


def test_no_training_is_so_long_that_its_epoch_could_be_taken_for_the_last():
    assert LIMITS["epochs"].high < LAST


def test_an_epoch_is_called_by_its_number_but_the_first_and_the_unfinished():
    names = [epoch_name(epoch, 9, unfinished=True) for epoch in (0, 3, 9)]
    assert names == ["before the first epoch", "epoch 3 of 9", "stopped within epoch 9"]
    assert epoch_name(9, 9) == "epoch 9 of 9"


# --------------------------------------------------------------------------- the networks that come with the project


def slider(page):
    """Return what the epoch slider was sent; None if there is none."""
    return next(iter(elements(page, "lapse")), None)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_a_small_network_is_shown_after_each_epoch_that_it_kept(open_page, lang, cell):
    network = small_networks()[cell]
    for epoch in network.epochs[::4]:
        page = open_page("cells", lang, network="trained", cell=cell, epoch=str(epoch), ask="off")
        sent = slider(page)
        assert [stop["epoch"] for stop in sent["stops"]] == list(network.epochs)
        assert sent["stops"][sent["at"]]["epoch"] == epoch
        assert not page.info
        assert link(page)["epoch"] == str(epoch)
        said = {"en": f"**After epoch {epoch} of 30.**", "zh": f"**第 {epoch} 轮结束时**（共 30 轮）："}[lang]
        before = {"en": "**Before the first epoch**", "zh": "**训练开始前**"}[lang]
        assert (said if epoch else before) in shown(page)
        assert small_network(cell, 0, epoch).trained is network.at(epoch)


def test_at_the_last_epoch_the_page_is_as_it_was_without_any(open_page):
    page = open_page("cells", network="trained", epoch="30")
    assert "After epoch" not in shown(page)
    assert slider(page)["at"] == len(slider(page)["stops"]) - 1
    assert shown(page) == shown(open_page("cells"))


def test_the_note_of_a_stop_is_the_accuracy_that_keras_recorded(open_page):
    sent = slider(open_page("cells", network="trained", cell="gru"))
    assert [stop["note"] for stop in sent["stops"]][:4] == ["10.8% right", "10.7% right", "17.3% right", "38.6% right"]


def test_the_answer_of_all_three_is_that_of_the_epoch(open_page):
    early, late = (shown(open_page("cells", network="trained", epoch=e, ask="off")) for e in ("1", "30"))
    assert "At the end it answers **G** (99.9%)" in late
    assert "At the end it answers **G** (99.9%)" not in early
    assert early.count("answers **") == late.count("answers **") == 3


def test_an_epoch_that_was_not_kept_becomes_the_nearest_and_is_told_until_something_else_is_set(open_page):
    page = open_page("cells", network="trained", epoch="12")
    assert settings(page).epoch == 10
    assert [box.value for box in page.info] == [
        "There are no weights of epoch 12 here. You see the nearest that were kept: those after epoch 10."
    ]
    page.run()
    assert len(page.info) == 1
    widget(page, "button_group", "cell").set_value("gru").run()
    assert not page.info
    assert settings(page).epoch == 10
    far = open_page("cells", network="trained", epoch="999")
    assert settings(far).epoch == LAST
    assert "after epoch 30" in far.info[0].value


def test_a_random_network_has_no_training_to_watch(open_page):
    page = open_page("cells", network="random", epoch="5")
    assert slider(page) is None
    assert not page.info


def test_pictures_of_two_epochs_are_never_taken_for_each_other(open_page):
    def editions(epoch):
        page = open_page("cells", network="trained", epoch=epoch)
        return {picture["edition"] for name in ("strip", "diagram", "race") for picture in elements(page, name)}

    one, other = editions("4"), editions("5")
    assert one
    assert not one & other


# ------------------------------------------------------------------------------------------------- an opened training


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_opened_training_is_shown_after_the_epoch_of_the_link(open_page, store, lang):
    run_id = trained(store, kept=(0, 2, 5))
    page = open_page("cells", lang, run=run_id, epoch="2", ask="off")
    sent = slider(page)
    assert [stop["epoch"] for stop in sent["stops"]] == [0, 2, 5]
    assert sent["at"] == 1
    assert not page.info
    assert not page.warning
    assert link(page)["epoch"] == "2"
    assert {"en": "After epoch 2 of 5", "zh": "第 2 轮结束时"}[lang] in shown(page)


def test_each_epoch_of_a_training_has_its_own_numbers(open_page, store):
    run_id = trained(store, kept=(0, 2, 5))
    pages = [shown(open_page("cells", run=run_id, epoch=str(epoch), ask="off")) for epoch in (0, 2, 5)]
    answers = [text[text.index("It must answer") :][:80] for text in pages]
    assert len(set(answers)) == 3
    assert "After epoch" not in pages[2]
    assert pages[2] == shown(open_page("cells", run=run_id, ask="off"))


def test_an_epoch_that_a_training_has_not_kept_is_the_nearest_and_a_sentence(open_page, store):
    page = open_page("cells", run=trained(store, kept=(0, 2, 5)), epoch="1")
    assert settings(page).epoch == 0
    assert page.info[0].value.endswith("those before the first epoch.")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_training_of_before_opens_and_says_why_it_has_no_epochs(open_page, store, lang):
    page = open_page("cells", lang, run=trained(store))
    assert slider(page) is None
    assert {"en": "This training has kept no weights", "zh": "这次训练没有逐轮保存的权重"}[lang] in shown(page)
    assert not page.warning


def test_a_network_that_was_too_large_says_so(open_page, store):
    page = open_page("cells", run=trained(store, replace(SPEC, units=256, layers=4)))
    assert "too large for the weights of its epochs" in shown(page)


def test_a_training_that_was_stopped_within_an_epoch_ends_with_what_it_had(open_page, store):
    run_id = trained(store, kept=(0, 1, 2), state="stopped", steps_more=1)
    page = open_page("cells", run=run_id, ask="off")
    assert [stop["name"] for stop in slider(page)["stops"]][-2:] == ["epoch 2 of 3", "stopped within epoch 3"]
    assert slider(page)["at"] == 3


def test_of_a_training_that_failed_its_kept_epochs_can_be_seen(open_page, store):
    run_id = trained(store, kept=(0, 1, 2), state="interrupted")
    (store.run_folder(run_id) / "weights.npz").unlink()
    page = open_page("cells", run=run_id, ask="off")
    assert not page.warning
    assert slider(page)["at"] == 2


def test_leaving_a_run_leaves_its_epoch(open_page, store):
    page = open_page("cells", run=trained(store, kept=(0, 2, 5)), epoch="2")
    page.button(key="leave_network").click().run()
    assert settings(page).epoch == LAST
    assert "epoch" not in link(page)


def test_what_a_link_names_wrongly_is_told_beside_the_epoch(open_page, store):
    page = open_page("cells", run=trained(store, kept=(0, 2, 5)), epoch="3", speed="9")
    (box,) = page.info
    assert len(box.value.splitlines()) == 2
