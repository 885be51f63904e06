"""Predict, then reveal: the page asks, takes the guess, steps on and explains."""

import pytest

from rnn_core.explain.questions import cell_questions
from tests.pages.conftest import turn_to

LINK = {"input": "sine", "timesteps": "12"}


def shown(app) -> str:
    return "\n".join(m.value for m in app.markdown)


def questions(app):
    from pages.parts.cells.settings import Settings, read
    from rnn_core.cells.inputs import sine

    biases = (("input_gate", 0.0), ("forget_gate", 1.0), ("output_gate", 0.0))
    return cell_questions(read(Settings("lstm", tuple(map(tuple, sine(12).tolist())), (), 4, 1, biases)))


def guess_button(app, option: str):
    return next(b for b in app.button if b.key and b.key.startswith("guess_cells_") and b.key.endswith(f"_{option}")
                and "parameters" not in b.key)  # fmt: skip


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("right", [True, False])
def test_a_guess_steps_on_and_is_told_apart(open_page, which: int, right: bool) -> None:
    app = open_page("cells", **LINK)
    question = questions(app)[which]
    app.session_state["t"] = question.asked_at
    app.run()
    option = question.answer if right else next(o for o in question.options if o != question.answer)
    guess_button(app, option).click().run()
    assert app.session_state["t"] == question.shown_at
    assert ("As predicted" in shown(app)) is right
    assert ("A surprise" in shown(app)) is not right
    assert not app.exception


def test_what_was_guessed_is_not_asked_again_and_other_numbers_are(open_page) -> None:
    app = open_page("cells", t="1", **LINK)
    guess_button(app, "positive").click().run()
    app.session_state["t"] = 1
    app.run()
    assert not [b for b in app.button if b.key and b.key.startswith("guess_cells_sign")]
    app.number_input(key="seed").set_value(9).run()
    app.session_state["t"] = 1
    app.run()
    assert [b for b in app.button if b.key and b.key.startswith("guess_cells_sign")]


def test_questions_can_be_switched_off_and_the_link_remembers(open_page) -> None:
    app = open_page("cells", t="1", **LINK)
    app.toggle(key="ask").set_value(False).run()
    assert not [b for b in app.button if b.key and b.key.startswith("guess_")]
    assert "off" in app.query_params["ask"]
    again = open_page("cells", t="1", ask="off", **LINK)
    assert not [b for b in again.button if b.key and b.key.startswith("guess_")]
    counted = shown(turn_to(again, "What do the gates cost?"))
    assert "8,320" in counted, "without questions the answer stands there at once"
