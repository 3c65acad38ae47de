"""Make the repository of a new archive, and change the version of the generator that it pins."""

import datetime as dt
import re
from pathlib import Path

from msgspec import Struct

from daybook.core.config import known_zone
from daybook.core.errors import ArchiveError
from daybook.core.files import replace_file
from daybook.core.text import check_characters
from daybook.publish.generator import (
    LOCK_FILE,
    Generator,
    dump_lock,
    fetch_generator,
    read_pin,
    skeleton_file,
)

# Files that are the same in every archive, by path: the name in the skeleton. `make upgrade` replaces them.
SHARED_FILES = {
    "Makefile": "Makefile",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
    ".github/workflows/publish.yml": "publish.yml",
    ".github/workflows/ingest.yml": "ingest.yml",
}
_SECTION = re.compile(r"^## \[?([^\]\s]+).*$", re.MULTILINE)


class NewArchive(Struct, frozen=True, kw_only=True):
    """What `daybook new` asks for."""

    name: str
    first_day: str  # YYYY-MM-DD
    zone: str
    lang: str


class Upgrade(Struct, frozen=True):
    """The result of an upgrade: the versions, the files written or left alone, and the notes about files."""

    old: str
    new: str
    written: tuple[str, ...]
    edited: tuple[str, ...]
    notes: str


def check_new_archive(archive: NewArchive) -> None:
    """Raise an ArchiveError for a value that the settings file could not have."""
    if not archive.name.strip():
        raise ArchiveError("the archive needs a name; write SITENAME='The Aller flood' or --name")
    check_characters(archive.name)
    try:
        dt.datetime.strptime(archive.first_day, "%Y-%m-%d")
    except ValueError:
        raise ArchiveError(f"--first-day: invalid date {archive.first_day!r}; write it as 2031-03-29") from None
    known_zone("--zone", archive.zone)
    if not re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", archive.lang):
        raise ArchiveError(f"--lang: {archive.lang!r} is not a language tag; write it like de or pt-BR")


def write_archive(folder: Path, archive: NewArchive, generator: Generator, wheel: bytes | None = None) -> list[str]:
    """Write the files of a new archive to a folder that is empty or missing; return their paths in it.

    The files come from `wheel`, or from this program if that is the generator. Raises ArchiveError for a folder with
    files.
    """
    check_new_archive(archive)
    if folder.exists() and (not folder.is_dir() or any(path.name != ".git" for path in folder.iterdir())):
        raise ArchiveError("this folder is not empty; name a new one", path=folder)
    settings = {name: _python(getattr(archive, name)) for name in NewArchive.__struct_fields__}
    conf = skeleton_file("pelican.conf.py.txt", wheel).decode().format(**settings)
    home = generator.address.partition("/releases/")[0]
    readme = skeleton_file("README.md", wheel).decode()
    files = {
        "pelican.conf.py": conf.encode(),
        "README.md": readme.format(name=archive.name, generator=home, version=generator.version).encode(),
        LOCK_FILE: dump_lock(generator, skeleton_file("runtime.lock", wheel)),
        **{path: skeleton_file(name, wheel) for path, name in SHARED_FILES.items()},
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        replace_file(folder / path, data, durable=False)
    for name in ("days", "topics", "pages", "files"):
        (folder / "content" / name).mkdir(parents=True, exist_ok=True)
    return sorted(files)


def _python(text: str) -> str:
    """Return a text as a Python string in double quotes."""
    return '"' + text.strip().replace("\\", "\\\\").replace('"', '\\"') + '"'


def upgrade_archive(folder: Path, version: str) -> Upgrade:
    """Pin another version of the generator, and replace the shared files that were not edited.

    Raises ArchiveError if the wheel cannot be had. Nothing was written then.
    """
    old = read_pin(folder)
    new, wheel = fetch_generator(old.with_version(version))
    written, edited = [], []
    for path, name in SHARED_FILES.items():
        target, data = folder / path, skeleton_file(name, wheel)
        if target.exists() and target.read_bytes() not in (data, skeleton_file(name)):
            edited.append(path)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            written += [path] if replace_file(target, data, durable=False) else []
    lock = dump_lock(new, skeleton_file("runtime.lock", wheel))
    written += [LOCK_FILE] if replace_file(folder / LOCK_FILE, lock, durable=False) else []
    notes = file_notes(skeleton_file("CHANGELOG.md", wheel).decode(), old.version)
    return Upgrade(old.version, new.version, tuple(written), tuple(edited), notes)


def file_notes(changelog: str, old: str) -> str:
    """Return what a changelog says about files of archives, in all versions after `old`: its sections "Files"."""
    parts = _SECTION.split(changelog)
    notes = []
    for version, text in zip(parts[1::2], parts[2::2], strict=True):
        if version == old:
            break
        if match := re.search(r"^### Files\n+(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL):
            notes.append(match[1].strip())
    return "\n".join(notes)
