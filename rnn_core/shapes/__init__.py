"""Output shapes and parameter counts of a stack of layers, by rules a reader can do on paper.

`stack` describes what is stacked, `rules` counts and refuses as Keras does, `presets` holds the lesson's stacks,
`link` writes one into a link and reads it back, `guess` tells how a wrong guess came about. Nothing here needs Keras;
the tests hold every rule against it.

>>> report(PRESETS["imdb_lstm"]).total
328353
"""

from rnn_core.shapes.presets import DEFAULT, PRESETS
from rnn_core.shapes.rules import (
    LayerReport,
    ParameterCount,
    ParameterTerm,
    Problem,
    Shape,
    StackReport,
    Tensor,
    concrete,
    keras_names,
    mend,
    output_tensors,
    parameter_count,
    report,
    shape_text,
)
from rnn_core.shapes.stack import (
    ACTIVATIONS,
    MAX_LAYERS,
    MAX_TIMESTEPS,
    MAX_UNITS,
    MAX_VOCABULARY,
    MERGE_MODES,
    Dense,
    Edit,
    Embedding,
    Layer,
    RawInput,
    Recurrent,
    Stack,
    StackError,
    class_name,
    edited,
    stack_from_json,
)

__all__ = [
    "ACTIVATIONS",
    "DEFAULT",
    "MAX_LAYERS",
    "MAX_TIMESTEPS",
    "MAX_UNITS",
    "MAX_VOCABULARY",
    "MERGE_MODES",
    "PRESETS",
    "Dense",
    "Edit",
    "Embedding",
    "Layer",
    "LayerReport",
    "ParameterCount",
    "ParameterTerm",
    "Problem",
    "RawInput",
    "Recurrent",
    "Shape",
    "Stack",
    "StackError",
    "StackReport",
    "Tensor",
    "class_name",
    "concrete",
    "edited",
    "keras_names",
    "mend",
    "output_tensors",
    "parameter_count",
    "report",
    "shape_text",
    "stack_from_json",
]
