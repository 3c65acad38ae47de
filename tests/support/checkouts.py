"""Copies of this checkout with an archive that the test chooses, and commands run in them."""

import os
import shutil
import subprocess
from pathlib import Path

from paths import ROOT

COMMAND_TIMEOUT = 600  # seconds: far more than any command needs, even on a busy machine
# Variables of the caller that would change a command: those that name an archive, and what `make test` exports.
_ARCHIVE_VARIABLES = {"CONTENT", "OUTPUT", "CACHE", "CONF", "SITEURL", "PORT"}
_MAKE_VARIABLES = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL"}
# In the top folder only: build results, downloads, git, and the shipped archive (see guard.py).
_NOT_COPIED = {".venv", ".git", ".cache", "output", "release", "demo", "content", "pelican.conf.py"}

# Files that another process is writing beside compiled ones.
_PARTIAL_FILES = shutil.ignore_patterns("*.pyc.*", "*.tmp", "*.part")


def copy_checkout(folder: Path, content: Path | None, conf: Path) -> Path:
    """Copy the project into a new folder that shares the virtual environment.

    Args:
        folder: Where to copy to.
        content: Copied as its content folder; None for a project without one.
        conf: Copied as its pelican.conf.py.

    Returns:
        The folder.
    """
    caches = shutil.ignore_patterns(".*_cache", ".hypothesis")
    compiled = (ROOT / "scripts", ROOT / "theme")

    def ignore(source: str, names: list[str]) -> set[str]:
        # Compiled modules are copied, with the times of their sources, and compiled templates: both take three seconds.
        not_copied = set() if any(folder in Path(source).parents for folder in compiled) else {"__pycache__"}
        return (
            caches(source, names)
            | _PARTIAL_FILES(source, names)
            | not_copied
            | (_NOT_COPIED if Path(source) == ROOT else set())
        )

    shutil.copytree(ROOT, folder, ignore=ignore, dirs_exist_ok=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    shutil.copy(conf, folder / "pelican.conf.py")
    if content:
        shutil.copytree(content, folder / "content")
    return folder


def copy_theme(folder: Path) -> Path:
    """Copy the theme with its compiled templates to a new folder; return the folder."""
    return Path(shutil.copytree(ROOT / "theme", folder, ignore=_PARTIAL_FILES))


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command in a copy, with the given variables only where they name an archive."""
    inherited = {name: value for name, value in os.environ.items() if name not in _ARCHIVE_VARIABLES | _MAKE_VARIABLES}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_TIMEOUT,
    )
