"""Whatever the core tells has a sentence in its table, and all that the sentence speaks of."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from rnn_core.errors import Told, kinds
from tests.core import FILES, import_the_core

import_the_core()
KINDS: dict[str, type[Told]] = {kind.__name__: kind for kind in kinds()}
# Where the code is chosen while the program runs; each place has tests of its own.
CHOSEN_LATER = {
    ("rnn_core/shapes/guess.py", "Feedback"),
    ("rnn_core/training/diary.py", "Remark"),
    ("rnn_core/training/told.py", "Befell"),
}


def told_in(file: Path) -> Iterator[tuple[ast.Call, type[Told]]]:
    """Yield every place of a file where something to tell is made."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            yield node, KINDS[node.func.id]


def codes(call: ast.Call) -> list[str] | None:
    """Return the codes that may be told here; None if they do not stand there."""
    first = call.args[0] if call.args else None
    ends = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    found = [end.value for end in ends if isinstance(end, ast.Constant)]
    return found if len(found) == len(ends) else None


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_what_is_told_is_in_its_table_and_has_its_values(file):
    for call, kind in told_in(file):
        where = f"{file}:{call.lineno}"
        said = codes(call)
        if said is None:
            assert (file.as_posix(), kind.__name__) in CHOSEN_LATER, f"{where}: write the code where it is told"
            continue
        given = {keyword.arg for keyword in call.keywords}
        for code in said:
            assert code in kind.SENTENCES, f"{where}: {kind.__name__} has no sentence {code!r}"
            if None not in given:  # **values are seen only when it runs
                assert placeholders(kind.SENTENCES[code]) <= given, where


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_sentence_is_one_and_fills(kind):
    for code, sentence in kind.SENTENCES.items():
        values = dict.fromkeys(placeholders(sentence), 0.5)
        assert "{" not in str(kind(code, **values)), code


def test_no_code_means_two_things():
    """A run's problem is kept by its code alone, whatever kind it was."""
    everywhere = [code for kind in KINDS.values() for code in kind.SENTENCES if kind.__module__.startswith("rnn_core")]
    twice = {code for code in everywhere if everywhere.count(code) > 1}
    assert not twice & (set(KINDS["RunProblem"].SENTENCES) | set(KINDS["TaskError"].SENTENCES))
