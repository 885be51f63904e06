"""Pictures of tensors on their way through a stack of layers.

`flow.py` draws their shapes, `parameters.py` where a stack's parameters are, `proof.py` real values of one layer.
"""

from rnn_core.charts.tensors.flow import MOST_IN_A_ROW, Journey, columns, flow, rows_of_columns
from rnn_core.charts.tensors.parameters import parameters
from rnn_core.charts.tensors.proof import proof

__all__ = ["MOST_IN_A_ROW", "Journey", "columns", "flow", "parameters", "proof", "rows_of_columns"]
