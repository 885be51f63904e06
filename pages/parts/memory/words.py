"""What the memory page says, all of it read off the numbers."""

from __future__ import annotations

import math

import numpy as np

from pages.common.language import _, ngettext, sentences
from pages.common.names import cell_name, percent
from pages.parts.memory.measure import Case, reach_of, trace_of
from pages.parts.memory.settings import Settings
from rnn_core.cells.registry import CELLS
from rnn_core.charts.memory.curves import figure
from rnn_core.explain.gradient import PRECISION, Reach

GROWN = 1.05  # beyond so much of it one speaks of growing
STEADY = 0.001  # a factor nearer to 1 than this neither shrinks nor grows


def labels(settings: Settings, at: int, timesteps: int) -> dict[str, str]:
    """Return the curves' words."""
    forwards = settings.way == "forth"
    lost = _("below this line (10⁻⁷) float32 sums do not notice it: nothing can be learnt")
    return {
        "timestep": _("timestep"), "loss": "" if forwards else _("← loss"),
        "precision": "" if forwards else lost,
        "beside": _beside(settings),
        "state_h": "", "state_c": _(", carry"), "open": _("Show the matrices of {cell}"),
        "hidden": _("How far will each curve come? Answer first."),
        "alt": _("What reaches timestep {t} of {timesteps}, for each cell, on a logarithmic axis.").format(
            t=at, timesteps=timesteps
        ),
    }  # fmt: skip


def _beside(settings: Settings) -> str:
    """What the dashed lines are."""
    if settings.network == "trained" or settings.run:
        return _("thin: before the training")
    return _("thin: of the last loss alone") if settings.losses == "every" and settings.way == "back" else ""


def matrix_labels(settings: Settings, at: int, timesteps: int, cell: str) -> dict[str, str]:
    """Return the words of the two heat maps and of what stands below them."""
    forwards = settings.way == "forth"
    name = "h" if len(CELLS[cell].states) == 1 else "(h, c)"
    one = "∂{state}{later} / ∂{state}{earlier}"
    later, earlier = (at, at - 1) if forwards else (at + 1, at)
    end = (at, 1) if forwards else (timesteps, at)
    keeps = CELLS[cell].keeps
    kept = {
        "lstm": _("carry: forget gate alone"), "gru": _("old state: update gate alone"),
    }.get(cell, "")  # fmt: skip
    there = later <= timesteps and earlier >= 1
    return {
        "jacobian": one.format(state=name, later=_low(later), earlier=_low(earlier)) if there else "",
        "product": one.format(state=name, later=_low(end[0]), earlier=_low(end[1])),
        "entry": _("number"), "row": _("row"), "column": _("column"),
        "stretch": _("singular values: how far each stretches"),
        "largest": _("largest number {size}"),
        "ways": _("what this step passes on, way by way") if keeps else "",
        "path_whole": _("all of it, h and c") if cell == "lstm" else _("all of it"),
        "path_kept": kept, "path_gates": _("gates and candidate"),
        "none": _("nothing multiplied yet"),
        "alt": _("The Jacobian of one timestep and the product of all so far."),
    }  # fmt: skip


def network_labels(at: int) -> dict[str, str]:
    """Return the words of the small network."""
    return {
        "state": _("state"), "carry": _("carry"), "unit": _("unit"), "timestep": _("timestep"), "loss": _("loss"),
        "backwards": _("← gradient"),
        "alt": _("A small network unrolled through time, with the gradient that has come back to timestep {t}.").format(
            t=at
        ),
    }  # fmt: skip


def epoch_labels() -> dict[str, str]:
    """Return the words of the epochs' picture."""
    return {
        "epoch": _("after epoch"), "open": _("Show the network after epoch {epoch}"),
        "alt": _("What has changed from epoch to epoch, a column for each that was kept."),
    }  # fmt: skip


def _low(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(c)] for c in str(number))


def halves(half_life: float) -> str:
    """Say how soon a curve is halved, short enough to stand under its name."""
    if math.isnan(half_life):
        return _("nothing to measure")
    if abs(half_life) >= 1000:
        return _("neither shrinks nor grows")
    number = f"{abs(half_life):.2g}" if abs(half_life) < 10 else f"{abs(half_life):.0f}"
    if number == "1":
        return _("halves at every step") if half_life > 0 else _("doubles at every step")
    return (_("halves every {n} steps") if half_life > 0 else _("doubles every {n} steps")).format(n=number)


def root(share: float, steps: int) -> str:
    """Write what each step has multiplied with on average, with as many digits as its power needs to be the share.

    >>> root(0.9**49, 49), root(0.5, 1), root(2e-7, 49)
    ('0.9', '0.5', '0.73')
    """
    factor, said = share ** (1 / steps), figure(share)
    rounded = (float(f"{factor:.{digits}g}") for digits in range(1, 17))
    found = next((number for number in rounded if figure(number**steps) == said), factor)
    return np.format_float_positional(found, trim="-")


