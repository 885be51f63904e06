import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.cells.registry import CELLS
from rnn_core.shapes import Dense, Embedding, RawInput, Recurrent, Stack, report
from rnn_core.shapes.guess import (
    count_mistakes,
    explain_count_guess,
    explain_shape_guess,
    parse_shape,
    shape_mistakes,
)


def row_of(layer, source=RawInput(None, 32), index=-1):  # noqa: B008 - frozen
    return report(Stack(source, (layer,))).rows[index]


@pytest.mark.parametrize(
    ("layer", "guess", "code"),
    [
        # LSTM: 4 × (10 × 32 + 10 × 10 + 10) = 1720
        (Recurrent("lstm", 10), 1720, "right"),
        (Recurrent("lstm", 10), 1680, "no_bias"),
        (Recurrent("lstm", 10), 430, "one_block"),
        (Recurrent("lstm", 10), 1320, "no_recurrent_kernel"),
        (Recurrent("lstm", 10), 440, "no_kernel"),
        (Recurrent("lstm", 10), 1280, "only_kernel"),
        (Recurrent("lstm", 10), 1690, "bias_of_one_block"),
        (Recurrent("lstm", 10), 1290, "blocks_of_gru"),
        (Recurrent("lstm", 10), 1760, "two_biases"),
        (Recurrent("lstm", 10), 1360, "recurrent_kernel_is_a_vector"),
        (Recurrent("lstm", 10), 1720 * 6, "times_timesteps"),
        (Recurrent("lstm", 10), 1720 * 7, "times_something"),
        (Recurrent("lstm", 10), 1719, "close"),
        (Recurrent("lstm", 10), 3, "unknown"),
        # GRU: 3 × (10 × 32 + 10 × 10 + 2 × 10) = 1320
        (Recurrent("gru", 10), 1320, "right"),
        (Recurrent("gru", 10), 1290, "one_bias"),
        (Recurrent("gru", 10), 440, "one_block"),
        (Recurrent("gru", 10), 1760, "blocks_of_lstm"),
        # both directions: 2 × 430
        (Recurrent("simple_rnn", 10, bidirectional=True), 860, "right"),
        (Recurrent("simple_rnn", 10, bidirectional=True), 430, "one_direction"),
        (Dense(10), 330, "right"),
        (Dense(10), 320, "no_bias"),
        (Dense(10), 6 * 32 * 10 + 10, "flattened"),
    ],
)
def test_a_wrong_count_tells_the_mistake(layer, guess, code):
    assert explain_count_guess(row_of(layer), guess, timesteps=6).code == code


@pytest.mark.parametrize(
    ("layer", "guess", "sentence"),
    [
        (Recurrent("lstm", 10), 1680, "You forgot the bias: there are 40 more parameters."),
        (Recurrent("lstm", 10), 1719, "Close: you are 1 off. The parts are probably right; check the addition."),
        (Recurrent("lstm", 10), 1722, "Close: you are 2 off. The parts are probably right; check the addition."),
        (
            Recurrent("lstm", 10),
            430,
            "You counted one block of weights; this layer has 4: its gates and the candidate.",
        ),
        (
            Recurrent("gru", 10),
            3 * 1320,
            "Your number is 3 times the right one; weights are not repeated for timesteps or batch.",
        ),
    ],
)
def test_the_numbers_in_what_is_said(layer, guess, sentence):
    assert str(explain_count_guess(row_of(layer), guess, timesteps=6)) == sentence


def test_an_embeddings_count():
    row = row_of(Dense(), Embedding(100, 8), index=0)
    assert [explain_count_guess(row, guess).code for guess in (800, 808, 8, 100)] == [
        "right",
        "with_bias",
        "dimension_only",
        "vocabulary_only",
    ]


def test_half_the_features_are_only_a_mistake_after_a_bidirectional_layer():
    row = row_of(Recurrent("lstm", 10))
    guess = 4 * (10 * 16 + 10 * 10 + 10)
    assert explain_count_guess(row, guess).code == "unknown"
    told = explain_count_guess(row, guess, after_bidirectional=True)
    assert str(told) == "You counted 16 input features; the bidirectional layer before passes on 32."


@pytest.mark.parametrize(
    ("layer", "guess", "code"),
    [
        (Recurrent("lstm", 10), (None, 10), "right"),
        (Recurrent("lstm", 10), (None, None, 10), "kept_time"),
        (Recurrent("lstm", 10), (10,), "no_batch"),
        (Recurrent("lstm", 10), (None, 40), "blocks_times_units"),
        (Recurrent("lstm", 10), (None, 32), "input_features"),
        (Recurrent("lstm", 10), (None, 7), "unknown"),
        (Recurrent("lstm", 10), (None, None, 9), "rank"),
        (Recurrent("lstm", 10, return_sequences=True), (None, 10), "dropped_time"),
        (Recurrent("lstm", 10, return_sequences=True), (None, 10, None), "swapped"),
        (Recurrent("lstm", 10, bidirectional=True), (None, 10), "one_direction_out"),
        (Recurrent("lstm", 10, bidirectional=True, merge_mode="sum"), (None, 20), "both_merged"),
        (Recurrent("lstm", 10, bidirectional=True, merge_mode=None), (None, 20), "both_apart"),
        (Dense(10), (None, 10), "dropped_time"),
    ],
)
def test_a_wrong_shape_tells_the_mistake(layer, guess, code):
    assert explain_shape_guess(row_of(layer), guess).code == code


recurrent = st.builds(
    Recurrent,
    st.sampled_from(tuple(CELLS)),
    st.integers(1, 99),
    return_sequences=st.booleans(),
    return_state=st.booleans(),
    bidirectional=st.booleans(),
)


@given(recurrent | st.builds(Dense, st.integers(1, 99)), st.integers(1, 99))
def test_every_mistake_is_wrong_and_is_told_from_its_own_number(layer, timesteps):
    row = row_of(layer)
    for code, number in count_mistakes(row, timesteps).items():
        told = explain_count_guess(row, number, timesteps=timesteps, after_bidirectional=True)
        assert told.code == code
        assert str(told) == told.sentence.format(**told.values)
    for code, shape in shape_mistakes(row).items():
        told = explain_shape_guess(row, shape)
        assert told.code == code
        assert str(told)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(None, 5, 32)", (None, 5, 32)),
        ("batch, timesteps, 32", (None, None, 32)),
        ("[?, 32]", (None, 32)),
        ("None，32", (None, 32)),
        ("(64,)", (64,)),
        ("", None),
        ("(a, b)", None),
        ("(-1, 2)", None),
        ("9" * 5000, None),
        ("1,2,3,4,5", None),
    ],
)
def test_shapes_as_people_type_them(text, shape):
    assert parse_shape(text) == shape
