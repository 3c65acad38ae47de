"""An archive of its own: what `daybook new` writes, and how its generator is pinned and upgraded."""

import hashlib
import re
from pathlib import Path

import pytest
from own_archive import copy_wheel, daybook, renumbered
from paths import ROOT

from daybook.cli import COMMANDS, main
from daybook.core.config import BuildPaths, load_config
from daybook.publish.generator import Generator
from daybook.publish.new_archive import file_notes

OPTIONS = ("--first-day", "2031-03-29", "--zone", "Europe/Berlin", "--lang", "de")


@pytest.fixture
def releases(wheel: Path, tmp_path: Path) -> Path:
    """A folder that stands for the releases of a forge, each under its version."""
    version = wheel.name.split("-")[1]
    copy_wheel(wheel, tmp_path / "releases" / f"v{version}")
    return tmp_path / "releases"


def new(folder: Path, wheel: Path, name: str = 'Die "Aller" \\ Flut') -> Path:
    done = daybook(folder, "new", "flut", "--name", name, *OPTIONS, "--wheel", str(wheel))
    assert done.returncode == 0, done.stderr
    return folder / "flut"


def only_wheel(folder: Path) -> Path:
    (path,) = folder.rglob("*.whl")
    return path


def test_a_new_archive_has_settings_a_workflow_and_a_pinned_generator(releases: Path, tmp_path: Path) -> None:
    wheel = only_wheel(releases)
    archive = new(tmp_path, wheel)
    paths = {"content": "content", "conf": "pelican.conf.py", "cache": ".cache"}
    config = load_config(BuildPaths(**{name: archive / path for name, path in paths.items()}))
    assert (config.name, config.first_day.isoformat(), config.zone_name, config.lang) == (
        'Die "Aller" \\ Flut',
        "2031-03-29",
        "Europe/Berlin",
        "de",
    )
    lock = (archive / "requirements" / "runtime.lock").read_text().splitlines()
    assert (
        lock[1] == f"daybook-archive @ {wheel.as_uri()} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    )
    assert "\n".join(lock[2:]) + "\n" == (ROOT / "requirements" / "runtime.lock").read_text()
    assert not (archive / "scripts").exists() and (archive / ".git").is_dir()
    workflow = archive / ".github" / "workflows" / "publish.yml"
    assert workflow.read_bytes() == (ROOT / ".github" / "workflows" / "publish.yml").read_bytes()
    assert daybook(archive, "check").returncode == 0


def test_the_makefile_of_an_archive_has_all_commands_for_archives() -> None:
    makefile = (ROOT / "scripts" / "daybook" / "publish" / "skeleton" / "Makefile").read_text()
    listed = re.search(r"^COMMANDS := (.*)$", makefile, re.MULTILINE)
    assert listed
    assert set(listed[1].split()) | {"build", "new", "parse", "schema", "clean", "crawl"} == set(COMMANDS), (
        "add it to the skeleton's Makefile"
    )
    shared = (ROOT / "Makefile").read_text()
    for name in ("TYPED :=", "$(foreach name,$(TYPED)"):
        rows = [[row for row in text.splitlines() if row.startswith(name)] for text in (makefile, shared)]
        assert rows[0] == rows[1] != [], "the same protection of what is typed"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--name", "", *OPTIONS), "the archive needs a name"),
        (("--name", "x", *OPTIONS, "--first-day", "29.3.2031"), "--first-day: invalid date"),
        (("--name", "x", *OPTIONS, "--zone", "Berlin"), "unknown time zone"),
        (("--name", "x", *OPTIONS, "--lang", "Deutsch!"), "is not a language tag"),
        (("--name", "x", *OPTIONS, "--wheel", "ftp://aller.example/x.whl"), "write https://"),
        (("--name", "x", *OPTIONS), "name the wheel of a release"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(
    tmp_path: Path,
    options: tuple[str, ...],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", str(tmp_path / "flut"), *options], {}) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "flut").exists()


def test_a_folder_with_files_and_a_wrong_checksum_are_refused(releases: Path, tmp_path: Path) -> None:
    wheel = only_wheel(releases)
    new(tmp_path, wheel)
    done = daybook(tmp_path, "new", "flut", "--name", "x", *OPTIONS, "--wheel", str(wheel))
    assert done.returncode == 1 and "is not empty" in done.stderr
    (wheel.parent / "SHA256SUMS").write_text(f"{64 * '0'}  {wheel.name}\n")
    done = daybook(tmp_path, "new", "other", "--name", "x", *OPTIONS, "--wheel", str(wheel))
    assert done.returncode == 1 and "is not the file that SHA256SUMS" in done.stderr


def test_an_upgrade_is_a_number(releases: Path, tmp_path: Path) -> None:
    wheel = only_wheel(releases)
    archive = new(tmp_path, wheel)
    (releases / "v9.1.0").mkdir()
    changes = {
        "CHANGELOG.md": "## 9.1.0\n\n### Files\n\n- Days have wings.\n\n",
        "Makefile": "# newer\n",
        "gitignore": "/new/\n",
    }
    newer = renumbered(wheel, "9.1.0", releases / "v9.1.0", **changes)
    (archive / ".gitignore").write_text("/mine/\n")
    done = daybook(archive, "upgrade", "9.1.0")
    assert done.returncode == 0, done.stderr
    assert "is now 9.1.0; written: Makefile, requirements/runtime.lock" in done.stdout
    assert "- Days have wings." in done.stdout and ".gitignore: edited here" in done.stderr
    assert newer.as_uri() in (archive / "requirements" / "runtime.lock").read_text()
    assert (archive / "Makefile").read_text().startswith("# newer\n")
    assert (archive / ".gitignore").read_text() == "/mine/\n"
    before = (archive / "requirements" / "runtime.lock").read_bytes()
    done = daybook(archive, "upgrade", "9.9.9")
    assert done.returncode == 1 and "cannot be read" in done.stderr
    assert (archive / "requirements" / "runtime.lock").read_bytes() == before


def test_a_fork_is_not_upgraded_by_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", "0.2.0"], {"CONF": str(tmp_path / "pelican.conf.py")}) == 1
    assert "pins no wheel" in capsys.readouterr().err


def test_the_number_is_replaced_wherever_the_address_has_it() -> None:
    address = "https://forge.example/a/daybook/releases/download/v0.1.0/daybook_archive-0.1.0-py3-none-any.whl"
    generator = Generator(address, 64 * "0")
    assert generator.with_version("0.10.0") == address.replace("0.1.0", "0.10.0")


def test_notes_of_all_newer_versions_are_shown() -> None:
    second = "## [0.2.0] – 2031\n\n### Added\n\n- Else.\n\n### Files\n\n- Second.\n\n"
    text = f"## Unreleased\n\n### Files\n\n- Third.\n\n{second}## 0.1.0\n\n### Files\n\n- First.\n"
    assert file_notes(text, "0.1.0") == "- Third.\n- Second."
