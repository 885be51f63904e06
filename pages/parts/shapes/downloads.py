"""The stack as Keras code: always in step with the picture, changed lines marked, to copy or to download."""

from collections.abc import Callable

import streamlit as st

from pages.common.downloads import take_away
from pages.common.language import _, listed, ngettext
from pages.parts.shapes.settings import SET, Settings, stack_before, stack_of
from rnn_core.export import Code, Markdown, as_notebook, as_script
from rnn_core.export.shapes import CodeLine, as_code, batch_lines, changed_lines, model_lines


def listing(settings: Settings, *, guessing: bool) -> None:
    """Draw the code and its downloads; while a shape is to be guessed, without the lines that print it."""
    stack, before = stack_of(settings.stack), stack_before()
    through = () if guessing else batch_lines(stack, settings.batch, settings.timesteps)
    model = model_lines(stack, numpy=bool(through))
    lines = (*model, CodeLine(""), *through) if through else model
    changed = changed_lines(model_lines(before, numpy=bool(through)), model) if before else frozenset()
    st.subheader(_("In code"), anchor=False)
    with st.container(key="shapes_code"):
        st.html(_marks(changed))
        st.code(as_code(lines), language="python")
    numbers = listed([str(line + 1) for line in sorted(changed)], short=True)
    marked = ngettext(
        "Marked: what your last change altered (line {numbers}).",
        "Marked: what your last change altered (lines {numbers}).",
        len(changed),
    ).format(numbers=numbers)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        downloads()
        st.caption(marked if changed else "")


def downloads() -> None:
    """Draw the downloads; what they write is the stack that stands on the screen at the click."""
    words = {
        "title": _("# A stack of layers and its shapes"),
        "batch": _("A batch through the model; the comments say what shape to expect."),
    }
    live = SET.live()
    files: dict[str, Callable[[], str | bytes]] = {
        "py": lambda: as_script(pieces(live(), words)),
        "ipynb": lambda: as_notebook(pieces(live(), words)),
    }
    take_away("shapes", files, "shapes_take")


def pieces(settings: Settings, words: dict[str, str]) -> list[Markdown | Code]:
    """What a visitor downloads: the model, and a batch through it."""
    stack = stack_of(settings.stack)
    through = batch_lines(stack, settings.batch, settings.timesteps)
    made: list[Markdown | Code] = [
        Markdown(words["title"]), Code(as_code(model_lines(stack, numpy=bool(through)))),
    ]  # fmt: skip
    if through:
        made += [Markdown(words["batch"]), Code(as_code(through))]
    return made


def _marks(changed: frozenset[int]) -> str:
    """Lay a band behind each changed line: Streamlit's listing keeps its copy button, but cannot mark lines."""
    bands = [f"0 calc(1rem + {line} * 1.5rem)" for line in sorted(changed)]
    image = ",".join(["linear-gradient(var(--mark),var(--mark))"] * len(bands)) or "none"
    return (
        f"<style>.st-key-shapes_code pre{{background-image:{image};background-position:{','.join(bands) or '0 0'};"
        "background-size:100% 1.5rem;background-repeat:no-repeat}</style>"
    )
