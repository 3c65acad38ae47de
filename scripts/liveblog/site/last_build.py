"""What the last build left in the output folder: the only place that remembers it.

The memory lies in the cache, beside the mark of a build that is not finished. It is trusted
for a file only while size and time of change are what it says; without it all is compared.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from ..storage import replace_file
from ..workers import begin

Known = tuple[bytes, int, int]  # a file's key, its size in bytes, its time of change in nanoseconds

_SUM = 8  # bytes before all else, by which a damaged memory is known


class Present(Struct, frozen=True, array_like=True):
    """What is in a folder: (size, time of change) of its files, torn parts, folders that hold nothing."""

    files: dict[str, tuple[int, int]]
    torn: tuple[str, ...]
    bare: tuple[str, ...]


class Finished(Struct, frozen=True, array_like=True):
    """A finished build: a digest of all that went in, its line, what to look at, its files."""

    inputs: bytes = b""
    line: str = ""
    doubts: tuple[str, ...] = ()
    files: dict[str, Known] = {}


class LastBuild:
    """The memory of one output folder, in a folder of the cache."""

    def __init__(self, place: Path) -> None:
        """Read what the last build wrote down; a memory that is damaged is none."""
        self._file, self._mark = place / "output.msgpack", place / "unfinished"
        self.finished = Finished()
        with suppress(OSError, msgspec.DecodeError):
            data = self._file.read_bytes()
            if data[:_SUM] == _sum(data[_SUM:]):
                self.finished = msgspec.msgpack.decode(data[_SUM:], type=Finished)

    @property
    def known(self) -> dict[str, Known]:
        """Give what is known of each file of the output."""
        return self.finished.files

    @property
    def unfinished(self) -> bool:
        """Tell whether a build began to write and did not come to its end."""
        return self._mark.exists()

    def is_of(self, inputs: bytes) -> bool:
        """Tell whether the last build came to its end and was made of these inputs."""
        return not self.unfinished and self.finished.inputs == inputs

    def is_whole(self, present: Present) -> bool:
        """Tell whether the output is just as the last build left it."""
        left = {name: (size, changed) for name, (_, size, changed) in self.known.items()}
        return present.files == left and not present.torn and not present.bare

    def begin(self) -> None:
        """Say that the output is being changed."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._mark, b"A build began to write the output and has not finished.\n", durable=False)

    def finish(self, build: Finished) -> None:
        """Write down a build that came to its end."""
        data = msgspec.msgpack.encode(build)
        replace_file(self._file, _sum(data) + data, durable=False)
        self._mark.unlink(missing_ok=True)


def place_in(caches: Path, output: Path) -> Path:
    """Give the place in the cache of one OUTPUT, so that two archives never push each other out.

    It depends on how the two lie to each other: a cache that is restored elsewhere still serves.
    """
    way = os.path.relpath(output.resolve(), caches.resolve())
    return caches / hashlib.sha256(way.encode()).hexdigest()[:16]


def begin_scan(folder: Path) -> Callable[[], Present]:
    """Begin to `scan` beside what this process does; give what waits for the result."""
    wait = begin(lambda: msgspec.msgpack.encode(scan(folder)))
    return cache(lambda: msgspec.msgpack.decode(wait(), type=Present))


def scan(folder: Path) -> Present:
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
    return Present(files, tuple(torn), tuple(bare))


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM).digest()
