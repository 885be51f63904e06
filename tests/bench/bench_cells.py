"""How long the NumPy cells take, beside Keras: `python -m tests.bench.bench_cells`.

Prints, from one run, the time of an LSTM(32) over (128, 500, 32) in NumPy (keeping every gate of every
timestep) and in `predict_on_batch` of Keras, taken in turns, and their ratio; then what a page waits
for: a forward pass of 100 timesteps and 64 units, and the opening of a number.
"""

from __future__ import annotations

import os

# Products as small as a cell's gain nothing from a second thread; on a busy machine two threads mostly
# wait for each other, and the time of a pass jumps to many times its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics
import time
from collections.abc import Callable

import numpy as np

from rnn_core.cells import gru_forward, initial_weights, lstm_forward, simple_rnn_forward
from rnn_core.explain.arithmetic import open_number

ROUNDS = 15


def milliseconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def told(name: str, times: list[float]) -> str:
    return f"{name:<48} median {statistics.median(times):7.1f} ms   best {min(times):7.1f} ms"


def beside_keras() -> None:
    import keras

    inputs = np.random.default_rng(0).normal(size=(128, 500, 32)).astype("float32")
    weights = initial_weights("lstm", 32, 32, seed=0)
    model = keras.Sequential([keras.Input((500, 32)), keras.layers.LSTM(32)])
    model.set_weights(weights.to_keras())

    outputs = model.predict_on_batch(inputs)  # the first call traces the graph
    difference = np.abs(outputs - lstm_forward(inputs, weights).h[:, -1]).max()
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs.append(milliseconds(lambda: model.predict_on_batch(inputs)))
        ours.append(milliseconds(lambda: lstm_forward(inputs, weights)))
    print(told("Keras predict_on_batch, LSTM(32), (128, 500, 32)", theirs))
    print(told("NumPy lstm_forward, the same", ours))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"NumPy / Keras = {ratio:.2f} (aim: at most 2), largest difference {difference:.1e}")


def one_sequence() -> None:
    inputs = np.random.default_rng(0).normal(size=(1, 100, 32))
    for cell, forward in (("simple_rnn", simple_rnn_forward), ("lstm", lstm_forward), ("gru", gru_forward)):
        weights = initial_weights(cell, 32, 64, seed=0, dtype=np.float64)
        trace = forward(inputs, weights)
        times = [milliseconds(lambda f=forward, w=weights: f(inputs, w)) for _ in range(ROUNDS)]
        print(told(f"NumPy {cell}, (1, 100, 32) → 64", times))
        field = weights.GATES[-1]
        times = [milliseconds(lambda t=trace, w=weights, f=field: open_number(t, w, f, 50, 3)) for _ in range(ROUNDS)]
        print(told(f"    opening {field}", times))


def main() -> None:
    beside_keras()
    one_sequence()


if __name__ == "__main__":
    main()
