"""The page of shapes, with a worker that answers, one that does not yet, and none."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from pages.common.language import catalogue
from pages.elements.blocks import turned
from pages.parts.shapes import keras as shapes_keras
from pages.parts.shapes.downloads import pieces
from pages.parts.shapes.questions import question
from rnn_core.errors import Told
from rnn_core.export import as_notebook, as_script
from rnn_core.export.shapes import as_code, batch_lines, model_lines
from rnn_core.models.stack import keras_answer
from rnn_core.shapes import DEFAULT, MAX_LAYERS, PRESETS, report, stack_from_json
from rnn_core.shapes.guess import Feedback
from rnn_core.shapes.link import from_link, to_link

TOTALS = {
    "embedding_simple_rnn": "322,080",
    "embedding_simple_rnn_sequences": "322,080",
    "stacked_simple_rnn": "328,320",
    "imdb_simple_rnn": "322,113",
    "imdb_lstm": "328,353",
    "imdb_gru": "326,369",
}
VECTOR = [0.5, -0.25]


def canned(function, stack, *_sizes, timeout):
    """What a worker would say, in Keras' words where the page repeats them."""
    answer: Future = Future()
    told = report(stack_from_json(stack))
    if told.problem:
        answer.set_result({"ok": False, "keras": "3.15.1", "type": "ValueError", "message": "Input 0 <b>of</b> layer"})
    elif function is keras_answer:
        answer.set_result({"ok": True, "keras": "3.15.1", "summary": ["Model", f"Total params: {told.total:,}"]})
    else:
        answer.set_result(
            {
                "ok": True,
                "batch": 2,
                "timesteps": 6,
                "layer": 0,
                "values": [VECTOR] * 6,
                "axes": ["timesteps", "features"],
                "layers": [{"name": "lstm", "outputs": [{"name": "output", "shape": [2, 2]}]}],
                "last_step": {"with": VECTOR, "without": VECTOR, "differences": {"output": 0.0}},
                "states": [
                    {"name": "output", "shape": [2, 2], "values": VECTOR},
                    {"name": "h", "shape": [2, 2], "values": VECTOR, "equals": "output[:, :]", "difference": 0.0},
                    {"name": "c", "shape": [2, 2], "values": VECTOR},
                ],
            }
        )
    return answer


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """A worker that answers at once; no test of this file starts a real one."""
    monkeypatch.setattr(shapes_keras, "ask", canned)
    monkeypatch.setattr(shapes_keras, "trainer", lambda: SimpleNamespace(status=SimpleNamespace(code="ready")))


def translated(lang: str, told: Told) -> str:
    return catalogue(lang).get(told.sentence, told.sentence).format(**told.values)


def said(app) -> str:
    kinds = (app.markdown, app.info, app.warning, app.error, app.success, app.caption, app.code)
    summaries = [e.proto.json for e in app.get("bidi_component") if e.proto.component_name == "unrolled.summary"]
    return "\n".join([*(element.value for kind in kinds for element in kind), *summaries])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_with_its_total_and_keras_word(open_page, name: str, lang: str) -> None:
    app = open_page("shapes", lang)
    app.selectbox(key="shapes_example").set_value(name).run()
    assert not app.exception
    assert from_link(app.session_state["stack"])[0] == PRESETS[name]
    if name in TOTALS:
        assert f"**{TOTALS[name]}**" in said(app)
        assert f"Total params: {TOTALS[name]}" in said(app)
    numpy = bool(batch_lines(PRESETS[name]))
    assert as_code(model_lines(PRESETS[name], numpy=numpy)).strip() in app.code[0].value
    if name != "embedding_simple_rnn":
        assert app.query_params["stack"] == to_link(PRESETS[name])


def rebuilt(app, name: str):
    """Change the stack as a switch in the picture does; AppTest cannot click there, a real browser's test does."""
    app.session_state["shapes_before"] = app.session_state["stack"]
    app.session_state["stack"] = to_link(PRESETS[name])
    return app.run()


def test_another_stack_changes_the_code_and_the_link(open_page) -> None:
    app = rebuilt(open_page("shapes"), "embedding_simple_rnn_sequences")
    assert app.query_params["stack"] == to_link(PRESETS["embedding_simple_rnn_sequences"])
    assert "layers.SimpleRNN(32, return_sequences=True)," in app.code[0].value
    assert "(line 9)" in said(app)
    rebuilt(app, "embedding_simple_rnn")
    assert "stack" not in app.query_params
    assert not app.exception


def opened(app, column: int | str):
    app.session_state["shapes_open"] = str(column)
    return app.run()


