"""The locks: made from pyproject.toml, one version of each package, hashes and no addresses, wheels only."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from paths import ROOT

FOLDER = ROOT / "requirements"
LOCKS = sorted(path.stem for path in FOLDER.iterdir())
REQUIREMENT = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(lock: str) -> dict[str, set[str]]:
    """Return the locked versions of each package; more than one if they depend on Python or the system."""
    found: dict[str, set[str]] = {}
    for line in (FOLDER / f"{lock}.lock").read_text().splitlines():
        if match := REQUIREMENT.fullmatch(line):
            found.setdefault(match["name"], set()).add(match["version"])
    return found


def wanted(lock: str) -> list[str]:
    """Return the requirements in pyproject.toml that a lock is made from.

    A build needs no cluster: the extra `crawl` is in no lock of its own, and the tests' lock has its packages.
    """
    data = project()
    if lock != "runtime":
        return list(data["dependency-groups"][lock])
    extras = data["project"]["optional-dependencies"]
    return [*data["project"]["dependencies"], *extras["warc"]]


def test_pyproject_has_a_list_for_each_lock_and_no_list_stands_twice() -> None:
    assert sorted(["runtime", *project()["dependency-groups"]]) == LOCKS
    assert {path.suffix for path in FOLDER.iterdir()} == {".lock"}, "pyproject.toml lists what is needed"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_each_requirement_in_an_allowed_version(lock: str) -> None:
    assert wanted(lock)
    for text in wanted(lock):
        requirement = Requirement(text)
        for version in locked(lock).get(canonicalize_name(requirement.name), {"none"}):
            assert version in requirement.specifier, f"run make lock: {text} is locked as {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_versions_and_hashes_and_no_address(lock: str) -> None:
    lines = (FOLDER / f"{lock}.lock").read_text().splitlines()
    assert [line for line in lines if not REQUIREMENT.fullmatch(line) and not HASH.fullmatch(line)] == []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert HASH.fullmatch(following) if line.endswith("\\") else not HASH.fullmatch(following)


def test_the_tests_have_what_crawling_needs() -> None:
    packages = locked("dev") | locked("runtime")
    assert all(Requirement(text).name in packages for text in project()["project"]["optional-dependencies"]["crawl"])


def test_a_package_in_two_locks_has_one_version() -> None:
    runtime = locked("runtime")
    for lock in LOCKS:
        both = {name: versions for name, versions in locked(lock).items() if name in runtime}
        assert both == {name: runtime[name] for name in both}


def test_make_installs_wheels_with_their_hashes_and_nothing_else() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (command,) = re.findall(r"^PIP = (.*)$", makefile, re.MULTILINE)
    assert {"--require-hashes", "--only-binary :all:", "--no-deps"} <= set(re.findall(r"--[a-z-]+(?: :all:)?", command))
    installing = [line for line in makefile.splitlines() if re.search(r"\binstall\b.*\.lock|--requirement", line)]
    assert len(installing) == len(LOCKS) and all("$(PIP)" in line for line in installing)


def test_the_version_stands_in_one_place() -> None:
    version = re.compile(rf"(?<![\d.]){re.escape(project()['project']['version'])}(?![\d.])")
    names = ["pyproject.toml", "CITATION.cff", "README.md", "Makefile"]
    paths = [*(ROOT / name for name in names), *(ROOT / "scripts").rglob("*.py")]
    assert [path.name for path in paths if version.search(path.read_text())] == ["pyproject.toml"]
