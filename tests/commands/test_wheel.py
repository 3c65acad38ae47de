"""The wheel: everything that a build needs is in it, and it builds the same bytes as the checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from builds import build_site
from paths import SAMPLE

from daybook.core.config import BuildPaths


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, as an installation has it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_installed_wheel_builds_the_same_bytes_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "content", tmp_path / "content")
    conf = (SAMPLE / "conf.py").read_text().replace('THEME = "', 'NOT_THEME = "')
    (tmp_path / "pelican.conf.py").write_text(conf)
    names = {name: value for name, value in os.environ.items() if name not in ("CONTENT", "OUTPUT", "CACHE", "CONF")}
    command = [sys.executable, "-m", "daybook", "build"]
    names |= {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1", "SITEURL": ""}
    subprocess.run(command, cwd=tmp_path, env=names, check=True)
    checkout = tmp_path / "checkout"
    build_site(
        BuildPaths(
            content=tmp_path / "content",
            output=checkout,
            conf=tmp_path / "pelican.conf.py",
            cache=tmp_path / "cache",
        )
    )
    assert files(tmp_path / "output") == files(checkout)


def test_wheel_has_the_command_the_licence_and_no_compiled_files(installed: Path) -> None:
    names = files(installed)
    (entry_points,) = [data for name, data in names.items() if name.endswith("entry_points.txt")]
    assert b"daybook = daybook.cli:main" in entry_points
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "daybook/theme/templates/base.html" in names and "daybook/parse/text/boilerplate.toml" in names
    assert not [name for name in names if name.endswith((".pyc", ".cache")) or "__pycache__" in name]
