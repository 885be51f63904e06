"""The ledger: one's own runs, kept, compared, named, taken away, deleted."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime

import streamlit as st

from pages.common.downloads import download
from pages.common.language import _, language
from pages.common.visitor import visitor
from pages.parts.train.view import default_name, state_word
from pages.parts.train.words import cell_name, task_name
from rnn_core.export import as_notebook, as_script
from rnn_core.export.training import training_cells
from rnn_core.training.runs import Run
from rnn_core.training.web.cluster import Trainer

MOST = 200


def ledger(trainer: Trainer, shown: list[str], show: Callable[[list[str]], None], act: Callable[..., None]) -> None:
    """Draw the table of this visitor's runs and what can be done with those that are marked.

    Args:
        trainer: whose store has the runs.
        shown: ids of the runs in the charts, for marking them.
        show: called with ids to be drawn in the charts.
        act: called with a function and its arguments; tells the visitor of errors.
    """
    runs = list(reversed(trainer.store.runs(owner=visitor(), limit=MOST)))
    if not runs:
        st.caption(_("The trainings you start are kept here; they outlive this page, this browser tab and the server."))
        return
    # The marks are kept by row number: another list of runs begins without marks.
    marked = st.dataframe(
        [_row(run, run.id in shown) for run in runs],
        key=f"ledger_{len(runs)}_{runs[0].id}",
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="multi-row",
        height=min(35 * len(runs) + 38, 320),
        column_config={
            "shown": st.column_config.CheckboxColumn(_("in the chart"), width="small"),
            "name": st.column_config.TextColumn(_("name")),
            "task": _("task"),
            "cell": _("cell"),
            "units": _("units"),
            "seed": _("seed"),
            "parameters": st.column_config.NumberColumn(_("parameters"), format="localized"),
            "best": st.column_config.NumberColumn(_("best validation accuracy"), format="percent"),
            "loss": st.column_config.NumberColumn(_("best validation loss"), format="%.4f"),
            "seconds": st.column_config.NumberColumn(_("seconds"), format="%.1f"),
            "state": _("state"),
            "pinned": st.column_config.CheckboxColumn(_("pinned"), width="small"),
            "started": st.column_config.DatetimeColumn(
                _("started"), format="YYYY-MM-DD HH:mm", timezone=st.context.timezone
            ),
        },
    )
    chosen = [runs[i] for i in marked["selection"]["rows"] if i < len(runs)]
    if not chosen:
        st.caption(_("Mark runs in the first column to compare, continue, rename, take away or delete them."))
        return
    ids = [run.id for run in chosen]
    store, token = trainer.store, visitor()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(_("Show in the chart"), key="ledger_show", on_click=show, args=(ids,), icon=":material/show_chart:")
        pinned = all(run.pinned for run in chosen)
        st.button(
            _("Unpin") if pinned else _("Pin"),
            key="ledger_pin",
            icon=":material/keep:",
            on_click=act,
            args=(lambda: [store.pin(i, token, not pinned) for i in ids],),
        )
        if any(run.can_stop for run in chosen):
            st.button(
                _("Stop"),
                key="ledger_stop",
                icon=":material/stop:",
                on_click=act,
                args=(lambda: [trainer.wish(run.id, token, "stop") for run in chosen if run.can_stop],),
            )
        if any(run.can_resume for run in chosen):
            st.button(
                _("Resume"),
                key="ledger_resume",
                icon=":material/resume:",
                on_click=_resume,
                args=(trainer, chosen, show, act),
            )
        with st.popover(_("Delete"), icon=":material/delete:"):
            st.markdown(_("Delete {n} runs for good?").format(n=len(ids)))
            st.button(
                _("Yes, delete"),
                key="ledger_delete",
                type="primary",
                on_click=act,
                args=(lambda: [store.delete(i, token) for i in ids],),
            )
        download("csv", "runs", lambda: as_csv(chosen), "ledger")
        download("json", "runs", lambda: as_json(trainer, chosen), "ledger")
    if len(chosen) == 1:
        _one(trainer, chosen[0], act)


def _row(run: Run, shown: bool) -> dict:
    return {
        "shown": shown,
        "name": "–" if run.name == default_name(run.spec) else run.name,
        "task": task_name(run.spec.task),
        "cell": cell_name(run.spec.cell),
        "units": run.spec.units,
        "seed": run.spec.seed,
        "parameters": run.parameters,
        "best": run.best_val_metric,
        "loss": run.best_val_loss,
        "seconds": run.seconds or None,
        "state": state_word(run),
        "pinned": run.pinned,
        "started": datetime.fromtimestamp(run.created, UTC),
    }


def _resume(trainer: Trainer, runs: list[Run], show: Callable, act: Callable) -> None:
    token = visitor()
    act(lambda: [trainer.wish(run.id, token, "resume") for run in runs if run.can_resume])
    show([run.id for run in runs])


def _one(trainer: Trainer, run: Run, act: Callable) -> None:
    """What can be done with a single run: rename it, take it away as code or as a model, send its link."""
    token = visitor()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = f"ledger_name_{run.id}"
        st.text_input(
            _("name"),
            value=run.name,
            max_chars=80,
            key=key,
            width=260,
            on_change=act,
            args=(lambda: trainer.store.rename(run.id, token, st.session_state[key]),),
        )
        # Made when it is clicked; the words are chosen now, since a click is answered outside the page's run.
        spec, words = replace(run.spec, epochs=run.epochs_target), take_away_words(run)
        download("py", run.spec.cell, lambda: as_script(training_cells(spec, words)), "ledger_run")
        download("ipynb", run.spec.cell, lambda: as_notebook(training_cells(spec, words)), "ledger_run")
        path = trainer.store.model_path(run.id)
        if path is not None:
            download("keras", run.spec.cell, path.read_bytes, "ledger_run")
        if path is not None and run.spec.cell != "bag_of_words":
            read_with(run, _("Read a sequence with this network"))
    st.caption(_("Whoever opens this link watches the run; only you can change it."))
    st.code(f"{str(st.context.url or '').split('?')[0]}?run={run.id}", language=None)


def read_with(run: Run, label: str) -> None:
    """Draw a link that opens a trained network on the cells page."""
    st.page_link(
        "pages/cells.py",
        label=label,
        icon=":material/play_lesson:",
        query_params={"lang": language(), "run": run.id},
    )


def take_away_words(run: Run) -> dict[str, str]:
    """Return what stands between the pieces of code that a visitor takes away."""
    return {
        "title": _("{cell} learns “{task}”").format(cell=cell_name(run.spec.cell), task=task_name(run.spec.task)),
        "seed": _(
            "The same seed gives the same data, the same first weights and the same order of batches, so the numbers "
            "are those of the recorded run but for the rounding of another machine."
        ),
        "data": _("The data. The last {validation} of {samples} sequences validate."),
        "model": _("The model."),
        "fit": _("The training."),
    }


def as_csv(runs: list[Run]) -> str:
    """Return a table of runs: one row each, settings and results."""
    text = io.StringIO()
    rows = [_flat(run) for run in runs]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_json(trainer: Trainer, runs: list[Run]) -> str:
    """Return runs with their settings, results and epoch points."""
    made = []
    for run in runs:
        curves = trainer.store.curves(run.id)
        epochs = [
            {
                name: _finite(getattr(curves, name)[i])
                for name in ("epoch", "loss", "metric", "val_loss", "val_metric", "seconds")
            }
            for i in range(len(curves.epoch))
        ]
        made.append({**_flat(run), "epochs_recorded": epochs})
    return json.dumps(made, indent=1)


def _flat(run: Run) -> dict:
    names = (
        "id",
        "name",
        "state",
        "parameters",
        "chance",
        "best_epoch",
        "best_val_loss",
        "best_val_metric",
        "epochs_done",
        "seconds",
        "ms_per_step",
        "xla",
    )
    return {**{name: getattr(run, name) for name in names}, **asdict(run.spec)}


def _finite(value: float) -> float | None:
    return float(value) if value == value else None
