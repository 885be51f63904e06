"""The table of numbers: what a browser may send of it, since AppTest cannot type into a table."""

import numpy as np
import pytest

from pages.common.edits import edited, with_edit, without
from pages.elements.number_table import MARK, in_short, read_table

COLUMNS, SHAPE = ["a", "b"], (2, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [("abc", "not_a_number"), ("", "blank"), (None, "blank"), ("nan", "not_finite"), ("-inf", "not_finite"),
     ("1e99", "too_large"), ("<b>", "not_a_number")],
)  # fmt: skip
def test_a_cell_that_is_no_number_is_told_with_what_was_typed(text: str | None, code: str) -> None:
    ((typed, error),) = read_table({1: {"a": text}}, COLUMNS, SHAPE).values()
    assert (typed, error.code) == (text or "", code)


def test_numbers_are_read_by_place_and_a_mark_before_them_is_not_theirs() -> None:
    assert read_table({1: {"a": f"{MARK}0.25"}, "0": {"b": "−7"}}, COLUMNS, SHAPE) == {(1, 0): 0.25, (0, 1): -7.0}


@pytest.mark.parametrize("rows", [{9: {"a": "1"}}, {-1: {"a": "1"}}, {0: {"z": "1"}}, {"x": {"a": "1"}}])
def test_what_lies_outside_the_table_is_left_out(rows: dict) -> None:
    assert read_table(rows, COLUMNS, SHAPE) == {}


def test_edits_change_their_numbers_alone_and_can_be_taken_back() -> None:
    drawn = np.array([[1.0, 2.0], [3.0, 1 / 3]])
    text = with_edit(with_edit("", "W", 1, 0, 0.25), "b", 0, 0, -2.0)
    np.testing.assert_array_equal(edited(text, "W", drawn), [[1, 2], [0.25, 1 / 3]])
    assert edited(with_edit(text, "W", 1, 0, 0.5), "W", drawn)[1, 0] == 0.5
    assert edited(without(text, "W"), "W", drawn) is drawn
    assert edited(text, "b", drawn[:, :1])[0, 0] == -2


def test_an_edit_outside_the_array_does_nothing() -> None:
    drawn = np.zeros((2, 2))
    assert edited("W,7,7,1", "W", drawn) is drawn


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.5"), (-2, "-2"), (1 / 3, "0.3333"), (12345, "12345"), (1e30, "1e+30")]
)
def test_numbers_are_short_to_read(value: float, text: str) -> None:
    assert in_short(value) == text
