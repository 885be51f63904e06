"""What can be wrong with numbers given to a cell, said in a sentence."""

from __future__ import annotations

from typing import ClassVar

from rnn_core.errors import VisitorError


class CellError(VisitorError):
    """A cell was given something it cannot work with."""

    SENTENCES: ClassVar = {
        "wrong_shape": "{argument} must have the shape {expected}, but its shape is {received}.",
        "wrong_count": (
            "A recurrent layer with a bias has {expected} weight arrays (kernel, recurrent_kernel, bias), "
            "but {received} were given."
        ),
        "unknown_cell": 'There is no cell "{cell}", only {cells}.',
        "unknown_recipe": 'There is no recipe "{recipe}", only {recipes}.',
    }


def check_shape(argument: str, received: tuple[int, ...], expected: tuple[int | str, ...]) -> None:
    """Raise CellError("wrong_shape") unless `received` is `expected`; a word in `expected` stands for any size >= 1."""
    fits = len(received) == len(expected) and all(
        size >= 1 if isinstance(wanted, str) else size == wanted
        for size, wanted in zip(received, expected, strict=True)
    )
    if not fits:
        raise CellError("wrong_shape", argument=argument, expected=shape_text(expected), received=shape_text(received))


def shape_text(shape: tuple[int | str, ...]) -> str:
    """Write a shape as Python does, with words left bare.

    >>> shape_text((3,)), shape_text(("batch", 4))
    ('(3,)', '(batch, 4)')
    """
    inside = ", ".join(str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
