"""The stack as Keras code: always in step with the picture, changed lines marked, to copy or to take away."""

import streamlit as st

from pages.common.downloads import take_away
from pages.common.language import _
from rnn_core.export import Code, Markdown, as_notebook, as_script
from rnn_core.export.shapes import CodeLine, as_code, batch_lines, changed_lines, model_lines
from rnn_core.shapes import Stack
from rnn_core.shapes.link import from_link


def code(stack: Stack, batch: int, timesteps: int, guessing: bool) -> None:
    """Draw the listing; while a shape is to be guessed, without the lines that print it."""
    through = () if guessing else batch_lines(stack, batch, timesteps)
    model = model_lines(stack, numpy=bool(through))
    lines = (*model, CodeLine(""), *through) if through else model
    before = st.session_state.get("shapes_before")
    changed = frozenset()
    if before:
        changed = changed_lines(model_lines(from_link(before)[0], numpy=bool(through)), model)
    numbers = ", ".join(str(line + 1) for line in sorted(changed))
    marked = _("Marked: what your last change altered (line {numbers}).").format(numbers=numbers) if changed else ""
    st.subheader(_("In code"), anchor=False)
    with st.container(key="shapes_code"):
        st.html(_marks(changed))
        st.code(as_code(lines), language="python")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        files = {
            "py": lambda: as_script(pieces(stack, batch, timesteps)),
            "ipynb": lambda: as_notebook(pieces(stack, batch, timesteps)),
        }
        take_away("shapes", files, "shapes_take")
        st.caption(marked)


def pieces(stack: Stack, batch: int, timesteps: int) -> list[Markdown | Code]:
    """What a visitor takes away: the model, and a batch through it."""
    through = batch_lines(stack, batch, timesteps)
    model = as_code(model_lines(stack, numpy=bool(through)))
    made: list[Markdown | Code] = [Markdown(_("# A stack of layers and its shapes")), Code(model)]
    if through:
        made += [
            Markdown(_("A batch through the model; the comments say what shape to expect.")),
            Code(as_code(through)),
        ]
    return made


def _marks(changed: frozenset[int]) -> str:
    """Lay a band behind each changed line: Streamlit's listing keeps its copy button, but cannot mark lines."""
    bands = [f"0 calc(1rem + {line} * 1.5rem)" for line in sorted(changed)]
    image = ",".join(["linear-gradient(var(--mark),var(--mark))"] * len(bands)) or "none"
    return (
        f"<style>.st-key-shapes_code pre{{background-image:{image};background-position:{','.join(bands) or '0 0'};"
        "background-size:100% 1.5rem;background-repeat:no-repeat}</style>"
    )
