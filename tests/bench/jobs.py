"""Timed builds, each a process of its own: what a maintainer waits for."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from paths import ROOT

from bench.tables import Run
from daybook.archive.content import ADDRESS_LIST
from daybook.archive.story_files import STORY_ADDRESSES

ADDRESS = "https://archive.example"
ENTRY_PAGES = ("all", "none")  # the values of the setting that are measured
_TEMPLATES = ("404.html", "topic.html", "day.html", "base.html")
_WORD = re.compile(r"\b[a-z]{6,}\b")
_SETTINGS = """\
SITENAME = {name!r}
FIRST_DAY = "2022-02-23"
TIMEZONE = "UTC"
PLACES = {{}}
THEME = {theme!r}
ENTRY_PAGES = {entry_pages!r}
CARDS = {cards!r}
"""
_PAGE = """<!doctype html><html lang="en"><head><title>The port of Lohn, live</title>
<link rel="canonical" href="https://paper.example/lohn/live"></head><body><main><h1>The port of Lohn, live</h1>
{posts}</main></body></html>
"""
# A process starts with the memory of the one that starts it, so that one has to be small: not the benchmark itself.
_RUNNER = """\
import json, os, subprocess, sys
started = os.times().elapsed
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = os.times().elapsed - started
row = os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
os.write(int(sys.argv[1]), json.dumps(row).encode())
"""
_POST = '<article><time datetime="{date}T{hour:02}:10:00Z">{hour}:10</time><h2>Ferry {hour}</h2><p>{text}</p></article>'


def timed(command: Sequence[str], environment: Mapping[str, str] = {}) -> Run:
    """Run a command and return its times and memory. Raises SystemExit if it fails."""
    reader, writer = os.pipe()
    with os.fdopen(reader) as results:
        runner = [sys.executable, "-IS", "-c", _RUNNER, str(writer), *command]
        subprocess.run(runner, env={**os.environ, **environment}, pass_fds=[writer], check=True)
        os.close(writer)
        status, wall, cpu, memory = json.loads(results.read())
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return Run(wall, cpu, memory / 1024)


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
    """Builds of Daybook on one archive, with a copy of the theme so that a job may edit it."""

    def __init__(self, folder: Path, content: Path, entry_pages: str = "all") -> None:
        self.folder, self.content, self.entry_pages = folder, content, entry_pages
        self.site, self.cache, self._conf = folder / "site", folder / "cache", folder / "conf.py"
        self._days = sorted((content / "days").rglob("*.md"))
        self._edits = 0
        self.cards = 0
        self.site_size = self.cache_size = (0, 0)  # files and bytes after the last cold build
        shutil.copytree(ROOT / "theme", folder / "theme", dirs_exist_ok=True)
        self._set()

    def build(self) -> Run:
        """Build as `make html` does."""
        return self._run("build")

    def count_entries(self) -> int:
        """Return the number of entries of the archive."""
        return sum(path.read_text(encoding="utf-8").count("\n## ") for path in self._days)

    def clear(self) -> None:
        """Remove the site and the cache."""
        for path in (self.site, self.cache):
            shutil.rmtree(path, ignore_errors=True)

    def daily_round(self) -> dict[str, Run]:
        """Build cold, unchanged, with a new day and with an entry in an old day; then ingest a page and build.

        Each edit has a text that was never built before, so nothing of it lies in the cache.
        """
        newest, old = self._days[-1], self._days[len(self._days) // 3]
        self.clear()
        with _restored(newest, old):
            newest_text = newest.read_text(encoding="utf-8")
            newest.unlink()
            runs = {"cold": self.build()}
            self.site_size, self.cache_size = folder_size(self.site), folder_size(self.cache)
            runs["nothing"] = self.build()
            newest.write_text(newest_text + self._entry(), encoding="utf-8")
            runs["day"] = self.build()
            old.write_text(old.read_text(encoding="utf-8") + self._entry(), encoding="utf-8")
            runs["entry"] = self.build()
            ingested, built = self._run("ingest", str(self._saved_page())), self.build()
            runs["ingested"] = Run(
                ingested.wall + built.wall, ingested.cpu + built.cpu, max(ingested.memory, built.memory)
            )
        return runs

    def other_edits(self) -> dict[str, Run]:
        """Publish, release, and edit settings, topics and templates of an archive that was built before.

        The first publication draws no cards; the second draws them all.
        """
        runs = {}
        with _restored(self._conf):
            self._set(cards=False)
            self.build()
            runs["published first"] = self._run("publish")
            self._set()
            runs["cards drawn"] = self._run("publish")
            self.cards = sum(1 for _ in self.site.rglob("card.png"))
            runs["html after publish"] = self.build()
            runs["published"] = self._run("publish")
            runs["released"] = self._run("release")
            self.build()
            runs |= self._alias_edits()
            self._set(name="Another name")
            runs["name"] = self.build()
            for name in _TEMPLATES:
                template = self.folder / "theme/templates" / name
                template.write_text("{# an edit #}" + template.read_text(encoding="utf-8"), encoding="utf-8")
                runs[f"template {name}"] = self.build()
        for name in (ADDRESS_LIST, STORY_ADDRESSES):
            (self.content / name).unlink(missing_ok=True)
        return runs

    def _alias_edits(self) -> dict[str, Run]:
        runs = {}
        for kind, word in zip(("some", "most"), _words_of_some_and_most_months(self._days), strict=True):
            topic = self.content / f"topics/bench-{kind}.md"
            topic.parent.mkdir(exist_ok=True)
            topic.write_text(f'---\nname: "Bench {kind}"\naliases:\n  - "qzx{kind}"\n---\n', encoding="utf-8")
            self.build()
            topic.write_text(f'---\nname: "Bench {kind}"\naliases:\n  - "{word}"\n---\n', encoding="utf-8")
            runs[f"alias, {kind} months"] = self.build()
            topic.unlink()
            self.build()
        return runs

    def _set(self, name: str = "Bench", *, cards: bool = True) -> None:
        text = _SETTINGS.format(name=name, theme=str(self.folder / "theme"), entry_pages=self.entry_pages, cards=cards)
        self._conf.write_text(text, encoding="utf-8")

    def _run(self, command: str, *arguments: str) -> Run:
        variables = {
            "CONTENT": str(self.content),
            "OUTPUT": str(self.site),
            "CACHE": str(self.cache),
            "CONF": str(self._conf),
            "SITEURL": ADDRESS if command in ("publish", "release") else "",
            "PYTHONPATH": str(ROOT / "scripts"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        return timed([sys.executable, "-m", "daybook", command, *arguments], variables)

    def _entry(self) -> str:
        self._edits += 1
        return (
            f"\n## 23:58 A late word from the harbour\n\nFerry {self._edits} to Lohn came in an hour after its time.\n"
        )

    def _saved_page(self) -> Path:
        """Write a saved live blog of the newest day, with 12 posts that no other round has."""
        self._edits += 1
        date, page = self._days[-1].stem, self.folder / "lohn.html"
        text = f"Ferry {self._edits} came in an hour after its time, the harbour office said."
        posts = "\n".join(_POST.format(date=date, hour=hour, text=text) for hour in range(8, 20))
        page.write_text(_PAGE.format(posts=posts), encoding="utf-8")
        return page


def folder_size(folder: Path) -> tuple[int, int]:
    """Return the number of files below a folder, and their bytes."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes)


@contextmanager
def _restored(*paths: Path) -> Iterator[None]:
    """Write the files back as they were."""
    texts = {path: path.read_bytes() for path in paths}
    try:
        yield
    finally:
        for path, text in texts.items():
            path.write_bytes(text)


def _words_of_some_and_most_months(days: Iterable[Path]) -> tuple[str, str]:
    """Return the words whose share of the months is nearest to 5 and to 80 percent."""
    words_of: dict[str, set[str]] = {}
    for path in days:
        words_of.setdefault(path.stem[:7], set()).update(_WORD.findall(path.read_text(encoding="utf-8")))
    months = Counter(word for words in words_of.values() for word in words)

    def nearest(share: float) -> str:
        return min(months, key=lambda word: (abs(months[word] - share * len(words_of)), word))

    return nearest(0.05), nearest(0.8)
