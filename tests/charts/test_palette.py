"""The table of colours: legible on both grounds, told apart, and the same in Streamlit's theme."""

import tomllib
from pathlib import Path

import pytest

from rnn_core.cells.registry import CELLS
from rnn_core.charts import palette
from tests.charts.contrast import contrast

COLOURS = {**palette.ROLES, **palette.NETWORKS, "quiet": palette.QUIET, "ink": palette.INK}


@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_is_legible_as_text_on_its_ground(name: str) -> None:
    for ground in (palette.GROUND, palette.PANEL):
        assert contrast(COLOURS[name].light, ground.light) >= 4.5
        assert contrast(COLOURS[name].dark, ground.dark) >= 4.5


def test_networks_differ_by_colour_and_all_looks_by_dash_and_mark() -> None:
    assert set(palette.NETWORKS) == set(palette.LOOKS) == {*CELLS, "bag_of_words"}
    every = [*palette.LOOKS.values(), *palette.FURTHER]
    for values in (palette.NETWORKS.values(), [look.dash for look in every], [look.mark for look in every]):
        assert len(set(values)) == len(values)


def test_every_block_of_weights_has_a_colour_that_its_cell_has_once() -> None:
    for cell in CELLS.values():
        colours = [palette.ROLES["state" if block == "h" else block].light for block in cell.letters]
        assert len(set(colours)) == len(colours)


def test_the_theme_takes_its_colours_from_the_table() -> None:
    theme = tomllib.loads(Path(".streamlit/config.toml").read_text("utf-8"))["theme"]
    for kind in ("light", "dark"):
        assert theme[kind]["chartCategoricalColors"] == [getattr(tone, kind) for tone in palette.NETWORKS.values()]
        assert theme[kind]["primaryColor"] == getattr(palette.ROLES["state"], kind)
        assert theme[kind]["backgroundColor"] == getattr(palette.GROUND, kind)
        assert theme[kind]["secondaryBackgroundColor"] == getattr(palette.PANEL, kind)
        assert theme[kind]["textColor"] == getattr(palette.INK, kind)
        assert theme[kind]["borderColor"] == getattr(palette.LINE, kind)
