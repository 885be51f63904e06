"""The page that opens LSTM and GRU."""

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.parts.cells import twin as cell_twin
from pages.parts.cells.network import network_of, reading_of, small_network
from pages.parts.cells.reading import SENTENCE, Reading, own_sentence, read
from rnn_core.cells import LSTMWeights, lstm_forward
from rnn_core.cells.inputs import pulse, split_words
from rnn_core.cells.registry import CELLS
from rnn_core.charts.scene import short
from rnn_core.models.review_networks import review_networks
from tests.pages.conftest import elements, go_to, link, settings, shown, turn_to, widget


def texts(app, key: str) -> list[str]:
    """Return what is written in a picture."""
    return [mark["s"] for mark in elements(app, key)[0]["marks"] if mark["k"] == "text"]


def reading(app) -> Reading:
    """Return what the page reads."""
    return reading_of(settings(app))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
@pytest.mark.parametrize("kind", ["pulse", "sine", "words", "own"])
def test_every_cell_reads_every_input_from_end_to_end(open_page, lang: str, cell: str, kind: str) -> None:
    app = open_page("cells", lang, cell=cell, input=kind)
    assert app.title[0].value == catalogue(lang).gettext("What do LSTM and GRU add?")
    last = elements(app, "transport")[0]["last"]
    assert last == (7 if kind == "words" else 12)
    for asked, t in ((1, 1), (10**6, last), (2, 2), (0, 0)):
        go_to(app, asked)
        assert not app.exception
        assert settings(app).t == t
        assert [elements(app, key)[0]["stamp"] for key in ("diagram", "strip", "race")] == [f"t={t}"] * 3
        states = [short(value) for value in read(reading(app)).h[0, t - 1]] if t else []
        assert set(states) <= set(texts(app, "diagram"))


# --- Trained and random -----------------------------------------------------------------------------------------------


def test_the_bare_page_shows_at_its_end_what_a_trained_lstm_still_knows(open_page) -> None:
    app = open_page("cells")
    assert (settings(app).network, settings(app).cell, settings(app).t) == ("trained", "lstm", 31)
    assert link(app) == {"network": "trained"}
    must = small_network("lstm", 0).reading.words[0]
    asked = f"After 30 more letters it must name the first one, **{must}**."
    assert f"{asked} At the end it answers **{must}** (99.9%). SimpleRNN answers **A** (48%)." in shown(app)
    shares = dict(zip(("SimpleRNN", "LSTM", "GRU"), [text for text in texts(app, "race") if "%" in text or "×" in text],
                      strict=True))  # fmt: skip
    assert (shares["SimpleRNN"], shares["LSTM"][0]) == ("0%", "×")


def test_links_of_earlier_versions_open_the_random_network(open_page) -> None:
    app = open_page("cells", t="3")
    assert (settings(app).network, settings(app).t, reading(app).timesteps) == ("random", 3, 7)
    assert link(app) == {"network": "random", "t": "3"}


def test_before_training_is_asked_at_the_end_and_shown_with_the_same_letters(open_page) -> None:
    app = open_page("cells")
    letters = reading(app).words
    assert not [mark for mark in elements(app, "race")[0]["marks"] if mark.get("s") == "untrained"]
    next(b for b in app.button if b.label == "none of them").click().run()
    assert (settings(app).network, settings(app).t, reading(app).words) == ("random", 31, letters)
    assert "**none of them**, that is right" in shown(app)
    widget(app, "button_group", "network").set_value("trained").run()
    assert settings(app).t == 31
    assert "none of them" not in shown(app)
    assert [mark for mark in elements(app, "race")[0]["marks"] if mark.get("s") == "untrained"]


def test_trained_networks_read_twenty_sequences(open_page) -> None:
    app = open_page("cells", network="trained", cell="gru", sequence="20", ask="off")
    assert reading(app).words == small_network("gru", 19).reading.words
    assert len(widget(app, "selectbox", "sequence").options) == 20
    assert not [b for b in app.button if b.key == "new_weights"]


def test_the_own_sentence_has_the_same_numbers_in_every_language(open_page) -> None:
    english, chinese = (open_page("cells", lang, network="random", t="7", ask="off") for lang in ("en", "zh"))
    assert own_sentence() == SENTENCE
    assert catalogue("zh").gettext(SENTENCE) != SENTENCE
    assert len(split_words(catalogue("zh").gettext(SENTENCE), 100)) == len(SENTENCE.split()) == 7
    heats = [[mark for mark in elements(app, "strip")[0]["marks"] if mark["k"] == "heat"] for app in (english, chinese)]
    assert [mark["kept"][1] for mark in heats[0]] == [mark["kept"][1] for mark in heats[1]]


def test_the_race_is_of_all_cells_over_the_same_input(open_page) -> None:
    app = open_page("cells", input="pulse", timesteps="40", t="40", ask="off")
    assert [text for text in texts(app, "race") if "%" in text] == ["23%", "< 1%", "< 1%"]
    widget(app, "slider", "bias_forget_gate").set_value(5.0).run()
    assert [text for text in texts(app, "race") if "%" in text] == ["23%", "62%", "< 1%"]


