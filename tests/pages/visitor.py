"""A visitor with a browser that remembers, which AppTest alone has not.

AppTest sends every widget's value as the server knows it, so it never sees the two go apart. A browser does otherwise
(Streamlit 1.67), and so does this one:

- It keeps a value for each widget that was ever mounted, and sends all of them with every click. What lies in a closed
  popover is not mounted: it has no value before it is opened, and keeps an old one after it is closed.
- A widget that is mounted takes the value that was kept for it; else the one that the server sets, else its default.
  A value that the server sets reaches a widget that is mounted, and waits for one that is not.
- A click within a fragment runs that fragment alone; the rest of the page stays as it was.
- What is no longer on the page after a run is forgotten; on another page nothing is sent along.
- Pills and segments whose choice is no longer among the options, as in another language, take the server's; a select
  box keeps its words and sends them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.element_tree import Dataframe, parse_tree_from_messages
from streamlit.testing.v1.local_script_runner import LocalScriptRunner, require_widgets_deltas

APP = Path(__file__).parents[2] / "app.py"
VALUES = ("checkbox", "toggle", "number_input", "slider", "text_input", "selectbox", "button_group")
_PAGES: dict[str, Any] = {}
PRESSED = ("button", "menu_button", "download_button")


@dataclass
class Widget:
    """Something on the page that can be moved, pressed or followed.

    Attributes:
        node: AppTest's element.
        popover: the place of the popover it lies in, None outside of any.
        mounted: whether the browser has it: everything but what lies in a closed popover.
    """

    node: Any
    popover: tuple[int, ...] | None
    mounted: bool

    @property
    def kind(self) -> str:
        return self.node.type

    @property
    def proto(self) -> Any:
        return self.node.proto

    @property
    def id(self) -> str:
        return self.proto.id

    @property
    def label(self) -> str:
        return getattr(self.proto, "label", "")

    @property
    def key(self) -> str:
        return self.node.key or ""

    @property
    def disabled(self) -> bool:
        return getattr(self.proto, "disabled", False)

    @property
    def options(self) -> list[str]:
        return list(self.node.options)

    def __repr__(self) -> str:
        return f"{self.kind} {self.label!r}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Let Hypothesis say what was moved, and not all that hangs on it."""
        printer.text(repr(self))


