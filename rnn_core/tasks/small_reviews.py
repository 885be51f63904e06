"""Small reviews: sentences from a grammar in which word order decides.

Every review has a twin of exactly the same words and the opposite verdict: "the plot is dull at first, but the
ending is superb" and "the plot is superb at first, but the ending is dull". A network that only counts words must
answer both alike, so it gets exactly one of the two right: 50 %, provably, however long it learns. That holds for
reviews read whole, and down to a length of 12 words; a shorter cut leaves some twins with different words (7 in 100
at length 10, 72 at length 5).
"""

import numpy as np

ASPECTS = "plot acting ending music script dialogue direction pacing cast photography humour soundtrack story finale"
WORKS = "film movie comedy thriller drama sequel picture remake"
OPENINGS = (
    "",
    "honestly , ",
    "to be fair , ",
    "in my opinion , ",
    "as i see it , ",
    "all in all , ",
    "believe me , ",
    "for what it is worth , ",
)

# The words that decide, and their opposites. None begins with a vowel, so that "a" is always right.
PLEASANT = {
    "adjective": "good great brilliant wonderful superb charming clever moving fresh gripping delightful strong",
    "verb": "charm amuse move surprise delight thrill",
    "noun": "charm wit warmth style suspense imagination",
}
UNPLEASANT = {
    "adjective": "bad poor dull weak boring clumsy stale tedious silly flat terrible slow",
    "verb": "bore annoy tire irritate disappoint exhaust",
    "noun": "clichés flaws mistakes gaps boredom padding",
}

# The rules: {a} and {b} are two aspects, {w} a work. Where {pro} is pleasant and {con} unpleasant the review is
# positive; its twin has the two words exchanged and is negative.
RULES = (
    # Contrast and time: what comes last counts.
    ("adjective", "the {a} is {con} at first , but the {b} is {pro}"),
    ("adjective", "{con} at first , but what a {pro} {w} in the end"),
    ("adjective", "the {a} seems {con} , but in the end it is {pro}"),
    ("adjective", "what begins as a {con} {w} ends as a {pro} one"),
    ("adjective", "i expected a {con} {w} and saw a {pro} one"),
    ("verb", "at first the {a} began to {con} me , but then it began to {pro} me"),
    ("noun", "where i saw {con} at first , i saw {pro} in the end"),
    ("noun", "i expected {con} and found {pro}"),
    # Concession: what is granted counts less than what is claimed, wherever it stands.
    ("adjective", "although the {a} is {con} , the {b} is {pro}"),
    ("adjective", "the {a} is {pro} , although the {b} is {con}"),
    ("adjective", "the {a} is {pro} , even though the {b} is {con} at times"),
    # Negation.
    ("adjective", "this {w} is {pro} , not {con}"),
    ("adjective", "what a {pro} {w} , and not {con} at all"),
    ("adjective", "not {con} but {pro} , that is this {w}"),
    ("adjective", "do not call the {a} {con} , call it {pro}"),
    ("adjective", "i call the {a} {pro} and never {con}"),
    ("adjective", "the {a} is anything but {con} and nothing but {pro}"),
    ("verb", "this {w} will {pro} you and not {con} you for a moment"),
    ("verb", "this {w} did not {con} me , it did {pro} me"),
    ("noun", "instead of {con} , the {a} has {pro}"),
    ("noun", "this {w} is full of {pro} and free of {con}"),
    # Negation and contrast or concession together.
    ("adjective", "the {a} is not {pro} at first , but the {b} is not {con}"),
    ("adjective", "even if the {a} is not {pro} , the {b} is not {con}"),
    # Double negation.
    ("adjective", "nobody can say that the {a} is not {pro} , and the {b} is not {con} either"),
    ("adjective", "it is not true that the {a} is not {pro} or that the {b} is {con}"),
    ("adjective", "i would never say that the {a} is not {pro} or that it is {con}"),
    ("verb", "this {w} never fails to {pro} me , and it does not {con} me"),
    ("verb", "the {a} fails to {con} me , and the {b} never fails to {pro} me"),
    ("noun", "there is no lack of {pro} in the {a} , only a lack of {con}"),
    ("noun", "the {a} is not without {pro} , and it is without {con}"),
    # Comparison.
    ("adjective", "the {a} of this {w} is more {pro} than {con}"),
    ("noun", "the {a} has more {pro} than {con}"),
)

_TEXTS = (ASPECTS, WORKS, *OPENINGS, *PLEASANT.values(), *UNPLEASANT.values(), *(pattern for _, pattern in RULES))
_WORDS = sorted({word for text in _TEXTS for word in text.split() if "{" not in word})
SYMBOLS = ("·", *_WORDS)  # token 0 is the silence before a review begins


def write_pair(draw: np.ndarray) -> tuple[str, str]:
    """One positive review and its negative twin, of the same words.

    Args:
        draw: seven numbers in [0, 1) that choose the rule, the opening and the words.

    Returns:
        Two strings, words and commas separated by spaces.
    """

    def choose(number: float, choices: str | list[str]) -> str:
        words = choices.split() if isinstance(choices, str) else choices
        return words[int(number * len(words))]

    kind, pattern = RULES[int(draw[0] * len(RULES))]
    a = choose(draw[2], ASPECTS)
    b = choose(draw[3], [aspect for aspect in ASPECTS.split() if aspect != a])
    words = {"a": a, "b": b, "w": choose(draw[4], WORKS)}
    pleasant, unpleasant = choose(draw[5], PLEASANT[kind]), choose(draw[6], UNPLEASANT[kind])
    review = OPENINGS[int(draw[1] * len(OPENINGS))] + pattern
    return review.format(pro=pleasant, con=unpleasant, **words), review.format(pro=unpleasant, con=pleasant, **words)


def generate(
    train: int, validation: int, length: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Write reviews, twins one after the other, no review twice.

    Args:
        train: number of training reviews.
        validation: number of validation reviews; none of them, nor its twin, is in training if `train` is even.
        length: words kept of each review, commas included; shorter ones have silence in front,
            longer ones lose their beginning. No review has more than 23.
        seed: the same seed gives the same reviews.

    Returns:
        x_train, y_train, x_val, y_val: tokens int32 (reviews, length), int32 (reviews,), 1 positive, 0 negative.
    """
    rng = np.random.default_rng(seed)
    samples = train + validation
    pairs: dict[tuple[str, str], None] = {}  # a dict keeps the order of writing
    while 2 * len(pairs) < samples:
        pairs.update(dict.fromkeys(write_pair(draw) for draw in rng.random((samples, 7))))

    token = {word: i for i, word in enumerate(SYMBOLS)}
    reviews = [review for pair in pairs for review in pair][:samples]
    x = np.zeros((samples, length), "int32")
    for row, review in enumerate(reviews):
        tokens = [token[word] for word in review.split()][-length:]
        x[row, length - len(tokens) :] = tokens
    y = (np.arange(samples) % 2 == 0).astype("int32")
    return x[:train], y[:train], x[train:], y[train:]
