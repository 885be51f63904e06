"""A network that somebody trained, opened on the cells page: it reads a sequence of its own task, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.common.language import _, language
from pages.common.link import Number
from pages.parts.cells.settings import NETWORK, PARAMETERS, TIMESTEPS, Given, Settings, read
from pages.parts.train.words import cell_name, task_name, told
from rnn_core import tasks
from rnn_core.errors import VisitorError
from rnn_core.models.network import BAG_OF_WORDS
from rnn_core.models.trained import NotANetwork, Trained, state_before

if TYPE_CHECKING:
    from rnn_core.training.runs import Run

SEQUENCES = 20
PADDING = "·"


class _Run:
    """A run's id in the link; blank means the page's own small network. The store decides what there is."""

    name, default = "run", ""
    options: tuple[str, ...] = ()

    def read(self, raw: str) -> tuple[str, bool]:
        return raw[:40], True

    def write(self, value: str) -> str:
        return value


RUN = (_Run(), Number("sequence", 1, 1, SEQUENCES))


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network and the sequence that it reads here.

    Attributes:
        run: where it comes from.
        trained: the whole network; the page shows how its first layer reads.
        dataset: some validation sequences of its task.
        chosen: which of them, from 0.
        before: so many timesteps are read before the first one shown.
        answers: what the whole network answers to it, (answers,).
        settings: what the page shows.
    """

    run: Run
    trained: Trained
    dataset: tasks.Dataset
    chosen: int
    before: int
    answers: np.ndarray
    settings: Settings


def open_network() -> Network | None:
    """Open the network that the link names, or tell why not and go on with the page's own."""
    st.session_state[NETWORK] = None
    if not st.session_state["run"]:
        return None
    try:
        st.session_state[NETWORK] = _find(st.session_state["run"], st.session_state["sequence"] - 1)
    except NotANetwork as problem:
        st.warning(told(problem), icon=":material/neurology:")
    except VisitorError as problem:  # of the store, or of the task's data
        st.warning(told(problem), icon=":material/link_off:")
    network = st.session_state[NETWORK]
    if network is None:
        st.session_state["run"] = ""
        return None
    st.session_state["sequence"] = network.chosen + 1  # there may be fewer than the link asks for
    for parameter in PARAMETERS:
        # What is set for the small network is not drawn now, but must not be lost.
        st.session_state[parameter.name] = st.session_state[parameter.name]
    return network


def _find(run_id: str, chosen: int) -> Network:
    # Only who comes with a link to a run must wait for these imports.
    from pages.common.worker import trainer

    store = trainer().store
    run = store.get(run_id)
    arrays = store.weights(run.id)
    if arrays is None and run.spec.cell != BAG_OF_WORDS:
        raise NotANetwork("left_nothing" if run.ended else "in_training")
    trained = Trained.from_arrays(run.spec.network, arrays or {})
    dataset = sequences(run.spec.data)
    chosen = min(chosen, len(dataset.x_val) - 1)
    x = dataset.x_val[chosen : chosen + 1]
    whole = trained.read(x)
    before = max(0, x.shape[1] - TIMESTEPS)
    weights = trained.layers[0][0]
    return Network(
        run,
        trained,
        dataset,
        chosen,
        before,
        trained.predict(x)[0],
        Settings(
            run.spec.cell,
            tuple(map(tuple, whole.inputs[0, before:].tolist())),
            step_names(dataset, x[0])[before:],
            weights.units,
            run.spec.seed,
            (),
            Given(f"{run.id}:{hash(weights.kernel.tobytes())}:{before}", weights, state_before(whole, before)),
        ),
    )


@lru_cache(maxsize=16)
def sequences(data: tasks.Data) -> tasks.Dataset:
    """Return a few sequences that validate this training."""
    return tasks.validation(data, SEQUENCES)


