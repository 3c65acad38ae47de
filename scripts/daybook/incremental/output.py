"""The output folder: the only place that writes, and removes, files of the site.

A file is made only when its key is new, and replaced, whole, only when its bytes differ.
What an older build left and this one no longer has is removed at the end.
"""

import hashlib
import os
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.files import replace_file, write_file_fast
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs, start_job

_MARK = b'<meta name="generator" content="Daybook">'


_HEAD = struct.Struct("<?qq")


WriteResult = tuple[bool, int, int]  # whether a file changed, its size in bytes, its time of change in nanoseconds


_LEAST = 10  # pages that are worth a process of their own


FileState = tuple[bytes, int, int]  # a file's key, its size in bytes, its time of change in nanoseconds


class BuildRecord(Struct, frozen=True, array_like=True):
    """A finished build: a digest of all that went in, its line, what to look at, its files."""

    inputs: bytes = b""
    summary: str = ""
    warnings: tuple[str, ...] = ()
    files: dict[str, FileState] = {}


class FolderState(Struct, frozen=True, array_like=True):
    """What is in a folder: (size, time of change) of its files, torn parts, folders that hold nothing."""

    files: dict[str, tuple[int, int]]
    partial_files: tuple[str, ...]
    empty_folders: tuple[str, ...]


class BuildState:
    """The memory of one output folder, in a folder of the cache."""

    def __init__(self, place: Path) -> None:
        """Read what the last build wrote down; a memory that is damaged is none."""
        self._file, self._mark = place / "output.msgpack", place / "unfinished"
        self.record = BuildRecord()
        with suppress(OSError, msgspec.DecodeError):
            data = self._file.read_bytes()
            if data[:_SUM] == _sum(data[_SUM:]):
                self.record = msgspec.msgpack.decode(data[_SUM:], type=BuildRecord)

    @property
    def files(self) -> dict[str, FileState]:
        """Give what is known of each file of the output."""
        return self.record.files

    @property
    def unfinished(self) -> bool:
        """Tell whether a build began to write and did not come to its end."""
        return self._mark.exists()

    def has_inputs(self, inputs: bytes) -> bool:
        """Tell whether the last build came to its end and was made of these inputs."""
        return not self.unfinished and self.record.inputs == inputs

    def matches(self, present: FolderState) -> bool:
        """Tell whether the output is just as the last build left it."""
        left = {name: (size, changed) for name, (_, size, changed) in self.files.items()}
        return present.files == left and not present.partial_files and not present.empty_folders

    def begin(self) -> None:
        """Say that the output is being changed."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._mark, b"A build began to write the output and has not finished.\n", durable=False)

    def finish(self, build: BuildRecord) -> None:
        """Write down a build that came to its end."""
        data = msgspec.msgpack.encode(build)
        replace_file(self._file, _sum(data) + data, durable=False)
        self._mark.unlink(missing_ok=True)


class OutputFile(NamedTuple):
    """A file by its path under the site's root (``2023/06/02/index.html``).

    `key` is a digest of everything that `make` reads: files of equal path and key are equal,
    byte for byte. `make` may be called never, or in another process.
    """

    path: str
    key: bytes
    render: Callable[[], bytes]


class OutputFolder:
    """One build's writing into one folder; `last` knows what the last build left there."""

    def __init__(self, folder: Path, last: BuildState, store: BuildCache) -> None:
        """Refuse a folder that holds something else than a site of ours."""
        self.folder = folder.resolve()
        self.written: dict[str, FileState] = {}
        self.changed = 0
        self.removed = 0
        self._last, self._store = last, store
        self._process = os.getpid()
        self._safe_folders: set[str] = set()
        check_folder(folder)

    def open(self, present: FolderState | None = None) -> None:
        """Look at what is there, unless somebody did; mark it as ours and as unfinished before all else."""
        self._present = present or scan_folder(self.folder)
        self._last.begin()
        index = self.folder / "index.html"
        if not index.exists():
            replace_file(index, b"<!doctype html>\n" + _MARK + b"\n", durable=False)

    def write(self, files: Iterable[OutputFile]) -> None:
        """Make the site hold some files; the same path twice is an error."""
        new: list[OutputFile] = []
        left: list[bytes] = []
        for file in files:
            if file.path in self.written:
                raise ArchiveError(f"two pages have the address {file.path}; rename one of them")
            known = self._last.files.get(file.path)
            name = _name(file)
            if known and known == (file.key, *self._present.files.get(file.path, ())):
                self.written[file.path] = known
                left.append(name)
            elif (data := self._store.get(name)) is not None:
                self._record(file, self._write(file.path, data))
            else:
                self.written[file.path] = (file.key, -1, 0)
                new.append(file)
        self._store.touch(left)
        for number, result in run_jobs(
            [partial(self._render_and_write, file) for file in new], min_jobs_per_process=_LEAST
        ):
            self._record(new[number], _HEAD.unpack_from(result))
            self._store.put(_name(new[number]), result[_HEAD.size :])

    def finish(self) -> None:
        """Remove files that an older build made; hidden files are not ours, save parts of our own."""
        gone = [name for name in self._present.files if name not in self.written and not _is_hidden(name)]
        for name in (*gone, *self._present.partial_files):
            (self.folder / name).unlink(missing_ok=True)
        self.removed = len(gone) + len(self._present.partial_files)
        bare = {*self._present.empty_folders, *(str(PurePosixPath(name).parent) for name in gone)}
        for name in sorted(bare, reverse=True):
            self._remove_empty(self.folder / name)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _render_and_write(self, file: OutputFile) -> bytes:
        """Make and write a file, perhaps in a child; give what came of it before the file's bytes."""
        data = file.render()
        if self._process not in (os.getpid(), os.getppid()):
            os._exit(1)  # the build was ended: its children must not write into the next one's output
        return _HEAD.pack(*self._write(file.path, data)) + data

    def _write(self, name: str, data: bytes) -> WriteResult:
        path = self._checked_path(name)
        there = self._present.files.get(name)
        if there and there[0] == len(data) and Path(path).read_bytes() == data:
            return False, *there
        return True, *write_file_fast(path, data)

    def _record(self, file: OutputFile, written: WriteResult) -> None:
        changed, size, time = written
        self.changed += changed
        self.written[file.path] = (file.key, size, time)

    def _checked_path(self, name: str) -> str:
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
    if not is_daybook_site(folder):
        raise ArchiveError("OUTPUT holds what Daybook did not make; empty it or name another", path=folder)


