"""The verdict after each word is what Keras says of the text up to there; the three ways to ask what a word did."""

from dataclasses import fields, replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.build import build_model
from rnn_core.models.network import Network
from rnn_core.models.trained import NotANetwork, arrays_of
from rnn_core.models.verdict import TOGETHER, Judge, judge_from_arrays, left_behind, left_out, reading, reread, saliency

NETWORKS = {
    "simple_rnn": Network("small_reviews", "simple_rnn", 6),
    "lstm": Network("small_reviews", "lstm", 6),
    "gru": Network("small_reviews", "gru", 6),
    "bag_of_words": Network("small_reviews", "bag_of_words", 6),
    "two lstms": Network("small_reviews", "lstm", 5, layers=2),
    "bidirectional gru": Network("small_reviews", "gru", 4, bidirectional=True),
    "two bidirectional lstms": Network("small_reviews", "lstm", 4, layers=2, bidirectional=True),
}
WORDS = 12


def drawn(name: str, dtype: str = "float64") -> Judge:
    """A network with weights large enough for every word to count."""
    random = np.random.default_rng(5)
    arrays = {n: random.normal(0, 0.7, s).astype(dtype) for n, s in SHAPES[name].items()}
    return judge_from_arrays(NETWORKS[name], arrays)


def shapes(network: Network) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays_of(keras_model(network)).items()}


def keras_model(network: Network):
    dataset = tasks.load(tasks.Data("small_reviews", 23, 20))
    return build_model(network, dataset, learning_rate=0.01, seed=1)


SHAPES: dict[str, dict[str, tuple[int, ...]]] = {}


@pytest.fixture(scope="module", autouse=True)
def _shapes():
    SHAPES.update({name: shapes(network) for name, network in NETWORKS.items()})


def text(words: int = WORDS, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, len(tasks.TASKS["small_reviews"].symbols), words)


# --------------------------------------------------------------------------------------------------- after each word


