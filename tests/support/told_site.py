"""An invented archive of 500 days by three outlets, for readers' errands: the flood of the river Lenne.

Some days play a role in the errands:

- Days 77, 78 and 311 are missing; day 206 was collected and has no entry.
- Day 465: three outlets report one event (06:52 to 07:05); a statement of Ada Brandes at 11:20 has an author; the entry
  at 04:20 was corrected; The Courier's live blog began on the evening before.
- Grain is mentioned first on day 12 and last on day 481. Weide is in the news all March 2031 (days 425 to 455).
- Oster lock is a story with chapters on days 440, 447, 455 and 465.
- Day 485 has twelve entries, to be printed.
- Nordpost writes German. On day 465 one entry is Arabic.
"""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from builds import build_site
from catalogs import write_day_files
from msgspec.structs import replace

from daybook.core.config import BuildPaths
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import AnchorAllocator, Day, DaySource, Entry, Wording, sort_day

FIRST_DAY = dt.date(2030, 1, 1)
DAYS = 500
MISSING, SILENT, BUSY = (77, 78, 311), 206, 465
OUTLETS = ("The Courier", "Nordpost", "Radio Lenne")
CONF = f"""SITENAME = "The Lenne flood"
FIRST_DAY = "{FIRST_DAY}"
TIMEZONE = "UTC"
PLACES = {{"Weide": "Europe/Berlin"}}
LICENSE = "CC-BY-4.0"
AUTHORS = ["Lenne History Workshop"]
CONTACT = "mailto:desk@lenne.example"
"""
SETTINGS = 'ENTRY_PAGES = "key"\n'  # no errand needs the others
TOPICS = {
    "ada-brandes": ("Ada Brandes", "person", ("Brandes",)),
    "jon-weller": ("Jon Weller", "person", ("Weller",)),
    "weide": ("Weide", "place", ("Weide",)),
    "oster": ("Oster", "place", ("Oster",)),
    "hademsen": ("Hademsen", "place", ("Hademsen",)),
    "grain": ("Grain", "theme", ("grain", "Getreide")),
    "dykes": ("Dykes", "theme", ("dyke", "dykes", "Deich")),
    "river-board": ("River Board", "organisation", ("River Board", "Flussamt")),
}
_PLACES = ("Hademsen", "Oster", "Lower Brink", "the cathedral quarter", "the north bank")
_ACTORS = ("The River Board", "Jon Weller", "A section leader", "The fire service", "The district")
_ACTS = (
    ("closes a road", "closed the road along the river because water stood on it"),
    ("counts sandbags", "counted the sandbags that are left and asked two towns for more"),
    ("checks the dyke", "checked the dyke on foot and found wet ground but no crack"),
    ("opens a school", "opened a school to people who had left their homes"),
    ("measures the gauge", "measured the gauge every hour and wrote the level on a board"),
    ("repairs a pump", "repaired a pump that had stopped in the night"),
)
_ENDS = (
    "Nobody was hurt. The next report is expected in the evening.",
    "The work took three hours and was watched by many people from the bridge.",
    "It was the second time this month. The cost is not known yet.",
    "A spokesman said that the forecast had not changed since the morning.",
)
_GERMAN = (
    ("Pegel in {place} bleibt hoch", "Der Pegel stand am Mittag bei {n} Zentimetern. Das Flussamt rechnet mit Regen."),
    ("Helfer sichern den Deich bei {place}", "Etwa {n} Helfer trugen Säcke auf den Deich. Die Lage blieb ruhig."),
)
# A story: headline and text by day.
_STORY = {
    440: (
        "Oster lock stops: water in the turbine hall",
        "Water broke into the turbine hall of Oster lock in the night. Engineer Mira Tolk closed the upper gate and "
        "sent for divers. The lock keeper saw the cable burn.",
    ),
    447: (
        "Divers find a crack in the gate of Oster lock",
        "The divers whom engineer Mira Tolk had sent for found a crack in the upper gate of Oster lock, as long as an "
        "arm. The turbine hall stays flooded until the gate is welded.",
    ),
    455: (
        "Turbine hall of Oster lock is pumped dry",
        "Since noon the turbine hall of Oster lock is dry, said engineer Mira Tolk. The welded gate held. Now the "
        "burnt cable is replaced.",
    ),
    465: (
        "Oster lock turns its turbine again",
        "Engineer Mira Tolk started the turbine of Oster lock. The welded gate and the new cable held; divers looked "
        "at the crack once more, and the turbine hall is dry.",
    ),
}


