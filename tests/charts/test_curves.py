"""Training curves: the spec is constant, the data carries everything, and Vega-Lite accepts both."""

import json

import altair as alt
import numpy as np
import pytest

from rnn_core.charts import curves as chart
from rnn_core.charts.palette import CELLS
from rnn_core.results.article import HISTORIES
from rnn_core.training.runs import Curves


def grown(epochs: int, shift: float = 0.0) -> Curves:
    """A run after so many epochs, two batch points in each."""
    epoch = np.arange(1, epochs + 1)
    steps = np.arange(1, 2 * epochs + 1)
    return Curves(
        epoch=epoch,
        loss=2.0 / epoch,
        metric=1 - 1 / (epoch + 1),
        val_loss=2.1 / epoch,
        val_metric=1 - 1 / (epoch + 1) + shift,
        seconds=np.ones(epochs),
        step=steps,
        batch_epoch=steps / 2,
        batch_loss=2.0 / steps,
        batch_metric=1 - 1 / (steps + 1),
    )


FRAME = chart.ground("classes", 8, 0.125, 5, "accuracy", "guessing")


def of_kind(table: dict[str, list], kind: str, field: str) -> list:
    """The drawn values of a kind: rows without a series only keep Vega quiet."""
    return [
        value
        for value, k, series in zip(table[field], table["kind"], table["series"], strict=True)
        if k == kind and series
    ]


