"""Pictures of what a network gets to read: a text on its way, a corpus' lengths, what zeros do to a state."""

from rnn_core.charts.data.drift import drift_curves
from rnn_core.charts.data.journey import journey_scene
from rnn_core.charts.data.lengths import lengths_scene

__all__ = ["drift_curves", "journey_scene", "lengths_scene"]
