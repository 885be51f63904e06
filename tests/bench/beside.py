"""Two versions of the project on one machine, by turns: is anything slower than before?

    python -m tests.bench.beside ../before bench_gates
    python -m tests.bench.beside ../before bench_training first

Each tree runs its own benchmark of that name, ROUNDS times in turn, and the lines that both print are put side by side
by the middle of their medians. A tree of another version: `git worktree add ../before v1`.
"""

import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROUNDS = 3
_LINE = re.compile(r"^(?P<what>.+): median (?P<median>[\d.]+) ms")


def lines_of(tree: Path, command: list[str]) -> dict[str, float]:
    """The median of each measured line of one benchmark, by what the line measures."""
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=tree, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {tree}:\n{ran.stderr[-2000:]}")
    found = filter(None, map(_LINE.match, ran.stdout.splitlines()))
    return {line["what"]: float(line["median"]) for line in found}


def main(before: Path, bench: str, *arguments: str) -> None:
    """Run the benchmark in both trees by turns and print old, new and new / old."""
    taken: dict[str, dict[str, list[float]]] = {"old": defaultdict(list), "new": defaultdict(list)}
    for _ in range(ROUNDS):
        for name, tree in (("old", before), ("new", Path.cwd())):
            for what, median in lines_of(tree, [f"tests.bench.{bench}", *arguments]).items():
                taken[name][what].append(median)
    for what in taken["old"].keys() & taken["new"].keys():
        old, new = (statistics.median(taken[name][what]) for name in ("old", "new"))
        print(f"{what}: old {old:.0f} ms, new {new:.0f} ms, new / old {new / old:.2f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
