"""Random edits of an archive, as a maintainer makes them between two commands, and accidents with its files."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.core.model import Entry
from harden.edited_archive import MONTHS, SLUGS, THEME, WORDS, EditedArchive

_SETTINGS: dict[str, tuple[object, ...]] = {
    "SITENAME": ("Edits", "Other edits"),
    "ARCHIVE_ID": ("Edits", "edits-2"),
    "FIRST_DAY": ("2031-04-08", "2030-12-01"),
    "TIMEZONE": ("UTC", "Europe/Kyiv"),
    "PLACES": ({}, {"Lima": "America/Lima"}),
    "REPOSITORY": ("", "https://forge.example/a/b"),
    "ENTRY_PAGES": ("all", "key", "none"),
    "LICENSE": ("", "CC-BY-4.0"),
    "AUTHORS": ([], ["Harbour Desk"]),
    "CONTACT": ("", "desk@harbour.example"),
    "DOI": ("", "10.5281/zenodo.1234"),
    "DEFAULT_LANG": ("en", "de"),
    "INTERFACE_LANG": ("", "de", "ar"),
    "SITEURL": ("", "https://settings.example/archive"),
    "MENUITEMS": ([], [("Notes", "notes/")]),
}

Edit = Callable[[EditedArchive], None]


def write_archive(folder: Path, theme: Path, seed: int) -> EditedArchive:
    """Write an archive into a new folder and return it; `theme` is a copy of the shipped theme."""
    archive = EditedArchive(folder, theme, f"archive {seed}")
    archive.overlay.mkdir(parents=True)
    for (year, month), count in MONTHS.items():
        for number in archive.rng.sample(range(1, 29), count):
            archive.write_day(archive.new_day(dt.date(year, month, number)))
    for _ in range(6):
        change_topic(archive)
    change_prose(archive)
    archive.write_settings()
    return archive


def add_day(archive: EditedArchive) -> None:
    """Add a day in any month, or replace it."""
    year, month = archive.rng.choice([*MONTHS, (2031, 5), (2032, 2)])
    archive.write_day(archive.new_day(dt.date(year, month, archive.rng.randint(1, 28))))


def remove_day(archive: EditedArchive) -> None:
    """Delete a day."""
    if day := archive.random_day():
        day_file_path(archive.content, day.date).unlink()


def move_day(archive: EditedArchive) -> None:
    """Move a day to another date."""
    if day := archive.random_day():
        day_file_path(archive.content, day.date).unlink()
        archive.write_day(replace(day, date=day.date + dt.timedelta(days=archive.rng.choice([1, 30]))))


def touch_day(archive: EditedArchive) -> None:
    """Write a day file again as it is."""
    if archive.days():
        path = archive.rng.choice(archive.days())
        path.write_bytes(path.read_bytes())


def add_entry(archive: EditedArchive) -> None:
    """Add an entry to a day."""
    if day := archive.random_day():
        archive.write_day(archive.with_entry(day, archive.text()))


def copy_entry(archive: EditedArchive) -> None:
    """Add entries with the text of another one to days of other months."""
    other = archive.random_day()
    texts = [entry.body for entry in other.entries if entry.body] if other else []
    for _ in range(archive.rng.randint(1, 3)):
        day = archive.random_day()
        if texts and other and day and day.date.month != other.date.month:
            archive.write_day(archive.with_entry(day, archive.rng.choice(texts)))


def edit_entry(archive: EditedArchive) -> None:
    """Change an entry, withdraw it, move it to another day, delete it, or correct its story."""
    day, other = archive.random_day(), archive.random_day()
    if not (day and other and day.entries):
        return
    entry = archive.rng.choice(day.entries)
    story = archive.rng.choice(["none", "new", *archive.entry_names()[:1]])
    moved = f"{other.date}#{other.entries[0].anchor}" if other.entries else ""
    swapped = entry.body[::-1].capitalize()  # of the same size
    tombstone = Entry(anchor=entry.anchor, time=entry.time, sources=entry.sources)
    changes: list[tuple[Entry, ...]] = [(replace(tombstone, withdrawn="In error."),), ()]
    if not entry.is_tombstone:
        changes += [(replace(entry, body=archive.text()),), (replace(entry, headline=archive.text()[:30].strip()),)]
        changes += [(replace(entry, story=story),), (replace(entry, key=not entry.key),)]
        changes += [(replace(entry, body=swapped),), (replace(entry, topics=(f"+{archive.rng.choice(SLUGS)}",)),)]
    if moved and other.date != day.date and not other.entries[0].is_tombstone:
        changes.append((replace(tombstone, moved=moved),))
    position = day.entries.index(entry)
    entries = (*day.entries[:position], *archive.rng.choice(changes), *day.entries[position + 1 :])
    archive.write_day(replace(day, entries=entries))


def edit_head(archive: EditedArchive) -> None:
    """Change the title of a day, its lede or the title of one of its sources."""
    if day := archive.random_day():
        sources = tuple(replace(source, title=archive.text()) for source in day.sources)
        changes = [replace(day, title=archive.text()), replace(day, lede=archive.text()), replace(day, sources=sources)]
        archive.write_day(archive.rng.choice(changes))


def change_topic(archive: EditedArchive) -> None:
    """Add, change or delete a topic file: its name, an alias, an exclusion, a former address or its introduction."""
    rng, slug = archive.rng, archive.rng.choice(SLUGS)
    path = archive.content / "topics" / f"{slug}.md"
    path.parent.mkdir(exist_ok=True, parents=True)
    if path.exists() and rng.random() < 0.3:
        path.unlink()
        return
    own_words = WORDS[SLUGS.index(slug) :: len(SLUGS)]  # an alias belongs to one topic
    aliases = sorted({slug.replace("-", " "), *rng.sample(own_words, rng.randint(0, 2))})
    rows = [f'name: "{rng.choice([slug, archive.text()])}"', f"kind: {rng.choice(['theme', 'place'])}", "aliases:"]
    rows += [f'  - "{alias}"' for alias in aliases]
    if rng.random() < 0.3:
        rows += ["exclusions:", f'  - "{aliases[0]} {rng.choice(WORDS)}"']
    if rng.random() < 0.3:
        rows += ["former:", f"  - old-{slug}"]
    path.write_text("\n".join(["---", *rows, "---", "", archive.text(), ""]))


def change_prose(archive: EditedArchive) -> None:
    """Add, change or delete a prose page or a file that is published as it is."""
    name = archive.rng.choice(["pages/about.md", "pages/notes.md", "files/list.txt", "images/plan.svg"])
    path = archive.content / name
    path.parent.mkdir(exist_ok=True)
    if path.exists() and archive.rng.random() < 0.4:
        path.unlink()
    elif name.endswith(".md"):
        path.write_text(f'---\ntitle: "{archive.text()}"\n---\n\n{archive.text()} [Days](../days/)\n')
    else:
        path.write_text(archive.text())


def change_lists(archive: EditedArchive) -> None:
    """Write or delete the turning points, the corrections of stories, or the list of published addresses."""
    rng, names = archive.rng, archive.entry_names()
    name = rng.choice(["turning_points.toml", "stories.toml", "stories.toml", "addresses.txt"])
    path = archive.content / name
    if path.exists() and rng.random() < 0.4:
        path.unlink()
    elif name == "turning_points.toml" and archive.days():
        dates = rng.sample([day.stem for day in archive.days()], min(2, len(archive.days())))
        path.write_text("".join(f'[[point]]\ndate = {date}\ntext = "{archive.text()}"\n' for date in dates))
    elif name == "stories.toml" and len(names) > 3:
        first, *others = rng.sample(names, 4)
        change = rng.choice([f"remove = {others}", f"key = {[first]}", "hide = true", f'title = "{archive.text()}"'])
        path.write_text(f'[[story]]\nfirst = "{first}"\n{change}\n')


def change_settings(archive: EditedArchive) -> None:
    """Change a setting; rarely, whether days have cards, which take long to draw."""
    if archive.rng.random() < 0.02:
        archive.settings["CARDS"] = not archive.settings["CARDS"]
    else:
        name = archive.rng.choice(list(_SETTINGS))
        archive.settings[name] = archive.rng.choice(_SETTINGS[name])
    archive.write_settings()


def rename_archive(archive: EditedArchive) -> None:
    """Give the archive another name."""
    archive.settings["SITENAME"] = archive.text()
    archive.write_settings()


def change_theme(archive: EditedArchive) -> None:
    """Change a template, words, a style sheet or a script in the archive's own theme folder, or delete the file."""
    rng = archive.rng
    names = [path.relative_to(THEME).as_posix() for path in sorted(THEME.rglob("*")) if path.is_file()]
    pattern = rng.choice([r"templates/.*html", r"strings/en.toml", r"static/.*\.css", r"static/js/.*"])
    name, number = rng.choice([name for name in names if re.fullmatch(pattern, name)]), rng.randint(1, 99)
    path = archive.overlay / name
    if path.exists() and rng.random() < 0.4:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (path if path.exists() else THEME / name).read_text()
    if name.endswith(".toml"):
        words = list(re.finditer(r'(?m)^\w+ = "[^"{}]+(?=")', text))
        place = rng.choice(words).end()
        text = f"{text[:place]} {number}{text[place:]}"
    elif name.endswith(".html"):
        place = max(0, text.find("</"))
        text = f"{text[:place]}<!-- {number} -->{text[place:]}"
    else:
        text += (
            f"\n.x{number} {{ color: red; }}\n" if name.endswith(".css") else f"\n// {number}\nself.x{number} = 1;\n"
        )
    path.write_text(text)