def test_layers_are_added_changed_moved_and_removed(open_page) -> None:
    app = open_page("shapes")
    assert not app.number_input
    app.menu_button(key="shapes_add").click("lstm").run()
    app.menu_button(key="shapes_add").click("dense").run()
    opened(app, 1).number_input(key="shapes_units_1").set_value(7).run()
    app.toggle(key="shapes_bidirectional_1").set_value(True).run()
    app.selectbox(key="shapes_merge_mode_1").set_value("sum").run()
    app.button(key="shapes_earlier_1").click().run()
    assert app.session_state["stack"] == "emb.10000x32_bi-lstm.7.sum_simplernn.32_dense.1"
    assert app.number_input(key="shapes_units_0").value == 7, "the panel stays with the layer it was opened for"
    opened(app, 1).button(key="shapes_remove_1").click().run()
    assert not app.number_input
    opened(app, 0).selectbox(key="shapes_kind_0").set_value("gru").run()
    opened(app, 1).selectbox(key="shapes_activation_1").set_value("sigmoid").run()
    opened(app, "embedding").number_input(key="shapes_dimension").set_value(16).run()
    assert app.session_state["stack"] == "emb.10000x16_bi-gru.7.sum_dense.1.sigmoid"
    opened(app, "input").selectbox(key="shapes_input_kind").set_value("raw").run()
    app.number_input(key="shapes_input_features").set_value(5).run()
    app.toggle(key="shapes_fixed").set_value(True).run()
    assert app.session_state["stack"] == "in.10x5_bi-gru.7.sum_dense.1.sigmoid"
    app.button(key="shapes_close").click().run()
    assert not app.number_input
    assert not app.exception


def test_the_last_layer_stays_and_the_ninth_is_not_offered(open_page) -> None:
    app = open_page("shapes", stack="_".join(["emb.10x4", *["gru.4.seq"] * MAX_LAYERS]))
    assert app.menu_button(key="shapes_add").disabled
    app = opened(open_page("shapes", stack="emb.10x4_gru.4"), 0)
    assert app.button(key="shapes_remove_0").disabled


def test_clicks_on_switches_count_once_and_in_their_order() -> None:
    assert turned({"0": [1, True], "3": [2, False]}, 0) == ({0: True, 3: False}, 2)
    assert turned({"0": [1, True], "3": [4, True]}, 2) == ({3: True}, 4)
    assert turned({"3": [4, True]}, 4) == ({}, 4)


@pytest.mark.parametrize(
    "sent", [None, 3, [], "x", {"0": 1}, {"0": [1]}, {"x": [1, True]}, {"0": ["1", True]}, {"0": [1e300, True]}]
)
def test_whatever_else_a_browser_sends_turns_no_switch(sent: object) -> None:
    assert turned(sent, 0) == ({}, 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["mistake_no_sequences", "mistake_state_in_the_middle"])
def test_an_impossible_stack_shows_keras_words_the_reason_and_is_mended_by_one_click(open_page, name, lang) -> None:
    app = open_page("shapes", lang, stack=to_link(PRESETS[name]), prove="yes")
    problem = report(PRESETS[name]).problem
    assert app.error[0].value == translated(lang, problem)
    # As code, so that nothing in it can act as markup.
    assert "ValueError: Input 0 <b>of</b> layer" in [code.value for code in app.code]
    app.button(key="shapes_mend").click().run()
    assert not app.error
    assert report(from_link(app.session_state["stack"])[0]).problem is None
    assert not app.exception


def test_what_keras_accepts_but_hardly_anybody_means_is_said(open_page) -> None:
    app = open_page("shapes", stack=to_link(PRESETS["mistake_answer_per_timestep"]))
    assert "gives an answer at every timestep" in app.warning[0].value
    app.button(key="shapes_mend").click().run()
    assert not app.warning


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "link",
    [
        "nonsense",
        "emb.10000x32",
        "emb.0x-5_lstm.1e9",
        "lstm.999999999999999999",
        "in.anyx3_gru.-4.seq.seq.what",
        "_".join(["lstm.8.seq"] * 100),
        "transformer.8_lstm.4",
        "emb.10x4_lstm.٣",
        "<script>alert(1)</script>",
        "emb.10x4_lstm.4.[x](http://y)",
        "_",
        ".",
        "lstm." + "9" * 5000,
        "%00",
        "none",
        "dense.1.softmax.softmax",
    ],
)
def test_any_link_opens_some_stack_with_a_sentence(open_page, link: str, lang: str) -> None:
    app = open_page("shapes", lang, stack=link, batch="0", timesteps="1e9", prove="maybe")
    stack, problems = from_link(app.session_state["stack"])
    assert not problems
    assert 1 <= len(stack.layers) <= MAX_LAYERS
    assert len(app.info) >= 4
    for element in app.info:
        assert "<" not in element.value
        assert "](" not in element.value
    app.toggle(key="shapes_predict").set_value(True).run()
    assert not app.exception


