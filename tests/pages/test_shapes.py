"""The page of shapes, with a worker that answers, one that does not yet, and none."""

import re
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from pages.common.language import catalogue
from pages.elements.blocks import turned
from pages.parts.shapes import keras
from pages.parts.shapes.downloads import pieces
from pages.parts.shapes.panel import OPEN
from pages.parts.shapes.questions import stack_to_guess
from pages.parts.shapes.settings import Settings
from rnn_core.export import as_notebook, as_script
from rnn_core.export.shapes import as_code, batch_lines, model_lines
from rnn_core.models.stack import keras_answer
from rnn_core.shapes import DEFAULT, MAX_LAYERS, PRESETS, report, stack_from_json
from rnn_core.shapes.guess import Feedback
from rnn_core.shapes.link import from_link, to_link
from tests.pages.conftest import elements, link, settings, shown, widget

TOTALS = {
    "embedding_simple_rnn": "322,080",
    "embedding_simple_rnn_sequences": "322,080",
    "stacked_simple_rnn": "328,320",
    "imdb_simple_rnn": "322,113",
    "imdb_lstm": "328,353",
    "imdb_gru": "326,369",
}
VECTOR = [0.5, -0.25]


def fields(app) -> list[str]:
    """Return what can be typed into a layer's editor."""
    return [box.label for box in app.number_input if not box.key.startswith(("batch-", "timesteps-"))]


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
    monkeypatch.setattr(keras, "ask", canned)
    monkeypatch.setattr(keras, "trainer", lambda: SimpleNamespace(status=SimpleNamespace(code="ready")))


def said(app) -> str:
    """All text on the page, code and Keras' summary included."""
    summaries = [sent["text"] for sent in elements(app, "shapes_summary")]
    return "\n".join([shown(app), *(code.value for code in app.code), *summaries])


def take_example(app, name: str):
    return app.menu_button(key="shapes_example").click(name).run()


def opened(app, column: int | str):
    """Open the controls of a block; AppTest cannot click there, a real browser's test does."""
    app.session_state[OPEN] = str(column)
    return app.run()


def blank(app, name: str):
    """The line on which an answer is written."""
    return next(line for line in app.text_input if line.key.endswith(f"_{name}"))


def feedback(code: str, lang: str, **values: object) -> str:
    return catalogue(lang).gettext(Feedback(code, **values).sentence).format(**values)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_with_its_total_and_keras_word(open_page, name: str, lang: str) -> None:
    app = take_example(open_page("shapes", lang), name)
    assert not app.exception
    assert from_link(settings(app).stack)[0] == PRESETS[name]
    if name in TOTALS:
        assert f"**{TOTALS[name]}**" in said(app)
        assert f"Total params: {TOTALS[name]}" in said(app)
    numpy = bool(batch_lines(PRESETS[name]))
    assert as_code(model_lines(PRESETS[name], numpy=numpy)).strip() in app.code[0].value
    assert link(app) == ({} if name == "embedding_simple_rnn" else {"stack": to_link(PRESETS[name])})


def test_another_stack_changes_the_code_and_the_link(open_page) -> None:
    app = take_example(open_page("shapes"), "embedding_simple_rnn_sequences")
    assert link(app) == {"stack": to_link(PRESETS["embedding_simple_rnn_sequences"])}
    assert "layers.SimpleRNN(32, return_sequences=True)," in app.code[0].value
    assert "(line 9)" in said(app)
    take_example(app, "stacked_simple_rnn")
    assert "(lines 10, 11, 12)" in said(app)
    take_example(app, "embedding_simple_rnn")
    assert link(app) == {}
    assert not app.exception


