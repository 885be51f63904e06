"""A trained network on the cells page: opened by a link, read step by step, left again."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.cells import network
from pages.parts.cells.network import network_of
from pages.parts.cells.reading import read
from tests.pages.conftest import elements, go_to, link, settings, shown, widget
from tests.pages.trained import SPEC, trained


@pytest.fixture
def store(trainer):
    """The pages' run store, empty."""
    return trainer.store


def opened(page):
    """Return the network that a page shows; a run's lies in the visit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network.st, "session_state", page.session_state)
        return network_of(settings(page))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
@pytest.mark.parametrize("task", ["delayed_recall", "adding", "small_reviews"])
def test_a_trained_network_reads_a_sequence_of_its_task(open_page, store, lang, cell, task):
    run_id = trained(store, replace(SPEC, cell=cell, task=task))
    page = open_page("cells", lang, run=run_id, t="2", ask="off")
    said = {"en": "It must answer **", "zh": "正确答案是 **"}[lang]
    assert said in shown(page)
    assert not page.warning
    first = opened(page).reading
    assert (first.cell, first.units) == (cell, 6)
    assert first.words[1] in shown(page)
    widget(page, "selectbox", "sequence").set_value(3).run()
    assert not page.exception
    assert opened(page).reading.inputs != first.inputs
    assert link(page) == {"network": "random", "run": run_id, "sequence": "3", "t": "2", "ask": "off"}


def test_the_way_back_leads_to_the_small_network_as_it_was(open_page, store):
    page = open_page("cells", run=trained(store), cell="gru", units="3", bias_update_gate="2.5")
    assert not [s for s in page.slider if s.key.startswith("bias_")]
    page.button(key="leave_network").click().run()
    assert not page.exception
    assert "run" not in link(page)
    assert widget(page, "button_group", "cell").value == "gru"
    assert widget(page, "number_input", "units").value == 3
    assert widget(page, "slider", "bias_update_gate").value == 2.5


def test_from_a_run_the_way_leads_on_with_a_small_network(open_page, store):
    """From the cells to a training's network, to its end, back to the small network and on."""
    run_id = trained(store)
    page = open_page("cells", cell="gru", input="pulse", timesteps="20", units="3")
    page.switch_page("pages/train.py").run()
    page.query_params.clear()
    page.query_params["run"] = run_id
    page.switch_page("pages/cells.py").run()
    assert settings(page).run == run_id
    go_to(page, 10)
    page.button(key="leave_network").click().run()
    go_to(page, 1)
    assert not page.exception
    now = settings(page)
    assert (now.cell, now.input, now.run, now.t) == ("lstm", "words", "", 1)
    assert widget(page, "button_group", "cell").value == "lstm"
    assert widget(page, "selectbox", "input").value == "words"
    assert elements(page, "transport")[0]["last"] == 7


def test_of_a_long_sequence_the_end_is_shown_with_the_states_it_has(open_page, store):
    spec = replace(SPEC, length=140, layers=2, bidirectional=True)
    page = open_page("cells", run=trained(store, spec), t="1", ask="off")
    assert "Of 141 timesteps the last 100 are shown" in shown(page)
    assert "the first of 2 recurrent layers" in shown(page)
    assert "the half that reads forwards" in shown(page)
    assert "If the sequence ended here" not in shown(page)
    shown_here = opened(page)
    whole = shown_here.trained.read(shown_here.dataset.x_val[:1])
    np.testing.assert_allclose(read(shown_here.reading).h, whole.h[:, 41:], rtol=0, atol=1e-6)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("raw", ["000000000000", "x" * 500, "../../etc/passwd", "<script>alert(1)</script>", "½"])
def test_a_link_to_no_run_is_a_sentence(open_page, store, lang, raw):
    page = open_page("cells", lang, run=raw)
    assert len(page.warning) == 1
    assert "<script>" not in page.warning[0].value
    assert widget(page, "button_group", "cell").value == "lstm"
    assert "run" not in link(page)


def test_what_has_no_network_to_open_says_why(open_page, store):
    (waiting,) = store.create([SPEC], "me", "test")
    assert "still being trained" in open_page("cells", run=waiting).warning[0].value
    store.wish(waiting, "me", "stop")
    assert "left no network" in open_page("cells", run=waiting).warning[0].value
    bag = trained(store, replace(SPEC, task="small_reviews", cell="bag_of_words"))
    assert "A bag of words has no cell" in open_page("cells", run=bag).warning[0].value
    damaged = trained(store)
    np.savez(store.run_folder(damaged) / "weights.npz", nothing=np.zeros(3))
    assert "cannot be read" in open_page("cells", run=damaged).warning[0].value
    (store.run_folder(damaged) / "weights.npz").write_bytes(b"PK\x03\x04 torn")
    assert "left no network" in open_page("cells", run=damaged).warning[0].value
    gone = trained(store)
    store.delete(gone, "somebody else")
    assert "There is no such run" in open_page("cells", run=gone).warning[0].value


def test_a_sequence_that_is_not_there_is_the_nearest(open_page, store):
    page = open_page("cells", run=trained(store, replace(SPEC, samples=20)), sequence="20")
    assert not page.exception
    assert settings(page).sequence == 4
    assert settings(open_page("cells", run=trained(store), sequence="99")).sequence == 20


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_a_network_with_a_mask_reads_as_it_was_trained(open_page, store, cell, padding):
    spec = replace(SPEC, cell=cell, task="small_reviews", length=30, padding=padding, mask=True)
    page = open_page("cells", run=trained(store, spec), t="1" if padding == "pre" else "30", ask="off")
    assert not page.exception
    assert "**Skipped:**" in shown(page)
    here = opened(page)
    x = here.dataset.x_val[here.chosen]
    trace = read(here.reading)
    np.testing.assert_array_equal(trace.mask[0], x != 0)
    states = trace.h[0]
    np.testing.assert_array_equal(states[1:][x[1:] == 0], states[:-1][x[1:] == 0])
    np.testing.assert_allclose(here.trained.head(states[-1]), here.answers, rtol=0, atol=1e-6)
    where = {"pre": "before the first word", "post": "behind the last word"}[padding]
    assert where in shown(go_to(page, 2 if padding == "pre" else 29))


def test_of_a_long_sequence_with_a_mask_the_end_is_shown_with_the_states_it_has(open_page, store):
    spec = replace(SPEC, task="small_reviews", length=140, padding="post", mask=True)
    here = opened(open_page("cells", run=trained(store, spec), t="1", ask="off"))
    whole = here.trained.read(here.dataset.x_val[:1])
    np.testing.assert_allclose(read(here.reading).h, whole.h[:, 40:], rtol=0, atol=1e-6)
    assert not read(here.reading).mask.any()
