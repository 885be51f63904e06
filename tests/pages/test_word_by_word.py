"""The page on which networks read a review, word by word."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.parts.word_by_word import networks
from pages.parts.word_by_word.settings import CHARACTERS, WORDS
from pages.parts.word_by_word.texts import TEXTS
from rnn_core.cells.registry import CELLS
from rnn_core.charts.scene import short
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.network import BAG_OF_WORDS, NETWORKS
from rnn_core.models.review_networks import review_networks
from rnn_core.models.trained import NotANetwork, Trained
from rnn_core.models.verdict import left_out, reading, saliency
from rnn_core.numbers import percent
from rnn_core.tasks import TASKS
from rnn_core.training.spec import TrainingSpec
from tests.pages.conftest import elements, go_to, link, settings, shown, widget
from tests.pages.trained import SPEC, trained
from tests.pages.visitor import Visitor

LANGS = ["en", "zh"]
REVIEWS = TrainingSpec(task="small_reviews", cell="gru", units=5, length=18, samples=100)
LONG = "this film is brilliant , " * 30


@pytest.fixture
def store(trainer):
    """The pages' run store, empty."""
    return trainer.store


# What stands on the page, by the networks themselves; nothing of it goes through the page's code.


def tokens_of(lang: str, words: list[str]) -> np.ndarray:
    symbols = TASKS[review_networks(lang)["lstm"].network.task].symbols
    return np.array([symbols.index(word) for word in words])


def probabilities(lang: str, name: str, words: list[str], epoch: int | None = None) -> np.ndarray:
    """P(positive) before the first word and after each, with silence in front to 24 timesteps or more."""
    tokens = tokens_of(lang, words)
    row = np.concatenate([np.zeros(max(24 - len(tokens), 0), int), tokens])
    network = review_networks(lang)[name]
    judge = network.at(network.epochs[-1] if epoch is None else epoch)
    return reading(judge, row).probabilities[len(row) - len(tokens) :]


def marks(page, key: str = "verdict") -> list[dict]:
    return elements(page, key)[0]["marks"]


def texts(page, key: str = "verdict") -> list[str]:
    return [mark["s"] for mark in marks(page, key) if mark["k"] == "text" and mark["s"]]


def curves(page) -> list[str]:
    """The curves that are drawn, of all networks in each row."""
    return [m["d"] for m in marks(page) if m["k"] == "path" and "-dash" in m["c"] and "L" in m["d"]]


def pale(page) -> list[str]:
    """The curves of the text before its edit."""
    return [m["d"] for m in marks(page) if m["k"] == "path" and m["c"].split() in [[n, "faint"] for n in NETWORKS]
            and m["d"]]  # fmt: skip


def tips(page) -> list[str]:
    """What stands under the pointer on each word."""
    return [m["tip"] for m in marks(page) if m.get("pick", "").startswith("word:")]


def choose(page, name: str) -> None:
    """Take one of the ready reviews."""
    next(w for w in page.selectbox if w.key.startswith("ready_")).set_value(name).run()


def words_of(page) -> list[str]:
    drawn = marks(page)
    return [after["s"] for m, after in pairwise(drawn) if m.get("pick", "").startswith("word:")]


def transport(page) -> dict:
    return elements(page, "transport")[0]


# ---------------------------------------------------------------------------------------------- it opens, and counts


@pytest.mark.parametrize(("lang", "name"), list(product(LANGS, TEXTS)))
def test_each_ready_review_opens_and_is_judged_as_the_networks_do(open_page, lang: str, name: str) -> None:
    page = open_page("word_by_word", lang, ask="off")
    choose(page, name)
    assert not page.exception
    words = TEXTS[name][lang].split()
    assert words_of(page) == words
    assert transport(page)["last"] == len(words)
    read = words[-24:] if name == "cut" else words
    go_to(page, len(words))
    for network in NETWORKS:
        after = probabilities(lang, network, read)
        share = catalogue(lang).gettext("{share} positive").format(share=percent(float(after[-1])))
        assert share in texts(page)
        assert f"**{percent(float(after[-1]))}**" in shown(page)


