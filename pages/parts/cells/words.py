"""What the cells page says about its numbers: the words of its pictures, and what this timestep shows."""

from collections.abc import Sequence

import numpy as np

from pages.common.language import _, ngettext, prose, sentences
from pages.common.names import field_name, percent
from pages.common.opened import Lapse
from pages.parts.cells.network import Network, network_of
from pages.parts.cells.reading import read
from pages.parts.cells.settings import PAGE, current
from rnn_core import tasks
from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.charts.scene import short
from rnn_core.explain.first_input import gates_alone
from rnn_core.explain.questions import SATURATED

PADDING = "·"
# Below this, that a trace had been smaller is worth a word.
DOWN = 0.9


def race_labels(t: int, timesteps: int) -> dict[str, str]:
    """Return the words of the race."""
    return {
        "left": _("first input's trace, bars end at its first size"), "beside": _("untrained"),
        "open": _("click: show the {cell}"),
        "timestep": _("timestep"),
        "alt": _("How much of the first input each cell still has after {t} of {timesteps} timesteps.").format(
            t=t, timesteps=timesteps
        ),
    }  # fmt: skip


def observation(trace: CellTrace, t: int) -> str:
    """Say what this timestep's numbers show."""
    if t == 0:
        return _("Nothing has been read yet: state and memory are zero. Press **Next**, or the right arrow key.")
    cell, now = cell_of(trace), t - 1
    memory = getattr(trace, cell.memory)[0, now]
    if not (np.isfinite(memory).all() and np.isfinite(trace.h[0, now]).all()):
        return _(
            "**Exploded:** the numbers have left what the computer can hold (∞ or NaN), and every later one "
            "inherits that. Make the inputs smaller."
        )
    if trace.mask is not None and not trace.mask[0, now]:
        return _(
            "**Skipped:** this is padding, and the mask leaves the state as it was. What the cell would have computed "
            "here is thrown away."
        )
    return {"lstm": _lstm, "gru": _gru, "simple_rnn": _simple_rnn}[cell.name](trace, now)


def _open(trace: CellTrace, gate: str, now: int) -> float:
    return float(getattr(trace, gate)[0, now].mean())


def _lstm(trace: CellTrace, now: int) -> str:
    said = _(
        "On average the forget gates keep **{forget}** of the old carry, the input gates let in **{add}** of the "
        "candidates, and the output gates let **{show}** of tanh(c) through to the state."
    ).format(
        forget=percent(_open(trace, "forget_gate", now)),
        add=percent(_open(trace, "input_gate", now)),
        show=percent(_open(trace, "output_gate", now)),
    )
    carry = float(np.abs(trace.c[0, now]).max())  # type: ignore[union-attr]
    if carry <= 1:
        return said
    grown = _("The carry has reached {carry}: unlike the state it may grow beyond 1.").format(carry=short(carry))
    return sentences([said, grown])


def _gru(trace: CellTrace, now: int) -> str:
    update, reset = _open(trace, "update_gate", now), _open(trace, "reset_gate", now)
    return _(
        "On average the update gates keep **{update}** of the old state and take the other **{rest}** from the "
        "candidates; in these, the reset gates let **{reset}** of the sums over the old state through."
    ).format(update=percent(update), rest=percent(1 - update), reset=percent(reset))


def _simple_rnn(trace: CellTrace, now: int) -> str:
    h = trace.h[0, now]
    moved = short(float(np.abs(h - trace.h_previous[0, now]).mean()))
    saturated = int((np.abs(h) > SATURATED).sum())
    flat = ngettext(
        "**Saturated:** {saturated} of {n} unit is beyond ±0.995, where tanh is almost flat: a change of the input "
        "hardly moves it.",
        "**Saturated:** {saturated} of {n} units are beyond ±0.995, where tanh is almost flat: a change of the input "
        "hardly moves them.",
        saturated,
    ).format(saturated=saturated, n=h.size)
    anew = _("No gate, no track: the whole state is rewritten. It moved by {moved} on average.").format(moved=moved)
    return sentences([anew, flat if saturated else ""])


# --- What is left of the first input ----------------------------------------------------------------------------------


def what_is_left(trace: CellTrace, left: np.ndarray, t: int) -> str:
    """Say how large the trace is that the first input left in the memory."""
    if t < 2:
        return _("From timestep 2 on, this line says how large a trace the first input has left.")
    share, low = float(left[t - 1]), float(left[:t].min())
    if np.isnan(share):
        return _("The first input changes nothing here, or the numbers have exploded: there is nothing to measure.")
    place = _("carry") if cell_of(trace).memory == "c" else _("state")
    said = _("At timestep {t}, the trace that the first input left in the {place} is **{share}** of its first size.")
    if share > 1:
        said = _(
            "At timestep {t}, the trace that the first input left in the {place} is larger than at first, **{share}** "
            "of that: the cell has enlarged it."
        )
    if share >= 1.995:
        said = _(
            "At timestep {t}, the trace that the first input left in the {place} is **{share}** as large as at first: "
            "the cell has enlarged it."
        )
    down = ""
    if low < DOWN and share > 1.2 * low:
        down = _(
            "It had been down to {low}: what differs in the state feeds the gates and the candidate, so it can grow "
            "again."
        ).format(low=percent(low))
    return sentences([said.format(t=t, share=percent(share), place=place), down, _gate_alone(trace, t)])


