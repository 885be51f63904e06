"""Small reviews in Chinese: sentences from a grammar in which word order decides, one token a word.

As in `small_reviews`, every review has a twin of exactly the same words and the opposite verdict: "剧情 很 无聊 ， 但是
配乐 很 精彩" and "剧情 很 精彩 ， 但是 配乐 很 无聊". So a network that only counts words gets exactly one of the two
right: 50 %. That holds for reviews read whole, and down to a length of 11 words; a shorter cut leaves some twins with
different words (12 in 100 at length 8, 77 at length 5). Cut at their ends, some twins differ from a length of 22 on.
"""

from .grammar import Grammar

ASPECTS = "剧情 表演 配乐 剧本 台词 节奏 设定 摄影 叙事 故事 特效 剪辑 人物 美术"
WORKS = "电影 片子 喜剧 剧情片 悬疑片 文艺片 动画片 续集"
OPENINGS = (
    "",
    "说实话 ， ",
    "老实说 ， ",
    "平心而论 ， ",
    "总的来说 ， ",
    "怎么 说 呢 ， ",
    "客观 地 说 ， ",
    "说 句 公道话 ， ",
)

# The words that decide, and their opposites. Every adjective may follow 很, 不 and 觉得 and stand before 的; every verb
# may have 我 behind it, with 了 and without; every noun may follow 有, 没有 and 缺.
PLEASANT = {
    "adjective": "精彩 出色 出彩 惊艳 动人 高级 用心 讨喜 迷人 巧妙 扎实 成熟",
    "verb": "打动 感动 吸引 震撼 治愈 征服",
    "noun": "惊喜 诚意 巧思 灵气 亮点 新意",
}
UNPLEASANT = {
    "adjective": "平庸 无聊 老套 尴尬 做作 粗糙 乏味 敷衍 俗气 空洞 沉闷 潦草",
    "verb": "惹恼 激怒 折磨 劝退 冒犯 催眠",
    "noun": "套路 废话 漏洞 败笔 毛病 噱头",
}

RULES = (
    # Contrast and time: what comes last counts.
    ("adjective", "{a} 很 {con} ， 但是 {b} 很 {pro}"),
    ("adjective", "这部 {w} 开头 很 {con} ， 结尾 却 很 {pro}"),
    ("adjective", "前 半段 的 {a} 很 {con} ， 后 半段 却 很 {pro}"),
    ("adjective", "一开始 觉得 {a} {con} ， 越 往后 看 越 觉得 {pro}"),
    ("adjective", "本来 以为 是 一部 {con} 的 {w} ， 没想到 这么 {pro}"),
    ("adjective", "很多 人 说 这部 {w} 的 {a} 很 {con} ， 可 在 我 看来 其实 一直 都 很 {pro}"),
    ("verb", "开头 差点 {con} 了 我 ， 结尾 却 {pro} 了 我"),
    ("noun", "本来 以为 全 是 {con} ， 结果 处处 是 {pro}"),
    ("noun", "以为 会 看到 {con} ， 看到 的 却 是 {pro}"),
    # Concession: what is granted counts less than what is claimed, wherever it stands.
    ("adjective", "虽然 {a} 很 {con} ， 但是 {b} 很 {pro}"),
    ("adjective", "{a} 还是 很 {pro} 的 ， 虽然 {b} 比较 {con}"),
    ("adjective", "尽管 {a} 很 {con} ， {b} 还是 相当 {pro}"),
    # Negation.
    ("adjective", "这部 {w} 很 {pro} ， 并不 {con}"),
    ("adjective", "这部 {w} 不是 {con} ， 而是 {pro}"),
    ("adjective", "{a} 一点 也 不 {con} ， 反而 很 {pro}"),
    ("adjective", "别说 {a} {con} ， 明明 很 {pro}"),
    ("adjective", "{a} 哪里 {con} 了 ， 分明 很 {pro}"),
    ("verb", "这部 {w} {pro} 了 我 ， 没有 {con} 我"),
    ("verb", "这部 {w} 没 {con} 我 ， 倒 {pro} 了 我"),
    ("noun", "{a} 没有 {con} ， 只有 {pro}"),
    ("noun", "我 看到 的 不是 {con} ， 而是 {pro}"),
    # Negation and contrast or concession together.
    ("adjective", "开头 不 算 {pro} ， 结尾 却 一点 也 不 {con}"),
    ("adjective", "虽然 {a} 不 {pro} ， 但是 {b} 并不 {con}"),
    # Double negation.
    ("adjective", "{a} 不是 不 {pro} ， {b} 也 并不 {con}"),
    ("adjective", "不能 说 {a} 不 {pro} ， 更 不能 说 它 {con}"),
    ("adjective", "没有 人 会 说 {a} 不 {pro} ， 也 没有 人 会 说 {b} {con}"),
    ("verb", "这部 {w} 没有 一 刻 不 {pro} 我 ， 也 没有 一 刻 {con} 我"),
    ("verb", "{a} 不 可能 不 {pro} 我 ， 更 不 可能 {con} 我"),
    ("noun", "{a} 不是 没有 {pro} ， {b} 也 没有 {con}"),
    ("noun", "{a} 里 不 缺 {pro} ， 缺 的 只 是 {con}"),
    # Comparison.
    ("adjective", "与其 说 {a} {con} ， 不如 说 {pro}"),
    ("adjective", "比起 {con} ， 说 {a} {pro} 更 贴切"),
    ("noun", "这部 {w} 的 {pro} 比 {con} 更 多"),
)

GRAMMAR = Grammar(ASPECTS, WORKS, OPENINGS, PLEASANT, UNPLEASANT, RULES)
SYMBOLS, write_pair, generate = GRAMMAR.symbols, GRAMMAR.write_pair, GRAMMAR.generate