@pytest.mark.parametrize(("lang", "cell"), list(product(LANGS, NETWORKS)))
def test_each_word_says_before_and_after_as_the_network_that_is_looked_at(open_page, lang: str, cell: str) -> None:
    page = open_page("word_by_word", lang, ask="off", cell=cell)
    words = TEXTS["contrast"][lang].split()
    after = probabilities(lang, cell, words)
    assert len(tips(page)) == len(words)
    for i, (word, tip) in enumerate(zip(words, tips(page), strict=True)):
        assert tip.startswith(word)
        assert f"{percent(float(after[i]))} → {percent(float(after[i + 1]))}" in tip
    go_to(page, 3)
    assert elements(page, "verdict")[0]["stamp"] == "t=3"
    for name in NETWORKS:
        assert percent(float(probabilities(lang, name, words)[3])) in "\n".join(texts(page))
    assert bool(elements(page, "gates")) == (cell != BAG_OF_WORDS)


def test_the_curve_stands_where_the_probabilities_are(open_page) -> None:
    page = open_page("word_by_word", ask="off", beside="gru", cell="gru", text="the plot is dull")
    after = probabilities("en", "gru", ["the", "plot", "is", "dull"])
    (curve,) = [d for d in curves(page) if d.count("L") == 4]
    heights = np.array([float(point.split()[1]) for point in curve.removeprefix("M").split("L")])
    (ground,) = [m for m in marks(page) if m["k"] == "rect" and m["c"] == "panel"]
    np.testing.assert_allclose(1 - (heights - ground["y"]) / ground["h"], after, atol=1e-3)


def test_what_each_word_did_is_measured_in_three_ways(open_page) -> None:
    page = open_page("word_by_word", ask="off", t="12", cell="lstm")
    words = TEXTS["contrast"]["en"].split()
    row = np.concatenate([np.zeros(12, int), tokens_of("en", words)])
    network = review_networks("en")["lstm"]
    judge = network.at(network.epochs[-1])
    said = "\n".join(texts(page, "beside"))
    for numbers in (reading(judge, row).steps, left_out(judge, row), saliency(judge, row).signed):
        number, largest = short(float(numbers[-1])), short(float(np.abs(numbers[12:]).max()))
        assert f"{number}, largest {largest}" in said


def test_leaving_out_each_of_many_words_is_measured_on_request(open_page) -> None:
    page = open_page("word_by_word", ask="off", text=LONG)
    assert "not measured yet" in texts(page, "beside")
    page.button(key="measure").click().run()
    assert not page.exception
    assert "not measured yet" not in texts(page, "beside")
    assert not [button for button in page.button if button.key == "measure"]


# ------------------------------------------------------------------------------------------------ predict, then reveal


def guesses(page) -> dict[str, str]:
    return {b.key.rpartition("_")[2]: b.label for b in page.button if b.key.startswith("guess_words")}


@pytest.mark.parametrize(("lang", "name"), list(product(LANGS, sorted(set(TEXTS) - {"twin", "forgotten"}))))
def test_the_word_that_moves_the_lstm_furthest_is_asked(open_page, lang: str, name: str) -> None:
    page = open_page("word_by_word", lang, text=TEXTS[name][lang], whole="off" if name == "cut" else "on")
    words = TEXTS[name][lang].split()
    lost = max(len(words) - 24, 0) if name == "cut" else 0
    steps = np.diff(_scores(lang, words[lost:]))
    best = lost + int(np.abs(steps).argmax())
    asked = guesses(page)
    assert len(set(asked.values())) == len(asked) >= 4
    assert asked[f"w{best}"] == words[best]
    page.button(key=next(b.key for b in page.button if b.key.endswith(f"_w{best}"))).click().run()
    assert not page.exception
    assert catalogue(lang).gettext("As predicted") in shown(page)
    assert settings(page).t == len(words)


def _scores(lang: str, words: list[str]) -> np.ndarray:
    row = np.concatenate([np.zeros(max(24 - len(words), 0), int), tokens_of(lang, words)])
    network = review_networks(lang)["lstm"]
    return reading(network.at(network.epochs[-1]), row).scores[len(row) - len(words) :]


def test_before_the_answer_no_curve_and_no_number_is_shown(open_page) -> None:
    page = open_page("word_by_word")
    assert curves(page) == []
    assert texts(page).count("?") == 4
    assert tips(page) == TEXTS["contrast"]["en"].split()
    assert not elements(page, "beside")
    assert not elements(page, "gates")
    assert elements(page, "numbers_ahead")[0]["pictures"] == []
    assert transport(page)["waits"] is True
    assert "begins at" not in shown(page)
    assert "In the end" not in shown(go_to(page, 12))
    assert "superb" not in shown(page), "the answer is told by no sentence"
    page.button(key=next(b.key for b in page.button if b.key.startswith("guess_words"))).click().run()
    assert len(curves(page)) == 4 * len({m["y"] for m in marks(page) if m["k"] == "rect" and m["c"] == "panel"})
    assert transport(page)["waits"] is False


