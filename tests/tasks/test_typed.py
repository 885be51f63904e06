"""What somebody types, as words and as tokens; and what nobody should type."""

import json

import numpy as np
import pytest

from rnn_core.tasks import TASKS, small_reviews, small_reviews_zh
from rnn_core.tasks.typed import LONGEST_WORD, MOST_WORDS, Typed, typed

SMALL = small_reviews.SYMBOLS
IMDB = ("·", "[start]", "[rare]", "[unused]", "the", "film", "don't", "br", "10", "not", "do")
CHINESE = ("·", "，", "这", "部", "电影", "电影院", "不", "好看", "好", "但是")


def imdb(text: str) -> Typed:
    return typed(text, IMDB, start=1, rare=2)


def codes(found: Typed) -> list[str]:
    return [remark.code for remark in found.remarks]


# ------------------------------------------------------------------------------------------------- splitting into words


def test_a_review_of_the_grammar_comes_back_as_its_tokens():
    x, _y, _x, _y = small_reviews.generate(60, 2, 23, seed=3)
    for row in x:
        tokens = row[np.argmax(row != 0) :]
        review = " ".join(SMALL[token] for token in tokens)
        for written in (review, review.upper(), review.replace(" ,", ",") + "!"):
            found = typed(written, TASKS["small_reviews"].symbols)
            np.testing.assert_array_equal(found.tokens, tokens)
            assert found.words == tuple(review.split())
            assert found.read == tuple(range(len(tokens)))
            assert not found.unknown
            assert not found.remarks


def test_unknown_words_are_left_out_and_named():
    found = typed("The plot is xylophonic, but the zebra is GREAT", SMALL)
    assert found.words == ("the", "plot", "is", "xylophonic", ",", "but", "the", "zebra", "is", "great")
    assert found.unknown == {3, 7}
    assert found.read == (0, 1, 2, 4, 5, 6, 8, 9)
    assert [SMALL[token] for token in found.tokens] == [found.words[i] for i in found.read]
    assert [str(remark) for remark in found.remarks] == [
        "The network has never seen some of these words and does not read them: xylophonic, zebra."
    ]


def test_reviews_of_imdb_begin_with_the_start_and_have_a_token_for_what_is_rare():
    found = imdb("The film, Zelda: don’t!<br />10/10")
    assert found.words == ("the", "film", "zelda", "don't", "br", "10", "10")
    assert found.tokens.tolist() == [1, 4, 5, 2, 6, 7, 8, 8]
    assert found.read == (-1, 0, 1, 2, 3, 4, 5, 6)
    assert found.unknown == {2}
    assert codes(found) == ["all_one"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("This isn't good", "this is not good"),
        ("it won't bore me, it didn’t", "it will not bore me , it did not"),
        ("it shouldn't", "it shouldn't"),
        ("'good'", "good"),
        ("well-made", "well made"),
        ("clich\u0065\u0301s", "clichés"),
        ("ＧＯＯＤ，bad", "good , bad"),
    ],
)
def test_words_are_written_as_the_vocabulary_has_them(written, words):
    assert typed(written, SMALL).words == tuple(words.split())


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("这部电影不好看，但是好", "这 部 电影 不 好看 ， 但是 好"),
        ("这部电影,好", "这 部 电影 ， 好"),
        ("电影院好。", "电影院 好"),
        ("这部汽车电影很好", "这 部 汽车 电影 很 好"),
        ("这 部Film好", "这 部 film 好"),
    ],
)
def test_chinese_is_split_at_the_longest_words(written, words):
    found = typed(written, CHINESE)
    assert found.words == tuple(words.split())
    assert found.unknown == {i for i, word in enumerate(found.words) if word in ("汽车", "很", "film")}


def test_a_chinese_review_written_without_spaces_comes_back_as_its_words():
    for draw in np.random.default_rng(3).random((400, 7)):
        for review in small_reviews_zh.write_pair(draw):
            assert typed(review.replace(" ", ""), small_reviews_zh.SYMBOLS).words == tuple(review.split())


@pytest.mark.parametrize("special", ["·", "[start]", "[rare]", "[unused]"])
def test_what_is_no_word_cannot_be_typed(special):
    assert not set(imdb(f"the {special} film").tokens[1:].tolist()) & {0, 1, 3}
    assert typed(special, SMALL).tokens.tolist() == []


# ------------------------------------------------------------------------------------------------- what one may paste

HOSTILE = {
    "emoji": ("good 👩‍👩‍👧 film ❤️🤷🏽", ("good", "👩‍👩‍👧", "film", "❤️🤷🏽")),
    "HTML": ("<script>good('x')</script>", ("script", "good", "x", "script")),
    "from right to left": ("سيء \u202egood\u202c טוב", ("سيء", "good", "טוב")),
    "a lone surrogate": ("good \ud83d film", ("good", "\ufffd", "film")),
    "null bytes": ("good\x00film\x07", ("good", "film")),
    "marks alone": ("… ---- !!!", ()),
    "joiners alone": ("\u200d\ufe0f \u200b", ()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_one_may_paste_becomes_plain_words(name):
    written, words = HOSTILE[name]
    found = typed(written, SMALL)
    assert found.words == words
    json.dumps(found.words).encode()
    "".join(found.words).encode("utf-8")
    assert found.unknown == {i for i, word in enumerate(words) if word not in SMALL}


@pytest.mark.parametrize("nothing", ["", " \n\t", "\x00", "?!"])
def test_nothing_is_said_to_be_nothing(nothing):
    found = typed(nothing, SMALL)
    assert (found.words, found.tokens.tolist(), codes(found)) == ((), [], ["no_words"])
    assert imdb(nothing).tokens.tolist() == [1]


def test_a_text_of_unknown_words_alone_is_said_to_be_one():
    assert codes(typed("zebra xylophone", SMALL)) == ["none_known"]


@pytest.mark.parametrize("text", ["good " * 100_000, "好看" * 100_000, "a" * 1_000_000 + " good", "good," * MOST_WORDS])
def test_a_text_without_end_is_cut(text):
    found = typed(text, (*SMALL, *CHINESE[1:]))
    assert len(found.words) <= MOST_WORDS
    assert max(map(len, found.words)) <= LONGEST_WORD
    assert found.cut
    assert codes(found)[0] == "text_cut"


def test_a_text_of_just_so_many_words_is_whole():
    assert not typed("good " * MOST_WORDS, SMALL).cut
    assert typed("good " * (MOST_WORDS + 1), SMALL).cut
    assert typed("good bad great", SMALL, most=2).words == ("good", "bad")