@pytest.mark.parametrize("name", NETWORKS)
def test_after_each_word_it_says_what_keras_says_of_the_text_up_to_there(name):
    import keras

    layers = keras_model(NETWORKS[name]).layers
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *layers])
    random = np.random.default_rng(5)
    model.set_weights([random.normal(0, 0.7, w.shape) for w in model.get_weights()])
    network, tokens = judge_from_arrays(NETWORKS[name], arrays_of(model)), text()
    given = reading(network, tokens).probabilities
    assert given.shape == (WORDS + 1,)
    assert np.ptp(given) > 0.05
    expected = [model(tokens[np.newaxis, :n]).numpy().item() for n in range(1, WORDS + 1)]
    np.testing.assert_allclose(given[1:], expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(given[-1:], network.predict(tokens[np.newaxis])[0], rtol=0, atol=1e-6)
    assert given[-1] == pytest.approx(model.predict(tokens[np.newaxis], verbose=0).item(), abs=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_skipped_moves_nothing_as_in_keras_with_mask_zero(name):
    import keras

    random, padded = np.random.default_rng(5), np.concatenate([[0, 0, 0], text(), [0, 0]])
    embedding, *layers = keras_model(NETWORKS[name]).layers
    masking = keras.layers.Embedding(embedding.input_dim, embedding.output_dim, mask_zero=True)
    model = keras.Sequential([keras.Input((len(padded),), dtype="int32"), masking, *layers])
    model.set_weights([random.normal(0, 0.7, w.shape) for w in model.get_weights()])
    network = judge_from_arrays(NETWORKS[name], arrays_of(model))
    read = reading(network, padded, padded != 0)
    assert read.probabilities[-1] == pytest.approx(model.predict(padded[np.newaxis], verbose=0).item(), abs=1e-5)
    np.testing.assert_allclose(read.steps[padded == 0], 0, rtol=0, atol=1e-6)
    np.testing.assert_allclose(read.probabilities[3:-2], reading(network, text()).probabilities, rtol=0, atol=1e-6)
    masked, bare = saliency(network, padded, padded != 0), saliency(network, text())
    np.testing.assert_allclose(masked.signed[3:-2], bare.signed, rtol=0, atol=1e-5)
    assert not masked.signed[padded == 0].any()


def test_steps_add_up_to_the_verdict():
    read = reading(drawn("gru"), text())
    assert read.scores[0] + read.steps.sum() == pytest.approx(read.scores[-1])
    assert read.probabilities[0] + read.moved.sum() == pytest.approx(read.probabilities[-1])
    assert read.trace.h.shape == (1, WORDS, 6)
    assert reading(drawn("bag_of_words"), text()).trace is None


@pytest.mark.parametrize("name", NETWORKS)
def test_before_the_first_word_the_head_alone_speaks(name):
    network = drawn(name)
    nothing = reading(network, [])
    assert nothing.scores.tolist() == network.head_bias.tolist() == reading(network, text()).scores[:1].tolist()
    assert len(saliency(network, []).signed) == len(left_out(network, [])) == 0
    np.testing.assert_allclose(left_out(network, [7]), reading(network, [7]).steps, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("edit", ["first", "middle", "last", "shorter", "longer", "inserted", "removed", "same"])
def test_an_edited_text_is_read_as_if_it_were_new(name, edit):
    network, before = drawn(name), text()
    after = {
        "first": np.concatenate([[3], before[1:]]),
        "middle": np.concatenate([before[:5], [3], before[6:]]),
        "last": np.concatenate([before[:-1], [3]]),
        "shorter": before[:5],
        "longer": np.concatenate([before, [3, 4]]),
        "inserted": np.insert(before, 5, 3),
        "removed": np.delete(before, 5),
        "same": before,
    }[edit]
    anew, again = reading(network, after), reread(reading(network, before), after)
    np.testing.assert_allclose(again.scores, anew.scores, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(again.tokens, after)
    if anew.trace is not None:
        for field in fields(anew.trace):
            if isinstance(getattr(anew.trace, field.name), np.ndarray):
                ours, theirs = getattr(again.trace, field.name), getattr(anew.trace, field.name)
                np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12, err_msg=field.name)


# ----------------------------------------------------------------------------------------------- what a word has done


@pytest.mark.parametrize("name", NETWORKS)
def test_saliency_is_the_finite_difference_of_each_vector(name):
    # Each place in the text gets a token of its own, so that its vector can be moved alone.
    network, tokens, tiny = drawn(name), np.arange(1, WORDS + 1), 1e-6
    gradient = np.zeros((WORDS, network.embedding.shape[1]))
    for place in range(WORDS):
        for feature in range(gradient.shape[1]):
            scores = []
            for way in (tiny, -tiny):
                moved = network.embedding.copy()
                moved[tokens[place], feature] += way
                scores.append(reading(replace(network, embedding=moved), tokens).scores[-1])
            gradient[place, feature] = (scores[0] - scores[1]) / (2 * tiny)
    found = saliency(network, tokens)
    np.testing.assert_allclose(found.lengths, np.linalg.norm(gradient, axis=1), rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(found.signed, (gradient * network.embedding[tokens]).sum(axis=1), rtol=1e-5, atol=1e-8)
    again = saliency(network, tokens, read=reading(network, tokens))
    np.testing.assert_array_equal(again.signed, found.signed)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("words", [2, WORDS, TOGETHER + 5])
def test_left_out_is_the_verdict_without_the_word(name, words):
    network, tokens = drawn(name), text(words)
    whole = reading(network, tokens).scores[-1]
    chosen = range(0, words, max(words // 12, 1))
    expected = [whole - reading(network, np.delete(tokens, i)).scores[-1] for i in chosen]
    np.testing.assert_allclose(left_out(network, tokens)[list(chosen)], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_left_of_a_word_is_the_score_with_it_less_that_without_it(name, masked):
    network, words = drawn(name), text()
    mask = np.arange(WORDS) >= 3 if masked else None
    read = reading(network, words, mask)
    for at in (3, 7, WORDS - 1):
        without = reading(network, np.delete(words, at), None if mask is None else np.delete(mask, at))
        left = left_behind(read, at)
        np.testing.assert_allclose(left, read.scores[at + 1 :] - without.scores[at:], rtol=1e-9, atol=1e-12)
        if not masked:
            np.testing.assert_allclose(left[-1], left_out(network, words)[at], rtol=1e-9, atol=1e-12)


def test_of_a_bag_of_words_the_order_changes_the_way_and_not_the_verdict():
    network, tokens = drawn("bag_of_words"), text()
    forth, back = reading(network, tokens), reading(network, tokens[::-1])
    assert forth.scores[-1] == pytest.approx(back.scores[-1])
    assert not np.allclose(forth.scores, back.scores)


# ------------------------------------------------------------------------------------------------------- what is none


def test_a_network_without_a_verdict_is_refused():
    network = replace(drawn("lstm"), head_kernel=np.zeros((6, 4)), head_bias=np.zeros(4), answer="classes")
    for ask in (reading, saliency, left_out):
        with pytest.raises(ValueError, match="one probability"):
            ask(network, text())


def test_what_is_no_bag_of_words_is_refused():
    network = NETWORKS["bag_of_words"]
    arrays = {name: np.zeros(shape) for name, shape in SHAPES["bag_of_words"].items()}
    assert BagOfWords.from_arrays(network, arrays).predict([[1, 2]]).tolist() == [[0.5]]
    wrong = [
        (NETWORKS["lstm"], arrays),
        (replace(network, task="delayed_recall"), arrays),
        (network, {}),
        (network, {**arrays, "2_dense/kernel": np.zeros((3, 1))}),
        (network, {**arrays, "2_dense/bias": np.zeros(2)}),
    ]
    for other, given in wrong:
        with pytest.raises(NotANetwork) as caught:
            BagOfWords.from_arrays(other, given)
        assert caught.value.code == "other_weights"
