"""What the cells page says about its numbers: their names, what this timestep shows, the questions to guess."""

from functools import lru_cache

import numpy as np

from pages.common.language import _
from pages.common.predict import Ask
from pages.elements.arithmetic import field_name
from pages.parts.cells.settings import Settings, read
from rnn_core.cells import GRUTrace, LSTMTrace, SimpleRNNTrace
from rnn_core.cells.registry import CELLS
from rnn_core.charts.scene import short
from rnn_core.explain.arithmetic import CellTrace
from rnn_core.explain.first_input import first_input_left, gates_alone, memory
from rnn_core.explain.questions import SATURATED, Question, cell_questions


def labels(trace: CellTrace, t: int, settings: Settings) -> dict[str, str]:
    """Return the pictures' words."""
    names = {
        "c": _("carry c"),
        "c_previous": _("carry before"),
        "h": _("state h"),
        "h_previous": _("state before"),
        "tanh_c": "tanh(c)",
        "kept": _("kept"),
        "added": _("added"),
        "inputs": _("input x"),
        "candidate": _("candidate"),
        "pre_activation": _("sum"),
        "input_gate": _("input gate"),
        "forget_gate": _("forget gate"),
        "output_gate": _("output gate"),
        "update_gate": _("update gate"),
        "reset_gate": _("reset gate"),
    }
    letters = {gate: letter for cell in CELLS.values() for gate, letter in cell.letters.items()}
    for gate, letter in letters.items():
        names[gate] = f"{letter} {names[gate]}"
    return names | {
        "unit": _("unit"),
        "feature": _("feature"),
        "timestep": _("timestep"),
        "next": _("to the next timestep →"),
        "reads_1": _("each reads x"),
        "reads_2": _("and the state before"),
        "mean_size": _("mean size {value}"),
        "left": _("first input's trace"),
        "alt": _("{cell} after {t} of {timesteps} timesteps.").format(
            cell=settings.name, t=t, timesteps=settings.timesteps
        ),
    }


EQUATIONS = {
    "lstm": [
        "f = sigmoid(x·Wf + h·Uf + bf)",
        "i = sigmoid(x·Wi + h·Ui + bi)",
        "k = tanh(x·Wk + h·Uk + bk)",
        "o = sigmoid(x·Wo + h·Uo + bo)",
        "c = f * c + i * k",
        "h = o * tanh(c)",
    ],
    "gru": [
        "z = sigmoid(x·Wz + h·Uz + bz)",
        "r = sigmoid(x·Wr + h·Ur + br)",
        "k = tanh(x·Wk + bk + r * (h·Uk + ck))",
        "h = z * h + (1 - z) * k",
    ],
    "simple_rnn": ["h = tanh(x·W + h·U + b)"],
}


def observation(trace: CellTrace, t: int) -> str:
    """Say what this timestep's numbers show."""
    if t == 0:
        return _("Nothing has been read yet: state and memory are zero. Press **Next**, or the right arrow key.")
    now = t - 1
    if not (np.isfinite(memory(trace)[0, now]).all() and np.isfinite(trace.h[0, now]).all()):
        return _(
            "**Exploded:** the numbers have left what the computer can hold (∞ or NaN), and every later one "
            "inherits that. Make the inputs smaller."
        )
    h = trace.h[0, now]
    said = []
    if isinstance(trace, LSTMTrace):
        forget, add, show = (
            float(getattr(trace, gate)[0, now].mean()) for gate in ("forget_gate", "input_gate", "output_gate")
        )
        said.append(
            _(
                "The forget gates keep **{forget}** of the old carry, the input gates let **{add}** of "
                "the candidates on, the output gates show **{show}**."
            ).format(forget=f"{forget:.0%}", add=f"{add:.0%}", show=f"{show:.0%}")
        )
        carry = float(np.abs(trace.c[0, now]).max())
        if carry > 1:
            said.append(
                _("The carry has reached {carry}: unlike the state it may grow beyond 1.").format(carry=short(carry))
            )
    elif isinstance(trace, GRUTrace):
        update, reset = (float(getattr(trace, gate)[0, now].mean()) for gate in ("update_gate", "reset_gate"))
        said.append(
            _(
                "The update gates keep **{update}** of the old state and take the other **{rest}** from "
                "the candidates; these see **{reset}** of the old state."
            ).format(update=f"{update:.0%}", rest=f"{1 - update:.0%}", reset=f"{reset:.0%}")
        )
    else:
        moved = float(np.abs(h - trace.h_previous[0, now]).mean())
        said.append(
            _("No gate, no track: the whole state is computed anew. It moved by {moved} on average.").format(
                moved=short(moved)
            )
        )
    saturated = int((np.abs(h) > SATURATED).sum())
    if saturated:
        said.append(
            _(
                "**Saturated:** {count} of {units} states are beyond ±0.995, where tanh is flat: a "
                "further change of the input hardly moves them."
            ).format(count=saturated, units=h.size)
        )
    return " ".join(said)


@lru_cache(maxsize=64)
def left_of(settings: Settings) -> np.ndarray:
    """How much of the first input is left at each timestep, (timesteps,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return first_input_left(read(settings))


def what_is_left(trace: CellTrace, left: np.ndarray, t: int) -> str:
    """Say how large the trace is that the first input left in the memory."""
    if t < 2:
        return _("From timestep 2 on, this line says how large a trace the first input has left.")
    share = float(left[t - 1])
    if np.isnan(share):
        return _("The first input changes nothing here, or the numbers have exploded: there is nothing to measure.")
    place = _("carry") if isinstance(trace, LSTMTrace) else _("state")
    said = _("At timestep {t}, the trace that the first input left in the {place} is **{share}** of its first size.")
    if share > 1:
        said = _(
            "At timestep {t}, the trace that the first input left in the {place} is **{share}** as large as at first: "
            "the cell makes more of it."
        )
    said = said.format(t=t, share=percent(share), place=place)
    if share > 1.2 * float(left[:t].min()):
        said += " " + _(
            "It had been down to {low}: what differs in the state feeds the gates and the candidate, so it can grow "
            "again."
        ).format(low=percent(float(left[:t].min())))
    if not isinstance(trace, SimpleRNNTrace):
        gate = "forget_gate" if isinstance(trace, LSTMTrace) else "update_gate"
        mean = float(getattr(trace, gate)[0, 1:t].mean())
        alone = float(gates_alone(trace)[t - 1].mean())
        said += " " + _("The {gate} alone, {mean} on average over {count} timesteps, would leave {alone}.").format(
            gate=field_name(gate, trace), mean=f"{mean:.3f}", count=t - 1, alone=percent(alone)
        )
    return said


def questions(settings: Settings, t: int) -> list[Ask]:
    """Return the questions about these settings' trace that are asked or answered at timestep t."""
    return questions_about(read(settings), f"{hash(settings):x}", t)
