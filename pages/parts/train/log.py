"""The log: what the numbers and the events of all runs tell, newest first; and why runs went wrong."""

import html
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import streamlit as st

from pages.common.language import _
from pages.parts.train.lines import Line, mark, tone
from pages.parts.train.runs import Shown
from pages.parts.train.words import told
from rnn_core.tasks import TASKS
from rnn_core.training.diary import diary
from rnn_core.training.told import befell, problem_of

MOST_LINES = 40


class Entry(NamedTuple):
    """One line of the log: when it came to pass, of whom, and what."""

    at: float
    line: Line
    text: str


def log(lines: Sequence[Line]) -> None:
    """Draw the log."""
    st.subheader(_("Log"), anchor=False)
    with st.container(height=170, border=True):
        entries = newest_first(lines)
        if not entries:
            st.caption(_("Nothing to report yet: wait for the first epoch."))
            return
        st.html(f'<ul class="told">{"".join(_html(entry) for entry in entries[:MOST_LINES])}</ul>')


def newest_first(lines: Sequence[Line]) -> list[Entry]:
    """Return all that there is to tell, by the time at which it came to pass.

    What happened to one run keeps its order, whatever the clocks of those who wrote it down say.
    """
    entries = [entry for line in lines for one in line.shown for entry in _of_run(line, one)]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _of_run(line: Line, one: Shown) -> Iterator[Entry]:
    """One run's lines as they came to pass."""
    run, curves, task = one.run, one.curves, TASKS[one.run.spec.task]
    ended = run.state == "done"  # what was stopped is not judged
    remarks = diary(curves, run.chance, task.answer == "regression", ended, task.validates_more)
    happened = [
        # What the numbers of an epoch say comes before whatever befell the run after that epoch.
        *((e.epoch, 0, i, float(curves.ended[e.epoch - 1]), e.remark, e.epoch) for i, e in enumerate(remarks)),
        *((e.epoch or 0, 1, e.number, e.at, t, 0) for e in one.events if (t := befell(e)) is not None),
    ]
    at = 0.0
    for *_order, when, what, epoch in sorted(happened, key=lambda item: item[:3]):
        at = max(at, when)
        text = told(what, markdown=False)
        yield Entry(at, line, _("epoch {n}: {text}").format(n=epoch, text=text) if epoch else text)


def _html(entry: Entry) -> str:
    cell = entry.line.spec.cell
    name = f'<b style="color:{tone(cell)}">{html.escape(entry.line.title)}</b>'
    return f"<li>{mark(entry.line.look, cell)} {name} {html.escape(entry.text)}</li>"


def problems(lines: Sequence[Line]) -> None:
    """Draw why runs went wrong, each reason once."""
    said = {
        (line.plain_title, told(problem)): None
        for line in lines
        for one in line.shown
        if (problem := problem_of(one.run)) is not None
    }
    for name, text in said:
        st.warning(_("**{name}**: {text}").format(name=name, text=text), icon=":material/report:")
