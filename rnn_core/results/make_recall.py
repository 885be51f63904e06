"""Train every cell at delayed recall of growing lengths, and write recall.json anew.

    python -m rnn_core.results.make_recall

A command that was ended goes on where it was.

Why the trainings are what they are:

- All networks learn alike: the same sequences, units, rate, epochs and batches. What differs is the cell, and the bias
  with which a gate begins. Three seeds, since one training proves little.
- Units and rate are those of the page that trains. A rate of 0.003 or 0.001 taught the SimpleRNN less, not more.
  Gradients are clipped, for a SimpleRNN's sake: an exploding one would spoil a comparison of vanishing ones.
- 8,000 sequences, because with 5,000 the gated cells learnt many by heart; 20 epochs, because then all of it takes
  less than half an hour on one thread.
- With a forget bias of 5 an LSTM forgets nothing, yet its input gate stands half open, and all that is read is piled
  up. So there is a row more: an input bias of -5 beside it, which lets next to nothing in until it has been learnt
  what. A GRU has one gate for both, so its update bias of 5 is the same idea in one number. (Of Tallec & Ollivier 2018;
  their biases are drawn from the lengths to bridge.)
- The gradient is that of the network's own loss, in sequences that it was not trained on, in float64 so that nothing
  is rounded to zero. Its length does not matter, only its direction: each walk begins with a vector of length 1.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.cells.weights import Array
from rnn_core.explain.gradient import reach
from rnn_core.models.build import build_model
from rnn_core.models.network import Network
from rnn_core.models.trained import Trained, arrays_of
from rnn_core.results.recall import FILE, Settings

SETTINGS = Settings()
ROWS: tuple[tuple[str, dict[str, float]], ...] = (
    ("simple_rnn", {}),
    ("lstm", {}),
    ("lstm", {"forget_gate": 5.0}),
    ("lstm", {"forget_gate": 5.0, "input_gate": -5.0}),
    ("gru", {}),
    ("gru", {"update_gate": 5.0}),
)
LENGTHS = (10, 20, 50, 100, 200)
SEEDS = (0, 1, 2)
SMALLEST = float(np.finfo(np.float64).smallest_subnormal)
UNFINISHED = FILE.with_suffix(".unfinished.json")


def main() -> None:
    """Train on one thread: small steps gain nothing from a second one, and sums are added up in the same order."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    record()


def record() -> None:
    """Train one network after the other; after each, write down what there is so far."""
    todo = [(cell, biases, length, seed) for cell, biases in ROWS for length in LENGTHS for seed in SEEDS]
    trainings = _unfinished(todo)
    for cell, biases, length, seed in todo[len(trainings) :]:
        done = train(SETTINGS, cell, biases, length, seed)
        trainings.append(done)
        _write(UNFINISHED, trainings)
        print(
            f"{len(trainings)}/{len(todo)} {cell} {biases or ''} length {length}, seed {seed}: "
            f"{done['accuracies'][-1]:.1%} in {done['seconds']:.0f} s, {done['before']} → {done['after']}",
            flush=True,
        )
    UNFINISHED.replace(FILE)
    print(f"{FILE}: {FILE.stat().st_size // 1000} kB, {sum(t['seconds'] for t in trainings) / 60:.0f} min")


def train(settings: Settings, cell: str, biases: Mapping[str, float], length: int, seed: int) -> dict[str, Any]:
    """Train one network and measure it before and after.

    Returns:
        the fields of a `recall.Training`, as JSON has them.
    """
    import keras

    began = time.process_time()
    keras.backend.clear_session()
    dataset = tasks.load(tasks.Data(settings.task, length, settings.samples, seed))
    network = Network(settings.task, cell, settings.units)
    model = begun(network, dataset, settings, biases, seed)
    before = measure(network, model, dataset, settings.measured)
    history = model.fit(
        dataset.x_train, dataset.y_train, batch_size=settings.batch_size, epochs=settings.epochs,
        validation_data=(dataset.x_val, dataset.y_val), verbose=0,
    ).history  # fmt: skip
    return {
        "cell": cell, "biases": dict(biases), "length": length, "seed": seed, "parameters": model.count_params(),
        "seconds": round(time.process_time() - began, 1),
        "accuracies": [round(accuracy, 4) for accuracy in history["val_acc"]],
        "training_accuracy": round(history["acc"][-1], 4),
        "before": before, "after": measure(network, model, dataset, settings.measured),
    }  # fmt: skip


