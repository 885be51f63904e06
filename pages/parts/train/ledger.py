"""The ledger: one's own runs, kept, compared, named, downloaded, deleted."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from pages.common.language import _, ngettext
from pages.common.names import cell_name, task_name
from pages.common.visitor import visitor
from pages.common.worker import run_store, trainer
from pages.elements.scroll import bring_into_view, can_come_into_view
from pages.parts.train.cards import can_read, read_with
from pages.parts.train.downloads import one_run, several_runs
from pages.parts.train.lines import renamed
from pages.parts.train.runs import Shown, attempt, delete, show
from pages.parts.train.words import status, told
from rnn_core.charts.curves import shortened
from rnn_core.training.runs import Run
from rnn_core.training.store import StoreUnavailable

MOST = 200
LONGEST = 40


def ledger(shown: Sequence[Shown]) -> None:
    """Draw the table of this visitor's runs, and what can be done with those that are marked."""
    st.subheader(_("Your runs"), anchor=False)
    try:
        runs = list(reversed(run_store().runs(owner=visitor(), limit=MOST)))
    except StoreUnavailable as error:
        st.caption(told(error))
        return
    if not runs:
        st.caption(_("The trainings you start are kept here; they outlive this page, this browser tab and the server."))
        return
    chosen = _table(runs, {one.run.id for one in shown})
    if not chosen:
        st.caption(_("Mark runs in the first column to compare, continue, rename, download or delete them."))
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _actions(chosen)
        if len(chosen) == 1:
            _one(chosen[0])
    can_come_into_view("train_stage")


def _table(runs: Sequence[Run], shown: set[str]) -> list[Run]:
    """Draw the table; return the runs that are marked."""
    # The marks are kept by row number: another list of runs begins without marks.
    marked = st.dataframe(
        [_row(run, run.id in shown) for run in runs],
        key=f"ledger_{len(runs)}_{runs[0].id}",
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="multi-row",
        height=min(35 * len(runs) + 38, 320),
        column_config=_columns(),
    )
    return [runs[i] for i in marked["selection"]["rows"] if isinstance(i, int) and 0 <= i < len(runs)]


def _columns() -> dict:
    box, number = st.column_config.CheckboxColumn, st.column_config.NumberColumn
    return {
        "shown": box(_("in the chart"), width="small"),
        "name": st.column_config.TextColumn(_("name")),
        "task": _("task"),
        "cell": _("cell"),
        "units": _("units"),
        "length": _("length"),
        "seed": _("seed"),
        "parameters": number(_("parameters"), format="localized"),
        "best": number(_("best validation accuracy"), format="percent"),
        "loss": number(_("best validation loss"), format="%.4f"),
        "seconds": number(_("seconds"), format="%.1f"),
        "status": _("status"),
        "pinned": box(_("pinned"), width="small"),
        "started": st.column_config.DatetimeColumn(
            _("started"), format="YYYY-MM-DD HH:mm", timezone=st.context.timezone
        ),
    }


def _row(run: Run, shown: bool) -> dict:
    return {
        "shown": shown,
        "name": shortened([run.name], LONGEST)[0] if renamed(run) else "–",
        "task": task_name(run.spec.task),
        "cell": cell_name(run.spec.cell),
        "units": run.spec.units,
        "length": run.spec.length,
        "seed": run.spec.seed,
        "parameters": run.parameters,
        "best": run.best_val_metric,
        "loss": run.best_val_loss,
        "seconds": run.seconds or None,
        "status": status(run),
        "pinned": run.pinned,
        "started": datetime.fromtimestamp(run.created, UTC),
    }


def _actions(chosen: Sequence[Run]) -> None:
    """Draw what can be done with all runs that are marked."""
    ids = [run.id for run in chosen]
    st.button(_("Show in the chart"), key="ledger_show", on_click=_show, args=(ids,), icon=":material/show_chart:")
    pinned = all(run.pinned for run in chosen)
    st.button(
        _("Unpin") if pinned else _("Pin"), key="ledger_pin", icon=":material/keep:", on_click=_pin,
        args=(ids, not pinned),
    )  # fmt: skip
    if able := [run.id for run in chosen if run.can_stop]:
        st.button(_("Stop"), key="ledger_stop", icon=":material/stop:", on_click=_wish, args=(able, "stop"))
    if able := [run.id for run in chosen if run.can_resume]:
        st.button(
            _("Resume"), key="ledger_resume", icon=":material/resume:", on_click=_resume, args=(able, ids)
        )
    with st.popover(_("Delete"), icon=":material/delete:"):
        st.markdown(ngettext("Delete {n} run for good?", "Delete {n} runs for good?", len(ids)).format(n=len(ids)))
        st.button(_("Yes, delete"), key="ledger_delete", type="primary", on_click=delete, args=(ids,))
    several_runs(chosen)


def _show(ids: Sequence[str]) -> None:
    show(ids)
    bring_into_view("train_stage")  # it is far above the ledger


def _pin(ids: Sequence[str], pinned: bool) -> None:
    def pin_all() -> None:
        for run_id in ids:
            run_store().pin(run_id, visitor(), pinned)

    attempt(pin_all)


def _wish(ids: Sequence[str], what: str) -> None:
    attempt(lambda: [trainer().wish(i, visitor(), what) for i in ids])


def _resume(able: Sequence[str], ids: Sequence[str]) -> None:
    _wish(able, "resume")
    _show(ids)


def _one(run: Run) -> None:
    """Draw what can be done with a single run: rename it, download it as code or as a model, send its link."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = f"ledger_name_{run.id}"
        st.text_input(
            _("name"), value=run.name, max_chars=80, key=key, width=260, on_change=_rename, args=(run.id, key)
        )
        one_run(run)
        if can_read(run):
            read_with(run, cell_name(run.spec.cell))
    st.caption(_("Anyone who opens this link can watch the run; only you can change it."))
    st.code(f"{str(st.context.url or '').split('?')[0]}?run={run.id}", language=None)


def _rename(run_id: str, key: str) -> None:
    attempt(lambda: run_store().rename(run_id, visitor(), st.session_state.get(key, "")))