def test_the_twin_asks_which_network_knows_no_order(open_page) -> None:
    page = open_page("word_by_word", text=TEXTS["twin"]["en"])
    key = next(b.key for b in page.button if b.key.startswith("guess_words") and b.key.endswith(f"_{BAG_OF_WORDS}"))
    page.button(key=key).click().run()
    ends = [probabilities("en", BAG_OF_WORDS, TEXTS[name]["en"].split())[-1] for name in ("contrast", "twin")]
    np.testing.assert_allclose(*ends, rtol=1e-6)
    assert "that is right" in shown(page)
    assert f"{percent(float(ends[0]))} positive for both" in shown(page)


@pytest.mark.parametrize("asked", [{"ask": "off"}, {"text": "a good film"}, {"epoch": "0"}])
def test_who_does_not_want_to_be_asked_or_has_typed_sees_all_at_once(open_page, asked: dict[str, str]) -> None:
    page = open_page("word_by_word", **asked)
    assert curves(page)
    assert not guesses(page)


# ------------------------------------------------------------------------------------------------------ step and click


def test_play_and_step_lead_through_the_words_and_each_is_sent_ahead(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="1")
    assert (transport(page)["t"], transport(page)["last"]) == (1, 4)
    (ahead,) = elements(page, "numbers_ahead")[0]["pictures"]
    go_to(page, 2)
    assert elements(page, "verdict")[0] == ahead
    go_to(page, 10**6)
    assert settings(page).t == 4
    assert elements(page, "numbers_ahead")[0]["pictures"] == []


def test_the_sentence_beside_the_curve_tells_the_word_that_was_read(open_page) -> None:
    page = open_page("word_by_word", ask="off")
    words = TEXTS["contrast"]["en"].split()
    after = probabilities("en", "lstm", words)
    assert f"begins at {percent(float(after[0]))} positive" in shown(page)
    for t in range(1, len(words) + 1):
        said = shown(go_to(page, t))
        figures = percent(float(after[t])), percent(float(after[t - 1]))
        assert "After `{}` **LSTM** says **{}** positive; before it said {}.".format(words[t - 1], *figures) in said
        assert ("tips the verdict" in said) == ((after[t] > 0.5) != (after[t - 1] > 0.5))


def visit(**asked: str) -> Visitor:
    page = Visitor("word_by_word", **{"lang": "en", "ask": "off"} | asked)
    assert not page.app.exception
    return page


def pick(page: Visitor, mark: str, key: str = "verdict") -> None:
    page.tell("picture", "pick", mark, key)
    assert not page.app.exception


@pytest.mark.parametrize("key", ["verdict", "beside"])
def test_a_click_on_a_word_goes_there(key: str) -> None:
    page = visit()
    pick(page, "word:7", key)
    assert settings(page.app).t == 8
    assert "After `but`" in shown(page.app)


def test_a_click_on_a_network_shows_its_words_and_reasons() -> None:
    page = visit(t="5")
    for name in ("gru", BAG_OF_WORDS, "lstm"):
        pick(page, f"network:{name}")
        assert (settings(page.app).cell, settings(page.app).t) == (name, 5)
        control = next(w for w in page.widgets("button_group") if w.key.startswith("cell-"))
        assert page.value(control) == catalogue("en").gettext({"gru": "GRU", "lstm": "LSTM"}.get(name, "bag of words"))


@pytest.mark.parametrize("mark", ["word:", "word:-1", "word:x", "word:٣", "network:cnn", "network:", "<b>", "cell:gru"])
def test_a_forged_pick_does_nothing(mark: str) -> None:
    page = visit(t="2")
    before = settings(page.app)
    pick(page, mark)
    assert settings(page.app) == before


def test_a_click_beyond_the_last_word_is_a_click_on_the_last() -> None:
    page = visit(text="the plot is dull")
    pick(page, "word:9999999999")
    assert settings(page.app).t == 4


# ------------------------------------------------------------------------------------------------------------- editing


