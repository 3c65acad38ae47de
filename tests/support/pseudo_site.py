"""An archive whose content is in Georgian letters and whose interface is in words without an ASCII letter.

So every ASCII letter that a reader sees is text that neither the content nor the strings file gave. Months and
weekdays are Greek: CLDR has no language of invented words.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from builds import build_site
from catalogs import write_day_files
from msgspec.structs import replace
from paths import ROOT

from daybook.core.config import BuildPaths
from daybook.core.model import Day, DayCaption, DaySource, Entry, Wording

SITEURL = "https://record.example/kept"
LANGUAGE = "el"
ENGLISH = ROOT / "theme" / "strings" / "en.toml"
CONF = """\
SITENAME = "ნავსადგურის წელი"
FIRST_DAY = "2031-01-01"
TIMEZONE = "UTC"
PLACES = {"სუვა": "Pacific/Fiji", "ჰილო": "Pacific/Honolulu"}
REPOSITORY = "https://forge.example/keepers/record"
DEFAULT_LANG = "ka"
INTERFACE_LANG = "el"
LICENSE = ("ლიცენზია", "https://forge.example/licence")
AUTHORS = ["მეშუქურე"]
CONTACT = "https://forge.example/desk"
"""
TOPICS = {
    "mole": ("ნავმისადგომი", "place", ("ნავმისადგომი", "მოლი", "ბუნიკი")),
    "keeper": ("მეშუქურე", "person", ("მეშუქურე",)),
    "office": ("საგუშაგო", "organisation", ("საგუშაგო",)),
    "fog": ("ნისლი", "theme", ("ნისლი",)),
    "silence": ("სიჩუმე", "theme", ("სიჩუმე",)),  # in no entry
}
# A topic that only an entry names is called after its slug.
UNDECLARED = "0731"

_ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÂɃÇÐÉƑĜĤÍĴĶĹṂÑÓƤɊŔŠŤÚṼŴẊÝŽáƀçďéƒĝĥíĵķĺɱñóƥɋŕšťúṽŵẋýž",
)
_PLACEHOLDER = re.compile(r"(\{\w+\})")


def pseudo(text: str) -> str:
    """Return a text with an accent on each letter and in brackets; placeholders stay.

    >>> pseudo("{n} days")
    '⟦{n} ďáýš⟧'
    """
    parts = (part if part.startswith("{") else part.translate(_ACCENTED) for part in _PLACEHOLDER.split(text))
    return f"⟦{''.join(parts)}⟧"


def english_words() -> dict[str, str | dict[str, str]]:
    """Return the texts and plural forms of the English interface by key."""

    def walk(table: dict[str, object], prefix: str) -> Iterator[tuple[str, str | dict[str, str]]]:
        for name, value in table.items():
            if isinstance(value, str) or (isinstance(value, dict) and "other" in value):
                yield prefix + name, value
            elif isinstance(value, dict):
                yield from walk(value, f"{prefix}{name}.")

    return dict(walk(tomllib.loads(ENGLISH.read_text()), ""))


def write_pseudo_words(folder: Path) -> None:
    """Write the strings file of the invented language."""
    lines = []
    for key, word in english_words().items():
        forms = {f"{key}.{form}": text for form, text in word.items()} if isinstance(word, dict) else {key: word}
        lines += [f"{name} = '''{pseudo(text)}'''" for name, text in forms.items()]
    folder.mkdir(parents=True)
    (folder / f"{LANGUAGE}.toml").write_text("\n".join([*lines, ""]))


def days() -> list[Day]:
    """Return days with everything that a page can show."""

    def source(key: str, date: str, **fields: object) -> DaySource:
        return DaySource(key=key, date=dt.date.fromisoformat(date), **fields)  # type: ignore[arg-type]

    def entry(anchor: str, time: str = "", **fields: object) -> Entry:
        return Entry(anchor=anchor, time=dt.time.fromisoformat(time) if time else None, **fields)  # type: ignore[arg-type]

    long_text = "საგუშაგომ თქვა, რომ ჩრდილოეთის შუქურა მთელი საათის განმავლობაში ჩამქრალი იყო და ზარი არავის დაურეკავს."
    many = tuple(entry(f"n{number}", body=f"მოლი {number}.", sources=("s1",)) for number in range(1, 61))
    pages = tuple(
        source(f"s{number}", "2031-01-10", title=f"გვერდი {number}" if number > 1 else "", printed_day=10)
        for number in range(1, 303)
    )
    eighth = (source("s1", "2031-04-08", title="ნავსადგური"), source("s2", "2031-04-09", title="ნავსადგური, ღამე"))
    live = {"title": "ნავსადგური", "outlet": "ტივტივა", "url": "https://buoy.example/live"}
    ninth = (
        source("s1", "2031-04-09", captured="2031-04-09T09:00:00Z", standfirst="ნისლი.", sha256="0" * 64, **live),
        source("s2", "2031-04-09", captured="2031-04-09T13:30:00Z", printed_day=7, **live),
        source("s3", "2031-04-09", captured="2031-04-09T14:30:00Z", outlet="კოშკი"),
    )
    names = "Ελένη Λάμψη, Μαρία Νησί და Νίκος Βράχος"  # they make the last two entries of 8 April chapters of a story
    old = Wording(headline="ზარი", body="ზარი რეკავს.", sources=("s1",))
    older = Wording(headline="ზარი", body="ზარი.")
    entries = (
        entry(
            "t0610",
            "06:10",
            headline="ზარი რეკავს",
            body="ზარი დარეკეს.",
            sources=("s2",),
            key=True,
            story="2030-04-09#t0610",
            authors=("ადა",),
            revisions=(older, old),
            updated="2031-04-09T10:15:00Z",
        ),
        entry(
            "t0900",
            "09:00",
            headline="منارة",
            body="كان الضباب كثيفا.",
            lang="ar",
            sources=("s1",),
            missing_from=("s2",),
        ),
        entry(
            "t1330",
            "13:30",
            body=long_text,
            sources=("s2",),
            story="none",
            topics=(f"+{UNDECLARED}",),
            perhaps="2031-04-09#t0900",
        ),
        entry(
            "t1400",
            "14:00",
            headline="ნავი",
            body=long_text,
            sources=("s3",),
            story="new",
            conflicts=(Wording(body="ნავი არ არის.", sources=("s2",)),),
        ),
        entry("t1500", "15:00", withdrawn="შეცდომით გამოქვეყნდა"),
        entry("t1600", "16:00", moved="2031-04-08#t2240"),
        entry("t1700", "17:00", headline="ისევ", body=long_text, sources=("s1",)),
        entry("n1", headline="შენიშვნა", body="ზეთი ცოტაა.", story="2031-04-08#t2250"),
    )
    return [
        Day(
            date=dt.date(2030, 4, 9),
            title="",
            sources=(source("s1", "2030-04-09", title="ძველი", printed_day=3),),
            entries=(entry("t0610", "06:10", headline="მოლი", body="მეშუქურე მოლზეა.", sources=("s1",)),),
        ),
        Day(date=dt.date(2031, 1, 10), title="ბევრი", sources=pages, entries=many),
        Day(date=dt.date(2031, 2, 3), title="არაფერი", collected=((0, 720),)),
        Day(
            date=dt.date(2031, 4, 8),
            title="ღამე",
            sources=eighth,
            collected=((0, 360), (480, 1440)),
            entries=(
                entry(
                    "t2240",
                    "22:40",
                    headline="შუქი",
                    body="მოლი განათდა.",
                    sources=("s2",),
                    story="2030-04-09#t0610",
                ),
                entry("t2250", "22:50", headline="Ελένη", body=f"მცველებმა {names} ნახეს ხიდთან ნავები."),
                entry("t2255", "22:55", headline="Λάμψη", body=f"დილით {names} დაბრუნდნენ სახლში, ზღვა მშვიდია."),
                entry("t2258", "22:58", headline="Λάμψη", body=f"დილით {names} დაბრუნდნენ სახლში, ზღვა მშვიდია."),
            ),
        ),
        Day(
            date=dt.date(2031, 4, 9),
            title="ნისლი",
            lede="ნისლი იდგა.",
            sources=ninth,
            collected=((0, 810),),
            captions=(DayCaption(text="ბორანი", credit="კანტორა"),),
            entries=entries,
        ),
    ]


def short_days(first: str) -> list[Day]:
    """Return two neighbouring days; unless `first` is "", also that date, with many topics, and more of both years.

    In the year of `first`, that date is the busiest of more days than a list names.
    """
    dates = [dt.date(2031, 4, 8), dt.date(2031, 4, 9)]
    if first:
        dates += [dt.date.fromisoformat(first) + dt.timedelta(days=number) for number in range(11)]
        dates += [dt.date(2031, 2, number) for number in range(1, 10)]
    entry = Entry(anchor="n1", headline="მოლი", body="მოლი.")
    with_topics = replace(entry, topics=tuple(f"+{slug:04}" for slug in range(1, 32)))  # enough for an index by letter
    busy = (with_topics, replace(entry, anchor="n2"))
    return [Day(date=date, title="დღე", entries=busy if f"{date}" == first else (entry,)) for date in sorted(dates)]


def build_pseudo_site(folder: Path, *, empty: bool = False, content_days: list[Day] | None = None) -> Path:
    """Build the archive below a folder, or one of other days or without content, and return the site's folder."""
    write_pseudo_words(folder / "theme" / "strings")
    (folder / "conf.py").write_text(CONF)
    content = folder / "content"
    if not empty:
        write_day_files(content, days() if content_days is None else content_days)
        if content_days is None:
            (content / "stories.toml").write_text('[[story]]\nfirst = "2031-04-08#t2250"\ntitle = "ზარი"\n')
        if content_days:
            (content / "turning_points.toml").write_text('[[point]]\ndate = 2031-04-08\ntext = "ნაპირი"\n')
        (content / "topics").mkdir()
        for slug, (name, kind, aliases) in TOPICS.items():
            lines = ["---", f'name: "{name}"', f"kind: {kind}", "aliases:", *(f'  - "{alias}"' for alias in aliases)]
            lines += ["former:", f"  - old-{slug}"] if slug == "mole" else []
            (content / "topics" / f"{slug}.md").write_text("\n".join([*lines, "---", "", f"{name}.", ""]))
    paths = BuildPaths(
        content=content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache", siteurl=SITEURL
    )
    warnings = build_site(paths)
    assert all("no entry has the topic" in line for line in warnings), warnings
    return paths.output
