"""The curves of a gradient to take away: as code that asks Keras for the same numbers, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rnn_core.cells.initial import initial_weights
from rnn_core.cells.recurrent import with_recurrent
from rnn_core.cells.registry import cell_of
from rnn_core.cells.weights import Array, Weights
from rnn_core.errors import Told
from rnn_core.explain.gradient import Reach, reach, reach_forwards
from rnn_core.export import Cell, Code, Markdown
from rnn_core.export.arrays import array_code, packed_code


class MemoryWords(Told):
    """What the text around the code says; a page may put it into its own language."""

    SENTENCES: ClassVar = {
        "title": "How much of a gradient reaches each timestep, asked of Keras",
        "last": "The loss L is `direction` · h at the last timestep. Keras' own cell reads the sequence under a "
        "GradientTape, which then gives ∂L/∂h of every timestep, of an LSTM also ∂L/∂c. What is compared is the length "
        "of each.",
        "every": "The loss L is `direction` · h, summed over all timesteps. Keras' own cell reads the sequence under a "
        "GradientTape, which then gives ∂L/∂h of every timestep, of an LSTM also ∂L/∂c. What is compared is the length "
        "of each. The half-life is that of the last timestep's loss alone.",
        "clip": "If the gradient of a cell's weights is longer than {clip}, everything is scaled down to that length, "
        "as `global_clipnorm` does it.",
        "forwards": "The first input is moved a little along `direction`. How far that moves each later state is "
        "compared, as a share of how far it moves the first.",
        "compare": "Printed are some timesteps, counted from 0 as Python does: what Keras finds, and what stands on "
        "the page. Two programs round differently, and such differences grow where a gradient explodes or a unit is "
        "saturated. Numbers below 1e-300 have lost their digits.",
        "cell": "{layer}: {timesteps} timesteps, {units} units",
    }


@dataclass(frozen=True)
class Drawn:
    """How `initial_weights` and `with_recurrent` drew a kernel and a recurrent kernel; their arguments."""

    seed: int
    recipe: str
    radius: float

    def weights(self, cell: str, input_features: int, units: int) -> Weights:
        """Draw them again, in float64."""
        first = initial_weights(cell, input_features, units, self.seed, np.float64)
        return with_recurrent(first, self.recipe, self.radius, self.seed)


@dataclass(frozen=True, eq=False)
class Measured:
    """What one cell's curve came from.

    Attributes:
        weights: of any cell; computed with in float64.
        inputs: the sequence it read from a state of zeros, (1, timesteps, input_features).
        direction: of `reach`, (units,); if `forwards`, of `reach_forwards`, (input_features,).
        every, clip: of `reach`.
        forwards: whether the first input was nudged, rather than a loss's gradient sent back.
        drawn: how the weights were drawn. If that gives exactly these kernels, the code draws them too; else it holds
            their bytes.
        mask: (1, timesteps), False where a timestep is skipped; None if all are read.
    """

    weights: Weights
    inputs: Array
    direction: Array
    every: bool = False
    clip: float | None = None
    forwards: bool = False
    drawn: Drawn | None = None
    mask: NDArray[np.bool_] | None = None

    @property
    def reach(self) -> Reach:
        """The curve."""
        weights = self.weights.astype(np.float64)
        trace = cell_of(weights).forward(self.inputs, weights, mask=self.mask, **_variant(weights))
        if self.forwards:
            return reach_forwards(trace, self.direction)
        return reach(trace, self.direction, every=self.every, clip=self.clip)


LENGTHS = """def length(array):
    \"\"\"The Euclidean length, without a square that overflows or vanishes.\"\"\"
    array = np.ravel(array)
    largest = np.abs(array).max()
    return largest * np.sqrt(((array / largest) ** 2).sum()) if 0 < largest < np.inf else largest