class Visitor:
    """One visit: a page, what stands on it, and what the browser keeps.

    Args:
        page: its name, `home` or the name of its file.
        link: the parameters that it is opened with.
    """

    def __init__(self, page: str = "home", **link: str):
        self.app = AppTest.from_file(APP, default_timeout=60)
        self.kept: dict[str, WidgetState] = {}
        self.open: tuple[int, ...] | None = None
        self._deltas: list[Any] = []
        self._fragments: dict[str, str] = {}
        self._beats: set[str] = set()
        if page != "home":
            self.app.switch_page(f"pages/{page}.py")
        self.app.query_params.update(link)
        self._run()

    # --- What stands there ------------------------------------------------------------------------------------

    def widgets(self, *kinds: str) -> list[Widget]:
        """Return what can be moved, pressed or followed, in closed popovers, too."""
        return [widget for widget in self._nodes() if not kinds or widget.kind in kinds]

    def find(self, kind: str, *labels: str) -> Widget:
        """Return the widget of this kind whose label begins with one of these."""
        return next(w for w in self.widgets(kind) if w.label.startswith(labels))

    def value(self, widget: Widget) -> Any:
        """Return what the widget shows, or would show if its popover were opened now.

        Options stand for themselves, as they are written: text for one, a list where there may be several.
        """
        pending = getattr(widget.proto, "set_value", False)
        state = self.kept.get(widget.id)
        if state is None or pending:
            state = _at_first(widget)
        elif widget.kind == "button_group" and _gone(widget, state):
            state = _from_server(widget)
        return _read(widget, state)

    def popovers(self) -> dict[tuple[int, ...], Any]:
        """Return the popovers by their places on the page."""
        return {place: block for place, block in _blocks(self.app._tree) if block.type == "popover"}

    # --- What a visitor does ----------------------------------------------------------------------------------

    def toggle_popover(self, place: tuple[int, ...]) -> None:
        """Open a popover, or close it; the server is told only where it asked to be."""
        opened = self.open != place
        self._close()
        if opened:
            self.open = place
            self._popover_turned(place, True)
            self._mount()

    def move(self, widget: Widget, value: Any) -> None:
        """Give a widget another value, as `value()` returns them."""
        self._reach(widget)
        self.kept[widget.id] = _state(widget, value)
        self._run(self._fragments.get(widget.id))

    def press(self, widget: Widget, option: str | None = None) -> None:
        """Press a button, or choose from the menu that opens from it."""
        self._reach(widget)
        state = WidgetState(id=widget.id)
        if option is None:
            state.trigger_value = True
        else:
            state.string_trigger_value.data = option
        self._run(self._fragments.get(widget.id), state)

    def tell(self, element: str, event: str, value: Any, key: str | None = None) -> None:
        """Let an element of our own, by its name and key, report an event."""
        node = next(w for w in self.own(element) if key in (None, w.key))
        self._close()
        state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{node.id}__events")
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        self._run(self._fragments.get(node.id), state)

    def own(self, element: str) -> list[Widget]:
        return [w for w in self.widgets("bidi_component") if w.proto.component_name == f"unrolled.{element}"]

    def go(self, t: int) -> None:
        """Ask the transport for a timestep; it writes the link by itself."""
        sent = json.loads(self.own("transport")[0].proto.json)
        self.app.query_params.pop("t", None)
        if t:
            self.app.query_params["t"] = str(t)
        self.tell("transport", "go", {"to": t, "asking": sent["answered"] + 1})

    def flip(self, layer: int, on: bool, key: str) -> None:
        """Turn a layer's switch of return_sequences; its state stays with the browser."""
        node = next(w for w in self.own("blocks") if w.key == key)
        self._close()
        number = json.loads(node.proto.json)["seen"] + 1
        self.kept[node.id] = WidgetState(id=node.id, json_value=json.dumps({"flipped": {str(layer): [number, on]}}))
        self._run(self._fragments.get(node.id))

    def type_into(self, table: Widget, row: int, column: str, text: str) -> None:
        """Type into one cell of a table."""
        self._reach(table)
        typed = {"edited_rows": {str(row): {column: text}}, "added_rows": [], "deleted_rows": []}
        self.kept[table.id] = WidgetState(id=table.id, string_value=json.dumps(typed))
        self._run(self._fragments.get(table.id))

    def mark(self, table: Widget, *rows: int) -> None:
        """Mark rows of a table that lets rows be marked."""
        self._reach(table)
        chosen = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
        self.kept[table.id] = WidgetState(id=table.id, string_value=json.dumps(chosen))
        self._run(self._fragments.get(table.id))

    def folds(self) -> dict[str, list[bool | str]]:
        """Return by id what tells the server how it is opened: expanders (True, False) and tabs (their names)."""
        found: dict[str, list[bool | str]] = {}
        for _place, block in _blocks(self.app._tree):
            if block.type == "expander" and block.proto.id:
                found[block.proto.id] = [True, False]
            elif block.type == "tab_container" and block.proto.tab_container.id:
                found[block.proto.tab_container.id] = [tab.proto.label for tab in block.children.values()]
        return found

    def fold(self, name: str, value: bool | str) -> None:
        """Open or close an expander, or choose a tab."""
        self._close()
        field = "string_value" if isinstance(value, str) else "bool_value"
        self.kept[name] = WidgetState(id=name, **{field: value})
        self._run(self._fragments.get(name))

    def follow(self, link: Widget) -> None:
        """Go where a link leads; the browser forgets what the page's widgets held."""
        query = {name: values[0] for name, values in parse_qs(link.proto.query_string).items()}
        self.open = None
        self.kept.clear()
        self._deltas.clear()
        self.app.query_params = query
        self.app._page_hash = link.proto.page_script_hash
        self._run()

    def again(self) -> None:
        """Let the page run again, as it stands."""
        self._run()

    def beat(self) -> None:
        """Let the clock of the fragments that are drawn again by themselves tick once."""
        for fragment in sorted(self._beats):
            self._run(fragment)

    # --- The browser ------------------------------------------------------------------------------------------

    def _nodes(self) -> Iterator[Widget]:
        yield from _walk(self.app._tree, (), None, self.open)

    def _reach(self, widget: Widget) -> None:
        """Open the popover that the widget lies in, and close any other."""
        if widget.popover != self.open:
            self._close()
            if widget.popover is not None:
                self.toggle_popover(widget.popover)

    def _close(self) -> None:
        """A click anywhere else closes a popover."""
        if self.open is not None:
            place, self.open = self.open, None
            self._popover_turned(place, False)

    def _popover_turned(self, place: tuple[int, ...], opened: bool) -> None:
        block = self.popovers().get(place)
        if block is not None and block.proto.popover.id:
            name = block.proto.popover.id
            self.kept[name] = WidgetState(id=name, bool_value=opened)
            self._run(self._fragments.get(name))

    def _run(self, fragment: str | None = None, *pressed: WidgetState) -> None:
        sent = WidgetStates(widgets=[*self.kept.values(), *pressed])
        messages, fragments = _run(self.app, sent, fragment)
        self._beats = {m.auto_rerun.fragment_id for m in messages if m.HasField("auto_rerun")} | (
            self._beats if fragments else set()
        )
        self._deltas = [d for d in self._deltas if fragments and d.delta.fragment_id not in fragments]
        self._deltas += [message for message in messages if message.HasField("delta")]
        self.app._tree = parse_tree_from_messages(self._deltas)
        self.app._tree._runner = self.app
        self._fragments = {name: d.delta.fragment_id for d in self._deltas if (name := _id(d.delta))}
        self._mount()
        self.kept = {name: state for name, state in self.kept.items() if name in self._fragments}
        self._write_link()

    def _write_link(self) -> None:
        """The link follows what the server sends; see pages/common/link.js."""
        for element in self.own("link"):
            for name, text in json.loads(element.proto.json)["texts"].items():
                if text is None:
                    self.app.query_params.pop(name, None)
                else:
                    self.app.query_params[name] = text

    def _mount(self) -> None:
        block = self.popovers().get(self.open) if self.open else None
        if block is None or (block.proto.popover.id and not block.proto.popover.open):
            self.open = None
        for widget in self._nodes():
            if widget.mounted and widget.kind in VALUES:
                if widget.id not in self.kept or widget.proto.set_value:
                    self.kept[widget.id] = _at_first(widget)
                elif widget.kind == "button_group" and _gone(widget, self.kept[widget.id]):
                    self.kept[widget.id] = _from_server(widget)
                widget.proto.set_value = False


