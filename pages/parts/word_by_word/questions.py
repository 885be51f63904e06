"""What the word-by-word page asks before it shows."""

from __future__ import annotations

from pages.common.language import _
from pages.common.names import cell_name
from pages.common.opened import LAST
from pages.common.predict import Question, asks, guessed, quiz
from pages.common.steps import step_to
from pages.parts.word_by_word.networks import Verdict, left_of, verdicts
from pages.parts.word_by_word.settings import SET, Settings
from pages.parts.word_by_word.texts import corpus_of, ready
from pages.parts.word_by_word.words import plain, strongest, telling, what_is_left
from rnn_core.cells.registry import CELLS
from rnn_core.models.network import BAG_OF_WORDS, NETWORKS
from rnn_core.numbers import percent

ASKED, CHOICES = "lstm", 4


def asked_now(settings: Settings) -> bool:
    """Whether a question about this text is open."""
    return bool(asks(SET) and (name := _id(settings)) and not guessed(name))


def question(settings: Settings) -> None:
    """Draw the question about this text; then its answer."""
    if asks(SET) and _id(settings):
        end = len(next(iter(verdicts(settings).values())).text.words)
        quiz(SET, _made(settings), then=lambda: step_to(SET, end))


def _id(settings: Settings) -> str:
    """The name of the question that a ready review asks; blank without one."""
    if settings.run or settings.before or settings.epoch != LAST:
        return ""
    name = ready(settings)
    return f"words:{name}:{corpus_of(settings)}" if name else ""


def _made(settings: Settings) -> Question:
    if ready(settings) == "twin":
        return _alike(settings)
    if ready(settings) == "forgotten":
        return _forgets(settings)
    verdict = verdicts(settings)[ASKED]
    best, words = strongest(verdict), verdict.text.words
    # The word itself and others in their order, so that no guess is given away by its place; none of them twice.
    others = sorted((words.index(word) for word in set(words) - {words[best]}), key=lambda i: abs(verdict.steps[i]))
    chosen = sorted([best, *others[-2:], *others[: CHOICES - 3]])
    return Question(
        _id(settings),
        _("Which word will move {network} furthest?").format(network=cell_name(ASKED)),
        {f"w{i}": plain(words[i]) for i in chosen},
        f"w{best}",
        _tells(verdict, best),
    )


def _tells(verdict: Verdict, word: int) -> str:
    after = verdict.probabilities
    return _("At `{word}` it goes from {before} to {after} positive.").format(
        word=plain(verdict.text.words[word]), before=percent(float(after[word])), after=percent(float(after[word + 1]))
    )


def _forgets(settings: Settings) -> Question:
    found = {name: verdict for name, verdict in verdicts(settings).items() if name in CELLS}
    words = found[ASKED].text.words
    word = telling(found[ASKED])
    left = {name: numbers for name, verdict in found.items() if (numbers := left_of(verdict, word)) is not None}
    return Question(
        _id(settings),
        _("Which network will say the same with `{word}` and without it?").format(word=plain(words[word])),
        {name: cell_name(name) for name in left},
        min(left, key=lambda name: abs(float(left[name][-1]))),
        what_is_left(found, left, words[word]),
    )


def _alike(settings: Settings) -> Question:
    share = percent(float(verdicts(settings)[BAG_OF_WORDS].probabilities[-1]))
    return Question(
        _id(settings),
        _("These are the words of “but” in another order. Which network must give both the same verdict?"),
        {name: cell_name(name) for name in NETWORKS},
        BAG_OF_WORDS,
        _(
            "It averages the words, and an average knows no order: {share} positive for both, so it is wrong once."
        ).format(share=share),
    )
