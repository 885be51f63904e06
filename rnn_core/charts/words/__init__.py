"""Pictures of a text that is being judged: the verdict after each word, and what each word has done to it."""

from rnn_core.charts.words.beside import beside
from rnn_core.charts.words.rows import Layout, carried, layout
from rnn_core.charts.words.verdict import verdict

__all__ = ["Layout", "beside", "carried", "layout", "verdict"]
