"""The digest of code and libraries: it changes with what decides the bytes of a site, and with nothing else."""

import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT, SAMPLE

from daybook.core.hashing import OUTPUT_LIBRARIES, code_digest

# Packages that a build imports, and why their versions are not in its digest.
WITHOUT_EFFECT = {
    "anyio": "the preview server's: watchfiles imports it",
    "blinker": "signals between Pelican and its plugins",
    "docutils": "Pelican's reader of reStructuredText, which is switched off",
    "feedgenerator": "Pelican's feeds, which are switched off",
    "ordered-set": "Pelican's collections of files",
    "pillow": "the size of pictures, which no version reads otherwise; docutils imports it, too",
    "pygments": "markup of code, which rich and docutils import",
    "python-dateutil": "Pelican's reading of dates; days have dates of our own",
    "rich": "Pelican's messages",
    "typing-extensions": "types",
    "unidecode": "Pelican's file names of articles; days have addresses of our own",
    "watchfiles": "the preview server",
}


def fresh_digest() -> bytes:
    code_digest.cache_clear()
    return code_digest()


@pytest.fixture
def with_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """Return a function that installs the metadata folder of a package and returns the digest."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(folder: str) -> bytes:
        (tmp_path / folder).mkdir()
        digest = fresh_digest()
        (tmp_path / folder).rmdir()
        return digest

    return install


@pytest.mark.parametrize(
    "folder",
    ["foreign-1.0.dist-info", "jinja2_extras-1.0.dist-info", "pelican.plugins.x-9.dist-info", "lunr", "lunr-1"],
)
def test_a_foreign_package_leaves_the_digest_as_it_is(with_package: Callable[[str], bytes], folder: str) -> None:
    assert with_package(folder) == fresh_digest()


@pytest.mark.parametrize(
    "folder", ["jinja2-99.0.dist-info", "Jinja2-99.0.dist-info", "markdown_it_py-9.dist-info", "lunr-9-py3.11.egg-info"]
)
def test_another_version_of_an_output_library_changes_the_digest(
    with_package: Callable[[str], bytes], folder: str
) -> None:
    assert with_package(folder) != fresh_digest()


def test_another_minor_version_of_python_changes_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    own = fresh_digest()
    monkeypatch.setattr(sys, "version", "another build of the same version")
    assert fresh_digest() == own
    monkeypatch.setattr(sys, "version_info", (*sys.version_info[:1], sys.version_info[1] + 1, 0, "final", 0))
    assert fresh_digest() != own


def test_every_output_library_is_installed_and_found() -> None:
    for name in sorted(OUTPUT_LIBRARIES):
        assert importlib.metadata.version(name)
    code = "from daybook.core.hashing import _library_versions as v; print(*(name for name, _ in v()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "scripts"
    )
    assert set(done.stdout.split()) == OUTPUT_LIBRARIES


def test_what_a_build_imports_is_in_the_digest_or_has_no_effect(tmp_path: Path) -> None:
    code = (
        "import runpy, sys; sys.argv = ['daybook', 'build']\n"
        "try: runpy.run_module('daybook', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: assert not end.code\n"
        "print('MODULES', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    paths = {
        "CONTENT": SAMPLE / "content",
        "CONF": SAMPLE / "conf.py",
        "OUTPUT": tmp_path / "o",
        "CACHE": tmp_path / "c",
    }
    names = {**os.environ, **{name: str(path) for name, path in paths.items()}, "PYTHONPATH": str(ROOT / "scripts")}
    command = [sys.executable, "-c", code.replace("import runpy, sys", "import runpy, sys; sys.argv = ['x', 'build']")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=names)
    modules = done.stdout.partition("MODULES ")[2].split()
    packages = importlib.metadata.packages_distributions()
    imported = {re.sub(r"[-_.]+", "-", name).lower() for module in modules for name in packages.get(module, ())}
    imported -= {"setuptools", "pip", "daybook-archive"}  # start-up of the interpreter; the package itself
    assert imported - OUTPUT_LIBRARIES <= set(WITHOUT_EFFECT), "add it to OUTPUT_LIBRARIES, or say why it has no effect"
    assert set(WITHOUT_EFFECT) <= imported, "a build does not import it: remove the row"
    assert OUTPUT_LIBRARIES - {"tzdata"} <= imported
