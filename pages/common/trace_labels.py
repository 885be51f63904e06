"""What the pictures of a trace call its numbers, on every page alike."""

from pages.common.language import _
from pages.common.names import field_name
from rnn_core.cells.registry import CellTrace, cell_of


def trace_labels(trace: CellTrace, t: int) -> dict[str, str]:
    """Return the words of the diagram and of the strip, after t timesteps."""
    cell = cell_of(trace)
    names = {
        "c": _("carry c"), "c_previous": _("carry before"), "h": _("state h"), "h_previous": _("state before"),
        "tanh_c": "tanh(c)", "kept": _("kept"), "added": _("added"), "inputs": _("input x"),
        "pre_activation": _("sum"),
    }  # fmt: skip
    blocks = {gate: f"{cell.letters[gate]} {field_name(gate, trace)}" for gate in trace.weights.GATES if gate != "h"}
    return names | blocks | {
        "unit": _("unit"), "feature": _("feature"), "timestep": _("timestep"), "next": _("to the next timestep →"),
        "reads_1": _("each reads x"), "reads_2": _("and the state before"), "mean_size": _("mean size {value}"),
        "left": _("first input's trace"),
        "alt": _("{cell} after {t} of {timesteps} timesteps.").format(
            cell=cell.label, t=t, timesteps=trace.h.shape[1]
        ),
    }  # fmt: skip
