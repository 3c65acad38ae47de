"""The output folder: the only place that writes, and removes, files of the site.

A file is made only when its key is new, and replaced, whole, only when its bytes differ.
What an older build left and this one no longer has is removed at the end.
"""

import os
import struct
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath

from ..errors import ArchiveError
from ..sitefile import SiteFile
from ..storage import replace_file, write_file
from ..store import Store
from ..workers import work_through
from .last_build import Known, LastBuild, Present, scan

_MARK = b'<meta name="generator" content="Daybook">'
_HEAD = struct.Struct("<?qq")
Written = tuple[bool, int, int]  # whether a file changed, its size in bytes, its time of change in nanoseconds

_LEAST = 10  # pages that are worth a process of their own


class Output:
    """One build's writing into one folder; `last` knows what the last build left there."""

    def __init__(self, folder: Path, last: LastBuild, store: Store) -> None:
        """Refuse a folder that holds something else than a site of ours."""
        self.folder = folder.resolve()
        self.written: dict[str, Known] = {}
        self.changed = 0
        self.removed = 0
        self._last, self._store = last, store
        self._process = os.getpid()
        self._safe_folders: set[str] = set()
        check_folder(folder)

    def open(self, present: Present | None = None) -> None:
        """Look at what is there, unless somebody did; mark it as ours and as unfinished before all else."""
        self._present = present or scan(self.folder)
        self._last.begin()
        index = self.folder / "index.html"
        if not index.exists():
            replace_file(index, b"<!doctype html>\n" + _MARK + b"\n", durable=False)

    def put(self, files: Iterable[SiteFile]) -> None:
        """Make the site hold some files; the same path twice is an error."""
        new: list[SiteFile] = []
        left: list[bytes] = []
        for file in files:
            if file.path in self.written:
                raise ArchiveError(f"two pages have the address {file.path}; rename one of them")
            known = self._last.known.get(file.path)
            name = _name(file)
            if known and known == (file.key, *self._present.files.get(file.path, ())):
                self.written[file.path] = known
                left.append(name)
            elif (data := self._store.recall(name)) is not None:
                self._note(file, self._write(file.path, data))
            else:
                self.written[file.path] = (file.key, -1, 0)
                new.append(file)
        self._store.hold(left)
        for number, result in work_through([partial(self._make, file) for file in new], least=_LEAST):
            self._note(new[number], _HEAD.unpack_from(result))
            self._store.keep(_name(new[number]), result[_HEAD.size :])

    def finish(self) -> None:
        """Remove files that an older build made; hidden files are not ours, save parts of our own."""
        gone = [name for name in self._present.files if name not in self.written and not _is_hidden(name)]
        for name in (*gone, *self._present.torn):
            (self.folder / name).unlink(missing_ok=True)
        self.removed = len(gone) + len(self._present.torn)
        bare = {*self._present.bare, *(str(PurePosixPath(name).parent) for name in gone)}
        for name in sorted(bare, reverse=True):
            self._remove_empty(self.folder / name)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _make(self, file: SiteFile) -> bytes:
        """Make and write a file, perhaps in a child; give what came of it before the file's bytes."""
        data = file.make()
        if self._process not in (os.getpid(), os.getppid()):
            os._exit(1)  # the build was ended: its children must not write into the next one's output
        return _HEAD.pack(*self._write(file.path, data)) + data

    def _write(self, name: str, data: bytes) -> Written:
        path = self._place(name)
        there = self._present.files.get(name)
        if there and there[0] == len(data) and Path(path).read_bytes() == data:
            return False, *there
        return True, *write_file(path, data)

    def _note(self, file: SiteFile, written: Written) -> None:
        changed, size, time = written
        self.changed += changed
        self.written[file.path] = (file.key, size, time)

    def _place(self, name: str) -> str:
        folder = name.rpartition("/")[0]
        if folder not in self._safe_folders:
            if any(part in ("", ".", "..") for part in name.split("/")):
                raise ArchiveError(f"{name!r} would be written outside OUTPUT")
            # A link inside the folder may lead out of it, whatever the name says.
            if os.path.realpath(f"{self.folder}/{folder}").rstrip("/") != f"{self.folder}/{folder}".rstrip("/"):
                raise ArchiveError(f"{name!r} would be written outside OUTPUT; remove the link there")
            self._safe_folders.add(folder)
        return f"{self.folder}/{name}"


def check_folder(folder: Path) -> None:
    """Refuse what a site cannot be written into: a file, or a folder with other things."""
    if folder.exists() and not folder.is_dir():
        raise ArchiveError("OUTPUT is a file; name a folder", path=folder)
    if not is_ours(folder):
        raise ArchiveError("OUTPUT holds what Daybook did not make; empty it or name another", path=folder)


def is_ours(folder: Path) -> bool:
    """Tell whether a folder may be written into: absent, empty but for hidden files, or our site."""
    if not folder.exists():
        return True
    index = folder / "index.html"
    if index.is_file():
        return _MARK in index.read_bytes()[:4096]
    return not any(not path.name.startswith(".") for path in folder.iterdir())


def _name(file: SiteFile) -> bytes:
    return file.key + file.path.encode()


def _is_hidden(name: str) -> bool:
    return "/." in f"/{name}"
