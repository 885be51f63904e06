"""Pictures of tensors: sizes named, dropped slices seen to be dropped, parameters to scale."""

import math

import pytest

from rnn_core.charts import tensors
from rnn_core.shapes import PRESETS, Dense, Edit, Embedding, RawInput, Recurrent, Stack, edited, report

LABELS = {
    "batch": "batch {n}",
    "timesteps": "{n} timesteps",
    "backwards": "{n} from the end",
    "feature": "feature",
    "features": "features",
    "last": "last of {timesteps}",
    "last_of_each": "each way the last of {timesteps}",
    "parameters": "{n} parameters",
    "refused": "refused",
    "unreached": "never reached",
    "slice": "{sequence} {timestep} {numbers}",
    "word_ids": "ids",
    "alt": "the flow",
}
COUNT = {name: name for name in ("total", "kernel", "recurrent_kernel", "bias", "table", "forward", "backward", "alt")}


def drawn(stack, batch=2, timesteps=6, **more):
    columns = tensors.columns(stack)
    journey = tensors.Journey(stack, report(stack), batch, timesteps, **more)
    return tensors.flow(journey=journey, shown=columns, slots=len(columns), labels=LABELS)


def words(picture):
    return [mark["s"] for mark in picture["marks"] if mark["k"] == "text" and mark["s"]]


def slices(picture, look):
    return [mark for mark in picture["marks"] if mark["k"] == "rect" and look in mark["c"].split()]


def test_every_tensor_has_both_shapes_its_sizes_and_its_parameters():
    said = words(drawn(PRESETS["imdb_lstm"]))
    for expected in (
        "(batch, timesteps)",
        "(2, 6)",
        "(batch, timesteps, 32)",
        "(2, 6, 32)",
        "(batch, 32)",
        "(2, 32)",
        "320,000 parameters",
        "8,320 parameters",
        "33 parameters",
        "batch 2",
        "6 timesteps",
        "last of 6",
    ):
        assert expected in said


def test_a_toggle_drops_all_slices_but_the_last_and_keeps_every_mark_in_its_place():
    """The browser updates in place as long as kinds and order of the marks stay."""
    dropped = drawn(PRESETS["embedding_simple_rnn"])
    kept = drawn(PRESETS["embedding_simple_rnn_sequences"])
    assert [mark["k"] for mark in kept["marks"]] == [mark["k"] for mark in dropped["marks"]]
    assert len(slices(kept, "state-tint")) == 2 * 5
    assert len(slices(kept, "state-fill")) == 2
    assert not slices(kept, "dashed")
    assert not slices(dropped, "state-tint")
    assert len(slices(dropped, "dashed")) == 5
    last = slices(dropped, "state-fill")
    assert len(last) == 2
    assert {mark["x"] for mark in last} == {mark["x"] for mark in slices(kept, "state-fill")}


def test_the_backward_half_ends_at_the_first_timestep():
    stack = Stack(Embedding(), (Recurrent("gru", 8, bidirectional=True, return_sequences=True),))
    ends = sorted((mark["x"], mark["y"]) for mark in slices(drawn(stack, batch=1), "state-fill"))
    (backward_x, backward_y), (forward_x, forward_y) = ends
    assert backward_x < forward_x
    assert backward_y > forward_y


def test_long_sequences_and_large_batches_are_shortened_but_named_in_full():
    picture = drawn(PRESETS["embedding_simple_rnn"], batch=8, timesteps=100)
    assert "8" in " ".join(words(picture))
    assert "100 timesteps" in words(picture)
    assert len(picture["marks"]) < 150


def test_a_fixed_length_of_the_input_is_the_one_drawn():
    said = words(drawn(Stack(RawInput(10, 3), (Recurrent("gru", 4, return_sequences=True),)), timesteps=6))
    assert "(batch, 10, 4)" in said
    assert "(2, 10, 4)" in said
    assert "10 timesteps" in said


def test_where_the_stack_breaks_is_marked_and_nothing_is_claimed_about_the_rest():
    said = words(drawn(PRESETS["mistake_no_sequences"]))
    assert "✕" in said
    assert said.count("refused") == 1
    assert said.count("never reached") == 1


def test_the_states_of_return_state_stand_below_by_name():
    stack = Stack(Embedding(), (Recurrent("lstm", 8, return_state=True),))
    said = words(drawn(stack))
    assert "output (2, 8)" in said
    assert "h (2, 8)" in said
    assert "c (2, 8)" in said


