"""The preparation of a review to take away: from the text, or from `load_data`, to what a network reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rnn_core.errors import Told
from rnn_core.export import Cell, Code, Markdown
from rnn_core.tasks.journey import FEATURES, Journey


class DataWords(Told):
    """What the text around the code says; a page may put it into its own language."""

    SENTENCES: ClassVar = {
        "title": "From a review to what a recurrent network reads",
        "imdb": "Keras' IMDB reviews hold a number for each word: its rank by frequency, raised by 3. 0 is padding, 1 "
        "the start of a review, 2 a word whose index is not below `num_words`.",
        "text": "`rank` holds the ranks of this review's words by how often they occur in the corpus; a word that is "
        "not in it is unknown.",
        "pad": "By default `pad_sequences` pads and cuts in front, so that the last `maxlen` tokens stay.",
        "embed": "The Embedding's vectors are random until a training changes them.",
    }


@dataclass(frozen=True, eq=False)
class Given:
    """What the code is made of.

    Attributes:
        prepared: the review on its way.
        mask: whether the Embedding passes a mask on.
        text: as it was written.
        pattern: a word of it, as a regular expression.
        imdb_review: which review of Keras' IMDB training set it is, from 0; None if it is none.
        imdb_reviews: how many there are.
    """

    prepared: Journey
    mask: bool
    text: str
    pattern: str
    imdb_review: int | None = None
    imdb_reviews: int = 0


def data_code(given: Given, *, words: Mapping[str, str] | None = None) -> list[Cell]:
    """Return the code, with what it prints behind each line that prints.

    Args:
        given: what it is made of.
        words: the texts of DataWords, by code; English without it.
    """
    said = words or DataWords.SENTENCES
    first = _load(given) if given.imdb_review is not None else _encode(given)
    return [
        Markdown(f"# {said['title']}"),
        Code("import re\n\nimport keras" if given.imdb_review is None else "import keras"),
        Markdown(said["imdb" if given.imdb_review is not None else "text"]),
        Code(first),
        Markdown(said["pad"]),
        Code(_pad(given)),
        Markdown(said["embed"]),
        Code(_embed(given)),
    ]


def _encode(given: Given) -> str:
    prepared = given.prepared
    rank = {word: number for word, number in zip(prepared.words, prepared.ranks, strict=True) if number}
    return f"""text = {given.text!r}
rank = {rank!r}
num_words = {prepared.num_words}
WORD = {given.pattern!r}

words = re.findall(WORD, text.lower())
print(len(words))  # {len(prepared.words)}

review = [1]  # the start
for word in words:
    index = rank.get(word, num_words) + 3
    review.append(index if index < num_words else 2)
reviews = [review]
print(len(review))  # {prepared.n}"""


def _load(given: Given) -> str:
    return f"""(reviews, labels), _ = keras.datasets.imdb.load_data(num_words={given.prepared.num_words})
print(len(reviews))  # {given.imdb_reviews}

review = reviews[{given.imdb_review}]
print(len(review))  # {given.prepared.n}

word_of = {{rank + 3: word for word, rank in keras.datasets.imdb.get_word_index().items()}}
print(" ".join(word_of.get(index, "?") for index in review[1:]))"""


def _pad(given: Given) -> str:
    prepared = given.prepared
    rows = given.imdb_reviews or 1
    return f"""x = keras.utils.pad_sequences(
    reviews, maxlen={prepared.maxlen}, padding="{prepared.padding}", truncating="{prepared.truncating}"
)
print(x.shape)  # ({rows}, {prepared.maxlen})

row = x[{given.imdb_review or 0}]
print(row.tolist())"""


def _embed(given: Given) -> str:
    prepared, mask = given.prepared, ", mask_zero=True" if given.mask else ""
    lines = [
        f"embedding = keras.layers.Embedding({prepared.num_words}, {FEATURES}{mask})",
        "vectors = embedding(row[None])",
        f"print(vectors.shape)  # (1, {prepared.maxlen}, {FEATURES})",
    ]
    if given.mask:
        lines += ["", "# " + "False where the row is padding", "print(embedding.compute_mask(row[None]))"]
    return "\n".join(lines)
