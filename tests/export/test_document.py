import nbformat

from rnn_core.export import Code, Markdown, as_notebook, as_script

CELLS = [Markdown("# Title\n\nSaid in 中文, too."), Code("a = 1\n"), Code("print(a + 1)")]


def test_script():
    assert as_script(CELLS) == (
        "# %% [markdown]\n# # Title\n#\n# Said in 中文, too.\n\n# %%\na = 1\n\n# %%\nprint(a + 1)\n"
    )


def test_notebook_is_valid_and_holds_the_same_cells():
    notebook = nbformat.reads(as_notebook(CELLS).decode(), as_version=4)
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("markdown", "# Title\n\nSaid in 中文, too."),
        ("code", "a = 1"),
        ("code", "print(a + 1)"),
    ]


def test_same_cells_same_bytes():
    assert as_notebook(CELLS) == as_notebook(CELLS)