def tamper_with_output(archive: EditedArchive) -> None:
    """Delete, overwrite, touch or add something in the output, or delete all of it."""
    rng = archive.rng
    files = sorted(
        path for path in archive.output.rglob("*") if path.is_file() and path != archive.output / "index.html"
    )
    if not files:
        return
    path = rng.choice(files)
    size = path.stat().st_size
    actions: list[Callable[[], object]] = [
        path.unlink,
        lambda: path.write_bytes(b"overwritten"),
        lambda: path.write_bytes(bytes(size)),
        lambda: path.with_name("strange.html").write_bytes(b"strange"),
        lambda: (path.parent / "empty").mkdir(exist_ok=True),
        path.touch,
        lambda: shutil.rmtree(path.parent if path.parent != archive.output else archive.output),
    ]
    rng.choice(actions)()
    archive.is_tampered = True


def damage_cache(archive: EditedArchive) -> None:
    """Damage a file of the cache or delete it, or delete all of the cache."""
    files = sorted(path for path in archive.cache.rglob("*") if path.is_file())
    if files:
        path = archive.rng.choice(files)
        data = bytearray(path.read_bytes())
        for place in archive.rng.choices(range(len(data)), k=8 if data else 0):
            data[place] ^= 0xFF
        actions: list[Callable[[], object]] = [
            path.unlink,
            lambda: path.write_bytes(data[: len(data) // 2]),
            lambda: path.write_bytes(data),
            lambda: shutil.rmtree(archive.cache),
        ]
        archive.rng.choice(actions)()


def restore_content(archive: EditedArchive) -> None:
    """Restore the content of an earlier step, as a checkout of git does."""
    if archive.snapshots:
        shutil.rmtree(archive.content)
        for path, data in archive.rng.choice(archive.snapshots).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


EDITS: dict[Edit, int] = {  # how frequent each is
    add_entry: 4,
    edit_entry: 8,
    copy_entry: 2,
    add_day: 3,
    remove_day: 2,
    move_day: 1,
    touch_day: 1,
    edit_head: 2,
    change_topic: 5,
    change_prose: 2,
    change_lists: 4,
    change_settings: 4,
    rename_archive: 1,
    change_theme: 5,
    tamper_with_output: 4,
    damage_cache: 2,
    restore_content: 2,
}


def edit_at_random(archive: EditedArchive, count: int) -> list[str]:
    """Make random edits; return their names."""
    edits = archive.rng.choices(list(EDITS), weights=list(EDITS.values()), k=count)
    for edit in edits:
        edit(archive)
    return [edit.__name__ for edit in edits]
