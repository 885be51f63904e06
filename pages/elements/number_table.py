"""A table of numbers that a visitor may edit: what cannot be read is marked and said, the last good numbers stay."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import streamlit as st

from pages.common.edits import with_edit
from pages.common.language import _, language, listed, say
from pages.common.settings import Owner
from rnn_core.cells.inputs import TypedNumberError, typed_number

MARK = "⚠ "


def above_tables(owner: Owner, arrays: Sequence[str], rewind: Callable[[], None], other: Callable[[], None]) -> None:
    """Draw what stands above the tables of weights: back to the start, other weights, and undo if there is any.

    Args:
        owner: of the setting `edits`.
        arrays: the names of the tables.
        rewind: back to the start.
        other: draws other weights.
    """
    with st.container(horizontal=True, gap="small"):
        st.button(_("Rewind (same weights)"), on_click=rewind, key="rewind", icon=":material/replay:")
        st.button(_("New weights"), on_click=other, key="other_weights", icon=":material/casino:")
        if owner.current().edits:
            label, mine = _("Undo my changes"), (owner, *arrays)
            st.button(label, on_click=forget_edits, args=mine, key="undo_edits", icon=":material/undo:")


def as_edit(owner: Owner, name: str) -> Callable[[int, int, float], None]:
    """Return what a table of this array does with a number: it becomes an edit among the page's settings."""
    return lambda row, column, number: owner.change(edits=with_edit(owner.current().edits, name, row, column, number))


def number_table(
    name: str,
    numbers: np.ndarray,
    columns: Sequence[str],
    edit: Callable[[int, int, float], None],
    *,
    header: str = "",
    first: int = 0,
    width: int | Literal["stretch", "content"] = "stretch",
) -> None:
    """Draw a table of numbers.

    Args:
        name: names the table in this visit; one table of a name on a page.
        numbers: what it shows, (rows, columns).
        columns: what the columns are called.
        edit: called with row, column and number for each one that was typed and can be read.
        header: what a row is called, if anything.
        first: the number of the first row.
        width: of the table, in pixels or as `st.data_editor` takes it.
    """
    wrong = _wrong(name, numbers.shape)
    texts = [[in_short(value) for value in row] for row in numbers]
    for (row, column), (typed, _error) in wrong.items():
        texts[row][column] = MARK + typed
    table = {header: [str(row + first) for row in range(len(numbers))]}
    table |= {column: [row[i] for row in texts] for i, column in enumerate(columns)}
    # Other numbers, another table: what was typed into this one is part of the numbers of the next.
    key = f"table_{name}_{hash((language(), numbers.tobytes(), numbers.shape, tuple(map(tuple, texts)))):x}"
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        disabled=[header],
        on_change=_typed,
        args=(name, key, list(columns), numbers.shape, edit),
        height=min(38 + 35 * len(numbers), 320),
        width=width,
    )
    for (row, column), (_text_typed, error) in wrong.items():
        where = f"{name}[{row}, {column}]"
        if header:
            where = listed((f"{header[0].upper()}{header[1:]} {row + first}", columns[column]), short=True)
        st.error(say(error, where=f"**{where}**"), icon=":material/error:")
    if wrong:
        st.caption(_("Until then the picture shows the last numbers that could be read."))


def forget_edits(owner: Owner, *names: str) -> None:
    """Forget what was changed by hand in a page's arrays, and what was typed and could not be read."""
    owner.change(edits="")
    for name in names:
        st.session_state.pop(f"_wrong_{name}", None)


def in_short(value: float) -> str:
    """Four digits for numbers that were drawn; what a person typed is mostly short enough to stay as it is."""
    whole = f"{value:g}"
    return whole if len(whole) <= 6 else f"{value:.4g}"


def _wrong(name: str, shape: tuple[int, ...]) -> dict[tuple[int, int], tuple[str, TypedNumberError]]:
    """Return what was typed into a table of this shape and cannot be read, by place."""
    held: Any = st.session_state.get(f"_wrong_{name}", {})
    return {at: typed for at, typed in held.items() if at[0] < shape[0] and at[1] < shape[1]}


def read_table(
    rows: Mapping[Any, Mapping[str, Any]], columns: Sequence[str], shape: tuple[int, ...]
) -> dict[tuple[int, int], float | tuple[str, TypedNumberError]]:
    """Return what was typed, by place: a number, or the text with what is wrong with it.

    Args:
        rows: what a browser sends, by row and column's name; it may send anything.
        columns: what the columns are called.
        shape: of the table; what lies outside is left out.
    """
    read: dict[tuple[int, int], float | tuple[str, TypedNumberError]] = {}
    for row, cells in rows.items():
        for column, text in cells.items():
            if column not in columns or not str(row).isdecimal() or int(row) >= shape[0]:
                continue
            typed = ("" if text is None else str(text)[:40]).removeprefix(MARK)
            try:
                read[int(row), list(columns).index(column)] = typed_number(typed)
            except TypedNumberError as error:
                read[int(row), list(columns).index(column)] = (typed, error)
    return read


def _typed(
    name: str, key: str, columns: list[str], shape: tuple[int, ...], edit: Callable[[int, int, float], None]
) -> None:
    """Take what was typed; cells that were not touched keep all their digits."""
    wrong = _wrong(name, shape)
    rows = st.session_state.get(key, {}).get("edited_rows", {})
    for at, read in read_table(rows, columns, shape).items():
        if isinstance(read, tuple):
            wrong[at] = read
        else:
            wrong.pop(at, None)
            edit(*at, read)
    st.session_state[f"_wrong_{name}"] = wrong
