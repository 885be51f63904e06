"""What the train page gives away: a run as code or as a model, and runs as tables."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from pages.common.downloads import download
from pages.common.language import _
from pages.common.names import cell_name, task_name
from pages.common.worker import run_store
from rnn_core.export import as_notebook, as_script
from rnn_core.export.training import training_cells
from rnn_core.training.runs import Run
from rnn_core.training.store import RunStore


def several_runs(runs: Sequence[Run]) -> None:
    """Draw the buttons for a table of runs, and for all their points."""
    download("csv", "runs", lambda: as_csv(runs), "ledger")
    store = run_store()
    download("json", "runs", lambda: as_json(store, runs), "ledger")


def one_run(run: Run) -> None:
    """Draw the buttons for a run's code, and for its model if it left one."""
    # Made when it is clicked; the words are chosen now, since a click is answered outside the page's run.
    spec, words = replace(run.spec, epochs=run.epochs_target), take_away_words(run)
    download("py", run.spec.cell, lambda: as_script(training_cells(spec, words)), "ledger_run")
    download("ipynb", run.spec.cell, lambda: as_notebook(training_cells(spec, words)), "ledger_run")
    path = run_store().model_path(run.id)
    if path is not None:
        download("keras", run.spec.cell, path.read_bytes, "ledger_run")


def take_away_words(run: Run) -> dict[str, str]:
    """Return what stands between the pieces of code that a visitor downloads."""
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


def as_csv(runs: Sequence[Run]) -> str:
    """Return a table of runs: one row each, settings and results."""
    text = io.StringIO()
    rows = [_flat(run) for run in runs]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_json(store: RunStore, runs: Sequence[Run]) -> str:
    """Return runs with their settings, results and epoch points."""
    made = []
    for run in runs:
        curves = store.curves(run.id)
        names = ("epoch", "loss", "metric", "val_loss", "val_metric", "seconds")
        epochs = [{name: _finite(getattr(curves, name)[i]) for name in names} for i in range(len(curves.epoch))]
        made.append({**_flat(run), "epochs_recorded": epochs})
    return json.dumps(made, indent=1)


def _flat(run: Run) -> dict:
    names = (
        "id", "name", "state", "parameters", "chance", "best_epoch", "best_val_loss", "best_val_metric", "epochs_done",
        "seconds", "ms_per_step", "xla",
    )  # fmt: skip
    return {**{name: getattr(run, name) for name in names}, **asdict(run.spec)}


def _finite(value: float) -> float | None:
    return float(value) if value == value else None
