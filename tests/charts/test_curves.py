"""Training curves: the spec is constant, the data carries everything, and Altair builds and accepts both."""

import json
import math
import subprocess
import sys

import altair as alt
import numpy as np
import pytest

from rnn_core.charts import curves as chart
from rnn_core.charts.curves.table import APART, COLUMNS, look_name
from rnn_core.charts.palette import FURTHER, LOOKS, NETWORKS, looks
from rnn_core.charts.swatch import swatch
from rnn_core.results.article import HISTORIES

GUESSING = chart.Level(0.125, "guessing")
ACCURACY = chart.accuracy_ground(epochs=5, classes=8, guessing=GUESSING)
LOSS = chart.loss_ground(epochs=5, guessing=chart.Level(math.log(8), "all equally likely"))


def rising(epochs: int, shift: float = 0.0) -> chart.Points:
    """Accuracies after so many epochs, two batch points in each."""
    epoch, step = np.arange(1, epochs + 1), np.arange(1, 2 * epochs + 1)
    return chart.Points(1 - 1 / (epoch + 1), 1 - 1 / (epoch + 1) + shift, step / 2, 1 - 1 / (step + 1))


def losses(*values: float) -> chart.Points:
    return chart.Points(np.array(values), np.array(values))


def line(network: str, *points: chart.Points, **more) -> chart.Line:
    return chart.Line(**{"network": network, "look": LOOKS[network], "series": network, "points": points, **more})


def of_kind(table: dict[str, list], kind: str, field: str) -> list:
    """The drawn values of a kind: rows without a series only keep Vega quiet."""
    rows = zip(table[field], table["kind"], table["series"], strict=True)
    return [value for value, k, series in rows if k == kind and series]


def spec_of(theme: str = "light", percent: bool = False) -> dict:
    return chart.spec("loss", "epochs", percent=percent, theme=theme)


