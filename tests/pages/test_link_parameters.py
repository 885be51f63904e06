"""Every kind of link parameter: what it reads, accepts and writes, and that nothing a link holds can break it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.common.edits import edits_parameter
from pages.common.link import Choice, Number, Parameter, Several, Switch, Text, read_link, written
from pages.elements.arithmetic import OPENED

WHOLE, PART = Number("n", 3, 1, 10), Number("r", 0.5, 0.0, 1.0)
KINDS: list[Parameter] = [
    WHOLE,
    PART,
    Choice("c", "b", ("a", "b")),
    Several("s", ("a",), ("a", "b", "c")),
    Switch("w", True),
    Text("t", "", 20),
    OPENED,
    edits_parameter("W", "b"),
]


ODD = ["nan", "inf", "-inf", "1e999", "9" * 5000, "1.5", "a,b", "on", "W,0,0,1"]


@pytest.mark.parametrize("parameter", KINDS, ids=lambda p: p.name)
@given(raw=st.text(max_size=60) | st.sampled_from(ODD))
def test_whatever_a_link_holds_becomes_a_value_that_is_written_and_read_back(parameter: Parameter, raw: str) -> None:
    value, _problems = parameter.read(raw)
    again, problems = parameter.read(parameter.write(value)) if parameter.write(value) else (value, ())
    assert again == value
    assert not problems
    assert parameter.accept(value) == value


@pytest.mark.parametrize(
    ("parameter", "raw", "value", "said"),
    [
        (WHOLE, "7", 7, ()),
        (WHOLE, "１２", 10, ("not_in_range",)),
        (WHOLE, "2.5", 2, ("not_in_range",)),
        (WHOLE, "-inf", 1, ("not_in_range",)),
        (WHOLE, "nan", 3, ("not_in_range",)),
        (WHOLE, "lots", 3, ("not_in_range",)),
        (PART, "0.25", 0.25, ()),
        (KINDS[2], "<b>", "b", ("unknown",)),
        (KINDS[3], "c,a", ("a", "c"), ()),
        (KINDS[3], "c,z", ("c",), ("unknown",)),
        (KINDS[3], "", (), ()),
        (KINDS[4], "False", False, ()),
        (KINDS[4], "no", False, ()),
        (KINDS[5], "x" * 30, "x" * 20, ("cut",)),
        (OPENED, "forget_gate:2:7", "forget_gate:2:7", ()),
        (OPENED, "forget gate", "", ("unreadable",)),
        (KINDS[7], "W,0,2,0.5;b,1,0,-2", "W,0,2,0.5;b,1,0,-2", ()),
        (KINDS[7], "Z,0,2,0.5", "", ("unreadable",)),
        (KINDS[7], "W,0,2,nan", "", ("unreadable",)),
    ],
)
def test_a_bad_value_becomes_the_nearest_sensible_one_and_is_said(
    parameter: Parameter, raw: str, value: object, said: tuple[str, ...]
) -> None:
    read, problems = parameter.read(raw)
    assert read == value
    assert tuple(problem.code for problem in problems) == said
    assert all("<" not in str(problem) for problem in problems)


@pytest.mark.parametrize("value", [None, math.nan, "x", [], {}, object()])
def test_a_widget_that_has_no_number_sets_none(value: object) -> None:
    assert WHOLE.accept(value) is None


def test_a_name_given_twice_counts_once_and_is_said() -> None:
    values, problems = read_link([WHOLE, PART], {"n": ["4", "8"], "other": ["1"]})
    assert values == {"n": 4}
    assert [(p.code, p.values["count"]) for p in problems] == [("repeated", 2)]


def test_only_what_differs_is_written() -> None:
    assert written([WHOLE, PART], {"n": 3, "r": 0.75}) == {"r": "0.75"}