def _gate_alone(trace: CellTrace, t: int) -> str:
    gate = cell_of(trace).keeps
    if gate is None:
        return ""
    read_at = slice(1, t) if trace.mask is None else 1 + np.flatnonzero(trace.mask[0, 1:t])
    gates = getattr(trace, gate)[0, read_at]
    if not gates.size:
        return ""
    alone = float(gates_alone(trace)[t - 1].mean())
    return ngettext(
        "The {gate} alone, {mean} on average over {n} timestep, would leave {alone}.",
        "The {gate} alone, {mean} on average over {n} timesteps, would leave {alone}.",
        len(gates),
    ).format(gate=field_name(gate, trace), mean=f"{gates.mean():.3f}", n=len(gates), alone=percent(alone))


# --- A trained network ------------------------------------------------------------------------------------------------


def network_says(network: Network, t: int, *, tells_the_end: bool, beside: Sequence[Network] = ()) -> str:
    """Say what the network must answer, what it answers, and what it would answer after timestep t.

    Args:
        network: which reads a sequence.
        t: how many timesteps of it have been read.
        tells_the_end: whether the last answer may be said already.
        beside: other networks that read the same sequence.
    """
    dataset, reading = network.dataset, network.reading
    must = answer_name(dataset, float(dataset.y_val[network.chosen]))
    task = _("It must answer **{must}**.")
    if beside:
        task = _("After {n} more letters it must name the first one, **{must}**.")
    said = [_when(network.lapse), "" if network.typed else task.format(n=reading.timesteps - 1, must=must)]
    if t == reading.timesteps or tells_the_end:
        said.append(_("At the end it answers {answer}.").format(answer=answer(dataset, network.answers)))
    if 0 < t < reading.timesteps and network.trained.answers_at_every_timestep:
        now = answer(dataset, network.trained.head(read(reading).h[0, t - 1]))
        word = reading.words[t - 1].replace("`", "'")
        text = _("If the sequence ended here, after `{word}`: {answer}.")
        if word == PADDING:
            text = _("If the sequence ended here, still in the padding (`·`) before the first word: {answer}.")
            if dataset.x_val[network.chosen, 0] != 0:
                text = _("If the sequence ended here, in the padding (`·`) behind the last word: {answer}.")
        said.append(text.format(word=word, answer=now))
    if t == reading.timesteps:
        for other in beside:
            text = _("{cell} answers {answer}.")
            said.append(text.format(cell=other.reading.label, answer=answer(dataset, other.answers)))
        said += [_("Press **Play** to watch it read from the start.")] if beside else []
    return sentences([*said, *_not_seen(network)])


def _when(lapse: Lapse) -> str:
    """Say after which epoch the network is shown; nothing at the end of its training."""
    if lapse.epoch is None or lapse.epoch == lapse.epochs[-1]:
        return ""
    if lapse.epoch == 0:
        return _("**Before the first epoch**: it has learnt nothing yet.")
    return _("**After epoch {n} of {total}.**").format(n=lapse.epoch, total=lapse.epochs[-1])


def _not_seen(network: Network) -> list[str]:
    """Say what of the network is not shown; nothing if all of it is."""
    of, said = network.architecture, []
    if of.layers > 1:
        said.append(_("The picture shows the first of {layers} recurrent layers.").format(layers=of.layers))
    if of.bidirectional:
        said.append(_("The picture shows the half that reads forwards; the other half reads backwards."))
    if network.before:
        shown = network.reading.timesteps
        said.append(
            _(
                "Of {timesteps} timesteps the last {shown} are shown; the state they begin with has read the others."
            ).format(timesteps=network.before + shown, shown=shown)
        )
    return said


def answer(dataset: tasks.Dataset, given: np.ndarray) -> str:
    """Return a network's answer in words: the number, or what it holds most likely, and how likely.

    Args:
        dataset: says what the answers mean.
        given: what Trained.head() returned for one sequence, (answers,).
    """
    if dataset.answer == "regression":
        return f"**{given[0]:.2f}**"
    likely = np.array([1 - given[0], given[0]]) if dataset.answer == "binary" else given
    best = int(likely.argmax())
    return _("**{answer}** ({share})").format(answer=answer_name(dataset, best), share=percent(float(likely[best])))


def answer_name(dataset: tasks.Dataset, value: float) -> str:
    """Return what an answer is called."""
    if dataset.answer == "regression":
        return f"{value:.2f}"
    name = dataset.answers[int(value)]
    return {"negative": _("negative"), "positive": _("positive")}.get(name, name)


def seen() -> str:
    """Return what has been seen, to close the page with."""
    settings = current()
    network = network_of(settings)
    if network is None:
        return prose(PAGE, f"seen_{settings.cell}")
    return prose(PAGE, "seen_run" if settings.run or settings.review else "seen_trained")
