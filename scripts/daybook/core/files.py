"""Read content files, replace files atomically, and lock folders against a second process."""

import fcntl
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters

_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
_CHECKSUM_SIZE = 8  # bytes, at the start of a file that `write_checked` wrote
_PARTIAL_FILE = re.compile(r"\.[\w-]+\.(?:md|txt|jsonl)\.[a-z0-9_]{8}\.part")  # of `replace_file` in a content folder


def read_text_file(path: Path) -> str:
    """Return the text of a content file; raise ArchiveError with the line that is not UTF-8 or not text."""
    return decode_utf8(path.read_bytes(), path)


def decode_utf8(data: bytes, path: Path) -> str:
    """Decode the bytes of a content file, with the same errors as `read_text_file`."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        check_characters(text, lines=True)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ArchiveError("not UTF-8 text; save the file as UTF-8", path=path, line=line) from None
    except ArchiveError as error:
        raise error.at(path) from None
    return text


def replace_file(path: Path, data: bytes, *, durable: bool) -> bool:
    """Write `data` to `path` atomically unless the file has it already; return whether it changed.

    After a crash the path has either the old bytes or the new ones. The file keeps its mode. With `durable`, the
    bytes, the name and all folders that were created are on disk when the function returns.
    """
    mode = None
    with suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return False
        mode = stat.S_IMODE(path.stat().st_mode)
    if durable:
        make_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    _write_and_rename(str(part), str(path), data, mode=mode, durable=durable)
    if durable:
        sync_folder(path.parent)
    return True


def make_folder(path: Path) -> None:
    """Create a folder that may exist, and its missing parents; they are on disk when the function returns."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in reversed(missing):
        sync_folder(folder.parent)


def sync_folder(path: Path) -> None:
    """Store on disk which files a folder has: syncing a file stores its bytes, not its name."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file_fast(path: str, data: bytes) -> tuple[int, int]:
    """Write `data` to `path` atomically; return the file's size and modification time in nanoseconds.

    Takes half the time of `replace_file`, for a folder that only one process writes to: the temporary file
    has a fixed name, the old bytes are not compared, and there is no fsync.
    """
    folder, _, name = path.rpartition("/")
    state = _write_and_rename(f"{folder}/.{name}.part", path, data)
    return state.st_size, state.st_mtime_ns


def _write_and_rename(
    part: str, path: str, data: bytes, *, mode: int | None = None, durable: bool = False
) -> os.stat_result:
    """Write `data` to the temporary file `part` and rename it to `path`; create missing folders.

    An OSError names `path`.
    """
    try:
        try:
            descriptor = os.open(part, _CREATE_FLAGS, 0o666)
        except FileNotFoundError:
            os.makedirs(part.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 - a Path takes as long as the writing
            descriptor = os.open(part, _CREATE_FLAGS, 0o666)
    except OSError as error:
        error.filename = path if error.filename == part else error.filename  # or a folder that cannot be created
        raise
    try:
        try:
            if mode is not None:
                os.fchmod(descriptor, mode)
            unwritten = memoryview(data)
            while unwritten:
                unwritten = unwritten[os.write(descriptor, unwritten) :]
            if durable:
                os.fsync(descriptor)
            state = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        os.replace(part, path)  # noqa: PTH105
    except BaseException as error:
        Path(part).unlink(missing_ok=True)
        if isinstance(error, OSError):  # a write to a full disk raises one without a file name
            error.filename = path
        raise
    return state


@contextmanager
def lock_folders(content: Path, *others: Path) -> Iterator[None]:
    """Lock a content folder and other folders for one command; wait if another process has one of them.

    Creates missing folders. Removes the temporary files of an interrupted run from `content`, and stores on disk what
    that run renamed there. At the end, removes folders of `others` that were created and are still empty.
    """
    created = [folder for folder in others if not folder.exists()]
    with ExitStack() as locks:
        for folder in {path.resolve(): path for path in (content, *others)}.values():
            if folder.exists() and not folder.is_dir():
                raise ArchiveError("this is a file; name a folder", path=folder)
            make_folder(folder)
            descriptor = os.open(folder, os.O_RDONLY)
            locks.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"{folder}: another ingest or build is running; waiting for it", file=sys.stderr, flush=True)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        _finish_interrupted_run(content)
        try:
            yield
        finally:
            for folder in created:
                with suppress(OSError):
                    folder.rmdir()


def _finish_interrupted_run(content: Path) -> None:
    """Remove the temporary files of a killed process, and sync the folders in which it may have renamed files.

    Otherwise this run could find a file as it should be and report success, and a power loss would undo both.
    """
    for folder in (content, *content.glob("ledger"), *content.glob("days"), *content.glob("days/*")):
        if not folder.is_dir() or folder.is_symlink():
            continue  # a mistake that other functions report
        for part in sorted(folder.glob(".*.part")):
            if _PARTIAL_FILE.fullmatch(part.name) and part.is_file() and not part.is_symlink():
                part.unlink()
                print(f"{part}: removed; an earlier run was interrupted while writing this file", file=sys.stderr)
        sync_folder(folder)
    with suppress(PermissionError):  # a folder that may be entered but not listed
        sync_folder(content.resolve().parent)


def read_checked(path: Path) -> bytes:
    """Return what `write_checked` wrote to a file; no bytes if it is missing or damaged."""
    with suppress(OSError):
        data = path.read_bytes()
        if data[:_CHECKSUM_SIZE] == _checksum(data[_CHECKSUM_SIZE:]):
            return data[_CHECKSUM_SIZE:]
    return b""


def write_checked(path: Path, data: bytes) -> None:
    """Write a file with a checksum at its start, for data that can be computed again if the file is damaged."""
    replace_file(path, _checksum(data) + data, durable=False)


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM_SIZE).digest()