@pytest.mark.parametrize("measure", ["accuracy", "loss"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_vega_lite_accepts_the_spec(measure, theme):
    spec = chart.spec(measure, "accuracy", "epochs", theme)
    values = [{"x": 0}]
    alt.LayerChart.from_dict({**json.loads(json.dumps(spec)), "data": {"values": values}})


def test_the_spec_is_the_same_object_whatever_the_data():
    assert chart.spec("loss", "loss", "epochs", "light") is chart.spec("loss", "loss", "epochs", "light")


def test_every_layer_has_a_row_from_the_beginning():
    table = chart.rows("accuracy", [], FRAME)
    asked = {layer["transform"][0]["filter"]["equal"] for layer in chart.spec("accuracy", "a", "e", "light")["layer"]}
    assert asked <= set(table["kind"])


def test_columns_are_of_equal_length_and_hold_numbers_only():
    table = chart.rows("accuracy", [chart.Line("lstm", "LSTM", (grown(3),), best_epoch=2, text="LSTM")], FRAME)
    assert set(table) == set(chart.COLUMNS)
    assert len({len(column) for column in table.values()}) == 1
    assert np.isfinite([table["x"], table["y"], table["low"], table["high"], table["value"]]).all()


def test_one_run_shows_batches_epochs_validation_and_its_best_epoch():
    run = grown(3)
    table = chart.rows("loss", [chart.Line("gru", "GRU", (run,), best_epoch=3)], FRAME)
    assert of_kind(table, "batch", "x") == run.batch_epoch.tolist()
    assert of_kind(table, "train", "value") == run.loss.tolist()
    assert of_kind(table, "validation", "value") == run.val_loss.tolist()
    assert of_kind(table, "best", "x") == [3]
    assert not of_kind(table, "band", "x")


def test_several_seeds_show_their_mean_and_range():
    table = chart.rows("accuracy", [chart.Line("lstm", "LSTM", (grown(2), grown(1, 0.2)))], FRAME)
    assert of_kind(table, "validation", "value") == pytest.approx([0.6, 2 / 3])
    assert of_kind(table, "band", "low") == pytest.approx([0.5, 2 / 3])
    assert of_kind(table, "band", "high") == pytest.approx([0.7, 2 / 3])
    assert not of_kind(table, "batch", "x")


def test_what_was_not_measured_is_not_drawn():
    run = grown(2)
    empty = Curves(epoch=run.epoch, loss=run.loss, metric=np.full(2, np.nan), val_loss=run.val_loss,
                   val_metric=np.full(2, np.nan))  # fmt: skip
    table = chart.rows("accuracy", [chart.Line("lstm", "LSTM", (empty,), best_epoch=1)], FRAME)
    assert not of_kind(table, "validation", "y")
    assert not of_kind(table, "best", "y")


def test_a_loss_beyond_the_chart_is_drawn_at_its_edge_and_told_as_it_is():
    frame = chart.ground("classes", 8, 0.125, 5, "loss", "")
    run = Curves(epoch=np.array([1]), loss=np.array([1e9]), metric=np.array([0.1]), val_loss=np.array([1e9]),
                 val_metric=np.array([0.1]))  # fmt: skip
    table = chart.rows("loss", [chart.Line("lstm", "LSTM", (run,))], frame)
    assert of_kind(table, "train", "y") == [frame.cap]
    assert of_kind(table, "train", "value") == [1e9]


def test_chance_stands_where_guessing_gets():
    assert of_kind(chart.rows("accuracy", [], FRAME), "chance", "y") == [0.125]
    loss = chart.ground("classes", 8, 0.125, 5, "loss", "")
    assert of_kind(chart.rows("loss", [], loss), "chance", "y") == pytest.approx([np.log(8)])
    adding = chart.ground("regression", 0, 1 / 6, 5, "loss", "")
    assert of_kind(chart.rows("loss", [], adding), "chance", "y") == pytest.approx([1 / 6])


def test_the_articles_curves_lie_under_ours():
    table = chart.rows("accuracy", [], FRAME, HISTORIES)
    assert of_kind(table, "article", "value")[-1] == 0.8812
    assert set(of_kind(table, "article", "cell")) == {"simple_rnn", "lstm", "gru"}


def test_every_cell_has_a_colour_in_the_chart():
    spec = chart.spec("loss", "loss", "epochs", "dark")
    scale = next(layer["encoding"]["color"]["scale"] for layer in spec["layer"] if "color" in layer["encoding"])
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {cell: tone.dark for cell, tone in CELLS.items()}


def test_a_ring_at_the_edge_has_room_and_the_level_is_named_above_the_chart():
    for measure, best in (("accuracy", 1.0), ("loss", 0.0)):
        frame = chart.ground("classes", 8, 0.125, 5, measure, "guessing")
        room = min(best - frame.low, frame.high - best) / (frame.high - frame.low) * chart.HEIGHT
        assert room > (260 / np.pi) ** 0.5  # the radius of a circle of that area
        named = [layer for layer in chart.spec(measure, "m", "e", "light")["layer"] if layer["mark"]["type"] == "text"]
        assert any(layer["encoding"]["y"].get("value", 0) < 0 for layer in named)


@pytest.mark.parametrize(("best", "others"), [(1e9, 1e9), (1e9, 0.0), (0.0, 1e9), (0.0, 0.0), (1.0, 2.0)])
def test_the_ring_is_whole_wherever_the_best_epoch_lies(best, others):
    frame = chart.ground("classes", 8, 0.125, 5, "loss", "")
    curves = [
        Curves(epoch=np.array([1]), loss=np.array([loss]), metric=np.array([0.1]), val_loss=np.array([loss]),
               val_metric=np.array([0.1])) for loss in (best, others)
    ]  # fmt: skip
    lines = [chart.Line("lstm", "LSTM", (curves[0],), best_epoch=1), chart.Line("gru", "GRU", (curves[1],))]
    table = chart.rows("loss", lines, frame)
    low, high = min(table["y"]), max(table["y"])
    (ring,) = of_kind(table, "best", "y")
    pixels = chart.HEIGHT / (high - low)
    radius = np.sqrt(260 / np.pi) + 1
    assert (high - ring) * pixels >= radius
    assert (ring - low) * pixels >= radius
    assert (high <= 1.2 * frame.high) == (max(best, others) <= frame.high), "the axes stay where there is room"
