"""Links that visitors have already, and a command that writes down what they show.

    python -m tests.pages.links_of_before

writes links_of_before.json beside this file from the version that is checked out. It was run once, before the state of
the pages was rebuilt; run it again only for a link that is meant to show something else from now on. Such were the
diagrams of a GRU: what it keeps is coloured on the scale of its state, as all else on the track; before, it had one of
its own.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"
RECORD = Path(__file__).with_suffix(".json")

# page, language, parameters. Each has at least one parameter: what a bare page begins with may change.
SMALL = {"timesteps": "6", "input_features": "3", "units": "4", "recipe": "small"}
LINKS: list[tuple[str, str, dict[str, str]]] = [
    ("home", "en", {"inputs": "200"}),
    ("home", "zh", {"inputs": "129", "u": "0.5"}),
    ("home", "en", {"inputs": "0", "u": "1.5"}),
    ("home", "en", {"inputs": "999", "u": "-1"}),
    ("home", "en", {"inputs": "all", "u": "nan"}),
    ("step_through", "en", {"t": "17"}),
    ("step_through", "zh", {"t": "100", "ask": "off"}),
    ("step_through", "en", {**SMALL, "t": "3"}),
    ("step_through", "zh", {**SMALL, "t": "6", "open": "h:2:4", "ask": "off"}),
    ("step_through", "en", {**SMALL, "t": "4", "open": "pre_activation:1", "seed": "7", "speed": "8"}),
    ("step_through", "en", {"t": "4", "timesteps": "12", "input_features": "5", "units": "7", "seed": "11"}),
    ("step_through", "en", {"recipe": "small", "t": "50", "open": "h:63:49", "ask": "off"}),
    ("step_through", "en", {"t": "lots", "units": "0", "recipe": "<b>", "speed": "3", "open": "h::"}),
    ("step_through", "zh", {"timesteps": "9999", "seed": "-1", "t": "200"}),
    ("shapes", "en", {"stack": "emb.10000x32_simplernn.32.seq"}),
    ("shapes", "en", {"stack": "emb.10000x32_lstm.64", "prove": "yes"}),
    ("shapes", "zh", {"stack": "emb.10000x32_simplernn.32.seq_simplernn.32.seq_simplernn.32"}),
    ("shapes", "en", {"stack": "emb.10000x32_simplernn.32_simplernn.32", "batch": "4", "timesteps": "9"}),
    ("shapes", "en", {"stack": "in.10x5_bi-gru.7.sum_dense.1.sigmoid", "batch": "1"}),
    ("shapes", "zh", {"stack": "emb.500x8_lstm.16.seq.state_dense.1", "timesteps": "3"}),
    ("shapes", "en", {"stack": "_".join(["emb.10x4", *["gru.4.seq"] * 7, "lstm.4"])}),
    ("shapes", "en", {"stack": "emb.10000x32_rnn.32", "batch": "99", "prove": "maybe"}),
    ("shapes", "en", {"stack": "transformer.8_lstm.999999", "timesteps": "-4"}),
    ("cells", "en", {"input": "pulse", "t": "5"}),
    ("cells", "en", {"t": "4", "open": "c:1:2", "words": "a film that was never boring", "ask": "off"}),
    ("cells", "zh", {"input": "words", "words": "这 部 电影 不 好看", "t": "5", "cell": "gru"}),
    ("cells", "en", {"cell": "gru", "input": "sine", "timesteps": "30", "units": "16", "seed": "5", "t": "12"}),
    ("cells", "zh", {"cell": "simple_rnn", "input": "sine", "t": "12", "open": "pre_activation:0", "ask": "off"}),
    (
        "cells",
        "en",
        {"input": "own", "x": "1,2_3,-4_0.5,0", "input_features": "2", "timesteps": "3", "t": "3", "ask": "off"},
    ),
    ("cells", "en", {"input": "own", "x": "1_0_0.25_-1", "timesteps": "6", "units": "2", "t": "6"}),
    (
        "cells",
        "en",
        {"input": "pulse", "timesteps": "40", "bias_forget_gate": "5.0", "t": "40", "open": "forget_gate:3"},
    ),
    ("cells", "zh", {"cell": "gru", "bias_update_gate": "2.5", "bias_reset_gate": "-3", "input": "pulse", "t": "9"}),
    ("cells", "en", {"input": "pulse", "timesteps": "100", "units": "64", "t": "60", "speed": "1"}),
    (
        "cells",
        "en",
        {"cell": "transformer", "input": "pulse", "timesteps": "1", "units": "65", "bias_input_gate": "x", "x": "1_i"},
    ),
    ("train", "en", {"task": "adding"}),
    ("train", "zh", {"task": "small_reviews", "cells": "lstm,bag_of_words", "seed": "3", "guess": "lstm"}),
    ("train", "en", {"units": "16", "length": "12", "samples": "1000", "epochs": "3", "cells": "gru"}),
    (
        "train",
        "en",
        {"task": "adding", "layers": "2", "reading": "both", "clip": "1.0", "early_stopping": "2", "seeds": "3"},
    ),
    ("train", "zh", {"learning_rate": "0.003", "batch_size": "64"}),
    ("train", "en", {"task": "imdb", "cells": "lstm"}),
    ("train", "en", {"task": "chess", "cells": "cnn", "epochs": "1e9", "units": "-3", "seeds": "many"}),
]


def shown(page: str, lang: str, link: dict[str, str]) -> dict[str, Any]:
    """Open a link as a new visitor and return what it is set to and what stands on the screen."""
    from tests.pages import adapter, screen

    app = AppTest.from_file(APP, default_timeout=60)
    if page != "home":
        app.switch_page(f"pages/{page}.py")
    app.query_params.update(link, lang=lang)
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    told = [name for name in link if any(f"`{name}` =" in alert for alert in screen.alerts(app))]
    imdb = link.get("task", "").startswith("imdb")  # whose reviews may or may not be on this machine
    return {
        "settings": adapter.settings(app, page),
        "told": told,
        "transport": screen.transport(app),
        "blocks": screen.blocks(app),
        "pictures": screen.pictures(app),
        "rows": [] if imdb else screen.rows(app),
    }


def address(page: str, lang: str, link: dict[str, str]) -> str:
    """Return a link as one reads it; it names the link in the record."""
    return f"{page}?" + "&".join(f"{name}={value}" for name, value in {**link, "lang": lang}.items())


if __name__ == "__main__":
    import tests.conftest  # noqa: F401  no cluster

    with tempfile.TemporaryDirectory() as folder:
        os.environ["RNN_STORE_URL"] = f"sqlite:///{folder}/runs.sqlite"
        record = {address(*link): shown(*link) for link in LINKS}
    lines = (f"{json.dumps(name)}: {json.dumps(screen, ensure_ascii=False)}" for name, screen in record.items())
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(record)} links written to {RECORD}, {RECORD.stat().st_size // 1000} kB")
