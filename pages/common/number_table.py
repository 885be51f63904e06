"""A table of numbers that a visitor may edit: what cannot be read is marked and said, the last good numbers stay."""

import numpy as np
import streamlit as st

from pages.common.language import _
from rnn_core.cells.errors import CellError
from rnn_core.sequences import typed_number

MARK = "⚠ "


def number_table(name: str, start: np.ndarray, columns: list[str]) -> np.ndarray:
    """Draw the table and return its last good numbers, shaped like `start`.

    Args:
        name: names the table in this visit; one table of a name on a page.
        start: the numbers to begin with, (rows, columns); other numbers here mean a fresh table.
        columns: what the columns are called.
    """
    held = st.session_state.get(f"_table_{name}")
    if held is None or not np.array_equal(held["start"], start):
        texts = [[f"{value:.4g}" for value in row] for row in start]
        version = held["version"] + 1 if held else 0
        held = {"start": start, "good": start.copy(), "texts": texts, "wrong": {}, "version": version}
        st.session_state[f"_table_{name}"] = held
    key = f"table_{name}_{held['version']}"
    table = {"": [str(row) for row in range(len(start))]}
    table |= {column: [row[i] for row in held["texts"]] for i, column in enumerate(columns)}
    st.data_editor(table, key=key, hide_index=True, disabled=[""], on_change=_edited, args=(name, key, columns))
    for (row, column), code in held["wrong"].items():
        st.error(_sentence(code, f"{name}[{row}, {column}]"), icon=":material/error:")
    if held["wrong"]:
        st.caption(_("Until then the picture shows the last numbers that could be read."))
    return held["good"]


def forget_tables(*names: str) -> None:
    """Let the tables begin anew with their starting numbers."""
    for name in names:
        if held := st.session_state.get(f"_table_{name}"):
            st.session_state[f"_table_{name}"] = {**held, "start": np.empty(0)}


def edited(name: str, start: np.ndarray) -> np.ndarray:
    """Return the table's last good numbers if it began with `start`, else `start`; for pictures drawn before it."""
    held = st.session_state.get(f"_table_{name}")
    return held["good"] if held is not None and np.array_equal(held["start"], start) else start


def _edited(name: str, key: str, columns: list[str]) -> None:
    """Take what was typed; cells that were not touched keep all their digits."""
    held = st.session_state[f"_table_{name}"]
    texts, good, wrong = [list(row) for row in held["texts"]], held["good"].copy(), dict(held["wrong"])
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, text in cells.items():
            at = (int(row), columns.index(column))
            typed = ("" if text is None else str(text)[:40]).removeprefix(MARK)
            try:
                good[at] = typed_number(typed)
                wrong.pop(at, None)
                texts[at[0]][at[1]] = typed
            except CellError as problem:
                wrong[at] = problem.code
                texts[at[0]][at[1]] = MARK + typed
    version = held["version"] + 1
    st.session_state[f"_table_{name}"] = {**held, "texts": texts, "good": good, "wrong": wrong, "version": version}


def _sentence(code: str, where: str) -> str:
    return {
        "blank": _("{where} is blank. Type a number, 0 for nothing."),
        "not_a_number": _("{where} is not a number. Type one such as 0.5 or -2."),
        "not_finite": _("{where} is not a finite number; nothing can be computed with it."),
        "too_large": _("{where} is too large. Type a number below 1e30."),
    }[code].format(where=where)
