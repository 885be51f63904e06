"""A table of numbers that a visitor may edit: what cannot be read is marked and said, the last good numbers stay."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.common.language import _
from rnn_core.cells.inputs import TypedNumberError, typed_number

MARK = "⚠ "


def number_table(
    name: str,
    start: np.ndarray,
    columns: Sequence[str],
    header: str = "",
    first: int = 0,
    width: int | str = "stretch",
) -> np.ndarray:
    """Draw the table and return its last good numbers, shaped like `start`.

    Args:
        name: names the table in this visit; one table of a name on a page.
        start: the numbers to begin with, (rows, columns); other numbers here mean a fresh table.
        columns: what the columns are called.
        header: what a row is called, if anything.
        first: the number of the first row.
        width: of the table, in pixels or as `st.data_editor` takes it.
    """
    held = st.session_state.get(_key(name))
    if held is None or not np.array_equal(held["start"], start):
        texts = [[_text(value) for value in row] for row in start]
        version = held["version"] + 1 if held else 0
        held = {"start": start, "good": start.copy(), "texts": texts, "wrong": {}, "version": version}
        st.session_state[_key(name)] = held
    key = f"table_{name}_{held['version']}"
    table = {header: [str(row + first) for row in range(len(start))]}
    table |= {column: [row[i] for row in held["texts"]] for i, column in enumerate(columns)}
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        disabled=[header],
        on_change=_edited,
        args=(name, key, list(columns)),
        height=min(38 + 35 * len(start), 320),
        width=width,
    )
    for (row, column), code in held["wrong"].items():
        where = f"{header} {row + first}, {columns[column]}" if header else f"{name}[{row}, {column}]"
        st.error(_sentence(code, where[0].upper() + where[1:] if header else where), icon=":material/error:")
    if held["wrong"]:
        st.caption(_("Until then the picture shows the last numbers that could be read."))
    return held["good"]


def forget_tables(*names: str) -> None:
    """Let the tables begin anew with their starting numbers."""
    for name in names:
        if held := st.session_state.get(_key(name)):
            st.session_state[_key(name)] = {**held, "start": np.empty(0)}


def adopt(name: str) -> None:
    """Take the table's numbers as those it began with: whoever draws it will hand them over as its start."""
    held = st.session_state[_key(name)]
    st.session_state[_key(name)] = {**held, "start": held["good"]}


def edited(name: str, start: np.ndarray) -> np.ndarray:
    """Return the table's last good numbers if it began with `start`, else `start`; for pictures drawn before it."""
    held = st.session_state.get(_key(name))
    return held["good"] if held is not None and np.array_equal(held["start"], start) else start


def _key(name: str) -> str:
    return f"_table_{name}"


def _text(value: float) -> str:
    """Four digits for numbers that were drawn; what a person typed is mostly short enough to stay as it is."""
    whole = f"{value:g}"
    return whole if len(whole) <= 6 else f"{value:.4g}"


def _edited(name: str, key: str, columns: list[str]) -> None:
    """Take what was typed; cells that were not touched keep all their digits."""
    held = st.session_state[_key(name)]
    texts, good, wrong = [list(row) for row in held["texts"]], held["good"].copy(), dict(held["wrong"])
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, text in cells.items():
            at = (int(row), columns.index(column))
            typed = ("" if text is None else str(text)[:40]).removeprefix(MARK)
            try:
                good[at] = typed_number(typed)
                wrong.pop(at, None)
                texts[at[0]][at[1]] = typed
            except TypedNumberError as problem:
                wrong[at] = problem.code
                texts[at[0]][at[1]] = MARK + typed
    version = held["version"] + 1
    st.session_state[_key(name)] = {**held, "texts": texts, "good": good, "wrong": wrong, "version": version}


def _sentence(code: str, where: str) -> str:
    told = TypedNumberError(code, where=where)
    return _(told.sentence).format(**told.values)
