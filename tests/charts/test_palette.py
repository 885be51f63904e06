"""The table of colours: legible on both grounds, told apart, and the same in Streamlit's theme."""

import itertools
import tomllib
from pathlib import Path

import pytest

from rnn_core.charts import palette

COLOURS = {**palette.ROLES, **palette.CELLS, "quiet": palette.QUIET, "ink": palette.INK}


@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_is_legible_as_text_on_its_ground(name: str) -> None:
    for ground in (palette.GROUND, palette.PANEL):
        assert palette.contrast(COLOURS[name].light, ground.light) >= 4.5
        assert palette.contrast(COLOURS[name].dark, ground.dark) >= 4.5


def test_cells_differ_by_colour_dash_and_mark() -> None:
    for one, other in itertools.combinations(palette.CELLS, 2):
        assert palette.CELLS[one] != palette.CELLS[other]
        assert palette.CELL_DASH[one] != palette.CELL_DASH[other]
        assert palette.CELL_MARK[one] != palette.CELL_MARK[other]


def test_the_theme_takes_its_colours_from_the_table() -> None:
    theme = tomllib.loads(Path(".streamlit/config.toml").read_text("utf-8"))["theme"]
    for kind in ("light", "dark"):
        assert theme[kind]["chartCategoricalColors"] == [getattr(tone, kind) for tone in palette.CELLS.values()]
        assert theme[kind]["primaryColor"] == getattr(palette.ROLES["state"], kind)
        assert theme[kind]["backgroundColor"] == getattr(palette.GROUND, kind)
        assert theme[kind]["secondaryBackgroundColor"] == getattr(palette.PANEL, kind)
        assert theme[kind]["textColor"] == getattr(palette.INK, kind)
        assert theme[kind]["borderColor"] == getattr(palette.LINE, kind)
