"""What the networks on small reviews learn besides twins: plain reviews, and words behind a review that decide nothing.

Each twin weighs a pleasant word against an unpleasant one, so a network that has learnt from twins alone knows little
of a review with one of them ("the plot is not good"), and nothing of one that goes on after its verdict. Visitors type
both. These reviews are for training only; validation is on twins alone.
"""

from __future__ import annotations

import numpy as np

from rnn_core.tasks.grammar import Grammar
from rnn_core.tasks.padding import pad

# Kind, pattern, and what it makes of {x}: a pleasant {x} makes the review positive (True) or negative (False). {z} is
# as pleasant as {x}, {y} may be either. All else is as in the rules of the twins, whose words these are.
ENGLISH = (
    ("adjective", "the {a} is {x}", True),
    ("adjective", "the {a} is not {x}", False),
    ("adjective", "the {a} is never {x}", False),
    ("adjective", "the {a} is not {x} at all", False),
    ("adjective", "the {a} is not not {x}", True),
    ("adjective", "the {a} seems {x}", True),
    ("adjective", "the {a} of this {w} is {x}", True),
    ("adjective", "the {a} of this {w} is not {x}", False),
    ("adjective", "this {w} is {x}", True),
    ("adjective", "this {w} is not {x}", False),
    ("adjective", "this is a {x} {w}", True),
    ("adjective", "this is not a {x} {w}", False),
    ("adjective", "what a {x} {w}", True),
    ("adjective", "not a {x} {w}", False),
    ("adjective", "i saw a {x} {w}", True),
    ("adjective", "it is {x}", True),
    ("adjective", "it is not {x}", False),
    ("adjective", "nobody can say that the {a} is {x}", False),
    ("adjective", "nobody can say that the {a} is not {x}", True),
    ("adjective", "it is not true that the {a} is {x}", False),
    ("adjective", "it is not true that the {a} is not {x}", True),
    ("adjective", "i would never say that the {a} is {x}", False),
    ("adjective", "i would never say that the {a} is not {x}", True),
    ("adjective", "i call the {a} {x}", True),
    ("adjective", "do not call the {a} {x}", False),
    ("adjective", "the {a} is anything but {x}", False),
    ("adjective", "the {a} is nothing but {x}", True),
    ("adjective", "the {a} is {x} and the {b} is {z}", True),
    ("adjective", "the {a} is not {x} and the {b} is not {z}", False),
    ("adjective", "the {a} is {y} , but the {b} is {x}", True),
    ("adjective", "the {a} is {y} , but the {b} is not {x}", False),
    ("adjective", "the {a} is not {y} , but the {b} is {x}", True),
    ("adjective", "the {a} is not {y} , but the {b} is not {x}", False),
    ("adjective", "although the {a} is {y} , the {b} is {x}", True),
    ("adjective", "although the {a} is {y} , the {b} is not {x}", False),
    ("adjective", "although the {a} is not {y} , the {b} is {x}", True),
    ("adjective", "although the {a} is not {y} , the {b} is not {x}", False),
    ("verb", "this {w} did {x} me", True),
    ("verb", "this {w} did not {x} me", False),
    ("verb", "this {w} will {x} you", True),
    ("verb", "this {w} will not {x} you", False),
    ("verb", "the {a} never fails to {x} me", True),
    ("verb", "the {a} fails to {x} me", False),
    ("noun", "the {a} has {x}", True),
    ("noun", "the {a} has no {x}", False),
    ("noun", "the {a} is without {x}", False),
    ("noun", "the {a} is not without {x}", True),
    ("noun", "this {w} is full of {x}", True),
    ("noun", "this {w} is not full of {x}", False),
    ("noun", "this {w} is free of {x}", False),
    ("noun", "i found {x}", True),
    ("noun", "i found no {x}", False),
    ("noun", "there is no {x} in the {a}", False),
    ("noun", "there is no lack of {x} in the {a}", True),
)

