"""A card for each line: what it is doing, how far it is, what it has reached; and the way to read with its network."""

import html
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.common.language import _, duration, language
from pages.common.names import cell_name
from pages.common.worker import run_store
from pages.parts.train.lines import Line, dark, mark, moment, tone
from pages.parts.train.words import phase
from rnn_core import tasks
from rnn_core.cells.registry import CELLS
from rnn_core.charts.curves import shortened
from rnn_core.charts.palette import INK, LINE, LOOKS, NETWORKS, PANEL, QUIET, Look
from rnn_core.models.build import count_parameters
from rnn_core.models.network import BAG_OF_WORDS, Network
from rnn_core.numbers import Figure, percent
from rnn_core.training.kept import nearest
from rnn_core.training.runs import Run
from rnn_core.training.spec import TrainingSpec

LONGEST = 30


class _Card(NamedTuple):
    """What stands on a card; all of it plain text."""

    cell: str
    look: Look
    name: str
    apart: str
    parameters: int
    words: str
    progress: float = 0.0
    figure: str = "–"
    measure: str = ""
    facts: str = ""
    bad: bool = False


def cards(lines: Sequence[Line], waiting: Sequence[TrainingSpec], cluster: str) -> None:
    """Draw a card per line; for cells not yet started, the same card, empty."""
    idle = _("the workers are starting") if cluster == "starting" else _("not started")
    made = [_of_line(line, cluster) for line in lines] or [_of_spec(spec, idle) for spec in waiting]
    apart = any(card.apart for card in made)
    tones = {"ink": INK, "quiet": QUIET, "line": LINE, "panel": PANEL, "bad": NETWORKS["simple_rnn"]}
    style = "".join(f"--{name}:{tone.dark if dark() else tone.light};" for name, tone in tones.items())
    st.html(f'<div class="runs" style="{style}">{"".join(_html(card, apart) for card in made)}</div>')


def _of_line(line: Line, cluster: str) -> _Card:
    at_work = next((one for one in line.shown if not one.run.ended), line.shown[-1])
    run = at_work.run
    words = phase(run, at_work.position, cluster)
    if len(line.shown) > 1:
        ended = sum(one.run.ended for one in line.shown)
        words = _("seed {seed}: {phase} ({done} of {all} seeds)").format(
            seed=run.spec.seed, phase=words, done=ended, all=len(line.shown)
        )
    figure, measure = result(line)
    return _Card(
        run.spec.cell, line.look, line.name, line.place, run.parameters or _parameters(run.spec.network), words,
        sum(one.run.progress for one in line.shown) / len(line.shown), figure, measure, _facts(run),
        run.state in ("failed", "diverged", "interrupted"),
    )  # fmt: skip


def _of_spec(spec: TrainingSpec, words: str) -> _Card:
    # Where it stands for the first time, it says what it is.
    facts = _("averages all inputs, knows no order") if spec.cell == BAG_OF_WORDS else ""
    name = cell_name(spec.cell)
    return _Card(spec.cell, LOOKS[spec.cell], name, "", _parameters(spec.network), words, facts=facts)


def _facts(run: Run) -> str:
    facts = []
    if run.ms_per_step:
        facts.append(_("{n} ms a step").format(n=f"{run.ms_per_step:.1f}"))
    if run.seconds_left is not None and not run.ended:
        facts.append(_("{time} left").format(time=duration(run.seconds_left)))
    elif run.seconds:
        facts.append(duration(run.seconds))
    if run.xla:
        facts.append("XLA")
    return " · ".join(facts)


def result(line: Line) -> tuple[str, str]:
    """Return the last validation figure, or the mean over seeds, and what it is."""
    values = reached(line)
    if not values or not np.isfinite(values).any():
        return "–", ""
    mean = float(np.nanmean(values))
    return (str(Figure(mean)), _("validation error")) if line.regression else (percent(mean, 1), _("validation"))


def reached(line: Line) -> list[float]:
    """Return what each run of a line that has finished an epoch reached last: an accuracy or an error."""
    name = "val_loss" if line.regression else "val_metric"
    return [float(getattr(one.curves, name)[-1]) for one in line.shown if len(one.curves.epoch)]


@lru_cache(maxsize=256)
def _parameters(network: Network) -> int:
    return count_parameters(network)


def _html(card: _Card, apart: bool) -> str:
    name, words, facts, short = (html.escape(text) for text in (card.name, card.words, card.facts, _short(card.name)))
    count = html.escape(_("{n} parameters").format(n=f"{card.parameters:,}"))
    drawn = mark(card.look, card.cell)
    done = f"{card.progress * 100:.1f}"
    # If any line is told apart, all cards have room for it.
    differs = f'<div class="apart">{html.escape(card.apart)}</div>' if apart else ""
    return f"""<div class="run" style="--tone:{tone(card.cell)}">
<div class="top">{drawn}<b title="{name}">{short}</b><span class="quiet">{count}</span></div>{differs}
<div class="middle"><span class="phase {"bad" if card.bad else ""}">{words}</span>
<span class="quiet">{html.escape(card.measure)}</span><span class="figure">{html.escape(card.figure)}</span></div>
<div class="track" role="progressbar" aria-valuenow="{done}" aria-valuemin="0" aria-valuemax="100" aria-label="{name}">
<i style="width:{done}%"></i></div>
<div class="quiet facts">{facts}</div></div>"""


def _short(name: str) -> str:
    return shortened([name], LONGEST)[0]


# --- Reading with a trained network ---------------------------------------------------------------------------------


def readers(lines: Sequence[Line]) -> None:
    """Draw a link for each line whose network is done: it opens where it can be watched reading."""
    ready = [(line, run) for line in lines if (run := _trained(line)) is not None]
    # The row is there before the links are, so that nothing moves when they come.
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_read"):
        if not ready:
            st.caption(_("Once a training is done, its network can be watched reading, step by step."))
        for line, run in ready:
            read_with(run, line.plain_title)
        for line, run in ready:
            _watch_it_get_there(line, run)


def _trained(line: Line) -> Run | None:
    """The first run of a line whose network can read."""
    return next((one.run for one in line.shown if one.run.state == "done" and can_read(one.run)), None)


def _watch_it_get_there(line: Line, run: Run) -> None:
    """Draw a link to the moment when a run gets it, on the memory page: to the kept epoch that is nearest to it."""
    epoch, kept = moment(line), run_store().kept_epochs(run.id)
    if epoch is None or len(kept) < 2:
        return
    query = {"lang": language(), "run": run.id, "epoch": str(nearest(kept, epoch))}
    label = _("{name} gets it: epoch {n}").format(name=line.plain_title, n=epoch)
    st.page_link("pages/memory.py", label=label, icon=":material/star:", query_params=query)


def can_read(run: Run) -> bool:
    """Whether a run has left a network that another page can let read."""
    reads = run.spec.cell in CELLS or tasks.TASKS[run.spec.task].reviews
    return reads and run_store().model_path(run.id) is not None


def read_with(run: Run, name: str) -> None:
    """Draw the links that open a trained network: on the cells page, and where its verdict is seen word by word."""
    query = {"lang": language(), "run": run.id}
    if run.spec.cell in CELLS:
        label = _("Watch {name} read, step by step").format(name=name)
        st.page_link("pages/cells.py", label=label, icon=":material/play_lesson:", query_params=query)
    if tasks.TASKS[run.spec.task].reviews:
        label = _("Watch {name} make up its mind, word by word").format(name=name)
        st.page_link("pages/word_by_word.py", label=label, icon=":material/forum:", query_params=query)
