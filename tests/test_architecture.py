"""The structure of the package: import order, libraries, names, and folders that say what they hold."""

import ast
import graphlib
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from paths import ROOT

from daybook.cli import COMMANDS

PACKAGE = ROOT / "scripts" / "daybook"
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
FOLDERS = {name.removesuffix("/__init__") for name in MODULES if name.endswith("/__init__")}

# The modules and subfolders of each folder, lowest first: each imports only from those before it.
ORDER = {
    "": [
        "core",
        "incremental",
        "parse",
        "archive",
        "crawl",
        "search",
        "stories",
        "site",
        "publish",
        "commands",
        "cli",
        "__main__",
    ],
    "core": [
        "errors",
        "text",
        "progress",
        "pictures",
        "model",
        "record",
        "publication",
        "config",
        "files",
        "toml",
        "markdown",
        "hashing",
    ],
    "incremental": ["cache", "workers", "output"],
    "parse": [
        *["base", "time", "text", "web", "readers", "warc_records", "containers", "byte_test", "saved_pages"],
        *["formats", "outlets", "__init__", "input_files"],
    ],
    "parse/base": ["page", "decode"],
    "parse/time": ["names", "zones", "dates", "printed", "tokens", "header_dates", "instants", "days", "dating"],
    "parse/text": [
        "classify",
        "series",
        "sections",
        "evidence",
        "bylines",
        "ends",
        "boxes",
        "embedded_posts",
        "lists_of_posts",
        "comments",
        "other_times",
        "long_lines",
        "find_stamps",
        "time_of_page",
        "wrapping",
        "outline",
        "chronicle",
    ],
    "parse/web": [
        *[
            "layouts",
            "dom",
            "blocks",
            "quotations",
            "media",
            "to_markdown",
            "post_fields",
            "marks",
            "tree_evidence",
            "find_posts",
            "page_header",
            "post",
        ],
        *["repeated_blocks", "posts_in_elements", "text_flow", "match_posts", "live_signs", "jsonld", "html_reader"],
    ],
    "archive": [
        *[
            "front_matter",
            "day_file",
            "published_files",
            "frequent_names",
            "topics",
            "story_files",
            "content",
            "dataset",
            "similarity",
            "identity",
            "corrections",
        ],
        *[
            "credits",
            "day_sources",
            "stored_posts",
            "pairing",
            "day_head",
            "from_record",
            "merge",
            "day_store",
            "ingest",
            "tombstones",
        ],
        *["branches", "time_zone", "turning_points", "content_check"],
    ],
    "crawl": ["plan", "part", "engine", "results"],
    "search": [
        *[
            "document",
            "analysis",
            "term_counts",
            "postings",
            "families",
            "shards",
            "segments",
            "incremental_index",
            "index",
        ],
    ],
    "stories": ["terms", "vectors", "threads", "story_cache"],
    "site": [
        *["views", "pages", "exports", "inputs", "load", "builder", "pelican_settings", "pelican_plugin"],
        *["pelican_runner", "build"],
    ],
    "site/views": [
        *[
            "urls",
            "i18n",
            "words",
            "view_models",
            "entry_view",
            "main_entries",
            "busiest_days",
            "feed_formats",
            "theme",
            "summaries",
            "day_cache",
            "story_views",
            "citations",
            "catalog",
        ],
    ],
    "site/pages": [
        *["day_page", "entry_pages", "month_inputs", "story_pages", "band", "calendar_pages", "topic_pages", "routes"],
        "about",
    ],
    "site/exports": ["feeds", "data_files", "discovery", "data_package", "search_documents", "search_places", "cards"],
    "publish": [
        "checks",
        "release",
        "preview",
        "repository",
        "generator",
        "new_archive",
        "release_diff",
        "fetch_pages",
    ],
}
# Collections of equal modules: one outlet or one command each. A new one needs no row in ORDER, but a
# layout needs one in LAYOUTS and a command one in COMMANDS.
COLLECTIONS = {"parse/web/layouts", "parse/readers", "commands"}
# Four folders that know nothing of each other, apart from two exceptions.
INDEPENDENT = {"incremental", "parse", "archive", "search"}
EXCEPTIONS = {("archive", "parse"), ("search", "incremental")}