def begun(network: Network, dataset: tasks.Dataset, settings: Settings, biases: Mapping[str, float], seed: int) -> Any:
    """Return the network's model before its first epoch, with these biases of its gates."""
    model = build_model(
        network, dataset, learning_rate=settings.learning_rate, seed=seed, clip=settings.clip, jit_compile=True
    )
    layer = model.layers[1]
    kernel, recurrent_kernel, bias = layer.get_weights()
    columns = CELLS[network.cell].weights(kernel, recurrent_kernel, bias).columns
    for gate, value in biases.items():
        np.atleast_2d(bias)[0, columns(gate)] = value  # of a GRU's two rows, one: they are added up
    layer.set_weights([kernel, recurrent_kernel, bias])
    return model


def measure(network: Network, model: Any, dataset: tasks.Dataset, n: int) -> dict[str, dict[str, float]]:
    """Return the fields of a `recall.Gradient`: means over the first n validation sequences.

    Raises:
        ValueError: the gradient of a sequence cannot be followed for even one timestep.
    """
    arrays = {name: array.astype(np.float64) for name, array in arrays_of(model).items()}
    trained = Trained.from_arrays(network, arrays)
    halvings: dict[str, list[float]] = {}
    left: dict[str, list[float]] = {}
    for x, y in zip(dataset.x_val[:n], dataset.y_val[:n], strict=True):
        trace = trained.read(x[np.newaxis])
        walked = reach(trace, direction(trained, trace.h[0, -1], int(y)))
        for part, lengths in walked.from_last.items():
            halvings.setdefault(part, []).append(1 / walked.half_lives[part])
            left.setdefault(part, []).append(float(np.log10(max(lengths[0] / lengths[-1], SMALLEST))))
    if not np.isfinite([*halvings.values(), *left.values()]).all():
        raise ValueError(f"{network} has a gradient that cannot be followed: {halvings}, {left}")
    return {"halvings": _means(halvings), "left": _means(left)}


def _means(found: Mapping[str, list[float]]) -> dict[str, float]:
    return {part: float(f"{np.mean(values):.5g}") for part, values in found.items()}


def direction(trained: Trained, state: Array, answer: int) -> Array:
    """Return the direction of ∂loss/∂state, of length 1, for a loss that is the cross-entropy of this answer.

        ∂loss/∂state = head_kernel · (probabilities - right) = (1 - p) · Σ q·(column - column of the right answer)

    with p the right answer's probability and q those of the wrong ones among themselves. (1 - p) is left out: a network
    that is sure of itself has next to nothing of it, and all of its direction.

    Args:
        trained: answers with classes.
        state: the last h, (units,).
        answer: the right class.
    """
    scores = state @ trained.head_kernel + trained.head_bias
    scores[answer] = -np.inf
    wrong = np.exp(scores - scores.max())
    towards = trained.head_kernel @ (wrong / wrong.sum()) - trained.head_kernel[:, answer]
    return towards / np.linalg.norm(towards)


def _unfinished(todo: list[tuple]) -> list[dict[str, Any]]:
    """The trainings that an earlier command has left, if they are the first of those to do."""
    if not UNFINISHED.exists():
        return []
    raw = json.loads(UNFINISHED.read_text(encoding="utf-8"))
    done = [(t["cell"], t["biases"], t["length"], t["seed"]) for t in raw["trainings"]]
    return raw["trainings"] if raw["settings"] == asdict(SETTINGS) and done == todo[: len(done)] else []


def _write(file: Path, trainings: list[dict[str, Any]]) -> None:
    """Write all figures, one training a line."""
    lines = ",\n".join(json.dumps(training) for training in trainings)
    file.write_text(f'{{"settings": {json.dumps(asdict(SETTINGS))},\n"trainings": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
