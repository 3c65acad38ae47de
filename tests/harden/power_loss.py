"""What is left of a content folder after a power loss: `python -m harden.power_loss`.

Commands run in a process that records their operations on files. After each operation the power may fail. POSIX
promises only what was synced: the bytes of a file, and in which folder it stands under which name, each by a sync of
its own. `Disk` holds both states, and `states_after_power_loss` combines them: everything unsynced is lost, or kept,
or some of it, or a file has half of its bytes. In each state every file must be as before the command or as the
command wrote it, and nothing that was there when an earlier command ended may be missing.
"""

import contextlib
import itertools
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec

from daybook import cli
from daybook.archive.day_file import load_day
from daybook.core.errors import ArchiveError
from harden.faults import CONF, forked, records

Tree = dict[str, bytes]
_MOST_STATES = 300  # of one moment; with more unsynced changes than that some of them are chosen at random
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Operation(msgspec.Struct, frozen=True):
    """A call that a process made: `open`, `write`, `sync`, `rename`, `make`, `remove`, or `end` of a command.

    `open` and `make` have the path of a file and a folder; a later `write` or `sync` refers to a descriptor.
    """

    name: str
    path: str = ""
    to: str = ""
    descriptor: int = -1
    data: bytes = b""


# Recording


class Recorder:
    """Records the operations of this process in a folder and below it, and the syncs of the folder around it."""

    def __init__(self, folder: Path) -> None:
        """Replace the functions of `os`; the process must end afterwards."""
        self.operations: list[Operation] = []
        self._root, self._name = folder.parent, folder.name
        self._descriptors: set[int] = set()
        self._calls = {name: getattr(os, name) for name in ("open", "close", "write", "fsync", "rename", "replace")}
        self._calls |= {name: getattr(os, name) for name in ("mkdir", "unlink", "remove", "rmdir")}
        self._opening = False
        for name in self._calls:
            setattr(os, name, getattr(self, f"_{name}"))
        for name in ("link", "symlink", "truncate", "ftruncate", "pwrite", "writev", "sendfile", "fdatasync"):
            setattr(os, name, self._refuse(name))
        sys.addaudithook(self._audit)

    def end(self, command: str) -> None:
        """Record that a command has ended, so that its user relies on what it did."""
        self.operations.append(Operation("end", command))

    def _relative(self, path: Any) -> str | None:
        """Return a path relative to the folder around the recorded one; None for others."""
        if isinstance(path, int):
            return None
        absolute = os.path.abspath(os.fspath(path))  # noqa: PTH100 - of text or bytes, without links
        relative = os.path.relpath(absolute, self._root)
        return relative if relative == "." or relative.split("/")[0] == self._name else None

    def _open(self, path: Any, flags: int, *args: Any, **names: Any) -> int:
        relative = self._relative(path)
        self._opening = True
        try:
            descriptor: int = self._calls["open"](path, flags, *args, **names)
        finally:
            self._opening = False
        if relative is not None:
            self._descriptors.add(descriptor)
            name = "truncate" if flags & os.O_TRUNC else "open"
            self.operations.append(Operation(name, relative, descriptor=descriptor))
        return descriptor

    def _close(self, descriptor: int) -> None:
        self._descriptors.discard(descriptor)
        self._calls["close"](descriptor)

    def _write(self, descriptor: int, data: Any) -> int:
        written: int = self._calls["write"](descriptor, data)
        if descriptor in self._descriptors:
            self.operations.append(Operation("write", descriptor=descriptor, data=bytes(data[:written])))
        return written

    def _fsync(self, descriptor: int) -> None:
        self._calls["fsync"](descriptor)
        if descriptor in self._descriptors:
            self.operations.append(Operation("sync", descriptor=descriptor))

    def _rename(self, source: Any, target: Any, **names: Any) -> None:
        self._calls["rename"](source, target, **names)
        if (path := self._relative(source)) is not None:
            self.operations.append(Operation("rename", path, self._relative(target) or ""))

    _replace = _rename

    def _mkdir(self, path: Any, *args: Any, **names: Any) -> None:
        self._calls["mkdir"](path, *args, **names)
        if (relative := self._relative(path)) is not None:
            self.operations.append(Operation("make", relative))

    def _unlink(self, path: Any, **names: Any) -> None:
        self._calls["unlink"](path, **names)
        if (relative := self._relative(path)) is not None:
            self.operations.append(Operation("remove", relative))

    _remove = _unlink

    def _rmdir(self, path: Any, **names: Any) -> None:
        self._calls["rmdir"](path, **names)
        if (relative := self._relative(path)) is not None:
            self.operations.append(Operation("remove", relative))

    def _refuse(self, name: str) -> Callable[..., None]:
        def refuse(*_: object, **__: object) -> None:
            raise NotImplementedError(f"os.{name} is not recorded")

        return refuse

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse a file that is opened for writing by other means than `os.open`."""
        if event == "open" and not self._opening and isinstance(arguments[0], (str, bytes, os.PathLike)):
            mode, flags = arguments[1:3]
            is_written = any(sign in mode for sign in "wax+") if mode else flags & _WRITE_FLAGS
            if is_written and self._relative(arguments[0]) is not None:
                raise NotImplementedError(f"{arguments[0]!r} is opened without os.open, which is recorded")


def record(commands: Sequence[Callable[[], int]], content: Path, name: str = "command") -> list[Operation]:
    """Run commands in one forked process; return what they did in the content folder, with an `end` after each."""
    log = content.parent / f"{name}.log"

    def run() -> int:
        recorder = Recorder(content)
        status = 0
        for command in commands:
            status = max(status, command())
            recorder.end(name)
        log.write_bytes(msgspec.msgpack.encode(recorder.operations))
        return status

    assert forked(run) in (0, 1)
    operations = msgspec.msgpack.decode(log.read_bytes(), type=list[Operation])
    log.unlink()
    return operations


# The disk


class _File(msgspec.Struct):
    data: bytes = b""
    synced: bytes = b""


class _Folder(msgspec.Struct):
    names: dict[str, int]  # numbers of files and folders
    synced: dict[str, int]
    changes: list[dict[str, int | None]]  # since the last sync, each as a whole: None removes a name


class Disk:
    """Files and folders, as processes see them and as they are stored."""

    def __init__(self, tree: Tree) -> None:
        """Start with a folder "" and files in it, all stored."""
        self.items: list[_File | _Folder] = [_Folder({}, {}, [])]
        self._descriptors: dict[int, int] = {}
        for path, data in tree.items():
            parts = path.split("/")
            for depth in range(1, len(parts)):
                if self._find("/".join(parts[:depth])) is None:
                    self._add("/".join(parts[:depth]), _Folder({}, {}, []))
            self._add(path, _File(data, data))
        for item in self.items:
            self._sync(item)

    def apply(self, operation: Operation) -> None:
        """Do what a process did."""
        path = operation.path.removeprefix(".")
        if operation.name in ("open", "truncate"):
            number = self._find(path)
            if number is None:
                number = self._add(path, _File())
            item = self.items[number]
            if operation.name == "truncate" and isinstance(item, _File):
                item.data = b""
            self._descriptors[operation.descriptor] = number
        elif operation.name == "write":
            file = self.items[self._descriptors[operation.descriptor]]
            assert isinstance(file, _File)
            file.data += operation.data
        elif operation.name == "sync":
            self._sync(self.items[self._descriptors[operation.descriptor]])
        elif operation.name == "make":
            self._add(path, _Folder({}, {}, []))
        elif operation.name == "remove":
            self._change(path, None)
        elif operation.name == "rename":
            assert path.rpartition("/")[0] == operation.to.rpartition("/")[0], "only within a folder"
            number = self._find(path)
            assert number is not None
            folder = self._folder(path)
            change = {path.rpartition("/")[2]: None, operation.to.rpartition("/")[2]: number}
            folder.changes.append(change)
            _change_names(folder.names, change)

    def tree(self) -> Tree:
        """Return all files as processes see them."""
        return self._walk(0, "", lambda folder: folder.names, lambda file: file.data)

    def states_after_power_loss(self) -> Iterator[Tree]:
        """Yield each set of files that may be left, first that without anything unsynced, then that with everything."""
        folders = [item for item in self.items if isinstance(item, _Folder) and item.changes]
        files = [item for item in self.items if isinstance(item, _File) and item.data != item.synced]
        changes = sum(len(folder.changes) for folder in folders)
        seen: list[Tree] = []
        for choice in _choices([2] * changes + [3] * len(files)):
            kept = iter(choice[:changes])
            names = {id(folder): dict(folder.synced) for folder in folders}
            for folder in folders:
                for change in folder.changes:
                    if next(kept):
                        _change_names(names[id(folder)], change)
            # The bytes of an unsynced file: the former ones, all, or half.
            versions = {
                id(file): (file.synced, file.data, file.data[: len(file.data) // 2])[version]
                for file, version in zip(files, choice[changes:], strict=True)
            }
            tree = self._walk(
                0,
                "",
                lambda folder, names=names: names.get(id(folder), folder.synced),
                lambda file, versions=versions: versions.get(id(file), file.synced),
            )
            if tree not in seen:
                seen.append(tree)
                yield tree

    def _walk(
        self, number: int, path: str, names: Callable[[_Folder], dict[str, int]], data: Callable[[_File], bytes]
    ) -> Tree:
        item = self.items[number]
        if isinstance(item, _File):
            return {path: data(item)}
        found: Tree = {}
        for name, child in names(item).items():
            found |= self._walk(child, f"{path}/{name}".lstrip("/"), names, data)
        return found

    def _folder(self, path: str) -> _Folder:
        number = self._find(path.rpartition("/")[0])
        assert number is not None
        folder = self.items[number]
        assert isinstance(folder, _Folder)
        return folder

    def _find(self, path: str) -> int | None:
        number: int | None = 0
        for name in filter(None, path.split("/")):
            item = self.items[number or 0]
            number = item.names.get(name) if isinstance(item, _Folder) else None
            if number is None:
                return None
        return number

    def _add(self, path: str, item: _File | _Folder) -> int:
        self.items.append(item)
        self._change(path, len(self.items) - 1)
        return len(self.items) - 1

    def _change(self, path: str, number: int | None) -> None:
        folder, change = self._folder(path), {path.rpartition("/")[2]: number}
        folder.changes.append(change)
        _change_names(folder.names, change)

    def _sync(self, item: _File | _Folder) -> None:
        if isinstance(item, _File):
            item.synced = item.data
        else:
            item.synced, item.changes = dict(item.names), []


def _change_names(names: dict[str, int], change: dict[str, int | None]) -> None:
    for name, number in change.items():
        if number is None:
            names.pop(name, None)
        else:
            names[name] = number


def _choices(options: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every combination of choices, those of all 0 and all 1 first, or if there are too many, some of them."""
    count = 1
    for number in options:
        count *= number
    yield tuple(0 for _ in options)
    yield tuple(1 for _ in options)
    if count <= _MOST_STATES:
        yield from itertools.product(*map(range, options))
        return
    rng = random.Random(len(options))
    for _ in range(_MOST_STATES):
        yield tuple(rng.randrange(number) for number in options)


