"""A visitor who does whatever comes to mind, on every page; after each action what is shown is what is set.

What must hold after every action:

- there is no error;
- each control shows what the page is set to, and so does the link, whether the control can be seen or lies in a closed
  popover;
- an action changes what it is about and nothing else: a step moves the timestep and no size with it;
- the pictures have the sizes that are set;
- the link, opened by somebody else, shows the same numbers.

A few visits per page run with every test run, always the same ones. `RNN_VISITS=2000` makes so many, each time others.
"""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from streamlit import cache_resource

from pages.common.language import catalogue
from rnn_core.cells.registry import CELLS
from rnn_core.models.network import NETWORKS
from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore
from tests.pages import adapter, screen
from tests.pages.conftest import Deskbound
from tests.pages.test_train import work
from tests.pages.trained import SPEC, trained
from tests.pages.visitor import VALUES, Visitor, Widget

VISITS = int(os.environ.get("RNN_VISITS", "8"))
ACTIONS = 12
RECORD = json.loads(Path(__file__).with_name("links_of_before.json").read_text(encoding="utf-8"))
WILD = ("", "-1", "0", "1e9", "nan", "½", "<b>", "9" * 400)
TEXTS = ("", "not bad", "a film that nobody liked", "这部电影不好看", "<b>bold</b> `x`", ("word " * 60).strip())
TYPED = ("0.5", "-2", "1e-9", "abc", "", "1e99", "inf", "３")


def said(message: str) -> tuple[str, str]:
    """Return a message's beginning in both languages, up to the first gap."""
    return tuple(text.split("{")[0] for text in (message, catalogue("zh").gettext(message)))


def buttons(visitor: Visitor, message: str) -> list[Widget]:
    return [button for button in visitor.widgets("button") if button.label in said(message)]