def lengths_of(steps):
    \"\"\"The lengths at each timestep: of h, and of an LSTM's c.\"\"\"
    return {name: np.array([length(part) for part in parts]) for name, parts in zip("hc", zip(*steps))}


def half_life(lengths):
    \"\"\"After how many timesteps half is left, by a straight line through the logarithms; negative: it doubles.\"\"\"
    measured = np.isfinite(lengths) & (lengths > 1e-300)
    steps = len(lengths) - 1 if measured.all() else int(measured.argmin()) - 1
    if steps < 1:
        return np.nan
    walked = np.arange(steps + 1) - steps / 2
    slope = walked @ np.log2(lengths[: steps + 1]) / (walked @ walked)
    return -1 / slope if abs(slope) > 1e-12 else np.inf"""

BACKWARDS = """@np.errstate(all="ignore")  # what overflows is shown as inf or nan
def backwards(cell, inputs, direction, every=False, clip=None, mask=None):
    \"\"\"How long the gradient is that reaches each timestep, and its half-life.\"\"\"
    mask = np.ones(len(inputs), bool) if mask is None else np.array(mask)
    states, steps = cell.get_initial_state(1), []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(states)
        for x, read in zip(inputs, mask):
            # What is skipped leaves the states as they are.
            states = cell(x[np.newaxis], states)[1] if read else [tf.identity(state) for state in states]
            steps.append(states)
        # Before anything was read there is no output, and so no loss.
        begun = np.logical_or.accumulate(mask)
        losses = [tf.reduce_sum(direction * states[0] * read) for states, read in zip(steps, begun.astype(float))]
        loss = tf.add_n(losses) if every else losses[-1]
    of_states, of_weights = tape.gradient(loss, [steps, cell.trainable_weights], unconnected_gradients="zero")
    from_last = tape.gradient(losses[-1], steps, unconnected_gradients="zero") if every else of_states
    scale = 1.0
    if clip is not None:
        of_weights = np.concatenate([np.ravel(gradient) for gradient in of_weights])
        scale = min(1.0, clip / max(length(of_weights), 1e-300))
    lengths = {name: scale * numbers for name, numbers in lengths_of(of_states).items()}
    return lengths, {name: half_life(scale * numbers[::-1]) for name, numbers in lengths_of(from_last).items()}"""

FORWARDS = """@np.errstate(all="ignore")  # what overflows is shown as inf or nan
def forwards(cell, inputs, direction, mask=None):
    \"\"\"How far a nudge of the first input moves each later state, and the half-life of that.\"\"\"

    @tf.function
    def step(x, states, x_moves, states_move):
        with tf.autodiff.ForwardAccumulator([x, *states], [x_moves, *states_move]) as accumulator:
            output, states = cell(x, states)
        return states, [accumulator.jvp(state) for state in states]

    states = cell.get_initial_state(1)
    states_move = [tf.zeros_like(state) for state in states]
    x_moves = tf.constant(direction[np.newaxis])
    steps = []
    for x, read in zip(inputs, np.ones(len(inputs), bool) if mask is None else mask):
        if read:  # what is skipped leaves the states as they are
            states, states_move = step(tf.constant(x[np.newaxis]), states, x_moves, states_move)
        steps.append(states_move)
        x_moves = tf.zeros_like(x_moves)  # later inputs stay what they are
    lengths = {name: numbers / (numbers[0] or np.nan) for name, numbers in lengths_of(steps).items()}
    return lengths, {name: half_life(numbers) for name, numbers in lengths.items()}"""

COMPARE = """def compare(label, lengths, half_lives):
    \"\"\"Print what Keras finds beside what stands on the page.\"\"\"
    for name, theirs in page.items():
        ours = lengths[name][timesteps]
        print(label, name)
        print(f"{'timestep':>9} {'Keras':>20} {'page':>20}")
        for row in zip(timesteps, ours, theirs):
            print("{:9} {:20.12e} {:20.12e}".format(*row))
        print(f"half-life {half_lives[name]:20.12g} {page_half_lives[name]:20.12g}")
        with np.errstate(invalid="ignore"):
            difference = np.abs(ours - theirs) / np.maximum(theirs, 1e-300)
        difference[~np.isfinite(ours) & ~np.isfinite(theirs)] = 0
        print(f"largest relative difference {difference.max():.1e}")
        print()"""

ORTHOGONAL = """def orthogonal(random, rows, columns):
    \"\"\"Rows (or columns, where there are fewer of them) of length 1 at right angles to one another.\"\"\"
    q, r = np.linalg.qr(random.normal(size=(max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))
    return q if rows >= columns else q.T"""

KERNEL = """random = np.random.default_rng({seed})
limit = np.sqrt(6 / ({input_features} + {columns}))
kernel = random.uniform(-limit, limit, ({input_features}, {columns}))"""

RECURRENT = {
    "keras": "recurrent_kernel = orthogonal(random, {units}, {columns})",
    "orthogonal": """random = np.random.default_rng([{seed}, 1])
blocks = [orthogonal(random, {units}, {units}) for _ in range({blocks})]
recurrent_kernel = {radius} * np.concatenate(blocks, axis=1)""",
    "normal": """random = np.random.default_rng([{seed}, 1])
blocks = [random.normal(size=({units}, {units})) for _ in range({blocks})]
blocks = [block / np.abs(np.linalg.eigvals(block)).max() for block in blocks]
recurrent_kernel = {radius} * np.concatenate(blocks, axis=1)""",
    "identity": "recurrent_kernel = {radius} * np.concatenate([np.eye({units})] * {blocks}, axis=1)",
}
#: How many timesteps are printed.
PRINTED = 12

CELL = """cell = keras.layers.{layer}Cell({arguments}, dtype="float64")
cell.build((None, {input_features}))
cell.set_weights([kernel, recurrent_kernel, bias])"""


def memory_code(measured: Sequence[Measured], *, words: Mapping[str, str] = MemoryWords.SENTENCES) -> list[Cell]:
    """Code that asks Keras for what each curve shows, and prints it beside the page's numbers.

    Needs NumPy, TensorFlow and Keras with TensorFlow as its backend.

    Args:
        measured: one for each cell; what they have in common is written once.
        words: the texts, by the codes of MemoryWords.

    Returns:
        Text and code for `as_script` and `as_notebook`.
    """
    about = dict.fromkeys(text for one in measured for text in _about(one, words))
    ways = dict.fromkeys(FORWARDS if one.forwards else BACKWARDS for one in measured)
    helpers = [LENGTHS, *ways, COMPARE]
    if any(_redrawn(one) and one.drawn.recipe in ("keras", "orthogonal") for one in measured):  # type: ignore[union-attr]
        helpers.append(ORTHOGONAL)
    cells: list[Cell] = [
        Markdown("\n\n".join([f"# {words['title']}", *about, words["compare"]])),
        Code("import base64\n\nimport keras\nimport numpy as np\nimport tensorflow as tf"),
        Code("\n\n\n".join(helpers)),
    ]
    standing: dict[str, str] = {}
    for one in measured:
        sizes = {"layer": cell_of(one.weights).label, "units": one.weights.units, "timesteps": one.inputs.shape[1]}
        cells.append(Markdown(f"## {words['cell'].format(**sizes)}"))
        arrays = {"inputs": one.inputs[0], "direction": one.direction}
        read = {name: packed_code(np.asarray(array, np.float64)) for name, array in arrays.items()}
        lines = [f"{name} = {code}" for name, code in read.items() if standing.get(name) != code]
        standing = read
        if lines:
            cells.append(Code("\n".join(lines)))
        cells += [Code(_cell(one)), Code(_asked(one))]
    return cells


def memory_csv(reaches: Mapping[str, Reach]) -> str:
    """Curves as a table: a row for each timestep, counted from 0, and a column for each curve, such as `lstm_c`."""
    columns = {f"{name}_{part}": lengths for name, one in reaches.items() for part, lengths in one.lengths.items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["timestep", *columns])
    rows = zip_longest(*(lengths.tolist() for lengths in columns.values()), fillvalue="")
    writer.writerows([t, *row] for t, row in enumerate(rows))
    return text.getvalue()


def _variant(weights: Weights) -> dict[str, bool]:
    """Which of its variants a cell is, as arguments; a GRU's bias has two rows where it resets after the matrix."""
    return {name: weights.bias.ndim == 2 for name in cell_of(weights).variant}


def _about(one: Measured, words: Mapping[str, str]) -> list[str]:
    """What is measured, in words."""
    if one.forwards:
        return [words["forwards"]]
    clipped = [] if one.clip is None else [words["clip"].format(clip=one.clip)]
    return [words["every" if one.every else "last"], *clipped]


def _redrawn(one: Measured) -> bool:
    """Whether drawing the kernels again gives exactly those that were measured."""
    weights = one.weights
    if one.drawn is None:
        return False
    again = one.drawn.weights(cell_of(weights).name, weights.input_features, weights.units)
    return np.array_equal(again.kernel, weights.kernel) and np.array_equal(
        again.recurrent_kernel, weights.recurrent_kernel
    )


def _cell(one: Measured) -> str:
    """Keras' cell with its weights, as code."""
    kind, weights = cell_of(one.weights), one.weights.astype(np.float64)
    if one.drawn is not None and _redrawn(one):
        sizes = {"units": weights.units, "input_features": weights.input_features, "blocks": len(kind.blocks)}
        how = sizes | {"columns": weights.kernel.shape[1], "seed": one.drawn.seed, "radius": one.drawn.radius}
        kernels = [KERNEL.format(**how), RECURRENT[one.drawn.recipe].format(**how)]
    else:
        kernels = [f"{name} = {packed_code(getattr(weights, name))}" for name in ("kernel", "recurrent_kernel")]
    arguments = [str(weights.units), *(f"{name}={value}" for name, value in _variant(weights).items())]
    made = CELL.format(layer=kind.label, arguments=", ".join(arguments), input_features=weights.input_features)
    return "\n".join([*kernels, f"bias = {_bias_code(weights)}", "", made])


def _bias_code(weights: Weights) -> str:
    """A bias, shortly where all units have the same, as before a training."""
    blocks = weights.bias.reshape(*weights.bias.shape[:-1], len(weights.GATES), weights.units)
    if not (blocks == blocks[..., :1]).all():
        return packed_code(weights.bias)
    return f"np.repeat({array_code(blocks[..., 0])}, {weights.units}, axis=-1)"


def _asked(one: Measured) -> str:
    """What stands on the page, and the question to Keras, as code."""
    found = one.reach
    last = len(found.lengths["h"]) - 1
    timesteps = np.unique(np.linspace(0, last, PRINTED).round().astype(int))
    page = "\n".join(f'    "{name}": {array_code(lengths[timesteps])},' for name, lengths in found.lengths.items())
    half_lives = ", ".join(f'"{name}": {_number_code(number)}' for name, number in found.half_lives.items())
    way = "" if one.forwards else f", every={one.every}, clip={one.clip}"
    mask = "" if one.mask is None else f", mask={one.mask[0].tolist()}"
    call = f"{'forwards' if one.forwards else 'backwards'}(cell, inputs, direction{way}{mask})"
    return f"""timesteps = {timesteps.tolist()}
page = {{
{page}
}}
page_half_lives = {{{half_lives}}}

lengths, half_lives = {call}
compare("{cell_of(one.weights).label}", lengths, half_lives)"""


def _number_code(number: float) -> str:
    return repr(float(number)) if np.isfinite(number) else f"float('{float(number)}')"
