import json
import random
import subprocess
import sys

import numpy as np
import pytest

from rnn_core.cells.registry import CELLS
from rnn_core.export.shapes import as_code, model_lines
from rnn_core.models.stack import MAX_PARAMETERS, keras_answer, keras_values
from rnn_core.shapes import MERGE_MODES, PRESETS, Dense, Embedding, RawInput, Recurrent, Stack

SMALL = Embedding(50, 8)


def values_of(*layers, source=SMALL, **arguments):
    return keras_values(Stack(source, layers).to_json(), **arguments)


def test_the_summary_is_keras_own_in_plain_characters():
    answer = keras_answer(PRESETS["imdb_lstm"].to_json())
    assert answer["summary"] == [
        'Model: "sequential"',
        "+=================================+========================+===============+",
        "| Layer (type)                    | Output Shape           |       Param # |",
        "+=================================+========================+===============+",
        "| embedding (Embedding)           | (None, None, 32)       |       320,000 |",
        "+---------------------------------+------------------------+---------------+",
        "| lstm (LSTM)                     | (None, 32)             |         8,320 |",
        "+---------------------------------+------------------------+---------------+",
        "| dense (Dense)                   | (None, 1)              |            33 |",
        "+---------------------------------+------------------------+---------------+",
        " Total params: 328,353 (1.25 MB)",
        " Trainable params: 328,353 (1.25 MB)",
        " Non-trainable params: 0 (0.00 B)",
    ]
    assert answer["layers"][1] == {
        "name": "lstm",
        "class": "LSTM",
        "output_shapes": [[None, 32]],
        "count_params": 8320,
    }
    assert json.loads(json.dumps(answer)) == answer


def test_the_error_is_word_for_word_that_of_a_fresh_script():
    stack = PRESETS["mistake_state_in_the_middle"]
    keras_answer(stack.to_json())  # names counted before must not show
    answer = keras_answer(stack.to_json())
    script = subprocess.run([sys.executable, "-c", as_code(model_lines(stack))], capture_output=True, text=True)
    assert script.returncode == 1
    assert script.stderr.strip().split("\n")[-1] == f"{answer['type']}: {answer['message']}"
    assert answer["message"].startswith('Layer "lstm_1" expects 1 input(s), but it received 3 input tensors.')


def test_nothing_that_a_training_beside_it_uses_is_touched():
    import keras

    before = random.getstate(), np.random.get_state()[1].tolist()
    name = keras.layers.LSTM(1, seed=0, kernel_initializer="zeros", recurrent_initializer="zeros").name
    keras_answer(PRESETS["imdb_lstm"].to_json())
    values_of(Recurrent("lstm", 3, bidirectional=True), Dense(2))
    next_name = keras.layers.LSTM(1, seed=0, kernel_initializer="zeros", recurrent_initializer="zeros").name
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    number = int(name.partition("_")[2] or 0)
    assert next_name == f"lstm_{number + 1}"


def test_too_large_is_not_built():
    huge = Stack(SMALL, tuple(Recurrent("lstm", 1024, return_sequences=True) for _ in range(8)))
    for answer in (keras_answer(huge.to_json()), keras_values(huge.to_json())):
        assert (answer["ok"], answer["code"]) == (None, "too_large")
        assert answer["values"]["parameters"] > answer["values"]["limit"] == MAX_PARAMETERS


def test_values_of_an_impossible_stack_are_keras_error():
    answer = keras_values(PRESETS["mistake_no_sequences"].to_json())
    assert (answer["ok"], answer["type"]) == (False, "ValueError")


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("go_backwards", [False, True])
def test_the_last_step_of_the_sequence_is_the_output_without_return_sequences(cell, go_backwards):
    for sequences in (False, True):
        told = values_of(Recurrent(cell, 5, return_sequences=sequences, go_backwards=go_backwards), timesteps=9)
        step = told["last_step"]
        assert step["differences"]["output"] < 1e-6
        assert step["with"] == pytest.approx(step["without"], abs=1e-4)
        assert len(step["with"]) == 5
        assert np.abs(step["with"]).max() > 0


def test_the_backward_direction_has_read_one_input_only_at_the_last_step():
    for merge_mode in ("concat", None):
        differences = values_of(Recurrent("gru", 5, bidirectional=True, merge_mode=merge_mode))["last_step"][
            "differences"
        ]
        assert differences["forward"] < 1e-6
        assert differences["backward"] > 1e-3


@pytest.mark.parametrize("sequences", [False, True])
def test_lstm_returns_three_things_and_h_stands_in_the_output(sequences):
    told = values_of(Recurrent("lstm", 4, return_sequences=sequences), batch=2, timesteps=6)
    output, h, c = told["states"]
    assert [output["name"], h["name"], c["name"]] == ["output", "h", "c"]
    assert [h["shape"], c["shape"]] == [[2, 4], [2, 4]]
    assert h["equals"] == ("output[:, -1, :]" if sequences else "output[:, :]")
    assert h["difference"] == 0
    assert h["values"] == (output["values"][-1] if sequences else output["values"])
    assert "equals" not in c
    assert c["values"] != h["values"]


@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_states_of_both_directions(merge_mode):
    layer = Recurrent("simple_rnn", 3, return_sequences=True, bidirectional=True, merge_mode=merge_mode)
    told = {state["name"]: state for state in values_of(layer)["states"]}
    if merge_mode == "concat":
        assert told["forward_h"]["equals"] == "output[:, -1, :3]"
        assert told["backward_h"]["equals"] == "output[:, 0, 3:]"
    elif merge_mode is None:
        assert told["forward_h"]["equals"] == "forward_output[:, -1, :]"
        assert told["backward_h"]["equals"] == "backward_output[:, 0, :]"
    else:  # merged into one vector, the states of the directions stand nowhere in the output
        assert "equals" not in told["forward_h"]
        return
    assert told["forward_h"]["difference"] < 1e-6
    assert told["backward_h"]["difference"] < 1e-6


def test_sizes_as_they_come_out():
    layers = Recurrent("gru", 3, return_sequences=True), Recurrent("lstm", 2, return_state=True)
    told = values_of(*layers, batch=3, timesteps=7, layer=0)
    assert [[output["shape"] for output in row["outputs"]] for row in told["layers"]] == [
        [[3, 7, 8]],
        [[3, 7, 3]],
        [[3, 2], [3, 2], [3, 2]],
    ]
    assert np.shape(told["input"]) == (7,)
    assert told["axes"] == ["timesteps", "features"]
    assert np.shape(told["values"]) == (7, 3)
    assert json.loads(json.dumps(told)) == told


def test_the_seed_decides_and_sizes_are_bounded():
    layer = Recurrent("lstm", 200)
    first = values_of(layer, seed=1)
    assert values_of(layer, seed=1) == first
    assert values_of(layer, seed=2)["values"] != first["values"]
    assert np.shape(first["values"]) == (2, 128)
    told = values_of(Dense(2), source=RawInput(None, 3), batch=99, timesteps=9999, layer=7)
    assert (told["batch"], told["timesteps"], told["layer"]) == (8, 100, 0)
    assert values_of(Dense(2), source=RawInput(4, 3))["layers"][0]["outputs"][0]["shape"] == [2, 4, 2]
