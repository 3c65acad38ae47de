"""Files as wholes: the only place that reads content, replaces files on disk, and locks a folder."""

import fcntl
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


_NEW = 0o666  # what a new file may be, as far as the umask lets it


_PART = re.compile(r"\.[\w-]+\.(?:md|txt)\.[a-z0-9_]{8}\.part")  # as `replace_file` names it


def read_text_file(path: Path) -> str:
    """Return a content file's text; what is not UTF-8, or no text, is an error with its line."""
    return decode_utf8(path.read_bytes(), path)


def decode_utf8(data: bytes, path: Path) -> str:
    """Return the text of a content file that was read already, as `read_text` does."""
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
    """Make `path` hold `data`, or leave it as it is; tell whether it changed.

    The bytes go into a neighbour that then takes the name, so a reader or a crash meets
    the old file or the new one, never a part. A file keeps the mode it had. `durable` waits until the disk has it.
    """
    try:
        if path.read_bytes() == data:
            return False
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mode = _NEW & ~_umask()
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        _name(error, path)
        raise
    if durable:
        _sync_folder(path.parent)
    return True


def write_file_fast(path: str, data: bytes) -> tuple[int, int]:
    """Make a file hold `data`, whatever it held; give its size and its time of change in nanoseconds.

    As `replace_file` does it, but at a fifth of its cost and for a folder that one process
    writes: the bytes go into a neighbour of a known name, and nobody waits for the disk.
    """
    folder, _, name = path.rpartition("/")
    part = f"{folder}/.{name}.part"
    try:
        handle = os.open(part, _FRESH, _NEW)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - a Path for each file of a site takes as long as the file
        handle = os.open(part, _FRESH, _NEW)
    try:
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
            state = os.fstat(handle)
        finally:
            os.close(handle)
        os.replace(part, path)  # noqa: PTH105
    except BaseException as error:
        Path(part).unlink(missing_ok=True)
        _name(error, path)
        raise
    return state.st_size, state.st_mtime_ns


def _umask() -> int:
    mask = os.umask(0o077)  # it can be read only by setting it
    os.umask(mask)
    return mask


def _name(error: BaseException, path: str | Path) -> None:
    if isinstance(error, OSError):  # a full disk does not say which file it was
        error.filename = str(path)


@contextmanager
def lock_folders(content: Path, *others: Path) -> Iterator[None]:
    """Hold a content folder, and an output, for one ingest or build; a second process says so and waits."""
    new = [folder for folder in others if not folder.exists()]
    with ExitStack() as held:
        for folder in {path.resolve(): path for path in (content, *others)}.values():
            held.enter_context(_locked(folder))
        _sweep(content)
        try:
            yield
        finally:
            for folder in new:
                with suppress(OSError):
                    folder.rmdir()  # nothing was made, so nothing is left


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    if folder.exists() and not folder.is_dir():
        raise ArchiveError("this is a file; name a folder", path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{folder}: another ingest or build is at work; waiting for it", file=sys.stderr, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sweep(content: Path) -> None:
    """Remove the unfinished files that a killed run left where an archive is written, and say so."""
    for pattern in ("", "ledger", "days/*"):
        for folder in content.glob(pattern) if pattern else (content,):
            for part in sorted(folder.glob(".*.part")):
                if _PART.fullmatch(part.name) and part.is_file() and not part.is_symlink():
                    part.unlink()
                    print(f"{part}: removed, an earlier run was ended while it wrote this file", file=sys.stderr)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
