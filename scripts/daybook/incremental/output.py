"""Write the files of a site into the output folder, and remove those of earlier builds.

A file is rendered only if its key is not in the cache, and replaced only if its bytes differ.
What the last build wrote is stored in the cache folder as BuildRecord.
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
from daybook.core.hashing import bytes_digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs, start_job

FileState = tuple[bytes, int, int]  # a file's key, its size in bytes, its modification time in nanoseconds
WriteResult = tuple[bool, int, int]  # whether a file changed, its size in bytes, its modification time in nanoseconds

# On every page; a folder whose index.html has it may be written to.
_GENERATOR = b'<meta name="generator" content="Daybook">'
_GENERATOR_SEARCHED = 4096  # bytes at the start of index.html
_CHECKSUM_SIZE = 8  # bytes, at the start of a stored BuildRecord
_MIN_PAGES_PER_PROCESS = 10
_WRITE_RESULT = struct.Struct("<?qq")  # a WriteResult, before the bytes that a child sends back


class BuildRecord(Struct, frozen=True, array_like=True):
    """A finished build: the digest of its inputs, its summary line, its warnings, the state of its files.

    `other_files` are those in the output folder that plugins wrote: size and modification time.
    """

    inputs: bytes = b""
    summary: str = ""
    warnings: tuple[str, ...] = ()
    files: dict[str, FileState] = {}
    other_files: dict[str, tuple[int, int]] = {}


class FolderState(Struct, frozen=True, array_like=True):
    """What a folder contains, by paths relative to it.

    `files` have a size in bytes and a modification time in nanoseconds; an interrupted build left `partial_files`.
    """

    files: dict[str, tuple[int, int]]
    partial_files: tuple[str, ...]
    empty_folders: tuple[str, ...]


class OutputFile(NamedTuple):
    """A file by its path below the site's root (``2023/06/02/index.html``).

    `key` is a digest of everything that `render` reads: equal path and key mean equal bytes.
    `render` is called at most once, and perhaps in another process.
    """

    path: str
    key: bytes
    render: Callable[[], bytes]


def static_output_files(contents: Iterable[tuple[str, bytes]]) -> Iterable[OutputFile]:
    """Yield output files for known contents, given by path; the key is the digest of the bytes."""
    for path, data in contents:
        yield OutputFile(path, bytes_digest(data), lambda data=data: data)  # type: ignore[misc]


def cache_folder(caches: Path, output: Path) -> Path:
    """Return the cache folder of one output folder, so that several archives can share `caches`.

    Its name depends on the relative path between the two, so it is found again after both were moved together,
    as when a CI job restores a cache.
    """
    path = os.path.relpath(output.resolve(), caches.resolve())
    return caches / hashlib.sha256(path.encode()).hexdigest()[:16]


class BuildState:
    """What the last build of an output folder wrote, stored in its cache folder."""

    def __init__(self, folder: Path) -> None:
        """Read the stored record; a missing or damaged one counts as no build."""
        self._record_file, self._unfinished_mark = folder / "output.msgpack", folder / "unfinished"
        self.record = BuildRecord()
        with suppress(OSError, msgspec.DecodeError):
            data = self._record_file.read_bytes()
            if data[:_CHECKSUM_SIZE] == _checksum(data[_CHECKSUM_SIZE:]):
                self.record = msgspec.msgpack.decode(data[_CHECKSUM_SIZE:], type=BuildRecord)

    @property
    def unfinished(self) -> bool:
        """Return whether a build began to write and did not finish."""
        return self._unfinished_mark.exists()

    def has_inputs(self, inputs: bytes) -> bool:
        """Return whether the last build finished and had these inputs."""
        return not self.unfinished and self.record.inputs == inputs

    def matches(self, folder: FolderState) -> bool:
        """Return whether the output folder is exactly as the last build left it."""
        files = {name: (size, modified) for name, (_, size, modified) in self.record.files.items()}
        return folder.files == files and not folder.partial_files and not folder.empty_folders

    def begin(self) -> None:
        """Mark the output as unfinished."""
        message = b"A build began to write the output and has not finished.\n"
        replace_file(self._unfinished_mark, message, durable=False)

    def finish(self, build: BuildRecord) -> None:
        """Store the record of a finished build and remove the mark."""
        data = msgspec.msgpack.encode(build)
        replace_file(self._record_file, _checksum(data) + data, durable=False)
        self._unfinished_mark.unlink(missing_ok=True)


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM_SIZE).digest()


def start_scan(folder: Path) -> Callable[[], FolderState]:
    """Start `scan_folder` in another process; return a function that waits for its result.

    A build without changes mainly waits for this: with 7,000 files, 0.05 of its 0.33 seconds of processor time.
    """
    wait = start_job(lambda: msgspec.msgpack.encode(scan_folder(folder)))
    return cache(lambda: msgspec.msgpack.decode(wait(), type=FolderState))


def scan_folder(folder: Path) -> FolderState:
    """List all files below a folder, except in hidden folders; symbolic links are not followed."""
    files: dict[str, tuple[int, int]] = {}
    partial_files: list[str] = []
    empty_folders: list[str] = []
    folders = [(str(folder), "")]
    while folders:
        path, prefix = folders.pop()
        with suppress(FileNotFoundError), os.scandir(path) as scan:
            items = list(scan)
            if not items and prefix:
                empty_folders.append(prefix)
            for item in items:
                name = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith("."):
                        folders.append((item.path, f"{name}/"))
                elif item.name.startswith(".") and item.name.endswith(".part"):
                    partial_files.append(name)
                else:
                    state = item.stat(follow_symlinks=False)
                    files[name] = (state.st_size, state.st_mtime_ns)
    return FolderState(files, tuple(partial_files), tuple(empty_folders))


def check_folder(folder: Path) -> None:
    """Raise ArchiveError if a site cannot be written to `folder`: a file, or a folder with other things."""
    if folder.exists() and not folder.is_dir():
        raise ArchiveError("OUTPUT is a file; name a folder", path=folder)
    if not is_daybook_site(folder):
        raise ArchiveError("OUTPUT has files that Daybook did not write; empty the folder or name another", path=folder)


def is_daybook_site(folder: Path) -> bool:
    """Return whether a folder may be written to: absent, empty except for hidden files, or a Daybook site."""
    if not folder.exists():
        return True
    index = folder / "index.html"
    if index.is_file():
        return _GENERATOR in index.read_bytes()[:_GENERATOR_SEARCHED]
    return all(path.name.startswith(".") for path in folder.iterdir())


class OutputFolder:
    """The output folder during one build.

    `written` has the state of each file of this build, `other_files` that of each file that a plugin wrote itself;
    `changed` and `removed` count files.
    """

    def __init__(self, folder: Path, last_build: BuildState, cache: BuildCache) -> None:
        """Raise ArchiveError if `folder` has something other than a Daybook site."""
        self.folder = folder.resolve()
        self.written: dict[str, FileState] = {}
        self.other_files: dict[str, tuple[int, int]] = {}
        self.changed = self.removed = 0
        self._last_build, self._cache = last_build, cache
        self._process = os.getpid()
        self._checked_folders: set[str] = set()
        self._emptied: set[str] = set()  # folders in which files of plugins were removed
        check_folder(folder)

    def open(self, state: FolderState | None = None) -> None:
        """Scan the folder unless its state is given, then mark it as a Daybook site and as unfinished.

        Both marks come before any other file, so that an interrupted build can be continued.
        """
        self._on_disk = state or scan_folder(self.folder)
        self._last_build.begin()
        # Plugins write their files anew at each build, also those that leave an existing file alone.
        for name, last in self._last_build.record.other_files.items():
            if self._on_disk.files.get(name) == last and _file_state(self.folder / name) == last:
                (self.folder / name).unlink()
                del self._on_disk.files[name]
                self._emptied.add(str(PurePosixPath(name).parent))
        index = self.folder / "index.html"
        if not index.exists():
            replace_file(index, b"<!doctype html>\n" + _GENERATOR + b"\n", durable=False)

    def write(self, files: Iterable[OutputFile]) -> None:
        """Write files that changed; raise ArchiveError if two have the same path."""
        to_render: list[OutputFile] = []
        for file in files:
            if file.path in self.written:
                raise ArchiveError(f"two pages have the address {file.path}; rename one of them")
            last = self._last_build.record.files.get(file.path)
            cache_key = _cache_key(file)
            if last and last == (file.key, *self._on_disk.files.get(file.path, ())):
                self.written[file.path] = last
                self._cache.touch([cache_key])
            elif (data := self._cache.get(cache_key)) is not None:
                self._record(file.path, file.key, self._write(file.path, data))
            else:
                self.written[file.path] = (file.key, -1, 0)  # until it is rendered: reserves the path
                to_render.append(file)
        jobs = [partial(self._render_and_write, file) for file in to_render]
        for number, result in run_jobs(jobs, min_jobs_per_process=_MIN_PAGES_PER_PROCESS, label="files written"):
            file = to_render[number]
            self._record(file.path, file.key, _WRITE_RESULT.unpack_from(result))
            self._cache.put(_cache_key(file), result[_WRITE_RESULT.size :])

    def write_bytes(self, path: str, data: bytes) -> None:
        """Write a file whose bytes are known and that the cache need not keep.

        Raises ArchiveError if the site has a file with this path, or one that is a folder of it.
        """
        parents = {str(parent) for parent in PurePosixPath(path).parents}
        if path in self.written or parents & self.written.keys():
            raise ArchiveError(f"two files have the address {path}; rename one of them")
        key = bytes_digest(data)
        last = self._last_build.record.files.get(path)
        if last and last == (key, *self._on_disk.files.get(path, ())):
            self.written[path] = last
        else:
            self._record(path, key, self._write(path, data))

    def _render_and_write(self, file: OutputFile) -> bytes:
        """Render and write a file, perhaps in a child; return the packed WriteResult and the file's bytes."""
        data = file.render()
        if self._process not in (os.getpid(), os.getppid()):
            os._exit(1)  # the parent was killed: the next build may be writing to the folder already
        return _WRITE_RESULT.pack(*self._write(file.path, data)) + data

    def _write(self, name: str, data: bytes) -> WriteResult:
        """Write a file unless it has these bytes; raise ArchiveError if it would be outside the output folder."""
        folder = name.rpartition("/")[0]
        if folder not in self._checked_folders:
            if any(part in ("", ".", "..") for part in name.split("/")):
                raise ArchiveError(f"{name!r} would be written outside OUTPUT; rename the page")
            # A symbolic link in the folder may lead outside even if the name does not.
            if os.path.realpath(f"{self.folder}/{folder}").rstrip("/") != f"{self.folder}/{folder}".rstrip("/"):
                raise ArchiveError(f"{name!r} would be written outside OUTPUT; remove the symbolic link in its path")
            self._checked_folders.add(folder)
        path = f"{self.folder}/{name}"
        state = self._on_disk.files.get(name)
        if state and state[0] == len(data) and Path(path).read_bytes() == data:
            return False, *state
        return True, *write_file_fast(path, data)

    def _record(self, path: str, key: bytes, result: WriteResult) -> None:
        changed, size, modified = result
        self.changed += changed
        self.written[path] = (key, size, modified)

    def find_other_files(self) -> None:
        """Find the files that plugins wrote during this build without the writer: `finish` does not remove them."""
        self.other_files = {
            name: state
            for name, state in scan_folder(self.folder).files.items()
            if name not in self.written and state != self._on_disk.files.get(name) and "/." not in f"/{name}"
        }

    def finish(self) -> None:
        """Remove files of earlier builds, except hidden files, and folders that are empty then."""
        kept = self.written.keys() | self.other_files.keys()
        stale = [name for name in self._on_disk.files if name not in kept and "/." not in f"/{name}"]
        for name in (*stale, *self._on_disk.partial_files):
            (self.folder / name).unlink(missing_ok=True)
        self.removed = len(stale) + len(self._on_disk.partial_files)
        folders = {*self._on_disk.empty_folders, *self._emptied, *(str(PurePosixPath(name).parent) for name in stale)}
        for name in sorted(folders, reverse=True):
            folder = self.folder / name
            while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                folder = folder.parent


def _file_state(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        state = path.lstat()
        return state.st_size, state.st_mtime_ns
    return None


def _cache_key(file: OutputFile) -> bytes:
    return file.key + file.path.encode()