@pytest.mark.parametrize("percent", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_vega_lite_accepts_the_spec_with_its_rows(percent: bool, theme: str) -> None:
    table = chart.rows([line("lstm", rising(3), best_epoch=2, text="LSTM")], ACCURACY)
    values = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    alt.LayerChart.from_dict({**json.loads(json.dumps(spec_of(theme, percent))), "data": {"values": values}}).to_dict()


def test_the_spec_is_the_same_object_whatever_the_data() -> None:
    assert spec_of() is spec_of()
    assert not {"data", "datasets"} & set(spec_of())


def test_a_page_without_curves_does_not_load_altair() -> None:
    code = "import sys, rnn_core.charts.curves; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_axes_can_be_moved_and_nothing_else_is_selected() -> None:
    (zoom,) = spec_of()["params"]
    assert (zoom["name"], zoom["bind"], zoom["views"]) == (chart.ZOOM, "scales", ["frame"])


def test_every_layer_has_a_row_from_the_beginning() -> None:
    table = chart.rows([], ACCURACY)
    asked = {layer["transform"][0]["filter"]["equal"] for layer in spec_of()["layer"]}
    assert asked == set(table["kind"])


def test_columns_are_of_equal_length_and_hold_numbers_only() -> None:
    table = chart.rows([line("lstm", rising(3), best_epoch=2, text="LSTM")], ACCURACY)
    assert set(table) == set(COLUMNS)
    assert len({len(column) for column in table.values()}) == 1
    assert np.isfinite([table["x"], table["y"], table["low"], table["high"], table["value"]]).all()


def test_one_run_shows_batches_epochs_validation_and_its_best_epoch() -> None:
    run = chart.Points(np.array([2.0, 1.0]), np.array([2.1, 1.1]), np.array([0.5, 1, 1.5, 2]), np.array([3.0, 2, 1, 1]))
    table = chart.rows([line("gru", run, best_epoch=2)], LOSS)
    assert of_kind(table, "batch", "x") == [0.5, 1, 1.5, 2]
    assert of_kind(table, "batch", "value") == [3, 2, 1, 1]
    assert of_kind(table, "train", "value") == [2.0, 1.0]
    assert of_kind(table, "validation", "value") == [2.1, 1.1]
    assert (of_kind(table, "best", "x"), of_kind(table, "best", "value")) == ([2], [1.1])
    assert not of_kind(table, "band", "x")


def test_several_seeds_show_their_mean_and_range() -> None:
    table = chart.rows([line("lstm", rising(2), rising(1, 0.2))], ACCURACY)
    assert of_kind(table, "validation", "value") == pytest.approx([0.6, 2 / 3])
    assert of_kind(table, "band", "low") == pytest.approx([0.5, 2 / 3])
    assert of_kind(table, "band", "high") == pytest.approx([0.7, 2 / 3])
    assert not of_kind(table, "batch", "x")


def test_what_was_not_measured_is_not_drawn() -> None:
    table = chart.rows([line("lstm", chart.Points(np.ones(2), np.full(2, np.nan)), best_epoch=1, text="a")], ACCURACY)
    for kind in ("validation", "best", "end", "begin"):
        assert not of_kind(table, kind, "y")
    assert of_kind(table, "train", "y") == [1, 1]


def test_a_loss_beyond_the_chart_is_drawn_at_its_edge_and_told_as_it_is() -> None:
    table = chart.rows([line("lstm", losses(1e9))], LOSS)
    assert of_kind(table, "train", "y") == [LOSS.cap]
    assert of_kind(table, "train", "value") == [1e9]


def test_each_ground_has_its_own_level_of_guessing() -> None:
    for ground, level in ((ACCURACY, 0.125), (LOSS, math.log(8))):
        table = chart.rows([], ground)
        assert of_kind(table, "guessing", "y") == [level]
        assert of_kind(table, "guessing", "text") == [f"- - - {ground.guessing.text}"]
    assert not of_kind(chart.rows([], chart.accuracy_ground(epochs=5, classes=2, guessing=None)), "guessing", "y")


def test_the_articles_curves_lie_under_ours() -> None:
    table = chart.rows([], ACCURACY, {cell: history.val_metric for cell, history in HISTORIES.items()})
    assert of_kind(table, "article", "value")[-1] == 0.8812
    assert set(of_kind(table, "article", "network")) == {"simple_rnn", "lstm", "gru"}


def test_every_network_has_its_colour_and_every_look_its_dash_and_mark_in_the_chart() -> None:
    scales: dict[str, dict] = {}
    for layer in spec_of("dark")["layer"]:
        for channel in {"color", "strokeDash", "shape"} & set(layer["encoding"]):
            scales[channel] = layer["encoding"][channel]["scale"]
    every = [*LOOKS.values(), *FURTHER]
    pairs = {channel: dict(zip(scale["domain"], scale["range"], strict=True)) for channel, scale in scales.items()}
    assert pairs == {
        "color": {network: tone.dark for network, tone in NETWORKS.items()},
        "strokeDash": {look_name(look): list(look.dash) for look in every},
        "shape": {look_name(look): look.mark for look in every},
    }


def test_no_two_lines_look_alike() -> None:
    networks = ["gru", "gru", "lstm", "gru", "simple_rnn", "lstm"]
    given = looks(networks)
    assert given[0] == LOOKS["gru"]
    assert len({look.dash for look in given}) == len({look.mark for look in given}) == len(networks)
    alone = looks(["lstm"] * 8)
    assert len(set(alone)) == 8
    lines = [line(name, rising(2), look=look, series=look.mark) for name, look in zip(networks, given, strict=True)]
    table = chart.rows(lines, ACCURACY)
    assert len(set(of_kind(table, "validation", "look"))) == len(networks)


def test_a_swatch_shows_the_lines_own_dash_and_mark() -> None:
    drawn = swatch(FURTHER[0], "#123456")
    assert 'stroke-dasharray="12 4"' in drawn
    assert FURTHER[0].mark in drawn


def test_texts_at_the_lines_ends_lie_beside_one_another_and_inside() -> None:
    lines = [line("gru", rising(5), series=str(i), text=f"length {i}") for i in range(4)]
    table = chart.rows([*lines, line("lstm", rising(1), text="only begun")], ACCURACY)
    assert of_kind(table, "begin", "text") == ["only begun"]
    heights = sorted(of_kind(table, "end", "y"))
    reach = max(table["y"]) - min(table["y"])
    assert np.diff(heights).min() >= 0.99 * APART * reach
    assert max(heights) < max(table["y"])
    assert of_kind(table, "end", "value") == pytest.approx([5 / 6] * 4)


def test_long_names_are_cut_and_stay_different() -> None:
    assert chart.shortened(["LSTM", "GRU"]) == ["LSTM", "GRU"]
    names = [f"my very first long experiment, {word} rate, seed {seed}" for word in ("low", "high") for seed in (1, 2)]
    cut = chart.shortened([*names, "short"], 20)
    assert len(set(cut)) == 5
    assert all(len(name) <= 20 for name in cut)
    assert all("…" in name for name in cut[:4])
    assert chart.shortened(["the very same name"] * 2 + ["another"], 12) == ["the very… #1", "the very… #2", "another"]


def test_a_ring_at_the_edge_has_room_and_the_level_is_named_above_the_chart() -> None:
    for ground, best in ((ACCURACY, 1.0), (LOSS, 0.0)):
        room = min(best - ground.low, ground.high - best) / (ground.high - ground.low) * chart.HEIGHT
        assert room > (260 / np.pi) ** 0.5  # the radius of a circle of that area
    named = [layer for layer in spec_of()["layer"] if layer["mark"]["type"] == "text"]
    assert sum(layer["encoding"]["y"].get("value", 0) < 0 for layer in named) == 1


@pytest.mark.parametrize(("best", "others"), [(1e9, 1e9), (1e9, 0.0), (0.0, 1e9), (0.0, 0.0), (1.0, 2.0)])
def test_the_ring_is_whole_wherever_the_best_epoch_lies(best: float, others: float) -> None:
    table = chart.rows([line("lstm", losses(best), best_epoch=1), line("gru", losses(others))], LOSS)
    low, high = min(table["y"]), max(table["y"])
    (ring,) = of_kind(table, "best", "y")
    pixels = chart.HEIGHT / (high - low)
    radius = np.sqrt(260 / np.pi) + 1
    assert (high - ring) * pixels >= radius
    assert (ring - low) * pixels >= radius
    assert (high <= 1.2 * LOSS.high) == (max(best, others) <= LOSS.high), "the axes stay where there is room"


def test_a_moment_has_a_star_on_its_validation_curve_and_a_word_beside_it() -> None:
    table = chart.rows([line("lstm", rising(4), moment=chart.Moment(2, "gets it"))], ACCURACY)
    assert (of_kind(table, "moment", "x"), of_kind(table, "moment", "value")) == ([2], [pytest.approx(2 / 3)])
    assert of_kind(table, "word", "text") == ["gets it"]
    assert of_kind(table, "moment", "text") == [""]


def test_words_of_moments_that_are_close_lie_one_above_the_other() -> None:
    moments = [line("gru", rising(4), series=str(i), moment=chart.Moment(2, "gets it")) for i in range(3)]
    table = chart.rows([*moments, line("lstm", rising(5), moment=chart.Moment(5, "gets it"))], ACCURACY)
    close, far = of_kind(table, "word", "y")[:3], of_kind(table, "word", "y")[3]
    reach = max(table["y"]) - min(table["y"])
    assert np.diff(sorted(close)).min() >= 0.99 * APART * reach
    assert far == of_kind(table, "moment", "y")[3]


def test_a_moment_that_no_curve_has_come_to_is_not_drawn() -> None:
    unknown = chart.Points(np.ones(2), np.full(2, np.nan))
    late = [line("lstm", rising(2), moment=chart.Moment(3, "x")), line("gru", unknown, moment=chart.Moment(1, "x"))]
    table = chart.rows([*late, line("gru", rising(2), rising(2), moment=chart.Moment(1, "x"))], ACCURACY)
    assert not of_kind(table, "moment", "y")
    assert not of_kind(table, "word", "y")
