"""Random edit scripts: after each step the site equals a clean build's, byte for byte.

`python -m harden.edits SCRIPTS FIRST`: each script is made of its number, so a failure can be had again.
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
from msgspec.structs import replace

from liveblog.archive import day_path
from liveblog.daybook import dump_day, load_day
from liveblog.model import Anchors, Day, Entry, Source, in_order
from liveblog.site.build import Places, build

ROOT = Path(__file__).parents[2]
WORDS = [
    *("harbour", "ferry", "North-Mole", "fog", "Lohn", "quay", "gate", "bridge", "Weide", "boats", "council"),
    *("rain", "grain", "light", "keeper", "oil"),
]
SLUGS = ("ferry", "fog", "north-mole", "weide")
STEPS = 4
CONF = {"SITENAME": "Edits", "FIRST_DAY": "2031-04-08", "TIMEZONE": "UTC", "PLACES": {}, "REPOSITORY": ""}


class Count(msgspec.Struct):
    """Scripts that were run, steps and edits in them, and steps after which the site was not a clean build's."""

    scripts: int = 0
    steps: int = 0
    edits: dict[str, int] = {}
    different: list[str] = []


class Scene:
    """One archive, its site, and the chance that edits them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder, self.conf = folder, dict(CONF)
        self.content, self.theme = folder / "content", folder / "theme"
        shutil.copytree(ROOT / "theme", self.theme)
        self.places = Places(
            content=self.content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
        )
        self.content.mkdir()
        for _ in range(4):
            add_day(self)
        change_topic(self)
        self.past = [self.snapshot()]

    def snapshot(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.content.rglob("*") if path.is_file()}

    def days(self) -> list[Path]:
        return sorted((self.content / "days").rglob("*.md"))

    def write_conf(self) -> None:
        rows = [f"{name} = {value!r}\n" for name, value in self.conf.items()]
        self.places.conf.write_text("".join(rows) + f"THEME = {str(self.theme)!r}\n")

    def built(self, places: Places) -> dict[str, bytes]:
        self.write_conf()
        with contextlib.redirect_stdout(io.StringIO()):
            build(places)
        found = (path for path in places.output.rglob("*") if path.is_file())
        return {path.relative_to(places.output).as_posix(): path.read_bytes() for path in found}

    def text(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(4, 14))) + "."


Edit = Callable[[Scene], None]


def _put(scene: Scene, day: Day) -> None:
    path = day_path(scene.content, day.date)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_day(day))


def _any_day(scene: Scene) -> Day | None:
    return load_day(scene.chance.choice(scene.days()).read_text()) if scene.days() else None


def _with_entry(scene: Scene, day: Day, text: str) -> Day:
    minute = scene.chance.choice([None, dt.time(scene.chance.randint(0, 23), scene.chance.randint(0, 59))])
    anchor = Anchors(entry.anchor for entry in day.entries).take(minute)
    keys = tuple(source.key for source in day.sources)
    topics = tuple(scene.chance.sample([f"+{slug}" for slug in SLUGS], scene.chance.randint(0, 2)))
    entry = Entry(anchor=anchor, time=minute, headline=text[:20].strip(), body=text, topics=topics, sources=keys)
    return replace(day, entries=in_order((*day.entries, entry)))


def add_day(scene: Scene) -> None:
    """A day comes, its live blog's date its own or the next day's."""
    date = dt.date(2031, 4, 1) + dt.timedelta(days=scene.chance.choice([0, 1, 2, 3, 4, 5, 40, 41, 300]))
    source = Source(
        key="s1", title="Live", url="https://a.example/", date=date + dt.timedelta(scene.chance.randint(0, 1))
    )
    day = Day(date=date, title=scene.text(), lede=scene.text(), sources=(source,))
    for _ in range(scene.chance.randint(0, 5)):
        day = _with_entry(scene, day, scene.text())
    _put(scene, day)


def remove_day(scene: Scene) -> None:
    """A day goes."""
    if day := _any_day(scene):
        day_path(scene.content, day.date).unlink()


def move_day(scene: Scene) -> None:
    """A day's file is renamed with its date."""
    if day := _any_day(scene):
        day_path(scene.content, day.date).unlink()
        _put(scene, replace(day, date=day.date + dt.timedelta(days=scene.chance.choice([1, 30]))))


def add_entry(scene: Scene) -> None:
    """An entry comes into a day, at times with the words of another."""
    day, other = _any_day(scene), _any_day(scene)
    if day and other:
        text = scene.chance.choice([entry.body for entry in other.entries] or [scene.text()])
        _put(scene, _with_entry(scene, day, scene.chance.choice([text, scene.text()])))


def edit_entry(scene: Scene) -> None:
    """An entry's words change, or it is withdrawn, or it goes."""
    day = _any_day(scene)
    if day and day.entries:
        entry = scene.chance.choice(day.entries)
        changes: list[tuple[Entry, ...]] = [
            (replace(entry, body=scene.text(), withdrawn="", moved=""),),
            (Entry(anchor=entry.anchor, time=entry.time, withdrawn="In error."),),
            (),
        ]
        new = scene.chance.choice(changes)
        _put(scene, replace(day, entries=tuple(e for old in day.entries for e in (new if old is entry else (old,)))))


