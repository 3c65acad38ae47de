"""The shape of the house: who may import whom, and where each library lives."""

import ast
from pathlib import Path

import pytest
from paths import ROOT

PACKAGE = ROOT / "scripts" / "liveblog"
COMMANDS = sorted(PACKAGE.parent.glob("*.py"))
MODULES = sorted(PACKAGE.rglob("*.py"))

# A room may import from rooms to its left and from nowhere else in the house.
ORDER = [
    {"errors", "commands", "characters", "storage", "sitefile", "store", "typed_values", "workers"},
    {"model", "settings"},
    {"records", "frontmatter", "markup"},
    {"attributes", "dataset", "topics", "parsing", "publishing", "search"},
    {"daybook", "release"},
    {"entries", "identity"},
    {"sources", "revisions", "front", "likely", "links", "ledger"},
    {"archive"},
    {"merge"},
    {"ingest"},
    {"batches", "ingest_options", "reporting", "tombstones"},
    {"site", "preview"},
]

HOMES = {
    "bs4": "parsing",
    "lxml": "parsing",
    "markdown_it": "markup",
    "nh3": "markup",
    "lunr": "search",
    "rjsmin": "search",
    "pelican": "site",
    "jinja2": "site",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Name what a module imports: rooms of ours as ``.room``, other packages by their name."""
    found: set[str] = set()
    inside = path.relative_to(PACKAGE).parts[:-1] if path.is_relative_to(PACKAGE) else ()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            parts = (node.module or "").split(".")
            found.add(f".{parts[1]}" if parts[0] == "liveblog" and len(parts) > 1 else parts[0])
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1]
            parts = (*base, *(node.module.split(".") if node.module else ()))
            found |= {f".{parts[0]}"} if parts else {f".{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        assert not imports(path), "the map of the package imports nothing"
        return
    place = next(number for number, rooms in enumerate(ORDER) if here in rooms)
    allowed = {f".{name}" for rooms in ORDER[:place] for name in rooms} | {f".{here}"}
    ours = {name for name in imports(path) if name.startswith(".")}
    # Neighbours of one step may import each other where no circle arises; Python itself refuses one.
    allowed |= {f".{name}" for name in ORDER[place]}
    assert ours <= allowed, f"{here} must not know {sorted(ours - allowed)}"


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    users = {room(path) for path in MODULES if library in imports(path)}
    assert users <= {HOMES[library]}
    assert not [path.name for path in COMMANDS if library in imports(path)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_one_idea(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 200
    assert ast.get_docstring(ast.parse(text)), "a module says what it is the only place for"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_function_is_one_idea(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.name)
def test_a_command_is_thin(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 60
    assert path.stem not in {module.stem for module in (PACKAGE / "site").glob("*.py")}, "it would shadow the plugin"
