"""The tasks that need nothing but NumPy: right answers, the same for the same seed, words that say so."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.tasks import Data, TaskError, delayed_recall, small_reviews, small_reviews_zh
from rnn_core.tasks.padding import ENDS, pad

REVIEWS = {"small_reviews": small_reviews, "small_reviews_zh": small_reviews_zh}
GENERATED = ["delayed_recall", "adding", *REVIEWS]


def small(task: str, **changes) -> Data:
    return replace(Data(task, length=23, samples=200), **changes)


@pytest.mark.parametrize("task", GENERATED)
def test_same_seed_same_data(task):
    first, again, other = (tasks.load(small(task, seed=seed)) for seed in (1, 1, 2))
    for name in ("x_train", "y_train", "x_val", "y_val"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.x_train, other.x_train)


@pytest.mark.parametrize("task", GENERATED)
def test_sizes_and_kinds(task):
    dataset = tasks.load(small(task, samples=101))
    assert (len(dataset.x_train), len(dataset.x_val)) == (80, 21)
    assert (len(dataset.y_train), len(dataset.y_val)) == (80, 21)
    assert dataset.x_train.dtype == (np.int32 if dataset.inputs == "tokens" else np.float32)
    assert dataset.y_train.dtype == (np.int32 if dataset.classes else np.float32)
    if dataset.inputs == "tokens":
        assert 0 <= dataset.x_train.min() <= dataset.x_train.max() < dataset.input_size == len(dataset.symbols)
    else:
        assert dataset.x_train.shape[2] == dataset.input_size
    if dataset.classes:
        assert set(dataset.y_train) <= set(range(dataset.classes))


def test_delayed_recall_asks_for_the_first_letter():
    dataset = tasks.load(small("delayed_recall", length=9))
    assert dataset.x_val.shape == (40, 10)
    assert (dataset.x_val > 0).all(), "validation has the full delay"
    np.testing.assert_array_equal(dataset.y_val, dataset.x_val[:, 0] - 1)

    delays = set()
    for x, y in zip(dataset.x_train, dataset.y_train, strict=True):
        letters = np.trim_zeros(x, "f")
        assert letters[0] - 1 == y
        assert (letters > 0).all()
        delays.add(len(letters) - 1)
    assert delays == set(range(10)), "training has every delay"


def test_delayed_recall_in_words():
    dataset = tasks.load(small("delayed_recall", length=3))
    (sample,) = tasks.samples(dataset, 1)
    assert len(sample.seen) == 4
    assert sample.answer == sample.seen[0]
    assert set(sample.seen) <= set(delayed_recall.LETTERS)


def test_adding_is_the_sum_of_two_marked_numbers():
    dataset = tasks.load(small("adding", length=11))
    numbers, marks = dataset.x_train[..., 0], dataset.x_train[..., 1]
    assert ((numbers >= 0) & (numbers < 1)).all()
    assert (marks[:, :5].sum(axis=1) == 1).all()
    assert (marks[:, 5:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(dataset.y_train, (numbers * marks).sum(axis=1), rtol=1e-6)


def test_guessing_a_sum_costs_its_variance():
    dataset = tasks.load(small("adding", samples=20_000))
    assert dataset.chance == pytest.approx(1 / 6, rel=0.05)


def test_the_average_of_a_row_tells_little_of_its_sum_and_the_less_the_longer_it_is():
    """What a bag of words can do at best: of the sum's variance, the mean of n numbers explains 2 / n."""
    for length in (10, 40):
        dataset = tasks.load(small("adding", samples=20_000, length=length))
        means = [np.c_[x[:, :, 0].mean(axis=1), np.ones(len(x))] for x in (dataset.x_train, dataset.x_val)]
        fit = np.linalg.lstsq(means[0], dataset.y_train, rcond=None)[0]
        error = np.mean((means[1] @ fit - dataset.y_val) ** 2)
        assert error / dataset.chance == pytest.approx(1 - 2 / length, abs=0.02)


def test_adding_in_words():
    dataset = tasks.load(small("adding"))
    (sample,) = tasks.samples(dataset, 1)
    marked = [float(number.rstrip("*")) for number in sample.seen if number.endswith("*")]
    assert len(sample.seen) == 23
    assert sum(marked) == pytest.approx(float(sample.answer), abs=0.02)


def test_adding_needs_two_numbers():
    with pytest.raises(TaskError, match="at least 2") as caught:
        tasks.load(small("adding", length=1))
    assert caught.value.code == "too_short"
    assert caught.value.values == {"length": 1, "shortest": 2}


@pytest.mark.parametrize("task", REVIEWS)
def test_every_review_has_a_twin_of_the_same_words_and_the_opposite_verdict(task):
    dataset = tasks.load(small(task, samples=2000))
    for x, y in ((dataset.x_train, dataset.y_train), (dataset.x_val, dataset.y_val)):
        np.testing.assert_array_equal(np.sort(x[::2]), np.sort(x[1::2]))
        assert (x[::2] != x[1::2]).any(axis=1).all()
        np.testing.assert_array_equal(y[::2], 1 - y[1::2])