# --- Numbers that open ------------------------------------------------------------------------------------------------


def test_a_number_opens_follows_the_step_and_opens_its_factors(open_page) -> None:
    app = open_page("cells", t="3", open="forget_gate:2")
    assert "**forget gate**, unit 2, timestep 3" in shown(app)
    go_to(app, 4)
    assert "**forget gate**, unit 2, timestep 4" in shown(app)
    fixed = open_page("cells", t="5", open="c:1:2")
    assert "**carry c**, unit 1, timestep 3" in shown(fixed)
    go_to(fixed, 6)
    assert "**carry c**, unit 1, timestep 3" in shown(fixed)
    fixed.button(key="arithmetic_close").click().run()
    assert "carry c**" not in shown(fixed)
    assert "open" not in link(fixed)


@pytest.mark.parametrize(
    "raw", ["h", "h:", "h:1:2:3", "h:99", "h:1:11", "update_gate:1", "mask:0", "<b>:1", "h:-1", "c:٣"]
)
def test_a_number_that_is_not_there_does_not_open(open_page, raw: str) -> None:
    app = open_page("cells", t="3", open=raw)
    assert not [b for b in app.button if b.key == "arithmetic_close"]


# --- The link ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("cell", "transformer", "lstm"),
        ("units", "65", 64),
        ("timesteps", "1", 2),
        ("bias_forget_gate", "99", 10.0),
        ("bias_forget_gate", "nan", 1.0),
        ("x", "1,2_3", ""),
        ("x", "1_inf", ""),
        ("x", "1_<script>", ""),
        ("edits", "kernel,0,0,inf", ""),
        ("edits", "W,0,0,1", ""),
        ("network", "huge", "trained"),
        ("ask", "perhaps", True),
    ],
)
def test_a_bad_link_is_said_and_mended(open_page, name: str, raw: str, value) -> None:
    app = open_page("cells", **{name: raw})
    assert getattr(settings(app), name) == value
    assert len(app.info) == 1
    assert "<" not in app.info[0].value


def test_own_numbers_travel_in_the_link(open_page) -> None:
    own = {"input": "own", "x": "1,2_3,-4_0.5,0", "input_features": "2", "timesteps": "3", "t": "3"}
    app = open_page("cells", **own)
    assert not app.info
    assert reading(app).inputs == ((1, 2), (3, -4), (0.5, 0))
    assert link(app) == {**own, "network": "random"}


def test_own_numbers_ask_to_be_typed_until_they_are(open_page) -> None:
    assert "still the pulse's numbers" in shown(open_page("cells", input="own", ask="off"))
    assert "still the pulse's numbers" not in shown(open_page("cells", input="own", x="1_2_3", ask="off"))
    assert "still the pulse's numbers" not in shown(open_page("cells", input="pulse", ask="off"))


@pytest.mark.parametrize("words", ["", "   ", "<img src=x onerror=alert(1)> **bold**", "好" * 300, "w " * 150])
def test_any_words_can_be_read(open_page, words: str) -> None:
    app = open_page("cells", input="words", words=words, t="3")
    assert not app.exception
    assert "<img" not in shown(app)


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_a_forget_bias_of_5_keeps_the_first_input(open_page) -> None:
    app = open_page("cells", network="random")
    app.button(key="long_memory").click().run()
    assert (settings(app).input, settings(app).timesteps, settings(app).t) == ("pulse", 40, 40)
    left = "At timestep 40, the trace that the first input left in the carry is **62%** of its first size."
    assert left in shown(app)
    app.button(key="keras_start").click().run()
    assert settings(app).bias_forget_gate == 1.0
    assert left not in shown(app)


def test_what_is_not_drawn_keeps_what_is_set(open_page) -> None:
    app = open_page("cells", bias_forget_gate="4.5", units="3", seed="8", input="pulse", timesteps="20")
    widget(app, "button_group", "cell").set_value("gru").run()
    widget(app, "button_group", "network").set_value("trained").run()
    app.switch_page("pages/step_through.py").run()
    app.switch_page("pages/cells.py").run()
    widget(app, "button_group", "network").set_value("random").run()
    widget(app, "button_group", "cell").set_value("lstm").run()
    now = settings(app)
    assert (now.bias_forget_gate, now.units, now.seed, now.timesteps) == (4.5, 3, 8, 20)
    assert widget(app, "slider", "bias_forget_gate").value == 4.5
    assert widget(app, "number_input", "timesteps").value == 20


def test_new_weights_are_for_the_same_inputs(open_page) -> None:
    app = open_page("cells", edits="kernel,0,0,2")
    before = read(reading(app))
    assert before.weights.kernel[0, 0] == 2
    app.button(key="new_weights").click().run()
    now = read(reading(app))
    np.testing.assert_array_equal(now.inputs, before.inputs)
    assert not np.isclose(now.weights.kernel, before.weights.kernel).any()
    assert settings(app).edits == ""


