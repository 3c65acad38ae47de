"""Kills and failing writes, in ingest and in build: `python -m harden.faults KILLS STEP`.

Each is killed KILLS times; every write of ingest fails once, and each STEP-th write of the build.

Each fault strikes a process of its own, forked from this one. Afterwards every file must be
the old or the new one; the next run must end as if nothing had happened.
"""

import contextlib
import errno
import io
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

import write_days
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.record import PageSource, Record, dump_record
from daybook.site.build import build_site

CONF = 'SITENAME = "Harden"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "UTC"\n'
Files = dict[str, bytes]


class FaultCounts(msgspec.Struct):
    """What was done and what it did: `torn` files, runs that did not `converge`, and silent failures."""

    kills: int = 0
    struck: int = 0
    failing_writes: int = 0
    torn: int = 0
    diverged: int = 0
    silent: int = 0

    @property
    def faults(self) -> int:
        return self.torn + self.diverged + self.silent


class FaultScenario(msgspec.Struct, frozen=True):
    """A command on a folder that holds its old state; `folder` is what it changes."""

    run: Callable[[], int]
    folder: Path
    kept: tuple[Path, ...]

    def reset(self, copy: Path) -> None:
        for path in self.kept:
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(copy / path.name, path)


def files(folder: Path) -> Files:
    """Read a folder; parts that a crash left are no files of ours."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def records(changed: bool) -> str:
    """Give the records of two captures of one live blog: the later corrects some and adds some."""
    rows = []
    for number in range(40 if changed else 24):
        source = PageSource(url="https://a.example/live", title="Harbour", date=None, captured="2031-04-12T00:00:00Z")
        day, minute = 8 + number % 4, 30 * (number // 4)
        text = f"Crossing {number} was on time{', or nearly' if changed and number % 5 == 0 else ''}."
        at = f"2031-04-{day:02}T{minute // 60:02}:{minute % 60:02}:00Z"
        source = msgspec.structs.replace(source, captured="2031-04-13T00:00:00Z") if changed else source
        record = Record(at=at, id=f"c{number}", headline=f"Crossing {number}", text=text, source=source)
        rows.append(dump_record(record))
    return "\n".join(rows)


def forked(work: Callable[[], int], delay: float | None = None) -> int:
    """Run in a process of its own; return its exit status, -SIGPROF for one that was killed.

    The system kills it after `delay` seconds of its own work, so that a busy machine moves no kill.
    """
    child = os.fork()
    if child == 0:
        if delay is not None:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, delay)
        with Path(os.devnull).open("w") as null:
            os.dup2(null.fileno(), 1)
            os.dup2(null.fileno(), 2)
        try:
            os._exit(work())
        except (ArchiveError, OSError):
            os._exit(1)
        except BaseException:
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def failing(at: int, work: Callable[[], int]) -> Callable[[], int]:
    """Let the `at`-th step of writing fail as on a full disk: making, filling, syncing, naming a file."""

    def run() -> int:
        steps = 0

        def faulty(call: Callable[..., Any]) -> Callable[..., Any]:
            def step(*args: Any, **names: Any) -> Any:
                nonlocal steps
                steps += 1
                if steps == at:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return call(*args, **names)

            return step

        tempfile.mkstemp = faulty(tempfile.mkstemp)
        os.fsync = faulty(os.fsync)
        os.replace = faulty(os.replace)
        os.open, os.write = faulty(os.open), faulty(os.write)
        os.fdopen = lambda *args, **names: _Full(fdopen(*args, **names), faulty)
        status = work()
        return 99 if status == 0 and steps < at else status

    fdopen = os.fdopen
    return run


class _Full:
    """A file whose writing is a step that may fail."""

    def __init__(self, file: io.BufferedWriter, faulty: Callable[..., Any]) -> None:
        self.file, self.write = file, faulty(file.write)

    def __enter__(self) -> "_Full":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def inject_faults(scene: FaultScenario, delays: Iterable[float], step: int) -> FaultCounts:
    """Strike a command by kills after some delays and by each `step`-th failing write."""
    count = FaultCounts()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for path in scene.kept:
            shutil.copytree(path, copy / path.name)
        old = files(scene.folder)
        assert forked(scene.run) == 0
        new = files(scene.folder)
        assert new != old
        for delay in delays:
            scene.reset(copy)
            count.kills += 1
            count.struck += forked(scene.run, delay) == -signal.SIGPROF
            _judge(scene, (old, new), count)
        status, at = 1, 1
        while status != 99:
            scene.reset(copy)
            status = forked(failing(at, scene.run))
            if status != 99:
                count.failing_writes += 1
                # A cache that cannot be written costs time only, so a whole new site is right too.
                count.silent += status == 70 or (status == 0 and files(scene.folder) != new)
                _judge(scene, (old, new), count)
            at += step
    return count


def _judge(scene: FaultScenario, states: tuple[Files, Files], count: FaultCounts) -> None:
    old, new = states
    for name, data in files(scene.folder).items():
        count.torn += data not in (old.get(name), new.get(name))
    count.torn += sum(name not in files(scene.folder) for name in old if name in new)
    ended = forked(scene.run)
    count.diverged += ended != 0 or files(scene.folder) != new


def ingest_scene(root: Path) -> FaultScenario:
    """The later capture of a live blog comes into an archive that holds the earlier one."""
    content = root / "content"
    (root / "conf.py").write_text(CONF)
    for name, changed in (("old", False), ("new", True)):
        (root / f"{name}.jsonl").write_text(records(changed))
    os.environ |= {"CONTENT": str(content), "CONF": str(root / "conf.py")}
    assert forked(lambda: write_days.main(["--records", str(root / "old.jsonl")])) == 0
    return FaultScenario(lambda: write_days.main(["--records", str(root / "new.jsonl")]), content, (content,))


def build_scene(root: Path) -> FaultScenario:
    """A site of the earlier capture stands in the output; the content holds the later one."""
    ingest_scene(root)
    places = BuildPaths(content=root / "content", output=root / "site", conf=root / "conf.py", cache=root / "cache")

    def run() -> int:
        build_site(places)
        return 0

    assert forked(run) == 0
    assert forked(lambda: write_days.main(["--records", str(root / "new.jsonl")])) == 0
    return FaultScenario(run, root / "site", (root / "site", root / "cache"))


def _work_of_children() -> float:
    """Return the seconds that ended child processes have worked."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main(kills: int, step: int) -> dict[str, FaultCounts]:
    """Strike both commands; the delays are spread over the work that a whole run takes."""
    counts = {}
    chance = random.Random(7)
    for name, make in (("ingest", ingest_scene), ("build", build_scene)):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            scene = make(Path(folder))
            with tempfile.TemporaryDirectory() as kept:
                for path in scene.kept:
                    shutil.copytree(path, Path(kept) / path.name)
                begun = _work_of_children()
                assert forked(scene.run) == 0
                took = _work_of_children() - begun
                scene.reset(Path(kept))
            delays = [chance.uniform(0, 0.8 * took) for _ in range(kills)]
            counts[name] = inject_faults(scene, delays, step if name == "build" else 1)
    return counts


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]), int(sys.argv[2]))).decode())