def parted(length: int, reviews=small_reviews, truncating: str = "pre") -> float:
    """Return the share of twins that a cut leaves with different words."""
    x, *_rest = reviews.generate(4000, 0, length, seed=0, truncating=truncating)
    return float((np.sort(x[::2]) != np.sort(x[1::2])).any(axis=1).mean())


def test_a_cut_parts_twins_below_twelve_words_only():
    assert parted(12) == 0
    assert 0.03 < parted(10) < 0.12
    assert parted(5) > 0.5
    assert parted(11, small_reviews_zh) == 0
    assert 0.02 < parted(10, small_reviews_zh) < 0.06
    assert parted(5, small_reviews_zh) > 0.5


def test_a_cut_at_the_end_parts_some_twins_of_the_longest():
    assert parted(22, small_reviews, "post") == 0
    assert 0 < parted(21, small_reviews, "post") < 0.02
    assert 0 < parted(22, small_reviews_zh, "post") < 0.03


@pytest.mark.parametrize("task", REVIEWS)
def test_no_review_twice(task):
    dataset = tasks.load(small(task, samples=4000))
    reviews = {tuple(x) for x in np.concatenate([dataset.x_train, dataset.x_val])}
    assert len(reviews) == 4000


@pytest.mark.parametrize("reviews", REVIEWS.values(), ids=REVIEWS)
def test_most_reviews_at_once_are_not_too_many_for_the_grammar(reviews):
    x_train, _, x_val, _ = reviews.generate(40_000, 10_000, 23, seed=0)
    assert len(x_train) + len(x_val) == 50_000


@pytest.mark.parametrize("task", REVIEWS)
def test_reviews_are_cut_and_filled_up_at_the_front(task):
    long, short = (tasks.load(small(task, length=length)) for length in (30, 6))
    assert (long.x_val[:, :7] == 0).all(), "no review has more than 23 words"
    np.testing.assert_array_equal(long.x_val[:, -6:], short.x_val)


def test_reviews_in_words():
    dataset = tasks.load(small("small_reviews"))
    positive, negative = tasks.samples(dataset, 2)
    assert (positive.answer, negative.answer) == ("positive", "negative")
    assert Counter(positive.seen) == Counter(negative.seen)
    assert "·" not in positive.seen


@pytest.mark.parametrize("reviews", REVIEWS.values(), ids=REVIEWS)
def test_a_word_that_decides_stands_nowhere_else_in_the_grammar(reviews):
    pleasant, unpleasant = (set(" ".join(of.values()).split()) for of in (reviews.PLEASANT, reviews.UNPLEASANT))
    assert not pleasant & unpleasant
    patterns = (pattern for _, pattern in reviews.RULES)
    others = {word for text in (reviews.ASPECTS, reviews.WORKS, *reviews.OPENINGS, *patterns) for word in text.split()}
    assert not others & (pleasant | unpleasant)


@pytest.mark.parametrize(
    ("reviews", "rule"), [(reviews, rule) for reviews in REVIEWS.values() for rule in range(len(reviews.RULES))]
)
def test_every_rule_makes_a_review_of_words_in_the_vocabulary(reviews, rule):
    kind, pattern = reviews.RULES[rule]
    draw = np.full(7, 0.5)
    draw[0] = (rule + 0.5) / len(reviews.RULES)
    positive, negative = reviews.write_pair(draw)
    pleasant, unpleasant = (
        words[kind].split()[len(words[kind].split()) // 2]
        for words in (reviews.PLEASANT, reviews.UNPLEASANT)
    )
    assert positive.index(pleasant) != negative.index(pleasant)
    assert positive.replace(pleasant, "?").replace(unpleasant, pleasant).replace("?", unpleasant) == negative
    assert set(positive.split()) <= set(reviews.SYMBOLS)
    assert max(len(opening.split()) for opening in reviews.OPENINGS) + len(pattern.split()) <= 23


def test_an_unknown_task():
    with pytest.raises(TaskError, match="no task called chess") as caught:
        tasks.load(Data("chess", 1, 20))
    assert caught.value.code == "unknown_task"


def test_pages_can_load_and_show_every_task_without_keras():
    script = (
        "import sys\n"
        "from rnn_core import tasks\n"
        "from rnn_core.tasks import imdb\n"
        f"for task in {GENERATED}:\n"
        "    tasks.samples(tasks.load(tasks.Data(task, 23, 100)), 3)\n"
        "imdb.available()\n"
        "sys.exit(bool({'keras', 'tensorflow'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("task", REVIEWS)
def test_the_ends_of_reviews_are_padded_and_cut_as_asked(task):
    whole = [row[row != 0] for row in tasks.load(small(task, length=23)).x_val]
    for padding in ENDS:
        for truncating in ENDS:
            data = small(task, length=12, padding=padding, truncating=truncating)
            np.testing.assert_array_equal(tasks.load(data).x_val, pad(whole, 12, padding, truncating))
            np.testing.assert_array_equal(tasks.validation(data, 5).x_val, pad(whole[:5], 12, padding, truncating))


def test_a_sample_is_read_out_without_the_padding_wherever_it_is():
    said = [tasks.samples(tasks.load(small("small_reviews", length=30, padding=end)), 20) for end in ENDS]
    assert said[0] == said[1]
    assert "·" not in said[0][0].seen
