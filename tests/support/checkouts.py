"""Copies of this checkout that hold an archive of a test's choice, to run commands in."""

import os
import shutil
import subprocess
from pathlib import Path

from paths import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
SAMPLE = FIXTURES / "sample"  # two days and topics, with conf.py
COMMAND_TIMEOUT = 600  # seconds; only a command that hangs takes as long, however busy the machine is
_PLACES = ("CONTENT", "OUTPUT", "CACHE", "CONF", "SITEURL", "PORT")
# `make test CONTENT=x` hands its variables on to every make below it.
_VARIABLES = {*_PLACES, "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL"}
# At the top only: what is built, fetched or kept by git, and the shipped archive, which no test but one reads.
_NOT_COPIED = {".venv", ".git", ".cache", "output", "release", "demo", "content", "pelican.conf.py"}


def copy_checkout(folder: Path, content: Path | None, conf: Path) -> Path:
    """Copy the project into a new folder that shares the virtual environment.

    Args:
        folder: Where the copy goes.
        content: What becomes its content folder; None leaves it without one.
        conf: What becomes its pelican.conf.py.

    Returns:
        The folder.
    """
    caches = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis")

    def unwanted(place: str, names: list[str]) -> set[str]:
        return caches(place, names) | (_NOT_COPIED if Path(place) == ROOT else set())

    shutil.copytree(ROOT, folder, ignore=unwanted, dirs_exist_ok=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    shutil.copy(conf, folder / "pelican.conf.py")
    if content:
        shutil.copytree(content, folder / "content")
    return folder


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in a copy; variables that name an archive are those given here alone."""
    clean = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_TIMEOUT,
    )
