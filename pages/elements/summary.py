"""The element that shows Keras' summary of a stack.

Not Streamlit's listing, which shows a summary that was here before no sooner than all the rest has been drawn.
"""

from pathlib import Path

from pages.common.browser import element

_draw = element(Path(__file__).with_suffix(".js"), html='<pre tabindex="0"></pre>', isolate_styles=False)


def summary(text: str, stamp: str, key: str) -> None:
    """Draw a summary; once drawn, it stands there again at the click that leads back to its stamp."""
    _draw(key=key, data={"text": text, "stamp": stamp})
