"""The page that opens LSTM and GRU."""

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.parts.cells import details as cell_details
from pages.parts.cells.settings import Settings, read
from rnn_core.cells import lstm_forward
from rnn_core.cells.inputs import pulse
from tests.pages.conftest import go_to, turn_to


def shown(app) -> str:
    kinds = (app.markdown, app.info, app.caption, app.error, app.success, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def in_language(lang: str, message: str) -> str:
    return catalogue(lang).get(message, message)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
@pytest.mark.parametrize("kind", ["pulse", "sine", "words", "own"])
def test_every_cell_reads_every_input_from_end_to_end(open_page, lang: str, cell: str, kind: str) -> None:
    app = open_page("cells", lang, cell=cell, input=kind)
    assert app.title[0].value == in_language(lang, "What do LSTM and GRU add?")
    for t in (1, 10**6, 2, 0):
        go_to(app, t)
        assert not app.exception
        assert app.session_state["t"] <= 100


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
    assert "open" not in fixed.query_params


@pytest.mark.parametrize(
    "raw", ["h", "h:", "h:1:2:3", "h:99", "h:1:11", "update_gate:1", "mask:0", "<b>:1", "h:-1", "c:٣"]
)
def test_a_number_that_is_not_there_does_not_open(open_page, raw: str) -> None:
    app = open_page("cells", t="3", open=raw)
    assert not [b for b in app.button if b.key == "arithmetic_close"]


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
        ("ask", "perhaps", True),
    ],
)
def test_a_bad_link_is_said_and_mended(open_page, name: str, raw: str, value) -> None:
    app = open_page("cells", **{name: raw})
    assert app.session_state[name] == value
    assert len(app.info) == 1
    assert "<" not in app.info[0].value


def test_own_numbers_travel_in_the_link(open_page) -> None:
    link = {"input": "own", "x": "1,2_3,-4_0.5,0", "input_features": "2", "timesteps": "3", "t": "3"}
    app = open_page("cells", **link)
    assert not app.info
    assert app.session_state["_table_own"]["texts"] == [["1", "2"], ["3", "-4"], ["0.5", "0"]]


def test_what_is_typed_into_the_table_is_read_and_goes_into_the_link(open_page) -> None:
    app = open_page("cells", input="own", timesteps="3")
    held = dict(app.session_state["_table_own"])
    held["good"] = np.array([[1.0], [0.1234567], [0.0]])  # AppTest cannot type into a table
    app.session_state["_table_own"] = held
    app.run()
    assert "".join(app.query_params["x"]) == "1_0.1234567_0"
    assert app.session_state["_table_own"]["version"] == held["version"]
    app.run()
    assert app.session_state["_table_own"]["version"] == held["version"]


def test_a_forget_bias_of_5_keeps_the_first_input(open_page) -> None:
    app = open_page("cells")
    app.button(key="long_memory").click().run()
    assert (app.session_state["input"], app.session_state["timesteps"], app.session_state["t"]) == ("pulse", 40, 40)
    left = "At timestep 40, the trace that the first input left in the carry is **62%** of its first size."
    assert left in shown(app)
    app.button(key="keras_start").click().run()
    assert app.session_state["bias_forget_gate"] == 1.0
    assert left not in shown(app)


def test_biases_outlive_a_look_at_another_cell(open_page) -> None:
    app = open_page("cells", bias_forget_gate="4.5")
    app.segmented_control(key="cell").set_value("gru").run()
    app.segmented_control(key="cell").set_value("lstm").run()
    assert app.slider(key="bias_forget_gate").value == 4.5


def test_parameters_are_counted_with_their_arithmetic(open_page) -> None:
    text = shown(turn_to(open_page("cells", ask="off"), "What do the gates cost?"))
    assert "4 × (32 × 32 + 32 × 32 + 32) | **8,320**" in text
    assert "3 × (32 × 32 + 32 × 32 + 2 × 32) | **6,336**" in text
    assert "| (32 × 32 + 32 × 32 + 32) | **2,080**" in text


def test_saturated_and_exploding_numbers_are_said(open_page) -> None:
    app = open_page("cells", cell="simple_rnn", input="own", x="900_900", timesteps="2", t="2")
    assert "**Saturated:** 4 of 4 states" in shown(app)
    trace = read(Settings("simple_rnn", ((1e30,), (1e30,)), (), 4, 1, ()))
    assert np.abs(trace.h).max() <= 1


@pytest.mark.parametrize("words", ["", "   ", "<img src=x onerror=alert(1)> **bold**", "好" * 300, "w " * 150])
def test_any_words_can_be_read(open_page, words: str) -> None:
    app = open_page("cells", input="words", words=words, t="3")
    assert not app.exception
    assert "<img" not in shown(app)


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
    def answer(function, cell, inputs, weights):
        trace = lstm_forward(inputs, read_weights(weights))
        return Done({"keras": "3", "outputs": trace.h + off, "states": [trace.h[:, -1], trace.c[:, -1]]})

    def read_weights(arrays):
        from rnn_core.cells import LSTMWeights

        return LSTMWeights.from_keras(arrays)

    monkeypatch.setattr(cell_details, "ask", answer)
    app = turn_to(open_page("cells", input="pulse"), "Is this really Keras?")
    assert verdict not in shown(app)
    app.button(key="twin").click().run()
    assert verdict in shown(app)
    assert "layer.set_weights([kernel, recurrent_kernel, bias])" in app.code[0].value


def test_without_keras_the_page_says_so(open_page, monkeypatch) -> None:
    monkeypatch.setattr(cell_details, "ask", lambda *_args: Done(problem=RuntimeError("No worker answered.")))
    app = turn_to(open_page("cells"), "Is this really Keras?")
    app.button(key="twin").click().run()
    assert "Keras cannot be asked at this moment" in shown(app)


@pytest.mark.parametrize("topic", ["reset", "update"])
def test_gru_conventions_stand_side_by_side(open_page, topic: str) -> None:
    app = turn_to(open_page("cells", cell="gru"), "In the book, in Keras")
    app.segmented_control(key="gru_topic").set_value(topic).run()
    assert "the states differ by up to" in shown(app)
    assert not app.exception


def test_the_trace_is_the_cells_own() -> None:
    settings = Settings("lstm", tuple(map(tuple, pulse(5).tolist())), (), 3, 7, (("forget_gate", 2.5),))
    trace = read(settings)
    np.testing.assert_array_equal(trace.weights.bias[3:6], 2.5)
    np.testing.assert_array_equal(trace.h, lstm_forward(pulse(5)[np.newaxis], trace.weights).h)


def test_own_numbers_ask_to_be_typed_until_they_are(open_page) -> None:
    app = open_page("cells", input="own")
    assert "still the pulse's numbers" in shown(app)
    assert "still the pulse's numbers" not in shown(open_page("cells", input="own", x="1_2_3"))
    assert "still the pulse's numbers" not in shown(open_page("cells", input="pulse"))
