"""The page on what a network really sees."""

import base64
import re
from concurrent.futures import Future

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.parts.data import downloads, source
from pages.parts.data.settings import LONGEST, SMALL, SOURCES, legible
from rnn_core.cells.registry import CELLS
from rnn_core.charts.data.drift import figure
from rnn_core.explain.zeros import drift
from rnn_core.tasks.corpus import generated
from rnn_core.tasks.journey import embedded, journey
from tests.pages.conftest import elements, go_to, link, settings, shown, widget
from tests.tasks.test_corpus import small_imdb
from tests.tasks.test_imdb import keras_home, place

__all__ = ["keras_home", "place", "small_imdb"]


@pytest.fixture(autouse=True)
def without_imdb(trainer, keras_home) -> None:
    """No cluster is started, and IMDB is not here."""


def drawn(app) -> dict:
    return elements(app, "journey")[0]


def texts(app) -> list[str]:
    return [mark["s"] for mark in drawn(app)["marks"] if mark["k"] == "text"]


def vectors(app) -> np.ndarray:
    heat = next(mark for mark in drawn(app)["marks"] if mark["k"] == "heat")
    return np.frombuffer(base64.b64decode(heat["b64"]), "<f4").reshape(heat["rows"], heat["cols"])


def reviewed(review: int = 1, task: str = "small_reviews", num_words: int = 100, maxlen: int = 12, **more):
    corpus = generated(task)
    return journey(corpus.reviews[review - 1], corpus.rank, num_words=num_words, maxlen=maxlen, **more)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_journey_is_walked_station_by_station(open_page, lang: str) -> None:
    app = open_page("data", lang, ask="off")
    assert app.title[0].value == catalogue(lang).gettext("What does the network really see?")
    assert elements(app, "transport")[0]["last"] == 4
    sent = reviewed(task=SMALL[lang])
    for t in range(5):
        app = go_to(app, t)
        assert drawn(app)["stamp"] == f"t={t}"
        assert (sent.words[-1] in texts(app)) == (t >= 1)
        assert (str(sent.indices[3]) in texts(app)) == (t >= 2)
    np.testing.assert_array_equal(vectors(app)[:, sent.cut :].T, embedded(sent.row))
    for shape in (f"({sent.n - 1},)", f"({sent.n},)", "(1, 12)", "(1, 12, 8)"):
        assert shape in texts(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_that_the_default_keeps_the_last_words(open_page, lang: str) -> None:
    said = shown(open_page("data", lang, ask="off", t="3"))
    sent = reviewed(task=SMALL[lang])
    message = next(m for m in source_messages() if m.startswith("**The last {kept}"))
    filled = catalogue(lang).gettext(message).format(n=sent.n, kept=12, cut=sent.n - 12)
    assert filled in said
    other = shown(open_page("data", lang, ask="off", t="3", truncating="post"))
    assert filled not in other
    assert "pad_sequences" in other


def source_messages() -> list[str]:
    from tests.pages.test_language import messages

    return list(messages())


def test_each_control_changes_the_row(open_page) -> None:
    for chosen in ({"maxlen": "30"}, {"maxlen": "30", "padding": "post"}, {"truncating": "post"}, {"num_words": "20"}):
        app = open_page("data", ask="off", t="4", **chosen)
        numbers = {"maxlen": 12, "num_words": 100} | {k: int(v) for k, v in chosen.items() if v.isdecimal()}
        ends = {k: v for k, v in chosen.items() if k in ("padding", "truncating")}
        sent = reviewed(**numbers, **ends)
        known = vectors(app)[:, ~np.isnan(vectors(app)).all(axis=0)]
        rows = embedded(sent.row)
        assert all(any(np.array_equal(column, row) for row in rows) for column in known.T)
        assert f'maxlen={sent.maxlen}, padding="{sent.padding}", truncating="{sent.truncating}"' in " ".join(texts(app))
        assert f"(1, {sent.maxlen}, 8)" in texts(app)
        assert link(app) == {"ask": "off", "t": "4"} | chosen


def test_mask_zero_stands_in_the_code(open_page) -> None:
    assert "mask_zero=True" in " ".join(texts(open_page("data", mask="on")))
    assert "mask_zero=True" not in " ".join(texts(open_page("data")))


@pytest.mark.parametrize("token", [1, 5, 9])
def test_a_number_tells_its_way(open_page, token: int) -> None:
    app = open_page("data", ask="off", t="3", token=str(token))
    sent = reviewed()
    word, rank, index = sent.words[token - 1], sent.ranks[token - 1], int(sent.indices[token])
    told = next(m.value for m in app.markdown if f"`{word}`" in m.value)
    assert f"rank {rank}" in told
    assert f"**{index}**" in told
    place = sent.place(token)
    assert ("cut away" in told) if place is None else (f"place **{place + 1}** of 12" in told)


def test_the_shares_are_those_of_the_corpus(open_page) -> None:
    app = open_page("data", maxlen="16", num_words="60")
    corpus = generated("small_reviews")
    said = shown(app)
    for share in (corpus.reviews_cut(16), corpus.tokens_cut(16), corpus.words_unknown(60)):
        assert f"**{share:.0%}**" in said
    assert "maxlen 16" in [mark.get("s") for mark in elements(app, "lengths")[0]["marks"]]


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_drift_is_told_with_its_numbers(open_page, cell: str, padding: str) -> None:
    app = open_page("data", ask="off", maxlen="55", padding=padding, cell=cell)
    sent = reviewed(maxlen=55, padding=padding)
    found = drift(cell, embedded(sent.row), sent.is_padding)
    told = next(m.value for m in app.markdown if "zeros" in m.value and "fresh" in m.value and "**" in m.value)
    assert "40 zeros" in told
    for number in (found.after, found.whole):
        assert f" {figure(number)}" in told
        assert figure(number) in [mark.get("s") for mark in elements(app, "drift")[0]["marks"]]
    if found.share >= 0.01:
        assert f"**{found.share:.0%}**" in told


def test_a_full_row_can_be_given_zeros(open_page) -> None:
    app = open_page("data", ask="off")
    assert not elements(app, "drift")
    app.button(key="more_zeros").click().run()
    assert settings(app).maxlen == 15 + 40
    assert elements(app, "drift")


def test_which_words_survive_is_asked_before_it_is_shown(open_page) -> None:
    app = open_page("data", t="2")
    assert elements(app, "transport")[0]["waits"] is True
    guesses = {b.key.rpartition("_")[2]: b for b in app.button if (b.key or "").startswith("guess_data")}
    assert set(guesses) == {"pre", "post", "both"}
    guesses["post"].click().run()
    assert settings(app).t == 3
    assert "Right is: **the last 12**" in shown(app)
    assert not any((b.key or "").startswith("guess_data") for b in open_page("data", t="2", maxlen="40").button)


def test_what_the_zeros_do_is_asked_before_it_is_shown(open_page) -> None:
    app = open_page("data", maxlen="55", padding="post")
    assert not elements(app, "drift")
    sent = reviewed(maxlen=55, padding="post")
    share = drift("simple_rnn", embedded(sent.row), sent.is_padding).share
    right = "little" if share < 0.1 else "some" if share < 0.9 else "much"
    next(b for b in app.button if b.key.endswith(f"_{right}")).click().run()
    assert "that is right" in shown(app)
    assert elements(app, "drift")


def test_the_sentence_stands_above_the_question(open_page) -> None:
    app = open_page("data", t="2")
    said = [m.value for m in app.markdown]
    line = next(n for n, text in enumerate(said) if text.startswith("0 is kept for padding, 1 is the start"))
    assert "Predict" in said[line + 1]


def test_of_which_reviews_ranks_and_shares_are_is_said(open_page) -> None:
    for lang, text, size in (
        ("en", "a good film", "small reviews"), ("en", "这部电影不好看", "small reviews in Chinese"),
        ("zh", "", "条中文短评"),
    ):  # fmt: skip
        app = open_page("data", lang, ask="off", source="typed", text=text, t="2")
        told = [m.value for m in app.markdown if size in m.value and "2,000" in m.value]
        assert len(told) == (2 if text else 1), "with the shares, and with the ranks"
    typed = source.journey_of(settings(open_page("data", source="typed", text="这部电影不好看")))
    assert typed.ranks == tuple(generated("small_reviews_zh").rank.get(word, 0) for word in typed.words)


def test_what_a_slider_loses_stands_below_it(open_page) -> None:
    corpus = generated("small_reviews")
    for maxlen in (8, 16):
        (note,) = (slider["note"] for slider in elements(open_page("data", maxlen=str(maxlen)), "slider_maxlen"))
        assert f"{corpus.reviews_cut(maxlen):.0%} of the reviews" in note
        assert f"{corpus.tokens_cut(maxlen):.0%} of the tokens" in note


def test_chinese_reviews_are_read_by_word(open_page) -> None:
    app = open_page("data", "zh", ask="off", t="2", source="small_reviews_zh", review="2")
    assert set(reviewed(2, "small_reviews_zh").words) - set(texts(app)) == set()


@pytest.mark.parametrize(("text", "words"), [
    ("", []), ("😀 🎬", ["😀", "🎬"]), ("<script>alert(1)</script>", ["script", "alert", "1", "script"]),
    ("סרט טוב", ["סרט", "טוב"]), ("zzz qqq", ["zzz", "qqq"]), ("a\0b c", ["a", "b", "c"]), ("`**x**`", ["x"]),
    ("这部电影不好看", ["这部", "电影", "不", "好", "看"]), ("word " * 100_000, ["word"] * (LONGEST // 5)),
])  # fmt: skip
def test_whatever_is_typed_is_read_as_words(open_page, text: str, words: list[str]) -> None:
    app = open_page("data", ask="off", source="typed", t="2")
    widget(app, "text_input", "text").set_value(text).run()
    assert not app.exception
    held = settings(app)
    assert len(held.text) <= LONGEST
    assert list(source.words_of(held)) == words
    for t in range(5):
        app = go_to(app, t)
        assert not app.exception
        assert drawn(app)["marks"]
    said = "\n".join(m.value for m in app.markdown)
    assert "<script" not in said
    if not words:
        assert "There is no word in it" in shown(app)
        assert not elements(app, "drift"), "of a start alone, zeros would move several hundred per cent"


def test_a_typed_word_is_shown_as_code(open_page) -> None:
    app = open_page("data", ask="off", source="typed", t="2", text="[x](http://y) zzz", token="1")
    assert any(m.value.startswith("`") for m in app.markdown)
    assert not [m.value for m in app.markdown if re.search(r"\]\(http", m.value)]


def test_what_cannot_be_shown_is_left_out_of_a_text() -> None:
    assert legible("a\u202eb\0c\ud800 \n d") == ("a b c d", ())


def test_what_is_too_long_is_cut_and_that_is_said(open_page) -> None:
    long = "a good film " * 1000
    app = open_page("data", ask="off", source="typed", text=long)
    assert settings(app).text == long[:LONGEST].strip()
    assert [i.value for i in app.info] == [f"`text` is cut to its first {LONGEST:,} characters; the rest is not read."]
    app = open_page("data", ask="off", source="typed")
    widget(app, "text_input", "text").set_value(long[:LONGEST].strip()).run()
    assert not app.info
    widget(app, "text_input", "text").set_value(long).run()
    assert "cut to its first" in app.info[0].value
    assert widget(app, "text_input", "text").value == long[:LONGEST].strip()
    widget(app, "text_input", "text").set_value("short").run()
    assert not app.info


def test_another_source_begins_its_list_of_reviews_anew(open_page) -> None:
    app = open_page("data", "zh", ask="off")
    before = widget(app, "selectbox", "review")
    widget(app, "button_group", "source").set_value("small_reviews").run()
    after = widget(app, "selectbox", "review")
    assert after.key != before.key, "a browser goes on showing what it showed, as long as the key is the same"
    assert " ".join(generated("small_reviews").reviews[0][:14]) in after.options[0]
    assert widget(app.run(), "selectbox", "review").key == after.key


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_imdb_the_page_says_so_once_and_goes_on(open_page, monkeypatch, tmp_path, lang: str) -> None:
    monkeypatch.setenv("RNN_IMDB_DIR", str(tmp_path / "nowhere"))
    app = open_page("data", lang, ask="off", source="imdb")
    assert len(app.info) == 1
    assert "RNN_IMDB_DIR" in app.info[0].value
    assert drawn(app)["marks"]
    assert len(app.run().info) == 1
    assert not open_page("data", lang).info


def test_a_worker_is_asked_for_imdb_and_when_it_fails_that_is_said(open_page) -> None:
    app = open_page("data", ask="off", source="imdb")
    assert len(app.info) == 1
    assert "could not be read in" in app.info[0].value, "the trainer of these tests has no worker"


def test_imdb_comes_by_itself_once_a_worker_has_read_it_in(open_page, small_imdb, trainer, monkeypatch) -> None:
    """A worker is still at it when the page asks, and done when the page looks again: nobody clicks."""
    from rnn_core.tasks.corpus import imdb_corpus

    def ask(function, *args, timeout):
        working = iter((False,))

        class Answer(Future):
            def done(self) -> bool:
                if not next(working, True):
                    return False
                function(*args)
                return True

        answer = Answer()
        answer.set_result(None)
        return answer

    monkeypatch.setattr(trainer, "ask", ask)
    app = open_page("data", ask="off", source="imdb", review="1")
    assert not app.info
    assert source.words_of(settings(app)) == imdb_corpus().reviews[0]
    assert " ".join(imdb_corpus().reviews[0][:14]) in widget(app, "selectbox", "review").options[0]


def test_imdb_is_shown_as_keras_loads_it(open_page, small_imdb, monkeypatch) -> None:
    from rnn_core.tasks import imdb
    from rnn_core.tasks.corpus import prepare_imdb

    prepare_imdb()
    train, _test = imdb.load_data()
    for review in (1, 2, 5):
        app = open_page("data", ask="off", source="imdb", t="3", review=str(review))
        assert not app.info
        assert source.journey_of(settings(app)).indices.tolist() == train[review - 1].tolist()
        assert f"load_data(num_words={SOURCES['imdb'][1].default})" in " ".join(texts(app))


@pytest.mark.parametrize(("chosen", "task"), [
    ({"maxlen": "20", "padding": "post", "mask": "on"}, "small_reviews"),
    ({"source": "small_reviews_zh", "truncating": "post"}, "small_reviews_zh"),
])  # fmt: skip
def test_it_leads_to_a_training_on_reviews_prepared_like_this(open_page, chosen: dict, task: str) -> None:
    app = open_page("data", ask="off", **chosen)
    link = next(n.proto for n in app.get("page_link") if "length=" in n.proto.query_string)
    query = dict(pair.split("=") for pair in link.query_string.split("&"))
    assert query == {
        "lang": "en", "task": task, "length": chosen.get("maxlen", "12"), "padding": chosen.get("padding", "pre"),
        "truncating": chosen.get("truncating", "pre"), "mask": chosen.get("mask", "off"),
    }  # fmt: skip
    assert "`num_words` does not go along" in shown(app)


def test_the_code_to_take_along_is_of_what_is_shown(open_page) -> None:
    held = settings(open_page("data", ask="off", maxlen="20", source="typed", text="A film, not bad"))
    given = downloads.given(held)
    assert given.text == "A film, not bad"
    assert given.prepared.maxlen == 20


@pytest.mark.parametrize(("name", "raw", "value"), [
    ("maxlen", "0", 1), ("maxlen", "9999", 60), ("num_words", "x", 100), ("review", "99", 20),
    ("padding", "<b>", "pre"), ("t", "7", 4), ("token", "-5", -1), ("source", "nonsense", "small_reviews"),
])  # fmt: skip
def test_a_bad_link_is_mended_and_said(open_page, name: str, raw: str, value: object) -> None:
    app = open_page("data", **{name: raw})
    assert getattr(settings(app), name) == value
    assert len(app.info) == 1


def test_the_small_reviews_follow_the_language_unless_others_were_chosen(open_page) -> None:
    page = open_page("data", ask="off")
    assert settings(page).source == "small_reviews"
    page.button_group(key="language_en").set_value("zh").run()
    assert settings(page).source == "small_reviews_zh"
    assert "source" not in link(page)
    page.button_group(key="language_zh").set_value("en").run()
    assert settings(page).source == "small_reviews"
    page = open_page("data", "zh", ask="off", source="small_reviews", review="2")
    assert (settings(page).source, link(page)["source"]) == ("small_reviews", "small_reviews")
    assert settings(open_page("data", "zh", ask="off", review="2")).source == "small_reviews_zh"
