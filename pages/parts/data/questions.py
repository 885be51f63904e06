"""What the data page asks before it shows: which words survive, and what the zeros do to the state."""

from __future__ import annotations

from pages.common.language import _
from pages.common.names import cell_name, percent
from pages.common.predict import Question, quiz
from pages.parts.data.settings import SET, Settings
from pages.parts.data.words import drifted
from rnn_core.explain.zeros import Drift
from rnn_core.tasks.journey import Journey

# Up to these shares one says "nothing" and "some".
LITTLE, MUCH = 0.1, 0.9


def questions(settings: Settings, prepared: Journey) -> list[Question]:
    """Return what is asked on the way: which tokens of a review that is too long stay."""
    if not prepared.cut or prepared.maxlen < 2:
        return []
    n, maxlen = prepared.n, prepared.maxlen
    options = {
        "pre": _("the last {n}").format(n=maxlen), "post": _("the first {n}").format(n=maxlen),
        "both": _("{first} in front and {last} at the end").format(
            first=maxlen - maxlen // 2, last=maxlen // 2
        ),
    }  # fmt: skip
    if prepared.truncating == "pre":
        why = _("`pad_sequences` cuts in front unless told otherwise: the beginning of the review is never read.")
    else:
        why = _('`truncating="post"` cuts at the end. The default would have kept the last {n}.').format(n=maxlen)
    text = _('`maxlen={maxlen}`, `truncating="{truncating}"`: which of the {n} tokens will be read?')
    return [
        Question(
            f"data:{n}:{maxlen}:{prepared.truncating}",
            text.format(n=n, maxlen=maxlen, truncating=prepared.truncating),
            {name: options[name] for name in ("post", "both", "pre")}, prepared.truncating, why, 2, 3,
        )
    ]  # fmt: skip


def zeros_known(settings: Settings, drift: Drift) -> bool:
    """Ask what the zeros do to the state; tell whether it may be shown."""
    if settings.mask:
        return True
    zeros = int(drift.padding.sum())
    answer = "little" if drift.share < LITTLE else "some" if drift.share < MUCH else "much"
    low, high = percent(LITTLE), percent(MUCH)
    options = {
        "little": _("less than {share}").format(share=low),
        "some": _("between {low} and {high}").format(low=low, high=high),
        "much": _("more than {share}").format(share=high),
    }
    if drift.behind:
        text = _(
            "After the last word a fresh {cell} reads {zeros} zeros. What the words left in its state is its distance "
            "from a state that has read zeros alone: how much of that is there at the end?"
        )
    else:
        text = _(
            "Before the first word a fresh {cell} reads {zeros} zeros. How far is its state, after the last word, from "
            "the one that it has if the zeros are skipped, in shares of that one's length?"
        )
    return quiz(
        SET,
        Question(
            f"zeros:{settings.cell}:{settings.padding}:{zeros}:{drift.words}",
            text.format(cell=cell_name(settings.cell), zeros=zeros), options, answer, drifted(settings, drift),
        ),
    )  # fmt: skip
