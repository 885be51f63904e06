"""One owner of what is set: what is shown is what the settings say, whatever popovers, presets and languages do."""

from streamlit.testing.v1 import AppTest

PAGE = '''
from dataclasses import dataclass

import streamlit as st

from pages.common.link import Choice, Number, Several, Switch, Text
from pages.common.settings import Owner, renew_widgets

DEFAULTS = {"short": 5, "long": 50}


@dataclass(frozen=True)
class Settings:
    size: str
    length: int
    rate: float
    cells: tuple
    words: str
    on: bool


def parameters(size):
    return (
        Number("length", DEFAULTS[size], 1, 100),
        Number("rate", 0.5, 0.0, 1.0),
        Several("cells", ("a",), ("a", "b")),
        Text("words", "", 10),
        Switch("on", True),
    )


SET = Owner("here", Settings, parameters, base=Choice("size", "short", tuple(DEFAULTS)), older="long")
if st.session_state.get("elsewhere"):
    st.session_state["_page"] = "there"
    st.stop()
SET.arrive()
SET.say_problems()
if not st.session_state.get("hidden"):
    SET.number("length", "length")
SET.slider("rate", "rate")
words = {"short": "Short", "long": "Long"}
SET.segments("size", "size", words, then=lambda: SET.change(length=DEFAULTS[SET.current().size]))
SET.pills("cells", "cells", {"a": "A", "b": "B"})
SET.text("words", "words")
SET.switch("on", "on")
st.button("preset", on_click=lambda: SET.change(length=30, cells=("b",), words="hello"))
st.button("renew", on_click=renew_widgets)
SET.keep_link()
'''


def visit(**link: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=30)
    for name, text in link.items():
        app.query_params[name] = text
    return app.run()


def what_is_set(app: AppTest) -> dict:
    return vars(app.session_state["_settings_here"].settings)


def what_is_shown(app: AppTest) -> dict:
    return {
        "length": app.number_input[0].value,
        "rate": app.slider[0].value,
        "size": app.button_group[0].value,
        "cells": tuple(app.button_group[1].value),
        "words": app.text_input[0].value,
        "on": app.toggle[0].value,
    }


def agree(app: AppTest) -> dict:
    assert not app.exception
    assert what_is_shown(app) == what_is_set(app)
    return what_is_set(app)


def test_a_widget_writes_its_setting_and_keeps_its_key() -> None:
    app = visit()
    key = app.number_input[0].key
    app.number_input[0].set_value(7).run()
    assert agree(app)["length"] == 7
    assert app.number_input[0].key == key, "another key would be another widget, and lose the focus"


def test_a_preset_renews_the_widgets_of_what_it_changes_alone() -> None:
    app = visit()
    keys = app.number_input[0].key, app.slider[0].key
    app.button[0].click().run()
    assert agree(app) == {"size": "short", "length": 30, "rate": 0.5, "cells": ("b",), "words": "hello", "on": True}
    assert app.number_input[0].key != keys[0]
    assert app.slider[0].key == keys[1]


def test_what_is_hidden_and_shown_again_begins_with_its_setting() -> None:
    app = visit()
    app.number_input[0].set_value(7).run()
    app.session_state["hidden"] = True
    app.run()
    app.button[0].click().run()
    app.session_state["hidden"] = False
    app.run()
    assert agree(app)["length"] == 30


def test_who_comes_back_finds_what_was_set_unless_a_link_says_otherwise() -> None:
    app = visit()
    app.button[0].click().run()
    app.session_state["elsewhere"] = True
    app.run()
    app.session_state["elsewhere"] = False
    app.run()
    assert agree(app)["length"] == 30
    app.session_state["elsewhere"] = True
    app.run()
    app.session_state["elsewhere"] = False
    app.query_params["length"] = "40"
    app.query_params["size"] = "short"
    app.run()
    assert agree(app)["length"] == 40
    assert agree(app)["words"] == "", "a link is a whole screen: what it does not name is as it is by default"


