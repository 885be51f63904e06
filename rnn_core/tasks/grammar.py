"""A grammar of small reviews in pairs of twins: the same words, the opposite verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .padding import End, pad


@dataclass(frozen=True, eq=False)
class Grammar:
    """What reviews are made of. Words are separated by spaces, punctuation marks are words too.

    Attributes:
        aspects: of a film, what can be praised or blamed.
        works: kinds of film.
        openings: how a review may begin; none has a word that decides.
        pleasant, unpleasant: by kind, the words that decide, and their opposites.
        rules: kind and pattern. {a} and {b} are two aspects, {w} a work. Where {pro} is pleasant and {con} unpleasant
            the review is positive; its twin has the two words exchanged and is negative.
    """

    aspects: str
    works: str
    openings: tuple[str, ...]
    pleasant: Mapping[str, str]
    unpleasant: Mapping[str, str]
    rules: tuple[tuple[str, str], ...]

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The word of each token; token 0 is the silence that a review is filled up with."""
        patterns = (pattern for _, pattern in self.rules)
        decide = (*self.pleasant.values(), *self.unpleasant.values())
        texts = (self.aspects, self.works, *self.openings, *decide, *patterns)
        return ("·", *sorted({word for text in texts for word in text.split() if "{" not in word}))

    def write_pair(self, draw: np.ndarray) -> tuple[str, str]:
        """One positive review and its negative twin, of the same words.

        Args:
            draw: seven numbers in [0, 1) that choose the rule, the opening and the words.

        Returns:
            Two strings, words and commas separated by spaces.
        """

        def choose(number: float, choices: str | list[str]) -> str:
            words = choices.split() if isinstance(choices, str) else choices
            return words[int(number * len(words))]

        kind, pattern = self.rules[int(draw[0] * len(self.rules))]
        a = choose(draw[2], self.aspects)
        b = choose(draw[3], [aspect for aspect in self.aspects.split() if aspect != a])
        words = {"a": a, "b": b, "w": choose(draw[4], self.works)}
        pro, con = choose(draw[5], self.pleasant[kind]), choose(draw[6], self.unpleasant[kind])
        review = self.openings[int(draw[1] * len(self.openings))] + pattern
        return review.format(pro=pro, con=con, **words), review.format(pro=con, con=pro, **words)

    def generate(
        self, train: int, validation: int, length: int, seed: int, padding: End = "pre", truncating: End = "pre"
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Write reviews, twins one after the other, no review twice.

        Args:
            train: number of training reviews.
            validation: number of validation reviews; none of them, nor its twin, is in training if `train` is even.
            length: words kept of each review, commas included.
            seed: the same seed gives the same reviews.
            padding: where shorter ones are filled up with silence, "pre" in front or "post" behind.
            truncating: where longer ones are cut, "pre" at their beginning or "post" at their end.

        Returns:
            x_train, y_train, x_val, y_val: tokens int32 (reviews, length), int32 (reviews,), 1 positive, 0 negative.
        """
        rng = np.random.default_rng(seed)
        samples = train + validation
        pairs: dict[tuple[str, str], None] = {}  # a dict keeps the order of writing
        while 2 * len(pairs) < samples:
            pairs.update(dict.fromkeys(self.write_pair(draw) for draw in rng.random((samples, 7))))

        token = {word: i for i, word in enumerate(self.symbols)}
        reviews = [review for pair in pairs for review in pair][:samples]
        x = pad(([token[word] for word in review.split()] for review in reviews), length, padding, truncating)
        y = (np.arange(samples) % 2 == 0).astype("int32")
        return x[:train], y[:train], x[train:], y[train:]
