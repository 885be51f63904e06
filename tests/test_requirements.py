"""requirements.txt lists what the app imports, exactly, and nothing else."""

import ast
import re
import sys
from importlib.metadata import version
from pathlib import Path

SOURCES = [Path("app.py"), *Path("pages").rglob("*.py"), *Path("rnn_core").rglob("*.py")]
PLATFORMS = {"tensorflow-cpu": "tensorflow"}  # the same package under another name, for machines without a GPU


def imported() -> set[str]:
    """Return the packages that are not Python's own and not ours, wherever in a file they are imported."""
    found = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add((node.module or "").split(".")[0])
    return found - set(sys.stdlib_module_names) - {"rnn_core", "pages", "app"}


def required() -> dict[str, str]:
    """Return what requirements.txt asks for: package → version."""
    lines = re.findall(r"^([\w.-]+)==([\w.]+)", Path("requirements.txt").read_text("utf-8"), re.MULTILINE)
    return {PLATFORMS.get(name, name): number for name, number in lines}


def test_what_is_imported_is_required_and_what_is_required_is_imported():
    assert set(required()) == imported()


def test_the_versions_are_those_the_tests_run_with():
    installed = {name: number for name, number in required().items() if name != "tensorflow"}
    assert {name: version(name) for name in installed} == installed
