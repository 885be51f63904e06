import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_core.cells.registry import CELLS
from rnn_core.models.stack import keras_answer
from rnn_core.shapes import (
    ACTIVATIONS,
    MERGE_MODES,
    PRESETS,
    Dense,
    Edit,
    Embedding,
    Problem,
    RawInput,
    Recurrent,
    Stack,
    StackError,
    concrete,
    edited,
    keras_names,
    mend,
    parameter_count,
    report,
    shape_text,
    stack_from_json,
)

few = st.integers(1, 6)
often = st.sampled_from([True, True, True, False])  # else nearly every stack would be refused
seldom = st.sampled_from([False] * 7 + [True])
recurrent = st.builds(
    Recurrent,
    cell=st.sampled_from(tuple(CELLS)),
    units=few,
    return_sequences=often,
    return_state=seldom,
    go_backwards=seldom,
    bidirectional=st.booleans(),
    merge_mode=st.sampled_from([*MERGE_MODES, "concat", "sum", "ave"]),
)
dense = st.builds(Dense, units=few, activation=st.sampled_from(ACTIVATIONS))
inputs = st.builds(Embedding, few, few) | st.builds(RawInput, st.none() | few, few)
stacks = st.builds(Stack, inputs, st.lists(recurrent | recurrent | dense, min_size=1, max_size=8).map(tuple))


def test_300_random_stacks_as_keras_builds_or_refuses_them():
    seen = Counter()

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(stacks)
    def same(stack):
        ours, keras = report(stack), keras_answer(stack.to_json())
        seen["built" if keras["ok"] else ours.problem.code if ours.problem else "not foreseen"] += 1
        if keras["ok"]:
            assert ours.problem is None
            assert ours.total == keras["total"]
            assert [row.name for row in ours.rows] == [row["name"] for row in keras["layers"]]
            assert [row.count.total for row in ours.rows] == [row["count_params"] for row in keras["layers"]]
            shapes = [[list(tensor.shape) for tensor in row.outputs] for row in ours.rows]
            assert shapes == [row["output_shapes"] for row in keras["layers"]]
        else:
            assert ours.problem is not None
            assert ours.total is None
            assert_same_reason(stack, ours.problem, keras["message"])
            assert keras_answer(mend(stack)[0].to_json())["ok"]

    same()
    assert min(seen[kind] for kind in ("built", "not_a_sequence", "several_tensors", "both_backwards")) > 5, seen


def assert_same_reason(stack: Stack, problem: Problem, message: str) -> None:
    """Keras blames the same layer for the same thing."""
    if problem.code == "both_backwards":
        assert message.startswith("Forward layer and backward layer should have different `go_backwards`")
        return
    names = keras_names(stack)
    name = names[problem.layer + len(names) - len(stack.layers)]
    if problem.code == "not_a_sequence":
        assert f"layer '{name}' is incompatible with the layer: expected ndim=3, found ndim=2" in message
    else:
        tensors = problem.values["tensors"]
        assert f'Layer "{name}" expects 1 input(s), but it received {tensors} input tensors' in message


@pytest.mark.parametrize(
    ("preset", "shapes", "params", "total"),
    [
        ("embedding_simple_rnn", [(None, None, 32), (None, 32)], [320000, 2080], 322080),
        ("embedding_simple_rnn_sequences", [(None, None, 32), (None, None, 32)], [320000, 2080], 322080),
        ("stacked_simple_rnn", [(None, None, 32)] * 4 + [(None, 32)], [320000, 2080, 2080, 2080, 2080], 328320),
        ("imdb_simple_rnn", [(None, None, 32), (None, 32), (None, 1)], [320000, 2080, 33], 322113),
        ("imdb_lstm", [(None, None, 32), (None, 32), (None, 1)], [320000, 8320, 33], 328353),
        ("imdb_gru", [(None, None, 32), (None, 32), (None, 1)], [320000, 6336, 33], 326369),
    ],
)
def test_the_articles_summaries(preset, shapes, params, total):
    told = report(PRESETS[preset])
    assert [row.outputs[0].shape for row in told.rows] == shapes
    assert [row.count.total for row in told.rows] == params
    assert told.total == total
    assert told.remarks == ()


def test_stacking_without_return_sequences_is_blamed_on_the_layer_that_dropped_the_timesteps():
    stack = PRESETS["mistake_no_sequences"]
    problem = report(stack).problem
    assert str(problem) == (
        "Layer 2 (LSTM) expects (batch, timesteps, features), but layer 1 (LSTM) passes on (batch, 32), "
        "since layer 1 (LSTM) has return_sequences=False."
    )
    assert mend(stack) == (
        Stack(stack.input, (replace(stack.layers[0], return_sequences=True), *stack.layers[1:])),
        (Edit(0, "return_sequences", True),),
    )


