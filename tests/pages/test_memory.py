"""The page that measures how much of the end reaches the beginning."""

import ast
import base64
import csv
import io
import json
import re
from dataclasses import replace
from itertools import cycle, product

import numpy as np
import pytest

from pages.common.language import catalogue
from pages.common.opened import LAST
from pages.parts.memory import downloads, networks
from pages.parts.memory.measure import reach_of
from pages.parts.memory.settings import EXPERIMENTS
from pages.parts.memory.words import GROWN, root
from rnn_core import tasks
from rnn_core.cells import initial_weights
from rnn_core.cells.inputs import pulse
from rnn_core.cells.recurrent import RECIPES, with_recurrent
from rnn_core.cells.registry import CELLS
from rnn_core.charts.memory.curves import figure
from rnn_core.explain.gradient import Reach, reach, reach_forwards, unit_vector
from rnn_core.models.small_networks import small_networks
from rnn_core.models.trained import Trained
from rnn_core.training.spec import TrainingSpec
from tests.pages import screen
from tests.pages.conftest import elements, go_to, link, settings, shown, widget
from tests.pages.trained import SPEC, trained
from tests.pages.visitor import Visitor

BIASES = {"lstm": ("forget_gate", "forget_bias"), "gru": ("update_gate", "update_bias")}


@pytest.fixture
def store(trainer):
    """The pages' run store, empty."""
    return trainer.store


# What stands on the page, by the cells' own backpropagation; nothing of it goes through the page's code.


def trace_of(settings, cell: str):
    """What a random network of these settings computes."""
    timesteps, seed = settings.timesteps, settings.seed
    inputs = pulse(timesteps)[np.newaxis] if settings.input == "pulse" else (
        np.random.default_rng([seed, 2]).normal(size=(1, timesteps, 4))
    )  # fmt: skip
    weights = initial_weights(cell, inputs.shape[2], settings.units, seed, np.float64)
    weights = with_recurrent(weights, settings.recipe, settings.radius, seed)
    if cell in BIASES:
        gate, name = BIASES[cell]
        row = weights.bias[0] if weights.bias.ndim == 2 else weights.bias
        row[weights.columns(gate)] = getattr(settings, name)
    return CELLS[cell].forward(inputs, weights)


def measured(settings, cell: str) -> Reach:
    trace = trace_of(settings, cell)
    if settings.way == "forth":
        return reach_forwards(trace, unit_vector(trace.weights.input_features, settings.seed))
    clip = None if settings.clip == "off" else float(settings.clip)
    return reach(trace, unit_vector(settings.units, settings.seed), every=settings.losses == "every", clip=clip)


def walked(settings, cell: str) -> np.ndarray:
    """How long the cell's memory is at each step of the walk."""
    return measured(settings, cell).from_last[CELLS[cell].memory][::-1]


def largest_at_the_end(settings) -> str:
    def arrives(cell: str) -> float:
        return max(lengths[0] for lengths in measured(settings, cell).from_last.values())

    return max(CELLS, key=arrives)


def texts(page, key: str) -> list[str]:
    """What is written in a picture; the numbers of an LSTM's two curves without the letters in front."""
    written = [mark["s"] for mark in elements(page, key)[0]["marks"] if mark["k"] == "text" and mark["s"]]
    return [text[2:] if text[:2] in ("h ", "c ") else text for text in written]


def lines(page) -> list[str]:
    """The curves that are drawn."""
    return [m["d"] for m in elements(page, "curves")[0]["marks"] if m["k"] == "path" and m["w"] == 3 and m["d"]]


def dashed(page) -> list[str]:
    marks = [m for m in elements(page, "curves")[0]["marks"] if m["k"] == "path" and m["w"] == 1.5 and m["d"]]
    return [m["d"] for m in marks if "dashed" in m["c"] and "over" not in m["c"]]


def heat(page, name: str) -> np.ndarray | None:
    """The numbers that a heat map tells."""
    found = [m for m in elements(page, "matrices")[0]["marks"] if m.get("id") == name]
    if not found:
        return None
    array = np.frombuffer(base64.b64decode(found[0]["b64"]), "<f4").astype(float) * found[0]["times"]
    return array.reshape(found[0]["rows"], found[0]["cols"])


def transport(page) -> dict:
    return elements(page, "transport")[0]


# ------------------------------------------------------------------------------------------- it opens, whatever is set

_CLIPS, _RECIPES, _LANGS = cycle(["off", "10", "1", "0.1"]), cycle(RECIPES), cycle(["en", "zh", "zh", "en"])
OPENED = [
    {"network": network, "way": way, "view": view, "losses": losses, "cell": cell, "clip": next(_CLIPS),
     "recipe": next(_RECIPES), "lang": next(_LANGS)}
    for network, way, view, losses, cell in product(
        ["random", "trained"], ["back", "forth"], ["curves", "edges"], ["last", "every"], CELLS
    )
    if (network, view) != ("trained", "edges")
]  # fmt: skip


