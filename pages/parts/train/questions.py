"""Predict which cell will learn the task; once all has ended, what came, and who was right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from pages.common.language import _, listed, prose, sentences
from pages.common.names import cell_name
from pages.common.predict import ask_switch, asks, several, verdict
from pages.parts.train.cards import reached, result
from pages.parts.train.lines import lines
from pages.parts.train.runs import Shown, own
from pages.parts.train.settings import PAGE, SET, current
from pages.parts.train.task import chance_in_words, chance_of, what_is_set
from rnn_core.models.network import NETWORKS
from rnn_core.numbers import percent
from rnn_core.tasks import TASKS
from rnn_core.training.spec import PRESETS


@dataclass
class Came:
    """What came of the runs shown.

    Attributes:
        figures: title and what it reached, for each line; those that never finished an epoch are missing.
        judged: the cells that have figures.
        learnt: cells that got more than halfway from guessing to perfect.
        not_learnt: cells that trained to their end and got less far.
        open: cells that ended too early to tell, or never began.
    """

    figures: list[tuple[str, str]] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    learnt: set[str] = field(default_factory=set)
    not_learnt: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def came_of(shown: Sequence[Shown]) -> Came:
    """Judge each cell by its last validation, the mean over its seeds. Half-trained cells are not judged."""
    came = Came()
    for line in lines(shown):
        cell, chance, last = line.spec.cell, line.shown[0].run.chance, reached(line)
        if last:
            came.figures.append((line.plain_title, result(line)[0]))
            came.judged.add(cell)
        if last and chance is not None:
            mean = float(np.mean(last))
            if mean < chance / 2 if line.regression else mean > (1 + chance) / 2:
                came.learnt.add(cell)
                continue
        ended = all(one.run.state in ("done", "diverged") for one in line.shown)
        (came.not_learnt if ended else came.open).add(cell)
    # Of several lines of one cell, the best counts.
    came.not_learnt -= came.learnt
    came.open -= came.learnt
    return came


def questions(shown: Sequence[Shown]) -> None:
    """Ask before the training which cells will learn the task, and say afterwards who was right."""
    over = bool(shown) and all(one.run.ended for one in shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_predict"):
        # The answer takes the question's place at once; beside what is left of it, it would be squeezed for a moment.
        place = st.empty()
        if over:
            place.markdown(answered(shown), width="stretch")
        elif asks(SET):
            with place.container(horizontal=True, vertical_alignment="center", gap="small"):
                asked = {one.run.spec.cell for one in shown} or set(current().cells)
                words = {cell: cell_name(cell) for cell in NETWORKS if cell in asked}
                begun = any(one.run.epochs_done for one in shown)  # from then on the curves tell
                several(SET, "guess", _question(shown), words, open_=not begun)
        else:
            place.space("stretch")
        if current().task.startswith("imdb"):
            SET.switch("article", _("the article's curves"))
        ask_switch(SET)


def _question(shown: Sequence[Shown]) -> str:
    task, chance = PRESETS[current().task].task, what_is_set(current()).chance
    if shown:
        task, chance = shown[0].run.spec.task, chance_of([one.run for one in shown])
    if chance is None:
        return _("Which will get more than halfway from guessing to perfect?")
    if TASKS[task].answer == "regression":
        asked = _("Which will get more than halfway from always answering the mean (error {chance}) to perfect?")
    else:
        asked = _("Which will get more than halfway from guessing ({chance}) to perfect?")
    return asked.format(chance=chance_in_words(task, chance))


def answered(shown: Sequence[Shown]) -> str:
    """Return what each cell reached, which of them learnt the task, and whether that was predicted."""
    came = came_of(shown)
    said = []
    if came.figures:
        reached = listed([f"{name} **{figure}**" for name, figure in came.figures], short=True)
        said.append(_("{figures}.").format(figures=reached))
    if came.learnt:
        said.append(_("{names}: past halfway.").format(names=_named(came.learnt)))
    elif not came.open:
        said.append(_("None got past halfway."))
    if early := came.open & came.judged:
        said.append(_("{names}: stopped too early to tell.").format(names=_named(early)))
    if not came.figures and came.open:
        said.append(_("Stopped too early to tell anything."))
    run = next((one.run for one in shown if one.run.chance is not None and one.run.metric), None)
    if run is not None and came.figures and len({one.run.spec.task for one in shown}) == 1:
        said.append(_("Always giving the most common answer gets {chance}.").format(chance=percent(run.chance or 0, 1)))
    guessed = set(current().guess) & {one.run.spec.cell for one in shown}
    if not (guessed and asks(SET) and own(shown)):
        return sentences(said)
    said.append(_("Your prediction: {names}.").format(names=_named(guessed)))
    wrong = came.learnt - guessed or came.not_learnt & guessed
    return verdict(False if wrong else None if came.open else True, sentences(said))


def _named(cells: Iterable[str]) -> str:
    chosen = set(cells)
    return listed([cell_name(cell) for cell in NETWORKS if cell in chosen], short=True)


def closing(shown: Sequence[Shown]) -> str:
    """Return the page's last words: what this task shows, and of memory what the runs have shown already."""
    task = shown[0].run.spec.task if shown else PRESETS[current().task].task
    if task in ("small_reviews", "small_reviews_zh", "imdb"):
        return prose(PAGE, f"closing_{task.removesuffix('_zh')}")
    came = came_of(shown)
    gated = came.learnt & {"lstm", "gru"}
    if "simple_rnn" in came.not_learnt and gated:
        return prose(PAGE, "seen").replace("{names}", _named(gated))
    return prose(PAGE, "expect")