def test_a_link_of_an_earlier_version_opens_the_same_screen(open_page) -> None:
    earlier = {"stack": "emb.50x8_bi-gru.4.sum", "batch": "3", "timesteps": "9", "prove": "yes"}
    app = open_page("shapes", **earlier)
    assert vars(settings(app)) == {
        "stack": "emb.50x8_bi-gru.4.sum", "batch": 3, "timesteps": 9, "prove": True, "ask": False,
    }  # fmt: skip
    assert not app.info
    assert "**736**" in said(app)


def test_layers_are_added_changed_moved_and_removed(open_page) -> None:
    app = open_page("shapes")
    assert not fields(app)
    app.menu_button(key="shapes_add").click("lstm").run()
    app.menu_button(key="shapes_add").click("dense").run()
    widget(opened(app, 1), "number_input", "stack.units_1").set_value(7).run()
    widget(app, "toggle", "stack.bidirectional_1").set_value(True).run()
    widget(app, "selectbox", "stack.merge_mode_1").set_value("sum").run()
    app.button(key="shapes_earlier").click().run()
    assert settings(app).stack == "emb.10000x32_bi-lstm.7.sum_simplernn.32_dense.1"
    assert widget(app, "number_input", "stack.units_0").value == 7, "the panel stays with the layer it was opened for"
    opened(app, 1).button(key="shapes_remove").click().run()
    assert not fields(app)
    widget(opened(app, 0), "selectbox", "stack.kind_0").set_value("gru").run()
    widget(opened(app, 1), "selectbox", "stack.activation_1").set_value("sigmoid").run()
    assert settings(app).stack == "emb.10000x32_bi-gru.7.sum_dense.1.sigmoid"
    app.button(key="shapes_close").click().run()
    assert not fields(app)
    assert not app.exception


def test_what_arrives_is_changed(open_page) -> None:
    app = open_page("shapes")
    widget(opened(app, "embedding"), "number_input", "stack.dimension").set_value(16).run()
    assert settings(app).stack == "emb.10000x16_simplernn.32"
    widget(opened(app, "input"), "selectbox", "stack.input_kind").set_value("raw").run()
    widget(app, "number_input", "stack.input_features").set_value(5).run()
    widget(app, "toggle", "stack.fixed").set_value(True).run()
    widget(app, "number_input", "stack.fixed_timesteps").set_value(20).run()
    assert settings(app).stack == "in.20x5_simplernn.32"
    widget(app, "toggle", "stack.fixed").set_value(False).run()
    widget(app, "toggle", "stack.fixed").set_value(True).run()
    assert widget(app, "number_input", "stack.fixed_timesteps").value == 10
    assert settings(app).stack == "in.10x5_simplernn.32"
    assert not app.exception


@pytest.mark.parametrize("column", [0, 7, "input", "embedding"])
def test_an_example_chosen_after_mending_with_a_layers_editor_open(open_page, column: int | str) -> None:
    app = open_page("shapes", stack="_".join(["emb.100x8", *["lstm.8"] * MAX_LAYERS]))
    opened(app, column).button(key="shapes_mend").click().run()
    assert settings(app).stack == "_".join(["emb.100x8", *["lstm.8.seq"] * (MAX_LAYERS - 1), "lstm.8"])
    assert app.number_input or app.selectbox
    take_example(app, "embedding_simple_rnn")
    assert not app.exception
    assert not fields(app), "the editor was another stack's layer's"
    assert from_link(settings(app).stack)[0] == DEFAULT


def test_what_was_typed_for_a_layer_that_is_gone_changes_no_other_one(open_page) -> None:
    app = opened(open_page("shapes", stack="emb.100x8_lstm.4.seq_gru.5.seq_lstm.6"), 1)
    # Both come with one message.
    widget(app, "number_input", "stack.units_1").set_value(9)
    app.button(key="shapes_remove").click().run()
    assert not app.exception
    assert settings(app).stack == "emb.100x8_lstm.4.seq_lstm.6"
    assert widget(opened(app, 1), "number_input", "stack.units_1").value == 6


