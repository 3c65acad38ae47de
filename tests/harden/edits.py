"""Random edits of an archive: after each step the site must equal a clean build, byte for byte.

`python -m harden.edits SCRIPTS [FIRST]` runs the scripts numbered from FIRST. The number is the seed of a script, so
a failure can be repeated.
"""

import contextlib
import datetime as dt
import io
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from builds import build_site
from msgspec.structs import replace
from paths import ROOT

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day, load_day
from daybook.core.config import BuildPaths
from daybook.core.model import AnchorAllocator, Day, DaySource, Entry, sort_entries

WORDS = [
    *("harbour", "ferry", "North-Mole", "fog", "Lohn", "quay", "gate", "bridge", "Weide", "boats", "council"),
    *("rain", "grain", "light", "keeper", "oil"),
]
SLUGS = ("ferry", "fog", "north-mole", "weide")
STEPS = 4
CONF = {"SITENAME": "Edits", "FIRST_DAY": "2031-04-08", "TIMEZONE": "UTC", "PLACES": {}, "REPOSITORY": ""}


class EditCounts(msgspec.Struct):
    """Numbers of scripts, steps and edits, and a description of each step whose site differed from a clean build."""

    scripts: int = 0
    steps: int = 0
    edits: dict[str, int] = {}
    different: list[str] = []