# Each library and the modules, or the folder, that may import it.
LIBRARIES = {
    "bs4": {"parse/web", "parse/readers/telegram_html"},
    "lxml": {"parse/web", "parse/readers/atom_and_rss"},  # bs4 loads it by name
    "PIL": {"archive/published_files", "site/exports/cards"},
    "warcio": {"parse/containers"},
    "dask": {"crawl/engine"},
    "distributed": {"crawl/engine"},
    "fsspec": {"crawl/plan"},
    "w3lib": {"parse/base/decode"},
    "markdown_it": {"core/markdown"},
    "nh3": {"core/markdown"},
    "Stemmer": {"stories/terms", "search/families"},
    "lunr": {"search/analysis"},
    "jinja2": {"site/views/theme"},
    "webassets": {"site/views/theme"},
    "pelican": {"site/pelican_settings", "site/pelican_plugin", "site/pelican_runner"},
}

# Modules that only one module of the same folder imports, and why they are not part of it.
SINGLE_USE = {
    "cli": "the entry point of the installed command, which runs without `__main__`",
    "parse/text/boxes": "finds boxes between posts; ends finds what is at the ends of posts",
    "parse/text/comments": "finds the comments of readers; other_times finds all times that are no posts",
    "parse/text/find_stamps": "decides which times are stamps; outline builds the page from them",
    "parse/text/lists_of_posts": "finds lists of key events; other_times finds all times that are no posts",
    "parse/text/long_lines": "splits a page without line ends; outline reads its lines",
    "parse/text/other_times": "finds times that are no posts; find_stamps finds those that are",
    "parse/text/time_of_page": "tells the page's time from stamps; outline builds the page from them",
    "parse/text/wrapping": "joins wrapped lines; outline has their lines and roles",
    "parse/time/days": "one algorithm on plain clocks, tested by itself; dating knows zones and records",
    "parse/web/live_signs": "what calls a page live; html_reader decides whether its times are posts",
    "parse/web/posts_in_elements": "reads posts in elements; html_reader decides how a page is read",
    "parse/web/repeated_blocks": "tells names and labels from text by repetition; posts_in_elements reads the posts",
    "parse/web/text_flow": "reads posts between stamps; html_reader decides how a page is read",
    "search/incremental_index": "an algorithm of its own, tested against the index built from nothing",
    "site/load": "reads and checks the content; the builder writes files",
    "site/pages/band": "the picture of the whole event; calendar_pages lists pages",
    "site/pages/calendar_pages": "one kind of page; routes lists all kinds",
    "site/pelican_plugin": "Pelican loads it by its name in PLUGINS",
    "site/pelican_runner": "imports Pelican, which a build without changes does not need",
}

# Metaphors of an earlier version, as whole words of identifiers (snake_case, camelCase) and of prose.
BANNED = re.compile(
    r"(?<![a-z])(press|imprint|makers|plumbing|grave|tongues?|the only (?:place|home)|class means)(?![a-z])",
    re.IGNORECASE,
)
ORDINARY = re.compile(
    r"\bpress (?:a|an|any|the|that|this|Enter|Escape|Tab|Ctrl|<kbd>)\b"
    r"|\b(?:Associated|Free|printing|Word) Press\b"
    r"|\bpress (?:agency|briefing|conference|office|release)s?\b",
    re.IGNORECASE,
)
TEXT_FILES = {".py", ".toml", ".html", ".js", ".css", ".md", ".json", ".svg", ""}


def parent(module: str) -> str:
    """Return the folder of a module; a folder's `__init__` belongs to the folder itself."""
    return module.rpartition("/")[0]


