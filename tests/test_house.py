"""The house: what may import what among the pages, who may touch the visit, and how long things may get."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_layers import imports

PAGES = [Path("app.py"), *sorted(Path("pages").glob("[a-z]*.py"))]
SOURCES = [*PAGES, *sorted(p for room in ("parts", "elements", "common") for p in Path("pages", room).rglob("*.py"))]
CORE = sorted(Path("rnn_core").rglob("*.py"))
LONGEST_PAGE, LONGEST_FUNCTION = 80, 60
# A room may import the rooms behind it, and itself.
BEHIND = {"parts": {"parts", "elements", "common"}, "elements": {"elements", "common"}, "common": {"common"}}


def room(module: str) -> str:
    return module.split(".")[1]


def page_imports(file: Path) -> set[str]:
    """Return the modules of the pages that a file imports."""
    return {name for name in imports(file) if name.startswith("pages.")}


@pytest.mark.parametrize("file", SOURCES, ids=str)
def test_arrows_among_the_pages_point_one_way(file: Path) -> None:
    if file in PAGES:
        own = "home" if file.name == "app.py" else file.stem
        strangers = {n for n in page_imports(file) if room(n) == "parts" and n.split(".")[2] != own}
        assert not strangers, "a page has its own parts"
        return
    allowed = BEHIND[file.parts[1]]
    assert not {name for name in page_imports(file) if room(name) not in allowed}
    if file.parts[1] == "parts" and len(file.parts) > 3:
        own = file.parts[2]
        strangers = {n for n in page_imports(file) if room(n) == "parts" and n.split(".")[2] != own}
        assert not strangers, "what two pages need stands in common, in elements or in the core"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_reads_as_a_table_of_contents(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_PAGE
    defined = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert not defined, "what a page needs stands in its parts"
    name = "home" if page.name == "app.py" else page.stem
    parts = {p.stem for p in Path("pages/parts", name).glob("*.py")}
    assert {"settings", "stage", "words", "questions"} <= parts


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield each function's name and its lines, without its docstring and without tables of data."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            lines -= set(range(first.lineno, (first.end_lineno or 0) + 1))
        for part in ast.walk(node):
            if isinstance(part, ast.Dict | ast.Tuple | ast.List) and len(ast.dump(part)) > 200:
                lines -= set(range(part.lineno + 1, (part.end_lineno or part.lineno) + 1))
        yield node.name, len(lines)


@pytest.mark.parametrize("file", [*SOURCES, *CORE], ids=str)
def test_a_function_fits_on_a_screen(file: Path) -> None:
    assert not {name: lines for name, lines in functions(file) if lines > LONGEST_FUNCTION}


def mentions(file: Path, *dotted: str) -> set[str]:
    """Return which of these names, such as `st.query_params`, a file uses."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found & set(dotted)


@pytest.mark.parametrize("file", SOURCES, ids=str)
def test_the_link_is_read_by_its_owner_alone(file: Path) -> None:
    owners = {Path("pages/common/settings.py"), Path("pages/common/language.py")}
    assert file in owners or not mentions(file, "st.query_params")


@pytest.mark.parametrize("file", [*SOURCES, *CORE], ids=str)
def test_the_environment_is_read_in_one_place(file: Path) -> None:
    assert file == Path("rnn_core/environment.py") or not mentions(file, "os.environ", "os.getenv")


@pytest.mark.parametrize("file", SOURCES, ids=str)
def test_no_popover_speaks_when_it_closes(file: Path) -> None:
    """One that did would speak at the very click that follows a link, and the other page would be lost."""
    calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    popovers = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "popover"]
    assert not [keyword.arg for call in popovers for keyword in call.keywords if keyword.arg == "on_change"]
