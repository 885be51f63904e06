"""How long the reviews of a corpus are, and where `maxlen` cuts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_core.charts import scene as s

WIDTH, HEIGHT = 580.0, 250.0
BOX = s.Box(8, 34, WIDTH - 16, HEIGHT - 34 - 30)
BARS = 60
SHOWN = 0.99  # the longest reviews, a hundredth, share the last bar

Labels = Mapping[str, str]


def lengths_scene(*, of_length: np.ndarray, maxlen: int, labels: Labels) -> s.Scene:
    """Draw a histogram, with `maxlen` as a line; longer reviews are red.

    Args:
        of_length: how many reviews have so many tokens, (longest + 1,).
        maxlen: the line.
        labels: tokens, maxlen, bar (with {low}, {high}, {n}), single (of one length; with {low}, {n}), alt.
    """
    total = of_length.sum()
    end = int(np.searchsorted(np.cumsum(of_length), SHOWN * total)) + 1
    each = max(-(-end // BARS), 1)
    bars = -(-end // each)
    heights = np.add.reduceat(of_length[: bars * each], np.arange(0, min(bars * each, len(of_length)), each))
    heights[-1] += of_length[bars * each :].sum()
    wide = BOX.w / len(heights)
    bottom, largest = BOX.y + BOX.h, heights.max()
    marks: list[s.Mark] = [s.rect(*BOX, r=4, c="panel")]
    for number, height in enumerate(heights.tolist()):
        low, high = number * each, (number + 1) * each - 1
        high = high if number < len(heights) - 1 else len(of_length) - 1
        tall = BOX.h * height / largest
        look = "forget_gate-fill" if low >= maxlen + 1 else "input-fill"
        tip = labels["single" if low == high else "bar"].format(low=f"{low:,}", high=f"{high:,}", n=f"{height:,}")
        marks.append(s.rect(BOX.x + number * wide, bottom - tall, max(wide - 1, 1), tall, c=look, tip=tip))
    x = BOX.x + min((maxlen + 1) / each, len(heights)) * wide
    marks.append(s.path(f"M{x:.1f} {BOX.y - 6}V{bottom}", w=2.5, c="over"))
    left = x > WIDTH / 2
    marks.append(s.text(x + (-8 if left else 8), BOX.y - 12, labels["maxlen"], a="end" if left else "start", z=17,
                        c="mono strong"))  # fmt: skip
    marks.append(s.text(BOX.x, bottom + 20, "0", z=15, c="quiet"))
    marks.append(s.text(BOX.x + BOX.w / 2, bottom + 20, labels["tokens"], a="middle", z=15, c="quiet"))
    last, longest = (len(heights) - 1) * each, len(of_length) - 1
    end_label = f"{last:,}" + (f"–{longest:,}" if longest > last else "")
    marks.append(s.text(BOX.x + BOX.w, bottom + 20, end_label, a="end", z=15, c="quiet"))
    return s.scene(WIDTH, HEIGHT, labels["alt"], marks)
