"""Names that fit beside a curve."""

from collections.abc import Sequence

LONGEST = 26


def shortened(names: Sequence[str], longest: int = LONGEST) -> list[str]:
    """Return the names with at most `longest` letters, cut where that leaves different names different.

    A long name loses its middle; where two would then read alike, the cut moves; where it may stand anywhere and they
    still do, as where they are equal from the beginning, they are numbered.

    >>> shortened(["delayed recall, length 30, seed 1", "delayed recall, length 30, seed 2"], 16)
    ['delayed r…seed 1', 'delayed r…seed 2']
    """
    for head in (0.6, 0.35, 0.85, 0.1):
        cut = [_cut(name, longest, round(head * (longest - 1))) for name in names]
        if len(set(cut)) == len(set(names)) == len(names):
            return cut
    plain = [_cut(name, longest, round(0.6 * (longest - 1))) for name in names]
    counted = []
    for number, name in enumerate(plain):
        mark = f" #{plain[: number + 1].count(name)}"
        counted.append(name if plain.count(name) == 1 else _cut(names[number], longest - len(mark), longest) + mark)
    return counted


def _cut(name: str, longest: int, head: int) -> str:
    """Take the middle out of a long name, behind `head` letters."""
    if len(name) <= longest:
        return name
    head = min(head, longest - 1)
    tail = longest - 1 - head
    return f"{name[:head]}…{name[len(name) - tail :]}"
