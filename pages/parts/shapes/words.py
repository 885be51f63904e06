"""What the page of shapes says: the words of its pictures, and what a stack does."""

from pages.common.language import _
from rnn_core.shapes import Recurrent, Stack, StackReport, class_name


def flow_labels() -> dict[str, str]:
    """Return the words of the tensors' picture."""
    return {
        "batch": _("batch {n}"),
        "timesteps": _("{n} timesteps"),
        "backwards": _("{n} timesteps, last one first"),
        "feature": _("feature"),
        "features": _("features"),
        "last": _("only the last of {timesteps}"),
        "last_of_each": _("each way only the last of {timesteps}"),
        "parameters": _("{n} parameters"),
        "refused": _("Keras refuses this layer"),
        "unreached": _("never reached"),
        "word_ids": _("one number per word"),
        "slice": _("sequence {sequence}, timestep {timestep}: {numbers} numbers"),
        "alt": _("The tensors that go through the stack, from the input to the last layer."),
    }


def count_labels() -> dict[str, str]:
    """Return the words of the picture of the parameters."""
    return {
        "total": _("parameters in all, each layer's share"),
        "kernel": _("kernel = inputs × blocks × units"),
        "recurrent_kernel": _("recurrent kernel = units × blocks × units"),
        "bias": _("bias"),
        "table": _("the table of word vectors, not to the scale of the others"),
        "forward": _("forward"),
        "backward": _("backward"),
        "alt": _("The parameters of each layer, split into their arrays."),
    }


def observation(told: StackReport) -> str:
    """Say in a sentence what the last recurrent layer does with the timesteps."""
    reached = [
        (row.index + 1, row.layer)
        for row in told.rows
        if row.index is not None and isinstance(row.layer, Recurrent)
    ]
    if not reached:
        return _(
            "There is no recurrent layer here: `Dense` treats each timestep by itself and leaves the axes before "
            "the last as they are."
        )
    n, layer = reached[-1]
    both = layer.bidirectional
    if layer.return_sequences and both:
        message = _(
            "Layer {n}, {name}, passes on its output at **every** timestep. The filled pieces have read everything: "
            "the forward half at the last timestep, the backward half at the first."
        )
    elif layer.return_sequences:
        message = _(
            "Layer {n}, {name}, passes on its output at **every** timestep. The filled slice is the last one: only it "
            "has read everything."
        )
    elif both:
        message = _(
            "Layer {n}, {name}, passes on **only the last output of each direction**: forward that is at the last "
            "timestep, backward at the first. The parameters are the same either way."
        )
    else:
        message = _(
            "Layer {n}, {name}, computes an output at every timestep all the same, but passes on **only the last**, "
            "which has read everything. The parameters are the same either way."
        )
    return message.format(n=n, name=class_name(layer))


def about_weights(stack: Stack) -> str:
    """Explain the blocks of weights where there are gates, and GRU's second bias where there is a GRU."""
    cells = {layer.cell for layer in stack.layers if isinstance(layer, Recurrent)}
    if "gru" in cells:
        return _(
            "**Why two biases?** A GRU has **three** blocks of weights: two gates and the candidate. Keras lays them "
            "out as NVIDIA's cuDNN does, with one bias for the input's sum and one for the state's: 2 × 3 × units. For "
            "the gates both are simply added; only in the candidate do they act differently, since there the reset "
            "gate scales the state's sum."
        )
    if "lstm" in cells:
        return _(
            "An LSTM counts **four** blocks of weights: three gates and the candidate, each with a kernel, a recurrent "
            "kernel and a bias."
        )
    return _("The number of timesteps appears nowhere: every timestep uses the **same** weights.")