def test_the_size_of_a_layer_names_its_limits(open_page) -> None:
    app = opened(open_page("shapes"), 0)
    box = widget(app, "number_input", "stack.units_0")
    assert (box.min, box.max) == (1, 1024)
    assert box.label == "units, 1 to 1,024"


def test_no_setting_lives_under_a_name_that_a_widget_of_another_page_may_bear(open_page) -> None:
    app = open_page("step_through")
    app.switch_page("pages/shapes.py").run()
    opened(app, 0)
    assert not [name for name in vars(settings(app)) if name in app.session_state]


def test_the_last_layer_stays_and_the_ninth_is_not_offered(open_page) -> None:
    app = open_page("shapes", stack="_".join(["emb.10x4", *["gru.4.seq"] * MAX_LAYERS]))
    assert app.menu_button(key="shapes_add").disabled
    app = opened(open_page("shapes", stack="emb.10x4_gru.4"), 0)
    assert app.button(key="shapes_remove").disabled


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
    sentence = catalogue(lang).gettext(problem.sentence).format(**problem.values)
    assert app.error[0].value.replace("`", "") == sentence
    # As code, so that nothing in it can act as markup.
    assert "ValueError: Input 0 <b>of</b> layer" in [code.value for code in app.code]
    app.button(key="shapes_mend").click().run()
    assert not app.error
    assert report(from_link(settings(app).stack)[0]).problem is None
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
    stack, problems = from_link(settings(app).stack)
    assert not problems
    assert 1 <= len(stack.layers) <= MAX_LAYERS
    assert len("\n".join(element.value for element in app.info).splitlines()) >= 4
    for element in app.info:
        # What stands between backticks cannot act as markup.
        written = re.sub("`[^`]*`", "", element.value)
        assert "<" not in written
        assert "](" not in written
    widget(app, "toggle", "ask").set_value(True).run()
    assert not app.exception


def test_two_stacks_in_one_link(open_page) -> None:
    app = open_page("shapes", stack=[to_link(PRESETS["imdb_gru"]), "x"])
    assert from_link(settings(app).stack)[0] == PRESETS["imdb_gru"]
    assert "2" in app.info[0].value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_a_worker_our_own_rules_answer(open_page, monkeypatch, lang: str) -> None:
    def nobody(*_question, timeout):
        answer: Future = Future()
        answer.set_exception(RuntimeError("no worker"))
        return answer

    monkeypatch.setattr(keras, "ask", nobody)
    app = open_page("shapes", lang, stack=to_link(PRESETS["stacked_simple_rnn"]), prove="yes")
    assert "**328,320**" in said(app)
    sentence = "Keras could not be asked: no worker answers at the moment. What our own rules say still holds."
    assert [i.value for i in app.info] == [catalogue(lang).gettext(sentence)] * 2
    take_example(app, "imdb_lstm")
    assert not app.exception


def test_while_the_worker_is_silent_the_page_is_whole(open_page, monkeypatch) -> None:
    monkeypatch.setattr(keras, "ask", lambda *_question, timeout: Future())
    monkeypatch.setattr(keras, "SOON", 0.0)
    app = open_page("shapes", prove="yes")
    assert "Asking Keras; its worker is still starting or busy …" in said(app)
    take_example(app, "embedding_simple_rnn_sequences")
    assert "**322,080**" in said(app)
    assert not app.exception


def test_a_cluster_that_cannot_be_reached_is_named_without_waiting_for_it(open_page, monkeypatch) -> None:
    monkeypatch.setattr(keras, "ask", lambda *_question, timeout: Future())
    monkeypatch.setattr(keras, "SOON", 0.0)
    monkeypatch.setattr(keras, "trainer", lambda: SimpleNamespace(status=SimpleNamespace(code="unreachable")))
    app = open_page("shapes")
    assert "Keras could not be asked" in app.info[0].value