def is_daybook_site(folder: Path) -> bool:
    """Tell whether a folder may be written into: absent, empty but for hidden files, or our site."""
    if not folder.exists():
        return True
    index = folder / "index.html"
    if index.is_file():
        return _MARK in index.read_bytes()[:4096]
    return not any(not path.name.startswith(".") for path in folder.iterdir())


def _name(file: OutputFile) -> bytes:
    return file.key + file.path.encode()


def _is_hidden(name: str) -> bool:
    return "/." in f"/{name}"


def static_output_files(named: Iterable[tuple[str, bytes]]) -> Iterable[OutputFile]:
    """Give files that are made already; their content is their key."""
    for path, data in named:
        yield OutputFile(path, hashlib.blake2b(data, digest_size=16).digest(), lambda data=data: data)  # type: ignore[misc]


_SUM = 8  # bytes before all else, by which a damaged memory is known


def cache_folder(caches: Path, output: Path) -> Path:
    """Give the place in the cache of one OUTPUT, so that two archives never push each other out.

    It depends on how the two lie to each other: a cache that is restored elsewhere still serves.
    """
    way = os.path.relpath(output.resolve(), caches.resolve())
    return caches / hashlib.sha256(way.encode()).hexdigest()[:16]


def start_scan(folder: Path) -> Callable[[], FolderState]:
    """Begin to `scan` beside what this process does; give what waits for the result."""
    wait = start_job(lambda: msgspec.msgpack.encode(scan_folder(folder)))
    return cache(lambda: msgspec.msgpack.decode(wait(), type=FolderState))


def scan_folder(folder: Path) -> FolderState:
    """Look at every file below a folder, hidden folders left out; links are seen, not followed."""
    files: dict[str, tuple[int, int]] = {}
    torn: list[str] = []
    bare: list[str] = []
    waiting = [(str(folder), "")]
    while waiting:
        place, prefix = waiting.pop()
        with suppress(FileNotFoundError), os.scandir(place) as found:
            empty = True
            for item in found:
                empty = False
                name = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith("."):
                        waiting.append((item.path, f"{name}/"))
                elif item.name.startswith(".") and item.name.endswith(".part"):
                    torn.append(name)
                else:
                    state = item.stat(follow_symlinks=False)
                    files[name] = (state.st_size, state.st_mtime_ns)
            if empty and prefix:
                bare.append(prefix)
    return FolderState(files, tuple(torn), tuple(bare))


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM).digest()
