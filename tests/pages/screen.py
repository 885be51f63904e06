"""What stands on a page under test: pictures, the transport, blocks of layers, tables, alerts.

Read from what is sent to the browser and not from the session, so that it holds however a page keeps its state.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Dataframe

# A text of numbers and signs alone, such as −0.50, 37%, (2, 6) or 0.0…1.0; and a number inside of words.
_NUMBERS = re.compile(r"[^\W\d_]")
_WITHIN_WORDS = re.compile(r"[−-]?\d[\d,]*\.\d+(?:e[−-]?\d+)?%?|\d+%")


def elements(block: Any, hidden: bool = False, *, closed_too: bool = False) -> Iterator[Any]:
    """Yield the elements from the top of the page; those in a closed popover or expander only on request."""
    for child in block.children.values():
        if hasattr(child, "children"):
            shut = child.type == "popover" or (child.type == "expander" and not child.proto.expanded)
            yield from elements(child, hidden or shut, closed_too=closed_too)
        elif closed_too or not hidden:
            yield child


def own(app: AppTest, name: str) -> list[dict[str, Any]]:
    """Return the data sent to our own elements of this name, such as `picture`."""
    return [
        json.loads(element.proto.json)
        for element in elements(app._tree)
        if element.type == "bidi_component" and element.proto.component_name == f"unrolled.{name}"
    ]


def alerts(app: AppTest) -> list[str]:
    return [e.value for e in elements(app._tree) if e.type in ("info", "warning", "error", "success")]


def pictures(app: AppTest) -> list[dict[str, Any]]:
    """Return each picture's digest: its key and stamp, the numbers written in it, the colours' values, the heat maps.

    A digest can be compared with `missing`, and takes no offence at marks and words that are added.
    """
    kept = {sent["key"]: sent["numbers"] for sent in own(app, "numbers")}
    return [_digest(scene, kept) for scene in own(app, "picture")]


def transport(app: AppTest) -> dict[str, Any] | None:
    """Return where the transport stands, how far it goes, and how fast; None on a page without one."""
    found = own(app, "transport")
    return {name: found[0][name] for name in ("t", "last", "speed")} if found else None


def blocks(app: AppTest) -> list[list[Any]]:
    """Return for each layer's block its id, whether its switch is on (None without one), and whether it is refused."""
    return [[c["id"], c["sequences"], c["refused"]] for row in own(app, "blocks") for c in row["columns"]]


def rows(app: AppTest) -> list[str]:
    """Return the rows of all tables that can be read but not edited, cells joined by a bar."""
    tables = [e.value for e in elements(app._tree) if isinstance(e, Dataframe) and not e.proto.editing_mode]
    return [" | ".join(map(str, row)) for table in tables for row in table.itertuples(index=False)]


def missing(before: dict[str, Any], now: list[dict[str, Any]]) -> str:
    """Return what of a recorded picture none of the pictures `now` shows; blank if one of them shows all of it."""
    same = [picture for picture in now if picture["stamp"] == before["stamp"] or not before["stamp"]]
    if not same:
        return f"no picture is stamped {before['stamp']!r}"
    return min((_missing(before, picture) for picture in same), key=len)


def _missing(before: dict[str, Any], now: dict[str, Any]) -> str:
    said = [f"texts {dict(lost)}"] if (lost := Counter(before["texts"]) - Counter(now["texts"])) else []
    # What is coloured by a value may be written out instead, such as an input that has not been read yet.
    there = [_number(text) for text in (*now["values"], *now["texts"])]
    if gone := [v for v in before["values"] if not np.isclose(float(v), there, atol=0.011).any()]:
        said.append(f"values {gone}")
    for name, heat in before["heats"].items():
        drawn = now["heats"].get(name)
        if drawn is None or drawn["size"] != heat["size"] or not np.allclose(drawn["sums"], heat["sums"], atol=2e-3):
            said.append(f"heat map {name} {heat}, now {drawn}")
    return "; ".join(said)


def _number(text: str) -> float:
    try:
        return float(text.replace("−", "-"))
    except ValueError:  # a share, or a shape
        return np.nan


def _digest(scene: dict[str, Any], kept: dict[str, dict[str, str]]) -> dict[str, Any]:
    texts: Counter = Counter()
    values: Counter = Counter()
    heats = {}
    for mark in scene["marks"]:
        if mark["k"] == "text":
            texts.update(_written_numbers(mark["s"]))
        elif mark["k"] == "heat":
            heats[mark["id"]] = _heat(mark, kept)
        elif mark.get("v") is not None:
            values[f"{mark['v']:.2f}".replace("-0.00", "0.00")] += 1
    return {"key": scene["key"], "stamp": scene["stamp"], "texts": dict(texts), "values": dict(values), "heats": heats}


def _written_numbers(text: str) -> list[str]:
    if not any(c.isdigit() for c in text):
        return []
    return _WITHIN_WORDS.findall(text) if _NUMBERS.search(text.replace("e", "")) else [text.strip()]


def _heat(mark: dict[str, Any], kept: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Three weighted sums stand for an array: they tell arrays apart, and forgive what float32 rounds differently."""
    b64 = mark["b64"] if "b64" in mark else kept[mark["kept"][0]][mark["kept"][1]]
    array = np.frombuffer(base64.b64decode(b64), "<f4").astype(float)
    at = np.arange(array.size)
    sums = [float(np.nansum(array * wave)) for wave in (np.ones(array.size), np.cos(at), np.sin(at * at % 7))]
    return {"size": [mark["rows"], mark["cols"], mark["upto"]], "sums": [round(total, 3) for total in sums]}