def test_once_here_the_link_follows_and_is_not_read_again() -> None:
    app = visit(length="9")
    app.number_input[0].set_value(7).run()
    assert app.query_params["length"] == "9", "AppTest has no browser that would write the link"
    assert agree(app)["length"] == 7


def test_another_language_renews_every_widget_and_changes_nothing() -> None:
    app = visit(length="9", rate="0.25")
    before, key = agree(app), app.slider[0].key
    app.button[1].click().run()
    assert agree(app) == before
    assert app.slider[0].key != key


def test_the_base_decides_the_defaults_and_older_links_have_theirs() -> None:
    assert agree(visit())["length"] == 5
    assert agree(visit(size="long"))["length"] == 50
    older = agree(visit(rate="0.25"))
    assert (older["size"], older["length"]) == ("long", 50)
    app = visit()
    app.button_group[0].set_value("long").run()
    assert agree(app)["length"] == 50


def test_what_a_link_says_wrongly_is_told_until_something_is_set() -> None:
    app = visit(size="short", length="999", on="perhaps", cells="a,z")
    assert agree(app) == {"size": "short", "length": 100, "rate": 0.5, "cells": ("a",), "words": "", "on": True}
    (box,) = app.info
    assert [line.split()[5] for line in box.value.splitlines()] == ["`length`", "`cells`", "`on`"]
    app.run()
    assert [i.value for i in app.info] == [box.value], "what vanished by itself would move the page under a click"
    app.slider[0].set_value(0.75).run()
    assert not app.info


def test_what_cannot_be_taken_as_it_is_shows_what_was_taken() -> None:
    app = visit(size="short")
    app.text_input[0].set_value("much too long a text").run()
    assert agree(app)["words"] == "much too l"


PARTS = """
from dataclasses import dataclass

import streamlit as st

from pages.common.link import Text
from pages.common.settings import Owner


@dataclass(frozen=True)
class Settings:
    pair: str


SET = Owner("here", Settings, [Text("pair", "1,2")])
SET.arrive()


def set_part(i, value):
    numbers = SET.current().pair.split(",")
    numbers[i] = str(value)
    SET.take("pair", ",".join(numbers))


st.button("shorter", on_click=lambda: SET.change(pair="7"))
for i, number in enumerate(SET.current().pair.split(",")):
    st.number_input(f"part {i}", 0, 9, int(number), **SET.part("pair", f"part_{i}", lambda n, i=i: set_part(i, n)))
"""


def test_a_widget_of_a_part_writes_the_whole_and_keeps_its_key_until_something_else_sets_it() -> None:
    app = AppTest.from_string(PARTS, default_timeout=30).run()
    key = app.number_input[1].key
    app.number_input[1].set_value(5).run()
    assert app.session_state["_settings_here"].settings.pair == "1,5"
    assert app.number_input[1].key == key
    app.button[0].click().run()
    assert [box.value for box in app.number_input] == [7]
    assert app.number_input[0].key != "pair.part_0-" + key.rpartition("-")[2]


def test_what_is_moved_in_a_widget_of_a_part_that_is_gone_by_then_does_nothing() -> None:
    app = AppTest.from_string(PARTS, default_timeout=30).run()
    # Both come with one message: what is drawn first is heard first.
    app.number_input[1].set_value(5)
    app.button[0].click().run()
    assert not app.exception
    assert app.session_state["_settings_here"].settings.pair == "7"


def test_what_a_widget_that_was_replaced_still_says_is_not_heard() -> None:
    app = visit()
    repeated = app.number_input[0]._widget_state
    app.button_group[0].set_value("long").run()
    # A browser in a hurry has not drawn the answer yet, and says again what its widgets show.
    says = app._tree.get_widget_states()
    says.widgets.append(repeated)
    app._run(says)
    assert agree(app)["length"] == 50
