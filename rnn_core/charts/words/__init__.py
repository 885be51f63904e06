"""Pictures of a text that is being judged: the verdict after each word, what each did to it, what is left of one."""

from rnn_core.charts.words.beside import beside
from rnn_core.charts.words.left_behind import left_behind
from rnn_core.charts.words.rows import Layout, carried, layout
from rnn_core.charts.words.verdict import verdict

__all__ = ["Layout", "beside", "carried", "layout", "left_behind", "verdict"]