class EditedArchive:
    """An archive, its site and its theme, and the random numbers that choose the edits."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.folder, self.conf = folder, dict(CONF)
        self.content, self.theme = folder / "content", folder / "theme"
        shutil.copytree(ROOT / "theme", self.theme)
        self.paths = BuildPaths(
            content=self.content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
        )
        self.is_tampered = False
        self.content.mkdir()
        for _ in range(4):
            add_day(self)
        change_topic(self)
        self.snapshots = [self.snapshot()]

    def snapshot(self) -> dict[Path, bytes]:
        """Return the content of all files of the archive."""
        return {path: path.read_bytes() for path in self.content.rglob("*") if path.is_file()}

    def days(self) -> list[Path]:
        """Return the paths of all day files."""
        return sorted((self.content / "days").rglob("*.md"))

    def write_conf(self) -> None:
        """Write the settings file."""
        rows = [f"{name} = {value!r}\n" for name, value in self.conf.items()]
        self.paths.conf.write_text("".join(rows) + f"THEME = {str(self.theme)!r}\n")

    def build(self, paths: BuildPaths) -> dict[str, bytes]:
        """Build a site and return all of its files."""
        self.write_conf()
        with contextlib.redirect_stdout(io.StringIO()):
            # `make html` does not look for files that somebody edited in the output; publish and check do.
            build_site(paths, look=self.is_tampered or self.rng.random() < 0.3)
        self.is_tampered = False
        files = (path for path in paths.output.rglob("*") if path.is_file())
        return {path.relative_to(paths.output).as_posix(): path.read_bytes() for path in files}

    def random_text(self) -> str:
        """Return a sentence of random words."""
        return " ".join(self.rng.choices(WORDS, k=self.rng.randint(4, 14))) + "."


Edit = Callable[[EditedArchive], None]


def _write_day(archive: EditedArchive, day: Day) -> None:
    path = day_file_path(archive.content, day.date)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_day(day))


def _random_day(archive: EditedArchive) -> Day | None:
    return load_day(archive.rng.choice(archive.days()).read_text()) if archive.days() else None


def _with_entry(archive: EditedArchive, day: Day, text: str) -> Day:
    minute = archive.rng.choice([None, dt.time(archive.rng.randint(0, 23), archive.rng.randint(0, 59))])
    anchor = AnchorAllocator(entry.anchor for entry in day.entries).take(minute)
    keys = tuple(source.key for source in day.sources)
    topics = tuple(archive.rng.sample([f"+{slug}" for slug in SLUGS], archive.rng.randint(0, 2)))
    entry = Entry(anchor=anchor, time=minute, headline=text[:20].strip(), body=text, topics=topics, sources=keys)
    return replace(day, entries=sort_entries((*day.entries, entry)))


def add_day(archive: EditedArchive) -> None:
    """Add a day, or replace it; the date of its live blog is the same or the next day."""
    date = dt.date(2031, 4, 1) + dt.timedelta(days=archive.rng.choice([0, 1, 2, 3, 4, 5, 40, 41, 300]))
    source = DaySource(
        key="s1", title="Live", url="https://a.example/", date=date + dt.timedelta(archive.rng.randint(0, 1))
    )
    day = Day(date=date, title=archive.random_text(), lede=archive.random_text(), sources=(source,))
    for _ in range(archive.rng.randint(0, 5)):
        day = _with_entry(archive, day, archive.random_text())
    _write_day(archive, day)


def remove_day(archive: EditedArchive) -> None:
    """Delete a day."""
    if day := _random_day(archive):
        day_file_path(archive.content, day.date).unlink()


def move_day(archive: EditedArchive) -> None:
    """Move a day to another date."""
    if day := _random_day(archive):
        day_file_path(archive.content, day.date).unlink()
        _write_day(archive, replace(day, date=day.date + dt.timedelta(days=archive.rng.choice([1, 30]))))


def add_entry(archive: EditedArchive) -> None:
    """Add an entry to a day, sometimes with the text of another entry."""
    day, other = _random_day(archive), _random_day(archive)
    if day and other:
        text = archive.rng.choice([entry.body for entry in other.entries] or [archive.random_text()])
        _write_day(archive, _with_entry(archive, day, archive.rng.choice([text, archive.random_text()])))


def edit_entry(archive: EditedArchive) -> None:
    """Change the text of an entry, withdraw it, or delete it."""
    day = _random_day(archive)
    if day and day.entries:
        entry = archive.rng.choice(day.entries)
        changes: list[tuple[Entry, ...]] = [
            (replace(entry, body=archive.random_text(), withdrawn="", moved=""),),
            (Entry(anchor=entry.anchor, time=entry.time, withdrawn="In error."),),
            (),
        ]
        changed = archive.rng.choice(changes)
        position = day.entries.index(entry)
        entries = (*day.entries[:position], *changed, *day.entries[position + 1 :])
        _write_day(archive, replace(day, entries=entries))


def change_topic(archive: EditedArchive) -> None:
    """Add, change or delete a topic."""
    path = archive.content / "topics" / f"{archive.rng.choice(SLUGS)}.md"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and archive.rng.random() < 0.4:
        path.unlink()
        return
    alias = path.stem.replace("-", " ")
    path.write_text(f'---\nname: "{archive.random_text()}"\naliases:\n  - "{alias}"\n---\n\n{archive.random_text()}\n')


def change_prose(archive: EditedArchive) -> None:
    """Add, change or delete a prose page."""
    path = archive.content / "pages" / f"{archive.rng.choice(['about', 'notes'])}.md"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and archive.rng.random() < 0.4:
        path.unlink()
    else:
        path.write_text(f'---\ntitle: "{archive.random_text()}"\n---\n\n{archive.random_text()}\n')


def change_settings(archive: EditedArchive) -> None:
    """Change a setting."""
    name, values = archive.rng.choice(
        [
            ("SITENAME", ["Edits", "Other edits"]),
            ("FIRST_DAY", ["2031-04-08", "2031-04-02"]),
            ("TIMEZONE", ["UTC", "Europe/Kyiv"]),
            ("PLACES", [{}, {"Lima": "America/Lima"}]),
            ("REPOSITORY", ["", "https://forge.example/a/b"]),
        ]
    )
    archive.conf[name] = archive.rng.choice(values)


def change_theme(archive: EditedArchive) -> None:
    """Change a text, a style, a template or a component of the theme."""
    name = archive.rng.choice(
        ["strings/en.toml", "static/css/layout.css", "templates/day.html", "templates/components/entry.html"]
    )
    path, number = archive.theme / name, archive.rng.randint(1, 99)
    text = path.read_text()
    if name.endswith(".toml"):
        text, replaced = re.subn(r'(?m)^untimed = "[^"]*"', f'untimed = "no time {number}"', text)
    elif name.endswith(".css"):
        text, replaced = f"{text}\n.x{number} {{ color: red; }}\n", 1
    else:
        text, replaced = re.subn("</h", f"<!-- {number} --></h", text, count=1)
    assert replaced == 1, f"{name} has nothing that this edit changes"
    path.write_text(text)


def tamper_with_output(archive: EditedArchive) -> None:
    """Delete, overwrite, touch or add something in the output, or delete all of it."""
    files = sorted(path for path in archive.paths.output.rglob("*") if path.is_file() and path.name != "index.html")
    archive.is_tampered = True
    if files:
        path = archive.rng.choice(files)
        actions: list[Callable[[], object]] = [
            path.unlink,
            lambda: path.write_bytes(b"overwritten"),
            lambda: path.with_name("strange.html").write_bytes(b"strange"),
            lambda: (path.parent / "empty").mkdir(exist_ok=True),
            lambda: os.utime(path, ns=(1, 1)),
            lambda: shutil.rmtree(archive.paths.output),
        ]
        archive.rng.choice(actions)()


def damage_cache(archive: EditedArchive) -> None:
    """Damage a file of the cache or delete it, or delete all of the cache."""
    files = sorted(path for path in archive.paths.cache.rglob("*") if path.is_file())
    if files:
        path = archive.rng.choice(files)
        data = bytearray(path.read_bytes())
        actions: list[Callable[[], object]] = [
            path.unlink,
            lambda: path.write_bytes(data[: len(data) // 2]),
            lambda: path.write_bytes(_with_flipped_bytes(data, archive.rng)),
            lambda: _delete_rows(path),
            lambda: shutil.rmtree(archive.paths.cache),
        ]
        archive.rng.choice(actions)()


def kill_build(archive: EditedArchive) -> None:
    """Kill a build after some processor time of its own."""
    archive.write_conf()
    delay = archive.rng.uniform(0.001, 0.4)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, delay)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(BaseException):
            build_site(archive.paths)
        os._exit(0)
    os.waitpid(child, 0)


def restore_content(archive: EditedArchive) -> None:
    """Restore the content of an earlier step."""
    shutil.rmtree(archive.content)
    for path, data in archive.rng.choice(archive.snapshots).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


EDITS: tuple[Edit, ...] = (  # an edit that is listed twice is twice as frequent
    *(add_day, remove_day, move_day, add_entry, add_entry, edit_entry, edit_entry, change_topic, change_prose),
    *(change_settings, change_theme, tamper_with_output, damage_cache, kill_build, restore_content),
)


def run_script(seed: int, count: EditCounts) -> None:
    """Run one script and compare the site with a clean build after each step."""
    with tempfile.TemporaryDirectory() as name:
        archive = EditedArchive(Path(name), seed)
        archive.build(archive.paths)
        for step in range(STEPS):
            edits = archive.rng.choices(EDITS, k=archive.rng.randint(1, 3))
            for edit in edits:
                edit(archive)
                count.edits[edit.__name__] = count.edits.get(edit.__name__, 0) + 1
            site = archive.build(archive.paths)
            clean = Path(name) / "clean"
            expected = archive.build(replace(archive.paths, output=clean / "site", cache=clean / "cache"))
            count.steps += 1
            if site != expected:
                names = sorted(name for name in site.keys() | expected.keys() if site.get(name) != expected.get(name))
                edit_names = ", ".join(edit.__name__ for edit in edits)
                count.different.append(f"script {seed}, step {step} ({edit_names}): {', '.join(names[:5])}")
            shutil.rmtree(clean)
            archive.snapshots.append(archive.snapshot())
    count.scripts += 1


def main(scripts: int, first: int = 0) -> EditCounts:
    """Run `scripts` scripts, numbered from `first`."""
    count = EditCounts()
    for seed in range(first, first + scripts):
        run_script(seed, count)
    return count


def _with_flipped_bytes(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(8):
        if data:
            data[rng.randrange(len(data))] ^= 0xFF
    return data


def _delete_rows(path: Path) -> None:
    """Delete every second row of a SQLite file; leave any other file as it is."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(path)) as database, database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f'DELETE FROM "{table}" WHERE rowid % 2 = 0')


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]), int((*sys.argv, "0", "0")[2]))).decode())
