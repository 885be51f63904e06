"""Pictures of the toy RNN at one timestep: the article's size as columns and a heat map, a small one node by node.

`columns.py` draws the one, `network.py` the other, `matrices.py` its W, U and b; `code.py` is the program beside them.
"""

from rnn_core.charts.toy.code import program
from rnn_core.charts.toy.columns import strips
from rnn_core.charts.toy.matrices import matrix
from rnn_core.charts.toy.network import unrolled

__all__ = ["matrix", "program", "strips", "unrolled"]