def test_a_dense_in_between_is_not_blamed():
    problem = report(Stack(RawInput(), (Recurrent("gru"), Dense(4), Dense(5), Recurrent("gru")))).problem
    assert (problem.layer, problem.values["previous"], problem.values["cause"]) == (3, 3, 1)
    assert problem.values["shape"] == "(batch, 5)"


def test_return_state_in_the_middle_passes_on_several_tensors():
    stack = PRESETS["mistake_state_in_the_middle"]
    assert str(report(stack).problem) == (
        "Layer 2 (LSTM) expects one tensor, but layer 1 (LSTM) passes on 3, since it has return_state=True."
    )
    assert mend(stack)[1] == (Edit(0, "return_state", False),)


def test_an_answer_per_timestep_is_built_but_remarked_upon():
    stack = PRESETS["mistake_answer_per_timestep"]
    told = report(stack)
    assert (told.problem, told.total) == (None, 326369)
    assert told.rows[-1].outputs[0].shape == (None, None, 1)
    (remark,) = told.remarks
    assert remark.code == "answer_per_timestep"
    assert edited(stack, remark.edits) == PRESETS["imdb_gru"]


def test_one_problem_may_hide_another_and_mend_finds_both():
    layers = (Recurrent("lstm", bidirectional=True, merge_mode=None, return_state=True), Recurrent("gru"))
    mended, edits = mend(Stack(RawInput(), layers))
    assert [(edit.field, edit.value) for edit in edits] == [
        ("return_state", False),
        ("merge_mode", "concat"),
        ("return_sequences", True),
    ]
    assert report(mended).problem is None


@pytest.mark.parametrize(
    ("cell", "numbers", "split", "total"),
    [
        ("simple_rnn", ["32 × 1 × 64", "64 × 1 × 64", "1 × 64"], [2048, 4096, 64], 6208),
        ("lstm", ["32 × 4 × 64", "64 × 4 × 64", "4 × 64"], [8192, 16384, 256], 24832),
        ("gru", ["32 × 3 × 64", "64 × 3 × 64", "2 × 3 × 64"], [6144, 12288, 384], 18816),
    ],
)
def test_the_arithmetic_of_each_cell(cell, numbers, split, total):
    count = parameter_count(Recurrent(cell, 64), 32)
    assert [term.numbers for term in count.terms] == numbers
    assert list(count.split.values()) == split
    assert count.total == total


def test_a_bidirectional_layer_has_everything_twice():
    count = parameter_count(Recurrent("gru", 16, bidirectional=True), 32)
    assert [term.shape for term in count.terms] == [(32, 48), (16, 48), (2, 48)]
    assert count.total == sum(count.split.values()) == 2 * (32 * 48 + 16 * 48 + 2 * 48)


def test_lstm_passes_on_three_things_and_never_c_per_timestep():
    (row,) = report(Stack(RawInput(), (Recurrent("lstm", 4, return_sequences=True, return_state=True),))).rows
    assert [(t.name, t.shape) for t in row.outputs] == [
        ("output", (None, None, 4)),
        ("h", (None, 4)),
        ("c", (None, 4)),
    ]


def test_shapes_in_words_and_with_sizes():
    assert shape_text((None, None, 32)) == "(batch, timesteps, 32)"
    assert shape_text((None, 5, 32)) == "(batch, 5, 32)"
    assert concrete((None, None, 32), batch=2, timesteps=6) == (2, 6, 32)
    assert concrete((None, 32), batch=2, timesteps=6) == (2, 32)


@given(stacks)
def test_json_there_and_back(stack):
    assert stack_from_json(stack.to_json()) == stack


@pytest.mark.parametrize(
    ("build", "code", "words"),
    [
        (lambda: Recurrent("lstm", 0), "out_of_range", "units must be a whole number from 1 to 1024"),
        (lambda: Recurrent("lstm", 10**9), "out_of_range", "which 1000000000 is not"),
        (lambda: Recurrent("lstm", True), "out_of_range", "which True is not"),
        (lambda: Recurrent("rnn"), "bad_choice", 'cell cannot be "rnn"'),
        (lambda: Recurrent("lstm", bidirectional=True, merge_mode="max"), "bad_choice", "merge_mode"),
        (lambda: Dense(1, "softplus"), "bad_choice", "softplus"),
        (lambda: RawInput(0, 3), "out_of_range", "timesteps"),
        (lambda: Stack(RawInput(), ()), "no_layers", "at least one layer"),
        (lambda: Stack(RawInput(), (Dense(),) * 9), "too_many_layers", "at most 8 layers; 9 are"),
    ],
)
def test_out_of_bounds_is_refused_with_a_sentence(build, code, words):
    with pytest.raises(StackError, match=re.escape(words)) as caught:
        build()
    assert caught.value.code == code


def test_what_is_not_bidirectional_has_nothing_to_merge():
    assert Recurrent("lstm", merge_mode="sum") == Recurrent("lstm")