def write_told_archive(folder: Path, days: int = DAYS) -> tuple[Path, Path]:
    """Write the archive's first `days` days; return the paths of its content folder and its settings file."""
    content, conf = folder / "content", folder / "conf.py"
    (content / "topics").mkdir(parents=True)
    for slug, (name, kind, aliases) in TOPICS.items():
        lines = "".join(f'  - "{alias}"\n' for alias in aliases)
        (content / "topics" / f"{slug}.md").write_text(f'---\nname: "{name}"\nkind: "{kind}"\naliases:\n{lines}---\n')
    conf.write_text(CONF)
    write_day_files(content, list(_days(days)))
    return content, conf


def build_told_site(folder: Path, siteurl: str = "", settings: str = "") -> Path:
    """Write and build the archive below a folder, with lines of settings of its own; return the site's folder."""
    content, conf = write_told_archive(folder)
    conf.write_text(CONF + settings)
    paths = BuildPaths(content=content, output=folder / "site", conf=conf, cache=folder / "cache", siteurl=siteurl)
    build_site(paths)
    return paths.output


def told_date(number: int) -> dt.date:
    """Return the date of a day by its number."""
    return FIRST_DAY + dt.timedelta(days=number - 1)


def told_path(number: int) -> str:
    """Return the address of a day by its number: ``2031/04/10/``."""
    return f"{told_date(number):%Y/%m/%d}/"


def _days(count: int) -> Iterator[Day]:
    rng = random.Random(1737)
    for number in range(1, count + 1):
        entries = _entries(number, rng)
        if number not in MISSING:
            yield _day(number, () if number == SILENT else entries)


def _day(number: int, entries: tuple[Entry, ...]) -> Day:
    date, anchors, kept = told_date(number), AnchorAllocator(()), []
    for entry in sort_day(Day(date=date, title="", zone="UTC", entries=entries)).entries:
        named = replace(entry, anchor=anchors.take(entry.time))
        kept.append(replace(named, ingested=entry_fingerprint(named)))
    used = {key for entry in kept for key in (*entry.sources, *(key for old in entry.revisions for key in old.sources))}
    sources = [source for source in (*_sources(number), *_sources(number + 1)) if source.key in used]
    first = next((source for source in sources if source.date == date), None)
    return Day(
        date=date,
        title=first.title if first else "",
        zone="UTC",
        sources=tuple(sources),
        collected=((0, 1440),) if number % 9 else ((360, 1260),),
        lede=" ".join(first.lede) if first else "",
        entries=tuple(kept),
    )


def _sources(number: int) -> list[DaySource]:
    """Return the captures of a day's three live blogs; the Courier's page was saved twice."""
    date = told_date(number)
    found = []
    for outlet, mark in zip(OUTLETS, "abc", strict=True):
        host = outlet.lower().replace(" ", "-")
        for capture, hour in enumerate((9, 22) if mark == "a" else (21,), start=1):
            found.append(
                DaySource(
                    key=f"{mark}{capture}{number:06}",
                    url=f"https://{host}.example/live/{date}",
                    title=f"{outlet} live: the river on {date:%-d %B}" if number % 4 == 0 else "",
                    outlet=outlet,
                    captured=f"{date}T{hour:02}:00:00Z",
                    date=date,
                    standfirst=f"What {outlet} saw along the river.",
                    lede=(f"{outlet} followed the water on day {number} from its own desk.",),
                )
            )
    return found


