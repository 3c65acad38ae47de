"""Kill ingest and build, and make their writes fail: `python -m harden.faults KILLS STEP`.

Each is killed KILLS times. Every write of ingest fails once, and every STEP-th write of the build. Each fault happens
in a forked process of its own. Afterwards every file must be the old or the new one, and the next run must end as if
nothing had happened.
"""

import contextlib
import errno
import io
import itertools
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
from builds import build_site

from daybook import cli
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.record import PageSource, Record, dump_record

CONF = 'SITENAME = "Harden"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "UTC"\n'
# Exit statuses that neither command uses.
_UNEXPECTED_ERROR = 70
_NO_STEP_FAILED = 99
Files = dict[str, bytes]


class FaultCounts(msgspec.Struct):
    """The numbers of faults and of their consequences.

    Attributes:
        kills: Processes that were to be killed.
        killed: Those that were still running then.
        failing_writes: Processes in which a write failed.
        torn: Files that were neither the old nor the new one.
        diverged: Next runs that failed or gave another result.
        silent: Failing writes that were not reported.
    """

    kills: int = 0
    killed: int = 0
    failing_writes: int = 0
    torn: int = 0
    diverged: int = 0
    silent: int = 0

    @property
    def faults(self) -> int:
        """Return the number of consequences that must not occur."""
        return self.torn + self.diverged + self.silent


class FaultScenario(msgspec.Struct, frozen=True):
    """A command and the folder that it changes; `state` are all folders to reset before each run."""

    run: Callable[[], int]
    folder: Path
    state: tuple[Path, ...]

    def reset(self, copy: Path) -> None:
        """Restore the old state from a copy."""
        for path in self.state:
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(copy / path.name, path)


def files(folder: Path) -> Files:
    """Return the files of a folder, without the temporary files that a crash leaves."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def records(changed: bool) -> str:
    """Return the records of a capture; the changed one, a later capture, corrects some entries and adds some."""
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
    """Run a function in a forked process; return its exit status, -SIGPROF if it was killed.

    The system kills it after `delay` seconds of its own CPU time, so that a busy machine does not matter.
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
            os._exit(_UNEXPECTED_ERROR)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def failing(at: int, work: Callable[[], int]) -> Callable[[], int]:
    """Return `work` with its `at`-th write step failing as on a full disk: to create, write, sync or rename a file."""

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

        os.fsync = faulty(os.fsync)
        os.replace = faulty(os.replace)
        os.open, os.write = faulty(os.open), faulty(os.write)
        os.fdopen = lambda *args, **names: _FailingFile(fdopen(*args, **names), faulty)
        status = work()
        return _NO_STEP_FAILED if status == 0 and steps < at else status

    fdopen = os.fdopen
    return run


class _FailingFile:
    """A file whose `write` is a step that may fail."""

    def __init__(self, file: io.BufferedWriter, faulty: Callable[..., Any]) -> None:
        self.file, self.write = file, faulty(file.write)

    def __enter__(self) -> "_FailingFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def inject_faults(scenario: FaultScenario, delays: Iterable[float], step: int) -> FaultCounts:
    """Kill a command after each delay, then make every `step`-th write fail; return what happened."""
    count = FaultCounts()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for path in scenario.state:
            shutil.copytree(path, copy / path.name)
        old = files(scenario.folder)
        assert forked(scenario.run) == 0
        new = files(scenario.folder)
        assert new != old
        for delay in delays:
            scenario.reset(copy)
            count.kills += 1
            count.killed += forked(scenario.run, delay) == -signal.SIGPROF
            _check(scenario, (old, new), count)
        for at in itertools.count(1, step):
            scenario.reset(copy)
            status = forked(failing(at, scenario.run))
            if status == _NO_STEP_FAILED:
                break
            count.failing_writes += 1
            # A cache that cannot be written only costs time, so the complete new site is right, too.
            count.silent += status == _UNEXPECTED_ERROR or (status == 0 and files(scenario.folder) != new)
            _check(scenario, (old, new), count)
    return count


def _check(scenario: FaultScenario, states: tuple[Files, Files], count: FaultCounts) -> None:
    old, new = states
    for name, data in files(scenario.folder).items():
        count.torn += data not in (old.get(name), new.get(name))
    count.torn += sum(name not in files(scenario.folder) for name in old if name in new)
    ended = forked(scenario.run)
    count.diverged += ended != 0 or files(scenario.folder) != new


def ingest_scenario(root: Path) -> FaultScenario:
    """Return the ingest of a later capture into an archive that holds the earlier one."""
    content = root / "content"
    (root / "conf.py").write_text(CONF)
    for name, changed in (("old", False), ("new", True)):
        (root / f"{name}.jsonl").write_text(records(changed))
    os.environ |= {"CONTENT": str(content), "CONF": str(root / "conf.py")}
    # Here, as the first build: forked processes then have the modules that each imports when it is first needed.
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["ingest", "--records", str(root / "old.jsonl")]) == 0
    return FaultScenario(lambda: cli.main(["ingest", "--records", str(root / "new.jsonl")]), content, (content,))


def build_scenario(root: Path) -> FaultScenario:
    """Return the build of an archive that changed since the build before."""
    ingest_scenario(root)
    paths = BuildPaths(content=root / "content", output=root / "site", conf=root / "conf.py", cache=root / "cache")

    def run() -> int:
        build_site(paths)
        return 0

    with contextlib.redirect_stdout(io.StringIO()):
        run()
    assert forked(lambda: cli.main(["ingest", "--records", str(root / "new.jsonl")])) == 0
    return FaultScenario(run, root / "site", (root / "site", root / "cache"))


def _children_time() -> float:
    """Return the CPU time of all child processes that have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main(kills: int, step: int) -> dict[str, FaultCounts]:
    """Inject faults into both commands; the delays are spread over the time that a run takes."""
    counts = {}
    rng = random.Random(7)
    for name, make in (("ingest", ingest_scenario), ("build", build_scenario)):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            scenario = make(Path(folder))
            with tempfile.TemporaryDirectory() as copy:
                for path in scenario.state:
                    shutil.copytree(path, Path(copy) / path.name)
                started = _children_time()
                assert forked(scenario.run) == 0
                duration = _children_time() - started
                scenario.reset(Path(copy))
            delays = [rng.uniform(0, 0.8 * duration) for _ in range(kills)]
            counts[name] = inject_faults(scenario, delays, step if name == "build" else 1)
    return counts


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]), int(sys.argv[2]))).decode())
