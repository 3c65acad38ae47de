"""Timed builds, each a process of its own: what a maintainer waits for."""

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

from bench import pagefind
from bench.hugo import hugo_command, write_day, write_theme
from bench.tables import Run
from daybook.archive.content import find_day_files, read_day_with_lines

ENTRY = "\n## 23:58 A late word from the harbour\n\nThe ferry to Lohn came in an hour after its time.\n"


def timed(command: Sequence[str], environment: Mapping[str, str] = {}) -> Run:
    """Run a command and return its times and memory. Raises SystemExit if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(rounds: Iterable[Mapping[str, Run]]) -> dict[str, Run]:
    """Return the median wall and CPU time of each job and its largest memory."""
    runs_of: dict[str, list[Run]] = {}
    for results in rounds:
        for name, run in results.items():
            runs_of.setdefault(name, []).append(run)
    return {
        name: Run(
            statistics.median(run.wall for run in runs),
            statistics.median(run.cpu for run in runs),
            max(run.memory for run in runs),
        )
        for name, runs in runs_of.items()
    }


class Jobs:
    """Builds of Daybook on one archive."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder, self.content = folder, content
        self.days = sorted((content / "days").rglob("*.md"))
        (folder / "conf.py").write_text('SITENAME = "Bench"\nFIRST_DAY = "2022-02-23"\nTIMEZONE = "UTC"\nPLACES = {}\n')

    def build(self, content: Path | None = None, output: str = "site", cache: str = "cache") -> Run:
        """Build as `make html` does."""
        variables = {
            "CONTENT": str(content or self.content),
            "OUTPUT": str(self.folder / output),
            "CACHE": str(self.folder / cache),
            "CONF": str(self.folder / "conf.py"),
            "PYTHONPATH": str(ROOT / "scripts"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        return timed([sys.executable, "-m", "daybook", "build"], variables)

    def round(self) -> dict[str, Run]:
        """Build cold, unchanged, with a new day, with an entry in an old day, and with the cache but no output."""
        newest, old = self.days[-1], self.days[len(self.days) // 3]
        newest_text, old_text = newest.read_bytes(), old.read_bytes()
        for name in ("site", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        newest.unlink()
        runs = {"cold": self.build()}
        runs["nothing"] = self.build()
        newest.write_bytes(newest_text)
        runs["day"] = self.build()
        old.write_bytes(old_text + ENTRY.encode())
        runs["entry"] = self.build()
        old.write_bytes(old_text)
        self.build()
        shutil.rmtree(self.folder / "site")
        runs["restored"] = self.build()
        runs["writing"] = self._write_again()
        return runs

    def once(self) -> dict[str, Run]:
        """Build an archive of one day, and an empty site with Pelican alone; return the medians of five."""
        one = self.folder / "one"
        path = one / self.days[0].relative_to(self.content)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.days[0], path)
        self.build(one, "site1", "cache1")
        runs, empty = [], []
        (self.folder / "empty").mkdir(exist_ok=True)
        for number in range(5):
            path.write_text(path.read_text() + f"\nEdit {number}.\n")
            runs.append(self.build(one, "site1", "cache1"))
            out = str(self.folder / "pelican")
            options = ["-q", "--fatal", "errors", "-o", out]
            empty.append(timed([sys.executable, "-m", "pelican", *options, str(self.folder / "empty")]))
        return {"one day": sorted(runs)[2], "empty": sorted(empty)[2]}

    def pages(self) -> dict[str, int]:
        """Count the files and pages of the site."""
        return count_files(self.folder / "site")

    def _write_again(self) -> Run:
        # In a process of its own, since it holds the whole site in memory: see `speed`.
        with ProcessPoolExecutor(1) as writing:
            wall = writing.submit(_time_writing, self.folder / "site", self.folder / "written").result()
        return Run(wall, wall, 0)


def count_files(folder: Path) -> dict[str, int]:
    """Return the number of files below a folder, and of HTML pages among them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {"files": len(files), "pages": sum(path.suffix == ".html" for path in files)}


def _time_writing(site: Path, target: Path) -> float:
    """Write the files of a site into an empty folder and remove them; return the seconds of writing."""
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
    """Builds of Hugo and Pagefind on the same days."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.site, self.by_entry = folder / "hugo", folder / "hugo-entries"
        write_theme(self.site)
        write_theme(self.by_entry)
        # One day at a time: a child process starts with the memory of its parent.
        for day, _ in map(read_day_with_lines, find_day_files(content)):
            write_day(self.by_entry, day, by_entry=True)
            self.newest = write_day(self.site, day)

    def round(self) -> dict[str, Run]:
        """Build cold, again with a new day, and index; Hugo builds everything each time."""
        newest_text = self.newest.read_bytes()
        shutil.rmtree(self.site / "public", ignore_errors=True)
        self.newest.unlink()
        runs = {"Hugo": timed(hugo_command(self.site))}
        self.newest.write_bytes(newest_text)
        runs["Hugo again"] = timed(hugo_command(self.site))
        if pagefind.is_installed():
            runs["Pagefind"] = timed(pagefind.pagefind_command(self.site / "public"))
        return runs

    def once(self) -> dict[str, Run]:
        """Build and index a page for each entry."""
        runs = {"Hugo by entry": timed(hugo_command(self.by_entry))}
        if pagefind.is_installed():
            runs["Pagefind by entry"] = timed(pagefind.pagefind_command(self.by_entry / "public"))
        return runs

    def pages(self) -> dict[str, int]:
        """Count the files and pages of the site that Hugo built."""
        return count_files(self.site / "public")
