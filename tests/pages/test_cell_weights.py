"""Single weights of a small network on the cells page."""

import numpy as np
import pytest

from pages.common.edits import with_edit
from pages.parts.cells.reading import Reading, read, tables, weights_of
from tests.pages.conftest import elements, link, settings, shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
def test_every_weight_can_be_changed_and_stands_in_the_link(open_page, lang, cell):
    sequence = {"cell": cell, "input": "sine", "timesteps": "3", "units": "2", "t": "3", "ask": "off"}
    app = open_page("cells", lang, **sequence)
    assert not app.dataframe, "tables are made when they are asked for"
    before = elements(app, "diagram")[0]["marks"]
    edits = "kernel,0,0,2;recurrent_kernel,1,1,-1.5;bias,0,0,0.25"
    changed = open_page("cells", lang, **sequence, edits=edits)
    assert elements(changed, "diagram")[0]["marks"] != before
    assert elements(changed, "race")[0]["marks"] != elements(app, "race")[0]["marks"]
    again = open_page("cells", **link(changed), lang=lang)
    assert elements(again, "diagram")[0]["marks"] == elements(changed, "diagram")[0]["marks"]
    again.session_state["edit_weights"] = True
    again.run()
    assert len(again.dataframe) == 3
    again.button(key="rewind").click().run()
    assert settings(again).t == 0
    assert settings(again).edits == edits, "rewinding keeps the weights"
    again.button(key="undo_edits").click().run()
    assert settings(again).edits == ""
    again.button(key="other_weights").click().run()
    assert settings(again).seed == 2


def test_larger_networks_have_no_tables_and_no_edits(open_page):
    app = open_page("cells", units="5", edits="kernel,0,0,2", t="3")
    assert not [e for e in app.expander if "single weights" in e.label]
    assert elements(app, "diagram")[0]["marks"] == elements(open_page("cells", units="5", t="3"), "diagram")[0]["marks"]
    assert "Exploded" not in shown(app)


@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
def test_changed_weights_are_read_with(cell):
    plain = Reading(cell, ((1.0,), (0.5,)), (), 2, 1, ())
    edits = ""
    for name, numbers in tables(weights_of(plain)).items():
        edits = with_edit(edits, name, len(numbers) - 1, 1, 0.5)
    changed = Reading(cell, plain.inputs, (), 2, 1, (), edits)
    for name, numbers in tables(read(changed).weights).items():
        drawn = tables(weights_of(plain))[name]
        assert numbers[-1, 1] == 0.5
        assert numbers.dtype == np.float32
        others = np.ones(numbers.shape, bool)
        others[-1, 1] = False
        np.testing.assert_array_equal(numbers[others], drawn[others])
    assert not np.array_equal(read(changed).h, read(plain).h)
