"""What the train page's task is: what the network sees, what it must answer, what guessing gets."""

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from pages.common.language import _, prose
from pages.parts.train.settings import specs
from rnn_core import tasks
from rnn_core.training.spec import PRESETS

SAMPLES = 5
LARGEST_SHOWN = 2_000_000  # numbers in a data set that is made only to show samples of it


@lru_cache(maxsize=8)
def examples(data: tasks.Data) -> tuple[list[tasks.Sample], float]:
    """Return samples of a task in words, and what guessing gets."""
    dataset = tasks.load(data)
    return tasks.samples(dataset, SAMPLES), dataset.chance


def what_it_sees() -> tuple[list[tasks.Sample], float | None]:
    """Return the chosen task's samples and chance, from as many sequences as can be made at once."""
    spec = specs()[0] if st.session_state["cells"] else PRESETS[st.session_state["task"]]
    if spec.task == "imdb":
        if not tasks.imdb.available().ready:
            return [], 0.5
        few = replace(spec.data, samples=200, length=min(spec.length, 60))
        try:
            return examples(few)[0], 0.5  # half of the reviews are positive; the run itself says how many exactly
        except tasks.TaskError:
            return [], 0.5
    fit = max(20, LARGEST_SHOWN // (2 * spec.length))
    try:
        return examples(replace(spec.data, samples=min(spec.samples, fit)))
    except tasks.TaskError:
        return [], None


def task_shown() -> None:
    """Draw what the network sees, what it must answer, what guessing gets, and what a bag of words can do here."""
    task = PRESETS[st.session_state["task"]].task
    samples, chance = what_it_sees()
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.markdown(prose("train", task))
        if chance is not None:
            words = (
                _("Always answering the mean has a squared error of **{chance}**.").format(chance=f"{chance:.3f}")
                if tasks.TASKS[task].answer == "regression"
                else _(
                    "There are {n} possible answers: pure guessing gets about 1 in {n} right. Always giving the "
                    "commonest answer of the training set gets **{chance}** of the validation set."
                ).format(n=max(2, len(tasks.TASKS[task].answers)), chance=f"{chance:.1%}")
            )
            st.markdown(words)
        if "bag_of_words" in st.session_state["cells"]:
            st.markdown(prose("train", f"bag_{task}"))
    with right:
        answers = {"negative": _("negative"), "positive": _("positive")}
        table = [{"seen": " ".join(s.seen), "answer": answers.get(s.answer, s.answer)} for s in samples]
        if table:
            st.dataframe(
                table,
                hide_index=True,
                column_config={
                    "seen": st.column_config.TextColumn(
                        _("what the network sees, first timestep first"), width="large"
                    ),
                    "answer": st.column_config.TextColumn(_("what it must answer"), width="small"),
                },
            )
        else:
            st.caption(_("Samples can be shown once the reviews are here and have been read in."))
