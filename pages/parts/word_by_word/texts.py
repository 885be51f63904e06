"""Ready reviews, each an experiment: what it is called, and its words in both languages of reviews."""

from pages.common.language import _, language
from pages.parts.word_by_word.settings import SET, Settings, current

# Words of the small reviews' grammars; the neutral tail and the long beginning too.
TEXTS: dict[str, dict[str, str]] = {
    "contrast": {
        "en": "the plot is dull at first , but the ending is superb",
        "zh": "剧情 很 无聊 ， 但是 配乐 很 精彩",
    },
    "twin": {
        "en": "the plot is superb at first , but the ending is dull",
        "zh": "剧情 很 精彩 ， 但是 配乐 很 无聊",
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
    "tail": {
        "en": "this sequel is poor , not strong , honestly , as i see it , all in all",
        "zh": "这部 动画片 不是 成熟 ， 而是 无聊 ， 老实说 ， 说实话 ， 说 句 公道话",
    },
    "cut": {
        "en": "the plot is superb at first , but in my opinion , as i see it , for what it is worth , honestly , all "
        "in all , to be fair , the ending is dull",
        "zh": "剧情 很 精彩 ， 但是 说实话 ， 老实说 ， 平心而论 ， 总的来说 ， 怎么 说 呢 ， 客观 地 说 ， 说 句 "
        "公道话 ， 结尾 很 无聊",
    },
}


def names() -> dict[str, str]:
    """Return what each ready review is called."""
    return {
        "contrast": _("“but”"), "twin": _("its twin: the same words, another order"), "negation": _("“not”"),
        "double": _("double negation"), "late": _("a “not” far from the end"), "tail": _("a long neutral tail"),
        "cut": _("too long: its beginning is cut"),
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
    others = {words: name for name, review in TEXTS.items() for words in review.values()}
    name = others.get(settings.text)
    if name and not settings.before:
        SET.settle(text=TEXTS[name][corpus_of(settings)])


def ready(settings: Settings) -> str:
    """Return which of the ready reviews is read; blank if it is one's own."""
    texts = {words[corpus_of(settings)]: name for name, words in TEXTS.items()}
    return texts.get(text_of(settings), "")
