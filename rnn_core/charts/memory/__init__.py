"""Pictures of a gradient on its way: how much of it reaches each timestep, and the matrices that it is multiplied by."""

from rnn_core.charts.memory.curves import Curve, curves
from rnn_core.charts.memory.matrices import matrices

__all__ = ["Curve", "curves", "matrices"]
