"""One page from text to day files to a site, compared with golden files that a person has reviewed.

`make golden` writes them again; review the diff. Hashes in the names of assets are replaced, so
that a change of a style sheet does not change every page.
"""

import re
import shutil
from pathlib import Path

import pytest
from builds import build_site
from paths import FIXTURES

from daybook.archive.ingest import IngestOptions, ingest
from daybook.core.config import BuildPaths, load_config
from daybook.parse.base.page import Hints
from daybook.parse.input_files import parse_files

GOLDEN = FIXTURES / "golden"
CONF = GOLDEN / "flood.conf.py"
HASH = re.compile(r"\.[0-9a-f]{8}\.(css|js|svg)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("golden")
    shutil.copytree(GOLDEN / "content", root / "content", ignore=shutil.ignore_patterns("days"))
    target = IngestOptions(content=root / "content", zone=load_config(BuildPaths(conf=CONF)).zone)
    for reading in parse_files([str(GOLDEN / "pages.txt")], Hints()):
        assert not ingest(reading, target).errors
    build_site(BuildPaths(content=root / "content", output=root / "site", conf=CONF, cache=root / "cache"))
    return root


def texts(folder: Path, pattern: str) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): HASH.sub(r".HASH.\1", path.read_text())
        for path in sorted(folder.rglob(pattern))
    }


@pytest.mark.parametrize(("part", "pattern"), [("content/days", "*.md"), ("site", "*.html")])
def test_output_equals_the_golden_files(built: Path, part: str, pattern: str, pytestconfig: pytest.Config) -> None:
    made = texts(built / part, pattern)
    if pytestconfig.getoption("--write-golden"):
        shutil.rmtree(GOLDEN / part, ignore_errors=True)
        for name, text in made.items():
            (GOLDEN / part / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / part / name).write_text(text)
    assert made == texts(GOLDEN / part, pattern)


def test_a_second_build_changes_no_bytes_and_no_file_times(built: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        files = [path for path in (built / "site").rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    build_site(BuildPaths(content=built / "content", output=built / "site", conf=CONF, cache=built / "cache"))
    assert state() == before
