"""The shipped archive, whatever a fork has there: it builds, and no other test depends on it."""

import ast
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import build_site
from guard import CONF, CONTENT, ShippedArchiveError
from paths import ROOT

from daybook.core.config import BuildPaths
from daybook.publish.checks import check_site


def test_the_shipped_archive_builds_and_passes_the_checks(shipped: tuple[Path, Path], tmp_path: Path) -> None:
    content, conf = shipped
    if content.is_dir():  # an archive that has no day yet may have no folder
        shutil.copytree(content, tmp_path / "content")
    places = BuildPaths(content=tmp_path / "content", output=tmp_path / "site", conf=conf, cache=tmp_path / "cache")
    build_site(places)
    assert [str(fault) for fault in check_site(places.output)] == []


def test_no_other_test_uses_the_shipped_archive() -> None:
    asking = {
        f"{path.name}:{node.name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and "shipped" in {each.arg for each in node.args.args}
    }
    assert asking == {"test_shipped.py:test_the_shipped_archive_builds_and_passes_the_checks"}


def test_reading_the_shipped_archive_elsewhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT)
    reads = (
        CONF.read_text,
        lambda: runpy.run_path(str(CONF)),
        lambda: list(CONTENT.iterdir()),
        (CONTENT / "days" / "2031" / "2031-04-09.md").read_text,
        (ROOT / "tests" / ".." / "content" / "addresses.txt").read_bytes,
        lambda: shutil.copytree(CONTENT, tmp_path / "copy"),
        lambda: subprocess.run(
            [sys.executable, "-m", "daybook", "build"], cwd=ROOT, env={"CONF": "conf.py"}, check=False
        ),
        lambda: subprocess.run("make html", shell=True, cwd=tmp_path / "link", check=False),
        lambda: subprocess.run(["/bin/sh", "-c", "make html"], cwd=ROOT, check=False),
    )
    for read in reads:
        with pytest.raises(ShippedArchiveError):
            read()