def press(page, key: str):
    page.button(key=key).click().run()
    assert not page.exception
    return page


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_edited_is_read_anew_and_the_curves_of_before_stay_pale(open_page, lang: str) -> None:
    start = {"en": "the plot is dull", "zh": "剧情 很 无聊"}[lang].split()
    negation = {"en": "not", "zh": "不"}[lang]
    page = open_page("word_by_word", lang, ask="off", text=" ".join(start), t=str(len(start)))
    assert not pale(page)
    press(page, "insert_not")
    expected = [*start[:-1], negation, start[-1]]
    assert settings(page).text.split() == words_of(page) == expected
    assert settings(page).before.split() == start
    assert len(pale(page)) == 4
    go_to(page, len(expected))
    for name in NETWORKS:
        assert percent(float(probabilities(lang, name, expected)[-1])) in "\n".join(texts(page))
    press(page, "undo")
    assert words_of(page) == start
    assert not pale(page)
    assert page.button(key="undo").disabled


def test_the_pale_curve_stands_where_the_curve_was_before_the_edit(open_page) -> None:
    page = open_page("word_by_word", ask="off", beside="gru", cell="gru", text="the plot is not dull",
                     before="the plot is dull")  # fmt: skip
    before = probabilities("en", "gru", ["the", "plot", "is", "dull"])
    (line,) = pale(page)
    heights = np.array([float(point.split()[1]) for point in line.removeprefix("M").split("L")])
    (ground,) = [m for m in marks(page) if m["k"] == "rect" and m["c"] == "panel"]
    np.testing.assert_allclose(1 - (heights - ground["y"]) / ground["h"], before, atol=1e-3)


@pytest.mark.parametrize("lang", LANGS)
def test_the_simple_rnn_has_forgotten_the_negation_and_the_gated_cells_have_not(open_page, lang: str) -> None:
    page = open_page("word_by_word", lang, text=TEXTS["forgotten"][lang])
    words = TEXTS["forgotten"][lang].split()
    negation = next(word for word in words if word in ("not", "不是"))
    assert list(guesses(page).values()) == [CELLS[cell].label for cell in CELLS]
    page.button(key=next(b.key for b in page.button if b.key.endswith("_simple_rnn"))).click().run()
    assert catalogue(lang).gettext("As predicted") in shown(page)
    assert settings(page).t == len(words)
    without = [word for word in words if word != negation]
    for cell in CELLS:
        ends = [probabilities(lang, cell, read)[-1] for read in (words, without)]
        assert (ends[0] > 0.5) == (cell == "simple_rnn")
        assert ends[1] > 0.5


def test_what_is_left_of_a_word_is_the_verdict_with_it_less_that_without_it(open_page) -> None:
    words = TEXTS["forgotten"]["en"].split()
    page = open_page("word_by_word", ask="off", text=" ".join(words), t="4", beside="", cell="gru")
    network = review_networks("en")["gru"]
    row = np.concatenate([np.zeros(24 - len(words), int), tokens_of("en", words)])
    at = 24 - len(words) + 3
    scores = [reading(network.at(network.epochs[-1]), tokens).scores for tokens in (row, np.delete(row, at))]
    left = scores[0][at + 1 :] - scores[1][at:]
    (scene,) = elements(page, "left")
    (line,) = [m["d"] for m in scene["marks"] if m["k"] == "path" and "gru-dash" in m["c"] and "L" in m["d"]]
    heights = np.array([float(point.split()[1]) for point in line.removeprefix("M").split("L")])
    (ground,) = [m for m in scene["marks"] if m["k"] == "rect" and m["c"] == "panel"]
    drawn = 1 - (heights - ground["y"]) / ground["h"]
    np.testing.assert_allclose((drawn - 0.5) * 2 * np.abs(left).max(), left, atol=0.2)
    assert "GRU **1%** (without: >99%)" in shown(page)
    assert "Every verdict hangs on it." in shown(page)
    assert "No verdict hangs on it." in shown(go_to(page, 10)), "the word that was read last is meant"


