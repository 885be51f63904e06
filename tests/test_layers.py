"""Dependencies point one way, without a circle, and the web process stays free of TensorFlow."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.core import FILES, module_of

EVERYWHERE = {"errors", "environment", "numbers"}  # single files, which know of nothing else here

# Which room may import which. The worker's job builds the models, so trainings stand above them.
ARROWS: dict[str, set[str]] = {
    "cells": set(),
    "shapes": {"cells"},
    "explain": {"cells"},
    "tasks": {"cells"},
    "models": {"tasks", "shapes", "cells"},
    "results": {"models", "tasks", "explain", "cells"},  # what is recorded, and what records it
    "training": {"models", "tasks", "cells"},
    "charts": {"explain", "shapes", "cells", "results"},
    "export": {"charts", "training", "models", "tasks", "explain", "shapes", "cells"},
}
# Within the trainings: what both sides share knows neither of them.
SIDES: dict[str, set[str]] = {"shared": set(), "worker": {"shared"}, "web": {"shared", "worker"}}

MODULES = {module_of(file): file for file in FILES}


def imports(file: Path) -> set[str]:
    """Return the modules a file imports anywhere in it, a function included; of the core, by their own names."""
    tree = ast.parse(file.read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    package = module_of(file).split(".") if file.name == "__init__.py" else module_of(file).split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            # `from package import module` means the module.
            found |= {name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names}
    return found


def room(module: str) -> str:
    """Return the room of a module of the core: `training` of `rnn_core.training.store.reading`."""
    return module.split(".")[1] if "." in module else ""


def within_the_core(file: Path) -> set[str]:
    return {name for name in imports(file) if name.split(".")[0] == "rnn_core"}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_core_never_imports_streamlit_or_a_page(file):
    assert not {name for name in imports(file) if name.split(".")[0] in ("streamlit", "pages")}


@pytest.mark.parametrize("file", [f for f in FILES if room(module_of(f))], ids=str)
def test_rooms_import_along_the_arrows(file):
    own = room(module_of(file))
    allowed = EVERYWHERE | ({own} | ARROWS[own] if own in ARROWS else set())
    assert {room(name) for name in within_the_core(file)} <= allowed


def test_there_is_no_circle_among_modules():
    # An import inside a function counts as well. static_order() raises CycleError, which names the circle.
    graph = {name: within_the_core(file) - {name} for name, file in MODULES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(MODULES)


@pytest.mark.parametrize("file", [f for f in FILES if room(module_of(f)) == "training"], ids=str)
def test_a_worker_knows_nothing_of_the_web_process(file):
    def side(module: str) -> str:
        third = module.split(".")[2] if module.count(".") > 1 else ""
        return third if third in ("web", "worker") else "shared"

    own = side(module_of(file))
    sides = {side(name) for name in within_the_core(file) if room(name) == "training"}
    assert sides <= {own} | SIDES[own]


def test_importing_all_that_pages_import_brings_no_tensorflow():
    pages = [Path("app.py"), *Path("pages").rglob("*.py")]
    modules = {name for file in pages for name in imports(file) if name.startswith("rnn_core")}
    code = f"import importlib, sys\nfor m in {sorted(modules)!r}: importlib.import_module(m)\n"
    code += "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
