"""What the train page says of settings and of runs, and what the core has to tell of them."""

from pages.common.language import _, ngettext, say
from rnn_core.errors import Told
from rnn_core.training.runs import Run


def setting_name(setting: str) -> str:
    """Return what a field of a spec is called on the page."""
    return {
        "task": _("task"), "cell": _("cell"), "units": _("units"), "length": _("length"), "samples": _("sequences"),
        "epochs": _("epochs"), "batch_size": _("batch size"), "learning_rate": _("learning rate"), "seed": _("seed"),
        "layers": _("layers"), "bidirectional": _("both directions"), "clip": _("gradient clipping"),
        "early_stopping": _("early stopping"), "padding": _("padding"), "truncating": _("cutting"), "mask": _("mask"),
    }.get(setting, setting)  # fmt: skip


def end_name(setting: str, end: str) -> str:
    """Return what an end is called: the one that is padded, or the one that is cut away."""
    return {
        ("padding", "pre"): _("zeros in front"), ("padding", "post"): _("zeros behind"),
        ("truncating", "pre"): _("cut at the beginning"), ("truncating", "post"): _("cut at the end"),
    }[setting, end]  # fmt: skip


def length_label(task: str, truncating: str = "pre") -> str:
    """Return what the length means for this task."""
    return {
        "delayed_recall": _("length: letters after the first"),
        "adding": _("length: numbers in a row"),
        "small_reviews": _("length: words kept of a review"),
        "small_reviews_zh": _("length: words kept of a review"),
    }.get(task) or (
        _("length: words kept of a review, its last ones")
        if truncating == "pre"
        else _("length: words kept of a review, its first ones")
    )


def told(what: Told, *, markdown: bool = True) -> str:
    """Return what the core has to tell of a training: an error, a remark, an event."""
    setting = what.values.get("setting")
    return say(what, markdown=markdown, **({"setting": setting_name(setting)} if setting else {}))


def phase(run: Run, position: int = 0, cluster: str = "ready") -> str:
    """Return what the run is doing; epochs are counted alike in whatever it does.

    Args:
        run: the run.
        position: its place in the queue, 1 is next.
        cluster: the code of the trainer's status.
    """
    count = {"n": run.epoch, "total": run.epochs_target}
    if run.state == "queued":
        if cluster == "starting":
            return _("waiting: the workers are starting")
        return _("waiting: next in line") if position <= 1 else _("waiting: number {n} in line").format(n=position)
    if run.pausing:
        return _("about to pause")
    if run.state == "running" and run.phase == "validating":
        return _("epoch {n} of {total}: validating").format(**count)
    if run.state == "stopped" and run.started_at is None:
        return _("stopped before it began")
    if run.state == "done":
        return ngettext("done: {n} epoch", "done: {n} epochs", run.epochs_done).format(n=run.epochs_done)
    words = {
        "starting": _("preparing the data"),
        "compiling": _("compiling"),
        "running": _("epoch {n} of {total}"),
        "paused": _("paused in epoch {n} of {total}"),
        "stopped": _("stopped in epoch {n} of {total}"),
        "failed": _("failed"),
        "diverged": _("diverged in epoch {n} of {total}"),
        "interrupted": _("interrupted in epoch {n} of {total}"),
    }
    return words[run.state].format(**count)


def status(run: Run) -> str:
    """Return a run's status for a table, with epochs finished and wanted."""
    words = {
        "queued": _("waiting"), "starting": _("preparing the data"), "compiling": _("compiling"),
        "running": _("running"), "paused": _("paused"), "done": _("done"), "stopped": _("stopped"),
        "failed": _("failed"), "diverged": _("diverged"), "interrupted": _("interrupted"),
    }[run.state]  # fmt: skip
    return f"{words} {run.epochs_done}/{run.epochs_target}" if run.epochs_done else words


def chart_key(*, seeds: bool, article: bool, cells: int) -> str:
    """Return what the kinds of line in the charts mean, and what to bear in mind when cells are compared.

    Args:
        seeds: whether a line stands for several seeds.
        article: whether the article's curves are drawn.
        cells: how many are compared.
    """
    parts = [
        _("**bold with marks**: validation"),
        _("thin: training, once an epoch"),
        _("pale: single batches"),
        _("ring: best epoch"),
        _("star: gets it, halfway from guessing to perfect"),
    ]
    if seeds:
        parts.append(_("band: smallest to largest over the seeds"))
    if article:
        parts.append(_("broad and pale: the article's own validation"))
    parts.append(_("drag to move, Alt and the wheel to zoom, double-click to reset"))
    if cells > 1:
        parts.append(_("equal units are not equal parameters: see the cards"))
    return " · ".join(parts)
