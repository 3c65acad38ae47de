"""The jobs that are timed, each a process of its own: what a maintainer waits for."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from paths import ROOT
from peers_hugo import has_pagefind, hugo_command, pagefind_command, write_day, write_theme
from tables import Run

from daybook.archive.content import find_day_files, read_day

ENTRY = "\n## 23:58 A late word from the harbour\n\nThe ferry to Lohn came in an hour after its time.\n"


def timed(command: Sequence[str], environment: Mapping[str, str] = {}) -> Run:
    """Run a command that must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(rounds: Iterable[Mapping[str, Run]]) -> dict[str, Run]:
    """Give each job's median wall and CPU time and its largest memory."""
    found: dict[str, list[Run]] = {}
    for each in rounds:
        for name, run in each.items():
            found.setdefault(name, []).append(run)
    return {
        name: Run(
            statistics.median(run.wall for run in runs),
            statistics.median(run.cpu for run in runs),
            max(run.memory for run in runs),
        )
        for name, runs in found.items()
    }


class Jobs:
    """Our jobs on one archive."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder, self.content = folder, content
        self.days = sorted((content / "days").rglob("*.md"))
        (folder / "conf.py").write_text('SITENAME = "Bench"\nFIRST_DAY = "2022-02-23"\nTIMEZONE = "UTC"\nPLACES = {}\n')

    def build(self, content: Path | None = None, output: str = "site", cache: str = "cache") -> Run:
        """Build as `make html` does."""
        places = {
            "CONTENT": str(content or self.content),
            "OUTPUT": str(self.folder / output),
            "CACHE": str(self.folder / cache),
            "CONF": str(self.folder / "conf.py"),
            "PYTHONPATH": str(ROOT / "scripts"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        return timed([sys.executable, "-m", "daybook", "build"], places)

    def round(self) -> dict[str, Run]:
        """Build cold, again, with a new day, with an entry put into an old day, and from the cache alone."""
        newest, old = self.days[-1], self.days[len(self.days) // 3]
        kept = newest.read_bytes(), old.read_bytes()
        for name in ("site", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        newest.unlink()
        found = {"cold": self.build()}
        found["nothing"] = self.build()
        newest.write_bytes(kept[0])
        found["day"] = self.build()
        old.write_bytes(kept[1] + ENTRY.encode())
        found["entry"] = self.build()
        old.write_bytes(kept[1])
        self.build()
        shutil.rmtree(self.folder / "site")
        found["restored"] = self.build()
        found["writing"] = self._written()
        return found

    def once(self) -> dict[str, Run]:
        """Build an archive of one day, and Pelican's own empty site."""
        one = self.folder / "one"
        path = one / self.days[0].relative_to(self.content)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.days[0], path)
        self.build(one, "site1", "cache1")
        runs, empty = [], []
        (self.folder / "empty").mkdir(exist_ok=True)
        for number in range(5):
            path.write_text(path.read_text() + f"\nWord {number}.\n")
            runs.append(self.build(one, "site1", "cache1"))
            out = str(self.folder / "pelican")
            command = [
                sys.executable,
                "-m",
                "pelican",
                "-q",
                "--fatal",
                "errors",
                "-o",
                out,
                str(self.folder / "empty"),
            ]
            empty.append(timed(command))
        return {"one day": sorted(runs)[2], "empty": sorted(empty)[2]}

    def pages(self) -> dict[str, int]:
        """Count the files and pages of the site."""
        files = [path for path in (self.folder / "site").rglob("*") if path.is_file()]
        return {"files": len(files), "pages": sum(path.suffix == ".html" for path in files)}

    def _written(self) -> Run:
        # Elsewhere, as it holds the whole site: see `speed`.
        with ProcessPoolExecutor(1) as writing:
            wall = writing.submit(_write_again, self.folder / "site", self.folder / "written").result()
        return Run(wall, wall, 0)


def _write_again(site: Path, target: Path) -> float:
    """Write a site's files into an empty folder, and remove them; give the seconds of writing."""
    files = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    started = time.perf_counter()
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    wall = time.perf_counter() - started
    shutil.rmtree(target)
    return wall


class Peers:
    """Hugo and Pagefind on the same days."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.site, self.by_entry = folder / "hugo", folder / "hugo-entries"
        write_theme(self.site)
        write_theme(self.by_entry)
        for day in map(read_day, find_day_files(content)):  # one at a time: a process is born with its parent's memory
            write_day(self.by_entry, day, by_entry=True)
            self.newest = write_day(self.site, day)

    def round(self) -> dict[str, Run]:
        """Build cold, index, and build again with a new day; Hugo makes all of it each time."""
        kept = self.newest.read_bytes()
        shutil.rmtree(self.site / "public", ignore_errors=True)
        self.newest.unlink()
        found = {"Hugo": timed(hugo_command(self.site))}
        self.newest.write_bytes(kept)
        found["Hugo again"] = timed(hugo_command(self.site))
        if has_pagefind():
            found["Pagefind"] = timed(pagefind_command(self.site))
        return found

    def once(self) -> dict[str, Run]:
        """Build and index a page for each entry."""
        found = {"Hugo, a page an entry": timed(hugo_command(self.by_entry))}
        if has_pagefind():
            found["Pagefind, a page an entry"] = timed(pagefind_command(self.by_entry))
        return found

    def pages(self) -> dict[str, int]:
        """Count the files and pages of the site that Hugo made."""
        files = [path for path in (self.site / "public").rglob("*") if path.is_file()]
        return {"files": len(files), "pages": sum(path.suffix == ".html" for path in files)}
