"""What the word-by-word page is set to: which text, which networks read it, and where the visitor looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.common.link import Choice, Number, Parameter, Several, Switch, Text
from pages.common.opened import EPOCH
from pages.common.predict import ASK
from pages.common.reviews import CHARACTERS, WORDS
from pages.common.settings import Owner
from pages.elements.transport import SPEED
from rnn_core.models.network import NETWORKS

PAGE = "word_by_word"


@dataclass(frozen=True)
class Settings:
    """All that stands in the page's link.

    Attributes:
        corpus: which language's networks and reviews: "page", that of the page, or "en" or "zh".
        text: what is read; blank for the page's first review.
        before: the same text before it was edited; blank without an edit.
        whole: whether all of a long text is read, or as much as the network read in training.
        cell: the network whose words, gates and reasons are shown, one of NETWORKS.
        beside: the networks whose verdicts are drawn.
        run, epoch: a training whose network reads instead, and after which epoch.
        t: up to which word has been read.
        speed, ask: how fast a film goes, whether to ask.
    """

    corpus: str
    text: str
    before: str
    whole: bool
    cell: str
    beside: tuple[str, ...]
    run: str
    epoch: int
    t: int
    speed: str
    ask: bool


PARAMETERS: Sequence[Parameter] = (
    Choice("corpus", "page", ("page", "en", "zh")),
    Text("text", longest=CHARACTERS),
    Text("before", longest=CHARACTERS),
    Switch("whole", True),
    Choice("cell", "lstm", NETWORKS),
    Several("beside", NETWORKS, NETWORKS),
    Text("run", longest=40),
    EPOCH,
    Number("t", 0, 0, WORDS),
    SPEED,
    ASK,
)
SET = Owner(PAGE, Settings, PARAMETERS)
current = SET.current
