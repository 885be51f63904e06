"""The one place where the nets of this folder touch what a visitor cannot see.

Links, the random visitor and whatever else asks what a page is set to go through here. Whoever moves the pages' state
changes these few lines and nothing else.
"""

from importlib import import_module

EARLIER = {"yes": "on", "no": "off"}  # how switches were written


def settings(app, page: str) -> dict[str, str]:
    """Return all that the page is set to, by the link's names, each as the link would write it."""
    owner = import_module(f"pages.parts.{page}.settings").SET
    held = app.session_state[f"_settings_{page}"].settings
    base = owner.base and getattr(held, owner.base.name)
    return {p.name: p.write(getattr(held, p.name)) for p in owner.parameters(base)}


def defaults(app, page: str) -> dict[str, str]:
    """Return what the page is set to where its link says nothing."""
    module = import_module(f"pages.parts.{page}.settings")
    owner = module.SET
    held = app.session_state[f"_settings_{page}"].settings
    base = owner.base and getattr(held, owner.base.name)
    # Outside a visit nobody knows its language, which decides the small reviews.
    in_its_language = {"source": module.SMALL[app.session_state["_language"]]} if page == "data" else {}
    return {p.name: p.write(p.default) for p in owner.parameters(base)} | in_its_language


def as_written_now(value: str) -> str:
    """Return a recorded setting as it is written today."""
    return EARLIER.get(value, value)


def parameter(key: str) -> str:
    """Return the link's parameter that a widget of this key stands for, blank if it stands for none."""
    name, _dash, edition = key.rpartition("-")
    return name if edition.replace("_", "").isdecimal() else ""
