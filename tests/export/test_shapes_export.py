from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO

import pytest

from rnn_core.export.shapes import as_code, batch_lines, changed_lines, model_lines
from rnn_core.models.stack import keras_answer
from rnn_core.shapes import MERGE_MODES, PRESETS, Dense, Edit, Embedding, RawInput, Recurrent, Stack, edited, report

OTHERS = {
    "everything": Stack(
        RawInput(5, 3),
        (
            Dense(4, "relu"),
            Recurrent("gru", 4, return_sequences=True, go_backwards=True),
            Recurrent("lstm", 3, return_sequences=True, return_state=True),
        ),
    ),
    "both_backwards": Stack(RawInput(), (Recurrent("gru", 4, bidirectional=True, go_backwards=True),)),
    **{
        f"merge_{mode}": Stack(Embedding(20, 4), (Recurrent("lstm", 3, bidirectional=True, merge_mode=mode),))
        for mode in MERGE_MODES
    },
}
STACKS = PRESETS | OTHERS


def run(code: str) -> str:
    """Run a script as in a fresh session: Keras counts names per thread."""
    printed = StringIO()
    with redirect_stdout(printed), ThreadPoolExecutor(1) as thread:
        thread.submit(exec, code, {}).result()
    return printed.getvalue()


@pytest.mark.parametrize("name", [name for name, stack in STACKS.items() if not report(stack).problem])
def test_every_line_runs_and_prints_what_the_page_says(name):
    stack = STACKS[name]
    batch = batch_lines(stack, batch=3, timesteps=5)
    printed = run(as_code((*model_lines(stack, numpy=True), *batch)))
    assert f"Total params: {report(stack).total:,}" in printed
    promised = [line.text.partition("# ")[2] for line in batch if line.text.startswith("print")]
    assert len(promised) == len(report(stack).rows[-1].outputs)
    assert printed.rstrip().split("\n")[-len(promised) :] == promised


@pytest.mark.parametrize("name", [name for name, stack in STACKS.items() if report(stack).problem])
def test_the_code_of_an_impossible_stack_raises_the_error_that_the_page_shows(name):
    stack = STACKS[name]
    answer = keras_answer(stack.to_json())
    assert batch_lines(stack) == ()
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared word for word below
        run(as_code(model_lines(stack)))
    assert str(caught.value) == answer["message"]


def test_the_code_reads_as_a_keras_user_would_write_it():
    layers = (
        Recurrent("lstm", 32, return_sequences=True),
        Recurrent("gru", 16, bidirectional=True, merge_mode="sum"),
        Dense(1, "sigmoid"),
    )
    assert as_code(model_lines(Stack(Embedding(), layers))) == (
        "import keras\n"
        "from keras import layers\n"
        "\n"
        "model = keras.Sequential(\n"
        "    [\n"
        '        keras.Input((None,), dtype="int32"),\n'
        "        layers.Embedding(10000, 32),\n"
        "        layers.LSTM(32, return_sequences=True),\n"
        '        layers.Bidirectional(layers.GRU(16), merge_mode="sum"),\n'
        '        layers.Dense(1, activation="sigmoid"),\n'
        "    ]\n"
        ")\n"
        "model.summary()\n"
    )


def test_changed_lines():
    stack = PRESETS["mistake_no_sequences"]
    before = model_lines(stack)
    after = model_lines(edited(stack, (Edit(0, "return_sequences", True),)))
    (changed,) = changed_lines(before, after)
    assert after[changed].id == "layer-0"
    assert after[changed].text == "        layers.LSTM(32, return_sequences=True),"
    assert changed_lines(before, before) == frozenset()
    longer = model_lines(Stack(stack.input, (*stack.layers, Dense(2))))
    assert [longer[line].id for line in changed_lines(before, longer)] == ["layer-3"]


def test_all_imports_stand_on_top_when_a_batch_follows():
    stack = PRESETS["imdb_lstm"]
    lines = [line.text for line in (*model_lines(stack, numpy=True), *batch_lines(stack))]
    imports = ["import keras", "import numpy as np", "from keras import layers"]
    assert lines[:3] == imports
    assert not [line for line in lines[3:] if "import" in line]
