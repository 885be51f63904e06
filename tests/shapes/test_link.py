import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.cells.registry import CELLS
from rnn_core.shapes import (
    ACTIVATIONS,
    DEFAULT,
    MERGE_MODES,
    PRESETS,
    Dense,
    Embedding,
    RawInput,
    Recurrent,
    Stack,
)
from rnn_core.shapes.link import MAX_LINK, clamped, from_link, to_link

sizes = st.integers(1, 1024)
recurrent = st.builds(
    Recurrent,
    cell=st.sampled_from(tuple(CELLS)),
    units=sizes,
    return_sequences=st.booleans(),
    return_state=st.booleans(),
    go_backwards=st.booleans(),
    bidirectional=st.booleans(),
    merge_mode=st.sampled_from(MERGE_MODES),
)
layers = recurrent | st.builds(Dense, sizes, st.sampled_from(ACTIVATIONS))
inputs = st.builds(Embedding, st.integers(1, 100_000), sizes) | st.builds(
    RawInput, st.none() | st.integers(1, 100), sizes
)
stacks = st.builds(Stack, inputs, st.lists(layers, min_size=1, max_size=8).map(tuple))


@given(stacks)
def test_there_and_back_with_letters_that_links_leave_alone(stack):
    link = to_link(stack)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", link)
    assert len(link) <= MAX_LINK
    assert from_link(link) == (stack, ())
    assert clamped(stack.to_json()) == (stack, ())


def test_a_link_can_be_read():
    gru = Recurrent("gru", 16, return_sequences=True, return_state=True, bidirectional=True, merge_mode="sum")
    stack = Stack(Embedding(), (Recurrent("lstm", 32, return_sequences=True), gru, Dense(1, "sigmoid")))
    assert to_link(stack) == "emb.10000x32_lstm.32.seq_bi-gru.16.seq.state.sum_dense.1.sigmoid"
    assert to_link(Stack(RawInput(None, 3), (Recurrent("simple_rnn", 4),))) == "in.anyx3_simplernn.4"


@pytest.mark.parametrize(
    ("link", "mended", "codes"),
    [
        ("", "emb.10000x32_simplernn.32", ["not_a_stack"]),
        ("???", "emb.10000x32_simplernn.32", ["no_input", "unknown_layer", "no_layers"]),
        ("emb.10000x32", "emb.10000x32_simplernn.32", ["no_layers"]),
        ("lstm.8", "emb.10000x32_lstm.8", ["no_input"]),
        ("emb.10x4_lstm.0", "emb.10x4_lstm.1", ["out_of_range"]),
        ("emb.10x4_lstm.-5", "emb.10x4_lstm.1", ["out_of_range"]),
        ("emb.10x4_lstm.1000000000", "emb.10x4_lstm.1024", ["out_of_range"]),
        ("emb.10x4_lstm." + "9" * 300, "emb.10x4_lstm.1024", ["out_of_range"]),
        ("emb.10x4_lstm.eight", "emb.10x4_lstm.32", ["out_of_range"]),
        ("emb.10x4_lstm", "emb.10x4_lstm.32", ["out_of_range"]),
        ("emb_lstm.8", "emb.10000x32_lstm.8", ["out_of_range", "out_of_range"]),
        ("in.0x3_lstm.8", "in.1x3_lstm.8", ["out_of_range"]),
        ("emb.10x4_lstm.8.seq.nice", "emb.10x4_lstm.8.seq", ["unknown_word"]),
        ("emb.10x4_dense.8.nice", "emb.10x4_dense.8", ["unknown_word"]),
        ("emb.10x4_conv.8_gru.8", "emb.10x4_gru.8", ["unknown_layer"]),
        ("emb.10x4" + "_gru.8" * 60, "emb.10x4" + "_gru.8" * 8, ["too_many_layers"]),
        ("emb.10x4" + "_gru.8" * 100, "emb.10x4" + "_gru.8" * 8, ["link_too_long", "too_many_layers"]),
    ],
)
def test_nonsense_in_a_link_becomes_the_nearest_stack_with_a_sentence(link, mended, codes):
    stack, problems = from_link(link)
    assert to_link(stack) == mended
    assert [problem.code for problem in problems] == codes
    assert all(len(str(problem)) < 200 for problem in problems)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("emb.10x4_gru.8_lstm.8.seq.nice", 'Layer 2 does not know "nice", so it was ignored.'),
        ("emb.10x4_gru.8_dense.8.nice", 'Layer 2 does not know "nice", so it was ignored.'),
        ("emb.10x4_gru.0", "units must be a whole number from 1 to 1024, so 1 is used instead of 0."),
        ("in.500x4_gru.8", "timesteps must be a whole number from 1 to 100, so 100 is used instead of 500."),
        ("emb.10x4_conv.8_gru.8", 'There is no layer called "conv" here, so it was left out.'),
        ("emb.10x4" + "_gru.8" * 9, "There are 9 layers; the first 8 were kept."),
    ],
)
def test_what_was_changed_is_said_with_its_place_and_its_values(link, sentence):
    _stack, (correction,) = from_link(link)
    assert str(correction) == sentence


@given(st.text() | stacks.map(to_link).flatmap(lambda link: st.text("_.x19seqbi-lstm", max_size=8).map(link.__add__)))
def test_no_link_breaks_anything(link):
    stack, problems = from_link(link)
    assert from_link(to_link(stack)) == (stack, ())
    assert all(str(problem) for problem in problems)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["input", "layers", "kind", "units", "merge_mode"]), inner)
    ),
)


@given(anything)
def test_nothing_that_json_can_hold_breaks_anything(raw):
    stack, problems = clamped(raw)
    assert clamped(stack.to_json()) == (stack, ())
    assert all(str(problem) for problem in problems)


def test_numbers_beyond_reading():
    raw = DEFAULT.to_json()
    raw["layers"][0]["units"] = 10**5000
    stack, (problem,) = clamped(raw)
    assert stack.layers[0].units == 1024
    assert "a huge number" in str(problem)


def test_a_stack_that_keras_refuses_is_still_a_stack():
    stack = PRESETS["mistake_no_sequences"]
    assert from_link(to_link(stack)) == (stack, ())
