"""The output folder: the only place that writes, and removes, files of the site.

A file is replaced whole and only when its bytes differ, so a second build changes
nothing. What an older build left and this one no longer makes is removed at the end.
"""

from pathlib import Path, PurePosixPath

from ..errors import ArchiveError
from ..storage import replace_file

_MARK = b'<meta name="generator" content="Daybook">'


class Output:
    """One build's writing into one folder."""

    def __init__(self, folder: Path) -> None:
        """Refuse a folder that holds something else than a site of ours."""
        self.folder = folder.resolve()
        self.written: set[str] = set()
        self.changed = 0
        self.removed = 0
        self._safe_parents: set[Path] = set()
        if self.folder.exists() and not self.folder.is_dir():
            raise ArchiveError("OUTPUT is a file; name a folder", path=folder)
        if not is_ours(self.folder):
            raise ArchiveError("OUTPUT holds what Daybook did not make; empty it or name another", path=folder)

    def open(self) -> None:
        """Mark an empty folder as ours before all else, so that a build cut short can be repeated."""
        index = self.folder / "index.html"
        if not index.exists():
            replace_file(index, b"<!doctype html>\n" + _MARK + b"\n", durable=False)

    def put(self, name: str, data: bytes) -> None:
        """Make a file of the site hold `data`; the same name twice is an error."""
        if name in self.written:
            raise ArchiveError(f"two pages have the address {name}; rename one of them")
        changed = replace_file(self._place(name), data, durable=False)
        self.written.add(name)
        self.changed += changed

    def finish(self) -> None:
        """Remove files that an older build made; hidden files are not ours, save parts of our own."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            parts = path.relative_to(self.folder).parts
            name = "/".join(parts)
            torn = parts[-1].startswith(".") and parts[-1].endswith(".part")
            hidden = any(part.startswith(".") for part in parts)
            if path.is_dir() and not path.is_symlink():
                if not hidden and not any(path.iterdir()):
                    path.rmdir()
            elif torn or not (hidden or name in self.written):
                path.unlink()
                self.removed += 1

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


def is_ours(folder: Path) -> bool:
    """Tell whether a folder may be written into: absent, empty but for hidden files, or our site."""
    if not folder.exists():
        return True
    index = folder / "index.html"
    if index.is_file():
        return _MARK in index.read_bytes()[:4096]
    return not any(not path.name.startswith(".") for path in folder.iterdir())