def observation(settings: Settings, case: Case, t: int) -> str:
    """Say what the walk has shown so far, of one cell."""
    reach, cell = reach_of(case), case.cell
    state = CELLS[cell].memory
    walked = _in_order(reach, state, case.forwards)
    if t == 0:
        if case.forwards:
            return _(
                "The first input is moved a little. What that changes at timestep 1 counts as 1; press **Next** to see "
                "how much of it is still felt at each later timestep."
            )
        begins = _(
            "At the loss, the gradient of every state h begins with length 1; an LSTM's carry gets what its output "
            "gate and tanh let through. Press **Next**: one timestep back, it is multiplied by one matrix; then by the "
            "next."
        )
        clipped = _("Clipping has multiplied all of it by {scale}.").format(scale=figure(reach.scale))
        return sentences([begins, clipped if reach.scale < 1 else ""])
    length, start = float(walked[t]), float(walked[0])
    if not start > 0:
        return _(
            "**{cell}:** where the walk begins there is nothing, so no share of it can be told. What stands in the "
            "curves later has come another way."
        ).format(cell=_whose(case))
    if not math.isfinite(length):
        return _(
            "{cell}: the numbers have grown beyond what the computer can hold ({number}). Training would end here: "
            "make the weights smaller, or clip."
        ).format(cell=cell_name(cell), number=figure(length))
    share = length / start
    said = _how_far(case, t, start, length, share)
    power = ""
    if 0 < share < math.inf:
        power = _("That is {factor} per timestep on average: {factor}{times} = {share}.").format(
            factor=root(share, t), times=raised(t), share=figure(share)
        )
    clipped = ""
    if reach.scale < 1:
        clipped = _("Clipping has multiplied all of it by {scale}.").format(scale=figure(reach.scale))
    return sentences([said, power, _gate(case, t, share), _verdict(length, share), clipped])


def _whose(case: Case) -> str:
    """Whose gradient is spoken of: of an LSTM that of the carry."""
    if CELLS[case.cell].memory == "c":
        return _("{cell}'s carry").format(cell=cell_name(case.cell))
    return cell_name(case.cell)


def raised(number: int) -> str:
    """Return a number as an exponent."""
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(number))


def _in_order(reach: Reach, state: str, forwards: bool) -> np.ndarray:
    lengths = reach.from_last[state]
    return lengths[::-1]


def _how_far(case: Case, t: int, start: float, length: float, share: float) -> str:
    """From how much to how much it has gone, over how many timesteps."""
    if case.forwards:
        text = ngettext(
            "**{cell}:** from 1 at timestep 1 to **{length}** here, {n} timestep later.",
            "**{cell}:** from 1 at timestep 1 to **{length}** here, {n} timesteps later.",
            t,
        )
    elif share > GROWN:
        text = ngettext(
            "**{cell}:** from {start} at the loss to **{length}** here, {n} timestep earlier: {share} times as much.",
            "**{cell}:** from {start} at the loss to **{length}** here, {n} timesteps earlier: {share} times as much.",
            t,
        )
    else:
        text = ngettext(
            "**{cell}:** from {start} at the loss to **{length}** here, {n} timestep earlier: {share} of it.",
            "**{cell}:** from {start} at the loss to **{length}** here, {n} timesteps earlier: {share} of it.",
            t,
        )
    return text.format(cell=_whose(case), start=figure(start), length=figure(length), n=t, share=figure(share))


def _gate(case: Case, t: int, share: float) -> str:
    """What the keeping gate alone would leave of it, over the timesteps walked."""
    cell = CELLS[case.cell]
    if cell.keeps is None:
        return _("Each timestep multiplies it by the recurrent matrix and by 1 − h², the slope of tanh.")
    gate = getattr(trace_of(case), cell.keeps)[0]
    over = gate[1 : t + 1] if case.forwards else gate[len(gate) - t :]
    alone = float(over.prod(axis=0).mean())
    if case.cell == "lstm":
        text = _(
            "On the direct way, along the carry, the forget gate alone multiplies: open {mean} on average, it leaves "
            "{alone}."
        )
    else:
        text = _(
            "On the direct way, along the old state, the update gate alone multiplies: open {mean} on average, it "
            "leaves {alone}."
        )
    rest = _("The rest has taken the other ways, through the gates and the candidate.")
    direct = text.format(mean=percent(float(over.mean())), alone=figure(alone))
    return sentences([direct, rest if share > 2 * alone else ""])


def _verdict(length: float, share: float) -> str:
    """Whether what arrives vanishes or explodes."""
    if length < PRECISION:
        return _(
            "**Vanished:** so little does not change a float32 sum. What stood here cannot be learnt from this loss."
        )
    if length > 100:
        return _("**Exploding:** that is {times} times what it began with; clipping makes it shorter.").format(
            times=figure(share)
        )
    return ""


def ranking(cases: dict[str, Case]) -> list[str]:
    """Return the cells by the largest number of their state that arrives at the end of the walk, its cell first."""

    def last(cell: str) -> float:
        reach, forwards = reach_of(cases[cell]), cases[cell].forwards
        arrive = [float(_in_order(reach, state, forwards)[-1]) for state in reach.from_last]
        return max((math.inf if math.isinf(left) else left for left in arrive if not math.isnan(left)), default=0.0)

    return sorted(cases, key=last, reverse=True)
