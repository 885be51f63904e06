"""What the home page asks before it shows."""

from pages.common.language import _
from pages.common.predict import Question, quiz
from pages.parts.home.settings import SET, Settings, read
from rnn_core.charts.scene import short

STRONG = 1.5


def questions(settings: Settings) -> None:
    """Ask what becomes of the first input when more of the state is carried on than was there; then show it."""
    first = SET.defaults()
    last = float(read(first.sequence, STRONG).h[0, -1, 0])
    if settings.inputs != first.inputs:
        return  # the question is about the one input that is on at first
    quiz(
        SET,
        Question(
            "home:strong",
            _("Only the first input is on. With U = {u}, what will become of it in the state?").format(u=STRONG),
            {"fades": _("it fades more slowly"), "holds": _("it holds on for ever"), "grows": _("it grows and grows")},
            "holds",
            _(
                "At U = {u} the state settles at {last}: at every timestep U enlarges it, and tanh pulls it back "
                "below 1."
            ).format(u=STRONG, last=short(last)),
        ),
        then=lambda: SET.change(u=STRONG),
    )
