"""Sequences to read, and what people type into a table."""

import numpy as np
import pytest

from rnn_core.cells.inputs import TypedNumberError, pulse, sine, split_words, typed_number, word_vectors


def test_pulse_and_sine_begin_with_a_one() -> None:
    assert pulse(3).tolist() == [[1], [0], [0]]
    assert sine(13)[[0, 6, 12], 0] == pytest.approx([1, -1, 1])


def test_words_are_split_at_spaces_and_chinese_at_characters() -> None:
    assert split_words("  the film \n was  not", 3) == ["the", "film", "was"]
    assert split_words("我爱 RNN，不爱等", 20) == ["我", "爱", "RNN", "，", "不", "爱", "等"]
    assert split_words("我 爱 循环网络", 20) == ["我", "爱", "循环网络"]
    assert split_words("a\x00b \u200e", 5) == ["ab"]


def test_a_word_always_has_the_same_numbers() -> None:
    vectors = word_vectors(["good", "bad", "Good"])
    assert vectors.shape == (3, 3)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert np.abs(vectors[0] - vectors[1]).max() > 0.1


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), (" −2 ", -2), ("1e3", 1000), (3, 3)])
def test_numbers_are_read_as_people_type_them(text, value) -> None:
    assert typed_number(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "blank"), (None, "blank"), ("  ", "blank"), ("abc", "not_a_number"), ("1,5", "not_a_number"),
     ("nan", "not_finite"), ("-inf", "not_finite"), ("1e400", "not_finite"), ("1e31", "too_large")],
)  # fmt: skip
def test_what_is_no_number_says_why(text, code) -> None:
    with pytest.raises(TypedNumberError, match=r"^x is ") as caught:
        typed_number(text, where="x")
    assert caught.value.code == code
