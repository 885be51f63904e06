"""What the train page's task is: what the network sees, what it must answer, what guessing gets."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import streamlit as st

from pages.common.language import _, prose, sentences
from pages.parts.train.settings import PAGE, Settings, current, has_reviews
from rnn_core import tasks
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.numbers import percent
from rnn_core.training.runs import Run
from rnn_core.training.spec import PRESETS

SAMPLES = 5
LARGEST_SHOWN = 2_000_000  # numbers in a data set that is made only to show samples of it
WORDS_SHOWN = 24  # of the sample that stands beside the question; longer ones are cut in the middle


class Sight(NamedTuple):
    """Samples of a task, and what guessing gets, if that can be known."""

    samples: list[tasks.Sample]
    chance: float | None


@lru_cache(maxsize=8)
def _examples(data: tasks.Data) -> Sight:
    dataset = tasks.load(data)
    return Sight(tasks.samples(dataset, SAMPLES), dataset.chance)


def what_is_set(settings: Settings) -> Sight:
    """Return what the chosen task looks like."""
    ends = (settings.padding, settings.truncating) if has_reviews(settings.task) else ()
    task = PRESETS[settings.task].task
    return what_it_sees(tasks.Data(task, settings.length, settings.samples, settings.seed, *ends))


def what_it_sees(data: tasks.Data) -> Sight:
    """Return a task's samples and chance, from as many of its sequences as can be made at once."""
    if data.task == "imdb":
        # Half of the reviews are positive; the run itself says how many exactly.
        if not tasks.imdb.available().ready:
            return Sight([], 0.5)
        few = replace(data, length=min(data.length, 60), samples=200)
        try:
            return Sight(_examples(few).samples, 0.5)
        except tasks.TaskError:
            return Sight([], 0.5)
    fit = max(20, LARGEST_SHOWN // (2 * data.length))
    try:
        return _examples(replace(data, samples=min(data.samples, fit)))
    except tasks.TaskError:
        return Sight([], None)


def chance_of(runs: Sequence[Run]) -> float | None:
    """Return what guessing gets in runs of one task: as the first of them has found, else as its data let expect."""
    found = next((run.chance for run in runs if run.chance is not None), None)
    return what_it_sees(runs[0].spec.data).chance if found is None else found


def chance_in_words(task: str, chance: float) -> str:
    """Return what guessing gets: a share of right answers, or an error."""
    return f"{chance:.3f}" if tasks.TASKS[task].answer == "regression" else percent(chance, 1)


def in_short() -> None:
    """Draw the task in a sentence with a sample, and what a bag of words can do here if it is among the chosen."""
    settings = current()
    task = PRESETS[settings.task].task
    sample = next(iter(what_is_set(settings).samples), None)
    example = ""
    if sample is not None:
        seen = [word.replace("`", "'") for word in sample.seen]
        example = f"`{' '.join(_what_decides(seen))}` → **{_answer(sample)}**"
    st.markdown(sentences([prose(PAGE, f"short_{task}"), example]))
    if BAG_OF_WORDS in settings.cells:
        st.markdown(prose(PAGE, f"bag_{task}"))


def _what_decides(seen: list[str]) -> list[str]:
    """Return a sample short enough for a line: whole, or its ends and whatever is marked."""
    if len(seen) <= WORDS_SHOWN:
        return seen
    marked = {i for i, word in enumerate(seen) if word.endswith("*")}
    kept = sorted({0, len(seen) - 1} | (marked or set(range(WORDS_SHOWN // 2))))
    shown: list[str] = []
    for before, i in zip([-1, *kept], kept, strict=False):
        shown += ["…", seen[i]] if i > before + 1 else [seen[i]]
    return shown


def task_shown() -> None:
    """Draw what the network sees, what it must answer and what guessing gets."""
    st.subheader(_("What the network sees"), anchor=False)
    settings = current()
    task = PRESETS[settings.task].task
    sight = what_is_set(settings)
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.markdown(prose(PAGE, task))
        if sight.chance is not None:
            st.markdown(_guessing(task, sight.chance))
    with right:
        if not sight.samples:
            st.caption(_("Samples can be shown once the reviews are here and have been read in."))
            return
        text = st.column_config.TextColumn
        st.dataframe(
            [{"seen": " ".join(sample.seen), "answer": _answer(sample)} for sample in sight.samples],
            hide_index=True,
            column_config={
                "seen": text(_("what the network sees, first timestep first"), width="large"),
                "answer": text(_("what it must answer"), width="small"),
            },
        )


def _guessing(task: str, chance: float) -> str:
    shown = chance_in_words(task, chance)
    if tasks.TASKS[task].answer == "regression":
        return _("Always answering the mean has a squared error of **{chance}**.").format(chance=shown)
    return _(
        "There are {n} possible answers: pure guessing gets about 1 in {n} right. Always giving the most common "
        "answer of the training set gets **{chance}** of the validation set."
    ).format(n=max(2, len(tasks.TASKS[task].answers)), chance=shown)


def _answer(sample: tasks.Sample) -> str:
    return {"negative": _("negative"), "positive": _("positive")}.get(sample.answer, sample.answer)
