"""The output folder: the only place that writes, and removes, files of the site.

A file is made only when its key is new, and replaced, whole, only when its bytes differ.
What an older build left and this one no longer has is removed at the end.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..errors import ArchiveError
from ..sitefile import SiteFile
from ..storage import replace_file
from ..store import Store
from ..workers import work_through
from .last_build import Known, LastBuild, scan

_MARK = b'<meta name="generator" content="Daybook">'
_LEAST = 24  # pages that are worth a process of their own


class Output:
    """One build's writing into one folder; `last` knows what the last build left there."""

    def __init__(self, folder: Path, last: LastBuild, store: Store) -> None:
        """Refuse a folder that holds something else than a site of ours."""
        self.folder = folder.resolve()
        self.written: dict[str, Known] = {}
        self.changed = 0
        self.removed = 0
        self._last, self._store = last, store
        self._safe_parents: set[Path] = set()
        check_folder(folder)

    def open(self) -> None:
        """Look at what is there, and mark it as ours and as unfinished before all else."""
        self._present = scan(self.folder)
        self._last.begin()
        index = self.folder / "index.html"
        if not index.exists():
            replace_file(index, b"<!doctype html>\n" + _MARK + b"\n", durable=False)

    def put(self, files: Iterable[SiteFile]) -> None:
        """Make the site hold some files; the same path twice is an error."""
        new: list[SiteFile] = []
        for file in files:
            if file.path in self.written:
                raise ArchiveError(f"two pages have the address {file.path}; rename one of them")
            known = self._last.known.get(file.path)
            name = _name(file)
            if known and known == (file.key, *self._present.files.get(file.path, ())):
                self.written[file.path] = known
                self._store.hold([name])
            elif (data := self._store.recall(name)) is not None:
                self._write(file, data)
            else:
                self.written[file.path] = (file.key, -1, 0)
                new.append(file)
        for number, data in work_through([file.make for file in new], least=_LEAST):
            self._write(new[number], data)
            self._store.keep(_name(new[number]), data)

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

    def _write(self, file: SiteFile, data: bytes) -> None:
        path = self._place(file.path)
        self.changed += replace_file(path, data, durable=False)
        state = path.stat()
        self.written[file.path] = (file.key, state.st_size, state.st_mtime_ns)

    def _place(self, name: str) -> Path:
        pure = PurePosixPath(name)
        path = self.folder / pure
        if not name or pure.is_absolute() or ".." in pure.parts:
            raise ArchiveError(f"{name!r} would be written outside OUTPUT")
        if path.parent not in self._safe_parents:
            # A link inside the folder may lead out of it, whatever the name says.
            if not path.parent.resolve().is_relative_to(self.folder):
                raise ArchiveError(f"{name!r} would be written outside OUTPUT; remove the link there")
            self._safe_parents.add(path.parent)
        return path


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