# What must be left


class PowerLossCounts(msgspec.Struct):
    """The numbers of moments, of states after a power loss, and of what was wrong in them.

    Attributes:
        moments: Operations after which the power failed.
        states: Different sets of files that were left.
        kills: Processes that were killed, followed by another run, followed by a power loss.
        lost: Files or entries that were there when an earlier command ended, and are not any more.
        torn: Files that are neither as before nor as the command wrote them, or cannot be read.
        diverged: Next runs that gave another result than without the power loss.
        examples: The first of them.
    """

    moments: int = 0
    states: int = 0
    kills: int = 0
    lost: int = 0
    torn: int = 0
    diverged: int = 0
    examples: list[str] = []

    @property
    def faults(self) -> int:
        """Return the number of what must not occur."""
        return self.lost + self.torn + self.diverged

    def report(self, kind: str, example: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.examples) < 5:
            self.examples.append(f"{kind}: {example}")


def complete_files(tree: Tree) -> Tree:
    """Return the files of a tree without the temporary ones, which the next run removes."""
    return {path: data for path, data in tree.items() if not path.endswith(".part")}


def entries(tree: Tree) -> set[tuple[str, str]]:
    """Return headline and text of all entries of the day files that can be read."""
    found = set()
    for path, data in tree.items():
        with contextlib.suppress(ArchiveError, UnicodeDecodeError):
            if "/days/" in path and path.endswith(".md"):
                found |= {(entry.headline, entry.body) for entry in load_day(data.decode()).entries}
    return found - {("", "")}


