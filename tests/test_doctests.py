"""The examples in docstrings and in the README are true."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from rnn_core.cells import initial_weights
from tests.core import FILES, module_of

WITH_EXAMPLES = [file for file in FILES if ">>> " in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize("file", WITH_EXAMPLES, ids=str)
def test_what_a_docstring_shows_is_what_comes_out(file: Path) -> None:
    results = doctest.testmod(import_module(module_of(file)))
    assert results.attempted > 0
    assert results.failed == 0


def test_the_rooms_have_examples() -> None:
    rooms = {file.parts[1] for file in WITH_EXAMPLES}
    assert {"cells", "shapes", "explain", "charts"} <= rooms


class Layer:
    """As much of a keras.layers.LSTM as the README's example asks for."""

    def get_weights(self) -> list[np.ndarray]:
        return initial_weights("lstm", input_features=32, units=8, seed=0).to_keras()


def test_the_readmes_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", Path("README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict = {"layer": Layer()}
    exec(code, names)
    trace = names["trace"]
    assert trace.forget_gate.shape == trace.c.shape == trace.h.shape == (1, 100, 8)
    np.testing.assert_array_equal(trace.weights.kernel, Layer().get_weights()[0])
