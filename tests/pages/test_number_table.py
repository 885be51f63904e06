"""The table of numbers, its callback alone: AppTest cannot type into a table."""

import numpy as np
import pytest

from pages.elements import number_table
from pages.elements.number_table import MARK, adopt, edited, forget_tables


@pytest.fixture
def held(monkeypatch):
    """A table of two rows and two columns that a visitor has before him, and the session it lies in."""
    start = np.array([[1.0, 2.0], [3.0, 1 / 3]])
    texts = [["1", "2"], ["3", "0.3333"]]
    state = {"_table_W": {"start": start, "good": start.copy(), "texts": texts, "wrong": {}, "version": 0}}
    monkeypatch.setattr(number_table.st, "session_state", state)
    return state


def type_into(state, row: int, column: str, text: str | None) -> dict:
    key = f"table_W_{state['_table_W']['version']}"
    state[key] = {"edited_rows": {row: {column: text}}}
    number_table._edited("W", key, ["a", "b"])
    return state["_table_W"]


@pytest.mark.parametrize("text", ["abc", "", None, "nan", "-inf", "1e99", "<b>"])
def test_a_cell_that_is_no_number_is_marked_and_the_last_good_numbers_stay(held, text):
    start = held["_table_W"]["start"]
    table = type_into(held, 1, "a", text)
    assert table["texts"][1][0] == MARK + (text or "")
    assert list(table["wrong"]) == [(1, 0)]
    assert table["version"] == 1, "a fresh table, with the mark in it"
    np.testing.assert_array_equal(table["good"], start)
    table = type_into(held, 1, "a", f"{MARK}0.25")
    assert table["wrong"] == {}
    np.testing.assert_array_equal(table["good"], [[1, 2], [0.25, 1 / 3]])


def test_edits_belong_to_the_numbers_the_table_began_with(held):
    start = held["_table_W"]["start"]
    good = type_into(held, 0, "b", "-7")["good"]
    assert edited("W", start) is good
    others = np.ones((2, 2))
    assert edited("W", others) is others
    assert edited("W", good.copy()) is not good
    adopt("W")
    assert edited("W", good.copy()) is good
    forget_tables("W", "never drawn")
    assert edited("W", start) is start


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.5"), (-2, "-2"), (1 / 3, "0.3333"), (12345, "12345"), (1e30, "1e+30")]
)
def test_numbers_are_short_to_read(value, text):
    assert number_table._text(value) == text