def test_of_a_word_that_is_not_read_nothing_is_left(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the qwxz is dull", t="2")
    assert not page.exception
    assert not elements(page, "left")


def test_a_verdict_on_no_word_is_said_to_be_one_on_padding(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="qwxz zzkq", t="2")
    assert "It has read no word: its verdict is its answer to 24 zeros of padding." in shown(page)
    assert "in the end" not in shown(page)


def test_an_edit_is_told_in_the_networks_answers(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="4")
    press(page, "insert_not")
    for name in ("lstm", "gru"):
        ends = [percent(float(probabilities("en", name, text.split())[-1]))
                for text in ("the plot is dull", "the plot is not dull")]  # fmt: skip
        assert f"{CELLS[name].label} {ends[0]} → **{ends[1]}**" in shown(page)


def test_what_was_typed_is_read_on_by_the_networks_that_know_its_words(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull")
    page.button_group(key="language_en").set_value("zh").run()
    assert settings(page).corpus == "en"
    assert words_of(page) == ["the", "plot", "is", "dull"]


def test_swap_leave_out_and_replace_change_the_word_that_was_read_last(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="2")
    press(page, "swap")
    assert words_of(page) == ["the", "is", "plot", "dull"]
    press(page, "leave_out")
    assert words_of(page) == ["the", "plot", "dull"]
    assert settings(page).before == "the is plot dull", "one step back"
    box = next(w for w in page.text_input if w.key.startswith("edit_"))
    assert box.value == "plot"
    box.set_value("ending").run()
    assert words_of(page) == ["the", "ending", "dull"]
    box = next(w for w in page.text_input if w.key.startswith("edit_"))
    box.set_value("   ").run()
    assert words_of(page) == ["the", "dull"], "an emptied box leaves the word out"


def test_edits_are_taken_back_one_by_one(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="2")
    for key in ("swap", "leave_out", "insert_not"):
        press(page, key)
    for before, words in (("the is plot dull", "the plot dull"), ("the plot is dull", "the is plot dull")):
        press(page, "undo")
        assert (" ".join(words_of(page)), settings(page).before) == (words, before)
    press(page, "undo")
    assert (" ".join(words_of(page)), settings(page).before) == ("the plot is dull", "")
    assert page.button(key="undo").disabled
    press(page, "swap")
    widget(page, "text_input", "text").set_value("superb film").run()
    press(go_to(page, 1), "leave_out")
    press(page, "undo")
    assert words_of(page) == ["superb", "film"]
    assert page.button(key="undo").disabled, "what was typed in between is no edit"


def test_curves_can_be_put_away_but_not_that_of_the_network_shown(open_page) -> None:
    page = open_page("word_by_word", ask="off")
    widget(page, "button_group", "beside").set_value(["gru"]).run()
    drawn = {m["pick"] for m in marks(page) if m.get("pick", "").startswith("network:")}
    assert drawn <= {"network:gru", "network:lstm"}
    assert link(page)["beside"] == "gru"


def test_there_is_nothing_to_edit_before_the_first_word_nor_to_swap_at_the_last(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="superb film")
    keys = ("insert_not", "swap", "leave_out", "undo")
    assert all(page.button(key=key).disabled for key in keys)
    go_to(page, 2)
    assert [page.button(key=key).disabled for key in keys] == [False, True, False, True]
    press(go_to(page, 1), "leave_out")
    assert page.button(key="leave_out").disabled, "a last word stays"


# -------------------------------------------------------------------------------------------------------- what is typed

SENTENCE = {
    "no_words": "There is no word here yet.", "none_known": "The network knows none of these words",
    "left_out": "The network has never seen some of these words", "text_cut": "Only the first",
}  # fmt: skip
TYPED = [
    (" ... ", (), ()), ("🎬🎬 superb 👩\u200d👧", ("🎬🎬", "superb", "👩\u200d👧"), ("left_out",)),
    ("qwxy zyxq", ("qwxy", "zyxq"), ("none_known",)), ("مرحبا superb فيلم", ("مرحبا", "superb", "فيلم"), ("left_out",)),
    ("\u202esuperb\u202c film", ("superb", "film"), ()), ("superb\x00 \x07film", ("superb", "film"), ()),
    ("ＳＵＰＥＲＢ Film", ("superb", "film"), ()),
    ("<script>alert(1)</script> superb", ("script", "alert", "1", "script", "superb"), ("left_out",)),
    ("![x](http://x.invalid/y.png) superb", None, ("left_out",)), ("superb `x` $x$ :red[x]", None, ("left_out",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "told"), TYPED, ids=lambda value: ascii(value)[:30])
def test_whatever_is_typed_is_read_as_words_and_nothing_of_it_acts_as_markup(open_page, text, words, told) -> None:
    page = open_page("word_by_word", ask="off")
    box = widget(page, "text_input", "text")
    box.set_value(text).run()
    assert not page.exception
    if words is not None:
        assert tuple(words_of(page)) == words
    for code in told:
        assert SENTENCE[code] in shown(page)
    for t in range(transport(page)["last"] + 1):
        said = shown(go_to(page, t))
        assert not page.exception
        told_plainly = said.split("`")[::2]  # what does not stand between backticks
        for typed in ("<script", "](http", ":red", "$x", "qwxy", "🎬", "مرحبا"):
            assert not any(typed in part for part in told_plainly)
        assert said.count("`") % 2 == 0
    for node in [*page.markdown, *page.caption]:
        assert not node.proto.allow_html or "<script" not in node.value


def test_an_empty_line_is_the_first_ready_review(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="superb")
    widget(page, "text_input", "text").set_value("").run()
    assert words_of(page) == TEXTS["contrast"]["en"].split()


def test_a_surrogate_that_stands_alone_is_one_unknown_word() -> None:
    reader = networks.readers_of(settings(visit().app))["lstm"]
    found = networks.judged(reader, "\ud800 superb", True)
    assert found.text.words == ("\ufffd", "superb")
    assert found.text.unknown == {0}


@pytest.mark.parametrize("whole", ["on", "off"])
def test_of_a_hundred_thousand_words_the_first_are_read(open_page, whole: str) -> None:
    page = open_page("word_by_word", ask="off", whole=whole)
    widget(page, "text_input", "text").set_value("superb dull " * 50_000).run()
    assert not page.exception
    assert len(settings(page).text) <= CHARACTERS
    assert transport(page)["last"] == WORDS
    assert f"Only the first {WORDS} words are read" in shown(page)
    assert not go_to(page, WORDS).exception


def test_a_word_without_end_is_shown_shortened(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="x" * 5000, t="1")
    (word,) = words_of(page)
    assert len(word) == 40


def test_unknown_words_are_outlined_and_leave_the_curve_as_it_was(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot qwxy is superb", t="3")
    outlined = [m["pick"] for m in marks(page) if m["k"] == "rect" and "unknown" in m["c"] and m.get("pick")]
    assert outlined == ["word:2"]
    assert "`qwxy` is not in its vocabulary: **LSTM** does not read it." in shown(page)
    known = probabilities("en", "lstm", ["the", "plot", "is", "superb"])
    assert percent(float(known[2])) in "\n".join(texts(page))
    assert percent(float(known[-1])) in "\n".join(texts(go_to(page, 5)))


# ------------------------------------------------------------------------------------------------------------ long text


def test_a_long_text_is_read_whole_or_cut_as_in_training(open_page) -> None:
    words = TEXTS["cut"]["en"].split()
    page = open_page("word_by_word", ask="off", text=" ".join(words), t=str(len(words)))
    assert percent(float(probabilities("en", "lstm", words)[-1])) in "\n".join(texts(page))
    assert "cut away" not in shown(page)
    widget(page, "toggle", "whole").set_value(False).run()
    assert not page.exception
    lost = len(words) - 24
    assert f"{lost} words were cut away at the front" in shown(page)
    struck = [m for m in marks(page) if m.get("pick", "").startswith("word:") and "cut away: not read" in m["tip"]]
    assert [m["pick"] for m in struck] == [f"word:{i}" for i in range(lost)]
    assert percent(float(probabilities("en", "lstm", words[-24:])[-1])) in "\n".join(texts(page))
    assert f"`{words[0]}` was cut away: **LSTM** reads the last 24 words only." in shown(go_to(page, 1))
    press(page, "read_all")
    assert settings(page).whole
    assert "cut away" not in shown(page)


def test_the_last_words_stay_however_long_the_text(open_page) -> None:
    page = open_page("word_by_word", ask="off", text=LONG.strip(), whole="off", t="150")
    assert "126 words were cut away" in shown(page)
    assert percent(float(probabilities("en", "gru", LONG.split()[-24:])[-1])) in "\n".join(texts(page))


# ------------------------------------------------------------------------------------------------- epochs; trainings


def test_the_slider_shows_each_network_as_it_was_after_an_epoch() -> None:
    page = visit(t="12")
    words = TEXTS["contrast"]["en"].split()
    (sent,) = elements(page.app, "lapse")
    assert [stop["epoch"] for stop in sent["stops"]] == list(review_networks("en")["lstm"].epochs)
    for number, epoch in enumerate(np.array(review_networks("en")["lstm"].epochs)[[0, 4, -1]].tolist()):
        page.tell("lapse", "go", {"to": epoch, "asking": number + 1})
        for name in NETWORKS:
            after = probabilities("en", name, words, epoch)
            assert percent(float(after[-1])) in "\n".join(texts(page.app))
    assert "epoch" not in link(page.app)


def test_an_epoch_of_a_link_is_the_nearest_that_was_kept_and_is_said(open_page) -> None:
    kept = review_networks("en")["lstm"].epochs
    missing = next(epoch for epoch in range(kept[-1]) if epoch not in kept)
    page = open_page("word_by_word", epoch=str(missing), t="12")
    shown_epoch = settings(page).epoch
    assert abs(shown_epoch - missing) == min(abs(epoch - missing) for epoch in kept)
    assert str(missing) in page.info[0].value
    after = probabilities("en", "lstm", TEXTS["contrast"]["en"].split(), shown_epoch)
    assert percent(float(after[-1])) in "\n".join(texts(page))
    assert not open_page("word_by_word", epoch=str(kept[-1])).info


@pytest.mark.parametrize("lang", LANGS)
def test_the_network_of_a_training_reads_in_place_of_the_pages_own(open_page, store, lang: str) -> None:
    run = trained(store, REVIEWS, kept=(0, 2, 5))
    page = open_page("word_by_word", lang, run=run, text="the plot is dull", t="4")
    assert not page.warning
    assert not guesses(page)
    assert words_of(page) == ["the", "plot", "is", "dull"]
    assert elements(page, "gates")
    assert [stop["epoch"] for stop in elements(page, "lapse")[0]["stops"]] == [0, 2, 5]
    tokens = tokens_of("en", ["the", "plot", "is", "dull"])
    judge = Trained.from_arrays(REVIEWS.network, store.weights(run))
    after = reading(judge, np.concatenate([np.zeros(14, int), tokens])).probabilities
    assert percent(float(after[-1])) in "\n".join(texts(page))
    press(page, "leave_network")
    assert settings(page).run == ""
    assert len({m["pick"] for m in marks(page) if m.get("pick", "").startswith("network:")}) == 3


def test_a_bag_of_words_that_was_trained_has_a_verdict_too(open_page, store) -> None:
    spec = replace(REVIEWS, cell="bag_of_words")
    run = trained(store, spec, kept=(0, 3))
    page = open_page("word_by_word", run=run, text="the plot is dull", t="4")
    assert not page.warning
    judge = BagOfWords.from_arrays(spec.network, store.weights(run))
    after = reading(judge, np.concatenate([np.zeros(14, int), tokens_of("en", words_of(page))])).probabilities
    assert percent(float(after[-1])) in "\n".join(texts(page))
    assert not elements(page, "gates"), "it has none"


def test_a_network_that_has_learnt_english_reads_english_on_the_chinese_page(open_page, store) -> None:
    page = open_page("word_by_word", "zh", run=trained(store, REVIEWS), t="3")
    assert words_of(page) == TEXTS["contrast"]["en"].split()
    assert "not" in page.button(key="insert_not").label
    press(page, "leave_network")
    assert words_of(page) == TEXTS["contrast"]["zh"].split()


def test_a_training_in_both_directions_is_read_too(open_page, store) -> None:
    spec = replace(REVIEWS, cell="lstm", bidirectional=True, layers=2)
    page = open_page("word_by_word", run=trained(store, spec), text="the plot is dull", t="2")
    assert not page.warning
    assert "After `plot`" in shown(page)


def test_a_training_without_kept_epochs_says_why_there_is_no_slider(open_page, store) -> None:
    page = open_page("word_by_word", run=trained(store, REVIEWS))
    assert not page.warning
    assert not elements(page, "lapse")


@pytest.mark.parametrize("lang", LANGS)
def test_a_training_that_reads_no_reviews_is_told_and_the_page_goes_on(open_page, store, lang: str) -> None:
    page = open_page("word_by_word", lang, run=trained(store, SPEC), ask="off")
    (said,) = page.warning
    assert said.value == catalogue(lang).gettext(NotANetwork("no_reviews").sentence)
    assert settings(page).run == ""
    assert curves(page)


def test_a_training_that_left_no_weights_is_told(open_page, store) -> None:
    (run,) = store.create([REVIEWS], "somebody", "test")
    submission = store.hand_over(store.get(run), "test")
    begun = store.begin(store.get(run), submission, 0, "worker")
    store.write(run, begun.attempt, {"state": "failed"})
    page = open_page("word_by_word", run=run, ask="off")
    (said,) = page.warning
    assert said.value == NotANetwork("left_nothing").sentence
    assert curves(page)


def test_a_run_that_there_is_not_is_told(open_page, store) -> None:
    page = open_page("word_by_word", run="nothing", ask="off")
    assert page.warning
    assert settings(page).run == ""


def test_keras_is_asked_about_the_text_that_stands_there_now() -> None:
    page = visit(text="the plot is dull", t="4")
    press_twin = next(w for w in page.widgets("button") if w.key == "twin")
    page.press(press_twin)
    assert not page.app.exception
    assert not [w for w in page.widgets("button") if w.key == "twin"]
    page.press(next(w for w in page.widgets("button") if w.key == "insert_not"))
    assert [w for w in page.widgets("button") if w.key == "twin"], "of the edited text nothing was asked"


def test_keras_gives_no_answer_away_before_the_guess(open_page) -> None:
    assert not [button for button in open_page("word_by_word").button if button.key == "twin"]


# --------------------------------------------------------------------------------------------------- languages, links


@pytest.mark.parametrize(("lang", "corpus"), [("en", "zh"), ("zh", "en")])
def test_reviews_of_the_other_language_can_be_read(open_page, lang: str, corpus: str) -> None:
    words = TEXTS["contrast"][corpus].split()
    page = open_page("word_by_word", lang, corpus=corpus, ask="off", t=str(len(words)))
    assert words_of(page) == words
    for name in NETWORKS:
        assert percent(float(probabilities(corpus, name, words)[-1])) in "\n".join(texts(page))


def test_with_the_language_of_the_reviews_begins_another_review(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="3")
    widget(page, "button_group", "corpus").set_value("zh").run()
    assert not page.exception
    assert words_of(page) == TEXTS["contrast"]["zh"].split()
    assert settings(page).t == 0


def test_a_ready_review_is_the_same_one_in_the_pages_other_language(open_page) -> None:
    page = open_page("word_by_word", "zh", ask="off", text=TEXTS["double"]["en"])
    assert words_of(page) == TEXTS["double"]["zh"].split()
    assert link(page)["text"] == TEXTS["double"]["zh"]
    kept = open_page("word_by_word", "zh", corpus="en", ask="off", text=TEXTS["double"]["en"])
    assert words_of(kept) == TEXTS["double"]["en"].split()


ALL = {
    "corpus": "zh", "text": "剧情 不 无聊", "before": "剧情 无聊", "whole": "off", "cell": "gru",
    "beside": "simple_rnn,gru", "epoch": "4", "t": "2", "speed": "4", "ask": "off",
}  # fmt: skip


def test_a_link_opens_to_what_it_was_copied_from(open_page) -> None:
    page = open_page("word_by_word", **ALL)
    assert not page.info
    assert link(page) == ALL
    again = open_page("word_by_word", **link(page))
    assert marks(again) == marks(page)
    assert link(open_page("word_by_word")) == {}


BAD = [
    {"corpus": "fr"}, {"cell": "cnn"}, {"beside": "cnn,gru"}, {"whole": "maybe"}, {"t": "-4"}, {"t": "nan"},
    {"epoch": "x"}, {"speed": "99"}, {"ask": "<b>"}, {"text": "x " * 9000},
]  # fmt: skip


@pytest.mark.parametrize("asked", BAD, ids=lambda asked: "-".join(asked)[:20])
def test_a_bad_value_of_a_link_is_said_and_the_page_opens(open_page, asked: dict[str, str]) -> None:
    page = open_page("word_by_word", **asked)
    assert len(page.info) == 1
    assert marks(page)
    assert "<b>" not in shown(page)


def test_a_step_beyond_the_last_word_is_the_last_word(open_page) -> None:
    page = open_page("word_by_word", ask="off", text="the plot is dull", t="400")
    assert settings(page).t == 4
    assert link(page)["t"] == "4"


def test_none_beside_still_shows_the_network_that_is_looked_at(open_page) -> None:
    page = open_page("word_by_word", ask="off", beside="", cell="gru")
    assert curves(page)
    assert {m["c"].split()[0] for m in marks(page) if m["k"] == "path" and "-dash" in m["c"]} == {"gru"}
