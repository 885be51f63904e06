"""Pictures of a cell: one timestep as a diagram in which the current numbers stand, and all timesteps as a strip.

What each cell's diagram and strip show stands in a file of its own: `simple_rnn.py`, `lstm.py`, `gru.py`. Both pictures
are laid out in lanes. Above runs the memory, the carry track of an LSTM or the state of the others; below stand the
gates, each of which reads the input and the state before.
"""

from rnn_core.charts.gates.diagram import diagram
from rnn_core.charts.gates.strip import lanes, strip

__all__ = ["diagram", "lanes", "strip"]