def test_what_is_to_be_guessed_is_nowhere_in_the_picture():
    stack = PRESETS["imdb_lstm"]
    picture = drawn(stack, hidden=1)
    assert "33 parameters" not in words(picture)
    assert "(2, 1)" not in words(picture)
    count = tensors.parameters(told=report(stack), labels=COUNT, hidden=1)
    assert not {"328,353", "33"} & set(words(count))
    assert "dense" not in str(count)


@pytest.mark.parametrize("layers", range(1, 9))
def test_wide_stacks_are_broken_into_even_rows(layers):
    stack = Stack(Embedding(), tuple(Recurrent("gru", 4, return_sequences=True) for _ in range(layers)))
    rows = tensors.rows_of_columns(stack)
    assert [column for row in rows for column in row] == tensors.columns(stack)
    assert max(map(len, rows)) <= tensors.MOST_IN_A_ROW
    assert max(map(len, rows)) - min(map(len, rows)) <= 1


def test_a_row_that_nothing_reaches_is_one_line():
    stack = Stack(Embedding(), (Recurrent("gru", 4), *(Recurrent("gru", 4) for _ in range(7))))
    later = tensors.rows_of_columns(stack)[1]
    journey = tensors.Journey(stack, report(stack), batch=2, length=6)
    picture = tensors.flow(journey=journey, shown=later, slots=5, labels=LABELS)
    assert words(picture) == ["never reached"] * len(later)


@pytest.mark.parametrize(
    "layer",
    [Recurrent("simple_rnn", 8), Recurrent("lstm", 16), Recurrent("gru", 4), Recurrent("gru", 8, bidirectional=True)],
)
def test_the_split_of_the_parameters_is_to_scale(layer):
    told = report(Stack(RawInput(None, 32), (layer,)))
    picture = tensors.parameters(told=told, labels=COUNT)
    bars = [mark for mark in picture["marks"] if mark["k"] == "rect" and mark["y"] > 90]
    split = told.rows[0].count.split
    areas = dict.fromkeys(split, 0.0)
    parts = list(split)
    for i, bar in enumerate(bars):  # kernel, recurrent kernel, bias; one row per gate and direction
        areas[parts[i % 3]] += bar["w"] + 1  # a pixel of ground stands between two arrays
    for part, count in split.items():
        assert math.isclose(areas[part] / sum(areas.values()), count / sum(split.values()), rel_tol=1e-3)
    rows = layer.blocks * layer.directions
    assert len(bars) == 3 * rows


def test_the_arithmetic_stands_in_the_colours_of_its_arrays():
    picture = tensors.parameters(told=report(PRESETS["imdb_gru"]), labels=COUNT)
    coloured = {(mark["s"], mark["c"].split()[-1]) for mark in picture["marks"] if mark["k"] == "text"}
    assert {("32 × 3 × 32", "input"), ("32 × 3 × 32", "state"), ("2 × 3 × 32", "bias")} <= coloured
    assert "326,369" in words(picture)


def test_the_proof_puts_the_last_step_beside_the_output_without_sequences():
    values = [[0.1, -0.2], [0.3, 0.4], [0.5, -0.6]]
    states = [
        {"name": "output", "values": [0.5, -0.6]},
        {"name": "h", "values": [0.5, -0.6]},
        {"name": "c", "values": [2.0, 1.0]},
    ]
    labels = {name: name for name in ("timestep", "feature", "value", "alt")} | {
        "sequence": "{timesteps} {features}",
        "sign": "=",
    }
    picture = tensors.proof(values=values, with_sequences=values[-1], without=values[-1], states=states, labels=labels)
    heats = {mark["id"]: mark for mark in picture["marks"] if mark["k"] == "heat"}
    assert heats["sequence"]["cursor"] == 2
    assert (heats["sequence"]["rows"], heats["sequence"]["cols"]) == (2, 3)
    assert heats["output[:, -1, :]"]["b64"] == heats["return_sequences=False"]["b64"] == heats["h"]["b64"]
    assert heats["c"]["b64"] != heats["h"]["b64"]
    assert len({mark["scale"] for mark in heats.values()}) == 1


def test_dense_after_a_dropped_sequence_is_one_slice():
    picture = drawn(edited(PRESETS["mistake_answer_per_timestep"], (Edit(0, "return_sequences", False),)), batch=1)
    assert len(slices(picture, "bag_of_words-tint")) == 1
    assert isinstance(PRESETS["mistake_answer_per_timestep"].layers[-1], Dense)