def check_operations(disk: Disk, operations: Sequence[Operation], count: PowerLossCounts) -> None:
    """Let the power fail before and after each operation, and count what is wrong; `disk` is then as at the end."""
    ends = [number for number, operation in enumerate(operations) if operation.name == "end"]
    start = 0
    for end in ends:
        before = complete_files(disk.tree())
        whole = deepcopy(disk)
        for operation in operations[start : end + 1]:
            whole.apply(operation)
        kept = entries(before) & entries(complete_files(whole.tree()))
        written = {path: {data} for path, data in before.items()}
        for operation in operations[start : end + 1]:
            disk.apply(operation)
            # A file that is renamed, or left at the end, is complete; in between it may be written in parts.
            for path, data in complete_files(disk.tree()).items():
                if operation.name == "end" or path == operation.to:
                    written.setdefault(path, set()).add(data)
            required = complete_files(disk.tree()) if operation.name == "end" else before
            count.moments += 1
            for state in disk.states_after_power_loss():
                count.states += 1
                for kind, what in _find_faults(complete_files(state), required, written, kept):
                    count.report(kind, f"{what} after {operation.name} {operation.path}")
        start = end + 1


def _find_faults(
    state: Tree, required: Tree, written: dict[str, set[bytes]], kept: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield what is lost or torn, each with its name."""
    yield from (("lost", path) for path in required if path not in state)
    for path, data in state.items():
        if data not in written.get(path, ()) or not _is_readable(path, data):
            yield "torn", path
    yield from (("lost", repr(headline)) for headline, _ in sorted(kept - entries(state)))


def _is_readable(path: str, data: bytes) -> bool:
    try:
        if path.endswith(".md"):
            load_day(data.decode())
    except (ArchiveError, UnicodeDecodeError):
        return False
    return True


def write_tree(tree: Tree, folder: Path) -> None:
    """Write the files of a tree."""
    for path, data in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def read_tree(folder: Path) -> Tree:
    """Read all files of a folder; paths begin with its name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in paths}


