"""All of rnn_core, for tests that hold every module of it to a rule."""

import importlib
import pkgutil
from pathlib import Path

import rnn_core

FILES = sorted(Path("rnn_core").rglob("*.py"))
NEEDS_KERAS = "rnn_core.training.worker.callback"  # the one module that imports Keras as soon as it is imported


def module_of(file: Path) -> str:
    """Return the name under which a file of the core is imported."""
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def import_the_core() -> None:
    """Import every module of the core that can be imported without Keras."""
    for module in pkgutil.walk_packages(rnn_core.__path__, "rnn_core."):
        if module.name != NEEDS_KERAS:
            importlib.import_module(module.name)
