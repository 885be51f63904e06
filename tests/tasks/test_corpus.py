"""What is known of a corpus: counted once, and equal to counting all of it anew."""

import json

import numpy as np
import pytest

from rnn_core.tasks import TaskError, corpus, imdb, small_reviews
from rnn_core.tasks.corpus import GENERATED, SMALL, generated, imdb_corpus, imdb_ready, prepare_imdb
from rnn_core.tasks.imdb import INDEX_FROM
from tests.tasks.test_imdb import TRAIN, place, write

__all__ = ["place"]


def lengths_of(task: str) -> np.ndarray:
    x, *_rest = GENERATED[task].generate(SMALL, 0, 64, 0)
    return (x > 0).sum(1) + 1


@pytest.mark.parametrize("task", GENERATED)
def test_the_shares_that_are_lost_are_those_of_all_reviews(task: str) -> None:
    found, lengths = generated(task), lengths_of(task)
    assert found.size == SMALL
    assert found.longest == lengths.max()
    for maxlen in (1, 5, 12, 20, int(lengths.max()), 500):
        assert found.reviews_cut(maxlen) == pytest.approx((lengths > maxlen).mean())
        lost = np.maximum(lengths - maxlen, 0).sum() / lengths.sum()
        assert found.tokens_cut(maxlen) == pytest.approx(lost)


def test_the_share_of_unknown_words_is_that_of_all_words() -> None:
    found = generated("small_reviews")
    x, *_rest = small_reviews.generate(SMALL, 0, 64, 0)
    words = [small_reviews.SYMBOLS[token] for token in x[x > 0]]
    for num_words in (4, 10, 60, 100, 146, 1000):
        unknown = np.mean([found.rank[word] + INDEX_FROM >= num_words for word in words])
        assert found.words_unknown(num_words) == pytest.approx(unknown)


@pytest.mark.parametrize("task", GENERATED)
def test_words_are_ranked_by_how_often_they_occur(task: str) -> None:
    found = generated(task)
    assert sorted(found.rank.values()) == list(range(1, len(found.rank) + 1))
    assert (np.diff(found.of_rank[1:]) <= 0).all()
    assert all(word in found.rank for review in found.reviews for word in review)


@pytest.fixture
def small_imdb(place):
    """IMDB's two files, with ten reviews to learn from."""
    corpus._imdb.cache_clear()
    write(place / "imdb.npz", train=TRAIN)
    (place / "imdb_word_index.json").write_text(json.dumps({f"w{n}": n for n in range(1, 10_001)}), "utf-8")
    yield place
    corpus._imdb.cache_clear()


@pytest.mark.usefixtures("small_imdb")
class TestIMDB:
    def test_it_is_counted_as_keras_loads_it(self):
        found = imdb_corpus()
        train, _test = imdb.load_data()
        assert [len(review) + 1 for review in found.reviews] == [len(train[i]) for i in range(len(train))]
        assert found.size == len(TRAIN)
        assert found.of_length.tolist() == np.bincount(np.diff(train.offsets)).tolist()
        ranks = [number for review in TRAIN for number in review]
        assert found.words_unknown(63) == pytest.approx(np.mean([n + INDEX_FROM >= 63 for n in ranks]))
        first = [found.rank[word] + INDEX_FROM for word in found.reviews[0]]
        assert first == train[0][1:].tolist()

    def test_it_is_counted_once(self, monkeypatch):
        before = imdb_corpus().of_length
        corpus._imdb.cache_clear()
        monkeypatch.setattr(imdb, "load_data", None)
        np.testing.assert_array_equal(imdb_corpus().of_length, before)

    def test_damaged_counts_are_counted_anew(self):
        before = imdb_corpus().of_length
        corpus._counts_path().write_bytes(b"nonsense")
        corpus._imdb.cache_clear()
        np.testing.assert_array_equal(imdb_corpus().of_length, before)

    def test_it_is_ready_once_a_worker_has_prepared_it(self):
        assert not imdb_ready()
        prepare_imdb()
        assert imdb_ready()

    def test_without_the_words_it_cannot_be_shown(self, place):
        (place / "imdb_word_index.json").unlink()
        assert not imdb_ready()
        with pytest.raises(TaskError):
            imdb_corpus()
