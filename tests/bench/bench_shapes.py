"""How long our own rules and Keras' own word take, in milliseconds. Run: python tests/bench/bench_shapes.py"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from rnn_core.export.shapes import as_code, model_lines
from rnn_core.models.stack import keras_answer, keras_values
from rnn_core.shapes import PRESETS, Embedding, Recurrent, Stack, mend, report
from rnn_core.shapes_link import from_link, to_link

STACKS = {
    "article, 5 layers": PRESETS["stacked_simple_rnn"],
    "impossible": PRESETS["mistake_no_sequences"],
    "largest, 8 × bidirectional": Stack(
        Embedding(), tuple(Recurrent("lstm", 64, return_sequences=True, bidirectional=True) for _ in range(8))
    ),
}


def milliseconds(function, times):
    """Median and 95th percentile after one warm-up."""
    function()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    return f"{taken[len(taken) // 2]:9.2f} {taken[int(0.95 * len(taken))]:9.2f}"


def our_rules(stack):
    report(stack)
    mend(stack)
    as_code(model_lines(stack))
    from_link(to_link(stack))


if __name__ == "__main__":
    print(f"{'':45}{'median':>9} {'p95':>9}  ms")
    for name, stack in STACKS.items():
        raw = stack.to_json()
        print(f"{name + ': our rules, code and link':45}", milliseconds(lambda s=stack: our_rules(s), 200))
        print(f"{name + ': keras_answer, warm':45}", milliseconds(lambda r=raw: keras_answer(r), 20))
        print(f"{name + ': keras_values (2, 6), warm':45}", milliseconds(lambda r=raw: keras_values(r), 10))