def test_two_stacks_in_one_link(open_page) -> None:
    app = open_page("shapes", stack=[to_link(PRESETS["imdb_gru"]), "x"])
    assert from_link(app.session_state["stack"])[0] == PRESETS["imdb_gru"]
    assert "2" in app.info[0].value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_a_worker_our_own_rules_answer(open_page, monkeypatch, lang: str) -> None:
    def nobody(*_question, timeout):
        answer: Future = Future()
        answer.set_exception(RuntimeError("no worker"))
        return answer

    monkeypatch.setattr(shapes_keras, "ask", nobody)
    app = open_page("shapes", lang, stack=to_link(PRESETS["stacked_simple_rnn"]), prove="yes")
    assert "**328,320**" in said(app)
    sentence = "Keras could not be asked: no worker answers at the moment. Our own rules stand all the same."
    assert [i.value for i in app.info] == [catalogue(lang).get(sentence, sentence)] * 2
    rebuilt(app, "imdb_lstm")
    assert not app.exception


def test_while_the_worker_is_silent_the_page_is_whole(open_page, monkeypatch) -> None:
    monkeypatch.setattr(shapes_keras, "ask", lambda *_question, timeout: Future())
    monkeypatch.setattr(shapes_keras, "SOON", 0.0)
    app = open_page("shapes", prove="yes")
    assert "Asking Keras; its worker is still starting or busy …" in said(app)
    rebuilt(app, "embedding_simple_rnn_sequences")
    assert "**322,080**" in said(app)
    assert not app.exception


def test_a_cluster_that_cannot_be_reached_is_named_without_waiting_for_it(open_page, monkeypatch) -> None:
    monkeypatch.setattr(shapes_keras, "ask", lambda *_question, timeout: Future())
    monkeypatch.setattr(shapes_keras, "SOON", 0.0)
    monkeypatch.setattr(shapes_keras, "trainer", lambda: SimpleNamespace(status=SimpleNamespace(code="unreachable")))
    app = open_page("shapes")
    assert "Keras could not be asked" in app.info[0].value


def test_a_real_batch_is_shown_only_on_demand(open_page) -> None:
    app = open_page("shapes", stack="emb.10x4_lstm.2")
    assert "list of 3" not in said(app)
    app.toggle(key="shapes_prove").set_value(True).run()
    assert app.query_params["prove"] == "yes"
    assert (
        "**equals** the output without `return_sequences`: the largest difference in the whole batch is **0**"
        in said(app)
    )
    assert "a list of 3: `[0]` **output** (2, 2) · `[1]` **h** (2, 2) = `output[:, :]` · `[2]` **c** (2, 2)" in said(
        app
    )
    assert "Keras never returns it per timestep" in said(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_predict_first_hides_the_answer_and_names_the_mistake(open_page, lang: str) -> None:
    app = open_page("shapes", lang, stack="emb.10000x32_lstm.64")
    assert "**344,832**" in said(app)
    app.toggle(key="shapes_predict").set_value(True).run()
    assert "344,832" not in said(app)
    assert "(2, 64)" not in said(app)
    app.text_input(key="shapes_guess_shape").set_value("(batch, timesteps, 64)").run()
    app.text_input(key="shapes_guess_count").set_value("24,576").run()
    assert translated(lang, Feedback("kept_time")) in app.warning[0].value
    assert translated(lang, Feedback("no_bias", missing=256)) in app.warning[1].value
    app.text_input(key="shapes_guess_shape").set_value("2, 64").run()
    assert len(app.success) == 1
    assert "344,832" not in said(app)
    app.text_input(key="shapes_guess_count").set_value("24 832").run()
    assert "**344,832**" in said(app)
    assert not app.exception


def test_what_cannot_be_read_as_a_guess_is_said(open_page) -> None:
    app = open_page("shapes")
    app.toggle(key="shapes_predict").set_value(True).run()
    app.text_input(key="shapes_guess_shape").set_value("<b>").run()
    app.text_input(key="shapes_guess_count").set_value("many").run()
    assert len(app.warning) == 2
    app.button(key="shapes_reveal").click().run()
    assert "**322,080**" in said(app)
    app.button(key="shapes_another").click().run()
    assert "**?**" in said(app)
    assert app.text_input(key="shapes_guess_shape").value == ""


@pytest.mark.parametrize("seed", range(30))
def test_every_question_is_a_stack_that_keras_accepts(seed: int) -> None:
    assert report(question(seed)).problem is None


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_taken_away_holds_the_lines_of_the_page(name: str) -> None:
    stack = PRESETS[name]
    cells = pieces(stack, 2, 6)
    through = batch_lines(stack, 2, 6)
    for lines in filter(None, (model_lines(stack, numpy=bool(through)), through)):
        assert as_code(lines).strip() in as_script(cells)
    assert as_notebook(cells)


def test_the_default_is_the_articles_first_model() -> None:
    assert PRESETS["embedding_simple_rnn"] == DEFAULT
