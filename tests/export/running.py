"""Run what a visitor takes away, and read the numbers that it prints."""

import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO

import nbformat
import numpy as np

from rnn_core.export import as_notebook, as_script


def run_script(cells, folder):
    """As a visitor would: save it, call Python."""
    path = folder / "taken_away.py"
    path.write_text(as_script(cells), encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def run_notebook(cells):
    """Its code cells in order, in one namespace, as a kernel would."""
    notebook = nbformat.reads(as_notebook(cells).decode(), as_version=4)
    printed, namespace = StringIO(), {}
    with redirect_stdout(printed):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, namespace)
    return printed.getvalue()


def printed_numbers(output):
    """Lines of a name and the array below it, as a dict."""
    found = {}
    for name, digits in re.findall(r"^([^\[\]\n]+)\n\[([^\]]*)\]", output, re.MULTILINE):
        found[name] = np.array(digits.split(), dtype=float)
    return found
