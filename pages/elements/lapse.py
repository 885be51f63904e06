"""Training in time-lapse: a slider over the epochs whose weights were kept, and their film.

The picture follows while the slider is dragged. As with the transport, the film runs in the browser, which asks for the
next epoch only once the last one stands on the screen.

A page that shows a trained network has EPOCH among its link's parameters, asks `shown_epoch` which of the kept epochs
is meant, and draws `lapse` in the part that repaints.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common.browser import element, sent
from pages.common.language import _
from pages.common.opened import LAST
from pages.common.settings import Owner
from pages.common.steps import halts
from rnn_core.training.kept import nearest, not_kept

_KEY, _ANSWERED = "lapse", "_lapse_answered"
_MOST_ASKED = 2**53
_draw = element(
    Path(__file__).with_suffix(".js"),
    html='<div class="lapse"></div>',
    css=Path(__file__).with_name("range.css").read_text(encoding="utf-8"),
)


def shown_epoch(owner: Owner, epochs: Sequence[int]) -> int:
    """Return the kept epoch that is nearest to the one that is set; LAST is the last of them."""
    return nearest(epochs, owner.current().epoch)


def settle_epoch(owner: Owner, epochs: Sequence[int]) -> None:
    """Set an epoch that was not kept, as a link may ask for, to the nearest that was; tell it with the link's problems.

    Call it once per run of the page, before `say_problems`.
    """
    wanted = owner.current().epoch
    if wanted == LAST or not epochs:
        return
    shown = nearest(epochs, wanted)
    told = () if wanted == shown else (not_kept(wanted, shown),)
    owner.settle(*told, epoch=LAST if shown == epochs[-1] else shown)


def epoch_name(epoch: int, last: int, *, unfinished: bool = False) -> str:
    """Return what an epoch is called, of a training whose last one is `last`.

    Args:
        epoch: 0 is before the first.
        last: the last one.
        unfinished: whether the training was stopped within the last one.
    """
    if epoch == 0:
        return _("before the first epoch")
    if epoch == last and unfinished:
        return _("stopped within epoch {n}").format(n=epoch)
    return _("epoch {n} of {total}").format(n=epoch, total=last)


def lapse(
    owner: Owner,
    epochs: Sequence[int],
    *,
    label: str = "",
    notes: Mapping[int, str] | None = None,
    unfinished: bool = False,
    waits: bool = False,
) -> None:
    """Draw the button that plays the training, the slider over its kept epochs, and which of them is shown.

    Args:
        owner: of the setting `epoch`.
        epochs: those that were kept, in their order; with less than two of them nothing is drawn.
        label: what stands on the button; by default "Watch it learn".
        notes: what stands behind an epoch's name, such as how much was right by then.
        unfinished: whether the training was stopped within the last one.
        waits: whether a question is open: a film that runs stops, and none begins.
    """
    if len(epochs) < 2:
        return
    labels = {
        "play": label or _("Watch it learn"), "pause": _("Pause"), "waits": _("answer first"), "epoch": _("Epoch"),
    }  # fmt: skip
    names = [epoch_name(epoch, epochs[-1], unfinished=unfinished) for epoch in epochs]
    stops = [
        {"epoch": epoch, "name": name, "note": (notes or {}).get(epoch, "")}
        for epoch, name in zip(epochs, names, strict=True)
    ]
    _draw(
        key=_KEY,
        data={
            "stops": stops, "at": list(epochs).index(shown_epoch(owner, epochs)), "labels": labels, "waits": waits,
            "answered": st.session_state.get(_ANSWERED, 0), "halted": halts(),
        },
        on_go_change=lambda: _go(owner, epochs),
    )  # fmt: skip


def asked(value: Any, epochs: Sequence[int]) -> tuple[int, int] | None:
    """Read what a browser asked for: the nearest kept epoch, LAST for the last one, and the number of the asking."""
    if not isinstance(value, dict) or not all(type(value.get(name)) is int for name in ("to", "asking")):
        return None
    epoch = nearest(epochs, min(max(value["to"], 0), LAST))
    return LAST if epoch == epochs[-1] else epoch, min(max(value["asking"], 0), _MOST_ASKED)


def _go(owner: Owner, epochs: Sequence[int]) -> None:
    if found := asked(sent(_KEY, "go"), epochs):
        epoch, st.session_state[_ANSWERED] = found
        owner.change(epoch=epoch)
