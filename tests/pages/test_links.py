"""A link that a visitor has kept opens to the same screen: the same settings, stamps and numbers."""

import json
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.pages import adapter, screen
from tests.pages.links_of_before import LINKS, RECORD, address, shown
from tests.pages.trained import trained

RECORDED: dict[str, dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _nobody_trains(trainer) -> None:
    """No page starts a cluster."""


@pytest.mark.parametrize("link", LINKS, ids=lambda link: address(*link)[:90])
def test_a_link_opens_to_the_screen_that_it_was_copied_from(link) -> None:
    before, now = RECORDED[address(*link)], shown(*link)
    then = {name: adapter.as_written_now(value) for name, value in before["settings"].items()}
    assert {name: now["settings"].get(name) for name in then} == then
    for part in ("transport", "blocks"):
        assert now[part] == before[part]
    assert set(before["told"]) <= set(now["told"]), "what could not be taken as it stood is said"
    assert not set(before["rows"]) - set(now["rows"])
    lost = {picture["key"]: screen.missing(picture, now["pictures"]) for picture in before["pictures"]}
    assert not {key: said for key, said in lost.items() if said}


def test_every_link_that_was_recorded_is_opened() -> None:
    assert {address(*link) for link in LINKS} == set(RECORDED)
    assert {page for page, _lang, _link in LINKS} == {"home", "step_through", "shapes", "cells", "train"}


def test_a_picture_with_another_number_is_not_the_same() -> None:
    before = RECORDED["step_through?t=17&lang=en"]["pictures"]
    after = RECORDED["step_through?t=100&ask=off&lang=zh"]["pictures"]
    for picture in before:
        assert not screen.missing(picture, [*before, *after])
    strips = next(picture for picture in before if picture["stamp"] == "t=17")
    assert "texts" in screen.missing(strips, [{**strips, "texts": {}}])
    name, heat = next(iter(strips["heats"].items()))
    other = {**heat, "sums": [heat["sums"][0] + 0.1, *heat["sums"][1:]]}
    assert f"heat map {name}" in screen.missing(strips, [{**strips, "heats": {**strips["heats"], name: other}}])
    assert "no picture" in screen.missing(strips, after)


PAGES = ["home", "step_through", "shapes", "cells", "memory", "data", "word_by_word", "train"]


@pytest.mark.parametrize("page", PAGES)
def test_whatever_a_link_from_page_to_page_says_is_read_there(open_page, trainer, page: str) -> None:
    run_id = trained(trainer.store)
    app = open_page(page, **({"run": run_id} if page in ("train", "cells", "memory") else {}))
    links = [node.proto for node in app.get("page_link")]
    assert any("run=" in link.query_string for link in links) == (page == "train")
    for link in links:
        owner = import_module(f"pages.parts.{link.page or 'home'}.settings").SET
        read = {parameter.name for parameter in owner.parameters(getattr(owner.base, "default", None))}
        assert {name for name, _text in parse_qsl(link.query_string)} <= read | {"lang"}
