"""Pictures of a gradient's way back: `network.py` draws it in a small network, node by node."""

from rnn_core.charts.memory.network import gradient_network

__all__ = ["gradient_network"]
