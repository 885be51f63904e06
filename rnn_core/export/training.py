"""A training to take away: the same data, model, seed and settings in plain Keras."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType

from rnn_core.cells.registry import CELLS
from rnn_core.export import Cell, Code, Markdown
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.tasks import TASKS, Task, adding, delayed_recall, grammar, padding, small_reviews, small_reviews_zh
from rnn_core.training.spec import TrainingSpec, use_xla

# Modules that need nothing of this project but those before them, so that their source can be handed over.
GENERATORS: dict[str, tuple[ModuleType, ...]] = {
    "delayed_recall": (delayed_recall,),
    "adding": (adding,),
    "small_reviews": (padding, grammar, small_reviews),
    "small_reviews_zh": (padding, grammar, small_reviews_zh),
}

#: What the text around the code says; a page may hand over its own words, in its own language.
WORDS = {
    "title": "{cell} learns {task}",
    "seed": "The same seed gives the same data, the same first weights and the same order of batches, so the numbers "
    "are those of the recorded run but for the rounding of another machine.",
    "data": "The data. The last {validation} of {samples} sequences validate.",
    "model": "The model.",
    "fit": "The training.",
}


def training_cells(spec: TrainingSpec, words: Mapping[str, str] = WORDS) -> list[Cell]:
    """The run of `spec` as text and code that need Keras and NumPy only.

    Args:
        spec: the run's settings.
        words: the text between the pieces of code.

    Returns:
        Cells for as_script() or as_notebook().
    """
    values = {
        "cell": "Embedding + GlobalAveragePooling1D" if spec.cell == BAG_OF_WORDS else CELLS[spec.cell].label,
        "task": spec.task,
        "samples": spec.samples,
        "validation": spec.data.validation_samples,
    }
    text = {name: Markdown(sentence.format(**values)) for name, sentence in words.items()}
    return [
        Markdown(f"# {text['title'].text}"),
        text["seed"],
        Code("import keras"),
        text["data"],
        *_data(spec),
        text["model"],
        Code(_model(spec, TASKS[spec.task])),
        text["fit"],
        Code(_fit(spec)),
    ]


def _data(spec: TrainingSpec) -> list[Cell]:
    train, validation = spec.data.train_samples, spec.data.validation_samples
    if spec.task == "imdb":
        return [
            Code(
                f"""(x, y), _ = keras.datasets.imdb.load_data(num_words={TASKS["imdb"].input_size})
x = keras.utils.pad_sequences(x[:{spec.samples}], maxlen={spec.length}{_ends(spec)})
y = y[:{spec.samples}]
x_train, x_val = x[:{train}], x[{train}:]
y_train, y_val = y[:{train}], y[{train}:]"""
            )
        ]
    return [
        *(Code(_source(module)) for module in GENERATORS[spec.task]),
        Code(
            f"x_train, y_train, x_val, y_val = generate("
            f"train={train}, validation={validation}, length={spec.length}, seed={spec.seed}{_ends(spec)})"
        ),
    ]


def _ends(spec: TrainingSpec) -> str:
    """At which ends reviews are filled up and cut, as arguments; nothing where it is the default."""
    ends = {"padding": spec.padding, "truncating": spec.truncating}
    return "".join(f', {name}="{end}"' for name, end in ends.items() if end != getattr(TrainingSpec, name))


def _source(module: ModuleType) -> str:
    """A module as it stands, without what it imports of the modules before it."""
    lines = inspect.getsource(module).splitlines()
    return "\n".join(line for line in lines if not line.startswith("from ."))


def _model(spec: TrainingSpec, task: Task) -> str:
    layers = ["keras.Input(x_train.shape[1:])"]
    if task.inputs == "tokens":
        layers = ['keras.Input(x_train.shape[1:], dtype="int32")']
        mask = ", mask_zero=True" if spec.mask else ""
        layers.append(f"keras.layers.Embedding({task.input_size}, {task.embedding_features}{mask})")
    if spec.cell == BAG_OF_WORDS:
        layers.append("keras.layers.GlobalAveragePooling1D()")
    else:
        for layer in range(spec.layers):
            sequences = ", return_sequences=True" if layer < spec.layers - 1 else ""
            code = f"keras.layers.{CELLS[spec.cell].label}({spec.units}{sequences})"
            layers.append(f"keras.layers.Bidirectional({code})" if spec.bidirectional else code)
    dense, loss = {
        "classes": (f'{len(task.answers)}, activation="softmax"', "sparse_categorical_crossentropy"),
        "binary": ('1, activation="sigmoid"', "binary_crossentropy"),
        "regression": ("1", "mse"),
    }[task.answer]
    layers.append(f"keras.layers.Dense({dense})")

    clip = f", global_clipnorm={spec.clip}" if spec.clip else ""
    metrics = "" if task.answer == "regression" else '\n    metrics=["acc"],'
    stack = "\n".join(f"        {layer}," for layer in layers)
    return f"""keras.utils.set_random_seed({spec.seed})
model = keras.Sequential(
    [
{stack}
    ]
)
model.compile(
    optimizer=keras.optimizers.RMSprop(learning_rate={spec.learning_rate}{clip}),
    loss="{loss}",{metrics}
    jit_compile={use_xla(spec)},
)
model.summary()"""


def _fit(spec: TrainingSpec) -> str:
    stopping = ""
    if spec.early_stopping is not None:
        stopping = f"\n    callbacks=[keras.callbacks.EarlyStopping(patience={spec.early_stopping})],"
    return f"""history = model.fit(
    x_train,
    y_train,
    batch_size={spec.batch_size},
    epochs={spec.epochs},
    validation_data=(x_val, y_val),{stopping}
)"""
