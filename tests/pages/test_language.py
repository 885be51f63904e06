"""Both languages are complete: every message is translated, every passage exists, none is built before translation."""

import ast
import re
import unicodedata
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from pages.common.frame import pages
from pages.common.language import LOCALES
from rnn_core.errors import kinds
from tests.core import import_the_core

SOURCES = [Path("app.py"), *sorted(Path("pages").rglob("*.py"))]


def messages() -> dict[str, str]:
    """Return every message, with the file or the kind of thing told that it stands in."""
    options = [("pages/**.py", "python"), ("app.py", "python")]
    keywords = {"_": None, "ngettext": (1, 2)}
    found = core_sentences()
    for file, _line, message, _comments, _context in extract_from_dir(
        ".", options, keywords=keywords, directory_filter=_ours
    ):
        found |= dict.fromkeys([message] if isinstance(message, str) else message, file)
    return found


def translations() -> dict[str, str]:
    """Return message → Chinese; of a plural, both English messages have the one that Chinese has."""
    with (LOCALES / "zh_CN.po").open("rb") as file:
        entries = [m for m in read_po(file, locale="zh_CN", abort_invalid=True) if m.id]
    found = {}
    for entry in entries:
        one = isinstance(entry.id, str)
        found |= dict.fromkeys([entry.id] if one else entry.id, entry.string if one else entry.string[0])
    return found


def core_sentences() -> dict[str, str]:
    """Return every sentence that the core tells, with its kind; one that is a placeholder alone has no words."""
    import_the_core()
    told = {sentence: kind.__name__ for kind in kinds() for sentence in kind.SENTENCES.values()}
    return {sentence: kind for sentence, kind in told.items() if any(text for text, *_ in Formatter().parse(sentence))}


def _ours(directory: str) -> bool:
    return Path(directory).name not in {".venv", ".git", "var", "tests", "rnn_core"}


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_every_message_is_translated() -> None:
    known = translations()
    missing = {message: file for message, file in messages().items() if not known.get(message)}
    assert not missing


def test_the_catalogue_holds_nothing_fuzzy_twice_or_unused() -> None:
    with (LOCALES / "zh_CN.po").open("rb") as file:
        entries = [m for m in read_po(file, locale="zh_CN", abort_invalid=True) if m.id]
    assert not [m.id for m in entries if m.fuzzy or not all([m.string] if isinstance(m.string, str) else m.string)]
    header_and_messages = (LOCALES / "zh_CN.po").read_text(encoding="utf-8").count("\nmsgid ")
    assert header_and_messages == 1 + len(entries), "a message stands in the catalogue twice"
    assert not set(translations()) - set(messages())


def test_a_translation_keeps_the_placeholders() -> None:
    """Of a plural it is the message for many: that for one may leave out what Chinese, without plurals, says."""
    with (LOCALES / "zh_CN.po").open("rb") as file:
        singular = {m.id[0] for m in read_po(file, locale="zh_CN") if isinstance(m.id, tuple)}
    pairs = {m: t for m, t in translations().items() if m not in singular}
    assert not {m: t for m, t in pairs.items() if placeholders(m) != placeholders(t)}


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_no_f_string_and_no_variable_inside_a_translation_call(source: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    ]
    arguments = [argument for call in calls for argument in call.args]
    assert len(arguments) == len(calls)
    assert all(_is_message(argument) for argument in arguments)


def _is_message(argument: ast.expr) -> bool:
    """A text that stands there, or the sentence of something told, which stands in its table."""
    if isinstance(argument, ast.Attribute):
        return argument.attr == "sentence"
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def not_bold(text: str) -> list[str]:
    """Return the places where `**` would be shown as it is.

    CommonMark: where it stands next to punctuation on the inside, it needs a space or punctuation on the outside. A
    placeholder may hold a percentage or something in brackets, so it counts as punctuation.
    """
    plain = re.sub(r"\{\w*[^{}]*\}", "%", re.sub(r"`[^`]*`", "``", text))
    found = []
    for number, mark in enumerate(re.finditer(r"\*\*", plain)):
        before, after = plain[: mark.start()][-1:] or " ", plain[mark.end() :][:1] or " "
        outside, inside = (before, after) if number % 2 == 0 else (after, before)
        if inside.isspace() or (_is_punctuation(inside) and not (outside.isspace() or _is_punctuation(outside))):
            found.append(plain[max(mark.start() - 12, 0) : mark.end() + 12])
    return found


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


@pytest.mark.parametrize(("text", "broken"), [
    ("**99%**和 97%", 1), ("**99%** 和", 0), ("**{share}**的词", 1), ("**{share}**，", 0), ("字**“好”**，", 1),
    ("字**好**字", 0), ("**没了。**接着", 1), ("**没了**。接着", 0), ("按**`x`** 键", 1),
])  # fmt: skip
def test_what_would_not_be_bold_is_found(text: str, broken: int) -> None:
    assert len(not_bold(text)) == broken


def test_what_is_meant_to_be_bold_is_bold() -> None:
    """Chinese sentences and the parts of a list are joined without a space: a message's end counts as a word's."""
    said = {message: not_bold(message) for message in messages()}
    said |= {message: not_bold(f"{translation}字") for message, translation in translations().items()}
    said |= {str(path): not_bold(path.read_text("utf-8")) for path in LOCALES.rglob("*.md")}
    assert not {where: places for where, places in said.items() if places}


def test_both_languages_have_the_same_passages() -> None:
    def passages(code: str) -> dict[str, list[str]]:
        files = sorted((LOCALES / code).glob("*.md"))
        return {f.name: [p.split("-->")[0].strip() for p in f.read_text("utf-8").split("<!-- ")[1:]] for f in files}

    assert passages("en") == passages("zh")
    assert {f"{page.name}.md" for page in pages()} <= set(passages("en"))
