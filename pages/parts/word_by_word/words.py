"""What the word-by-word page says of the verdicts, and what its pictures call things."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pages.common.language import _, listed, ngettext, sentences
from pages.common.names import cell_name
from pages.parts.word_by_word.networks import Verdict
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.numbers import percent

HALF = 0.5


def labels(verdict: Verdict) -> dict[str, str]:
    """Return the words of the curves."""
    unknown = _("not in its vocabulary: not read")
    if verdict.reader.architecture.task == "imdb":
        unknown = _("too rare: read as the unknown word")
    return {
        "positive": _("positive"), "negative": _("negative"), BAG_OF_WORDS: cell_name(BAG_OF_WORDS),
        "says": _("{share} positive"), "open": _("Colour the words by {network}"),
        "word": _("{word}: {before} → {after} positive\nstep {step} in log-odds"),
        "unknown": unknown, "cut": _("cut away: not read"), "before": _("dashed: before the edit"),
        "hidden": _("First, what do you expect?"),
        "alt": _("How likely each network holds the review positive after each word."),
    }  # fmt: skip


def reason_labels() -> dict[str, str]:
    """Return the words of the three answers to what a word has done."""
    return {
        "step": _("step in the curve"), "left_out": _("this word left out"), "saliency": _("gradient × input"),
        "number": _("{value}, largest {largest}"), "ask": _("not measured yet"),
        "alt": _("What each word did to the verdict, measured in three ways."),
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
    if t == 0:
        return _("**{network}** begins at {share} positive, before it has read a word. Press **Play**.").format(
            network=cell_name(name), share=percent(float(after[0]))
        )
    word, step = plain(words[t - 1]), float(verdict.steps[t - 1])
    if t - 1 in verdict.text.unknown and t - 1 not in verdict.read:
        return _("`{word}` is not in its vocabulary: **{network}** does not read it.").format(
            word=word, network=cell_name(name)
        )
    if t - 1 in verdict.cut:
        return _("`{word}` was cut away: **{network}** reads the last {n} words only.").format(
            word=word, network=cell_name(name), n=len(verdict.row)
        )
    said = _("After `{word}` **{network}** says **{after}** positive; before it said {before}.").format(
        word=word, network=cell_name(name), after=percent(float(after[t])), before=percent(float(after[t - 1]))
    )
    if (after[t] > HALF) != (after[t - 1] > HALF):
        said = sentences([said, _("**This word tips the verdict.**")])
    elif abs(step) >= 0.999 * float(np.abs(verdict.steps).max()):
        said = sentences([said, _("No other word moves it further.")])
    return said


def at_the_end(verdicts: Mapping[str, Verdict]) -> str:
    """Say what each network answers in the end."""
    one = _("{network} **{share}**")
    said = listed(
        one.format(network=cell_name(name), share=percent(float(verdict.probabilities[-1])))
        for name, verdict in verdicts.items()
    )
    return _("In the end, positive: {verdicts}.").format(verdicts=said)


def strongest(verdict: Verdict) -> int:
    """Return the word that moved the log-odds furthest, counted from 0."""
    return int(np.abs(verdict.steps).argmax())


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
