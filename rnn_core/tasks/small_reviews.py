"""Small reviews: sentences from a grammar in which word order decides.

Every review has a twin of exactly the same words and the opposite verdict: "the plot is dull at first, but the
ending is superb" and "the plot is superb at first, but the ending is dull". A network that only counts words must
answer both alike, so it gets exactly one of the two right: 50 %, provably, however long it learns. That holds for
reviews read whole, and down to a length of 12 words; a shorter cut leaves some twins with different words (7 in 100
at length 10, 72 at length 5). Cut at their ends, some twins differ from a length of 21 words on.
"""

from .grammar import Grammar

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

GRAMMAR = Grammar(ASPECTS, WORKS, OPENINGS, PLEASANT, UNPLEASANT, RULES)
SYMBOLS, write_pair, generate = GRAMMAR.symbols, GRAMMAR.write_pair, GRAMMAR.generate
