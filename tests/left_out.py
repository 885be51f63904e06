"""Say before a test run, where nobody can miss it, what this machine keeps from being tested."""

import os
import shutil
from pathlib import Path


def reasons() -> list[str]:
    """Return a sentence per group of tests that cannot run here."""
    missing = []
    if not browser():
        missing.append(
            "No Chromium found: the tests in tests/browser are LEFT OUT. Install chromium, or name one in CHROMIUM."
        )
    if not postgresql():
        missing.append("No PostgreSQL server found: the run store is tested on SQLite alone. Install postgresql.")
    if not os.environ.get("RNN_IMDB_DIR"):
        missing.append("RNN_IMDB_DIR is not set: the tests on the real IMDB reviews are LEFT OUT.")
    return missing


def browser() -> str | None:
    """Return the path of the Chromium to drive, if there is one."""
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def postgresql() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, if there is one."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return max(found, default=Path(on_path).parent if on_path else None)


if __name__ == "__main__":
    for reason in reasons():
        print(f"\n{'!' * 100}\n!! {reason}\n{'!' * 100}\n", flush=True)
