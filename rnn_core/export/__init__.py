"""What a visitor takes away: text and code, as a Python script or as a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Markdown:
    """A piece of text."""

    text: str


@dataclass(frozen=True)
class Code:
    """A piece of Python."""

    source: str


Cell = Markdown | Code


def as_script(cells: Sequence[Cell]) -> str:
    """One Python script: text becomes comments, and each piece begins with `# %%`, so that editors can run it alone."""
    pieces = []
    for cell in cells:
        if isinstance(cell, Markdown):
            commented = "\n".join(f"# {line}".rstrip() for line in cell.text.strip().splitlines())
            pieces.append(f"# %% [markdown]\n{commented}\n")
        else:
            pieces.append(f"# %%\n{cell.source.strip()}\n")
    return "\n".join(pieces)


def as_notebook(cells: Sequence[Cell]) -> bytes:
    """A Jupyter notebook (format 4.5), not yet run. The same cells give the same bytes."""
    import nbformat
    from nbformat import v4

    notebook = v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for position, cell in enumerate(cells):
        made = (
            v4.new_markdown_cell(cell.text.strip())
            if isinstance(cell, Markdown)
            else v4.new_code_cell(cell.source.strip())
        )
        made["id"] = f"cell-{position}"  # nbformat would draw a random one
        notebook.cells.append(made)
    nbformat.validate(notebook)
    return nbformat.writes(notebook).encode()
