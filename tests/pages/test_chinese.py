"""The words as they appear: emphasis renders, and the Chinese keeps to one set of terms and to its own punctuation."""

import re

import pytest
from markdown_it import MarkdownIt

from pages.common.language import LOCALES
from tests.pages.test_language import translations

# A term that was given up → the one in use. None may come back.
GIVEN_UP = {
    r"(?<!循环)(?<!隐藏)单元": "循环单元 (cell), 隐藏单元 (unit)",
    r"批次|(?<![一整])批(?!量)": "批量, 批量大小",
    r"循环核|核矩阵|循环矩阵|(?<!循环)核(?!对|心)": "输入权重矩阵（kernel）, 循环权重矩阵（recurrent_kernel）",
    r"(?:输入|循环)权重(?!矩阵)": "输入权重矩阵（kernel）, 循环权重矩阵（recurrent_kernel）",
    r"(?<!总)和 ?(?:在|介于)": "总和介于 … 之间",
    r"瞎猜": "基准",
    r"交出|交来": "返回, 传给下一层",
    r"词编号|补空白": "单词索引, 用 0 填充",
    r"带走": "下载, 导出",
    r"Keras 本人|说一遍|送一批数据": "直接问 Keras, 用 Keras 核对, 让一批数据通过 Keras",
    r"带出状态|交出序列": "中间层多返回了状态, 中间层未返回序列",
    r"走不到|填实|携带状态|露出|求幂": "数据到不了这里, 填色, 携带值, 输出到状态, 因子连乘",
    r"个序列": "条",
    r"文章|文中|书里": "笔记, 原书",
}
HAN = "[\u4e00-\u9fff]"


def passages(code: str) -> dict[str, str]:
    """Return the passages of a language, by page and name."""
    found = {}
    for file in sorted((LOCALES / code).glob("*.md")):
        for piece in file.read_text(encoding="utf-8").split("<!-- ")[1:]:
            name, body = piece.split("-->", 1)
            found[f"{file.stem}:{name.strip()}"] = body.strip()
    return found


CHINESE = translations() | passages("zh")
ENGLISH = {message: message for message in translations()} | passages("en")


def raw_asterisks(text: str) -> list[str]:
    """Return what a reader would see of the marks that were meant to make something bold."""
    seen = []
    # What a placeholder stands for may begin and end with a bracket, and asterisks beside one close by other rules.
    for filled in (re.sub(r"\{[^{}]*\}", value, text) for value in ("x", "(3, 4)", "词")):
        for block in MarkdownIt().parse(filled):
            seen += [piece.content for piece in block.children or () if piece.type == "text" and "*" in piece.content]
    return seen


def written(text: str) -> str:
    """Return a text without its code, formulas, placeholders and where its links lead."""
    shown = re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", text)
    return re.sub(r"`[^`]*`|\$[^$]*\$|\{[^{}]*\}", "·", shown)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("按**下一步**，或按右方向键", False),
        ("实际是**{answer}**。", True),
        ("实际是 **{answer}**。", False),
        ("共**“两个”**张量", True),
        ("它读过**一切。**然后", True),
        ("`a ** b` 与 **c**", False),
    ],
)
def test_asterisks_that_a_reader_would_see_are_found(text: str, shows: bool) -> None:
    assert bool(raw_asterisks(text)) == shows


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_no_asterisk_is_left_over_from_emphasis(texts: dict[str, str]) -> None:
    assert len(texts) > 500
    assert not {name: seen for name, text in texts.items() if (seen := raw_asterisks(text))}


@pytest.mark.parametrize("term", GIVEN_UP, ids=GIVEN_UP.values())
def test_a_term_that_was_given_up_does_not_come_back(term: str) -> None:
    assert not {name: text for name, text in CHINESE.items() if re.search(term, text)}


def test_chinese_punctuation_is_full_width() -> None:
    half_width = re.compile(rf"{HAN}[,:;?!()]|[,:;?!()]{HAN}|{HAN}\.(?!\w)")
    assert not {name: text for name, text in CHINESE.items() if half_width.search(written(text))}


def test_no_space_stands_beside_full_width_punctuation() -> None:
    beside = re.compile(r"[，。：；、？！（）“”] | [，。：；、？！（）“”]")
    assert not {name: text for name, text in CHINESE.items() if beside.search(written(text))}


def test_chinese_is_never_set_in_italics() -> None:
    italics = re.compile(rf"(?<!\*)\*(?![*\s])[^*]*{HAN}[^*]*\*(?!\*)")
    assert not {name: text for name, text in CHINESE.items() if italics.search(written(text))}