class RandomVisitor(RuleBasedStateMachine):
    """What can be done on every page.

    Attributes:
        page: its name.
        link: some values for each parameter of its link.
        about: what a button is about, by the message on it: it may change these settings and no others.
        by_marks: which settings a click on a picture may change.
        begins: how many timesteps have been walked where t is 0.
        known: settings that every page of this name has; others may be added and are left alone here.
    """

    page = "home"
    link: ClassVar[dict[str, tuple[str, ...]]] = {}
    about: ClassVar[dict[str, tuple[str, ...]]] = {}
    by_marks: ClassVar[set[str]] = {"open", "inputs", "cell", "edits", "t"}
    begins: ClassVar[int] = 0
    desk: ClassVar[Deskbound]
    at: Visitor

    @initialize(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        self.known = set(adapter.settings(Visitor(self.page).app, self.page))
        self.folder = tempfile.TemporaryDirectory()
        self.desk.store = RunStore(f"sqlite:///{self.folder.name}/runs.sqlite")
        cache_resource.clear()
        self.open_link(data)

    def open_link(self, data: st.DataObject) -> None:
        """Open a link of some parameters; now and then one of them is nonsense."""
        names = data.draw(st.lists(st.sampled_from(sorted(self.link)), unique=True, max_size=4), label="parameters")
        link = {name: data.draw(st.sampled_from(self.link[name] + WILD[:3]), label=name) for name in names}
        if names and data.draw(st.integers(0, 3), label="wild") == 0:
            link[names[0]] = data.draw(st.sampled_from(WILD), label=f"wild {names[0]}")
        self.at = Visitor(self.page, lang=data.draw(st.sampled_from(["en", "zh"]), label="lang"), **link)

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()

    # --- What must hold ---------------------------------------------------------------------------------------

    def set_to(self, visitor: Visitor | None = None) -> dict[str, str]:
        """Return what the page is set to; several words in the order of the alphabet."""
        now = adapter.settings((visitor or self.at).app, self.page)
        return {name: in_order(name, value) for name, value in now.items() if name in self.known}

    def act(self, changes: set[str] | None, action, *args) -> None:
        """Do something; of the settings it may change those named, or any if None."""
        before = self.set_to()
        action(*args)
        self.no_error()
        now = self.set_to()
        also = {n: f"{v} → {now.get(n)}" for n, v in before.items() if changes is not None and n not in changes
                and now.get(n) != v}  # fmt: skip
        assert not also, f"this action is not about {also}"

    def no_error(self) -> None:
        assert not self.at.app.exception, "the page shows the error box"

    @invariant()
    def what_is_shown_is_what_is_set(self) -> None:
        self.no_error()
        now = self.set_to()
        for widget in self.at.widgets(*VALUES):
            name = adapter.parameter(widget.key)
            if name in now:
                shown, right = self.at.value(widget), as_shown(widget, now[name])
                assert alike(shown, right), f"{widget} shows {shown!r}, set is {name} = {now[name]!r}"

    @invariant()
    def the_link_says_what_is_set(self) -> None:
        now = self.set_to()
        fallback = adapter.defaults(self.at.app, self.page)
        for name, value in now.items():
            written = in_order(name, self.at.app.query_params.get(name, fallback[name]))
            assert written == value, f"the link says {name} = {written!r}, set is {value!r}"

    @invariant()
    def the_pictures_have_the_sizes_that_are_set(self) -> None:
        now, transport = self.set_to(), screen.transport(self.at.app)
        assert all(picture["marks"] for picture in screen.own(self.at.app, "picture")), "a picture is empty"
        if transport is None or now.get("run") or now.get("network") == "trained":
            return
        assert str(transport["t"]) == now["t"]
        assert transport["speed"] == now["speed"]
        if now.get("input") != "words" and "timesteps" in now:
            assert str(transport["last"] + self.begins) == now["timesteps"]
        for picture in screen.pictures(self.at.app):
            for name, heat in picture["heats"].items():
                if name in ("h", "h_previous", "c", "c_previous") and "units" in now:
                    assert str(heat["size"][0]) == now["units"], f"{name} has {heat['size'][0]} rows"

    # --- What a visitor does ----------------------------------------------------------------------------------

    @rule(data=st.data())
    def moves_a_control(self, data: st.DataObject) -> None:
        switch = {w.id for w in self.at.widgets("button_group") if "中文" in w.options}
        controls = [w for w in self.at.widgets(*VALUES) if not w.disabled and w.id not in switch]
        if not controls:
            return
        widget = data.draw(st.sampled_from(controls), label="control")
        value = data.draw(legal(widget, self.at.value(widget)), label=f"{widget.label} =")
        name = adapter.parameter(widget.key)
        self.act(self.changed_by(name), self.at.move, widget, value)
        if name in self.known and name != "guess":
            there = [w for w in self.at.widgets(widget.kind) if adapter.parameter(w.key) == name]
            assert all(alike(self.at.value(w), value) for w in there), f"{widget} does not stay at {value!r}"

    def changed_by(self, name: str) -> set[str] | None:
        """Return what moving the control of this parameter may change; a shorter sequence pulls t along."""
        return {name, "t", "edits"}

    @rule(data=st.data())
    def presses_a_button(self, data: st.DataObject) -> None:
        buttons = [w for w in self.at.widgets("button", "menu_button") if not w.disabled]
        if not buttons:
            return
        button = data.draw(st.sampled_from(buttons), label="button")
        option = data.draw(st.sampled_from(button.options), label="option") if button.kind == "menu_button" else None
        changes = next((set(names) for m, names in self.about.items() if button.label.startswith(said(m))), None)
        self.act(changes, self.at.press, button, option)

    @rule(data=st.data())
    def opens_or_closes_a_popover(self, data: st.DataObject) -> None:
        if places := sorted(self.at.popovers()):
            self.act(set(), self.at.toggle_popover, data.draw(st.sampled_from(places), label="popover at"))

    @rule(data=st.data())
    def glances_into_a_popover(self, data: st.DataObject) -> None:
        if places := sorted(self.at.popovers()):
            place = data.draw(st.sampled_from(places), label="popover at")
            self.act(set(), self.at.toggle_popover, place)
            if self.at.open == place:
                self.act(set(), self.at.toggle_popover, place)

    @rule(data=st.data())
    def unfolds_something(self, data: st.DataObject) -> None:
        if folds := self.at.folds():
            name = data.draw(st.sampled_from(sorted(folds)), label="fold")
            self.act(set(), self.at.fold, name, data.draw(st.sampled_from(folds[name]), label="to"))

    @rule()
    def changes_the_language(self) -> None:
        switch = next(w for w in self.at.widgets("button_group") if "中文" in w.options)
        other = next(option for option in switch.options if option != self.at.value(switch))
        before = screen.pictures(self.at.app)
        self.act(set(), self.at.move, switch, other)
        self.same_numbers(before, screen.pictures(self.at.app), "the language changes them")

    @rule(data=st.data())
    def leaves_and_comes_back(self, data: st.DataObject) -> None:
        menu = [w for w in self.at.widgets("page_link") if not w.disabled][: len(MENU) - 1]
        self.act(set(), self.goes_and_returns, data.draw(st.sampled_from(menu), label="page"))

    def goes_and_returns(self, elsewhere: Widget) -> None:
        title = self.at.app.title[0].value
        self.at.follow(elsewhere)
        self.no_error()
        assert self.at.app.title[0].value != title
        for link in [w for w in self.at.widgets("page_link") if not w.disabled][: len(MENU) - 1]:
            if link.label in said(MENU[self.page]):
                self.at.follow(link)
                break
        assert self.at.app.title[0].value == title

    @rule(data=st.data())
    def opens_another_link(self, data: st.DataObject) -> None:
        self.open_link(data)

    @rule()
    def sends_the_link_to_somebody_else(self) -> None:
        query = dict(self.at.app.query_params)
        other = Visitor(self.page, **query)
        assert not other.app.exception
        self.catches_up(other)
        theirs, mine = self.set_to(other), self.set_to()
        assert not {n: f"{v}, theirs {theirs[n]}" for n, v in mine.items() if v != theirs[n]}, "the link sets others"
        self.same_numbers(screen.pictures(self.at.app), screen.pictures(other.app), "the link shows others")

    def catches_up(self, other: Visitor) -> None:
        """An answer that was given is no setting: who gets the link gives theirs."""
        reveal = buttons(other, "Reveal")
        if reveal and buttons(self.at, "Ask again"):
            other.press(reveal[0])

    def same_numbers(self, mine: list[dict[str, Any]], theirs: list[dict[str, Any]], why: str) -> None:
        """Compare what follows from the settings alone: not an opened sum, nor what lies behind a tab."""
        alone = [p for p in mine if p["stamp"].count(":") < 2 and (p["stamp"] or self.page == "home")]
        lost = [screen.missing(picture, theirs) for picture in alone]
        assert not any(lost), f"other numbers, {why}: {lost}"

    @rule(data=st.data())
    def clicks_a_mark(self, data: st.DataObject) -> None:
        marks = [(scene["key"], m) for scene in screen.own(self.at.app, "picture") for m in picks(scene)]
        if marks:
            key, mark = data.draw(st.sampled_from(marks), label="mark")
            self.act(self.by_marks, self.at.tell, "picture", "pick", mark, key)

    @rule(data=st.data())
    def types_into_a_table(self, data: st.DataObject) -> None:
        tables = [w for w in self.at.widgets("dataframe", "arrow_data_frame") if w.proto.editing_mode]
        if not tables:
            return
        table = tables[data.draw(st.integers(0, len(tables) - 1), label="table")]
        cells = table.node.value
        row = data.draw(st.integers(0, len(cells) - 1), label="row")
        column = data.draw(st.sampled_from(list(cells.columns)[1:]), label="column")
        self.act({"x", "edits"}, self.at.type_into, table, row, column, data.draw(st.sampled_from(TYPED), label="text"))


class Timed(RandomVisitor):
    """A page with a transport."""

    @rule(data=st.data())
    def steps(self, data: st.DataObject) -> None:
        last, t = (screen.transport(self.at.app)[name] for name in ("last", "t"))
        to = data.draw(st.sampled_from([0, max(t - 1, 0), min(t + 1, last), last]) | st.integers(0, last), label="t")
        self.act({"t"}, self.at.go, to)
        assert self.set_to()["t"] == str(to)

    @rule(speed=st.sampled_from(["1", "2", "4", "8", "16", ""]))
    def chooses_a_speed(self, speed: str) -> None:
        self.act({"speed"}, self.at.tell, "transport", "speed", speed)


class OnHome(RandomVisitor):
    page = "home"
    link: ClassVar = {"inputs": ("0", "129", "255", "256"), "u": ("0", "0.5", "1.5", "2")}


class OnStepThrough(Timed):
    page = "step_through"
    link: ClassVar = {
        "timesteps": ("6", "12", "200"), "input_features": ("1", "3", "128"), "units": ("1", "4", "64"),
        "recipe": ("small", "article"), "seed": ("0", "7"), "t": ("1", "5", "200"), "ask": ("on", "off"),
        "open": ("h:0", "h:2:1", "pre_activation:1:0", "h:99:99"), "speed": ("1", "8"),
    }  # fmt: skip
    _SIZES = ("timesteps", "input_features", "units", "recipe", "seed", "t", "toy", "draw", "edits")
    about: ClassVar = {
        "The article's network": _SIZES, "A small one, every number": _SIZES, "Rewind (same weights)": ("t",),
        "New weights": ("draw", "edits", "t"), "Undo my changes": ("edits",), "Close": ("open",), "Back": ("open",),
    }  # fmt: skip

    @rule(small=st.booleans())
    def takes_a_preset(self, small: bool) -> None:
        name = "A small one, every number" if small else "The article's network"
        self.act(set(self._SIZES), self.at.press, self.at.find("button", *said(name)))
        sizes = ("6", "3", "4", "small") if small else ("100", "32", "64", "article")
        assert tuple(self.set_to()[n] for n in self._SIZES[:4]) == sizes


class Lapsed(Timed):
    """A page that opens trained networks, and shows them after each epoch."""

    training: ClassVar[TrainingSpec] = SPEC

    @rule(data=st.data())
    def opens_a_trained_network(self, data: st.DataObject) -> None:
        """As the link on the training page does."""
        if not self.desk.store.runs():
            trained(self.desk.store, self.training, kept=(0, 2, 4, 5))
        self.at.follow(next(w for w in self.at.widgets("page_link") if w.label in said("Train")))
        link = next(w for w in self.at.widgets("page_link") if w.label in said(MENU[self.page]))
        lang = self.at.app.query_params["lang"]
        link.proto.query_string = f"lang={lang}&run={self.desk.store.runs()[0].id}"
        self.act(None, self.at.follow, link)
        assert self.set_to()["run"], "the network is not there"

    @precondition(lambda self: screen.own(self.at.app, "lapse"))
    @rule(data=st.data())
    def drags_the_epoch(self, data: st.DataObject) -> None:
        sent = screen.own(self.at.app, "lapse")[0]
        epochs = [stop["epoch"] for stop in sent["stops"]]
        to = data.draw(st.sampled_from(epochs) | st.integers(-1, 99), label="epoch")
        self.act({"epoch"}, self.at.tell, "lapse", "go", {"to": to, "asking": sent["answered"] + 1})
        now = screen.own(self.at.app, "lapse")[0]
        assert now["stops"] == sent["stops"]
        if to in epochs:
            assert epochs[now["at"]] == to
            assert self.set_to()["epoch"] == ("10000" if to == epochs[-1] else str(to))


class OnCells(Lapsed):
    page = "cells"
    link: ClassVar = {
        "cell": ("gru", "simple_rnn"), "input": ("pulse", "sine", "own", "words"), "timesteps": ("2", "40", "100"),
        "units": ("1", "3", "64"), "seed": ("1", "9"), "words": TEXTS[1:5], "x": ("1_2_3", "1,2_3,4", "1_x"),
        "input_features": ("1", "2", "4"), "t": ("3", "7", "100"), "ask": ("on", "off"), "bias_forget_gate": ("5", "x"),
        "bias_update_gate": ("-3.5", "11"), "open": ("h:1", "c:0:2", "forget_gate:1", "candidate:2:1"),
        "epoch": ("0", "7", "30", "9999", "x"),
    }  # fmt: skip
    _BIASES = tuple(f"bias_{gate}_gate" for gate in ("input", "forget", "output", "update", "reset"))
    about: ClassVar = {
        "Rewind (same weights)": ("t",), "New weights": ("seed", "t", "edits"), "Close": ("open",),
        "Keras' defaults": _BIASES, "Back to the small network": ("run", "sequence", "t", "epoch"), "Back": ("open",),
    }  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        """Of a random network the epoch is not looked at; of a trained one it becomes the nearest that was kept."""
        return {name, "t", "edits", *(["epoch"] if name == "network" else [])}

    @precondition(lambda self: self.set_to()["run"])
    @rule()
    def goes_back_to_the_small_network(self) -> None:
        back = self.at.find("button", *said("Back to the small network"))
        self.act({"run", "sequence", "t", "epoch"}, self.at.press, back)
        assert not self.set_to()["run"]


class OnMemory(Lapsed):
    page = "memory"
    link: ClassVar = {
        "network": ("random", "trained"), "way": ("back", "forth"), "cell": tuple(CELLS), "view": ("curves", "edges"),
        "timesteps": ("2", "8", "60"), "units": ("1", "4", "16"), "input": ("noise", "pulse"),
        "recipe": ("keras", "orthogonal", "normal", "identity"), "radius": ("0.05", "0.9", "5"),
        "forget_bias": ("-5", "5", "10"), "update_bias": ("5", "x"), "losses": ("last", "every"),
        "clip": ("off", "0.1", "2"), "seed": ("0", "7"), "path": ("kept", "gates"), "sequence": ("1", "20"),
        "epoch": ("0", "7", "30", "9999", "x"), "t": ("1", "5", "499"), "ask": ("on", "off"), "speed": ("1", "8"),
        "open": ("jacobian:1:5:0", "product:0:3:1", "gradient_c:0:2", "gradient_h:1:1", "h:0:2", "jacobian_kept:9:9:9"),
    }  # fmt: skip
    by_marks: ClassVar = {"open", "cell", "path", "epoch"}
    begins = 1
    _ALL = tuple(name for name in link if name not in ("ask", "speed"))
    about: ClassVar = {
        "New weights": ("seed",), "Close": ("open",), "Back": ("open", "run", "sequence", "epoch", "t"),
        "Keras' own start": (*_ALL, "run"), "An orthogonal SimpleRNN, in silence": (*_ALL, "run"),
        "LSTM with a forget bias of 5": (*_ALL, "run"), "GRU with an update bias of 5": (*_ALL, "run"),
        "longer": ("epoch",), "about the same": ("epoch",), "shorter": ("epoch",),
    }  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        """Of what is drawn with its edges there is one small random network, and the gradient alone."""
        more = {
            "network": {"view", "cell", "epoch", "open"}, "way": {"open"},
            "view": {"network", "way", "timesteps", "units", "open"},
        }  # fmt: skip
        return {name, "t", *more.get(name, ())}

    def catches_up(self, other: Visitor) -> None:
        """The curves are hidden from whoever has not guessed yet."""
        if "_guesses" in self.at.app.session_state:
            other.app.session_state["_guesses"] = self.at.app.session_state["_guesses"]
            other.again()

    @precondition(lambda self: screen.own(self.at.app, "slider"))
    @rule(data=st.data())
    def drags_a_slider(self, data: st.DataObject) -> None:
        sliders = self.at.own("slider")
        slider = sliders[data.draw(st.integers(0, len(sliders) - 1), label="slider")]
        sent, name = json.loads(slider.proto.json), slider.key.removeprefix("slider_")
        low, high = sent["low"], min(sent["high"], 60)
        value = data.draw(st.sampled_from([low, high, (low + high) // 2, high + 99, "x"]), label=f"{name} =")
        self.act({name, "t"}, self.at.tell, "slider", "value", value, slider.key)
        if value in (low, high, (low + high) // 2):
            shown = {found["label"]: found["value"] for found in screen.own(self.at.app, "slider")}
            assert float(self.set_to()[name]) == shown[sent["label"]] == value

    @precondition(lambda self: self.set_to()["run"])
    @rule()
    def goes_back_to_the_pages_own_networks(self) -> None:
        back = next(w for w in self.at.widgets("button") if w.key == "leave_network")
        self.act({"run", "sequence", "t", "epoch", "open"}, self.at.press, back)
        assert not self.set_to()["run"]


class OnData(Timed):
    page = "data"
    link: ClassVar = {
        "source": ("small_reviews_zh", "imdb", "typed"), "text": TEXTS[1:], "review": ("1", "20"),
        "maxlen": ("1", "12", "60", "500"), "num_words": ("10", "100", "20000"), "padding": ("pre", "post"),
        "truncating": ("pre", "post"), "mask": ("on", "off"), "cell": tuple(CELLS), "token": ("0", "3", "99"),
        "t": ("1", "3", "4"), "speed": ("1", "8"), "ask": ("on", "off"),
    }  # fmt: skip
    by_marks: ClassVar = {"token"}
    about: ClassVar = {
        "Give it": ("maxlen",), "the last": ("t",), "the first": ("t",), "less than": (), "between": (),
        "more than": (),
    }  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        """Another source has other lengths and other words; another text other tokens."""
        more = {"source": {"t", "review", "maxlen", "num_words", "token"}, "review": {"token"}, "text": {"token"}}
        return {name, *more.get(name, ())}

    @rule()
    def changes_the_language(self) -> None:
        """The small reviews are in the visitor's language, unless others were chosen."""
        switch = next(w for w in self.at.widgets("button_group") if "中文" in w.options)
        now = self.at.value(switch)
        other = next(option for option in switch.options if option != now)
        own = self.set_to()["source"] == {"English": "small_reviews", "中文": "small_reviews_zh"}[now]
        follows = {"source", "review", "maxlen", "num_words", "token"}
        self.act(follows if own else set(), self.at.move, switch, other)

    def catches_up(self, other: Visitor) -> None:
        """What was answered is shown."""
        if "_guesses" in self.at.app.session_state:
            other.app.session_state["_guesses"] = self.at.app.session_state["_guesses"]
            other.again()


class OnWords(Lapsed):
    page = "word_by_word"
    training = TrainingSpec(task="small_reviews", cell="lstm", units=5, length=18, samples=100)
    link: ClassVar = {
        "corpus": ("en", "zh"), "text": (*TEXTS[1:], "the plot is not dull", "剧情 不 无聊"), "whole": ("on", "off"),
        "before": ("the plot is dull",), "cell": NETWORKS, "beside": ("", "gru", "lstm,bag_of_words"),
        "epoch": ("0", "7", "30", "9999", "x"), "t": ("1", "3", "12", "400"), "ask": ("on", "off"), "speed": ("1", "8"),
    }  # fmt: skip
    by_marks: ClassVar = {"cell", "t"}
    _EDIT = ("text", "before")
    about: ClassVar = {
        "Insert “{word}” before it": _EDIT, "Swap with the next": _EDIT, "Leave it out": (*_EDIT, "t"),
        "Undo": (*_EDIT, "t"), "Back": (*_EDIT, "run", "epoch", "t"), "Measure: leave out each word in turn": (),
        "Read all of it": ("whole",),
    }  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        """What is typed, and other reviews, begin anew; an edited word leaves the text before it."""
        more = {"text": {"before", "t"}, "corpus": {"text", "before", "t"}}
        if name in self.known:
            return {name, *more.get(name, ())}
        return {"text", "before", "t", *(["whole"] if name.startswith("ready") else [])}

    @rule()
    def changes_the_language(self) -> None:
        """The page's reviews are those of its language: a ready one is the same one there, what was typed stays."""
        switch = next(w for w in self.at.widgets("button_group") if "中文" in w.options)
        other = next(option for option in switch.options if option != self.at.value(switch))
        own = self.set_to()["corpus"] == "page"
        self.act({"text", "t", "corpus"} if own else set(), self.at.move, switch, other)

    def catches_up(self, other: Visitor) -> None:
        """The curves are hidden from whoever has not guessed yet, and what costs much is measured on request."""
        for kept in ("_guesses", "_left_out_of"):
            if kept in self.at.app.session_state:
                other.app.session_state[kept] = self.at.app.session_state[kept]
        other.again()


class OnShapes(RandomVisitor):
    page = "shapes"
    link: ClassVar = {
        "stack": (
            "emb.10000x32_simplernn.32.seq", "in.10x5_bi-gru.7.sum_dense.1", "emb.9x2_lstm.4.seq.state_dense.1", "x",
            "_".join(["emb.10x4", *["gru.4.seq"] * 7, "lstm.4"]), "emb.10000x32_simplernn.32_simplernn.32",
        ),
        "batch": ("1", "8", "99"), "timesteps": ("1", "9"), "prove": ("yes", "no", "maybe"),
    }  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        return {name} if name in self.known else {"stack"}

    @rule(data=st.data())
    def turns_a_switch(self, data: st.DataObject) -> None:
        rows = screen.own(self.at.app, "blocks")
        row = data.draw(st.integers(0, len(rows) - 1), label="row")
        layers = [column for column in rows[row]["columns"] if column["sequences"] is not None]
        if layers:
            layer = data.draw(st.sampled_from(layers), label="layer")
            self.act({"stack"}, self.at.flip, layer["id"], not layer["sequences"], self.at.own("blocks")[row].key)
            now = {block[0]: block[1] for block in screen.blocks(self.at.app)}
            assert now[layer["id"]] is (not layer["sequences"])

    @rule(data=st.data())
    def opens_a_block(self, data: st.DataObject) -> None:
        rows = self.at.own("blocks")
        row = data.draw(st.integers(0, len(rows) - 1), label="row")
        columns = json.loads(rows[row].proto.json)["columns"]
        block = str(data.draw(st.sampled_from(columns), label="block")["id"])
        self.act(set(), self.at.tell, "blocks", "open", block, rows[row].key)

    @invariant()
    def blocks_and_panel_show_the_stack(self) -> None:
        layers = [word.split(".") for word in self.set_to()["stack"].split("_")[1:]]
        blocks = {block[0]: block[1] for block in screen.blocks(self.at.app) if isinstance(block[0], int)}
        assert blocks == {i: None if word[0] == "dense" else "seq" in word for i, word in enumerate(layers)}
        kind = [w for w in self.at.widgets("selectbox") if w.label.startswith(said("Layer {n}"))]
        if kind:
            at = int("".join(c for c in kind[0].label if c.isdigit())) - 1
            units = self.at.find("number_input", *said("units, 1 to {most}"))
            assert str(self.at.value(units)) == layers[at][1]


class OnTrain(RandomVisitor):
    page = "train"
    link: ClassVar = {
        "task": ("adding", "small_reviews", "delayed_recall", "imdb_quick"),
        "cells": ("lstm", "gru,bag_of_words", "cnn"), "units": ("8", "64"), "length": ("5", "20"),
        "samples": ("500", "2000"), "epochs": ("1", "9"),
        "learning_rate": ("0.001", "x"), "seed": ("3",), "seeds": ("2", "9"), "reading": ("both", "x"),
        "padding": ("post", "x"), "truncating": ("post",), "mask": ("on", "x"),
        "guess": ("lstm", "lstm,gru"), "layers": ("2",), "clip": ("1", "0.5"), "early_stopping": ("2",),
    }  # fmt: skip
    about: ClassVar = {"Stop": (), "Pause": (), "+1 epoch": (), "Pin": (), "Unpin": (), "Yes, delete": ("run",),
                       "Start with a new seed": ("seed", "guess", "run"),
                       "Start training": ("guess", "run")}  # fmt: skip

    def changed_by(self, name: str) -> set[str] | None:
        return None if name == "task" else {name, "guess"} if name == "cells" else {name}

    @rule()
    def time_goes_by(self) -> None:
        self.act(set(), self.at.beat)

    @rule(data=st.data())
    def a_worker_trains(self, data: st.DataObject) -> None:
        waiting = [run for run in self.desk.store.runs() if run.state == "queued"]
        if waiting:
            run = waiting[data.draw(st.integers(0, len(waiting) - 1), label="run")]
            end = data.draw(st.sampled_from([{}, {"state": "done"}, {"state": "stopped"}]), label="end")
            work(self.desk, run.id, data.draw(st.integers(1, run.spec.epochs), label="epochs"), **end)
            self.act(set(), self.at.beat)

    @rule(data=st.data())
    def marks_runs(self, data: st.DataObject) -> None:
        tables = [w for w in self.at.widgets("dataframe", "arrow_data_frame") if list(w.proto.selection_mode)]
        if tables:
            rows = data.draw(st.lists(st.integers(0, len(tables[0].node.value) - 1), unique=True), label="rows")
            self.act(set(), self.at.mark, tables[0], *rows)


MENU = {"home": "Home", "step_through": "Step through", "shapes": "Shapes", "cells": "Cells", "memory": "Memory",
        "data": "Data", "word_by_word": "Word by word", "train": "Train"}  # fmt: skip


def in_order(name: str, value: str) -> str:
    return ",".join(sorted(value.split(","))) if name in ("cells", "guess") else value


def alike(one: Any, other: Any) -> bool:
    """Whether two widgets' values are the same; the order of several does not matter."""
    return sorted(one) == sorted(other) if isinstance(one, list) else one == other


def picks(scene: dict[str, Any]) -> list[str]:
    """Return some of what can be clicked on a picture."""
    marks = [mark["pick"] for mark in scene["marks"] if mark.get("pick")]
    heats = [mark for mark in scene["marks"] if mark["k"] == "heat" and mark["upto"]]
    return marks[::7] + [f"{m['id']}:{row}:{m['upto'] - 1}" for m in heats for row in (0, m["rows"] - 1)]


def legal(widget: Widget, now: Any) -> st.SearchStrategy:
    """Return values that a visitor can give to a widget."""
    proto, kind = widget.proto, widget.kind
    if kind in ("toggle", "checkbox"):
        return st.just(not now)
    if kind == "text_input":
        return st.sampled_from(TEXTS).map(lambda text: text[: proto.max_chars or None])
    if kind == "selectbox":
        return st.sampled_from(widget.options)
    if kind == "button_group":
        single = proto.click_mode == proto.SINGLE_SELECT
        return st.sampled_from(widget.options) if single else st.lists(st.sampled_from(widget.options), unique=True)
    if kind == "slider":
        steps = round((proto.max - proto.min) / proto.step)
        return st.integers(0, steps).map(lambda step: round(proto.min + step * proto.step, 6))
    low, high = (proto.min, proto.max)
    if proto.data_type == proto.INT:
        near = st.integers(int(low), int(min(high, low + 15)))
        return near | st.sampled_from([int(low), int(min(high, 1000))])
    return st.sampled_from([low, high, round((low + high) / 3, 3)])


def as_shown(widget: Widget, value: str) -> Any:
    """Return a setting as its control must show it."""
    kind = widget.kind
    if kind in ("toggle", "checkbox"):
        return value in ("on", "yes")
    if kind in ("number_input", "slider"):
        return float(value)
    if kind == "text_input":
        return value

    def named(raw: str) -> str:
        names = [str(widget.node.format_func(option)) for option in (raw, *([int(raw)] if raw.isdecimal() else []))]
        return next((name for name in names if name in widget.options), names[0])

    if kind == "button_group" and widget.proto.click_mode != widget.proto.SINGLE_SELECT:
        return [option for option in widget.options if option in {named(raw) for raw in value.split(",") if raw}]
    return named(value)


MACHINES = (OnHome, OnStepThrough, OnShapes, OnCells, OnMemory, OnData, OnWords, OnTrain)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.page)
def test_whatever_a_visitor_does_what_is_shown_is_what_is_set(machine, trainer, monkeypatch) -> None:
    monkeypatch.delenv("RNN_IMDB_DIR", raising=False)
    # It says at every run that AppTest is no server.
    monkeypatch.setattr(logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context"), "disabled", True)
    RandomVisitor.desk = trainer
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=VISITS,
            stateful_step_count=ACTIONS,
            derandomize="RNN_VISITS" not in os.environ,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