def step_names(dataset: tasks.Dataset, x: np.ndarray) -> tuple[str, ...]:
    """Return what is read at each timestep, short enough to stand under it."""
    words = tasks.words(dataset, x)
    if dataset.inputs == "tokens":
        return words
    return tuple(("★" if word.endswith("*") else "") + word.rstrip("*").removeprefix("0") for word in words)


def network_controls(network: Network) -> None:
    """Draw which network this is, which sequence it reads, and the way back."""
    run, dataset = network.run, network.dataset
    options = range(1, len(dataset.x_val) + 1)
    read_out = tasks.samples(dataset, len(options))
    begin = {n: f"{n}: {' '.join(sample.seen)[:80]}" for n, sample in zip(options, read_out, strict=True)}
    name = _("**{cell}**, trained on “{task}”")
    st.markdown(name.format(cell=cell_name(run.spec.cell), task=task_name(run.spec.task)), width="content")
    st.selectbox(
        _("Which sequence"),
        options,
        key="sequence",
        format_func=begin.get,
        label_visibility="collapsed",
        width=360,
    )
    st.button(_("Back to the small network"), icon=":material/close:", on_click=leave, key="leave_network")


def leave() -> None:
    """Show the page's own small network again."""
    st.session_state.update(run="", sequence=1, t=0)


def about(network: Network) -> str:
    """Return what of the network is not to be seen; nothing if all of it is."""
    spec, said = network.run.spec, []
    if spec.layers > 1:
        said.append(_("Shown is the first of {layers} recurrent layers.").format(layers=spec.layers))
    if spec.bidirectional:
        said.append(_("Shown is the half that reads forwards; another half reads backwards."))
    if network.before:
        said.append(
            _(
                "Of {timesteps} timesteps the last {shown} are shown; the state they begin with has read the others."
            ).format(timesteps=network.before + TIMESTEPS, shown=TIMESTEPS)
        )
    return _joined(said)


def network_says(t: int) -> None:
    """Draw what the opened network must answer, what it answers, and what it would answer after timestep t."""
    network: Network | None = st.session_state.get(NETWORK)
    if network is None:
        return
    trained, dataset, here = network.trained, network.dataset, network.chosen
    must = answer_name(dataset, float(dataset.y_val[here]))
    end = answer(dataset, network.answers)
    said = [_("It must answer **{must}**.").format(must=must)]
    if t == network.settings.timesteps or not st.session_state["ask"]:
        # Who wants to be asked first shall not be told the end at the beginning.
        said.append(_("At the end it answers {answer}.").format(answer=end))
    if t and trained.answers_at_every_timestep:
        now = answer(dataset, trained.head(read(network.settings).h[0, t - 1]))
        word = network.settings.words[t - 1].replace("`", "'")
        text = _("If the sequence ended here, after `{word}`: {answer}.")
        if word == PADDING:
            text = _("If the sequence ended here, still in the filler (`·`) before the first word: {answer}.")
        said.append(text.format(word=word, answer=now))
    st.markdown(_joined(said))
    if rest := about(network):
        st.caption(rest)


def _joined(sentences: list[str]) -> str:
    return ("" if language() == "zh" else " ").join(sentences)


def answer(dataset: tasks.Dataset, given: np.ndarray) -> str:
    """Return a network's answer in words: the number, or what it holds most likely, and how likely.

    Args:
        dataset: says what the answers mean.
        given: what Trained.head() returned for one sequence, (answers,).
    """
    if dataset.answer == "regression":
        return f"**{given[0]:.2f}**"
    likely = np.array([1 - given[0], given[0]]) if dataset.answer == "binary" else given
    best = int(likely.argmax())
    return f"**{answer_name(dataset, best)}** ({likely[best]:.0%})"


def answer_name(dataset: tasks.Dataset, value: float) -> str:
    if dataset.answer == "regression":
        return f"{value:.2f}"
    name = dataset.answers[int(value)]
    return {"negative": _("negative"), "positive": _("positive")}.get(name, name)
