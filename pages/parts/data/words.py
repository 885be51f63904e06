"""What the data page says, all of it read off the numbers."""

from __future__ import annotations

import streamlit as st

from pages.common.language import _, ngettext, prose, sentences
from pages.common.names import cell_name, percent
from pages.parts.data.settings import PAGE, STATIONS, Settings
from pages.parts.data.source import corpus_name, is_loaded
from rnn_core.charts.data.drift import figure
from rnn_core.explain.zeros import Drift
from rnn_core.tasks.corpus import Corpus
from rnn_core.tasks.imdb import INDEX_FROM, VOCABULARY
from rnn_core.tasks.journey import FEATURES, Journey


def code_lines(settings: Settings) -> list[str]:
    """Return the line of code that leads to each station."""
    mask = ", mask_zero=True" if settings.mask else ""
    embedding = f"x = keras.layers.Embedding({settings.num_words}, {FEATURES}{mask})(x)"
    pad = f'maxlen={settings.maxlen}, padding="{settings.padding}", truncating="{settings.truncating}"'
    if is_loaded(settings):
        one = f"reviews[{settings.review - 1}:{settings.review}]"
        return [
            "# " + _("load_data has done this already: the file holds a number for each word"),
            f"(reviews, labels), _ = keras.datasets.imdb.load_data(num_words={settings.num_words})",
            f"x = keras.utils.pad_sequences({one}, {pad})",
            embedding,
        ]
    return [
        "words = re.findall(WORD, text.lower())",
        f"review = [1] + [i if i < {settings.num_words} else 2 for i in (rank.get(w, {settings.num_words}) + 3 "
        "for w in words)]",
        f"x = keras.utils.pad_sequences([review], {pad})",
        embedding,
    ]


def labels(settings: Settings, t: int) -> dict[str, str]:
    """Return the words of the journey's picture."""
    return {
        "text": _("text"),
        "words": _("words"), "indices": _("indices"), "row": _("row"), "vectors": _("tensor"), "scale": _("to scale"),
        "number": _("number"), "feature": _("feature"), "start": _("[start]"), "cut": _("{n} cut away"),
        "kept": _("{n} kept"), "zeros": _("{n} zeros"), "open": _("Show the way of {word}"),
        "alt": _("A review on its way to the network: station {t} of {stations}.").format(t=t, stations=STATIONS),
    }  # fmt: skip


def length_labels(settings: Settings, corpus: Corpus) -> dict[str, str]:
    """Return the words of the lengths' picture."""
    return {
        "tokens": _("tokens in a review"), "maxlen": f"maxlen {settings.maxlen}",
        "bar": _("{low} to {high} tokens: {n} reviews"), "single": _("{low} tokens: {n} reviews"),
        "alt": _("How long {n} reviews are, with maxlen = {maxlen} drawn in.").format(
            n=f"{corpus.size:,}", maxlen=settings.maxlen
        ),
    }  # fmt: skip


def drift_labels(cell: str, drift: Drift) -> dict[str, str]:
    """Return the words of the drift's picture."""
    left, moved = _("distance from a state that read zeros alone"), _("distance between the two states below")
    return {
        "effect": left if drift.behind else moved,
        "read": _("‖h‖, zeros are read"), "masked": _("‖h‖, zeros are skipped"), "place": _("place"),
        "zeros": _("{n} zeros").format(n=int(drift.padding.sum())),
        "alt": _("What the zeros do to the state of a fresh {cell}, at each place of the row.").format(
            cell=cell_name(cell)
        ),
    }  # fmt: skip


def quoted(word: str) -> str:
    """Return a visitor's word as it can stand in a sentence: as code, so that it is no markup."""
    return f"`{word.replace('`', chr(39))[:40]}`"


def observation(settings: Settings, prepared: Journey, corpus: Corpus, t: int) -> str:
    """Say what the station shows."""
    if not prepared.words:
        if settings.source == "typed":
            return _("There is no word in it. Type some; until then the row holds its start and zeros alone.")
        return ""
    n = len(prepared.words)
    if t == 0:
        text = ngettext(
            "A review of {n} word. Press **Next** and follow it to the network.",
            "A review of {n} words. Press **Next** and follow it to the network.", n,
        )  # fmt: skip
        return text.format(n=n)
    if t == 1:
        return _(
            "The text becomes {n} words in small letters. A network computes with numbers, so each of them needs one."
        ).format(n=n)
    if t == 2:
        typed = _("Words are ranked by {corpus}.").format(corpus=counted(corpus_name(settings), corpus))
        return sentences([
            _("0 is kept for padding, 1 is the start; a word is its rank by frequency plus 3."),
            typed if settings.source == "typed" else "", _unknown(prepared, n),
        ])  # fmt: skip
    return _row(prepared) if t == 3 else _tensor(settings, prepared)


def _unknown(prepared: Journey, n: int) -> str:
    if not prepared.unknown:
        return _("With `num_words={num_words}` all {n} words have an index of their own.").format(
            num_words=prepared.num_words, n=n
        )
    return _(
        "**{count} of {n} words become 2, unknown:** `num_words={num_words}` keeps only indices below it."
    ).format(count=prepared.unknown, n=n, num_words=prepared.num_words)