def change_topic(scene: Scene) -> None:
    """A topic file comes, changes or goes."""
    path = scene.content / "topics" / f"{scene.chance.choice(SLUGS)}.md"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and scene.chance.random() < 0.4:
        path.unlink()
        return
    alias = path.stem.replace("-", " ")
    path.write_text(f'---\nname: "{scene.text()}"\naliases:\n  - "{alias}"\n---\n\n{scene.text()}\n')


def change_prose(scene: Scene) -> None:
    """A page of prose comes, changes or goes."""
    path = scene.content / "pages" / f"{scene.chance.choice(['about', 'notes'])}.md"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and scene.chance.random() < 0.4:
        path.unlink()
    else:
        path.write_text(f'---\ntitle: "{scene.text()}"\n---\n\n{scene.text()}\n')


def change_settings(scene: Scene) -> None:
    """A setting changes."""
    name, values = scene.chance.choice(
        [
            ("SITENAME", ["Edits", "Other edits"]),
            ("FIRST_DAY", ["2031-04-08", "2031-04-02"]),
            ("TIMEZONE", ["UTC", "Europe/Kyiv"]),
            ("PLACES", [{}, {"Lima": "America/Lima"}]),
            ("REPOSITORY", ["", "https://forge.example/a/b"]),
        ]
    )
    scene.conf[name] = scene.chance.choice(values)


def change_theme(scene: Scene) -> None:
    """A word, a style, a template or a component of the theme changes."""
    name = scene.chance.choice(
        ["strings.toml", "static/css/layout.css", "templates/day.html", "templates/components/entry.html"]
    )
    path, number = scene.theme / name, scene.chance.randint(1, 99)
    text = path.read_text()
    if name.endswith(".toml"):
        path.write_text(re.sub(r'(?m)^untimed = "[^"]*"', f'untimed = "no time {number}"', text))
    elif name.endswith(".css"):
        path.write_text(f"{text}\n.x{number} {{ color: red; }}\n")
    else:
        path.write_text(text.replace("</h", f"<!-- {number} --></h", 1))


def spoil_output(scene: Scene) -> None:
    """Somebody's hand was in the output: a file goes, is written over, is strange, is another file's."""
    files = sorted(path for path in scene.places.output.rglob("*") if path.is_file() and path.name != "index.html")
    if files:
        path = scene.chance.choice(files)
        spoil: list[Callable[[], object]] = [
            path.unlink,
            lambda: path.write_bytes(b"spoiled"),
            lambda: path.with_name("strange.html").write_bytes(b"strange"),
            lambda: (path.parent / "empty").mkdir(exist_ok=True),
            lambda: os.utime(path, ns=(1, 1)),
            lambda: shutil.rmtree(scene.places.output),
        ]
        scene.chance.choice(spoil)()


def spoil_cache(scene: Scene) -> None:
    """A cache is damaged, partly lost, or gone."""
    files = sorted(path for path in scene.places.cache.rglob("*") if path.is_file())
    if files:
        path = scene.chance.choice(files)
        data = bytearray(path.read_bytes())
        spoil: list[Callable[[], object]] = [
            path.unlink,
            lambda: path.write_bytes(data[: len(data) // 2]),
            lambda: path.write_bytes(_flipped(data, scene.chance)),
            lambda: _lose_rows(path),
            lambda: shutil.rmtree(scene.places.cache),
        ]
        scene.chance.choice(spoil)()


def cut_short(scene: Scene) -> None:
    """A build is killed on its way, after some work of its own."""
    scene.write_conf()
    delay = scene.chance.uniform(0.001, 0.4)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, delay)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(BaseException):
            build(scene.places)
        os._exit(0)
    os.waitpid(child, 0)


def go_back(scene: Scene) -> None:
    """The content becomes what it was some steps ago."""
    shutil.rmtree(scene.content)
    for path, data in scene.chance.choice(scene.past).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


EDITS: tuple[Edit, ...] = (
    *(add_day, remove_day, move_day, add_entry, add_entry, edit_entry, edit_entry, change_topic, change_prose),
    *(change_settings, change_theme, spoil_output, spoil_cache, cut_short, go_back),
)


def run_script(seed: int, count: Count) -> None:
    """Run one script, and compare the site with a clean build after each step."""
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name), seed)
        scene.built(scene.places)
        for step in range(STEPS):
            edits = scene.chance.choices(EDITS, k=scene.chance.randint(1, 3))
            for edit in edits:
                edit(scene)
                count.edits[edit.__name__] = count.edits.get(edit.__name__, 0) + 1
            site = scene.built(scene.places)
            clean = Path(name) / "clean"
            wanted = scene.built(replace(scene.places, output=clean / "site", cache=clean / "cache"))
            count.steps += 1
            if site != wanted:
                names = sorted(name for name in site.keys() | wanted.keys() if site.get(name) != wanted.get(name))
                said = ", ".join(edit.__name__ for edit in edits)
                count.different.append(f"script {seed}, step {step} ({said}): {', '.join(names[:5])}")
            shutil.rmtree(clean)
            scene.past.append(scene.snapshot())
    count.scripts += 1


def main(scripts: int, first: int = 0) -> Count:
    """Run scripts number `first` and on."""
    count = Count()
    for seed in range(first, first + scripts):
        run_script(seed, count)
    return count


def _flipped(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(8):
        if data:
            data[chance.randrange(len(data))] ^= 0xFF
    return data


def _lose_rows(path: Path) -> None:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as rows, rows:
        rows.execute("DELETE FROM made WHERE length(key) % 2 = 0")


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]), int((*sys.argv, "0", "0")[2]))).decode())