def _entries(number: int, rng: random.Random) -> tuple[Entry, ...]:
    def by(outlet: int, capture: int = 0) -> tuple[str, ...]:
        letter = "abc"[outlet]
        return (f"{letter}{capture or (2 if outlet == 0 else 1)}{number:06}",)

    def at(hour: int, minute: int, outlet: int, headline: str, body: str, **fields: object) -> Entry:
        lang = "de" if outlet == 1 and "lang" not in fields else ""
        named = {"lang": lang, **fields}
        return Entry(anchor="", time=dt.time(hour, minute), headline=headline, body=body, sources=by(outlet), **named)  # type: ignore[arg-type]

    entries = []
    for position in range(rng.randint(2, 5) + (6 if number % 97 == 0 else 0)):
        minute, outlet = rng.randint(0, 1439), position % 3
        if outlet == 1:
            place, n = rng.choice(("Hademsen", "Oster", "Weide")), rng.randint(60, 840)
            headline, body = (text.format(place=place, n=n) for text in rng.choice(_GERMAN))
        else:
            actor, place, (act, done) = rng.choice(_ACTORS), rng.choice(_PLACES), rng.choice(_ACTS)
            headline = f"{actor} {act} at {place}"
            body = f"{actor} {done}, at {place}, on day {number}.\n\n{rng.choice(_ENDS)}"
        key = outlet == 0 and number % 5 == 0 and position == 0
        entries.append(at(minute // 60, minute % 60, outlet, headline, body, key=key))
    if number in (12, 60, 130, 244, 390, 470, 481):
        text = f"The mill at Oster bought grain from three villages, report {number}. The price rose a little."
        entries.append(at(10, 5, 2, f"Grain reaches the mill, report {number}", text))
    if 425 <= number <= 455:
        text = f"Weide was without power for {number - 420} hours. Crews came from the coast to lay a new cable."
        entries.append(at(13, 40, 0, f"Weide waits for power, night {number - 424}", text))
    if number in _STORY:
        entries.append(at(15, 40, 0, *_STORY[number]))
    if number == BUSY - 1:
        key = f"a2{BUSY:06}"
        for minute in (10, 40):
            entry = at(20, minute, 0, f"Water rises behind the cathedral, {20}:{minute}", "Pumps started at dusk.")
            entries.append(replace(entry, sources=(key,)))
    if number == 485:
        entries += (at(9, 9 * n, 0, f"Ferry {n} is tied up", "It waits for lower water.") for n in (1, 2))
    if number == BUSY:
        entries += _busy_day(at, number)
    return tuple(entries)


def _busy_day(at, number: int) -> Iterator[Entry]:  # type: ignore[no-untyped-def]
    old = Wording(
        headline="Gauge at Weide: 817 centimetres", body="The gauge stood at 817.", sources=(f"a1{number:06}",)
    )
    gauge = at(4, 20, 0, "Gauge at Weide: 829 centimetres", "The gauge stood at 829 centimetres, and still rises.")
    yield replace(gauge, revisions=(old,))
    crest = "The second crest of the Lenne has passed Weide nine centimetres below the record of the year before"
    yield at(6, 52, 0, "Second crest passes Weide", f"{crest}, the River Board said at six.", key=True)
    yield at(6, 58, 1, "Second crest passes Weide bridge", f"{crest}, the River Board wrote.", lang="en")
    yield at(7, 5, 2, "Crest is past Weide", f"{crest}, the River Board told the radio.")
    words = "Minister Ada Brandes said that nobody had passed on the call of 03:10.\n\n“I will not guess,” she said."
    yield at(11, 20, 0, "Brandes: the call of 03:10 was not passed on", words, authors=("Ines Falk",), key=True)
    yield at(16, 5, 2, "مستوى النهر يهبط", "هبط مستوى النهر قليلا بعد الظهر.", lang="ar")