def test_a_real_batch_is_shown_only_on_demand(open_page) -> None:
    app = open_page("shapes", stack="emb.10x4_lstm.2")
    assert "tuple of 3" not in said(app)
    widget(app, "toggle", "prove").set_value(True).run()
    assert link(app)["prove"] == "on"
    assert (
        "**equals** the output without `return_sequences`: the largest difference in the whole batch is **0**"
        in said(app)
    )
    returned = "a tuple of 3: `[0]` **output** (2, 2) · `[1]` **h** (2, 2) = `output[:, :]` · `[2]` **c** (2, 2)"
    assert returned in said(app)
    assert "Keras never returns it per timestep" in said(app)


def test_the_layer_looked_into_is_chosen_and_another_stack_begins_with_its_last(open_page) -> None:
    app = open_page("shapes", stack="emb.10x4_gru.4.seq_lstm.2", prove="on")
    assert widget(app, "button_group", "stack.look").value == 1
    assert "`c`, the carry" in said(app)
    widget(app, "button_group", "stack.look").set_value(0).run()
    assert "Only an LSTM has a second state" in said(app)
    take_example(app, "imdb_lstm")
    assert widget(app, "button_group", "stack.look").value == 0
    assert "`c`, the carry" in said(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_ask_me_first_hides_the_answer_and_names_the_mistake(open_page, lang: str) -> None:
    app = open_page("shapes", lang, stack="emb.10000x32_lstm.64")
    assert "**344,832**" in said(app)
    widget(app, "toggle", "ask").set_value(True).run()
    assert link(app)["ask"] == "on"
    assert "344,832" not in said(app)
    assert "(2, 64)" not in said(app) + str(elements(app, "shapes_flow"))
    blank(app, "shape").set_value("(batch, timesteps, 64)").run()
    blank(app, "count").set_value("24,576").run()
    assert feedback("kept_time", lang) in said(app)
    assert feedback("no_bias", lang, missing=256) in said(app)
    blank(app, "shape").set_value("2, 64").run()
    assert feedback("right", lang) in said(app)
    assert "344,832" not in said(app)
    blank(app, "count").set_value("24 832").run()
    assert "**344,832**" in said(app)
    assert "(2, 64)" in str(elements(app, "shapes_flow"))
    assert not app.exception


def test_what_cannot_be_read_as_a_guess_is_said(open_page) -> None:
    app = open_page("shapes", ask="on")
    blank(app, "shape").set_value("<b>").run()
    blank(app, "count").set_value("many").run()
    assert "please write a shape" in said(app)
    assert "please write a whole number" in said(app)
    assert "<b>" not in said(app)
    app.button(key="written_reveal").click().run()
    assert "**322,080**" in said(app)
    app.button(key="shapes_another").click().run()
    assert "**?**" in said(app)
    assert blank(app, "shape").value == ""


def test_of_an_impossible_stack_nothing_is_asked(open_page) -> None:
    app = open_page("shapes", stack=to_link(PRESETS["mistake_no_sequences"]), ask="on")
    assert app.error
    assert not app.text_input
    app.button(key="shapes_another").click().run()
    assert not app.error
    assert len(app.text_input) == 2


@pytest.mark.parametrize("seed", range(30))
def test_every_question_is_a_stack_that_keras_accepts(seed: int) -> None:
    assert report(stack_to_guess(seed)).problem is None


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_downloaded_holds_the_lines_of_the_page(name: str) -> None:
    stack = PRESETS[name]
    chosen = Settings(to_link(stack), batch=2, timesteps=6, prove=False, ask=False)
    cells = pieces(chosen, {"title": "# A stack", "batch": "A batch"})
    through = batch_lines(stack, 2, 6)
    for lines in filter(None, (model_lines(stack, numpy=bool(through)), through)):
        assert as_code(lines).strip() in as_script(cells)
    assert as_notebook(cells)


def test_the_default_is_the_articles_first_model() -> None:
    assert PRESETS["embedding_simple_rnn"] == DEFAULT
