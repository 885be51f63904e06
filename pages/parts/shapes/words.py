"""What the page of shapes says in the visitor's language: what the rules have to say, and what it observes."""

from pages.common.language import _
from rnn_core.errors import Told
from rnn_core.shapes import Recurrent, Stack, StackReport, class_name


def say(told: Told) -> str:
    """Return what the rules of shapes have to say, as Markdown that a link cannot put anything into."""
    values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in told.values.items()}
    if isinstance(values.get("given"), str):
        values["given"] = _plain(values["given"])
    return _(told.sentence).format(**values)


def observation(told: StackReport) -> str:
    """Say in a sentence what the last recurrent layer does with the timesteps."""
    reached = [row for row in told.rows if isinstance(row.layer, Recurrent)]
    if not reached:
        return _(
            "There is no recurrent layer here: `Dense` treats each timestep by itself and leaves the axes before "
            "the last as they are."
        )
    row = reached[-1]
    values = {"n": row.index + 1, "name": class_name(row.layer), "units": row.layer.units}
    both = row.layer.bidirectional
    if row.layer.return_sequences and both:
        message = _(
            "Layer {n}, {name}, hands on its output at **every** timestep. The filled pieces have read everything: the "
            "forward half at the last timestep, the backward half at the first."
        )
    elif row.layer.return_sequences:
        message = _(
            "Layer {n}, {name}, hands on its output at **every** timestep. The filled slice is the last one: "
            "only it has "
            "read everything."
        )
    elif both:
        message = _(
            "Layer {n}, {name}, hands on **only the last output of each direction**: forward that is at the last "
            "timestep, "
            "backward at the first. The parameters are the same either way."
        )
    else:
        message = _(
            "Layer {n}, {name}, computes an output at every timestep all the same, but hands on **only the "
            "last**, which "
            "has read everything. The parameters are the same either way."
        )
    return message.format(**values)


def about_biases(stack: Stack) -> str:
    """Explain GRU's second bias where there is a GRU."""
    if any(getattr(layer, "cell", "") == "gru" for layer in stack.layers):
        return _(
            "**Why two biases?** Keras' GRU applies the reset gate *after* the product with the recurrent kernel "
            "(`reset_after=True`). "
            "So that product has a bias of its own, beside the input's: 2 × 3 × units."
        )
    if any(getattr(layer, "cell", "") == "lstm" for layer in stack.layers):
        return _(
            "An LSTM counts **four** times: three gates and the candidate each have a kernel, a recurrent kernel "
            "and a bias."
        )
    return _("The number of timesteps appears nowhere: every timestep uses the **same** weights.")


def _plain(value: str) -> str:
    """A link's own words are repeated without anything that Markdown would act on."""
    return "".join(c for c in value if c.isalnum() or c in " .,+-=()_…").replace("_", r"\_")