@pytest.mark.parametrize("asked", OPENED, ids=lambda asked: "-".join(asked.values()))
def test_the_page_opens_whatever_is_set(open_page, asked: dict[str, str]) -> None:
    small = {"timesteps": "6", "units": "3"} if asked["view"] == "edges" else {"timesteps": "12", "units": "5"}
    page = open_page("memory", **asked, **small, ask="off", t="3", radius="0.8")
    assert page.title[0].value == catalogue(asked["lang"]).gettext("Why does SimpleRNN forget?")
    assert not page.info
    assert {name: getattr(settings(page), name) for name in asked if name != "lang"} == {
        name: value for name, value in asked.items() if name != "lang"
    }
    edges = asked["view"] == "edges" and asked["way"] == "back"
    (drawn,) = elements(page, "network" if edges else "curves")
    assert drawn["stamp"] == elements(page, "matrices")[0]["stamp"] == "t=3"
    assert transport(page)["last"] == (int(small["timesteps"]) - 1 if asked["network"] == "random" else 30)
    assert transport(page)["backwards"] == (asked["way"] == "back")
    for t in (0, 10**6):
        assert not go_to(page, t).exception
    assert settings(page).t == transport(page)["last"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bare_page_asks_at_the_loss(open_page, lang: str) -> None:
    page = open_page("memory", lang)
    now = settings(page)
    assert (now.network, now.timesteps, now.units, now.t) == ("random", 50, 32, 0)
    assert link(page) == {}
    assert transport(page)["waits"] is True
    assert page.button(key="guess_memory_keras_lstm").label == "LSTM"


# --------------------------------------------------------------------------------------------- predict, then reveal


def guess(page, question: str, option: str):
    page.button(key=f"guess_memory_{question}_{option}").click().run()
    assert not page.exception
    return page


def test_before_the_answer_nothing_tells_it(open_page) -> None:
    page = open_page("memory")
    assert lines(page) == []
    assert texts(page, "curves").count("?") == 4
    assert not elements(page, "matrices")
    assert elements(page, "numbers_ahead")[0]["pictures"] == []
    assert "at the loss to" not in shown(page)
    told = json.dumps([elements(page, "curves"), shown(page)])
    for cell in CELLS:
        for half_life in measured(settings(page), cell).half_lives.values():
            assert f"halves every {half_life:.2g} " not in told
    guess(page, "keras", "lstm")
    assert len(lines(page)) == 4
    assert elements(page, "matrices")
    assert transport(page)["waits"] is False


def test_another_setting_does_not_answer_the_first_question(open_page) -> None:
    page = open_page("memory", timesteps="20", seed="5", way="forth", view="edges")
    assert lines(page) == []
    guess(page, "keras", "gru")
    assert len(lines(page)) == 4


SETTINGS = [
    {}, {"way": "forth"}, {"recipe": "orthogonal", "radius": "0.9"}, {"recipe": "identity", "input": "pulse"},
    {"seed": "7", "units": "3", "timesteps": "4"}, {"seed": "3", "units": "2", "timesteps": "2"}, {"losses": "every"},
    {"recipe": "normal", "radius": "5"}, {"recipe": "normal", "radius": "2", "clip": "0.1"},
    {"seed": "11", "units": "1", "timesteps": "3", "way": "forth"},
]  # fmt: skip


@pytest.mark.parametrize("asked", SETTINGS, ids=lambda asked: "-".join(asked.values()) or "as it is")
def test_the_right_answer_is_the_cell_of_which_most_arrives(open_page, asked: dict[str, str]) -> None:
    page = open_page("memory", **asked)
    best = largest_at_the_end(settings(page))
    wrong = next(cell for cell in CELLS if cell != best)
    guess(page, "keras", wrong)
    labels = {cell: CELLS[cell].label for cell in CELLS}
    assert f"Your guess: {labels[wrong]}. Right is: **{labels[best]}**." in shown(page)
    other = guess(open_page("memory", **asked), "keras", best)
    assert f"**{labels[best]}**, that is right." in shown(other)


def test_the_answer_goes_when_the_settings_do(open_page) -> None:
    page = guess(open_page("memory"), "keras", "lstm")
    assert "that is right" in shown(page)
    widget(page, "number_input", "seed").set_value(2).run()
    assert len(lines(page)) == 4
    page.button(key="experiment_gru").click().run()
    assert lines(page) == []
    assert "that is right" not in shown(page)
    page.button(key="experiment_keras").click().run()
    assert "that is right" in shown(page)
    widget(page, "button_group", "way").set_value("forth").run()
    assert "that is right" not in shown(page), "forwards it is another question"


def test_who_does_not_want_to_be_asked_sees_all_at_once(open_page) -> None:
    page = open_page("memory", ask="off", network="trained")
    assert len(lines(page)) == 4
    assert not [button for button in page.button if button.key.startswith("guess_")]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_training_changes_is_asked_and_then_can_be_watched(open_page, lang: str) -> None:
    network = small_networks()["lstm"]
    page = open_page("memory", lang, network="trained")
    assert not elements(page, "epochs")
    assert lines(page) == []
    assert elements(page, "lapse")[0]["waits"] is True
    half_lives = []
    for epoch in (0, 30):
        weights = network.at(epoch).layers[0][0].astype(np.float64)
        trace = CELLS["lstm"].forward(network.at(epoch).read(_first_sequence(network)).inputs, weights)
        half_lives.append(reach(trace, _direction(network, epoch)).half_lives["c"])
    longer = half_lives[1] < 0 or half_lives[1] / half_lives[0] > 2
    assert longer, "the network that comes with the project has learnt to remember"
    guess(page, "learning", "longer")
    right = {"en": "that is right.", "zh": catalogue("zh").gettext("**{answer}**, that is right.").partition("}**")[2]}
    assert right[lang] in shown(page)
    assert settings(page).epoch == 0
    assert elements(page, "epochs")
    assert elements(page, "lapse")[0]["waits"] is False


def _first_sequence(network):
    from pages.common.opened import sequences

    return sequences(network.data).x_val[:1]


def _direction(network, epoch: int):
    from pages.common.opened import sequences

    found = network.at(epoch)
    h = found.read(_first_sequence(network)).h[0, -1].astype(np.float64)
    gradient = found.loss_gradient(h, float(sequences(network.data).y_val[0]))
    return gradient / np.linalg.norm(gradient)


# --------------------------------------------------------------------------------------------- the ready experiments

WINNERS = {"orthogonal": "simple_rnn", "open": "lstm", "gru": "gru"}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_sets_what_it_says_and_asks(open_page, name: str) -> None:
    page = open_page("memory", units="3", timesteps="7", seed="9", losses="every", t="2", network="trained")
    page.button(key=f"experiment_{name}").click().run()
    now, start = settings(page), settings(open_page("memory"))
    assert now == replace(start, **EXPERIMENTS[name])
    best = largest_at_the_end(now)
    assert WINNERS.get(name, best) == best
    guess(page, name, best)
    assert f"**{CELLS[best].label}**, that is right." in shown(page)
    half_life = measured(now, best).half_lives[CELLS[best].memory]
    assert half_life < 0 or half_life > (6 if name == "power" else 20)


def test_keras_own_start_undoes_an_experiment_and_keeps_whether_to_ask(open_page) -> None:
    page = open_page("memory", ask="off", speed="8")
    before = settings(page)
    page.button(key="experiment_explode").click().run()
    assert settings(page).radius == 3.0
    page.button(key="experiment_keras").click().run()
    assert settings(page) == before


# ---------------------------------------------------------------------------------------------------------- the walk

POWER = re.compile(r": ([\d.e-]+)([⁰¹²³⁴⁵⁶⁷⁸⁹]+) = (\S+)\.")
WALKS = [
    {}, {"clip": "0.1"}, {"losses": "every"}, {"way": "forth"}, {"recipe": "normal", "radius": "3"},
    {"recipe": "orthogonal", "input": "pulse"}, {"timesteps": "300", "recipe": "normal", "radius": "1.2"},
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("asked", WALKS, ids=lambda asked: "-".join(asked.values()) or "as it is")
def test_each_step_says_what_is_left_and_its_power_is_right(open_page, cell: str, asked: dict[str, str]) -> None:
    page = open_page("memory", cell=cell, ask="off", **asked)
    left = walked(settings(page), cell)
    for t in (1, 7, len(left) - 1):
        go_to(page, t)
        share = figure(left[t] / left[0])
        said = shown(page)
        steps = f"{t} timestep{'s' if t > 1 else ''}"
        if asked.get("way") == "forth":
            assert f"from 1 at timestep 1 to **{figure(left[t])}** here, {steps} later." in said
        else:
            ends = f"{share} times as much" if left[t] / left[0] > GROWN else f"{share} of it"
            assert f"from {figure(left[0])} at the loss to **{figure(left[t])}** here, {steps} earlier: {ends}." in said
        factor, times, power = POWER.search(said).groups()
        assert int(times.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))) == t
        assert power == share == figure(float(factor) ** t), "who types the power in finds the share"
        assert len(factor) <= 8
        assert ("Vanished" in said) == (left[t] < 1.2e-7)
        assert ("Exploding" in said) == (left[t] > 100)