CHINESE = (
    ("adjective", "{a} 很 {x}", True),
    ("adjective", "{a} 不 {x}", False),
    ("adjective", "{a} 并不 {x}", False),
    ("adjective", "{a} 一点 也 不 {x}", False),
    ("adjective", "{a} 不 算 {x}", False),
    ("adjective", "{a} 很 不 {x}", False),
    ("adjective", "{a} 不 很 {x}", False),
    ("adjective", "{a} 相当 {x}", True),
    ("adjective", "{a} 还是 很 {x} 的", True),
    ("adjective", "{a} 明明 很 {x}", True),
    ("adjective", "{a} 不是 不 {x}", True),
    ("adjective", "{a} 哪里 {x} 了", False),
    ("adjective", "这部 {w} 很 {x}", True),
    ("adjective", "这部 {w} 不 {x}", False),
    ("adjective", "这部 {w} 并不 {x}", False),
    ("adjective", "是 一部 {x} 的 {w}", True),
    ("adjective", "不是 一部 {x} 的 {w}", False),
    ("adjective", "我 觉得 {a} 很 {x}", True),
    ("adjective", "我 觉得 {a} 不 {x}", False),
    ("adjective", "我 不 觉得 {a} {x}", False),
    ("adjective", "别说 {a} {x}", False),
    ("adjective", "不能 说 {a} {x}", False),
    ("adjective", "不能 说 {a} 不 {x}", True),
    ("adjective", "没有 人 会 说 {a} {x}", False),
    ("adjective", "没有 人 会 说 {a} 不 {x}", True),
    ("adjective", "{a} 很 {x} ， {b} 也 很 {z}", True),
    ("adjective", "{a} 不 {x} ， {b} 也 不 {z}", False),
    ("adjective", "{a} 很 {y} ， 但是 {b} 很 {x}", True),
    ("adjective", "{a} 很 {y} ， 但是 {b} 不 {x}", False),
    ("adjective", "{a} 不 {y} ， 但是 {b} 很 {x}", True),
    ("adjective", "{a} 不 {y} ， 但是 {b} 不 {x}", False),
    ("adjective", "虽然 {a} 很 {y} ， 但是 {b} 很 {x}", True),
    ("adjective", "虽然 {a} 很 {y} ， 但是 {b} 不 {x}", False),
    ("adjective", "虽然 {a} 不 {y} ， 但是 {b} 很 {x}", True),
    ("adjective", "虽然 {a} 不 {y} ， 但是 {b} 不 {x}", False),
    ("adjective", "开头 很 {y} ， 结尾 却 很 {x}", True),
    ("adjective", "开头 很 {y} ， 结尾 却 不 {x}", False),
    ("verb", "这部 {w} {x} 了 我", True),
    ("verb", "这部 {w} 没有 {x} 我", False),
    ("verb", "这部 {w} 没 {x} 我", False),
    ("verb", "{a} {x} 了 我", True),
    ("verb", "{a} 没有 {x} 我", False),
    ("verb", "{a} 不 可能 {x} 我", False),
    ("verb", "{a} 不 可能 不 {x} 我", True),
    ("noun", "{a} 没有 {x}", False),
    ("noun", "{a} 只有 {x}", True),
    ("noun", "{a} 不是 没有 {x}", True),
    ("noun", "{a} 里 不 缺 {x}", True),
    ("noun", "{a} 里 全 是 {x}", True),
    ("noun", "我 看到 的 是 {x}", True),
    ("noun", "我 看到 的 不是 {x}", False),
)

Rules = tuple[tuple[str, str, bool], ...]


def lessons(
    grammar: Grammar, rules: Rules, twins: np.ndarray, verdicts: np.ndarray, plain: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Add plain reviews to twins, and let half of all go on with one remark that decides nothing.

    One alone, and not as many as there is room for: those who have learnt from long tails are no test of how long a
    network remembers.

    Args:
        grammar: of the twins.
        rules: of the plain reviews.
        twins: tokens (reviews, length), with silence in front.
        verdicts: of the twins, 1 positive and 0 negative.
        plain: how many plain reviews.
        seed: of the words and of what stands behind.

    Returns:
        tokens int32 (reviews, length) and verdicts int32 (reviews,), the twins first.
    """
    rng = np.random.default_rng(seed)
    token = {word: i for i, word in enumerate(grammar.symbols)}
    written = [_plain(grammar, rules, rng) for _ in range(plain)]
    reviews = [[int(i) for i in row if i] for row in twins] + [[token[w] for w in words] for words, _ in written]
    remarks = remarks_of(grammar)
    x = pad((_going_on(review, remarks, twins.shape[1], rng) for review in reviews), twins.shape[1])
    return x, np.concatenate([verdicts, np.array([positive for _, positive in written], "int32")])


def remarks_of(grammar: Grammar) -> list[list[int]]:
    """What may stand behind a review and decides nothing, in tokens: ", in my opinion" of "in my opinion ,"."""
    openings = [opening.split() for opening in grammar.openings if opening]
    return [[grammar.symbols.index(word) for word in (comma, *words)] for *words, comma in openings]


def _plain(grammar: Grammar, rules: Rules, rng: np.random.Generator) -> tuple[list[str], bool]:
    """One plain review and whether it is positive, either equally likely."""
    kind, pattern, same = rules[rng.integers(len(rules))]
    pleasant, either = rng.random(2) < 0.5
    words = {True: grammar.pleasant[kind].split(), False: grammar.unpleasant[kind].split()}
    a, b = rng.choice(grammar.aspects.split(), 2, replace=False)
    chosen = {slot: rng.choice(words[bool(of)]) for slot, of in (("x", pleasant), ("z", pleasant), ("y", either))}
    review = rng.choice(grammar.openings) + pattern.format(a=a, b=b, w=rng.choice(grammar.works.split()), **chosen)
    return review.split(), bool(pleasant) == same


def _going_on(review: list[int], remarks: list[list[int]], length: int, rng: np.random.Generator) -> list[int]:
    """Every other time, the review with a remark behind it, where there is room for one."""
    longer = review + remarks[rng.integers(len(remarks))]
    return longer if rng.random() < 0.5 and len(longer) <= length else review
