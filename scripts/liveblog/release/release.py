"""One built site → the folder of its release, made beside it and put in place as a whole."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..dataset import Row, load_rows
from ..errors import ArchiveError
from .bundle import write_bundle
from .checksums import FILE, dump_checksums
from .database import TopicRow, write_database
from .package import dump_package

SITE, DATABASE, PACKAGE = "site.zip", "archive.sqlite", "data"


def make_release(output: Path, title: str) -> Path:
    """Make the release of a built site in the folder ``release`` beside it; give that folder.

    A folder of that name that is no release is an ArchiveError. Who calls holds `output`, so
    that what lies in the hidden place where a release is made was left by one that was ended.
    """
    output = output.resolve()
    folder, place = output.with_name("release"), output.with_name(f".{output.name}.release")
    if folder.exists() and {path.name for path in folder.iterdir()} not in (set(), {SITE, DATABASE, PACKAGE, FILE}):
        raise ArchiveError("this folder holds something else than a release; move it away", path=folder)
    _remove(place)
    new = place / "new"
    new.mkdir(parents=True)
    try:
        write_bundle(output, new / SITE, "site")
        topics = msgspec.json.decode((output / "data" / "topics.json").read_bytes(), type=list[TopicRow])
        write_database(_rows(output), topics, new / DATABASE)
        _write_package(output, new / PACKAGE, title)
        (new / FILE).write_bytes(dump_checksums(new))
        if folder.exists():
            folder.rename(place / "old")
        new.rename(folder)
    finally:
        _remove(place)
    return folder


def _remove(place: Path) -> None:
    if place.exists():
        shutil.rmtree(place)


def _rows(output: Path) -> Iterator[Row]:
    for path in _years(output, "jsonl"):
        yield from load_rows(path.read_bytes())


def _write_package(output: Path, target: Path, title: str) -> None:
    target.mkdir()
    for suffix in ("csv", "jsonl"):
        for path in _years(output, suffix):
            shutil.copyfile(path, target / path.name)
    tables = sorted(target.glob("*.csv"))
    (target / "datapackage.json").write_bytes(dump_package("daybook-archive", title, tables))


def _years(output: Path, suffix: str) -> list[Path]:
    return sorted((output / "data").glob(f"[0-9][0-9][0-9][0-9].{suffix}"))