def _run(app: AppTest, sent: WidgetStates, fragment: str | None) -> tuple[list[Any], list[str]]:
    """Run the page or one fragment; return the messages, and the fragments that were drawn, none for the whole page."""
    made: list[Any] = []

    class Runner(LocalScriptRunner):
        def run(self, widget_state=None, query_params=None, timeout=3, page_hash="", context_info=None):
            made.append(self)
            if fragment:  # a server knows its pages from the run of the whole page; AppTest forgets them in between
                self._pages_manager._set_pages(_PAGES)
            self._requests = ScriptRequests()  # it begins with a request for the whole page, which swallows any other
            self.request_rerun(
                RerunData(
                    widget_states=widget_state,
                    query_string=app_test.parse.urlencode(query_params or {}, doseq=True),
                    page_script_hash=page_hash,
                    context_info=context_info,
                    fragment_id=fragment,
                )
            )
            self.start()
            try:
                require_widgets_deltas(self, timeout)
            finally:
                self.join()
            _PAGES.update(self._pages_manager.get_pages())
            return parse_tree_from_messages(self.forward_msgs())

    with patch.object(app_test, "LocalScriptRunner", Runner):
        app._run(sent)
    (runner,) = made
    started = [
        data
        for event, data in zip(runner.events, runner.event_data, strict=True)
        if event == ScriptRunnerEvent.SCRIPT_STARTED
    ]
    return runner.forward_msgs(), list(started[-1]["fragment_ids_this_run"] or [])


