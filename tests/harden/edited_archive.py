"""An archive of 36 days in five months that random edits change, and its random days and entries."""

import datetime as dt
import random
import re
import shutil
from pathlib import Path

from msgspec.structs import replace
from paths import ROOT

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day, load_day
from daybook.core.model import AnchorAllocator, Day, DaySource, Entry, Wording, format_entry_key, sort_day

THEME = ROOT / "theme"
SETTINGS = {"SITENAME": "Edits", "FIRST_DAY": "2031-04-08", "TIMEZONE": "UTC", "CARDS": False, "ENTRY_PAGES": "key"}
MONTHS = {(2030, 12): 7, (2031, 2): 9, (2031, 3): 9, (2031, 4): 8, (2032, 1): 3}  # days of each
SLUGS = ("ferry", "fog", "north-mole", "weide", "lohn", "harbour-council")
WORDS = [
    *("ferry", "fog", "North Mole", "Weide", "Lohn", "harbour council", "boats", "rain", "gate", "bridge", "light"),
    *("oil", "crossing", "keeper", "lamp", "market", "train", "letter", "grain", "school", "road", "winter", "roof"),
    "quay",
]
_MATTERS = (  # entries with the words of one are a story
    ("Captain Orlova", "Tarnside", "the Meridian", "forged papers", "the safety court", "the sunken hull", "divers"),
    ("Mira Tolk", "Oster lock", "the turbine hall", "burnt cables", "the cracked gate", "welders", "the siren"),
    ("Jon Weller", "Hademsen", "the grain mill", "flour tax", "the bakers", "stolen sacks", "the miller's cart"),
)


class EditedArchive:
    """An archive in a folder, and the random numbers that choose its edits.

    `is_tampered` tells that somebody edited files of the output and no command has looked at all of them since.
    """

    def __init__(self, folder: Path, theme: Path, seed: int | str) -> None:
        """Take the archive in a folder, which `write_archive` has written, with its first settings."""
        self.rng = random.Random(seed)
        self.folder, self.content, self.overlay = folder, folder / "content", folder / "theme"
        self.output, self.cache = folder / "site", folder / "cache"
        self.settings: dict[str, object] = {**SETTINGS, "THEME": str(theme)}
        self.is_tampered = False
        self.snapshots: list[dict[Path, bytes]] = []

    def days(self) -> list[Path]:
        """Return the paths of all day files."""
        return sorted((self.content / "days").rglob("*.md"))

    def entry_names(self) -> list[str]:
        """Return the names of all entries that have a text: ``2031-04-08#t0900``."""
        days = [load_day(path.read_text()) for path in self.days()]
        return [format_entry_key((day.date, each.anchor)) for day in days for each in day.entries if each.body]

    def write_settings(self) -> None:
        """Write the settings file."""
        rows = [f"{name} = {value!r}\n" for name, value in self.settings.items()]
        (self.folder / "conf.py").write_text("".join(rows))

    def keep_snapshot(self) -> None:
        """Keep the content for `restore_content`."""
        self.snapshots.append({path: path.read_bytes() for path in self.content.rglob("*") if path.is_file()})

    def text(self) -> str:
        """Return a sentence, of a matter or of random words."""
        words = self.rng.choices(WORDS, k=self.rng.randint(4, 12))
        if self.rng.random() < 0.4:
            matter = self.rng.choice(_MATTERS)
            words = [*self.rng.sample(matter, 6), *words[:3]]
        return " ".join(words) + "."

    def correct_mistakes(self) -> None:
        """Remove what refers to other entries, which may not exist, and words of the interface that were edited."""
        (self.content / "stories.toml").unlink(missing_ok=True)
        shutil.rmtree(self.overlay / "strings", ignore_errors=True)
        for path in self.days():
            text = path.read_text()
            text = re.sub(r' ?\[story\]: # "[^"]*"', "", text)
            path.write_text(re.sub(r'\[moved\]: # "[^"]*"', '[withdrawn]: # "In error."', text))

    def write_day(self, day: Day) -> None:
        """Write a day file."""
        path = day_file_path(self.content, day.date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_day(day))

    def random_day(self) -> Day | None:
        """Return a day, None if there is none."""
        return load_day(self.rng.choice(self.days()).read_text()) if self.days() else None

    def new_day(self, date: dt.date) -> Day:
        """Return a day with random entries."""
        sources = (  # the second live blog began on the evening before
            DaySource(key="a1", title="Live", outlet="The Courier", url=f"https://a.example/{date}", date=date),
            DaySource(key="b1", title="Evening", url="https://b.example/", date=date - dt.timedelta(days=1)),
        )
        day = Day(date=date, title=self.text(), lede=self.text(), sources=sources[: self.rng.randint(1, 2)])
        for _ in range(self.rng.randint(0, 3)):
            day = self.with_entry(day, self.text())
        return day

    def with_entry(self, day: Day, text: str) -> Day:
        """Return a day with one more entry."""
        rng = self.rng
        minute = rng.choice([None, dt.time(rng.randint(0, 23), rng.randint(0, 59)), dt.time(9, rng.randint(0, 59))])
        keys = (rng.choice(day.sources).key,) if day.sources else ()
        entry = Entry(
            anchor=AnchorAllocator(entry.anchor for entry in day.entries).take(minute),
            time=minute,
            headline=" ".join(text.split()[:4]),
            body=text,
            topics=tuple(rng.sample([f"+{slug}" for slug in SLUGS], rng.choice([0, 0, 0, 1, 2]))),
            sources=keys,
            key=rng.random() < 0.2,
            lang=rng.choice(["", "", "", "de"]),
            authors=("A. Keeper",) if rng.random() < 0.1 else (),
            revisions=(Wording(sources=keys, time=minute, headline="Before", body="As it was."),)
            if len(text) < 60
            else (),
        )
        return sort_day(replace(day, entries=(*day.entries, entry)))
