"""What can be wrong with numbers handed to a cell, said in a sentence."""

from __future__ import annotations


class CellError(ValueError):
    """A cell was given something it cannot work with.

    `code` names the kind of problem and stays the same from version to version; `values` holds what
    the sentence speaks of. A page may therefore say it in its own words, or in another language.
    """

    def __init__(self, code: str, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.values = values


def check_shape(argument: str, received: tuple[int, ...], expected: tuple[int | str, ...]) -> None:
    """Raise CellError("wrong_shape") unless `received` is `expected`; a word in `expected` stands for any size >= 1."""
    fits = len(received) == len(expected) and all(
        size >= 1 if isinstance(wanted, str) else size == wanted
        for size, wanted in zip(received, expected, strict=True)
    )
    if not fits:
        wanted_text, received_text = shape_text(expected), shape_text(received)
        raise CellError(
            "wrong_shape",
            f"{argument} must have the shape {wanted_text}, but its shape is {received_text}.",
            argument=argument,
            expected=wanted_text,
            received=received_text,
        )


def shape_text(shape: tuple[int | str, ...]) -> str:
    """Write a shape as Python does: (3,) and (3, 4), with words left bare."""
    inside = ", ".join(str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
