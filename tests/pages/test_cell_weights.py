"""Single weights of a small network on the cells page."""

import numpy as np
import pytest

from pages.parts.cells.settings import Settings, as_edited, drawn, read, tables


def edit(app, name: str, change) -> None:
    """Change a table's numbers; AppTest cannot type into it."""
    held = dict(app.session_state[f"_table_{name}"])
    held["good"] = change(held["good"].copy())
    app.session_state[f"_table_{name}"] = held
    app.run()
    assert not app.exception


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
def test_every_weight_can_be_changed(open_page, lang, cell):
    app = open_page("cells", lang, cell=cell, input="own", x="1_0.5_-1", timesteps="3", units="2", t="3", ask="off")
    assert "_table_kernel" not in app.session_state, "tables are made when they are asked for"
    app.session_state["edit_weights"] = True
    app.run()
    before = app.markdown.values
    for name in ("kernel", "recurrent_kernel", "bias"):
        edit(app, name, lambda good: good * 0)
    assert app.markdown.values != before
    app.button(key="rewind").click().run()
    assert app.session_state["t"] == 0
    assert not app.session_state["_table_kernel"]["good"].any(), "rewinding keeps the weights"
    app.button(key="other_weights").click().run()
    assert app.session_state["seed"] == 2
    assert app.session_state["_table_kernel"]["good"].any()


def test_larger_networks_have_no_tables(open_page):
    app = open_page("cells", units="5")
    assert "edit_weights" not in app.session_state


@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
def test_changed_weights_are_read_with(monkeypatch, cell):
    from pages.elements import number_table

    state = {}
    monkeypatch.setattr(number_table.st, "session_state", state)
    settings = Settings(cell, ((1.0,), (0.5,)), (), 2, 1, ())
    assert as_edited(settings) is settings
    weights = drawn(settings)
    for name, start in tables(weights).items():
        state[f"_table_{name}"] = {"start": start, "good": start + np.float32(0.5)}
    changed = as_edited(settings)
    assert changed != settings
    assert changed == as_edited(settings)
    for ours, old in zip(read(changed).weights.to_keras(), weights.to_keras(), strict=True):
        np.testing.assert_array_equal(ours, old + np.float32(0.5))
        assert ours.dtype == np.float32
    assert not np.array_equal(read(changed).h, read(settings).h)
