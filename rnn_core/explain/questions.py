"""Questions to guess before the numbers are shown, with answers read off the numbers themselves.

A question is data in no language: a page finds its words by `code`, and fills them with `values`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.explain.first_input import first_input_left, memory

SATURATED = 0.995


@dataclass(frozen=True)
class Question:
    """Something to predict.

    Attributes:
        code: names the question.
        asked_at: how many timesteps have been read when it is asked.
        shown_at: how many have been read when the answer can be seen.
        options: the answers to choose from.
        answer: the right one.
        values: numbers for the question and for its explanation.
    """

    code: str
    asked_at: int
    shown_at: int
    options: tuple[str, ...]
    answer: str
    values: dict[str, Any] = field(default_factory=dict)


def cell_questions(trace: CellTrace) -> list[Question]:
    """Questions about the first sequence of a trace, at most one for each timestep, in the order of time.

    sign: of the next state of one unit. gate: which one is nearest to shut. balance: whether more is kept or
    added; for a SimpleRNN, whether the input or the state weighs more. left: how much of the first input is
    there at the end. Of a timestep that a mask skips nothing is asked.
    """
    timesteps = trace.h.shape[1]
    if not np.isfinite(memory(trace)).all():
        return []
    asked = {
        "sign": min(1, timesteps - 1),
        "gate": max(2, timesteps // 4),
        "balance": max(3, timesteps // 2),
        "left": max(4, 2 * timesteps // 3),
    }
    makers = {"sign": _sign, "gate": _gate, "balance": _balance, "left": _left}
    read = np.ones(timesteps, bool) if trace.mask is None else trace.mask[0]
    made = [
        makers[code](trace, at) for code, at in asked.items() if at < timesteps and (read[at] or code == "left")
    ]
    return [question for question in made if question is not None]


def _sign(trace: CellTrace, at: int) -> Question | None:
    """Of the unit whose state will be the largest."""
    h = trace.h[0, at]
    unit = int(np.abs(h).argmax())
    value = float(h[unit])
    if value == 0:
        return None
    before = memory(trace)[0, at - 1, unit] if at else 0.0
    values = {"unit": unit, "h": value, "memory": float(memory(trace)[0, at, unit]), "before": float(before)}
    return Question("sign", at, at + 1, ("positive", "negative"), "positive" if value > 0 else "negative", values)


def _gate(trace: CellTrace, at: int) -> Question | None:
    """Of the unit with the widest gap between the gate nearest to shut and the next one."""
    names = cell_of(trace).gates
    if not names:
        return _saturated(trace, at)
    gates = np.stack([getattr(trace, name)[0, at] for name in names])
    ordered = np.sort(gates, axis=0)
    unit = int((ordered[1] - ordered[0]).argmax())
    if ordered[1, unit] == ordered[0, unit]:
        return None
    answer = names[int(gates[:, unit].argmin())]
    values = {"unit": unit} | {name: float(value) for name, value in zip(names, gates[:, unit], strict=True)}
    if "forget_gate" in names:
        values["forget_bias"] = float(trace.weights.bias[trace.weights.columns("forget_gate")][unit])
    return Question("gate", at, at + 1, names, answer, values)


def _saturated(trace: CellTrace, at: int) -> Question:
    """Of all units together."""
    states = np.abs(trace.h[0, at])
    count = int((states > SATURATED).sum())
    answer = "none" if count == 0 else "all" if count == states.size else "some"
    values = {"saturated": count, "units": states.size, "largest": float(states.max())}
    return Question("saturated", at, at + 1, ("none", "some", "all"), answer, values)


def _balance(trace: CellTrace, at: int) -> Question | None:
    """Over all units: what the memory is made of."""
    if cell_of(trace).keeps:
        code, arrays = "balance", {"kept": "kept", "added": "added"}
    else:
        code, arrays = "weight", {"input": "input_projection", "state": "recurrent_projection"}
    sums = {name: float(np.abs(getattr(trace, array)[0, at]).sum()) for name, array in arrays.items()}
    if len(set(sums.values())) == 1:
        return None
    return Question(code, at, at + 1, tuple(sums), max(sums, key=lambda name: sums[name]), sums)


def _left(trace: CellTrace, at: int) -> Question | None:
    """At the last timestep."""
    left = first_input_left(trace)
    if np.isnan(left).any():
        return None
    share, timesteps = float(left[-1]), len(left)
    answer = "most" if share >= 0.5 else "some" if share >= 0.01 else "nothing"
    values: dict[str, Any] = {"share": share, "timesteps": timesteps, "gate": None}
    if keeps := cell_of(trace).keeps:
        gates = getattr(trace, keeps)[0, 1:]
        gates = gates if trace.mask is None else gates[trace.mask[0, 1:]]
        values["gate"] = float(gates.mean()) if gates.size else 1.0
    return Question("left", at, timesteps, ("most", "some", "nothing"), answer, values)