def test_limits_stand_beside_the_numbers(open_page) -> None:
    labels = [number.label for number in open_page("cells", input="own").number_input]
    assert "units: numbers in the state (1 to 64)" in labels
    assert "timesteps: how long the sequence is (2 to 100)" in labels


# --- What is said -----------------------------------------------------------------------------------------------------


def test_saturated_is_said_of_a_simple_rnn_alone(open_page) -> None:
    own = {"input": "own", "x": "900_900", "timesteps": "2", "t": "2", "ask": "off"}
    assert "**Saturated:** 4 of 4 units are beyond" in shown(open_page("cells", cell="simple_rnn", **own))
    assert "**Saturated:** 1 of 1 unit is beyond" in shown(open_page("cells", cell="simple_rnn", units="1", **own))
    for cell in ("lstm", "gru"):
        assert "Saturated" not in shown(open_page("cells", cell=cell, **own))


def test_exploded_numbers_are_said(open_page) -> None:
    own = {"input": "own", "x": "1e30_1e30_1", "timesteps": "3", "t": "3", "ask": "off", "cell": "lstm"}
    assert "Saturated" not in shown(open_page("cells", **own))
    trace = read(Reading("simple_rnn", ((1e30,), (1e30,)), (), 4, 1, ()))
    assert np.abs(trace.h).max() <= 1


def test_parameters_are_counted_with_their_arithmetic(open_page) -> None:
    text = shown(turn_to(open_page("cells", ask="off"), "What do the gates cost?"))
    assert "4 × (32 × 32 + 32 × 32 + 32) | **8,320**" in text
    assert "3 × (32 × 32 + 32 × 32 + 2 × 32) | **6,336**" in text
    assert "| (32 × 32 + 32 × 32 + 32) | **2,080**" in text


class Done:
    """A worker's answer that is there already."""

    def __init__(self, answer=None, problem=None):
        self.answer, self.problem = answer, problem

    def done(self) -> bool:
        return True

    def exception(self):
        return self.problem

    def result(self):
        return self.answer


@pytest.mark.parametrize(("off", "verdict"), [(0.0, "**Equal.**"), (0.1, "differ by up to **1.0e-01**")])
def test_the_twin_is_asked_on_request_and_compared(open_page, monkeypatch, off: float, verdict: str) -> None:
    def answer(function, cell, inputs, weights, *_how):
        trace = lstm_forward(inputs, LSTMWeights.from_keras(weights))
        return Done({"keras": "3", "outputs": trace.h + off, "states": [trace.h[:, -1], trace.c[:, -1]]})

    monkeypatch.setattr(cell_twin, "ask", answer)
    app = turn_to(open_page("cells", input="pulse"), "Is this really Keras?")
    assert verdict not in shown(app)
    app.button(key="twin").click().run()
    assert verdict in shown(app)
    assert "layer.set_weights([kernel, recurrent_kernel, bias])" in app.code[0].value


def test_without_keras_the_page_says_so(open_page, monkeypatch) -> None:
    monkeypatch.setattr(cell_twin, "ask", lambda *_args: Done(problem=RuntimeError("No worker answered.")))
    app = turn_to(open_page("cells"), "Is this really Keras?")
    app.button(key="twin").click().run()
    assert "Keras cannot be asked at this moment" in shown(app)


def test_gru_conventions_stand_side_by_side(open_page) -> None:
    app = turn_to(open_page("cells", cell="gru", t="1"), "In the book, in Keras")
    assert shown(app).count("the states differ by up to") == 2
    assert [bool(elements(app, key)) for key in ("gru_before", "gru_after", "gru_other", "gru_keras")] == [True] * 4


def test_the_trace_is_the_cells_own() -> None:
    made = Reading("lstm", tuple(map(tuple, pulse(5).tolist())), (), 3, 7, (("forget_gate", 2.5),))
    trace = read(made)
    np.testing.assert_array_equal(trace.weights.bias[3:6], 2.5)
    np.testing.assert_array_equal(trace.h, lstm_forward(pulse(5)[np.newaxis], trace.weights).h)


@pytest.mark.parametrize("corpus", ["en", "zh"])
def test_a_review_is_read_by_the_network_that_judges_it_and_leads_back(open_page, corpus: str) -> None:
    text = {"en": "this film is charming , not boring", "zh": "剧情 很 无聊 ， 但是 配乐 很 精彩"}[corpus]
    for cell in CELLS:
        page = open_page("cells", review=text, corpus=corpus, cell=cell, t="24", ask="off")
        assert not page.exception
        shown = reading(page)
        assert shown.cell == cell
        assert [word for word in shown.words if word != "·"] == text.split()
        network = network_of(settings(page))
        assert network.answers[0] == pytest.approx(review_networks(corpus)[cell].trained.predict(
            network.dataset.x_val)[0, 0], abs=1e-6)  # fmt: skip
        assert "It must answer" not in "\n".join(m.value for m in page.markdown)
    page.button(key="leave_network").click().run()
    assert settings(page).review == ""
    assert not page.exception
