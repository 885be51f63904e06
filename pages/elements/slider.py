"""A slider whose picture follows while it is dragged."""

from pathlib import Path

from pages.common.browser import element, sent
from pages.common.settings import Owner

_draw = element(
    Path(__file__).with_suffix(".js"),
    html='<div class="slider"></div>',
    css=Path(__file__).with_name("range.css").read_text(encoding="utf-8"),
)


def slider(owner: Owner, name: str, label: str, *, step: float, digits: int, note: str = "") -> None:
    """Draw a slider for a number of the link; draw it in the part of the page that repaints.

    Args:
        owner: of the setting.
        name: of the setting.
        label: what it is called.
        step: from one value to the next.
        digits: behind the point.
        note: what the value leads to, in a few words; it stands below, in room that the slider does not take.
    """
    key = f"slider_{name}"
    low, high = owner.bounds(name)

    def moved() -> None:
        value = sent(key, "value")
        if isinstance(value, int | float) and not isinstance(value, bool):
            owner.take(name, value)

    value = getattr(owner.current(), name)
    data = {"label": label, "low": low, "high": high, "step": step, "digits": digits, "value": value,
            "note": note}  # fmt: skip
    _draw(key=key, data=data, on_value_change=moved)
