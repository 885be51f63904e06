"""A text on its way to a network: the numbers are Keras' own."""

import keras
import numpy as np
import pytest

from rnn_core.tasks.journey import FEATURES, WORD, chinese, embedded, encode, journey, split
from rnn_core.tasks.padding import ENDS
from tests.tasks.test_imdb import keras_load_data, write

WORDS = 60


def test_indices_and_rows_are_those_of_keras_in_1000_random_cases(tmp_path, monkeypatch) -> None:
    random = np.random.default_rng(0)
    rank = {f"w{number}": number for number in range(1, WORDS + 1)}
    for num_words in range(4, 44, 4):
        ranks = [random.integers(1, WORDS + 1, n).tolist() for n in random.integers(0, 30, 100)]
        path = write(tmp_path / "imdb.npz", train=ranks, test=[[1]])
        (theirs, _labels), _test = keras_load_data(path, monkeypatch, num_words)
        order = np.arange(100)
        np.random.RandomState(113).shuffle(order)
        for place, review in zip(order, theirs, strict=True):
            maxlen = int(random.integers(1, 25))
            padding, truncating = (ENDS[int(end)] for end in random.integers(0, 2, 2))
            ours = journey([f"w{number}" for number in ranks[place]], rank, num_words=num_words, maxlen=maxlen,
                           padding=padding, truncating=truncating)  # fmt: skip
            assert ours.indices.tolist() == review
            row = keras.utils.pad_sequences([review], maxlen, padding=padding, truncating=truncating)[0]
            np.testing.assert_array_equal(ours.row, row)
            assert ours.row.dtype == row.dtype


@pytest.mark.parametrize("truncating", ENDS)
@pytest.mark.parametrize("padding", ENDS)
@pytest.mark.parametrize("maxlen", [1, 4, 6, 9])
def test_the_place_that_is_told_of_a_token_is_where_its_index_stands(maxlen, padding, truncating) -> None:
    words = ["a", "b", "c", "d", "e"]
    rank = {word: number for number, word in enumerate(words, 1)}
    sent = journey(words, rank, num_words=50, maxlen=maxlen, padding=padding, truncating=truncating)
    for token, index in enumerate(sent.indices):
        place = sent.place(token)
        assert (place is None) == (token not in sent.kept)
        if place is not None:
            assert sent.row[place] == index
    assert len(sent.kept) + sent.cut == sent.n == 6
    assert sent.is_padding.sum() == sent.zeros
    assert sent.zeros + len(sent.kept) == sent.maxlen


def test_what_is_not_in_the_corpus_or_too_rare_is_unknown() -> None:
    ranks, indices = encode(["the", "rare", "never"], {"the": 1, "rare": 7}, num_words=10)
    assert ranks == (1, 7, 0)
    assert indices.tolist() == [1, 4, 2, 2]


def test_a_text_of_nothing_is_its_start_alone() -> None:
    assert journey([], {}, num_words=10, maxlen=3).row.tolist() == [0, 0, 1]


@pytest.mark.parametrize("text", ["", "   ", "!?.,;", "\0", "<>"])
def test_a_text_without_words_has_none(text: str) -> None:
    assert not [word for word in split(text) if word.isalnum()]


def test_chinese_is_split_at_the_longest_known_words_and_by_characters_elsewhere() -> None:
    known = ["不", "不是", "剧情", "，"]
    assert split("剧情不是不好， OK", chinese(known)) == ["剧情", "不是", "不", "好", "，", "ok"]
    used = chinese(["不", "剧情"])
    assert split("剧情不好", used) == split("剧情不好", chinese([*known, "其他"]))


def test_markup_becomes_words() -> None:
    assert split("<b>so-so</b> it's", WORD) == ["b", "so", "so", "b", "it's"]


def test_equal_indices_have_equal_vectors_and_zero_has_one_too() -> None:
    vectors = embedded(np.array([0, 7, 7, 8, 0], "int32"))
    assert vectors.shape == (5, FEATURES)
    np.testing.assert_array_equal(vectors[1], vectors[2])
    np.testing.assert_array_equal(vectors[0], vectors[4])
    assert vectors[0].any()
    assert not np.array_equal(vectors[2], vectors[3])
    assert np.abs(vectors).max() <= 0.05