def _blocks(block: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    for at, child in block.children.items():
        if hasattr(child, "children"):
            yield (*place, at), child
            yield from _blocks(child, (*place, at))


def _walk(block: Any, place: tuple[int, ...], popover: Any, opened: Any) -> Iterator[Widget]:
    for at, child in block.children.items():
        here = (*place, at)
        if hasattr(child, "children"):
            yield from _walk(child, here, here if child.type == "popover" else popover, opened)
        elif child.type in (*VALUES, *PRESSED, "page_link", "bidi_component") or isinstance(child, Dataframe):
            yield Widget(child, popover, popover is None or popover == opened)


def _id(delta: Any) -> str:
    """Return the id of a widget, or of a block that tells the server whether it is open."""
    message = delta.new_element if delta.WhichOneof("type") == "new_element" else delta.add_block
    kind = message.WhichOneof("type")
    return getattr(getattr(message, kind), "id", "") if kind else ""


def _gone(widget: Widget, state: WidgetState) -> bool:
    chosen = state.string_array_value.data
    return bool(chosen) and not set(chosen) & set(widget.options)


def _from_server(widget: Widget) -> WidgetState:
    raw = list(widget.proto.raw_values)
    return _state(widget, raw) if raw else _at_first(widget)


def _at_first(widget: Widget) -> WidgetState:
    """Return what a widget holds when it comes into being: what the server sets, else its default."""
    proto, kind = widget.proto, widget.kind
    at = "value" if proto.set_value else "default"
    if kind == "button_group":
        chosen = list(proto.raw_values) if proto.set_value else [widget.options[i] for i in proto.default]
        return _state(widget, chosen)
    if kind == "selectbox":
        if proto.set_value:
            return _state(widget, proto.raw_value if proto.HasField("raw_value") else None)
        return _state(widget, widget.options[proto.default] if proto.HasField("default") else None)
    if kind == "slider":
        return _state(widget, getattr(proto, at)[0])
    if kind in ("number_input", "text_input"):
        return _state(widget, getattr(proto, at) if proto.HasField(at) else None)
    return _state(widget, getattr(proto, at))


def _state(widget: Widget, value: Any) -> WidgetState:
    state, kind = WidgetState(id=widget.id), widget.kind
    if kind == "button_group":
        state.string_array_value.data[:] = [value] if isinstance(value, str) else value
    elif kind == "slider":
        state.double_array_value.data[:] = [value]
    elif value is None:
        pass
    elif kind == "number_input":
        state.double_value = value
    elif kind in ("text_input", "selectbox"):
        state.string_value = value
    else:
        state.bool_value = value
    return state


def _read(widget: Widget, state: WidgetState) -> Any:
    field, kind = state.WhichOneof("value"), widget.kind
    if field is None:
        return None
    if kind == "button_group":
        chosen = list(state.string_array_value.data)
        single = widget.proto.click_mode == widget.proto.SINGLE_SELECT
        return (chosen[0] if chosen else None) if single else chosen
    if kind == "slider":
        return state.double_array_value.data[0]
    value = getattr(state, field)
    whole = kind == "number_input" and widget.proto.data_type == widget.proto.INT
    return int(value) if whole else value
