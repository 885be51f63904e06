"""Ready reviews, each an experiment: what it is called, and its words in both languages of reviews."""

from pages.common.language import _, language, switched_from
from pages.parts.word_by_word.settings import PAGE, SET, Settings, current

# Words of the small reviews' grammars; what stands behind the verdict in "forgotten" and "cut" too. In "forgotten" the
# SimpleRNN that comes with the project says the same with the "not" and without it, in "cut" what is cut is the "not".
TEXTS: dict[str, dict[str, str]] = {
    "contrast": {
        "en": "the plot is dull at first , but the ending is superb",
        "zh": "剧情 很 无聊 ， 但是 配乐 很 精彩",
    },
    "twin": {
        "en": "the plot is superb at first , but the ending is dull",
        "zh": "剧情 很 精彩 ， 但是 配乐 很 无聊",
    },
    "forgotten": {
        "en": "the acting is not charming , honestly , for what it is worth , as i see it",
        "zh": "我 看到 的 不是 亮点 ， 总的来说 ， 客观 地 说 ， 平心而论",
    },
    "negation": {
        "en": "honestly , do not call the acting boring , call it charming",
        "zh": "说实话 ， 这部 电影 没有 折磨 我 ， 倒 打动 了 我",
    },
    "double": {
        "en": "nobody can say that the music is not gripping , and the story is not dull either",
        "zh": "没有 人 会 说 配乐 不 动人 ， 也 没有 人 会 说 剧情 老套",
    },
    "late": {
        "en": "to be fair , it is not true that the pacing is not clever or that the humour is stale",
        "zh": "平心而论 ， 这部 文艺片 没有 一 刻 不 吸引 我 ， 也 没有 一 刻 催眠 我",
    },
    "cut": {
        "en": "it is not true that the plot is superb , honestly , all in all , to be fair , in my opinion , for what "
        "it is worth",
        "zh": "剧情 很 精彩 ， 但是 说实话 ， 老实说 ， 平心而论 ， 总的来说 ， 怎么 说 呢 ， 客观 地 说 ， 说 句 "
        "公道话 ， 结尾 很 无聊",
    },
}


def names() -> dict[str, str]:
    """Return what each ready review is called."""
    return {
        "contrast": _("“but”"), "twin": _("its twin: the same words, another order"),
        "forgotten": _("a forgotten “not”"), "negation": _("“not”"), "double": _("double negation"),
        "late": _("a “not” far from the end"), "cut": _("too long: its beginning is cut"),
    }  # fmt: skip


def corpus_of(settings: Settings) -> str:
    """Return the language of the reviews: the page's, unless another one is set."""
    return language() if settings.corpus == "page" else settings.corpus


def text_of(settings: Settings) -> str:
    """Return the text that is read."""
    return settings.text or TEXTS["contrast"][corpus_of(settings)]


def settle_text() -> None:
    """Where the reviews' language has changed, take the same ready review in the new one."""
    settings = current()
    before = switched_from(PAGE)
    if before and settings.corpus == "page" and not ready(settings, before):
        SET.settle(corpus=before)  # what somebody has typed is read on by the networks that know its words
        return
    others = {words: name for name, review in TEXTS.items() for words in review.values()}
    name = others.get(settings.text)
    if name and not settings.before:
        SET.settle(text=TEXTS[name][corpus_of(settings)])


def ready(settings: Settings, corpus: str = "") -> str:
    """Return which of the ready reviews is read, in the settings' own language or another; blank if it is one's own."""
    corpus = corpus or corpus_of(settings)
    texts = {words[corpus]: name for name, words in TEXTS.items()}
    return texts.get(settings.text or TEXTS["contrast"][corpus], "")
