"""How numbers are said in sentences."""

import json

import pytest

from rnn_core.numbers import Figure, Seconds, Share, percent


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0.5, 0, "50%"), (0.984, 0, "98%"), (0.997, 0, ">99%"), (0.997, 1, "99.7%"), (0.9999, 1, ">99.9%"),
        (1.0, 0, "100%"), (1.0, 1, "100.0%"), (0.0, 0, "0%"), (0.004, 0, "<1%"), (0.0004, 1, "<0.1%"), (0.006, 0, "1%"),
    ],
)  # fmt: skip
def test_per_cent_is_never_all_nor_nothing_unless_it_is(share, digits, said):
    assert percent(share, digits) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(1.25, "1.2 s"), (2, "2 s"), (89, "89 s"), (90, "2 min"), (5399, "90 min"), (14_400, "4.0 h")]
)
def test_a_length_of_time_is_said_in_the_unit_that_suits_it(seconds, said):
    assert f"{Seconds(seconds)}" == said


def test_they_calculate_and_are_stored_as_any_number():
    assert Share(0.25) + Share(0.5) == 0.75
    assert json.dumps({"a": Share(0.25), "b": Seconds(3), "c": Figure(0.1)}) == '{"a": 0.25, "b": 3.0, "c": 0.1}'
    assert f"{Figure(0.25):.1f}" == "0.2"
    assert f"{Figure(0.25)}" == "0.2500"
