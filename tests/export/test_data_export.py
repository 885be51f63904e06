"""The code that is taken away prints what its comments say, and the page's own row."""

import ast
import os
import re

import numpy as np
import pytest

from rnn_core.export.data import DataWords, Given, data_code
from rnn_core.tasks import imdb_file
from rnn_core.tasks.corpus import generated, imdb_corpus
from rnn_core.tasks.journey import journey
from tests.export.running import run_notebook, run_script
from tests.tasks.test_corpus import small_imdb
from tests.tasks.test_imdb import place

__all__ = ["place", "small_imdb"]


def given(padding: str = "pre", truncating: str = "pre", maxlen: int = 12, mask: bool = False, task="small_reviews"):
    corpus = generated(task)
    words = corpus.reviews[1]
    prepared = journey(words, corpus.rank, num_words=60, maxlen=maxlen, padding=padding, truncating=truncating)
    return Given(prepared=prepared, mask=mask, text=" ".join(words), pattern=corpus.pattern)


def lists(printed: str) -> list[list[int]]:
    return [ast.literal_eval(line) for line in printed.splitlines() if re.match(r"\[\d", line)]


def promised(cells) -> list[str]:
    """Return what the comments behind the prints say."""
    return re.findall(r"^print\(.*\)  # (.*)$", "\n".join(getattr(cell, "source", "") for cell in cells), re.MULTILINE)


@pytest.mark.parametrize("mask", [False, True])
@pytest.mark.parametrize(("padding", "truncating", "maxlen"), [
    ("pre", "pre", 12), ("post", "pre", 40), ("pre", "post", 5), ("pre", "pre", 40),
])  # fmt: skip
def test_the_code_prints_what_its_comments_say(padding, truncating, maxlen, mask) -> None:
    case = given(padding, truncating, maxlen, mask)
    cells = data_code(case)
    printed = run_notebook(cells)
    assert lists(printed) == [case.prepared.row.tolist()]
    said = promised(cells)
    assert len(said) == 4
    assert [line for line in printed.splitlines() if line in said] == said
    if mask:
        flags = re.findall("True|False", printed)
        assert [flag == "False" for flag in flags] == case.prepared.is_padding.tolist()


def test_the_script_of_a_chinese_review(tmp_path) -> None:
    case = given(task="small_reviews_zh")
    assert lists(run_script(data_code(case), tmp_path)) == [case.prepared.row.tolist()]


@pytest.mark.parametrize("text", ["", "\"''' \\ {x} \"\"\" <b>#</b>"])
def test_nothing_typed_is_code(text: str) -> None:
    corpus = generated("small_reviews")
    prepared = journey((), corpus.rank, num_words=60, maxlen=4)
    cells = data_code(Given(prepared, False, text, corpus.pattern))
    sources = [cell.source for cell in cells if hasattr(cell, "source")]
    assigned = ast.parse(sources[1]).body[0]
    assert ast.literal_eval(assigned.value) == text


def test_imdb_is_loaded_by_keras(monkeypatch, small_imdb) -> None:
    import keras.src.datasets.imdb as keras_imdb

    monkeypatch.setattr(keras_imdb, "get_file", lambda fname, **_given: str(small_imdb / fname))
    corpus = imdb_corpus()
    prepared = journey(corpus.reviews[2], corpus.rank, num_words=50, maxlen=6)
    cells = data_code(Given(prepared, True, "", corpus.pattern, imdb_review=2, imdb_reviews=corpus.size))
    printed = run_notebook(cells)
    assert lists(printed) == [prepared.row.tolist()]
    said = promised(cells)
    assert f"({corpus.size}, 6)" in said
    assert [line for line in printed.splitlines() if line in said] == said


@pytest.mark.skipif("RNN_IMDB_DIR" not in os.environ, reason="RNN_IMDB_DIR names no folder with the real reviews")
def test_the_real_reviews_are_loaded_by_keras(monkeypatch) -> None:
    import keras.src.datasets.imdb as keras_imdb

    monkeypatch.setattr(keras_imdb, "get_file", lambda fname, **_given: str(imdb_file.find(fname)))
    corpus = imdb_corpus()
    prepared = journey(corpus.reviews[7], corpus.rank, num_words=10_000, maxlen=500)
    cells = data_code(Given(prepared, False, "", corpus.pattern, imdb_review=7, imdb_reviews=corpus.size))
    printed = run_notebook(cells)
    assert lists(printed) == [prepared.row.tolist()]
    assert promised(cells) == ["25000", str(prepared.n), "(25000, 500)", "(1, 500, 8)"]
    assert set(promised(cells)) <= set(printed.splitlines())


def test_the_text_between_can_be_in_another_language() -> None:
    words = {code: f"〈{code}〉" for code in DataWords.SENTENCES}
    texts = [cell.text for cell in data_code(given(), words=words) if hasattr(cell, "text")]
    assert texts == ["# 〈title〉", "〈text〉", "〈pad〉", "〈embed〉"]
    assert np.all([text.count("〈") == 1 for text in texts])