# Commands


def scenarios(root: Path) -> dict[str, Callable[[], int]]:
    """Write settings and records below `root`; return commands by name, in the order in which a person runs them."""
    (root / "conf.py").write_text(CONF)
    for name, changed in (("first", False), ("later", True)):
        (root / f"{name}.jsonl").write_text(records(changed))
    (root / "page.txt").write_text("Live: the harbour\n\n1815 GMT The lamp is lit\n\nIt burns.\n")
    paths = {"CONTENT": "content", "CONF": "conf.py", "OUTPUT": "site", "CACHE": "cache"}
    os.environ |= {name: str(root / path) for name, path in paths.items()}
    os.environ["SITEURL"] = "https://a.example"
    return {
        "ingest a page": lambda: cli.main(["ingest", "--date", "2031-04-07", str(root / "page.txt")]),
        "ingest records": lambda: cli.main(["ingest", "--records", str(root / "first.jsonl")]),
        "ingest a later capture": lambda: cli.main(["ingest", "--records", str(root / "later.jsonl")]),
        "publish": lambda: cli.main(["publish"]),
        "withdraw": lambda: cli.main(["withdraw", "2031-04-09#t0030", "--reason", "In error"]),
        "move": lambda: cli.main(["move", "2031-04-10#t0100", "2032-01-02"]),
        "publish again": lambda: cli.main(["publish"]),
    }


def main(reruns: bool) -> PowerLossCounts:
    """Check all commands, one after the other; `reruns` also runs each again after a power loss and after a kill."""
    count = PowerLossCounts()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        content = root / "content"
        disk = Disk({})
        for title, command in scenarios(root).items():
            before = deepcopy(disk)
            operations = record([command], content, title.replace(" ", "-"))
            check_operations(disk, operations, count)
            assert disk.tree() == read_tree(content), f"{title}: an operation was not recorded"
            if reruns:
                check_next_run(before, operations, command, content, count)
                replace_content(disk.tree(), content)
    return count


def replace_content(tree: Tree, content: Path) -> None:
    """Make the content folder what a tree says."""
    for path in sorted(content.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    write_tree(tree, content.parent)


def check_next_run(
    disk: Disk, operations: Sequence[Operation], command: Callable[[], int], content: Path, count: PowerLossCounts
) -> None:
    """Run a command again after a power loss, and after a kill that is followed by a power loss.

    After a power loss, with nothing unsynced or everything, the next run must end as the first one. A killed process
    leaves everything in the system's memory; when the next run has ended, nothing of both may be lost.
    """
    done = deepcopy(disk)
    for operation in operations:
        done.apply(operation)
    for number in range(len(operations)):
        disk.apply(operations[number])
        place = f"{operations[number].name} {operations[number].path}"
        for state in itertools.islice(disk.states_after_power_loss(), 2):
            replace_content(state, content)
            assert forked(command) in (0, 1)
            if complete_files(read_tree(content)) != complete_files(done.tree()):
                count.report("diverged", f"after a power loss after {place}")
        killed = deepcopy(disk)
        replace_content(killed.tree(), content)
        count.kills += 1
        for operation in record([command], content):
            killed.apply(operation)
        left = next(killed.states_after_power_loss())
        if complete_files(left) != complete_files(done.tree()):
            count.report("lost", f"killed after {place}, run again, then a power loss")


if __name__ == "__main__":
    counts = main(len(sys.argv) > 1 and sys.argv[1] == "reruns")
    print(msgspec.json.encode(counts).decode())
