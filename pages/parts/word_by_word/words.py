"""What the word-by-word page says of the verdicts, and what its pictures call things."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pages.common.language import _, listed, ngettext, sentences
from pages.common.names import cell_name
from pages.parts.word_by_word.networks import Verdict
from rnn_core.cells.activations import sigmoid
from rnn_core.cells.weights import Array
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.numbers import percent

HALF = 0.5
LEAST = 0.05  # so far must a probability move for its verdict to be another one: a bag of words stays at 50 %
NEGATIONS = frozenset(["not", "never", "nobody", "不", "没", "没有", "不是", "并不", "不能"])


def labels(verdict: Verdict) -> dict[str, str]:
    """Return the words of the curves."""
    unknown = _("not in its vocabulary: not read")
    if verdict.reader.architecture.task == "imdb":
        unknown = _("too rare: read as the unknown word")
    return {
        "positive": _("positive"), "negative": _("negative"), BAG_OF_WORDS: cell_name(BAG_OF_WORDS),
        "says": _("{share} positive"), "open": _("Colour the words by {network}"),
        "word": _("{word}: {before} → {after} positive\nstep {step} in log-odds"),
        "unknown": unknown, "cut": _("cut away: not read"),
        "hidden": _("First, what do you expect?"),
        "alt": _("How likely each network holds the review positive after each word."),
    }  # fmt: skip


def reason_labels() -> dict[str, str]:
    """Return the words of the three answers to what a word has done."""
    return {
        "step": _("step in the curve, log-odds"), "left_out": _("this word left out, log-odds"),
        "saliency": _("gradient × input"),
        "number": _("{value}, largest {largest}"), "ask": _("not measured yet"),
        "alt": _("What each word did to the verdict, measured in three ways."),
    }  # fmt: skip


def left_labels(word: str) -> dict[str, str]:
    """Return the words of the picture of what is left of a word."""
    return {
        "for": _("for it"), "against": _("against"), BAG_OF_WORDS: cell_name(BAG_OF_WORDS),
        "end": _("{network}: {value}"),
        "alt": _("How far {word} still moves each network's verdict, after each later word.").format(word=word),
    }  # fmt: skip


def plain(word: str) -> str:
    """Return a word that can stand between backticks: nothing that somebody typed acts as markup."""
    return word.replace("`", "'")


def observation(verdict: Verdict, t: int) -> str:
    """Say what the word that was read last did to the verdict."""
    words, name = verdict.text.words, verdict.reader.architecture.cell
    after = verdict.probabilities
    if not words:
        return ""
    zeros = int(verdict.places[0])
    if not verdict.is_read:
        return _("It has read no word: its verdict is its answer to {n} zeros of padding.").format(n=len(verdict.row))
    if t == 0:
        start = _("**{network}** begins at {share} positive. Press **Play**.")
        if zeros:
            start = _("**{network}** begins at {share} positive: it has read {n} zeros of padding. Press **Play**.")
        return start.format(network=cell_name(name), share=percent(float(after[0])), n=zeros)
    word, step = plain(words[t - 1]), float(verdict.steps[t - 1])
    if t - 1 in verdict.text.unknown and t - 1 not in verdict.read:
        return _("`{word}` is not in its vocabulary: **{network}** does not read it.").format(
            word=word, network=cell_name(name)
        )
    if t - 1 in verdict.cut:
        return _("`{word}` was cut away: **{network}** reads the last {n} words only.").format(
            word=word, network=cell_name(name), n=len(verdict.row)
        )
    says = _("After `{word}` **{network}** says **{after}** positive; before it said {before}. Log-odds: {step}.")
    said = says.format(
        word=word, network=cell_name(name), after=percent(float(after[t])), before=percent(float(after[t - 1])),
        step=f"{step:+.1f}".replace("-", "−"),
    )  # fmt: skip
    if (after[t] > HALF) != (after[t - 1] > HALF):
        said = sentences([said, _("**This word tips the verdict.**")])
    elif abs(step) >= 0.999 * float(np.abs(verdict.steps).max()):
        said = sentences([said, _("No other word moves it further.")])
    return said


def at_the_end(verdicts: Mapping[str, Verdict]) -> str:
    """Say what each network answers in the end."""
    one = _("{network} **{share}**")
    said = listed(one.format(network=cell_name(name), share=_end(verdict)) for name, verdict in verdicts.items())
    return _("Probability of “positive” in the end: {verdicts}.").format(verdicts=said)


def after_the_edit(before: Mapping[str, Verdict], now: Mapping[str, Verdict]) -> str:
    """Say what an edit has done to the networks' answers in the end."""
    one = _("{network} {before} → **{now}**")
    said = listed(
        one.format(network=cell_name(name), before=_end(before[name]), now=_end(verdict))
        for name, verdict in now.items()
    )
    return _("The edit, in the end: {verdicts}. The pale lines are those of before.").format(verdicts=said)


def _end(verdict: Verdict) -> str:
    return percent(float(verdict.probabilities[-1]))


def what_is_left(verdicts: Mapping[str, Verdict], left: Mapping[str, Array], word: str) -> str:
    """Say whose verdict would be another one without a word."""
    one = _("{network} **{share}** (without: {other})")
    ends: list[str] = []
    decided: list[str] = []
    same: list[str] = []
    for name, numbers in left.items():
        score = float(verdicts[name].reading.scores[-1])
        other = float(sigmoid(np.array([score - numbers[-1]]))[0])
        share = float(verdicts[name].probabilities[-1])
        ends.append(one.format(network=cell_name(name), share=percent(share), other=percent(other)))
        turned = (share > HALF) != (other > HALF) and abs(share - other) >= LEAST
        (decided if turned else same).append(cell_name(name))
    if not decided:
        said = _("No verdict hangs on it.")
    elif not same:
        said = _("Every verdict hangs on it.")
    else:
        said = _("The verdict of {decided} hangs on it; {same} would say the same without it.").format(
            decided=listed(decided), same=listed(same)
        )
    ending = _("Positive in the end, with `{word}`: {ends}.").format(word=plain(word), ends=listed(ends))
    return sentences([ending, f"**{said}**"])


def strongest(verdict: Verdict) -> int:
    """Return the word that moved the log-odds furthest, counted from 0."""
    return int(np.abs(verdict.steps).argmax()) if len(verdict.steps) else -1


def telling(verdict: Verdict) -> int:
    """Return the word whose traces are looked for where none was clicked: the first negation, or the strongest word."""
    found = (i for i, word in enumerate(verdict.text.words) if word in NEGATIONS and i in verdict.read)
    return next(found, strongest(verdict))


def length_says(verdict: Verdict) -> str:
    """Say how many of the words were read, if not all."""
    lost = len(verdict.cut)
    if not lost:
        return ""
    return ngettext(
        "{n} word was cut away at the front: like the reviews of its training, this text is cut to its last {length}.",
        "{n} words were cut away at the front: like the reviews of its training, this text is cut to its last "
        "{length}.",
        lost,
    ).format(n=lost, length=len(verdict.row))