@pytest.mark.parametrize("share", [1.0, 0.022, 3e-300, 5e89, 0.9**49, 0.999])
@pytest.mark.parametrize("steps", [1, 2, 49, 499])
def test_a_factor_has_as_many_digits_as_its_power_needs(share: float, steps: int) -> None:
    text = root(share, steps)
    assert figure(float(text) ** steps) == figure(share)
    assert set(text) <= set("0123456789.")
    digits = len(text.replace(".", "").strip("0"))
    assert digits == 1 or figure(float(f"{float(text):.{digits - 1}g}") ** steps) != figure(share)


@pytest.mark.parametrize("way", ["back", "forth"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_pictures_hold_the_numbers_of_backpropagation(open_page, cell: str, way: str) -> None:
    page = open_page("memory", cell=cell, way=way, units="5", timesteps="30", ask="off", t="22")
    now, timesteps = settings(page), 30
    at = 22 if way == "forth" else timesteps - 1 - 22
    for shown_cell in CELLS:
        for lengths in measured(now, shown_cell).lengths.values():
            assert figure(lengths[at]) in texts(page, "curves")
    found, trace = measured(now, cell), trace_of(now, cell)
    if way == "back":
        start = np.zeros(len(heat(page, "product")))
        start[:5] = unit_vector(5, now.seed)
        arrived = start @ heat(page, "product")
    else:
        d_h, d_x = np.eye(5), unit_vector(4, now.seed)
        first = CELLS[cell].forward(trace.inputs[:, :1] + 1e-6 * d_x, trace.weights)
        moved = [(getattr(first, s)[0, 0] - getattr(trace, s)[0, 0]) / 1e-6 for s in CELLS[cell].states]
        arrived = heat(page, "product") @ np.concatenate(moved) / np.linalg.norm(moved[0])
        assert d_h.shape == heat(page, "product").shape or cell == "lstm"
    parts = dict(zip(CELLS[cell].states, np.split(arrived, len(CELLS[cell].states)), strict=True))
    for state, lengths in found.lengths.items():
        if cell != "lstm":
            assert np.linalg.norm(parts[state]) == pytest.approx(lengths[at], rel=1e-4)
        if cell == "gru":
            assert figure(lengths[at]) in texts(page, "matrices"), "the whole of the paths is what arrives"
    jacobians = [heat(go_to(page, t), "jacobian") for t in (1, 2)]
    product_of_two = heat(page, "product")
    ordered = jacobians[::-1] if way == "forth" else jacobians
    np.testing.assert_allclose(ordered[0] @ ordered[1], product_of_two, rtol=1e-4, atol=1e-9)


def test_at_the_loss_nothing_is_multiplied_yet(open_page) -> None:
    page = open_page("memory", ask="off", clip="0.1")
    assert heat(page, "jacobian") is None
    np.testing.assert_array_equal(heat(page, "product"), np.eye(32))
    assert "nothing multiplied yet" in texts(page, "matrices")
    scale = measured(settings(page), "simple_rnn").scale
    assert scale < 1
    assert f"Clipping has multiplied all of it by {figure(scale)}" in shown(page)
    assert "Clipping has" not in shown(open_page("memory", ask="off"))


def test_the_next_step_is_sent_ahead_and_is_the_one_that_is_drawn(open_page) -> None:
    page = open_page("memory", ask="off", t="4", units="5", timesteps="12")
    ahead = {p["key"]: p for p in elements(page, "numbers_ahead")[0]["pictures"]}
    assert set(ahead) == {"curves", "matrices"}
    go_to(page, 5)
    for key, picture in ahead.items():
        assert elements(page, key)[0] == picture
    assert elements(go_to(page, 11), "numbers_ahead")[0]["pictures"] == []


def test_a_path_shows_its_own_matrix_and_a_cell_with_one_path_shows_it_whole(open_page) -> None:
    page = open_page("memory", cell="gru", path="kept", units="4", timesteps="9", ask="off", t="3")
    kept = heat(page, "jacobian")
    np.testing.assert_allclose(np.diagonal(kept), trace_of(settings(page), "gru").update_gate[0, 6], rtol=1e-6)
    assert not (kept - np.diag(np.diagonal(kept))).any()
    gates = heat(open_page("memory", cell="gru", path="gates", units="4", timesteps="9", ask="off", t="3"), "jacobian")
    whole = heat(open_page("memory", cell="gru", units="4", timesteps="9", ask="off", t="3"), "jacobian")
    np.testing.assert_allclose(kept + gates, whole, atol=1e-6)
    for path in ("kept", "gates"):
        plain = open_page("memory", cell="simple_rnn", path=path, units="4", timesteps="9", ask="off", t="3")
        picks = [m.get("pick", "") for m in elements(plain, "matrices")[0]["marks"]]
        assert not [pick for pick in picks if pick and pick.startswith("path")]
        assert np.count_nonzero(heat(plain, "jacobian")) == 16


# ------------------------------------------------------------------------------------------------ any number opens


def visit(**asked: str) -> Visitor:
    page = Visitor("memory", **{"lang": "en", "ask": "off", "units": "4", "timesteps": "9", "t": "3"} | asked)
    assert not page.app.exception
    return page


def pick(page: Visitor, mark: str, key: str = "matrices") -> None:
    page.tell("picture", "pick", mark, key)
    assert not page.app.exception


def heading(page: Visitor) -> str:
    """The name of the open number; blank if none is open."""
    found = [text for text in shown(page.app).splitlines() if text.startswith(("**∂", "**state", "**forget gate"))]
    return found[0] if found else ""


def result(page: Visitor) -> float:
    """What an open number comes to: the end of its formula."""
    formula = [text for text in shown(page.app).splitlines() if r"\small" in text][-1]
    number = re.sub(r"\\times|\\cdot", "*", formula.rpartition("=")[2].strip("$ "))
    return float(re.sub(r"\s*\*\s*10\^\{(-?\d+)\}", r"e\1", number))


@pytest.mark.parametrize("way", ["back", "forth"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_number_of_a_matrix_opens_to_its_sum_and_back(cell: str, way: str) -> None:
    page = visit(cell=cell, way=way)
    now = heat(page.app, "jacobian"), heat(page.app, "product")
    for (row, column), name in (((1, 2), "jacobian"), ((0, 3), "product")):
        pick(page, f"{name}:{row}:{column}")
        later, earlier = {
            ("jacobian", "back"): (7, 6), ("product", "back"): (9, 6), ("jacobian", "forth"): (4, 3),
            ("product", "forth"): (4, 1),
        }[name, way]  # fmt: skip
        assert heading(page) == f"**∂h[{row}] / ∂h[{column}]**, from timestep {later} to {earlier}"
        number = now[name == "product"][row, column]
        assert result(page) == pytest.approx(number, rel=0.01)
        page.press(page.find("button", "Close"))
        assert heading(page) == ""
        assert not settings(page.app).open


def test_from_a_jacobian_a_gate_opens_and_back_leads_back() -> None:
    page = visit(cell="lstm")
    pick(page, "jacobian:5:5")  # carry to carry
    first = heading(page)
    assert first == "**∂c[1] / ∂c[1]**, from timestep 7 to 6"
    assert not page.widgets("button") or "Back" not in {w.label for w in page.widgets("button")}
    marks = [m.get("pick") for m in screen.own(page.app, "picture")[-1]["marks"] if m.get("pick")]
    assert marks == ["forget_gate:1:6"]
    pick(page, marks[0], "arithmetic_products")
    assert heading(page) == "**forget gate**, unit 1, timestep 7"
    assert settings(page.app).open == "forget_gate:1:6"
    page.press(page.find("button", "Back"))
    assert heading(page) == first
    page.press(page.find("button", "Close"))
    assert heading(page) == ""


def test_a_path_opens_as_the_path_that_is_shown() -> None:
    page = visit(cell="lstm", path="kept")
    pick(page, "jacobian:5:5")
    assert settings(page.app).open == "jacobian_kept:5:6:5"
    assert "Along this path the forget gate alone multiplies" in shown(page.app)
    page = visit(cell="simple_rnn", path="kept")
    pick(page, "jacobian:1:2")
    assert settings(page.app).open == "jacobian:1:6:2"
    page = visit(cell="gru")
    pick(page, "path:gates")
    assert settings(page.app).path == "gates"


def test_the_name_of_a_cell_chooses_whose_matrices_are_shown() -> None:
    page = visit(open="jacobian:1:6:2")
    assert heading(page)
    pick(page, "cell:gru", "curves")
    assert settings(page.app).cell == "gru"
    assert heading(page) == ""


def test_a_cell_chosen_on_the_curves_is_the_one_that_the_control_above_them_shows() -> None:
    page = visit(view="edges", timesteps="20")
    pick(page, "cell:lstm", "curves")
    control = next(w for w in page.widgets("button_group") if w.key.startswith("cell-"))
    assert page.value(control) == "LSTM"


@pytest.mark.parametrize("mark", ["cell:transformer", "epoch:3", "jacobian:1", "jacobian:99:99", "product:x:y", "<b>"])
@pytest.mark.parametrize("key", ["curves", "matrices"])
def test_a_forged_pick_does_nothing(mark: str, key: str) -> None:
    page = visit()
    before = replace(settings(page.app), open="")
    pick(page, mark, key)
    assert replace(settings(page.app), open="") == before
    assert heading(page) == ""


# ------------------------------------------------------------------------------------------------- forwards; the edges


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_nudge_runs_forwards_from_the_first_input(open_page, lang: str) -> None:
    page = open_page("memory", lang, way="forth", ask="off", timesteps="20")
    assert transport(page)["backwards"] is False
    assert "loss" not in " ".join(texts(page, "curves"))
    go_to(page, 19)
    left = measured(settings(page), "simple_rnn").lengths["h"]
    assert figure(left[19]) in texts(page, "curves")
    assert f"**{figure(left[19])}**" in shown(page)


def test_another_way_or_network_begins_the_walk_anew(open_page) -> None:
    page = open_page("memory", ask="off", t="17", open="jacobian:1:40:2")
    widget(page, "button_group", "way").set_value("forth").run()
    assert (settings(page).t, settings(page).open) == (0, "")
    go_to(page, 3)
    widget(page, "button_group", "network").set_value("trained").run()
    assert (settings(page).t, settings(page).cell) == (0, "lstm")


def test_the_edges_make_the_network_small_and_light_up_step_by_step(open_page) -> None:
    page = open_page("memory", ask="off", way="forth", timesteps="40")
    widget(page, "button_group", "view").set_value("edges").run()
    now = settings(page)
    assert (now.timesteps, now.units, now.way) == (6, 3, "back")
    assert not elements(page, "curves")
    lit = []
    for t in range(6):
        go_to(page, t)
        (network,) = elements(page, "network")
        lit.append(sum(bool(mark.get("tip")) for mark in network["marks"] if "ends" in mark))
        picks = [m["pick"] for m in network["marks"] if m.get("pick", "").startswith("gradient_h:0:")]
        assert f"gradient_h:0:{5 - t}" in picks
    assert np.diff(lit).min() > 0, "with each step the gradient runs along further edges"


def test_a_gradient_of_the_small_network_opens_to_the_edges_that_brought_it() -> None:
    page = visit(view="edges", timesteps="6", units="3", cell="lstm")
    pick(page, "gradient_c:1:4", "network")
    assert heading(page) == "**∂L / ∂c**, unit 1, timestep 5"
    picks = [m.get("pick") for m in screen.own(page.app, "picture")[-1]["marks"] if m.get("pick")]
    assert {"gradient_c:1:5", "forget_gate:1:5", "gradient_h:1:4", "output_gate:1:4"} <= set(picks)


def test_a_network_that_has_become_too_large_for_its_edges_has_curves() -> None:
    page = visit(view="edges", timesteps="8", units="4")
    assert not [p for p in screen.own(page.app, "picture") if p["key"] == "curves"]
    page.tell("slider", "value", 9, "slider_timesteps")
    assert [p for p in screen.own(page.app, "picture") if p["key"] == "curves"]


# --------------------------------------------------------------------------------- sliders that repaint the stage alone


def test_a_longer_sequence_can_be_walked_to_its_end_and_a_shorter_one_ends_earlier() -> None:
    page = visit(timesteps="20", t="0")
    page.tell("slider", "value", 200, "slider_timesteps")
    page.go(150)
    assert screen.transport(page.app) == {"t": 150, "last": 199, "speed": "2"}
    left = walked(settings(page.app), "simple_rnn")
    assert f"**{figure(left[150] / left[0])}**" in shown(page.app)
    page.tell("slider", "value", 30, "slider_timesteps")
    assert screen.transport(page.app) == {"t": 29, "last": 29, "speed": "2"}


@pytest.mark.parametrize("value", [1e9, -5, float("nan"), True, "7", None, [3], 10**400])
def test_a_slider_says_what_is_within_its_bounds_or_nothing(value: object) -> None:
    page = visit()
    page.tell("slider", "value", value, "slider_timesteps")
    assert not page.app.exception
    assert settings(page.app).timesteps in (2, 9, 500)


# ----------------------------------------------------------------------------------------------- training in time-lapse


def test_small_networks_are_shown_after_each_epoch(open_page) -> None:
    networks = small_networks()
    for cell, epoch in (("lstm", 0), ("gru", 5), ("simple_rnn", 30)):
        page = open_page("memory", network="trained", cell=cell, epoch=str(epoch), ask="off")
        assert not page.info
        sent = elements(page, "lapse")[0]
        assert [stop["epoch"] for stop in sent["stops"]] == list(networks[cell].epochs)
        assert sent["stops"][sent["at"]]["epoch"] == epoch
        (columns,) = elements(page, "epochs")
        picks = [m["pick"] for m in columns["marks"] if m.get("pick")]
        assert picks == [f"epoch:{n}" for n in networks[cell].epochs if n != epoch]
        # Before the training stands dashed beside what it has become.
        assert len(dashed(page)) == (0 if epoch == 0 else 4)
    gate = open_page("memory", network="trained", epoch="0", ask="off")
    trace = CELLS["lstm"].forward(
        networks["lstm"].at(0).read(_first_sequence(networks["lstm"])).inputs, networks["lstm"].at(0).layers[0][0]
    )
    assert f"{100 * trace.forget_gate.mean():.0f}%" in texts(gate, "epochs")


def test_a_column_shows_its_epoch() -> None:
    page = Visitor("memory", lang="en", network="trained", ask="off")
    for picked, epoch in (("epoch:0", 0), ("epoch:4", 4), ("epoch:30", LAST), ("epoch:12", LAST), ("epoch:x", LAST)):
        pick(page, picked, "epochs")
        assert settings(page.app).epoch == epoch
        assert not page.app.info
    page.tell("lapse", "go", {"to": 5, "asking": 1})
    assert settings(page.app).epoch == 5


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("task", ["delayed_recall", "adding", "small_reviews"])
def test_a_training_opens_with_its_kept_epochs(open_page, store, lang: str, task: str) -> None:
    run_id = trained(store, replace(SPEC, task=task, length=9 if task != "small_reviews" else 23), kept=(0, 2, 5))
    page = open_page("memory", lang, run=run_id, epoch="2", t="3")
    assert not page.info
    assert not page.warning
    assert [stop["epoch"] for stop in elements(page, "lapse")[0]["stops"]] == [0, 2, 5]
    assert len(lines(page)) == len(dashed(page)) == 2  # h and c, and both before the training
    assert not elements(page, "slider")
    assert [m["pick"] for m in elements(page, "epochs")[0]["marks"] if m.get("pick")] == ["epoch:0", "epoch:5"]
    assert link(page) == {"run": run_id, "epoch": "2", "t": "3"}
    page.button(key="leave_network").click().run()
    assert (settings(page).run, settings(page).epoch, settings(page).t) == ("", LAST, 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_training_of_before_opens_and_says_why_it_has_no_epochs(open_page, store, lang: str) -> None:
    with_epochs = open_page("memory", lang, run=trained(store, kept=(2, 5)), t="3", ask="off")
    without = open_page("memory", lang, run=trained(store), t="3", ask="off")
    assert not elements(without, "lapse")
    assert not elements(without, "epochs")
    why = {"en": "This training has kept no weights", "zh": "这次训练没有逐轮保存的权重"}[lang]
    assert why in shown(without)
    assert why not in shown(with_epochs)
    assert not without.warning
    assert len(lines(without)) == 2
    assert (transport(without)["t"], transport(without)["last"]) == (3, transport(with_epochs)["last"])
    assert [len(elements(without, key)) for key in ("curves", "matrices", "transport")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "shown_epoch", "sentence"),
    [
        ({"network": "trained", "epoch": "12"}, 10, "There are no weights of epoch 12 here."),
        ({"network": "trained", "epoch": "999"}, LAST, "those after epoch 30"),
    ],
)
def test_an_epoch_that_was_not_kept_is_the_nearest_and_a_sentence(open_page, asked, shown_epoch, sentence) -> None:
    page = open_page("memory", ask="off", **asked)
    assert settings(page).epoch == shown_epoch
    (said,) = page.info
    assert sentence in said.value


def test_an_epoch_that_a_training_has_not_kept_is_the_nearest_and_a_sentence(open_page, store) -> None:
    page = open_page("memory", run=trained(store, kept=(0, 2, 5)), epoch="3", ask="off")
    assert settings(page).epoch == 2
    (said,) = page.info
    assert "no weights of epoch 3" in said.value


def test_a_training_of_several_layers_or_numbers_beyond_all_bounds_opens(open_page, store) -> None:
    deep = trained(store, replace(SPEC, layers=2, bidirectional=True), kept=(0, 2))
    assert len(lines(open_page("memory", run=deep, ask="off", t="5"))) == 2
    diverged = trained(store, replace(SPEC, cell="gru"), kept=(0, 2))
    folder = store.run_folder(diverged)
    for file in [*folder.rglob("*.npz")]:
        with np.load(file) as arrays:
            np.savez(file, **{name: np.full_like(array, np.nan) for name, array in arrays.items()})
    page = open_page("memory", run=diverged, ask="off", t="5")
    assert "NaN" in " ".join(texts(page, "curves"))
    assert not [line for line in lines(page) if "L" in line], "no two points can be joined"


# ----------------------------------------------------------------------------------------------------------- bad links


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("timesteps", "nan", 50), ("timesteps", "1e9", 500), ("timesteps", "0", 2), ("timesteps", "9" * 400, 500),
        ("units", "-1", 1), ("units", "65", 64), ("radius", "inf", 5.0), ("radius", "99", 5.0), ("radius", "nan", 1.0),
        ("forget_bias", "-99", -5.0), ("update_bias", "½", 0.0), ("seed", "-7", 0), ("seed", "1e99", 2**32 - 1),
        ("recipe", "xavier", "keras"), ("recipe", "<b>*x*</b>", "keras"), ("losses", "none", "last"),
        ("clip", "1e-9", "off"), ("network", "<script>", "random"), ("way", "sideways", "back"), ("path", "x", "whole"),
        ("view", "3d", "curves"), ("cell", "transformer", "simple_rnn"), ("t", "lots", 0), ("t", "-3", 0),
        ("speed", "99", "2"), ("open", "<img src=x>", ""), ("sequence", "21", 20), ("epoch", "<b>", LAST),
    ],
)  # fmt: skip
def test_a_bad_value_becomes_the_nearest_sensible_one_and_is_said(open_page, name: str, raw: str, value) -> None:
    page = open_page("memory", ask="off", **{name: raw})
    assert getattr(settings(page), name) == value
    assert len(page.info) == 1
    assert f"`{name}`" in page.info[0].value
    assert "<" not in re.sub(r"`[^`]*`", "", page.info[0].value)


@pytest.mark.parametrize("t", ["50", "499", "9999"])
def test_a_timestep_beyond_the_end_is_the_last_one(open_page, t: str) -> None:
    page = open_page("memory", t=t, ask="off")
    assert settings(page).t == transport(page)["t"] == 49
    assert elements(page, "curves")[0]["stamp"] == "t=49"


@pytest.mark.parametrize(
    "opened",
    ["gradient_c:1:3", "jacobian_output_gate:1:3:2", "forget_gate:0:2", "jacobian:99:3:2", "jacobian:1:9999:2",
     "product:1:49:2", "product:1:9999:2", "h:1", "h:99:99", "recurrent_kernel:1:2", "product:1:2", "gradient_h:1:2:3"],
)  # fmt: skip
def test_a_number_that_is_not_there_does_not_open(open_page, opened: str) -> None:
    page = open_page("memory", open=opened, ask="off", t="5")
    assert elements(page, "matrices"), "what is shown beside the curves are the matrices"
    assert not [button for button in page.button if button.key == "arithmetic_close"]


@pytest.mark.parametrize("run", ["nowhere", "<b>x</b>", "../../etc/passwd", "'; DROP TABLE runs"])
def test_a_run_that_is_not_there_is_told_and_the_page_goes_on(open_page, store, run: str) -> None:
    page = open_page("memory", run=run, ask="off", epoch="3", sequence="4")
    assert len(page.warning) == 1
    assert (settings(page).run, settings(page).epoch, settings(page).sequence) == ("", LAST, 1)
    assert len(lines(page)) == 4


def test_a_bag_of_words_and_a_training_that_goes_on_are_told(open_page, store) -> None:
    bag = trained(store, TrainingSpec(task="small_reviews", cell="bag_of_words"))
    (queued,) = store.create([SPEC], "me", "test")
    for run_id, sentence in ((bag, "A bag of words has no cell"), (queued, "still being trained")):
        page = open_page("memory", run=run_id, ask="off")
        assert sentence in page.warning[0].value
        assert len(lines(page)) == 4


# ------------------------------------------------------------------------------------- beyond what a number can hold

EXTREME = {"timesteps": "500", "units": "64", "radius": "5", "ask": "off"}


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm"])
def test_numbers_of_ninety_digits_are_drawn_and_named(open_page, cell: str) -> None:
    page = open_page("memory", recipe="normal", cell=cell, t="499", **EXTREME)
    left = walked(settings(page), cell)
    assert left[-1] > 1e16
    assert figure(left[-1] / left[0]) in shown(page)
    assert "Exploding" in shown(page)
    whole = heat(page, "product")
    assert np.isfinite(whole).all()
    assert f"largest number {figure(np.abs(whole).max())}" in texts(page, "matrices")
    assert figure(left[-1]) in texts(page, "curves")


def test_what_has_vanished_altogether_is_drawn_and_named(open_page) -> None:
    page = open_page("memory", recipe="identity", cell="simple_rnn", t="499", **EXTREME)
    assert walked(settings(page), "simple_rnn")[-1] == 0
    assert "earlier: 0 of it." in shown(page)
    assert "Vanished" in shown(page)
    assert not heat(page, "product").any()
    assert "largest number 0" in texts(page, "matrices")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_walk_that_begins_with_nothing_is_told(open_page, lang: str) -> None:
    asked = {"recipe": "identity", "forget_bias": "10", "update_bias": "10", "input": "pulse", "cell": "lstm"}
    page = open_page("memory", lang, t="499", **asked, **EXTREME)
    assert walked(settings(page), "lstm")[0] == 0
    assert {"en": "where the walk begins there is nothing", "zh": "起点处恰好是 0"}[lang] in shown(page)


@pytest.mark.parametrize(("way", "units", "told"), [("back", "1", "∞"), ("back", "6", "NaN"), ("forth", "6", "NaN")])
def test_what_overflows_is_drawn_and_named(open_page, monkeypatch, way: str, units: str, told: str) -> None:
    """No setting goes so far; the weights of a training that diverged may."""
    from pages.parts.memory import measure

    def enormous(cell, drawn):
        made = initial_weights(cell, 4, drawn.units, drawn.seed, np.float64)
        return replace(made, kernel=0.0 * made.kernel, recurrent_kernel=1e30 * made.recurrent_kernel)

    # A state of one number grows beyond all bounds; of several, infinite numbers of both signs are added. What a seed
    # draws is remembered, so no other test takes this one.
    asked = {"seed": "987654321", "cell": "simple_rnn", "way": way, "ask": "off", "t": "49", "units": units}
    monkeypatch.setattr(measure, "weights_of", enormous)
    page = open_page("memory", **asked)
    assert told in texts(page, "curves")
    # A nudge that a kernel of zeros does not let in changes nothing, so no share of that can be told.
    assert {"back": "the numbers have grown beyond", "forth": "there is nothing"}[way] in shown(page)
    assert not np.isfinite(heat(page, "product")).all()
    assert {"NaN", f"largest number {'∞' if units == '1' else 'NaN'}"} <= set(texts(page, "matrices"))
    for number in ("product:0:0:0", "jacobian:0:3:0"):
        assert open_page("memory", **asked, open=number).button(key="arithmetic_close")


# -------------------------------------------------------------------------------------------------------- to take away


@pytest.fixture
def files(monkeypatch):
    """What can be downloaded from the page that was drawn last, by the files' endings."""
    given: dict = {}
    monkeypatch.setattr(downloads, "take_away", lambda _name, made, _key: given.update(made))
    return given


def table(text: str) -> dict[str, np.ndarray]:
    head, *rows = csv.reader(io.StringIO(text))
    columns = zip(*rows, strict=True)
    return {name: np.array(column, float) for name, column in zip(head, columns, strict=True)}


def printed(script: str) -> list[dict[str, list[float]]]:
    """The numbers of the page that stand in a script: a few of each curve."""
    ast.parse(script)
    found = re.findall(r"^timesteps = (\[.*?\])\npage = \{\n(.*?)^\}", script, re.MULTILINE | re.DOTALL)
    numbers = re.compile(r'"(\w)": .*?\[(.*?)\]', re.DOTALL)
    return [{"timesteps": ast.literal_eval(at)} | {
        name: [float(number) for number in row.split(",") if number.strip()] for name, row in numbers.findall(page)
    } for at, page in found]  # fmt: skip


def holds(files, expected: dict[str, Reach]) -> None:
    """The files hold these curves."""
    columns = table(files["csv"]())
    every = {f"{cell}_{state}": x for cell, found in expected.items() for state, x in found.lengths.items()}
    assert list(columns) == ["timestep", *every]
    for name, lengths in every.items():
        np.testing.assert_allclose(columns[name], lengths, rtol=1e-12)
    script, notebook = files["py"](), json.loads(files["ipynb"]())
    cells = printed(script)
    assert len(cells) == len(expected)
    for written, found in zip(cells, expected.values(), strict=True):
        for state, lengths in found.lengths.items():
            np.testing.assert_allclose(written[state], lengths[written["timesteps"]], rtol=1e-6)
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert [line for line in code.splitlines() if line.startswith("timesteps = ")] == [
        line for line in script.splitlines() if line.startswith("timesteps = ")
    ]


@pytest.mark.parametrize("asked", [{}, {"way": "forth"}, {"losses": "every", "clip": "0.1", "recipe": "normal"}])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_downloads_hold_the_curves(open_page, files, lang: str, asked: dict[str, str]) -> None:
    page = open_page("memory", lang, ask="off", units="4", timesteps="14", **asked)
    holds(files, {cell: measured(settings(page), cell) for cell in CELLS})


def test_what_is_downloaded_is_what_a_slider_says_by_then(files) -> None:
    page = visit()
    page.tell("slider", "value", 14, "slider_timesteps")
    page.tell("slider", "value", 4.5, "slider_forget_bias")
    holds(files, {cell: measured(settings(page.app), cell) for cell in CELLS})


def test_what_is_downloaded_of_a_training_is_the_epoch_on_the_screen(store, files) -> None:
    page = Visitor("memory", lang="en", ask="off", run=trained(store, kept=(0, 2, 5)))
    last = table(files["csv"]())
    page.tell("lapse", "go", {"to": 0, "asking": 1})
    first = table(files["csv"]())
    assert list(first) == ["timestep", "lstm_h", "lstm_c"]
    assert not np.allclose(first["lstm_c"], last["lstm_c"])
    assert len(printed(files["py"]())) == 1
    assert figure(first["lstm_c"][-1]) in texts(page.app, "curves")


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_training_with_a_mask_is_measured_with_it(open_page, store, monkeypatch, cell: str, padding: str) -> None:
    spec = replace(SPEC, cell=cell, task="small_reviews", length=30, padding=padding, mask=True)
    page = open_page("memory", run=trained(store, spec), ask="off")
    assert not page.exception
    monkeypatch.setattr(networks.st, "session_state", page.session_state)
    (case,) = networks.cases_of(settings(page)).values()
    found = reach_of(case).lengths["h"]
    # Where nothing is filled up, the very same words are read and nothing else.
    x = tasks.validation(spec.data, 1).x_val
    read = x[0] != 0
    network = Trained.from_arrays(spec.network, store.weights(settings(page).run))
    whole = CELLS[cell].forward(network.embed(x[:, read]), network.layers[0][0].astype(np.float64))
    expected = reach(whole, case.source.direction).lengths["h"]
    assert not read.all()
    np.testing.assert_allclose(found[read][:-1], expected[:-1], rtol=1e-5)
    np.testing.assert_array_equal(found[-1], 1 if padding == "pre" else found[read][-1])
    written = downloads.measured(case)
    np.testing.assert_array_equal(written.reach.lengths["h"], found)
