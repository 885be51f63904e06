"""One owner of what is set: a page's settings live in the visit under a key that no widget has.

A widget shows a setting and, when a visitor moves it, writes it; presets, links, rewinds and other languages write
settings alone and never widgets. Streamlit drops a widget's value when it is not drawn, and a widget in a closed
popover comes into being in the browser only when that is opened; so neither is ever asked what is set.

How it is done, in Streamlit 1.67: a widget begins with its setting (`value=`, `default=`, `index=`), and its key ends
in an edition. What a visitor moves keeps its key, and so its focus. What is set by anything else, or refused, gets
another edition: a fresh widget, which begins with the setting wherever and whenever the browser makes it.

    SET = Owner("cells", Settings, (Number("units", 4, 1, 64), ...))
    SET.arrive()                        in the page, once per run, before anything is read
    SET.number("units", _("units"))     a widget
    SET.current().units                 reads, and does nothing else
    SET.change(units=4)                 what a preset does
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import streamlit as st

from pages.common.browser import element
from pages.common.language import language, say
from pages.common.link import Choice, Number, Parameter, Problems, Several, Text, read_link, written
from rnn_core.errors import Told

S = TypeVar("S")
_HERE = "_page"
_write_link = element(Path(__file__).with_name("link.js"))
_EDITION, _ALL = "_edition", ""


@dataclass
class _Held:
    """What a visit holds of a page: one object for as long as it lasts."""

    settings: Any


class Owner(Generic[S]):
    """Owns the settings of one page, for each visitor their own.

    Args:
        page: the page's name.
        settings: a frozen dataclass; its fields are the parameters' names.
        parameters: what stands in the page's link; or a function that returns it for a value of `base`, where that
            decides what the others are by default.
        base: the parameter on which the others' defaults depend.
        older: what `base` is in a link that names other settings but not it: such links earlier versions wrote.
    """

    def __init__(
        self,
        page: str,
        settings: type[S],
        parameters: Sequence[Parameter] | Callable[[Any], Sequence[Parameter]],
        *,
        base: Parameter | None = None,
        older: Any = None,
    ) -> None:
        self.page, self.base, self.older = page, base, older
        self._settings, self._parameters = settings, parameters
        self._key, self._said = f"_settings_{page}", f"_said_{page}"

    # --- What is set ---------------------------------------------------------------------------------------------

    def parameters(self, base: Any = None) -> tuple[Parameter, ...]:
        """Return what stands in the link, for a value of `base`; without one, for what is set."""
        if self.base is None:
            return tuple(self._parameters)  # type: ignore[arg-type]
        if base is None:
            base = getattr(self.current(), self.base.name)
        return (self.base, *self._parameters(base))  # type: ignore[operator]

    def defaults(self, base: Any = None) -> S:
        """Return the settings that need not stand in a link."""
        if self.base is not None and base is None:
            base = self.base.default
        values = {p.name: p.default for p in self.parameters(base)}
        if self.base is not None:
            values[self.base.name] = base
        return self._settings(**values)

    def current(self) -> S:
        """Return what is set."""
        held = st.session_state.get(self._key)
        return held.settings if held else self.defaults()

    def is_held(self) -> bool:
        """Whether this visit has been on the page before, so that it has settings of its own."""
        return self._key in st.session_state

    def live(self) -> Callable[[], S]:
        """Return a function that returns what is set when it is called, outside the page's run too: in a download."""
        held: _Held = st.session_state[self._key]
        return lambda: held.settings

    def _set(self, settings: S) -> None:
        if self._key in st.session_state:
            st.session_state[self._key].settings = settings
        else:
            st.session_state[self._key] = _Held(settings)
        st.session_state.pop(self._said, None)

    def change(self, **values: Any) -> None:
        """Set something, by anything but its own widget: a preset, a rewind, an answer; its widget follows."""
        before = self.current()
        after = replace(before, **values)  # type: ignore[type-var]
        if after == before:
            return
        renew_widgets(*(name for name in asdict(after) if getattr(after, name) != getattr(before, name)))  # type: ignore[call-overload]
        self._set(after)

    # --- The link ------------------------------------------------------------------------------------------------

    def arrive(self) -> frozenset[str] | None:
        """Take what the link says, when a visitor comes to the page; who comes back by the menu finds it as it was.

        Once here, the settings are the truth and the link follows them.

        Returns:
            The names that the link gave, at the first run on the page; afterwards None.
        """
        if st.session_state.get(_HERE) == self.page:
            return None
        st.session_state[_HERE] = self.page
        renew_widgets()
        given = {name: st.query_params.get_all(name) for name in st.query_params}
        told: Problems = ()
        base = None
        if self.base is not None:
            base, told = self._base(given)
        parameters = [p for p in self.parameters(base) if p is not self.base]
        values, problems = read_link(parameters, given)
        problems = (*told, *problems)
        if self.base is not None and self.base.name in given:
            values[self.base.name] = base
        if values or not self.is_held():
            self._set(replace(self.defaults(base), **values))  # type: ignore[type-var]
        st.session_state[self._said] = problems
        return frozenset(given)

    def _base(self, given: Mapping[str, list[str]]) -> tuple[Any, Problems]:
        assert self.base is not None
        values, problems = read_link([self.base], dict(given))
        if self.base.name in values:
            return values[self.base.name], problems
        others = {p.name for p in self.parameters(self.older or self.base.default)} - {self.base.name}
        old = self.older is not None and bool(others & set(given))
        return (self.older if old else self.base.default), problems

    def say_problems(self) -> None:
        """Tell what of the link could not be taken as it is, until something else is set."""
        said = [say(problem) for problem in st.session_state.get(self._said, ())]
        if said:
            st.info(said[0] if len(said) == 1 else "\n".join(f"- {sentence}" for sentence in said))

    def settle(self, *problems: Told, **values: Any) -> None:
        """Set what a link asks for and there is not to what there is; tell this with the link's other problems."""
        told = st.session_state.get(self._said, ())
        self.change(**values)
        st.session_state[self._said] = (*told, *problems)

    def link(self) -> dict[str, str]:
        """Return the page's link: what differs from the defaults."""
        values = asdict(self.current())  # type: ignore[call-overload]
        parameters = self.parameters()
        texts = written(parameters, values)
        if self.older is not None and self.base is not None and (texts or values[self.base.name] != self.older):
            # Without it, the link would be taken for one of an earlier version.
            texts[self.base.name] = self.base.write(values[self.base.name])
        return texts

    def keep_link(self) -> None:
        """Let the link say what is set. Draw it last, in the part of the page that a setting's change runs again."""
        texts = dict.fromkeys(p.name for p in self.parameters()) | self.link() | {"lang": language()}
        _write_link(key="link", data={"texts": texts})

    # --- Widgets -------------------------------------------------------------------------------------------------

    def number(self, name: str, label: str, *, then: Callable[[], None] | None = None, **options: Any) -> None:
        """Draw a box to type a number into."""
        p = self._parameter(name, Number)
        st.number_input(label, p.low, p.high, self._value(name), **self._shown(name, then), **options)

    def slider(self, name: str, label: str, *, then: Callable[[], None] | None = None, **options: Any) -> None:
        """Draw a slider."""
        p = self._parameter(name, Number)
        st.slider(label, p.low, p.high, self._value(name), **self._shown(name, then), **options)

    def segments(self, name: str, label: str, words: Mapping[str, str], *, then: Callable[[], None] | None = None,
                 **options: Any) -> None:  # fmt: skip
        """Draw a few words side by side, of which one is chosen."""
        st.segmented_control(
            label, self._parameter(name, Choice).options, default=self._value(name), required=True,
            format_func=called(words), **self._shown(name, then), **options,
        )  # fmt: skip

    def select(self, name: str, label: str, words: Mapping[Any, str], *, then: Callable[[], None] | None = None,
               **options: Any) -> None:  # fmt: skip
        """Draw a list of which one is chosen: the values in `words`, which says how they are called."""
        known = list(words)
        value = self._value(name)
        st.selectbox(
            label, known, index=known.index(value), format_func=called(words),
            **self._shown(name, then), **options,
        )  # fmt: skip

    def pills(self, name: str, label: str, words: Mapping[str, str], *, then: Callable[[], None] | None = None,
              **options: Any) -> None:  # fmt: skip
        """Draw a few words, of which any may be chosen: those in `words`, which says how they are called."""
        known = [option for option in self._parameter(name, Several).options if option in words]
        st.pills(
            label, known, default=[v for v in self._value(name) if v in known], selection_mode="multi",
            format_func=called(words), **self._shown(name, then), **options,
        )  # fmt: skip

    def text(self, name: str, label: str, *, then: Callable[[], None] | None = None, **options: Any) -> None:
        """Draw a line to type into."""
        st.text_input(label, self._value(name), **self._shown(name, then), **options)

    def switch(self, name: str, label: str, *, then: Callable[[], None] | None = None, **options: Any) -> None:
        """Draw a switch."""
        st.toggle(label, self._value(name), **self._shown(name, then), **options)

    def part(self, name: str, part: str, write: Callable[[Any], None]) -> dict[str, Any]:
        """Return key and callback for a widget that shows a part of a setting, such as one layer's size in a stack.

        Its key lasts as long as those of the setting's own widgets do: until anything else sets the setting. A widget
        that was drawn before that is not heard any more: what it showed a part of may be gone.

        Args:
            name: of the setting.
            part: names the widget among all that show a part of it.
            write: called with what the visitor chose. It sets the whole, by `take`; or by `change`, if widgets of other
                parts come, go or show something else then.
        """
        key = f"{name}.{part}-{edition(name).rpartition('-')[2]}"
        return {"key": key, "on_change": self._part_moved, "args": (name, key, write)}

    def _part_moved(self, name: str, key: str, write: Callable[[Any], None]) -> None:
        if _is_heard(name, key):
            write(st.session_state[key])

    def take(self, name: str, value: Any) -> bool:
        """Set what an element of a visitor's says, kept within bounds; tell whether it could be taken as it is.

        For elements of our own; the widgets above call it by themselves.
        """
        accepted = self._parameter(name).accept(value)
        if accepted is None:
            return False
        self._set(replace(self.current(), **{name: accepted}))  # type: ignore[type-var]
        return bool(accepted == value)

    def bounds(self, name: str) -> tuple[float, float]:
        """Return the lowest and the highest value of a number."""
        p = self._parameter(name, Number)
        return p.low, p.high

    def _parameter(self, name: str, kind: type[Any] = object) -> Any:
        found = next(p for p in self.parameters() if p.name == name)
        if not isinstance(found, kind):
            raise TypeError(f"{name} is a {type(found).__name__}, which is drawn otherwise")
        return found

    def _value(self, name: str) -> Any:
        return getattr(self.current(), name)

    def _shown(self, name: str, then: Callable[[], None] | None) -> dict[str, Any]:
        key = edition(name)
        return {"key": key, "on_change": self._moved, "args": (name, key, then)}

    def _moved(self, name: str, key: str, then: Callable[[], None] | None) -> None:
        if not _is_heard(name, key):
            return
        value, parameter = st.session_state[key], self._parameter(name)
        if not self.take(name, tuple(value) if isinstance(value, list) else value):
            renew_widgets(name)
        if then is not None:
            then()
        if isinstance(parameter, Text) and isinstance(value, str) and len(value.strip()) > parameter.longest:
            # What is typed may be cut, but never without a word.
            st.session_state[self._said] = parameter.read(value.strip())[1]


def called(words: Mapping[Any, str]) -> Callable[[Any], str]:
    """Return the function by which a widget names its options."""
    return lambda option: words.get(option, str(option))


def edition(name: str) -> str:
    """Return the key of the widget that shows this setting now."""
    editions = st.session_state.get(_EDITION, {})
    return f"{name}-{editions.get(_ALL, 0)}_{editions.get(name, 0)}"


def _is_heard(name: str, key: str) -> bool:
    """Whether the widget of this key may still set its setting: it is there, and nothing else has set it since.

    Who leaves a page in a hurry takes the last click along, but not the widget. And a browser in a hurry asks again
    before it has drawn the answer to what it asked before: it then repeats what its widgets say, and Streamlit takes a
    value that it has just put away for a new one.
    """
    return key in st.session_state and key.rpartition("_")[2] == edition(name).rpartition("_")[2]


def renew_widgets(*names: str) -> None:
    """Let these widgets begin anew with their settings; without names all of them: another page, another language."""
    editions = st.session_state.get(_EDITION, {})
    st.session_state[_EDITION] = editions | {name: editions.get(name, 0) + 1 for name in names or (_ALL,)}
