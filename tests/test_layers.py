"""Dependencies point one way, and the web process stays free of TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest


def imports(file: Path) -> set[str]:
    """Return the top-level modules a file imports anywhere in it."""
    tree = ast.parse(file.read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("file", sorted(Path("rnn_core").rglob("*.py")), ids=str)
def test_the_core_never_imports_streamlit_or_a_page(file: Path) -> None:
    assert not {name for name in imports(file) if name.split(".")[0] in ("streamlit", "pages")}


def test_importing_all_that_pages_import_brings_no_tensorflow() -> None:
    modules = {name for file in Path("pages").rglob("*.py") for name in imports(file) if name.startswith("rnn_core")}
    code = f"import importlib, sys\nfor m in {sorted(modules)!r}: importlib.import_module(m)\n"
    code += "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
