"""One timestep of a cell, with its current numbers."""

from types import ModuleType

from rnn_core.cells.registry import CellTrace, cell_of
from rnn_core.charts import scene as s
from rnn_core.charts.gates import gru, lstm, simple_rnn
from rnn_core.charts.gates.drawing import WIDTH, Drawing, Labels
from rnn_core.explain.arithmetic import Pointer

PARTS: dict[str, ModuleType] = {"simple_rnn": simple_rnn, "lstm": lstm, "gru": gru}


def diagram(
    *, trace: CellTrace, t: int, labels: Labels, word: str = "", opened: Pointer | None = None
) -> s.Scene:
    """Draw one timestep of a cell with its current numbers; a click on a number picks "field:unit:0".

    Args:
        trace: a batch of one.
        t: how many timesteps have been read; 0 draws the empty start.
        labels: the names of all fields, and unit, feature, timestep, reads_1, reads_2, next, alt.
        word: what is being read, if it has a name; it stands below the input.
        opened: the number whose arithmetic is shown; it is framed.
    """
    drawing = Drawing(trace, t, labels, opened, word)
    parts = PARTS[cell_of(trace).name]
    parts.draw(drawing)
    return s.scene(WIDTH, parts.HEIGHT, labels["alt"], drawing.marks)
