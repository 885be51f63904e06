"""All that changes while trainings run: cards, charts and log, drawn again at every beat and alone."""

from pathlib import Path

import streamlit as st

from pages.common.worker import trainer
from pages.parts.train.cards import cards, readers
from pages.parts.train.charts import charts
from pages.parts.train.lines import lines
from pages.parts.train.log import log, problems
from pages.parts.train.runs import Seen, keep, look, signature
from pages.parts.train.settings import current, specs
from pages.parts.train.words import told
from rnn_core.training.web.cluster import TrainerError

_STYLE = Path(__file__).with_name("train.css")
BEAT, SLOW_BEAT = 0.4, 1.5  # seconds between two looks at the store: while something moves, while it only waits


def stage(seen: Seen) -> None:
    """Draw what the runs do, and look again as often as something may have changed."""
    st.html(_STYLE)
    ready = trainer().status.code == "ready"
    with st.container(key="train_stage"):
        st.fragment(_live, run_every=beat(seen, ready))(signature(seen, ready))


def beat(seen: Seen, ready: bool) -> float | None:
    """Return how often to look: not at all when nothing moves."""
    runs = [one.run for one in seen.shown]
    if any(run.state in ("starting", "compiling", "running") or run.pausing for run in runs):
        return BEAT
    if any(run.state == "queued" for run in runs):
        return BEAT if ready else SLOW_BEAT
    return SLOW_BEAT if not ready or seen.trouble is not None or any(not run.ended for run in runs) else None


def _live(before: tuple) -> None:
    cluster = trainer().status.code
    seen = look()
    keep(seen)
    if signature(seen, cluster == "ready") != before:
        st.rerun()  # the buttons and the beat belong to the whole page
    for trouble in (TrainerError("trainer_unreachable") if cluster == "unreachable" else None, seen.trouble):
        if trouble is not None:
            st.warning(told(trouble), icon=":material/cloud_off:")
    settings, drawn = current(), lines(seen.shown)
    cards(drawn, [spec for spec in specs(settings) if spec.seed == settings.seed], cluster)
    problems(drawn)
    readers(drawn)
    charts(drawn, settings)
    log(drawn)
