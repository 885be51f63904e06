"""The fields of a trace as pictures show them: whose colour a number wears, and what takes the full colour."""

import numpy as np

from rnn_core.cells.registry import CellTrace, cell_of

_ROLES = {
    "c": "carry", "tanh_c": "carry", "kept": "forget_gate", "added": "input_gate", "h": "state", "inputs": "input",
    "pre_activation": "bias",
}  # fmt: skip
# What a gate lets through wears the gate's colour; in a GRU one gate does both.
_ROLES_IN_GRU = {"kept": "update_gate", "added": "candidate"}


def at_hand(field: str) -> str:
    """The field that a number of the timestep before belongs to: "h" for "h_previous"."""
    return field.removesuffix("_previous")


def role(trace: CellTrace, field: str) -> str:
    """Return whose colour a number wears, a name of `palette.ROLES`; gates and candidate have their own."""
    field = at_hand(field)
    own = _ROLES_IN_GRU if cell_of(trace).name == "gru" else {}
    return own.get(field) or _ROLES.get(field) or field


def scale(trace: CellTrace, field: str) -> float:
    """Return the size that takes the full colour: 1 where numbers lie between -1 and 1, else the largest there is."""
    field = at_hand(field)
    if cell_of(trace).name == "lstm" and field in ("kept", "added"):
        field = "c"
    return largest(getattr(trace, field)[0]) if field in ("c", "inputs", "pre_activation") else 1.0


def largest(values: np.ndarray) -> float:
    """The size of the largest finite number, and 1 where there is none above 0."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0