def _row(prepared: Journey) -> str:
    values = {
        "n": prepared.n, "kept": len(prepared.kept), "cut": prepared.cut, "zeros": prepared.zeros,
        "maxlen": prepared.maxlen,
    }  # fmt: skip
    if prepared.cut and prepared.truncating == "pre":
        return _(
            '**The last {kept} of {n} tokens stay, the first {cut} are gone.** `truncating="pre"` is the default of '
            "`pad_sequences`. The article says that the first ones are kept: that would be `truncating=\"post\"`."
        ).format(**values)
    if prepared.cut:
        return _(
            '**The first {kept} of {n} tokens stay, the last {cut} are gone**, as the article says. The default of '
            '`pad_sequences` is `truncating="pre"`: it keeps the **last** {maxlen}.'
        ).format(**values)
    filled = (
        _("**{zeros} zeros, padding, stand before the {n} tokens**; nothing is cut.")
        if prepared.padding == "pre"
        else _("**{zeros} zeros, padding, stand behind the {n} tokens**; nothing is cut.")
    )
    default = _("A review of more than {maxlen} tokens would lose its beginning: the default keeps the **last** ones.")
    end = _("A review of more than {maxlen} tokens would lose its end; by default it would lose its beginning.")
    return sentences([
        filled if prepared.zeros else _("The {n} tokens fill the row exactly: no zero, padding, is needed."),
        default if prepared.truncating == "pre" else end,
    ]).format(**values)  # fmt: skip


def _tensor(settings: Settings, prepared: Journey) -> str:
    table = _(
        "Each index picks its row from a table of {num_words} × {features} numbers. They are random until a training "
        "changes them; the same word has the same column wherever it stands."
    ).format(num_words=f"{settings.num_words:,}", features=FEATURES)
    if not prepared.zeros:
        return table
    read = _("The index 0 has a vector too: without a mask the network reads padding like any word.")
    skipped = _("With `mask_zero=True` the network skips the zeros and keeps its state there.")
    return sentences([table, skipped if settings.mask else read])


def way_of(prepared: Journey, token: int) -> str:
    """Tell the way of one token, from its word to its place in the row."""
    place = prepared.place(token)
    arrives = (
        _("it is **cut away**")
        if place is None
        else _("place **{place}** of {maxlen}").format(place=place + 1, maxlen=prepared.maxlen)
    )
    if token == 0:
        return _("**[start]** → index **1** → {place}").format(place=arrives)
    rank, index = prepared.ranks[token - 1], int(prepared.indices[token])
    values = {"word": quoted(prepared.words[token - 1]), "rank": f"{rank:,}", "index": index, "place": arrives,
              "raised": rank + INDEX_FROM, "num_words": prepared.num_words}  # fmt: skip
    if not rank:
        return _("{word} → not one word of the corpus → index **2**, unknown → {place}").format(**values)
    if rank + INDEX_FROM >= prepared.num_words:
        return _(
            "{word} → rank {rank} → {rank} + 3 = {raised} is not below {num_words} → index **2**, unknown → {place}"
        ).format(**values)
    return _("{word} → rank {rank} → {rank} + 3 = index **{index}** → {place}").format(**values)


def counted(name: str, corpus: Corpus) -> str:
    """Say of which reviews ranks and shares are."""
    said = {
        "imdb": _("{n} IMDB reviews"), "small_reviews": _("{n} small reviews"),
        "small_reviews_zh": _("{n} small reviews in Chinese"),
    }  # fmt: skip
    return said[name].format(n=f"{corpus.size:,}")


def shares(settings: Settings, corpus: Corpus) -> dict[str, str]:
    """Return what the two sliders lose, for each of them, in short."""
    cut, lost = percent(corpus.reviews_cut(settings.maxlen)), percent(corpus.tokens_cut(settings.maxlen))
    unknown = percent(corpus.words_unknown(settings.num_words))
    return {
        "maxlen": _("{cut} of the reviews cut, {lost} of the tokens lost").format(cut=cut, lost=lost),
        "num_words": _("{unknown} of the words unknown").format(unknown=unknown),
    }


def not_carried(name: str) -> str:
    """Say what of the preparation a training on this corpus does not take over."""
    if name == "imdb":
        text = _("`num_words` does not go along: a training on IMDB always has {num_words}.")
        return text.format(num_words=f"{VOCABULARY:,}")
    return _("`num_words` does not go along: a training on small reviews knows every word.")


def losses(settings: Settings, corpus: Corpus) -> str:
    """Say what of the corpus is lost."""
    return _(
        "Of {corpus} `maxlen={maxlen}` cuts **{reviews}** and loses **{tokens}** of all tokens; "
        "`num_words={num_words}` leaves **{unknown}** of all words unknown."
    ).format(
        corpus=counted(corpus_name(settings), corpus), maxlen=settings.maxlen,
        reviews=percent(corpus.reviews_cut(settings.maxlen)),
        tokens=percent(corpus.tokens_cut(settings.maxlen)), num_words=settings.num_words,
        unknown=percent(corpus.words_unknown(settings.num_words)),
    )  # fmt: skip


def drifted(settings: Settings, drift: Drift) -> str:
    """Say what the zeros have done to the state."""
    values = {
        "zeros": int(drift.padding.sum()), "cell": cell_name(settings.cell), "after": figure(drift.after),
        "whole": figure(drift.whole), "share": percent(drift.share) if drift.share < 1 else f"{drift.share:.0%}",
    }  # fmt: skip
    if drift.behind:
        return _(
            "After the last word the state of a fresh **{cell}** is {whole} away from one that has read zeros alone: "
            "that is what the words have left. After {zeros} zeros it is {after}, **{share}** of it. With a mask it is "
            "all of it: the zeros are skipped."
        ).format(**values)
    return _(
        "{zeros} zeros move the state of a fresh **{cell}** before it has read a word. After the last word it is still "
        "{after} away from the state that has skipped them, which is {whole} long: **{share}** of that length. With a "
        "mask it is not moved at all."
    ).format(**values)


def explanation() -> None:
    """Draw what is what."""
    with st.expander(_("What is what on this page"), icon=":material/menu_book:"):
        st.markdown(prose(PAGE, "explanation"))
