"""Predict, then reveal: the page asks, takes the guess, steps on and explains."""

import pytest

from pages.parts.cells.network import reading_of
from pages.parts.cells.reading import read
from rnn_core.explain.questions import cell_questions
from tests.pages.conftest import go_to, link, settings, shown, turn_to, widget

LINK = {"input": "sine", "timesteps": "12"}


def questions(app):
    return cell_questions(read(reading_of(settings(app))))


def guess_button(app, option: str):
    return next(b for b in app.button if b.key and b.key.startswith("guess_cells_") and b.key.endswith(f"_{option}")
                and "parameters" not in b.key)  # fmt: skip


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("right", [True, False])
def test_a_guess_steps_on_and_is_told_apart(open_page, which: int, right: bool) -> None:
    app = open_page("cells", **LINK)
    question = questions(app)[which]
    go_to(app, question.asked_at)
    option = question.answer if right else next(o for o in question.options if o != question.answer)
    guess_button(app, option).click().run()
    assert settings(app).t == question.shown_at
    assert ("As predicted" in shown(app)) is right
    assert ("A surprise" in shown(app)) is not right
    assert not app.exception


def test_what_was_guessed_is_not_asked_again_and_other_numbers_are(open_page) -> None:
    app = open_page("cells", t="1", **LINK)
    guess_button(app, "positive").click().run()
    go_to(app, 1)
    assert not [b for b in app.button if b.key and b.key.startswith("guess_cells_sign")]
    widget(app, "number_input", "seed").set_value(9).run()
    go_to(app, 1)
    assert [b for b in app.button if b.key and b.key.startswith("guess_cells_sign")]


def test_questions_can_be_switched_off_and_the_link_remembers(open_page) -> None:
    app = open_page("cells", t="1", **LINK)
    widget(app, "toggle", "ask").set_value(False).run()
    assert not [b for b in app.button if b.key and b.key.startswith("guess_")]
    assert link(app)["ask"] == "off"
    again = open_page("cells", t="1", ask="off", **LINK)
    assert not [b for b in again.button if b.key and b.key.startswith("guess_")]
    counted = shown(turn_to(again, "What do the gates cost?"))
    assert "8,320" in counted, "without questions the answer stands there at once"
