"""The glossary: the same terms in both languages, each with its formula, and every link to a term leads to one."""

import re
from pathlib import Path

import pytest

from pages.common.glossary import FORMULAS, entries
from pages.common.language import LANGUAGES, LOCALES, passages


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_has_a_name_in_both_languages_a_sentence_and_a_formula(code: str) -> None:
    made = entries(code)
    assert {entry["id"] for entry in made} == set(FORMULAS)
    assert all(all(entry.values()) for entry in made)
    assert len({entry["name"] for entry in made}) == len(made)


def test_a_name_in_the_other_language_is_that_languages_own_name() -> None:
    english, chinese = ({e["id"]: e for e in entries(code)} for code in ("en", "zh"))
    assert {i: e["other"] for i, e in english.items()} == {i: e["name"] for i, e in chinese.items()}
    assert english["forget_gate"]["other"] == "遗忘门（LSTM）"


@pytest.mark.parametrize("file", sorted(LOCALES.glob("*/*.md")), ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_passage_leads_to_known_terms_once_each(file: Path) -> None:
    if file.stem == "glossary":
        return
    terms = re.findall(r"\(#term-([\w-]*)\)", file.read_text(encoding="utf-8"))
    assert set(terms) <= set(FORMULAS)
    per_passage = [re.findall(r"#term-(\w+)", text) for text in passages(file.parent.name, file.stem).values()]
    assert all(len(found) == len(set(found)) for found in per_passage), "the first mention alone"


@pytest.mark.parametrize("file", sorted((LOCALES / "en").glob("*.md")), ids=lambda f: f.stem)
def test_both_languages_lead_to_the_same_terms(file: Path) -> None:
    other = LOCALES / "zh" / file.name
    assert set(re.findall(r"#term-(\w+)", file.read_text("utf-8"))) == set(
        re.findall(r"#term-(\w+)", other.read_text("utf-8"))
    )
