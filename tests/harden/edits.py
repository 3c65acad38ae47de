"""Random edits and commands in turn: at the end the site must equal a clean build, byte for byte.

`python -m harden.edits --scripts 500 --jobs 2` runs the scripts numbered from `--first`. The number is the seed of a
script: it chooses the edits, the commands and the moments at which a build is killed, so a failure can be repeated.

A script edits an archive a few times, and after each time runs one of the commands `html`, `publish`, `release`,
`serve` (with further edits while it runs) and `check`, in a process that may be killed. At the end it runs one more
command, and the same one on a copy of the content without an output and a cache. Both must give the same site, the
same lists of addresses, the same release, the same messages and the same exit status.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import msgspec
from checkouts import copy_theme
from forked import run_forked
from served_edits import serve_with_edits

from harden.edited_archive import EditedArchive
from harden.random_edits import edit_at_random, write_archive

STEPS = 4
SCRIPTS_PER_ARCHIVE = 25  # that start from the same archive and site
COMMANDS = (*("build",) * 4, *("publish",) * 3, "release", *("serve",) * 2, "check")  # the frequent ones repeated
LOOKING = ("publish", "release", "check")  # those that find what somebody edited in the output
ADDRESSES = ("https://a.example/archive", "https://b.example")
_KILLED_SHARE = 0.3
_MOST_CHANGES = 300  # of a build to files or a database, before one of which it is killed
_ON_ONE_CORE = 0.8  # share of commands
_HOUR = 3_600_000_000_000  # nanoseconds
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGING_EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
Files = dict[str, bytes]


class EditCounts(msgspec.Struct):
    """What scripts did, and a description of each that ended in another site than a clean build.

    Attributes:
        scripts: Scripts that ran.
        edits: How often each edit was made.
        commands: How often each command ran to its end, and ``killed``.
        failed: Commands that reported a mistake in the archive.
        different: What differs, by script.
    """

    scripts: int = 0
    edits: Counter[str] = msgspec.field(default_factory=Counter)
    commands: Counter[str] = msgspec.field(default_factory=Counter)
    failed: int = 0
    different: list[str] = []

    def add(self, other: "EditCounts") -> None:
        """Add the counts of other scripts."""
        self.scripts, self.failed = self.scripts + other.scripts, self.failed + other.failed
        self.edits, self.commands = self.edits + other.edits, self.commands + other.commands
        self.different += other.different


class EditScript:
    """A script: its archive, its random numbers and its log."""

    def __init__(self, archive: EditedArchive, seed: int, count: EditCounts) -> None:
        """Take an archive, and the counts to add to."""
        self.archive, self.rng, self.seed, self.count = archive, random.Random(f"script {seed}"), seed, count
        self.log: list[str] = []
        self._hours = 0

    def run(self) -> None:
        """Edit the archive and run commands in turn, then compare."""
        for _ in range(STEPS):
            self._edit()
            if self.rng.random() < _KILLED_SHARE:
                self._run(self.rng.choice(("build", "build", "publish", "release")), kill=True)
            if self.rng.random() < 0.8:
                self._run(self.rng.choice(COMMANDS))
            self.archive.keep_snapshot()
        self._edit()
        self._compare()
        self.count.scripts += 1

    def _edit(self) -> None:
        names = edit_at_random(self.archive, self.rng.choice([0, 1, 1, 1, 2, 3, 5]))
        self.log += names
        self.count.edits.update(names)

    def _environment(self, command: str, root: str = "") -> dict[str, str]:
        paths = {"CONTENT": f"{root}content", "OUTPUT": f"{root}site", "CACHE": f"{root}cache", "CONF": "conf.py"}
        needs_address = command == "publish" or (command in ("release", "check") and self.rng.random() < 0.5)
        return {**paths, "SITEURL": self.rng.choice(ADDRESSES) if needs_address else "", "PORT": "0"}

    def _run(self, command: str, *, kill: bool = False, environment: dict[str, str] | None = None) -> "Result":
        archive = self.archive
        prepare = self._killing() if kill else self._prepare()
        environment = environment or self._environment(command)
        if command == "serve":
            result = serve_with_edits(archive.folder, environment, self._edit, rounds=self.rng.randint(0, 2))
        else:
            result = _run_to_the_end(command, archive.folder, environment, prepare)
        killed = result.returncode == -signal.SIGKILL
        self.count.commands["killed" if killed else command] += 1
        self.count.failed += result.returncode == 1
        self.log.append(f"{command} {environment['SITEURL']}".strip() + (" killed" if killed else ""))
        if result.returncode not in ((0, 1, -signal.SIGKILL) if kill else (0, 1)):
            self._report(f"exit status {result.returncode}: {result.stderr.strip()[-800:]}")
        if command in LOOKING and result.returncode == 0:
            archive.is_tampered = False
        return result

    def _prepare(self) -> Callable[[], None]:
        """Return what is done in the process of a command before it.

        It may run an hour after the last one: then files are known by their metadata. Most run on one core, as two
        processes take more time for a small archive.
        """
        self._hours += self.rng.randint(0, 1)
        hours, place = self._hours, self.rng.random()

        def prepare() -> None:
            _shift_clock(hours * _HOUR)
            if place < _ON_ONE_CORE and hasattr(os, "sched_setaffinity"):
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(0, {cores[int(place / _ON_ONE_CORE * len(cores))]})

        return prepare

    def _killing(self) -> Callable[[], None]:
        """Return the same, and what kills the process before one of its changes to files or to a database."""
        prepare = self._prepare()
        what, number = self.rng.choice(["file", "file", "SQL"]), round(_MOST_CHANGES ** self.rng.random())
        return lambda: (prepare(), _kill_before(what, number))[0]

    def _compare(self) -> None:
        """Run a last command, and the same one without output and cache; report what differs."""
        archive = self.archive
        command = self.rng.choice(LOOKING if archive.is_tampered else COMMANDS)
        if command == "serve":  # it ends with edits and a build; then the clean one is `build`
            self._run(command)
            command = "publish" if archive.is_tampered else "build"
        for _ in range(2):
            clean = archive.folder / "clean"
            shutil.copytree(archive.content, clean / "content")
            environment = self._environment(command)
            result = self._run(command, environment=environment)
            paths = {name: f"clean/{environment[name]}" for name in ("CONTENT", "OUTPUT", "CACHE")}
            expected = run_forked([command], archive.folder, {**environment, **paths}, self._prepare())
            self._compare_results(result, expected)
            if (clean / "site").exists():
                names = ["content", "site"] + (["release"] if command == "release" else [])
                for name in names:
                    self._compare_files(name, files_of(archive.folder / name), files_of(clean / name))
                return
            shutil.rmtree(clean)
            archive.correct_mistakes()
        self._report(f"the archive cannot be built: {expected.stderr}")

    def _compare_results(self, result: "Result", expected: "Result") -> None:
        if result.returncode != expected.returncode:
            self._report(f"exit status {result.returncode}, {expected.returncode} of a clean build: {result.stderr}")
        lines, clean_lines = _messages(result.stderr), _messages(expected.stderr.replace("clean/", ""))
        if lines != clean_lines:
            self._report(f"messages {sorted(lines ^ clean_lines)}")

    def _compare_files(self, folder: str, found: Files, expected: Files) -> None:
        names = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
        if names:
            lists = {"missing": expected.keys() - found.keys(), "left over": found.keys() - expected.keys()}
            kinds = [next((kind for kind, those in lists.items() if name in those), "differs") for name in names]
            shown = [f"{name} ({kind})" for name, kind in zip(names[:8], kinds, strict=False)]
            self._report(f"{len(names)} in {folder}: {', '.join(shown)}")

    def _report(self, what: str) -> None:
        self.count.different.append(f"script {self.seed} ({'; '.join(self.log)}): {what}")


Result = CompletedProcess[str]


def files_of(folder: Path) -> Files:
    """Return the bytes of all files below a folder; a folder in it that is empty has none."""
    paths = [path for path in folder.rglob("*") if path.is_file() or not any(path.iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in paths}


def _messages(text: str) -> set[str]:
    """Return the lines of standard error, without those on progress and on an earlier command that was killed."""
    ignored = re.compile("files written: |.*an earlier run was interrupted")
    return {line for line in text.splitlines() if line and not ignored.match(line)}


def _run_to_the_end(
    command: str, folder: Path, environment: dict[str, str], prepare: Callable[[], object]
) -> CompletedProcess[str]:
    """Run a command and wait also for processes that it leaves behind when it is killed."""
    reader, writer = os.pipe()  # each of them has a copy of `writer`
    result = run_forked([command], folder, environment, prepare)
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    return result


def _shift_clock(nanoseconds: int) -> None:
    now = time.time_ns
    time.time_ns = lambda: now() + nanoseconds


def _kill_before(what: str, number: int) -> None:
    """Kill this process before its `number`-th change: to a file, or by an SQL statement."""
    process, done = os.getpid(), 0

    def count() -> None:
        nonlocal done
        if os.getpid() == process:  # not in its children
            done += 1
            if done == number:
                os.kill(process, signal.SIGKILL)

    def audit(event: str, values: tuple[object, ...]) -> None:
        if event in _CHANGING_EVENTS or (event == "open" and isinstance(values[2], int) and values[2] & _WRITE_FLAGS):
            count()

    def connect(*args: Any, **names: Any) -> sqlite3.Connection:
        database = connect_to(*args, **names)
        database.set_trace_callback(lambda statement: None if statement.startswith("SELECT") else count())
        return database

    connect_to = sqlite3.connect
    if what == "SQL":
        sqlite3.connect = connect
    else:
        sys.addaudithook(audit)


def run_scripts(seeds: Sequence[int]) -> EditCounts:
    """Run the scripts with these seeds, which are in order; each difference is printed when it is found."""
    count = EditCounts()
    with tempfile.TemporaryDirectory() as name:
        theme = Path(name) / "theme"  # a copy: compiled templates are stored in it
        copy_theme(theme)
        for number, group in groupby(seeds, key=lambda seed: seed // SCRIPTS_PER_ARCHIVE):
            base, folder = Path(name) / f"base-{number}", Path(name) / "script"
            EditScript(write_archive(base, theme, number), -1, EditCounts())._run("build")
            for seed in group:
                shutil.copytree(base, folder)
                known = len(count.different)
                EditScript(EditedArchive(folder, theme, seed), seed, count).run()
                for difference in count.different[known:]:
                    print(difference, file=sys.stderr, flush=True)
                shutil.rmtree(folder)
            shutil.rmtree(base)
    return count


def main(scripts: int, first: int = 0, jobs: int = 1) -> EditCounts:
    """Run `scripts` scripts, numbered from `first`, in `jobs` processes."""
    seeds = range(first, first + scripts)
    parts = [list(group) for _, group in groupby(seeds, key=lambda seed: seed // SCRIPTS_PER_ARCHIVE)]
    whole = EditCounts()
    if jobs == 1:
        results = map(run_scripts, parts)
        for count in results:
            whole.add(count)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            for count in pool.map(run_scripts, parts):
                whole.add(count)
    return whole


def describe(count: EditCounts) -> str:
    """Return the counts in a line, and a line for each difference."""
    commands = ", ".join(f"{number} {name}" for name, number in sorted(count.commands.items()))
    work = f"{count.scripts} scripts, {count.edits.total():,} edits, commands: {commands} ({count.failed} failed)"
    return "\n".join([f"edits: {work}; {len(count.different)} differences from clean builds", *count.different])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="harden.edits", description="Run random edit scripts.")
    parser.add_argument("--scripts", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first script")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    found = main(options.scripts, options.first, options.jobs)
    print(describe(found))
    sys.exit(bool(found.different))
