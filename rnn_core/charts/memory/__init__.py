"""Pictures of a gradient on its way: how much of it reaches each timestep, and by what it is multiplied."""

from rnn_core.charts.memory.curves import Curve, curves
from rnn_core.charts.memory.epochs import Lane, epochs
from rnn_core.charts.memory.matrices import matrices
from rnn_core.charts.memory.network import gradient_network
from rnn_core.charts.memory.recall import recall_table

__all__ = ["Curve", "Lane", "curves", "epochs", "gradient_network", "matrices", "recall_table"]