@cache
def syntax(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imported_names(module: str) -> tuple[str, ...]:
    """Return the dotted names that a module imports, at any depth, also by `import_module("name")`."""
    return tuple(_imported_names(module))


def _imported_names(module: str) -> Iterator[str]:
    for node in ast.walk(syntax(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: use absolute imports"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _last_name(node.func) == "import_module":
            yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))


def _last_name(function: ast.expr) -> str:
    """Return ``name`` of ``name`` and of ``other.name``, "" of other expressions."""
    return getattr(function, "attr", getattr(function, "id", ""))


def resolve(name: str) -> str | None:
    """Return the module of the package that a dotted name stands for or lies in, None for other packages."""
    package, *parts = name.split(".")
    if package != PACKAGE.name:
        return None
    while parts:
        path = "/".join(parts)
        if path in MODULES:
            return path
        if path in FOLDERS:
            return f"{path}/__init__"
        parts.pop()
    return "__init__"


@cache
def imports() -> dict[str, set[str]]:
    """Return the modules of the package that each module imports; reading all takes a second."""
    return {module: {found for name in imported_names(module) if (found := resolve(name))} for module in MODULES}


def rank(module: str) -> tuple[int, ...] | None:
    """Return the position of a module in ORDER, folder by folder; None where a list does not name it."""
    ranks: list[int] = []
    folder = ""
    for part in module.split("/"):
        if folder in COLLECTIONS:
            break
        if part not in ORDER.get(folder, ()):
            return None
        ranks.append(ORDER[folder].index(part))
        folder = f"{folder}/{part}".lstrip("/")
    return tuple(ranks)


def children(folder: str) -> set[str]:
    """Return the names of the modules and subfolders of a folder, `__init__` and `__main__` aside."""
    modules = {name.rpartition("/")[2] for name in MODULES if parent(name) == folder}
    folders = {name.rpartition("/")[2] for name in FOLDERS if parent(name) == folder}
    return (modules | folders) - {"__init__", "__main__"}


def is_documentation(module: str) -> bool:
    """Say whether a module is an `__init__` that holds a docstring only."""
    return module.endswith("__init__") and len(syntax(module).body) == 1


@pytest.mark.parametrize("folder", ["", *sorted(FOLDERS - COLLECTIONS)])
def test_the_order_names_each_module_once(folder: str) -> None:
    names = ORDER[folder]
    assert len(names) == len(set(names))
    assert set(names) - {"__init__", "__main__"} == children(folder)


def test_modules_import_only_what_stands_above_them() -> None:
    wrong = []
    for module, imported in imports().items():
        for other in imported - {module}:
            own, lower = rank(module), rank(other)
            inside = parent(module) == parent(other) and parent(module) in COLLECTIONS
            if own and lower and lower >= own and not inside:
                wrong.append(f"{module} imports {other}")
    assert wrong == []


def test_independent_folders_do_not_import_each_other() -> None:
    pairs = {(module.split("/")[0], other.split("/")[0]) for module in MODULES for other in imports()[module]}
    wrong = {(one, other) for one, other in pairs if one != other and {one, other} <= INDEPENDENT}
    assert wrong <= EXCEPTIONS


def test_imports_have_no_cycle() -> None:
    graphlib.TopologicalSorter(imports()).prepare()


def test_init_modules_hold_a_docstring_only() -> None:
    code = {module for module in MODULES if module.endswith("__init__") and not is_documentation(module)}
    assert code <= {"parse/__init__", "parse/web/layouts/__init__"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_where_it_belongs(library: str) -> None:
    users = {module for module in MODULES if library in {name.split(".")[0] for name in imported_names(module)}}
    assert {module for module in users if not {module, parent(module)} & LIBRARIES[library]} == set()


def test_the_command_line_loads_no_heavy_library_before_it_knows_the_command() -> None:
    heavy = {"bs4", "lxml", "pelican", "lunr", "jinja2", "markdown_it"}
    code = f"import sys, daybook.cli; print(*sorted({heavy!r} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_ingesting_a_page_loads_nothing_of_crawls() -> None:
    code = "import sys, daybook.commands.ingest; print(*(name for name in sys.modules if 'crawl' in name))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_module_has_more_than_one_user_in_its_folder() -> None:
    users: dict[str, set[str]] = defaultdict(set)
    for module, imported in imports().items():
        for other in imported:
            users[other].add(module)
    single = {
        module
        for module in MODULES
        if [parent(user) for user in users[module]] == [parent(module)]
        and not module.endswith(("__init__", "__main__"))
        and parent(module) not in COLLECTIONS
    }
    assert single - set(SINGLE_USE) == set(), "join each with its user, or give a reason in SINGLE_USE"
    assert set(SINGLE_USE) - single == set(), "used by other modules, too: remove the row"


def test_every_module_has_a_docstring() -> None:
    assert [module for module in MODULES if not ast.get_docstring(syntax(module))] == []


def test_no_two_modules_define_the_same_public_name() -> None:
    modules: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        for node in syntax(module).body:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.name[0] == "_":
                continue
            is_command = parent(module) == "commands" and node.name in COMMANDS
            if not is_command:  # a command is called what the function that does its work is called
                modules[node.name].append(module)
    assert {name: found for name, found in modules.items() if len(found) > 1} == {}


def test_no_two_modules_have_the_same_file_name() -> None:
    modules: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        if parent(module) not in COLLECTIONS:
            modules[module.rpartition("/")[2]].append(module)
    del modules["__init__"]
    assert {name: found for name, found in modules.items() if len(found) > 1} == {}


@pytest.mark.parametrize("folder", ["", *sorted(FOLDERS)])
def test_the_docstring_of_a_folder_names_each_of_its_modules_once(folder: str) -> None:
    text = ast.get_docstring(syntax(f"{folder}/__init__".lstrip("/"))) or ""
    named = re.findall(r"(?<!`)`(\w+)`(?!`)", text)
    assert {name: named.count(name) for name in children(folder)} == dict.fromkeys(children(folder), 1)


def test_the_tests_have_the_folders_of_the_package() -> None:
    others = {"support", "fixtures", "bench", "harden", "browser"}
    tests = ROOT / "tests"
    folders = {path.relative_to(tests).parts for path in tests.rglob("*") if path.is_dir() and path.name[0] not in "_."}
    assert {"/".join(parts) for parts in folders if parts[0] not in others} <= FOLDERS


def banned_words(text: str) -> list[str]:
    """Return the lines of a text that hold a banned word outside an ordinary phrase."""
    lines = (ORDINARY.sub(" ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", line)) for line in text.splitlines())
    return [line.strip() for line in lines if BANNED.search(line)]


@pytest.mark.parametrize(
    "text", ["_makers", "PRESS = 1", "SitePress", "lang_tongue()", "class Means:", "The only place"]
)
def test_a_banned_word_is_found(text: str) -> None:
    assert banned_words(text)


@pytest.mark.parametrize("text", ["Press a key", "compress", "Associated Press", "gravel", "this means", "pressed"])
def test_an_ordinary_word_is_allowed(text: str) -> None:
    assert banned_words(text) == []


def documents() -> list[Path]:
    """List the text files of code, theme and documentation."""
    folders = [path for name in ("scripts", "theme", "docs") for path in sorted((ROOT / name).rglob("*"))]
    files = [*folders, *(ROOT / name for name in ("Makefile", "README.md", "CONTRIBUTING.md"))]
    return [path for path in files if path.is_file() and path.suffix in TEXT_FILES and "__pycache__" not in path.parts]


def test_code_and_documentation_use_plain_words() -> None:
    paths = documents()
    assert len(paths) > 100
    found = {path.relative_to(ROOT).as_posix(): banned_words(path.read_text(encoding="utf-8")) for path in paths}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_lines_of_documents_end_before_column_121() -> None:
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert len(paths) > 10
    long = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 120 and not line.startswith("|")  # a row of a table must be one line
    }
    assert long == set()
