"""What the rules of shapes have to say, in the visitor's language: sentences by code, values filled in."""

from pages.common.language import _
from rnn_core.shapes import Problem, Recurrent, Stack, StackReport, class_name
from rnn_core.shapes.guess import Feedback


def sentence(problem: Problem) -> str:
    """Return what is wrong with a stack or a link, as Markdown that a link cannot put anything into."""
    values = dict(problem.values)
    if isinstance(values.get("given"), str):
        values["given"] = _plain(values["given"])
    return sentences()[problem.code].format(**values)


def feedback(answer: Feedback) -> str:
    """Return what a guess tells about how it came about."""
    values = {
        name: f"{value:,}" if isinstance(value, int) and name != "factor" else value
        for name, value in answer.values.items()
    }
    return feedbacks()[answer.code].format(**values)


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


def sentences() -> dict[str, str]:
    return {
        "not_a_sequence": _(
            "Layer {layer} ({layer_class}) expects (batch, timesteps, features), but layer {previous} "
            "({previous_class}) "
            "hands on {shape}, since layer {cause} ({cause_class}) has return_sequences=False."
        ),
        "several_tensors": _(
            "Layer {layer} ({layer_class}) expects one tensor, but layer {previous} ({previous_class}) hands on a list "
            "of {tensors}, since it has {reason}."
        ),
        "both_backwards": _(
            "Layer {layer} is Bidirectional and adds the backward reading by itself; with go_backwards=True both "
            "of its "
            "halves would read backwards."
        ),
        "answer_per_timestep": _(
            "Layer {layer} (Dense) gives an answer at every timestep, {shape}, since layer {cause} ({cause_class}) has "
            "return_sequences=True."
        ),
        "not_a_stack": _("This is not a description of a stack, so you see the article's first model instead."),
        "no_input": _("The stack does not say what it reads, so it reads word ids through Embedding(10000, 32)."),
        "no_layers": _("A stack needs at least one layer, so it was given SimpleRNN(32)."),
        "too_many_layers": _("There are {given} layers; the first {used} were kept."),
        "unknown_layer": _('There is no layer called "{given}" here, so it was left out.'),
        "unknown_word": _('Layer {layer} does not know "{given}", so it was ignored.'),
        "out_of_range": _("{name} must be a whole number from {low} to {high}, so {used} is used instead of {given}."),
        "link_too_long": _(
            "The link is longer than any stack of ours ({given} characters); its first {used} were read."
        ),
        "bad_choice": _('{name} cannot be "{given}"; it must be one of {choices}.'),
    }


def feedbacks() -> dict[str, str]:
    return {
        "right": _("Right."),
        "no_bias": _("You forgot the bias: there are {missing} more parameters."),
        "one_bias": _("A GRU has two biases, one for the input and one for the state; you counted one."),
        "two_biases": _("You counted two biases; only GRU has two."),
        "bias_of_one_gate": _("Each of the {gates} gates has its own bias; you counted the bias of one gate."),
        "no_recurrent_kernel": _(
            "You forgot the recurrent kernel, which multiplies the state: units × units for each gate."
        ),
        "no_kernel": _("You forgot the kernel, which multiplies the input."),
        "only_kernel": _("You counted the kernel alone; the recurrent kernel and the bias are missing."),
        "one_gate": _("You counted one gate; this layer has {gates}, each with weights of its own."),
        "gates_of_lstm": _("You counted four gates, as LSTM has; this layer has {gates}."),
        "gates_of_gru": _("You counted three gates, as GRU has; this layer has {gates}."),
        "recurrent_kernel_is_a_vector": _(
            "You counted the recurrent kernel as units numbers; it is a matrix, units × units for each gate."
        ),
        "one_direction": _("You counted one direction; the backward half has as many parameters of its own."),
        "one_direction_of_input": _(
            "You counted {half} input features; the bidirectional layer before hands on {input_features}."
        ),
        "times_timesteps": _(
            "You multiplied by the number of timesteps; every timestep uses the same weights, so their number does "
            "not depend on it."
        ),
        "times_something": _(
            "Your number is {factor} times the right one; weights are not repeated for timesteps or batch."
        ),
        "flattened": _(
            "Dense works on each timestep by itself, with the same weights; you counted weights for all of them."
        ),
        "dimension_only": _("That is one vector; the table has one for each of the {vocabulary} words."),
        "vocabulary_only": _("That is one number for each word; each word has a vector of {dimension} numbers."),
        "with_bias": _("An Embedding only looks vectors up; it has no bias."),
        "close": _("Close: you are {difference} off. The parts are right, probably; look at the sum again."),
        "kept_time": _("You kept the timesteps; with return_sequences=False only the last output is handed on."),
        "dropped_time": _("You dropped the timesteps; every one of them has its own output here."),
        "no_batch": _("You forgot the batch: the first axis counts the sequences."),
        "input_features": _(
            "You kept the size of the input; the last axis has as many numbers as the layer has units."
        ),
        "gates_times_units": _("The gates stay inside; only {units} numbers come out."),
        "both_merged": _(
            "merge_mode={merge_mode} puts both directions into one vector of {units}; only concat doubles it."
        ),
        "one_direction_out": _("Both directions are put side by side: 2 × {units} numbers."),
        "swapped": _("The order is batch, timesteps, features."),
        "rank": _("This tensor has {expected} axes; you named {given}."),
        "unknown": _("Not quite; look at the arithmetic."),
    }
